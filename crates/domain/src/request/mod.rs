//! What a person asks for, how far it has come, and why it may be refused.

mod refusal;
mod stage;

use serde::{Deserialize, Serialize};

use crate::{Lang, Words};

pub use refusal::RefusalCode;
pub use stage::{DecidedBy, Event, Impossible, Stage, StageName, Waiting};

/// The rights served so far. The self-service view and copy need no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestKind {
    /// PIPL art. 47.
    Delete,
    /// PIPL art. 46.
    Correct,
}

impl RequestKind {
    pub const ALL: [Self; 2] = [Self::Delete, Self::Correct];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Correct => "CORRECT",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    pub fn words(self) -> Words {
        match self {
            Self::Delete => Words::new("删除个人信息", "Deletion"),
            Self::Correct => Words::new("更正个人信息", "Correction"),
        }
    }

    pub fn statute(self) -> Words {
        match self {
            Self::Delete => Words::new("《个人信息保护法》第四十七条", "PIPL art. 47"),
            Self::Correct => Words::new("《个人信息保护法》第四十六条", "PIPL art. 46"),
        }
    }

    pub fn name(self, lang: Lang) -> String {
        self.words().in_lang(lang).to_owned()
    }
}

//! What two officers decide, never one alone: what cannot be taken back, what leaves the company, and who is hardest to
//! tell from somebody else (risk tier T3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RequestKind;
use crate::Words;

/// What the map has two officers decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ForTwo {
    /// Closing an account erases as much.
    Delete,
    Correct,
    Copy,
    Transfer,
    /// What of these somebody asks who has no account, and a correction of an identity number or of what a person is
    /// found by.
    T3,
}

/// How hard it is to tell whoever asks from somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    Usual,
    T3,
}

impl ForTwo {
    /// Unless the map says otherwise.
    pub const USUAL: [Self; 4] = [Self::Delete, Self::Copy, Self::Transfer, Self::T3];

    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Delete => ("删除和注销", "deletions and closing accounts"),
            Self::Correct => ("更正", "corrections"),
            Self::Copy => ("复制", "copies"),
            Self::Transfer => ("转移", "transfers"),
            Self::T3 => (
                "没有账号的人的申请，以及对身份信息的更正",
                "what somebody without an account asks, and corrections of what tells who somebody is",
            ),
        };
        Words::new(zh, en)
    }

    /// Whatever tier it is of.
    pub const fn is_of(self, kind: RequestKind) -> bool {
        match self {
            Self::Delete => kind.erases_all(),
            Self::Correct => matches!(kind, RequestKind::Correct),
            Self::Copy => matches!(kind, RequestKind::Copy),
            Self::Transfer => matches!(kind, RequestKind::Transfer),
            Self::T3 => false,
        }
    }

    /// Two officers can decide it: it is approved along a plan, or hands something out.
    pub fn can_be(kind: RequestKind) -> bool {
        [Self::Delete, Self::Correct, Self::Copy, Self::Transfer].into_iter().any(|two| two.is_of(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_taken_back_or_leaves_the_company_is_for_two_unless_the_map_says_otherwise() {
        let usual = |kind: RequestKind| ForTwo::USUAL.iter().any(|two| two.is_of(kind));
        let two: Vec<&str> =
            RequestKind::ALL.into_iter().filter(|kind| usual(*kind)).map(RequestKind::as_str).collect();
        assert_eq!(two, ["COPY", "DELETE", "CANCEL_ACCOUNT", "TRANSFER"]);
        assert!(ForTwo::can_be(RequestKind::Correct) && !usual(RequestKind::Correct), "by its tier only");
        assert!(!ForTwo::can_be(RequestKind::Complaint));
    }
}

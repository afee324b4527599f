//! What somebody agrees to: a purpose, and apart from it what the law wants agreed to on its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Words,
    map::{
        DataMap, Sensitivity,
        written::{Basis, Recipient, RecipientAs},
    },
    request::{Capacity, Channel, Requester},
};

/// What one word of consent covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// The purpose as such (PIPL art. 13 (1)).
    #[default]
    Purpose,
    /// Sensitive information for it (art. 29).
    Sensitive,
    /// Giving it to another handler (art. 23).
    Provision,
    /// Giving it abroad (art. 39).
    Abroad,
}

impl Cover {
    pub const ALL: [Self; 4] = all![Purpose, Sensitive, Provision, Abroad];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Sensitive => "sensitive",
            Self::Provision => "provision",
            Self::Abroad => "abroad",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub(crate) fn is_purpose(&self) -> bool {
        *self == Self::Purpose
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cover| cover.as_str() == text)
    }

    /// As the law calls it: what was agreed to is what these words say.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Purpose => ("这个目的", "This purpose"),
            Self::Sensitive => {
                ("处理敏感个人信息（第二十九条）", "Processing of sensitive personal information (art. 29)")
            }
            Self::Provision => ("提供给其他个人信息处理者（第二十三条）", "Giving it to another handler (art. 23)"),
            Self::Abroad => ("向境外提供（第三十九条）", "Giving it abroad (art. 39)"),
        };
        Words::new(zh, en)
    }

    /// What the law's words mean, for who reads them for the first time.
    pub fn plainly(self) -> Option<Words> {
        let (zh, en) = match self {
            Self::Purpose => return None,
            Self::Sensitive => (
                "这类信息一旦泄露，容易使您受到伤害或者损失。处理包括收集、保存、使用、提供等。",
                "If such information leaks, you may easily be harmed. Processing is to collect it, keep it, use it, pass it on and the like.",
            ),
            Self::Provision => (
                "对方可以是公司、机构或者个人，收到后自行决定怎样处理。",
                "A company, an institution or a person, who decides for themselves what to do with it.",
            ),
            Self::Abroad => {
                ("收到您信息的一方在中国内地以外。", "Whoever receives your information is outside mainland China.")
            }
        };
        Some(Words::new(zh, en))
    }
}

/// Where it was said, or by whom for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Here, on the person's own page.
    Portal,
    /// In a program of the company's, which answers for it.
    Program,
    /// By somebody whose evidence was checked, and agreed to by an officer.
    ForThem(Capacity),
    /// To staff, who wrote it down.
    ToStaff(Channel),
}

impl How {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Program => "program",
            Self::ForThem(capacity) => capacity.as_str(),
            Self::ToStaff(channel) => channel.as_str(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let here = [Self::Portal, Self::Program].into_iter().find(|how| how.as_str() == text);
        let for_them = || Capacity::parse(text).map(Self::ForThem);
        here.or_else(for_them).or_else(|| Channel::parse(text).map(Self::ToStaff))
    }

    /// Where somebody else asked it; nothing where it was the person.
    pub const fn for_another(requester: Requester) -> Option<Self> {
        match requester {
            Requester::Subject => None,
            Requester::Representative { capacity, .. } => Some(Self::ForThem(capacity)),
            Requester::Staff { channel, .. } => Some(Self::ToStaff(channel)),
        }
    }
}

/// One of those to whom something is given, as far as it is agreed to on its own. The same recipient in another country
/// is another thing to agree to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// To another handler (PIPL art. 23).
    To { recipient: String },
    /// Abroad (art. 39).
    Abroad { recipient: String, country: String },
}

impl Given {
    fn recipient(&self) -> &str {
        match self {
            Self::To { recipient } | Self::Abroad { recipient, .. } => recipient,
        }
    }

    /// By which word it is agreed to or refused.
    pub const fn cover(&self) -> Cover {
        match self {
            Self::To { .. } => Cover::Provision,
            Self::Abroad { .. } => Cover::Abroad,
        }
    }
}

impl DataMap {
    /// To whom what is processed for a purpose is given, as far as each is agreed to on its own.
    pub fn given(&self, purpose: &str) -> Vec<Given> {
        let to = self.recipients.iter().filter(|(_, to)| to.purposes.iter().any(|of| of == purpose));
        to.flat_map(|(id, to)| {
            let handler = (to.role == RecipientAs::Handler).then(|| Given::To { recipient: id.clone() });
            let abroad =
                to.is_abroad().then(|| Given::Abroad { recipient: id.clone(), country: to.country().to_owned() });
            [handler, abroad].into_iter().flatten()
        })
        .collect()
    }

    /// What somebody is asked to agree to on its own, here or elsewhere. On another ground than consent sensitive
    /// information needs none (PIPL art. 13 para. 2); to whom it is given the policy promises to ask all the same.
    pub fn asked_on_its_own(&self, purpose: &str) -> Vec<Cover> {
        let here = self.rests_on_consent(purpose);
        let mut covers = self.separate_consents(purpose);
        covers.retain(|cover| here || *cover != Cover::Sensitive);
        covers
    }

    pub fn rests_on_consent(&self, purpose: &str) -> bool {
        self.purposes.get(purpose).is_some_and(|purpose| purpose.basis == Basis::Consent)
    }

    /// To whom what one word covers is given.
    pub fn given_by(&self, purpose: &str, cover: Cover) -> Vec<&Recipient> {
        let given = self.given(purpose).into_iter().filter(|given| given.cover() == cover);
        given.filter_map(|given| self.recipients.get(given.recipient())).collect()
    }

    /// What must be agreed to on its own for a purpose, besides the purpose.
    pub fn separate_consents(&self, purpose: &str) -> Vec<Cover> {
        let sensitive = self
            .tables
            .iter()
            .filter(|table| table.purposes.iter().any(|of| of == purpose))
            .any(|table| table.fields.iter().any(|field| field.sensitivity == Sensitivity::Sensitive));
        let to = || self.recipients.values().filter(|to| to.purposes.iter().any(|of| of == purpose));
        let provision = to().any(|to| to.role == RecipientAs::Handler);
        let abroad = to().any(Recipient::is_abroad);
        [(sensitive, Cover::Sensitive), (provision, Cover::Provision), (abroad, Cover::Abroad)]
            .into_iter()
            .filter_map(|(needed, cover)| needed.then_some(cover))
            .collect()
    }
}

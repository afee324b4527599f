//! What a person may ask for (PIPL art. 15, 24, 44–48; E-Commerce Law art. 24), and how it is carried out. Seeing
//! and copying one's own data needs no request: it is served at once. Somebody else's does.

use serde::{Deserialize, Serialize};

use crate::{Lang, Words};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestKind {
    /// PIPL art. 45, for whoever cannot simply sign in: a representative, or somebody who wrote.
    Copy,
    /// PIPL art. 47.
    Delete,
    /// E-Commerce Law art. 24, Order 790 art. 23 and 24.
    CancelAccount,
    /// PIPL art. 15.
    Withdraw,
    /// PIPL art. 46.
    Correct,
    /// PIPL art. 46: what is missing.
    Complete,
    /// PIPL art. 45 para. 3, Order 790 art. 25.
    Transfer,
    /// PIPL art. 44: to another handler or use, not at all.
    Restrict,
    Object,
    /// One's own restriction or objection is taken back.
    Lift,
    /// PIPL art. 48.
    ExplainRules,
    /// PIPL art. 24: why a program decided so.
    ExplainDecision,
    /// PIPL art. 24 para. 3: not by a program alone.
    RefuseDecision,
    /// PIPL art. 50 and 65, Order 790 art. 20.
    Complaint,
}

/// How a request of a kind is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// By the executor, along a frozen plan of rows.
    Erasure,
    /// By the executor where a program reaches what rests on the consent, which goes or is stopped (PIPL art. 15, 47);
    /// otherwise by a person.
    Withdrawal,
    /// By the executor, value by value.
    Correction,
    /// By the executor where the map says where the company's programs look (PIPL art. 44); otherwise by a person.
    Restriction,
    /// By a person, who answers in words.
    Answer,
}

/// What an answer hands out, besides words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedOut {
    /// To whoever asked for somebody else, once.
    Copy,
    /// To another handler, by addresses the person makes.
    Transfer,
}

impl RequestKind {
    pub const ALL: [Self; 14] = all![
        Copy,
        Delete,
        CancelAccount,
        Withdraw,
        Correct,
        Complete,
        Transfer,
        Restrict,
        Object,
        Lift,
        ExplainRules,
        ExplainDecision,
        RefuseDecision,
        Complaint
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Copy => "COPY",
            Self::Delete => "DELETE",
            Self::CancelAccount => "CANCEL_ACCOUNT",
            Self::Withdraw => "WITHDRAW",
            Self::Correct => "CORRECT",
            Self::Complete => "COMPLETE",
            Self::Transfer => "TRANSFER",
            Self::Restrict => "RESTRICT",
            Self::Object => "OBJECT",
            Self::Lift => "LIFT",
            Self::ExplainRules => "EXPLAIN_RULES",
            Self::ExplainDecision => "EXPLAIN_DECISION",
            Self::RefuseDecision => "REFUSE_DECISION",
            Self::Complaint => "COMPLAINT",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// As it stands in an address: `explain-rules`.
    pub fn slug(self) -> String {
        self.as_str().to_ascii_lowercase().replace('_', "-")
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    pub const fn handling(self) -> Handling {
        match self {
            Self::Delete | Self::CancelAccount => Handling::Erasure,
            Self::Withdraw => Handling::Withdrawal,
            Self::Correct => Handling::Correction,
            Self::Restrict | Self::Object | Self::Lift => Handling::Restriction,
            Self::Copy
            | Self::Complete
            | Self::Transfer
            | Self::ExplainRules
            | Self::ExplainDecision
            | Self::RefuseDecision
            | Self::Complaint => Handling::Answer,
        }
    }

    /// `None` where the answer is all there is to it.
    pub const fn hands_out(self) -> Option<HandedOut> {
        match self {
            Self::Copy => Some(HandedOut::Copy),
            Self::Transfer => Some(HandedOut::Transfer),
            Self::Delete
            | Self::CancelAccount
            | Self::Withdraw
            | Self::Correct
            | Self::Complete
            | Self::Restrict
            | Self::Object
            | Self::Lift
            | Self::ExplainRules
            | Self::ExplainDecision
            | Self::RefuseDecision
            | Self::Complaint => None,
        }
    }

    /// Everything of the person's goes, so that they can no longer be found, unless they chose a part of it.
    pub const fn erases_all(self) -> bool {
        matches!(self.handling(), Handling::Erasure)
    }

    /// Rows may go by it: as a whole, or what rested on a consent.
    pub const fn erases(self) -> bool {
        match self.handling() {
            Handling::Erasure | Handling::Withdrawal => true,
            Handling::Correction | Handling::Restriction | Handling::Answer => false,
        }
    }

    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Copy => ("查阅、复制个人信息", "Access and copy"),
            Self::Delete => ("删除个人信息", "Deletion"),
            Self::CancelAccount => ("注销账号", "Account cancellation"),
            Self::Withdraw => ("撤回同意", "Withdrawal of consent"),
            Self::Correct => ("更正个人信息", "Correction"),
            Self::Complete => ("补充个人信息", "Completion"),
            Self::Transfer => ("转移个人信息", "Transfer"),
            Self::Restrict => ("限制处理", "Restriction"),
            Self::Object => ("拒绝处理", "Objection"),
            Self::Lift => ("解除限制", "Lifting a restriction"),
            Self::ExplainRules => ("解释处理规则", "Explanation of the rules"),
            Self::ExplainDecision => ("说明自动化决策", "Explanation of an automated decision"),
            Self::RefuseDecision => ("拒绝自动化决策", "Review of an automated decision"),
            Self::Complaint => ("投诉、举报", "Complaint"),
        };
        Words::new(zh, en)
    }

    pub fn statute(self) -> Words {
        let (zh, en) = match self {
            Self::Copy => ("《个人信息保护法》第四十五条", "PIPL art. 45"),
            Self::Delete => ("《个人信息保护法》第四十七条", "PIPL art. 47"),
            Self::CancelAccount => ("《电子商务法》第二十四条", "E-Commerce Law art. 24"),
            Self::Withdraw => ("《个人信息保护法》第十五条", "PIPL art. 15"),
            Self::Correct | Self::Complete => ("《个人信息保护法》第四十六条", "PIPL art. 46"),
            Self::Transfer => ("《个人信息保护法》第四十五条第三款", "PIPL art. 45 para. 3"),
            Self::Restrict | Self::Object | Self::Lift => ("《个人信息保护法》第四十四条", "PIPL art. 44"),
            Self::ExplainRules => ("《个人信息保护法》第四十八条", "PIPL art. 48"),
            Self::ExplainDecision | Self::RefuseDecision => ("《个人信息保护法》第二十四条", "PIPL art. 24"),
            Self::Complaint => ("《网络数据安全管理条例》第二十条", "Order 790 art. 20"),
        };
        Words::new(zh, en)
    }

    pub fn name(self, lang: Lang) -> String {
        self.words().in_lang(lang).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_lead_back() {
        for kind in RequestKind::ALL {
            assert_eq!(RequestKind::parse(kind.as_str()), Some(kind));
            assert_eq!(RequestKind::from_slug(&kind.slug()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}

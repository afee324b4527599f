//! Looks at somebody's data (PIPL art. 51, 54; GB/T 35273 §7.1, §7.2): staff see it masked, and one value at a time in full
//! where they say why. The person reads who looked, at what, and why.

use serde::{Deserialize, Serialize};

use crate::{
    IdentifierKind, Personal, Words,
    actor::StaffRole,
    json,
    map::{Column, Kind, SourceName, TableName},
    request::Side,
};

/// A reason that needs no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Masked, two people look the same.
    TellApart,
    CheckCorrection,
    CompareEvidence,
    ReachPerson,
}

impl Reason {
    pub const ALL: [Self; 4] = all![TellApart, CheckCorrection, CompareEvidence, ReachPerson];

    pub fn as_str(self) -> String {
        json::name(&self)
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == code)
    }

    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::TellApart => ("遮挡以后分不清是谁的", "Masked, it cannot be told whose it is"),
            Self::CheckCorrection => ("核对要更正的内容", "To check what is to be corrected"),
            Self::CompareEvidence => ("与提交的材料核对", "To compare it with what was handed in"),
            Self::ReachPerson => ("联系本人", "To reach the person"),
        };
        Words::new(zh, en)
    }
}

/// Why one value is shown in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    Ready(Reason),
    /// In words, which the person reads.
    Another(Personal),
}

impl Why {
    /// How a form and the audit log call a reason in words.
    pub const ANOTHER: &'static str = "another";

    /// `None` for no reason; or for another without words.
    pub fn parse(code: &str, words: &str) -> Option<Self> {
        let words = words.trim();
        if code == Self::ANOTHER {
            return (!words.is_empty()).then(|| Self::Another(Personal::new(words)));
        }
        Reason::parse(code).map(Self::Ready)
    }

    /// All that the audit log has of it.
    pub fn code(&self) -> String {
        match self {
            Self::Ready(reason) => reason.as_str(),
            Self::Another(_) => Self::ANOTHER.to_owned(),
        }
    }

    pub const fn words(&self) -> Option<&Personal> {
        match self {
            Self::Ready(_) => None,
            Self::Another(words) => Some(words),
        }
    }
}

/// The value that is to be shown, as a form names it: by tokens, so that neither a key nor a value stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// One value of one record.
    Record { token: String, column: Column },
    /// One value that is corrected, before and after.
    Change { token: String },
    /// By what one of two people is reached, or what they are called.
    Person { token: String },
}

impl Spot {
    pub fn parse(text: &str) -> Option<Self> {
        let (what, rest) = text.split_once(':')?;
        let token = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match what {
            "record" => {
                let (of, column) = rest.split_once(':')?;
                Some(Self::Record { token: token(of)?, column: Column(token(column)?) })
            }
            "change" => Some(Self::Change { token: token(rest)? }),
            "person" => Some(Self::Person { token: token(rest)? }),
            _ => None,
        }
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record { token, column } => write!(f, "record:{token}:{column}"),
            Self::Change { token } => write!(f, "change:{token}"),
            Self::Person { token } => write!(f, "person:{token}"),
        }
    }
}

/// What was seen in full, without saying what stood there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Shown {
    Value {
        table: TableName,
        column: Column,
    },
    /// Before and after.
    Change {
        table: TableName,
        column: Column,
    },
    /// By what somebody is reached.
    Contact {
        of: Side,
        by: IdentifierKind,
    },
    Name {
        of: Side,
    },
    /// By what a recipient finds what it got.
    FoundBy {
        what: Kind,
    },
}

impl Shown {
    /// Whose it is, where two sides are told apart.
    pub const fn of(&self) -> Side {
        match self {
            Self::Contact { of, .. } | Self::Name { of } => *of,
            Self::Value { .. } | Self::Change { .. } | Self::FoundBy { .. } => Side::Subject,
        }
    }
}

/// What an entry of the audit log says of a look besides who and when. Entries from before this was written say less.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LookDetail {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who looked by a link of its own, or whom an officer was about to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Whose owner looked by a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceName>,
}

/// Who looked. Of the staff it is said what they are there for, and not their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looker {
    Staff(Option<StaffRole>),
    /// A program of the company's, by its name.
    Program(Option<String>),
    /// By the name in the map.
    Recipient(String),
    /// Whoever answers for a system that only people can reach.
    Owner(SourceName),
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The request, with everything masked.
    Masked,
    /// In full; nothing is named where that was not written down.
    InFull(Vec<Shown>),
    /// A file of the request.
    File,
    /// What is locked away.
    Unlocked,
    /// Their requests were looked for, by what they are known by in the company's databases.
    Searched,
    /// All their records in full, for them.
    Records,
}

/// Why, as the person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// It is what the work takes.
    Work,
    Ready(Reason),
    /// In words; they are forgotten with the request.
    Words(Option<Personal>),
    /// An officer was about to tell this recipient.
    ToTell(String),
}

impl Because {
    pub fn of(detail: &LookDetail, words: Option<Personal>) -> Self {
        match (detail.reason.as_deref(), &detail.recipient) {
            (Some(Why::ANOTHER), _) => Self::Words(words),
            (Some(code), _) => Reason::parse(code).map_or(Self::Work, Self::Ready),
            (None, Some(recipient)) => Self::ToTell(recipient.clone()),
            (None, None) => Self::Work,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_for_a_reason_and_for_no_other() {
        for reason in Reason::ALL {
            assert_eq!(Why::parse(&reason.as_str(), "kept out"), Some(Why::Ready(reason)));
        }
        assert_eq!(Why::parse("another", "A court asks"), Some(Why::Another(Personal::new("A court asks"))));
        for (code, words) in [("", ""), ("another", " "), ("because", "I want to"), ("", "words alone")] {
            assert_eq!(Why::parse(code, words), None, "{code}");
        }
    }

    #[test]
    fn the_audit_log_has_the_code_of_a_reason_and_not_its_words() {
        let why = Why::Another(Personal::new("Li Na called"));
        let detail = LookDetail {
            shown: vec![Shown::Value {
                table: TableName::parse("shop.waybills").unwrap(),
                column: Column("name".into()),
            }],
            reason: Some(why.code()),
            ..LookDetail::default()
        };
        let written = serde_json::to_value(&detail).unwrap();
        assert_eq!(
            written,
            serde_json::json!({ "reason": "another", "shown": [{ "kind": "value", "table": "shop.waybills", "column": "name" }] })
        );
        assert_eq!(serde_json::from_value::<LookDetail>(written).unwrap(), detail);
        assert_eq!(Because::of(&detail, why.words().cloned()), Because::Words(Some(Personal::new("Li Na called"))));
    }

    #[test]
    fn an_entry_from_before_says_less() {
        let old = serde_json::from_value(serde_json::json!({ "by": "x", "records": 6 })).unwrap();
        assert_eq!(Because::of(&old, None), Because::Work);
        assert!(old.shown.is_empty());
    }

    #[test]
    fn what_is_to_be_shown_is_named_by_tokens() {
        for text in ["record:ab12:name", "change:ab12", "person:ab12"] {
            assert_eq!(Spot::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "record:ab12", "record::name", "change:", "all:1"] {
            assert_eq!(Spot::parse(text), None, "{text}");
        }
    }
}

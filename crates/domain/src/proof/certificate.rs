//! The certificate of an erasure.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Signed, Wrong, bytes, digest, merkle};
use crate::{Words, breaker::Why, plan::Outcome, request::Gone};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// A person's request.
    #[default]
    Erasure,
    /// A night.
    Night,
}

/// What the handler certifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub number: String,
    #[serde(default)]
    pub of: Of,
    pub handler: Words,
    /// The day the request was received; for a night, the day its periods were measured against.
    pub received_on: Date,
    pub completed_at: Timestamp,
    /// The version of the data map and so of the policy (SHA-256).
    pub map: String,
    /// The plan that was approved, or a night's (SHA-256).
    pub plan: String,
    pub items: Vec<Certified>,
    /// Of an erasure: records in which nothing was the person's alone, and that lead to them no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlinked: Vec<Left>,
    /// Of an erasure: records that were found not to be the person's. By kind and number only: anybody may read it, and the
    /// day of somebody else's parcel may tell whose it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<Left>,
    /// Those were all that the plan held when they were left out. Not known of what was certified before this was kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out_all: bool,
    /// Of an erasure that found nothing any more: what had taken it before. The number of another request of the same
    /// person says nothing about them, and its certificate is where the erasure itself can be checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Gone>,
    /// Of a night: what was past its period and did not go, because it was too much to go unseen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stopped: Vec<Stopped>,
    /// A second look at the databases found nothing left of what should be gone.
    pub verified: bool,
    /// How long the longest transaction was open, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_step_ms: Option<u64>,
}

/// One kind of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified {
    pub what: Words,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub planned: u64,
    pub done: u64,
    /// What the second look found.
    pub left: u64,
}

/// So many records of one kind, left as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub what: Words,
    pub rows: u64,
}

/// Rows of one kind of record that wait for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    pub what: Words,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub rows: u64,
    /// By which limits of that night, since this is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
}

/// How far the audit log had come, and its Merkle root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub size: u64,
    pub root: String,
    pub at: Timestamp,
}

/// An entry of the audit log as it was hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The entry's JSON.
    pub body: String,
    /// The hash of the entry before.
    pub previous: String,
}

/// The file a person keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The body is a [`Certificate`].
    pub certificate: Signed,
    pub entry: Entered,
    /// The entry's place in the log, from zero.
    pub index: u64,
    /// From the entry to the root.
    pub path: Vec<String>,
    /// The body is a [`Head`].
    pub head: Signed,
}

impl Document {
    /// # Errors
    /// A text that is no such document.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        serde_json::from_str(text).map_err(|_| Wrong::NotADocument)
    }

    /// What is certified, when all of it holds.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, key: &str) -> Result<Certificate, Wrong> {
        self.holds(key)?;
        serde_json::from_str(&self.certificate.body).map_err(|_| Wrong::NotADocument)
    }

    /// Whether all of it holds: signed by `key`, entered in the audit log, and the log's head signed by `key` too.
    /// Reads no more of what is certified than it must: this is what a browser is sent.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn holds(&self, key: &str) -> Result<(), Wrong> {
        self.certificate.check(key)?;
        self.head.check(key)?;
        let json = |text: &str| serde_json::from_str::<Value>(text).map_err(|_| Wrong::NotADocument);
        let (head, entry) = (json(&self.head.body)?, json(&self.entry.body)?);
        let size = head.get("size").and_then(Value::as_u64).ok_or(Wrong::NotADocument)?;
        let root = head.get("root").and_then(Value::as_str).ok_or(Wrong::NotADocument)?;
        let named = entry.pointer("/detail/certificate").and_then(Value::as_str);
        if named != Some(digest(&self.certificate.body).as_str()) {
            return Err(Wrong::OtherEntry);
        }
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(bytes::<32>(&self.entry.previous)?);
        hasher.update(self.entry.body.as_bytes());
        let path: Vec<merkle::Hash> = self.path.iter().map(|hash| bytes(hash)).collect::<Result<_, _>>()?;
        if merkle::is_in(&hasher.finalize().into(), self.index, size, &path, &bytes(root)?) {
            Ok(())
        } else {
            Err(Wrong::NotInLog)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One that was signed before a field was added says what it said, and nothing more.
    #[test]
    fn what_was_certified_before_is_read_and_written_as_it_was() {
        let before = r#"{"number":"QD-20261123-7K3MQ","of":"erasure","handler":{"zh-CN":"a","en":"b"},"received_on":"2026-11-23","completed_at":"2026-11-24T00:00:00Z","map":"m","plan":"p","items":[],"verified":true}"#;
        let read: Certificate = serde_json::from_str(before).unwrap();
        assert!(read.unlinked.is_empty() && read.left_out.is_empty() && read.gone.is_none());
        assert_eq!(serde_json::to_string(&read).unwrap(), before);
    }

    proptest! {
        /// Whatever somebody hands in, the answer is a word and not a fall.
        #[test]
        fn any_text_is_answered(text in any::<String>(), key in "[0-9a-f]{0,70}") {
            if let Ok(document) = Document::parse(&text) {
                let _ = document.check(&key);
            }
        }
    }
}

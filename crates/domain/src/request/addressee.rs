//! Whom a message about a request is to.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// Whose request it is, or who asks for them.
    Person,
    /// Somebody their data had been given to.
    Recipient,
    /// Whoever looks after a system that no program reaches.
    Owner,
}

impl Addressee {
    /// Of an event that says that a message to them could not be delivered.
    pub fn of(data: &serde_json::Value) -> Option<Self> {
        serde_json::from_value(data.get("to")?.clone()).ok()
    }
}

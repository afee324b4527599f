use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Words, period::Period};

/// How an account is cancelled (E-Commerce Law art. 24, Order 790 art. 23): as easily as it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The role that is an account, as `source.table.role`: who has no row in it has none to close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// How long a person may still take it back before anything is erased. It is part of the 15 working days.
    #[serde(default = "Account::usual")]
    pub cool_off: Period,
    /// What has to be settled first, such as a parcel on its way.
    #[serde(default)]
    pub blocker: BTreeMap<String, Blocker>,
}

impl Account {
    fn usual() -> Period {
        Period::days(3)
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Account {
    fn default() -> Self {
        Self { of: None, cool_off: Self::usual(), blocker: BTreeMap::new() }
    }
}

/// Rows of the person's that stand against it, while there are any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blocker {
    /// "A parcel is on its way."
    pub name: Words,
    /// What the person can do about it.
    pub remedy: Words,
    /// The role in which the person has such rows, as `source.table.role`.
    pub of: String,
    /// Columns that hold one of these values.
    #[serde(default)]
    pub when: BTreeMap<String, Vec<String>>,
    /// Columns that are empty.
    #[serde(default)]
    pub empty: Vec<String>,
}

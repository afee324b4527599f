//! Rows of the company's tables, by their keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::map::TableName;

/// The values of a row's key columns, as text. Mostly pseudonymous; but a key may be a mobile number, so it is written
/// nowhere but sealed.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(pub Vec<String>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({} columns)", self.0.len())
    }
}

/// Some rows of some tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(BTreeMap<TableName, BTreeSet<Key>>);

impl Rows {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many they are.
    pub fn count(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// Those of one table.
    pub fn of(&self, table: &TableName) -> impl Iterator<Item = &Key> {
        self.0.get(table).into_iter().flatten()
    }

    pub fn contains(&self, table: &TableName, key: &Key) -> bool {
        self.0.get(table).is_some_and(|keys| keys.contains(key))
    }

    /// In the order of their tables.
    pub fn iter(&self) -> impl Iterator<Item = (&TableName, &Key)> {
        self.0.iter().flat_map(|(table, keys)| keys.iter().map(move |key| (table, key)))
    }
}

impl Extend<(TableName, Key)> for Rows {
    fn extend<I: IntoIterator<Item = (TableName, Key)>>(&mut self, rows: I) {
        for (table, key) in rows {
            self.0.entry(table).or_default().insert(key);
        }
    }
}

impl FromIterator<(TableName, Key)> for Rows {
    fn from_iter<I: IntoIterator<Item = (TableName, Key)>>(rows: I) -> Self {
        let mut all = Self::default();
        all.extend(rows);
        all
    }
}

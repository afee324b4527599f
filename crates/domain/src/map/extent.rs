//! Of which tables a copy or a deletion is: what is asked for, and what may be handed out, need not be everything.

use std::collections::BTreeSet;

use super::{Basis, DataMap, Table, TableName, Way};
use crate::Key;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    #[default]
    Everything,
    Only(BTreeSet<TableName>),
    Record(OneRecord),
}

/// One row, with what would not be found for its person without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneRecord {
    pub table: TableName,
    /// Unknown once it has been forgotten: then nothing is found.
    pub key: Option<Key>,
    /// Its own table, and those in which something may hang on it.
    pub tables: BTreeSet<TableName>,
}

impl Extent {
    pub fn covers(&self, table: &TableName) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(tables) | Self::Record(OneRecord { tables, .. }) => tables.contains(table),
        }
    }

    /// What both cover.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everything, one) | (one, Self::Everything) => one,
            (Self::Only(one), Self::Only(other)) => Self::Only(both(&one, &other)),
            (Self::Record(record), Self::Only(tables)) | (Self::Only(tables), Self::Record(record)) => {
                Self::Record(OneRecord { tables: both(&record.tables, &tables), ..record })
            }
            (Self::Record(one), Self::Record(other)) if one.table == other.table && one.key == other.key => {
                Self::Record(OneRecord { tables: both(&one.tables, &other.tables), ..one })
            }
            (Self::Record(_), Self::Record(_)) => Self::Only(BTreeSet::new()),
        }
    }

    /// The only record it is of.
    pub const fn record(&self) -> Option<&OneRecord> {
        match self {
            Self::Record(record) => Some(record),
            Self::Everything | Self::Only(_) => None,
        }
    }

    /// Whether nothing in these tables is left out.
    pub fn is_all_of(&self, tables: &BTreeSet<TableName>) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(only) => tables.is_subset(only),
            Self::Record(_) => false,
        }
    }
}

fn both(one: &BTreeSet<TableName>, other: &BTreeSet<TableName>) -> BTreeSet<TableName> {
    one.intersection(other).cloned().collect()
}

impl DataMap {
    /// Whether one row of a table can be told from the others in an erasure. A system over HTTP is told whose records
    /// go, never which, and so are people: the description they answer to knows no key there.
    pub fn can_name_rows(&self, table: &TableName) -> bool {
        self.sources.get(&table.source).is_some_and(|source| source.engine.has_sql())
    }

    /// One row, with what hangs on it.
    pub fn one_record(&self, table: &TableName, key: Key) -> Extent {
        let mut tables = self.with_what_hangs_on(&BTreeSet::from([table.clone()]));
        tables.retain(|table| self.can_name_rows(table));
        Extent::Record(OneRecord { table: table.clone(), key: Some(key), tables })
    }

    /// What was chosen, with everything along a path to it: left behind, nobody could find it for its person again.
    pub fn with_what_hangs_on(&self, chosen: &BTreeSet<TableName>) -> BTreeSet<TableName> {
        let mut all = chosen.clone();
        // A path has no circles, but the tables of several may point at each other.
        loop {
            let hangs = |table: &&Table| {
                let mut ways = table.roles.iter().flat_map(|role| &role.ways);
                ways.any(|way| matches!(way, Way::Through(path) if all.contains(&path.parent)))
            };
            let more: Vec<TableName> = self
                .tables
                .iter()
                .filter(hangs)
                .map(|table| table.name.clone())
                .filter(|name| !all.contains(name))
                .collect();
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    /// What can be transferred to another handler: information collected with consent, or for a contract with the
    /// person, and nothing that the law had the handler collect (Order 790 art. 25 para. 1 (2)).
    pub fn transferable(&self) -> Extent {
        let collected_so = |purpose: &String| match self.purposes.get(purpose).map(|purpose| purpose.basis) {
            Some(Basis::Consent | Basis::Contract) => true,
            Some(Basis::LegalDuty | Basis::Emergency | Basis::News | Basis::PublicData | Basis::OtherLaw) | None => {
                false
            }
        };
        let tables = self.tables.iter().filter(|table: &&Table| table.purposes.iter().any(collected_so));
        Extent::Only(tables.map(|table| table.name.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_cover_is_no_more_than_either() {
        let table = |name: &str| TableName::parse(name).unwrap();
        let only = |names: &[&str]| Extent::Only(names.iter().map(|name| table(name)).collect());
        assert_eq!(Extent::Everything.within(only(&["c.a"])), only(&["c.a"]));
        assert_eq!(only(&["c.a", "c.b"]).within(only(&["c.b", "c.d"])), only(&["c.b"]));
        assert!(only(&["c.b"]).covers(&table("c.b")) && !only(&["c.b"]).covers(&table("c.a")));
        assert!(Extent::default().covers(&table("c.a")));

        let record = |key: &str, tables: &[&str]| {
            let tables = tables.iter().map(|name| table(name)).collect();
            Extent::Record(OneRecord { table: table("c.a"), key: Some(Key(vec![key.to_owned()])), tables })
        };
        let one = record("1", &["c.a", "c.b"]);
        assert_eq!(Extent::Everything.within(one.clone()), one);
        assert_eq!(one.clone().within(only(&["c.b", "c.d"])), record("1", &["c.b"]));
        assert_eq!(one.clone().within(record("2", &["c.a"])), only(&[]), "two records have nothing in common");
        assert!(one.covers(&table("c.b")) && !one.covers(&table("c.d")));
        assert!(!one.is_all_of(&BTreeSet::from([table("c.a")])), "there may be others in the table");
    }
}

//! Of which tables a copy or a deletion is: what is asked for, and what may be handed out, need not be everything.

use std::collections::BTreeSet;

use super::{Basis, DataMap, Table, TableName, Way};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    #[default]
    Everything,
    Only(BTreeSet<TableName>),
}

impl Extent {
    pub fn covers(&self, table: &TableName) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(tables) => tables.contains(table),
        }
    }

    /// What both cover.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everything, one) | (one, Self::Everything) => one,
            (Self::Only(one), Self::Only(other)) => Self::Only(one.intersection(&other).cloned().collect()),
        }
    }
}

impl DataMap {
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
    }
}

//! What a recipient has got of a person's, and by what they can find it.

use std::collections::BTreeSet;

use crate::{
    Personal,
    map::{Kind, TableName},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub tables: BTreeSet<TableName>,
    /// What rows are found by, as far as it was given along with them; each once.
    pub found_by: Vec<FoundBy>,
    /// There is more to find them by than is kept.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBy {
    pub kind: Kind,
    pub value: Personal,
}

impl Given {
    pub fn add(&mut self, other: Self) {
        self.tables.extend(other.tables);
        self.more |= other.more;
        for one in other.found_by {
            self.find_by(one);
        }
    }

    pub fn find_by(&mut self, one: FoundBy) {
        if !self.found_by.contains(&one) {
            self.found_by.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_got_twice_is_said_once() {
        let by = |value: &str| FoundBy { kind: Kind::WaybillNo, value: Personal::new(value) };
        let got = |table: &str, values: &[&str], more| Given {
            tables: TableName::parse(table).into_iter().collect(),
            found_by: values.iter().map(|value| by(value)).collect(),
            more,
        };
        let mut all = got("c.waybills", &["YF1", "YF2"], false);
        all.add(got("c.events", &["YF2", "YF3"], true));
        assert_eq!(all.found_by, [by("YF1"), by("YF2"), by("YF3")]);
        assert_eq!((all.tables.len(), all.more), (2, true));
    }
}

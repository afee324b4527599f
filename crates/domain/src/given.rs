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

    /// What of it is of these tables and no longer with those that `left` still has; `None` where nothing of it is gone.
    #[must_use]
    pub fn gone(mut self, tables: &BTreeSet<TableName>, left: Option<&Self>) -> Option<Self> {
        self.tables.retain(|table| tables.contains(table));
        let had_any = !self.found_by.is_empty();
        let left_is_cut = left.is_some_and(|left| left.more);
        if left_is_cut {
            // What is left is not known to its end: nobody can say by it what is gone.
            self.found_by.clear();
            self.more = true;
        } else if let Some(left) = left {
            self.found_by.retain(|one| !left.found_by.contains(one));
        }
        let still_held = left.is_some_and(|left| self.tables.is_subset(&left.tables));
        let all_there = had_any && still_held && self.found_by.is_empty() && !self.more;
        (!self.tables.is_empty() && !all_there).then_some(self)
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

    #[test]
    fn of_what_is_not_gone_nobody_is_told() {
        let by = |value: &str| FoundBy { kind: Kind::WaybillNo, value: Personal::new(value) };
        let tables = |names: &[&str]| names.iter().filter_map(|name| TableName::parse(name)).collect::<BTreeSet<_>>();
        let got = |names: &[&str], values: &[&str], more| Given {
            tables: tables(names),
            found_by: values.iter().map(|value| by(value)).collect(),
            more,
        };
        let had = || got(&["c.waybills", "c.events"], &["YF1", "YF2"], false);
        let (events, left) = (tables(&["c.events"]), got(&["c.waybills"], &["YF2"], false));
        assert_eq!(had().gone(&events, Some(&left)), Some(got(&["c.events"], &["YF1"], false)));
        assert_eq!(had().gone(&events, None), Some(got(&["c.events"], &["YF1", "YF2"], false)));
        assert_eq!(had().gone(&events, Some(&had())), None, "all of theirs is still there");
        let waybills = got(&["c.waybills"], &["YF1", "YF2"], false);
        assert_eq!(had().gone(&events, Some(&waybills)), Some(got(&["c.events"], &[], false)), "none of them is left");
        assert_eq!(had().gone(&tables(&["c.orders"]), None), None, "they had got nothing of that");
        let cut = got(&["c.events"], &["YF9"], true);
        assert_eq!(had().gone(&events, Some(&cut)), Some(got(&["c.events"], &[], true)), "an officer tells them");
    }
}

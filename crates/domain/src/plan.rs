//! What an erasure or a night will do, stated before it is done, frozen, and compared afterwards.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    IdentifierKind, Words,
    consent::Cover,
    map::{Column, MapHash, RoleName, TableName},
};

/// What happens to the rows of one table that are about one person, or that are due tonight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Deleted,
    /// The row stays, these roles' fields in it do not.
    Anonymised,
    /// The row stays, these roles' fields in it are sealed and out of reach until a law's period is over. The
    /// earliest and the latest day on which they are destroyed.
    LockedAway {
        law: Words,
        first: Date,
        last: Date,
    },
    /// What was locked away is gone for good.
    Destroyed,
    /// One value becomes another.
    Corrected {
        column: Column,
    },
    /// The row stays and says that its person has a purpose restricted, or has no longer.
    Restricted {
        restriction: Restricting,
    },
    /// No program reaches it: somebody named does it and confirms.
    ByHand {
        owner: Words,
        due: Date,
    },
    /// Nothing is done now.
    Kept {
        because: Because,
    },
}

impl Outcome {
    /// As it is stored and sent: the serde name.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Anonymised => "anonymised",
            Self::LockedAway { .. } => "locked_away",
            Self::Destroyed => "destroyed",
            Self::Corrected { .. } => "corrected",
            Self::Restricted { restriction } => match restriction.turn {
                Turn::Restricted => "restricted",
                Turn::Lifted => "lifted",
            },
            Self::ByHand { .. } => "by_hand",
            Self::Kept { .. } => "kept",
        }
    }

    /// Something of the rows is still stored afterwards, in use or locked away.
    pub const fn stays(&self) -> bool {
        match self {
            Self::Kept { .. } | Self::LockedAway { .. } => true,
            Self::Deleted
            | Self::Anonymised
            | Self::Destroyed
            | Self::Corrected { .. }
            | Self::Restricted { .. }
            | Self::ByHand { .. } => false,
        }
    }

    /// What had to stay need not any more: the last day of its law has passed, and the night has taken it.
    pub fn is_over(&self, today: Date) -> bool {
        self.clone().days().is_some_and(|(_, last)| *last < today)
    }

    /// The earliest and the latest day on which these rows may go, where a law says.
    const fn days(&mut self) -> Option<(&mut Date, &mut Date)> {
        match self {
            Self::LockedAway { first, last, .. } | Self::Kept { because: Because::Floor { first, last, .. } } => {
                Some((first, last))
            }
            Self::Kept { because: Because::NotStarted { .. } | Because::Hold }
            | Self::Deleted
            | Self::Anonymised
            | Self::Destroyed
            | Self::Corrected { .. }
            | Self::Restricted { .. }
            | Self::ByHand { .. } => None,
        }
    }

    /// Whether a law says a day on which these rows may go.
    pub fn is_dated(&self) -> bool {
        self.clone().days().is_some()
    }

    /// Of rows that all may go on this day, where they have one.
    #[must_use]
    pub fn on(&self, day: Date) -> Self {
        let mut on = self.clone();
        if let Some((first, last)) = on.days() {
            (*first, *last) = (day, day);
        }
        on
    }

    /// Takes in another that differs in nothing but its days; says whether it did.
    pub fn takes_in(&mut self, mut other: Self) -> bool {
        if self.on(Date::MIN) != other.on(Date::MIN) {
            return false;
        }
        if let (Some((first, last)), Some((of_other, last_of_other))) = (self.days(), other.days()) {
            (*first, *last) = ((*first).min(*of_other), (*last).max(*last_of_other));
        }
        true
    }

    /// What stood there is gone, or out of reach.
    pub const fn removes(&self) -> bool {
        match self {
            Self::Deleted | Self::Anonymised | Self::LockedAway { .. } | Self::Destroyed => true,
            Self::Corrected { .. } | Self::Restricted { .. } | Self::ByHand { .. } | Self::Kept { .. } => false,
        }
    }

    /// Something is done to the rows.
    pub const fn changes(&self) -> bool {
        match self {
            Self::Deleted
            | Self::Anonymised
            | Self::LockedAway { .. }
            | Self::Destroyed
            | Self::Corrected { .. }
            | Self::Restricted { .. } => true,
            Self::ByHand { .. } | Self::Kept { .. } => false,
        }
    }
}

/// A purpose, or what is agreed to on its own for it, that the company's programs stop for somebody, or may go on with
/// (PIPL art. 44).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Restricting {
    pub purpose: String,
    pub cover: Cover,
    pub turn: Turn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Restricted,
    Lifted,
}

/// Why rows stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Because {
    /// A law prescribes a period that is still running (PIPL art. 47 para. 2). The earliest and
    /// the latest day on which these rows may go.
    Floor { law: Words, first: Date, last: Date },
    /// The event the prescribed period counts from has not happened yet.
    NotStarted { law: Words, starts: Words },
    /// Someone with authority stopped every erasure of this.
    Hold,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub table: TableName,
    /// Whose side of the rows.
    pub roles: Vec<RoleName>,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub rows: u64,
    /// SHA-256 over the rows' keys, so that a plan of the same count for other rows is noticed
    /// and no key is stored.
    pub keys: KeysDigest,
}

/// A digest of keys that come one after the other.
#[derive(Default)]
pub struct Digesting(Sha256);

impl Digesting {
    pub fn add(&mut self, key: &[String]) {
        for part in key {
            self.0.update(part.len().to_le_bytes());
            self.0.update(part.as_bytes());
        }
        self.0.update([0xff]);
    }

    pub fn done(self) -> KeysDigest {
        KeysDigest(hex::encode(self.0.finalize()))
    }
}

/// Order-independent enough to compare, one-way enough to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeysDigest(pub String);

impl KeysDigest {
    /// Of keys in the order of the key, each a list of column values as text.
    pub fn of<'a>(keys: impl IntoIterator<Item = &'a [String]>) -> Self {
        let mut digesting = Digesting::default();
        keys.into_iter().for_each(|key| digesting.add(key));
        digesting.done()
    }

    /// For a night's selection, which is counted and not listed.
    pub const fn not_listed() -> Self {
        Self(String::new())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub map: MapHash,
    /// The day the periods were measured against, in China.
    pub as_of: Date,
    /// Children first: the order in which it is carried out.
    pub items: Vec<Item>,
    /// Identifiers that several people's rows held when the plan was made, and that led to none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<(TableName, IdentifierKind)>,
}

impl Item {
    pub const fn changes(&self) -> bool {
        self.outcome.changes()
    }
}

impl Plan {
    /// What an approval is given for.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(crate::json::bytes(self)))
    }

    pub fn rows_to_change(&self) -> u64 {
        self.items.iter().filter(|item| item.changes()).map(|item| item.rows).sum()
    }

    /// It names no row, and nobody is asked to look by hand.
    pub fn is_empty(&self) -> bool {
        self.items.iter().all(|item| item.rows == 0 && !matches!(item.outcome, Outcome::ByHand { .. }))
    }

    /// Rows of which something is still stored afterwards, in use or locked away.
    pub fn rows_kept(&self) -> u64 {
        self.items.iter().filter(|item| item.outcome.stays()).map(|item| item.rows).sum()
    }

    /// Where the live data is no longer what was approved. Rows that are kept may drift: time
    /// passes and nothing is done to them. So may rows that say whether something is restricted: nothing is lost.
    pub fn drift(&self, live: &Self) -> Vec<Drift> {
        let mut drift = Vec::new();
        if self.map != live.map {
            drift.push(Drift::Map);
        }
        let may_drift = |item: &Item| !item.changes() || matches!(item.outcome, Outcome::Restricted { .. });
        let changing = |plan: &Self| plan.items.iter().filter(|item| !may_drift(item)).cloned().collect::<Vec<_>>();
        let (approved, now) = (changing(self), changing(live));
        let same = |a: &Item, b: &Item| a.table == b.table && a.roles == b.roles && a.outcome == b.outcome;
        for item in &approved {
            let live = now.iter().find(|other| same(item, other));
            let rows = live.map_or(0, |live| live.rows);
            if rows != item.rows || live.is_some_and(|live| live.keys != item.keys) {
                drift.push(Drift::Rows { table: item.table.clone(), approved: item.rows, now: rows });
            }
        }
        for item in &now {
            if !approved.iter().any(|other| same(item, other)) {
                drift.push(Drift::Rows { table: item.table.clone(), approved: 0, now: item.rows });
            }
        }
        drift
    }

    /// Likewise once a run has begun, in the tables of which nothing has gone yet: of the others there is less by now.
    pub fn drift_untouched(&self, live: &Self, begun: &BTreeSet<&TableName>) -> Vec<Drift> {
        let untouched = |plan: &Self| {
            let items = plan.items.iter().filter(|item| !begun.contains(&item.table)).cloned().collect();
            Self { items, ..plan.clone() }
        };
        untouched(self).drift(&untouched(live))
    }
}

/// One difference between an approved plan and the data as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "drift", rename_all = "snake_case")]
pub enum Drift {
    /// The data map was changed after the approval.
    Map,
    Rows {
        table: TableName,
        approved: u64,
        now: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn plan(rows: u64, keys: &str) -> Plan {
        let item = |outcome, rows, keys: &str| Item {
            table: TableName::parse("company.orders").unwrap(),
            roles: vec![RoleName("buyer".into())],
            outcome,
            rows,
            keys: KeysDigest(keys.into()),
        };
        let floor = Because::Floor { law: Words::new("法", "law"), first: date(2027, 1, 1), last: date(2027, 1, 1) };
        Plan {
            map: MapHash("m".into()),
            as_of: date(2026, 11, 23),
            items: vec![item(Outcome::Deleted, rows, keys), item(Outcome::Kept { because: floor }, 4, keys)],
            shared: Vec::new(),
        }
    }

    #[test]
    fn one_more_row_or_another_row_is_drift() {
        let approved = plan(2, "k");
        assert_eq!(approved.drift(&plan(2, "k")), []);
        assert_eq!(approved.drift(&plan(3, "k")).len(), 1);
        assert_eq!(approved.drift(&plan(2, "other")).len(), 1);
        let mut gone = plan(2, "k");
        gone.items.remove(0);
        assert_eq!(approved.drift(&gone).len(), 1);
        assert_eq!(gone.drift(&approved).len(), 1);
    }

    #[test]
    fn what_stays_by_one_law_is_one_with_all_its_days() {
        let kept = |word: &str, day| {
            let law = Words::new(word, word);
            Outcome::Kept { because: Because::Floor { law, first: day, last: day } }
        };
        let (early, late) = (date(2027, 1, 1), date(2028, 1, 1));
        let mut all = kept("a", late);
        assert!(all.takes_in(kept("a", early)) && !all.takes_in(kept("b", early)));
        assert!(!all.takes_in(Outcome::Kept { because: Because::Hold }));
        let Outcome::Kept { because: Because::Floor { first, last, .. } } = all else { panic!("{all:?}") };
        assert_eq!((first, last), (early, late));
    }

    #[test]
    fn keys_are_told_apart_by_their_parts() {
        let key = |parts: &[&str]| parts.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        let (one, two) = (key(&["a", "bc"]), key(&["ab", "c"]));
        assert_ne!(KeysDigest::of([one.as_slice()]), KeysDigest::of([two.as_slice()]));
    }
}

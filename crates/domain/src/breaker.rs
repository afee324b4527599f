//! The breaker: a rule that would take far more than it should waits for a person, so that a wrong map, or a
//! clock gone wrong, cannot empty a table.

use serde::{Deserialize, Serialize};

use crate::{map::TableName, plan::Outcome};

/// What a night may take without anyone looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Percent of a table's rows.
    pub share: u64,
    /// Times the most that a recent night took by the same rule.
    pub times: u64,
    /// Of fewer rows than this only a table that would be nearly emptied is stopped.
    pub from_rows: u64,
}

/// So few rows nobody needs to look at.
const FEW: u64 = 100;
/// Percent of a table.
const NEARLY_ALL: u64 = 90;

impl Default for Limits {
    fn default() -> Self {
        Self { share: 20, times: 5, from_rows: 1_000 }
    }
}

impl Limits {
    /// The share that counts where so many rows of a table would go. A small one may lose much of itself in a night, and
    /// is not emptied unseen.
    pub const fn of_share(self, rows: u64) -> Option<Self> {
        if rows >= self.from_rows {
            return Some(self);
        }
        let share = if self.share > NEARLY_ALL { self.share } else { NEARLY_ALL };
        if rows >= FEW { Some(Self { share, from_rows: FEW, ..self }) } else { None }
    }

    /// How many rows more than it had counted a night may take of a table.
    pub fn slack(self, counted: u64) -> u64 {
        (counted / 10).max(if counted < self.from_rows { FEW.min(self.from_rows) } else { self.from_rows })
    }

    /// Rows of a table of which so many are no more than the share: how many more there are makes no difference.
    pub const fn enough_for(&self, rows: u64) -> u64 {
        match rows.saturating_mul(100).checked_div(self.share) {
            Some(of) => of.saturating_add(1),
            None => u64::MAX,
        }
    }
}

/// A rule that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tripped {
    pub table: TableName,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub rows: u64,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// More than the share of a table that has so many rows.
    Share {
        of: u64,
        /// What all rules of the table would take together, where that is more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        together: Option<u64>,
        /// Those of that night: what is configured since held nothing up. Not known of a night before this was kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limits: Option<Limits>,
    },
    /// Far more than the most a recent night took.
    Forecast {
        most: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limits: Option<Limits>,
    },
    /// Another rule waits that has to come first.
    Follows,
}

/// What would go of one table.
#[derive(Clone, Copy, Debug)]
pub struct Taking {
    pub rows: u64,
    /// By all its rules, this one among them, whatever was let go.
    pub together: u64,
}

/// Whether a rule must wait that takes rows of a table of `of` rows. `most`: the most a recent night took by
/// it; `None` where there were too few nights to know.
pub fn trips(limits: Limits, taking: Taking, of: u64, most: Option<u64>) -> Option<Why> {
    let Taking { rows, together } = taking;
    if let Some(limits) = limits.of_share(together)
        && together.saturating_mul(100) > of.saturating_mul(limits.share)
    {
        let together = Some(together).filter(|together| *together > rows);
        return Some(Why::Share { of, together, limits: Some(limits) });
    }
    if rows < limits.from_rows {
        return None;
    }
    let most = most.filter(|most| rows > most.max(&limits.from_rows).saturating_mul(limits.times))?;
    Some(Why::Forecast { most, limits: Some(limits) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alone(limits: Limits, rows: u64, of: u64, most: Option<u64>) -> Option<Why> {
        trips(limits, Taking { rows, together: rows }, of, most)
    }

    #[test]
    fn a_fifth_of_a_table_goes_and_more_waits() {
        let limits = Limits::default();
        assert_eq!(alone(limits, 2_000, 10_000, None), None);
        let share = Why::Share { of: 10_000, together: None, limits: Some(limits) };
        assert_eq!(alone(limits, 2_001, 10_000, None), Some(share));
    }

    #[test]
    fn a_small_table_loses_much_of_itself_and_is_not_emptied_unseen() {
        let limits = Limits::default();
        assert_eq!(alone(limits, 900, 1_000, None), None);
        let nearly_all = Limits { share: 90, from_rows: 100, ..limits };
        let emptied = Why::Share { of: 999, together: None, limits: Some(nearly_all) };
        assert_eq!(alone(limits, 999, 999, None), Some(emptied));
        assert_eq!(alone(limits, 99, 99, None), None, "so few nobody needs to look at");
        let off = Limits { share: 100, ..limits };
        assert_eq!(alone(off, 999, 999, None), None, "where the company says so");
        let many_from = Limits { from_rows: 10, ..limits };
        assert_eq!(
            alone(many_from, 30, 100, None),
            Some(Why::Share { of: 100, together: None, limits: Some(many_from) })
        );
    }

    #[test]
    fn two_rules_of_a_table_do_not_take_together_what_neither_may() {
        let limits = Limits::default();
        let share = Why::Share { of: 10_000, together: Some(3_000), limits: Some(limits) };
        assert_eq!(trips(limits, Taking { rows: 1_500, together: 3_000 }, 10_000, None), Some(share));
        assert_eq!(trips(limits, Taking { rows: 5, together: 1_505 }, 10_000, None), None);
    }

    proptest! {
        /// Counting no further than what is enough says the same as counting all.
        #[test]
        fn a_table_need_not_be_counted_whole(rows in 0u64..1_000_000, of in 0u64..10_000_000, share in 0u64..=100) {
            let limits = Limits { share, ..Limits::default() };
            let counted = limits.of_share(rows).map_or(of, |limits| of.min(limits.enough_for(rows)));
            prop_assert_eq!(alone(limits, rows, counted, None).is_some(), alone(limits, rows, of, None).is_some());
        }
    }

    #[test]
    fn far_more_than_usual_waits() {
        let limits = Limits::default();
        assert_eq!(alone(limits, 50_000, 10_000_000, Some(10_000)), None);
        let forecast = Why::Forecast { most: 10_000, limits: Some(limits) };
        assert_eq!(alone(limits, 50_001, 10_000_000, Some(10_000)), Some(forecast));
        assert_eq!(alone(limits, 5_000, 10_000_000, Some(0)), None, "a table that has just begun to expire");
    }
}

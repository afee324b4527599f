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
    /// Fewer rows than this are never stopped.
    pub from_rows: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { share: 20, times: 5, from_rows: 1_000 }
    }
}

impl Limits {
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

/// Whether a rule that selects `rows` of a table of `of` rows must wait. `most`: the most a recent night took by
/// it; `None` where there were too few nights to know.
pub fn trips(limits: Limits, rows: u64, of: u64, most: Option<u64>) -> Option<Why> {
    if rows < limits.from_rows {
        return None;
    }
    if rows.saturating_mul(100) > of.saturating_mul(limits.share) {
        return Some(Why::Share { of, limits: Some(limits) });
    }
    let most = most.filter(|most| rows > most.max(&limits.from_rows).saturating_mul(limits.times))?;
    Some(Why::Forecast { most, limits: Some(limits) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fifth_of_a_table_goes_and_more_waits() {
        let limits = Limits::default();
        assert_eq!(trips(limits, 2_000, 10_000, None), None);
        let share = Why::Share { of: 10_000, limits: Some(limits) };
        assert_eq!(trips(limits, 2_001, 10_000, None), Some(share));
        assert_eq!(trips(limits, 999, 999, None), None, "small tables are emptied when they are due");
    }

    proptest! {
        /// Counting no further than what is enough says the same as counting all.
        #[test]
        fn a_table_need_not_be_counted_whole(rows in 0u64..1_000_000, of in 0u64..10_000_000, share in 0u64..=100) {
            let limits = Limits { share, ..Limits::default() };
            prop_assert_eq!(trips(limits, rows, of.min(limits.enough_for(rows)), None), trips(limits, rows, of, None));
        }
    }

    #[test]
    fn far_more_than_usual_waits() {
        let limits = Limits::default();
        assert_eq!(trips(limits, 50_000, 10_000_000, Some(10_000)), None);
        let forecast = Why::Forecast { most: 10_000, limits: Some(limits) };
        assert_eq!(trips(limits, 50_001, 10_000_000, Some(10_000)), Some(forecast));
        assert_eq!(trips(limits, 5_000, 10_000_000, Some(0)), None, "a table that has just begun to expire");
    }
}

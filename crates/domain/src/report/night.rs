use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::LeftBecause;
use crate::{breaker::Tripped, map::TableName, plan::Outcome};

/// What a night did, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightReport {
    pub as_of: Date,
    pub dry_run: bool,
    pub map: String,
    pub rules: Vec<RuleReport>,
    pub changed: u64,
    /// Rows past their period that a hold protects.
    pub held: u64,
    /// Rows set aside earlier that could not be finished tonight.
    #[serde(default)]
    pub waiting: u64,
    pub verified: bool,
    /// Rules that would have taken too much and wait for a person.
    #[serde(default)]
    pub stopped: Vec<Tripped>,
    /// Rules that had waited and were let go, and why.
    #[serde(default)]
    pub let_go: Vec<LetGo>,
    pub steps: u64,
    pub longest_step_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetGo {
    pub table: TableName,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReport {
    pub table: TableName,
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Selected by the rule, or set aside by an earlier erasure.
    pub selected: u64,
    pub done: u64,
    pub left: u64,
    /// Why it was left, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_left: Option<LeftBecause>,
    /// The request whose rows had been set aside.
    pub set_aside: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Because;

    /// Both say why: of what is kept, and of what is left.
    #[test]
    fn what_is_kept_and_why_some_is_left_are_read_as_they_were_written() {
        for outcome in [Outcome::Kept { because: Because::Hold }, Outcome::Deleted] {
            for why_left in [None, Some(LeftBecause::MoreThanCounted), Some(LeftBecause::WindowClosed)] {
                let table = TableName::own_requests();
                let rule = RuleReport {
                    table,
                    outcome: outcome.clone(),
                    selected: 3,
                    done: 1,
                    left: 2,
                    why_left,
                    set_aside: false,
                };
                let written = serde_json::to_string(&rule).unwrap();
                assert_eq!(serde_json::from_str::<RuleReport>(&written).unwrap(), rule, "{written}");
            }
        }
    }
}

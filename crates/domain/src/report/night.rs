use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    /// The request whose rows had been set aside.
    pub set_aside: bool,
}

//! What a run leaves behind when it has come to its end.

mod night;
mod sent_back;
mod sums;

use serde::{Deserialize, Serialize};

use crate::{
    map::{RoleName, TableName},
    plan::Outcome,
};

pub use night::{LetGo, NightReport, RuleReport};
pub use sent_back::SentBack;
pub use sums::{Origin, Sum};

/// Each is written as what it holds: that it is this one say the kind and the status of its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Report {
    /// A plan was carried out, to its end or as far as it went.
    Run(RunReport),
    /// A night, with the rows set aside earlier and what is the portal's own.
    Night(NightReport),
    /// Stopped: a person decides what becomes of it.
    SentBack(SentBack),
    /// A night that was interrupted, and whose map had changed since.
    Abandoned {},
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    pub items: Vec<ItemReport>,
    pub steps: u64,
    /// How long the longest transaction was open.
    pub longest_step_ms: u64,
    pub verified: bool,
    /// Its window closed first: what is left is for another night.
    #[serde(default)]
    pub stopped: bool,
}

/// What became of one item of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReport {
    pub table: TableName,
    pub roles: Vec<RoleName>,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub planned: u64,
    pub done: u64,
    /// What a second look found that should be gone.
    pub left: u64,
    /// Why it was left, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_left: Option<LeftBecause>,
}

/// Why a run stopped before all that is due was gone. What is due still goes with a later night.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftBecause {
    /// More came to be due while it ran than was counted before, and nobody has looked at that.
    MoreThanCounted,
    /// The time it may run was over; a database that is hard pressed makes it slow, and stops it no other way.
    WindowClosed,
}

//! What the last night did to each table: said to anyone, because it is counts and days.

use std::collections::BTreeMap;

use domain::report::Report;
use jiff::civil::Date;

use crate::{Portal, ServiceError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastRun {
    pub as_of: Date,
    /// Rows that went.
    pub rows: u64,
    pub left: Left,
}

/// What of it should be gone and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Nothing,
    /// A second look found some.
    Found,
    /// So many rows were too much to go unseen: they wait for a person.
    Waiting {
        rows: u64,
    },
}

impl Portal {
    /// By the name of the table. A rule that found nothing due has run too.
    pub async fn last_runs(&self) -> Result<Vec<(String, LastRun)>, ServiceError> {
        let mut last: BTreeMap<String, LastRun> = BTreeMap::new();
        let Some(run) = self.store.last_night().await? else { return Ok(Vec::new()) };
        let Some(Report::Night(report)) = run.report else { return Ok(Vec::new()) };
        for table in &self.map.tables {
            let left = if report.verified { Left::Nothing } else { Left::Found };
            let run = LastRun { as_of: report.as_of, rows: 0, left };
            last.insert(table.name.to_string(), run);
        }
        for rule in report.rules {
            if let Some(run) = last.get_mut(&rule.table.to_string()) {
                run.rows += rule.done;
                run.left = if rule.left == 0 { run.left } else { Left::Found };
            }
        }
        for tripped in &report.stopped {
            let Some(run) = last.get_mut(&tripped.table.to_string()) else { continue };
            run.left = match run.left {
                Left::Nothing => Left::Waiting { rows: tripped.rows },
                Left::Waiting { rows } => Left::Waiting { rows: rows + tripped.rows },
                Left::Found => Left::Found,
            };
        }
        Ok(last.into_iter().collect())
    }
}

//! What the last night did to each table: said to anyone, because it is counts and days.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::NightReport;
use crate::{Portal, ServiceError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastRun {
    pub as_of: Date,
    pub rows: u64,
    pub verified: bool,
}

impl Portal {
    /// By the name of the table. A rule that found nothing due has run too.
    pub async fn last_runs(&self) -> Result<Vec<(String, LastRun)>, ServiceError> {
        let mut last: BTreeMap<String, LastRun> = BTreeMap::new();
        let Some(run) = self.store.last_night().await? else { return Ok(Vec::new()) };
        let report: Option<NightReport> = run.report.and_then(|report| serde_json::from_value(report).ok());
        let Some(report) = report else { return Ok(Vec::new()) };
        for table in &self.map.tables {
            let run = LastRun { as_of: report.as_of, rows: 0, verified: report.verified };
            last.insert(table.name.to_string(), run);
        }
        for rule in report.rules {
            if let Some(run) = last.get_mut(&rule.table) {
                run.rows += rule.done;
                run.verified &= rule.left == 0;
            }
        }
        Ok(last.into_iter().collect())
    }
}

//! What the ledger says of runs that did not come to their own end, and of several that did one thing together.

use std::collections::BTreeMap;

use domain::{
    plan::{Item, Plan},
    report::{ItemReport, RunReport},
};
use sources::Scope;
use store::{jobs::Claimed, runs::Run};

use crate::{Portal, ServiceError};

impl Portal {
    /// A run that cannot go on: its open steps are settled, and nobody has looked again.
    pub(crate) async fn end_by_ledger(&self, run: &Run, job: &Claimed) -> Result<RunReport, ServiceError> {
        let done = self.settle_open_steps(run, job).await?;
        let left = |(n, item): (usize, &Item)| {
            let rows = item.rows.saturating_sub(done.get(&n).copied().unwrap_or(0));
            Item { rows, ..item.clone() }
        };
        let left = Plan { items: run.plan.items.iter().enumerate().map(left).collect(), ..run.plan.clone() };
        let report = self.report(run, &left, false).await?;
        Ok(RunReport { verified: false, ..report })
    }

    /// Whether what a run has not begun yet is still what was planned. `done`: rows, by item.
    pub(crate) async fn is_untouched_as_planned(
        &self,
        run: &Run,
        done: &BTreeMap<usize, u64>,
        scope: &Scope,
    ) -> Result<bool, ServiceError> {
        let begun = done.iter().filter(|(_, rows)| **rows > 0).filter_map(|(n, _)| run.plan.items.get(*n));
        let begun = begun.map(|item| &item.table).collect();
        let live = self.plan_as_of(scope, run.as_of).await?.plan;
        Ok(run.plan.drift_untouched(&live, &begun).is_empty())
    }

    /// With what earlier runs had done of the same. What they had planned and not done was planned again, or given up.
    pub(crate) async fn with_earlier(&self, report: RunReport, earlier: &[Run]) -> Result<RunReport, ServiceError> {
        let mut all = report;
        for run in earlier {
            for step in self.store.steps(run.id).await? {
                let (Some(item), Some(rows)) = (run.plan.items.get(step.item), step.rows) else { continue };
                all.steps += 1;
                let held = u64::try_from(step.held.as_millis()).unwrap_or(u64::MAX);
                all.longest_step_ms = all.longest_step_ms.max(held);
                add(&mut all.items, item, rows);
            }
        }
        Ok(all)
    }
}

fn add(items: &mut Vec<ItemReport>, of: &Item, rows: u64) {
    let same = |item: &&mut ItemReport| item.table == of.table && item.roles == of.roles && item.outcome == of.outcome;
    match items.iter_mut().find(same) {
        _ if rows == 0 => {}
        Some(item) => {
            item.planned += rows;
            item.done += rows;
        }
        None => items.push(ItemReport {
            table: of.table.clone(),
            roles: of.roles.clone(),
            outcome: of.outcome.clone(),
            planned: rows,
            done: rows,
            left: 0,
            why_left: None,
        }),
    }
}

//! The one driver of the executor (invariant 3): requests, rows set aside and the night all come
//! through here. Each step is written into the ledger before and after; a receipt in the company's
//! database settles what a crash left open; a second look decides whether it was done.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{
    ids::StepId,
    map::{RoleName, SourceName, TableName},
    plan::{Item, Outcome},
};
use serde::{Deserialize, Serialize};
use sources::{Scope, execute, plan};
use store::{
    Store,
    jobs::Claimed,
    runs::{Run, RunKind, RunStatus, Step},
};

use crate::{Portal, ServiceError, portal::Ground};

/// A step should hold its locks for no longer than this, at the 99th percentile.
const STEP_MILLIS: u128 = 50;

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
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    pub items: Vec<ItemReport>,
    pub steps: u64,
    pub longest_step_ms: u64,
    pub verified: bool,
}

/// How far a run has come, for those who wait.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub done: u64,
    pub planned: u64,
}

pub(crate) type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Keeps a job's lease alive while work goes on, and notices when it is lost.
pub(crate) struct Heartbeat {
    lost: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Heartbeat {
    pub(crate) fn start(portal: &Portal, job: &Claimed) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let (store, clock, job): (Store, _, _) = (portal.store.clone(), portal.clock.clone(), job.clone());
        let flag = lost.clone();
        let third = Duration::try_from(store.lease()).unwrap_or(Duration::from_secs(15)) / 3;
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(third).await;
                if let Ok(false) = store.heartbeat(&job, clock.now()).await {
                    flag.store(true, Ordering::Relaxed);
                    return;
                }
            }
        });
        Self { lost, task }
    }

    pub(crate) fn check(&self) -> Result<(), ServiceError> {
        if self.lost.load(Ordering::Relaxed) { Err(ServiceError::LeaseLost) } else { Ok(()) }
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Portal {
    /// Carries out a run that is in the ledger, from wherever it was left.
    pub(crate) async fn carry_out(
        &self,
        run: &Run,
        scope: &Scope,
        heartbeat: &Heartbeat,
        on_progress: OnProgress<'_>,
    ) -> Result<RunReport, ServiceError> {
        let mut ground = Ground::of(self).await?;
        for source in sources_of(run) {
            self.sources.system(&source)?.prepare().await?;
        }
        let mut done = self.settle_open_steps(run).await?;
        let planned = run.plan.rows_to_change();
        let mut batch = self.settings.first_batch.max(1);
        for (n, item) in run.plan.items.iter().enumerate().filter(|(_, item)| item.changes()) {
            // What a row of this table leads to in other databases must be gone before it goes: no statement
            // can look there.
            if self.is_begun_elsewhere(&item.table) {
                ground.holds = self.held_people().await?;
                let left = plan::plan(&self.sources, &ground.terms(self, scope, run.as_of)).await?.plan;
                if left.items.iter().any(|left| left.changes() && self.points_from_elsewhere(&left.table, &item.table))
                {
                    break;
                }
            }
            let mut cursor = None;
            loop {
                heartbeat.check()?;
                let so_far = done.get(&n).copied().unwrap_or(0);
                // Never more than was approved; a night takes what is due.
                let most =
                    if run.kind == RunKind::Retention { batch } else { batch.min(item.rows - so_far.min(item.rows)) };
                if most == 0 {
                    break;
                }
                let step = self.begin_step(run, n, item).await?;
                let began = Instant::now();
                // A hold placed a moment ago counts: it beats everything.
                ground.holds = self.held_people().await?;
                let terms = ground.terms(self, scope, run.as_of);
                let result = execute::run_step(&self.sources, &terms, item, step, cursor.as_ref(), most).await;
                let took = began.elapsed();
                let step_done = match result {
                    Ok(step_done) => step_done,
                    Err(error) => {
                        // A commit whose answer got lost was still a commit.
                        let rows = self.sources.system(&item.table.source)?.settle_step(step).await?;
                        self.end_step(step, rows).await?;
                        return Err(error.into());
                    }
                };
                self.end_step(step, step_done.rows).await?;
                *done.entry(n).or_default() += step_done.rows;
                on_progress(Progress { done: done.values().sum(), planned });
                batch = self.next_batch(batch, took.as_millis(), step_done.rows);
                cursor = step_done.up_to;
                if cursor.is_none() {
                    break;
                }
            }
        }
        let left = plan::plan(&self.sources, &ground.terms(self, scope, run.as_of)).await?.plan;
        let report = self.report(run, &done, &left).await?;
        self.tidy_up(run).await?;
        Ok(report)
    }

    fn points_from_elsewhere(&self, child: &TableName, parent: &TableName) -> bool {
        child.source != parent.source
            && self.map.table(child).is_some_and(|table| table.paths().any(|path| path.parent == *parent))
    }

    fn is_begun_elsewhere(&self, parent: &TableName) -> bool {
        self.map.tables.iter().any(|child| self.points_from_elsewhere(&child.name, parent))
    }

    /// Steps that were begun when the process died: their receipts tell.
    async fn settle_open_steps(&self, run: &Run) -> Result<BTreeMap<usize, u64>, ServiceError> {
        let mut done = BTreeMap::new();
        for step in self.store.steps(run.id).await? {
            let rows = if let Some(rows) = step.rows {
                rows
            } else {
                let rows = self.sources.system(&step.source)?.settle_step(step.id).await?;
                self.end_step(step.id, rows).await?;
                rows
            };
            *done.entry(step.item).or_default() += rows;
        }
        Ok(done)
    }

    pub(crate) async fn begin_step(&self, run: &Run, item_number: usize, item: &Item) -> Result<StepId, ServiceError> {
        let now = self.clock.now();
        let step = Step {
            id: StepId(self.chance.id(now)?),
            item: item_number,
            source: item.table.source.clone(),
            rows: None,
            began_at: now,
            ended_at: None,
        };
        let tx = self.store.begin().await?;
        tx.step_begins(run.id, &step).await?;
        tx.commit().await?;
        Ok(step.id)
    }

    pub(crate) async fn end_step(&self, step: StepId, rows: u64) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        tx.step_ended(step, rows, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sized by time, not by count: a slow database gets small steps.
    fn next_batch(&self, batch: u64, millis: u128, rows: u64) -> u64 {
        let next = if millis > STEP_MILLIS {
            batch / 2
        } else if millis * 3 < STEP_MILLIS && rows >= batch {
            batch * 2
        } else {
            batch
        };
        next.clamp(1, self.settings.largest_batch.max(1))
    }

    async fn report(
        &self,
        run: &Run,
        done: &BTreeMap<usize, u64>,
        left: &domain::plan::Plan,
    ) -> Result<RunReport, ServiceError> {
        let left_of = |item: &Item| {
            let same =
                |other: &&Item| other.table == item.table && other.roles == item.roles && other.outcome == item.outcome;
            left.items.iter().find(same).map_or(0, |other| other.rows)
        };
        let items: Vec<ItemReport> = run
            .plan
            .items
            .iter()
            .enumerate()
            .map(|(n, item)| ItemReport {
                table: item.table.clone(),
                roles: item.roles.clone(),
                outcome: item.outcome.clone(),
                planned: item.rows,
                done: done.get(&n).copied().unwrap_or(0),
                left: if item.changes() { left_of(item) } else { 0 },
            })
            .collect();
        let steps = self.store.steps(run.id).await?;
        let longest =
            steps.iter().filter_map(|step| Some(step.ended_at? - step.began_at)).map(|s| s.get_milliseconds());
        Ok(RunReport {
            // An erasure is for the rows that were approved: fewer done is as wrong as some left, because rows
            // that can no longer be found look like rows that are gone.
            verified: left.rows_to_change() == 0
                && (run.kind != RunKind::Erasure
                    || items
                        .iter()
                        .filter(|item| item.planned > 0 && item.outcome.changes())
                        .all(|item| item.done == item.planned)),
            items,
            longest_step_ms: longest.max().and_then(|ms| u64::try_from(ms).ok()).unwrap_or(0),
            steps: steps.len() as u64,
        })
    }

    /// Receipts the ledger has taken over, and write-ahead logs with what was erased.
    async fn tidy_up(&self, run: &Run) -> Result<(), ServiceError> {
        let steps = self.store.steps(run.id).await?;
        for name in sources_of(run) {
            let own: Vec<StepId> = steps.iter().filter(|step| step.source == name).map(|step| step.id).collect();
            let mut changed: Vec<TableName> = run
                .plan
                .items
                .iter()
                .filter(|item| item.changes() && item.table.source == name)
                .map(|item| item.table.clone())
                .collect();
            changed.dedup();
            self.sources.system(&name)?.tidy_up(&own, &changed).await?;
        }
        Ok(())
    }
}

fn sources_of(run: &Run) -> Vec<SourceName> {
    let mut names: Vec<SourceName> =
        run.plan.items.iter().filter(|item| item.changes()).map(|item| item.table.source.clone()).collect();
    names.sort();
    names.dedup();
    names
}

pub(crate) const fn status_of(report: &RunReport) -> RunStatus {
    if report.verified { RunStatus::Verified } else { RunStatus::NotVerified }
}

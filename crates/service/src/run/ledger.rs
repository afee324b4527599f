//! The ledger's side of a run: a step is written before it happens and after.

use std::{collections::BTreeMap, time::Duration};

use domain::{ids::StepId, plan::Item};
use sources::fault::Point;
use store::{
    StoreError,
    jobs::Claimed,
    runs::{Run, Step},
};

use super::sources_of;
use crate::{Portal, ServiceError};

/// What a step turned out to have done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended {
    pub(crate) step: StepId,
    pub(crate) rows: u64,
    /// How long its transaction was open.
    pub(crate) held: Duration,
}

impl Portal {
    /// Steps that were begun when the process died: their receipts tell. Rows done, by item. One in a database that has
    /// left the map stays open: nobody can be asked.
    pub(crate) async fn settle_open_steps(
        &self,
        run: &Run,
        job: &Claimed,
    ) -> Result<BTreeMap<usize, u64>, ServiceError> {
        for source in sources_of(run) {
            self.sources.faults.at(Point::Resume, &source)?;
        }
        let mut done = BTreeMap::new();
        for step in self.store.steps(run.id).await? {
            let rows = match step.rows {
                Some(rows) => rows,
                None if self.sources.system(&step.source).is_err() => continue,
                None => self.settle_step(run, job, step.item, step.id).await?,
            };
            *done.entry(step.item).or_default() += rows;
        }
        Ok(done)
    }

    /// A step whose end nobody saw: a commit whose answer got lost was still a commit. Only while the job is
    /// this worker's: another may hold it by now and be in the middle of this very step.
    pub(crate) async fn settle_step(
        &self,
        run: &Run,
        job: &Claimed,
        item: usize,
        step: StepId,
    ) -> Result<u64, ServiceError> {
        let item = run.plan.items.get(item).ok_or(ServiceError::Inconsistent { what: "the item of a step" })?;
        let source = &item.table.source;
        self.still_holds(job).await?;
        let rows = self.sources.system(source)?.settle_step(step).await?;
        self.write_ledger(run, job, &[Ended { step, rows, held: Duration::ZERO }], &[]).await?;
        Ok(rows)
    }

    async fn still_holds(&self, job: &Claimed) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        tx.still_holds(job).await.map_err(lost)
    }

    /// Ends some steps and begins others, in one transaction, and only while the job is this worker's: one
    /// that was thought dead and comes back begins nothing.
    pub(crate) async fn write_ledger(
        &self,
        run: &Run,
        job: &Claimed,
        ended: &[Ended],
        begin: &[(usize, &Item)],
    ) -> Result<Vec<StepId>, ServiceError> {
        let now = self.clock.now();
        let mut steps = Vec::with_capacity(begin.len());
        for (number, item) in begin {
            steps.push(Step {
                id: StepId(self.chance.id(now)?),
                item: *number,
                source: item.table.source.clone(),
                rows: None,
                held: Duration::ZERO,
                began_at: now,
                ended_at: None,
            });
        }
        let tx = self.store.begin().await?;
        tx.still_holds(job).await.map_err(lost)?;
        for Ended { step, rows, held } in ended {
            tx.step_ended(*step, *rows, *held, now).await?;
        }
        for step in &steps {
            tx.step_begins(run.id, step).await?;
        }
        tx.commit().await?;
        Ok(steps.into_iter().map(|step| step.id).collect())
    }
}

fn lost(error: StoreError) -> ServiceError {
    match error {
        StoreError::Conflict { .. } => ServiceError::LeaseLost,
        StoreError::Unreachable
        | StoreError::Busy
        | StoreError::Full
        | StoreError::Inconsistent { .. }
        | StoreError::Report { .. }
        | StoreError::Other { .. } => ServiceError::Store(error),
    }
}

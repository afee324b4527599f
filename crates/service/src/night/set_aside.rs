//! What an erasure had to leave, and the night finishes when nothing keeps it any longer.

use domain::{ids::RequestId, permit::Work, plan::Plan, report::Report};
use jiff::civil::Date;
use sources::{
    Key, OnHold, Scope,
    plan::{self, Planned},
};
use store::{
    Tx,
    jobs::{Claimed, JobKind},
    requests::Reader,
    runs::{Run, RunKind},
    set_aside::SetAside,
};

use crate::{
    Portal, ServiceError,
    portal::Ground,
    run::{Heartbeat, status_of},
};

impl Portal {
    pub(crate) async fn set_aside(
        &self,
        tx: &Tx,
        request: RequestId,
        aside: plan::SetAside,
    ) -> Result<(), ServiceError> {
        let aside = SetAside {
            id: self.chance.id(self.clock.now())?,
            request,
            table: aside.table,
            roles: aside.roles,
            until: aside.until,
            outcome: Some(aside.outcome),
            keys: aside.keys.into_iter().map(|key| key.0).collect(),
        };
        Ok(tx.set_aside(&aside).await?)
    }

    /// What can be done with rows set aside, and what of them has to stay once more. `None` where nothing is done
    /// about them: a map that no longer names them cannot fulfil the promise; it stays open. Nor can anything be done
    /// while somebody else's hold protects the person, even one who can no longer be found in the rows themselves.
    pub(crate) async fn finishing(
        &self,
        work: &Work,
        ground: &Ground,
        aside: &SetAside,
        as_of: Date,
    ) -> Result<Option<(Scope, Planned)>, ServiceError> {
        let mapped = self.map.table(&aside.table);
        let known = mapped.is_some_and(|table| aside.roles.iter().all(|role| table.role(role).is_some()));
        if !known || self.is_held(work, ground, aside.request).await? {
            return Ok(None);
        }
        let keys = aside.keys.iter().cloned().map(Key).collect();
        let scope = Scope::SetAside { table: aside.table.clone(), roles: aside.roles.clone(), keys };
        let planned = plan::plan(&self.sources, &ground.terms(self, &scope, as_of), &self.calendar()).await?;
        Ok(Some((scope, planned)))
    }

    async fn is_held(&self, work: &Work, ground: &Ground, request: RequestId) -> Result<bool, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request).await?;
        Ok(ground.holds.iter().flat_map(OnHold::identifiers).any(|identifier| subject.contains(identifier)))
    }

    /// Whatever is due of what was set aside. What was interrupted goes on first, or ends as far as it came.
    pub(super) async fn finish_set_asides(
        &self,
        work: &Work,
        night: &Run,
        heartbeat: &Heartbeat,
    ) -> Result<PutOff, ServiceError> {
        let mut put_off = PutOff::default();
        for aside in self.store.set_aside_due(night.as_of).await? {
            heartbeat.check()?;
            match self.finish_set_aside(work, &aside, night, heartbeat).await {
                Ok(Finished::Done) => {}
                Ok(Finished::NotNow) => put_off.rows += aside.keys.len() as u64,
                Err(ServiceError::LeaseLost) => return Err(ServiceError::LeaseLost),
                // One that fails must not keep the others from their night.
                Err(error) => {
                    tracing::warn!(code = error.code(), table = %aside.table, "rows set aside could not be finished");
                    put_off.rows += aside.keys.len() as u64;
                    put_off.failed += 1;
                }
            }
        }
        for run in self.store.interrupted_set_aside().await? {
            if self.is_anothers(&run, night).await? {
                continue;
            }
            match self.end_set_aside(&run, night, heartbeat.job()).await {
                Ok(()) => {}
                Err(ServiceError::LeaseLost) => return Err(ServiceError::LeaseLost),
                // The next night asks again.
                Err(error) => {
                    tracing::warn!(code = error.code(), run = %run.id, "an interrupted run could not be ended");
                    put_off.failed += 1;
                }
            }
        }
        Ok(put_off)
    }

    /// Rows an erasure had to leave, now that their floor is over.
    async fn finish_set_aside(
        &self,
        work: &Work,
        aside: &SetAside,
        night: &Run,
        heartbeat: &Heartbeat,
    ) -> Result<Finished, ServiceError> {
        let interrupted = self.store.interrupted_run_of(aside.id).await?;
        if let Some(run) = &interrupted
            && self.is_anothers(run, night).await?
        {
            return Ok(Finished::NotNow);
        }
        let ground = Ground::of(self).await?;
        let found = self.finishing(work, &ground, aside, night.as_of).await?;
        let Some((scope, Planned { plan, set_aside })) = found else { return Ok(Finished::NotNow) };
        let run = match interrupted {
            Some(run) if run.plan.map == self.map.hash => self.take_up(run, night).await?,
            Some(run) => {
                self.end_set_aside(&run, night, heartbeat.job()).await?;
                self.begin_set_aside(work, aside, night, plan).await?
            }
            None => self.begin_set_aside(work, aside, night, plan).await?,
        };
        let done = self.carry_out(&run, &scope, heartbeat, &|_| {}, None).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.still_holds(heartbeat.job()).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.finish_run(run.id, status_of(&done), &Report::Run(done.clone()), now).await?;
        // What a hold still protects, or whose period has not begun, a later night finds again.
        if done.verified && !is_the_same(aside, &set_aside) {
            tx.set_aside_done(aside.id, now).await?;
            // A law may keep what a hold protected, or a row that is locked away by now: for its own reason and days.
            for aside_again in set_aside {
                self.set_aside(&tx, aside.request, aside_again).await?;
            }
        }
        tx.commit().await?;
        Ok(Finished::Done)
    }

    async fn begin_set_aside(
        &self,
        work: &Work,
        aside: &SetAside,
        night: &Run,
        plan: Plan,
    ) -> Result<Run, ServiceError> {
        let run = self.new_run(self.clock.now(), RunKind::SetAside, night.as_of, plan)?;
        let (request, night, set_aside) = (Some(aside.request), Some(night.id), Some(aside.id));
        self.begin_run(work, Run { request, night, set_aside, ..run }).await
    }

    /// Another day's night has it, and goes on with it itself.
    async fn is_anothers(&self, run: &Run, night: &Run) -> Result<bool, ServiceError> {
        let is_own = run.night == Some(night.id) || run.as_of == night.as_of;
        Ok(!is_own && self.store.is_waiting(JobKind::Retain, &run.as_of.to_string()).await?)
    }

    async fn take_up(&self, run: Run, night: &Run) -> Result<Run, ServiceError> {
        let tx = self.store.begin().await?;
        tx.goes_on_in(run.id, night.id).await?;
        tx.commit().await?;
        Ok(Run { night: Some(night.id), ..run })
    }

    /// As far as it came: what is left of it is found again.
    async fn end_set_aside(&self, run: &Run, night: &Run, job: &Claimed) -> Result<(), ServiceError> {
        let report = self.end_by_ledger(run, job).await?;
        let tx = self.store.begin().await?;
        tx.still_holds(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.goes_on_in(run.id, night.id).await?;
        tx.finish_run(run.id, status_of(&report), &Report::Run(report), self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What of the rows set aside stays for another night.
#[derive(Debug, Default)]
pub(super) struct PutOff {
    pub(super) rows: u64,
    /// How often something failed.
    pub(super) failed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finished {
    Done,
    NotNow,
}

/// Nothing has changed about why they stay.
fn is_the_same(aside: &SetAside, again: &[plan::SetAside]) -> bool {
    matches!(again, [one] if Some(&one.outcome) == aside.outcome.as_ref() && one.keys.len() == aside.keys.len())
}

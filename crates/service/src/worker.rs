//! Takes jobs one after another and carries them out. Several workers, in one process or many,
//! share the work.

use std::pin::Pin;

use domain::{
    actor::Actor,
    ids::{ChallengeId, RequestId},
    permit::Work,
};
use jiff::{SignedDuration, civil::Date};
use store::jobs::{Claimed, JobKind, Lane};

use crate::{Notice, Portal, ServiceError, run::Heartbeat};

/// What a look for work found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    Did,
    Nothing,
}

/// 5 s, 10 s, 20 s … and never more than ten minutes between two tries.
pub(crate) fn wait(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    SignedDuration::from_secs((5_i64 << doublings).min(600))
}

type Carried<'a> = Pin<Box<dyn Future<Output = Result<(), ServiceError>> + Send + 'a>>;

impl Portal {
    /// Does the next job that is due, whatever lane it is in, if there is one; copies are written by
    /// [`Self::prepare_next`].
    pub async fn work_once(&self) -> Result<Worked, ServiceError> {
        for lane in Lane::BUT_COPIES {
            if self.work_in(lane).await? == Worked::Did {
                return Ok(Worked::Did);
            }
        }
        Ok(Worked::Nothing)
    }

    /// Likewise, of one lane.
    pub async fn work_in(&self, lane: Lane) -> Result<Worked, ServiceError> {
        let Some(job) = self.store.claim(lane, self.clock.now()).await? else { return Ok(Worked::Nothing) };
        self.work_on(&job).await?;
        Ok(Worked::Did)
    }

    /// Does this request's job now, if it waits: the person is looking at the page.
    pub async fn work_now(&self, id: RequestId) -> Result<(), ServiceError> {
        let job = self.store.claim_object(JobKind::ExecuteRequest, &id.to_string(), self.clock.now()).await?;
        match job {
            Some(job) => self.work_on(&job).await,
            None => Ok(()),
        }
    }

    async fn work_on(&self, job: &Claimed) -> Result<(), ServiceError> {
        let work = Actor::System.work()?;
        let kind = job.kind.as_str();
        let heartbeat = Heartbeat::start(self, job);
        // By its name only, or every caller's type would hold those of all jobs.
        let carried: Carried<'_> = Box::pin(self.carry(&work, &heartbeat));
        let carried = carried.await;
        drop(heartbeat);
        match carried {
            Ok(()) => {
                metrics::counter!("qingdan_jobs_total", "kind" => kind, "result" => "done").increment(1);
                Ok(())
            }
            // Somebody else has the job now; there is nothing to put right.
            Err(ServiceError::LeaseLost) => Ok(()),
            Err(error) => {
                metrics::counter!("qingdan_jobs_total", "kind" => kind, "result" => "failed").increment(1);
                tracing::warn!(job = %job.id, kind, code = error.code(), attempts = job.attempts, "job failed, will be tried again");
                let tx = self.store.begin().await?;
                tx.retry_job(job, self.clock.now() + wait(job.attempts), error.code()).await?;
                tx.commit().await?;
                Ok(())
            }
        }
    }

    async fn carry(&self, work: &Work, heartbeat: &Heartbeat) -> Result<(), ServiceError> {
        let job = heartbeat.job();
        let damaged = || store::StoreError::Inconsistent { what: "a job" };
        match job.kind {
            JobKind::ExecuteRequest => {
                let id: RequestId = job.object.parse().map_err(|_| damaged())?;
                self.execute_request(work, id, heartbeat).await
            }
            JobKind::SendCode => self.deliver_code(job, &Notice::Code).await,
            JobKind::SendCodeToNew => self.deliver_code(job, &Notice::CodeToNew).await,
            JobKind::TellOfChange => self.tell_of_change(heartbeat).await,
            // Carried out by whoever asked. One that died there is ended here.
            JobKind::Replay => {
                let id: RequestId = job.object.parse().map_err(|_| damaged())?;
                self.go_on_with_replays(work, id, heartbeat).await
            }
            JobKind::SignHead => self.sign_head(job).await,
            // Never claimed here: its lane is that of `Portal::prepare_next`.
            JobKind::PrepareCopy => Err(ServiceError::Inconsistent { what: "whoever writes copies" }),
            JobKind::Settle => self.settle_source(job).await,
            JobKind::Rescan => {
                let id: RequestId = job.object.parse().map_err(|_| damaged())?;
                self.rescan_for(work, id, heartbeat).await
            }
            JobKind::Remind => self.remind(work, job).await,
            JobKind::RemindRecipients => self.remind_recipients(work, job).await,
            JobKind::TellOfPart => {
                let id: RequestId = job.object.parse().map_err(|_| damaged())?;
                self.tell_of_part(work, id, job).await
            }
            JobKind::PlanRequest => {
                let id: RequestId = job.object.parse().map_err(|_| damaged())?;
                self.plan_request(work, id, job).await
            }
            JobKind::LookForDrift => self.look_for_drift(work, job).await,
            JobKind::Retain => {
                let as_of: Date = job.object.parse().map_err(|_| damaged())?;
                self.night(work, as_of, heartbeat, &|_| {}).await.map(|_| ())
            }
        }
    }

    async fn deliver_code(&self, job: &Claimed, notice: &Notice) -> Result<(), ServiceError> {
        let damaged = |_| store::StoreError::Inconsistent { what: "a job" };
        let id: ChallengeId = job.object.parse().map_err(damaged)?;
        let out = self.send_code(id).await?;
        let tx = self.store.begin().await?;
        if let Some(out) = &out {
            self.post_code(&tx, out, notice).await?;
        }
        tx.forget_code(id).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }

    /// What the portal itself no longer needs: spent codes, old counters, ended sessions.
    pub async fn tidy(&self) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.forget_challenges(now).await?;
        tx.forget_paces(now).await?;
        tx.forget_answers(now).await?;
        tx.forget_handovers(now).await?;
        tx.forget_transfers(now).await?;
        tx.forget_deliveries(now).await?;
        tx.commit().await?;
        self.store.delete_expired_sessions(now).await?;
        let work = Actor::System.work()?;
        self.forget_spent_copies(&work).await?;
        self.forget_late_copies(&work, now, None).await?;
        self.store.settle().await?;
        Ok(())
    }
}

//! The night: what is past its period goes (PIPL art. 19, 47). The same plan, executor and second
//! look as an erasure, with another selection.

mod breaker;
mod last;
mod own;
mod report;
mod set_aside;
mod simulate;

use domain::{
    actor::Actor,
    audit::Action,
    breaker::Tripped,
    ids::NightNumber,
    permit::{ReadReports, Work},
    plan::Plan,
    proof,
    report::{LetGo, NightReport, Report, RunReport},
};
use jiff::{SignedDuration, civil::Date};
use sources::{Scope, plan};
use store::{
    Tx,
    breaker::{Release, Waiting},
    jobs::{Claimed, JobKind},
    runs::{Run, RunKind, RunStatus},
};

use crate::{
    Portal, Progress, ServiceError,
    portal::Ground,
    run::{Heartbeat, OnProgress, status_of},
};
use own::OwnLeft;
use report::add_plan;

pub use breaker::Releasing;
pub use last::{LastRun, Left};
pub use simulate::By;

fn said_of(waiting: &Waiting) -> Option<LetGo> {
    let Release::Released { reason: Some(reason) } = &waiting.release else { return None };
    let Tripped { table, outcome, .. } = waiting.tripped.clone();
    Some(LetGo { table, outcome, reason: reason.clone() })
}

impl Portal {
    /// What tonight would do. Nothing is changed.
    pub async fn retain_dry(&self, as_of: Date) -> Result<NightReport, ServiceError> {
        let mut report = self.empty_report(as_of);
        report.dry_run = true;
        report.verified = true;
        let (work, ground) = (Actor::System.work()?, Ground::of(self).await?);
        let terms = ground.terms(self, &Scope::Expired, as_of);
        let plan = plan::plan(&self.sources, &terms, &self.calendar()).await?.plan;
        let (plan, stopped) = self.stop_what_is_too_much(&terms, plan).await?;
        report.stopped = stopped;
        add_plan(&mut report, &plan);
        for aside in self.store.set_aside_due(as_of).await? {
            let Some((_, planned)) = self.finishing(&work, &ground, &aside, as_of).await? else {
                report.waiting += aside.keys.len() as u64;
                continue;
            };
            let before = report.rules.len();
            add_plan(&mut report, &planned.plan);
            report.rules.iter_mut().skip(before).for_each(|rule| rule.set_aside = true);
        }
        report.rules.extend(self.own_due(&work, as_of).await?);
        Ok(report)
    }

    /// The night itself. One at a time: a second process is told so.
    pub async fn retain(&self, as_of: Date, on_progress: OnProgress<'_>) -> Result<NightReport, ServiceError> {
        let work = Actor::System.work()?;
        let job = self.store.take(JobKind::Retain, &as_of.to_string(), self.clock.now()).await?;
        let job = job.ok_or(ServiceError::AlreadyRunning)?;
        let heartbeat = Heartbeat::start(self, &job);
        let result = self.night(&work, as_of, &heartbeat, on_progress).await;
        drop(heartbeat);
        if let Err(error) = &result {
            let tx = self.store.begin().await?;
            tx.retry_job(&job, self.clock.now() + SignedDuration::from_mins(5), error.code()).await?;
            tx.commit().await?;
        }
        result
    }

    pub(crate) async fn night(
        &self,
        work: &Work,
        as_of: Date,
        heartbeat: &Heartbeat,
        on_progress: OnProgress<'_>,
    ) -> Result<NightReport, ServiceError> {
        let (plan, stopped) = self.night_plan(as_of).await?;
        self.note_stopped(&stopped).await?;
        let mut let_go = self.let_go(&stopped).await?;
        let is_in = |plan: &Plan, rule: &Tripped| {
            plan.items.iter().any(|of| of.table == rule.table && of.outcome == rule.outcome)
        };
        let due: Vec<Tripped> =
            let_go.iter().map(|rule| rule.tripped.clone()).filter(|rule| is_in(&plan, rule)).collect();
        let run = match self.store.unfinished_run(RunKind::Retention, as_of).await? {
            Some(run) if run.plan.map == self.map.hash => run,
            Some(old) => {
                self.abandon(&old, heartbeat.job()).await?;
                self.begin_night(work, as_of, plan).await?
            }
            None => self.begin_night(work, as_of, plan).await?,
        };
        // A night that goes on by the plan it began with leaves what was let go since to the next.
        let_go.retain(|rule| is_in(&run.plan, &rule.tripped) || !due.contains(&rule.tripped));
        let window = self.settings.window.and_then(|window| SignedDuration::try_from(window).ok());
        let until = window.map(|window| run.started_at + window);
        let done = self.carry_out(&run, &Scope::Expired, heartbeat, on_progress, until).await?;
        let put_off = self.finish_set_asides(work, &run, heartbeat).await?;
        let own = self.forget_own(work, &run, heartbeat).await?;
        let mut report = self.report_of_night(&run, &done, own).await?;
        let goes = let_go.iter().filter(|rule| is_in(&run.plan, &rule.tripped));
        report.let_go = goes.filter_map(said_of).collect();
        report.stopped = stopped;
        report.waiting = put_off.rows;
        report.verified &= put_off.failed == 0;
        self.close_night(&run, &done, &report, &let_go, heartbeat.job()).await?;
        // The day's head of the audit log: whoever has it notices if the log is rewritten.
        self.store.sign_head(self.clock.now()).await?;
        metrics::counter!("qingdan_retention_rows_total").increment(report.changed);
        Ok(report)
    }

    async fn close_night(
        &self,
        run: &Run,
        done: &RunReport,
        report: &NightReport,
        let_go: &[Waiting],
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        for gone in let_go {
            tx.forget_rule(&gone.tripped).await?;
        }
        self.certify_end(&tx, run, status_of(done), report).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }

    async fn certify_end(
        &self,
        tx: &Tx,
        run: &Run,
        status: RunStatus,
        report: &NightReport,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        tx.finish_run(run.id, status, &Report::Night(report.clone()), now).await?;
        let (signed, number) = (self.certify_night(run, report, now), NightNumber::of(run.as_of, run.id));
        let detail = serde_json::json!({
            "as_of": report.as_of, "changed": report.changed, "held": report.held, "verified": report.verified,
            "certificate": proof::digest(&signed.body),
        });
        let seq = tx.audit(now, &Actor::System, Action::RetentionRun, number.as_str(), detail).await?;
        Ok(tx.add_certificate(number.as_str(), &signed, seq).await?)
    }

    /// What is due, and what of it must wait for a person.
    async fn night_plan(&self, as_of: Date) -> Result<(Plan, Vec<Tripped>), ServiceError> {
        let ground = Ground::of(self).await?;
        let terms = ground.terms(self, &Scope::Expired, as_of);
        let plan = plan::plan_night(&self.sources, &terms, &self.calendar()).await?;
        self.stop_what_is_too_much(&terms, plan).await
    }

    async fn begin_night(&self, work: &Work, as_of: Date, plan: Plan) -> Result<Run, ServiceError> {
        self.begin_run(work, self.new_run(self.clock.now(), RunKind::Retention, as_of, plan)?).await
    }

    pub(crate) async fn begin_run(&self, work: &Work, run: Run) -> Result<Run, ServiceError> {
        let tx = self.store.begin().await?;
        tx.add_run(work, &run).await?;
        tx.commit().await?;
        Ok(run)
    }

    /// A night that was interrupted and whose map has changed since: it ends with what it did, and another begins.
    async fn abandon(&self, run: &Run, job: &Claimed) -> Result<(), ServiceError> {
        let done = self.end_by_ledger(run, job).await?;
        let report = self.report_of_night(run, &done, OwnLeft::default()).await?;
        let tx = self.store.begin().await?;
        tx.still_holds(job).await.map_err(|_| ServiceError::LeaseLost)?;
        self.certify_end(&tx, run, RunStatus::Differs, &report).await?;
        tx.commit().await?;
        Ok(())
    }

    /// How far the night is that is under way.
    pub async fn night_under_way(&self, permit: ReadReports) -> Result<Option<Progress>, ServiceError> {
        match self.nights(permit, 1).await?.first() {
            Some(run) => self.progress(run).await,
            None => Ok(None),
        }
    }

    /// The newest nights, for the report page.
    pub async fn nights(&self, permit: ReadReports, most: u64) -> Result<Vec<Run>, ServiceError> {
        Ok(self.store.nights(permit, most).await?)
    }
}

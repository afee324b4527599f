//! Doing it again. Where that was interrupted, what was begun goes on, or ends as far as it came: the ledger knows.

use domain::{
    Identifier,
    actor::Actor,
    audit::Action,
    ids::RequestId,
    map::TableName,
    permit::Work,
    plan::Plan,
    report::{Report, RunReport},
    request::Handling,
};
use sources::Scope;
use store::{
    jobs::{Claimed, JobKind},
    requests::{Reader, Request},
    runs::{Run, RunKind},
};

use super::{Again, Of, Restored, Returned};
use crate::{
    Portal, ServiceError,
    portal::Ground,
    run::{Heartbeat, status_of},
};

impl Portal {
    /// Does it again, with the same executor, ledger and second look. The answer is about all of it, whatever an
    /// interrupted one had done already.
    pub async fn replay(&self, returned: Returned) -> Result<RunReport, ServiceError> {
        let work = Actor::System.work()?;
        let Again { request, plan, subject, restored, of } = returned.again;
        let job = self.store.take(JobKind::Replay, &request.id.to_string(), self.clock.now()).await?;
        let job = job.ok_or(ServiceError::AlreadyRunning)?;
        let heartbeat = Heartbeat::start(self, &job);
        let mut begun = self.end_replays(&work, &request, &heartbeat).await?;
        // Others of this request have other rows.
        begun.retain(|(run, _)| run.set_aside == of.set_aside());
        let plan =
            if begun.is_empty() { plan } else { self.still_there(&request, &subject, &restored, &of, plan).await? };
        let report = match begun.split_last() {
            Some(((_, last), earlier)) if plan.rows_to_change() == 0 => {
                let earlier: Vec<Run> = earlier.iter().map(|(run, _)| run.clone()).collect();
                self.with_earlier(last.clone(), &earlier).await?
            }
            Some(_) | None => {
                let run = self.begin_replay(&work, &request, &subject, plan, &of).await?;
                let report = self.carry_out_again(&request, &run, &subject, &restored, &of, &heartbeat).await?;
                self.end_replay(&request, &run, &report, &job).await?;
                let earlier: Vec<Run> = begun.into_iter().map(|(run, _)| run).collect();
                self.with_earlier(report, &earlier).await?
            }
        };
        self.drop_job(&job).await?;
        Ok(report)
    }

    /// The job of one that was interrupted.
    pub(crate) async fn go_on_with_replays(
        &self,
        work: &Work,
        id: RequestId,
        heartbeat: &Heartbeat,
    ) -> Result<(), ServiceError> {
        if let Some(request) = self.store.request_by_id(work, id).await? {
            self.end_replays(work, &request, heartbeat).await?;
        }
        self.drop_job(heartbeat.job()).await
    }

    async fn begin_replay(
        &self,
        work: &Work,
        request: &Request,
        subject: &[Identifier],
        plan: Plan,
        of: &Of,
    ) -> Result<Run, ServiceError> {
        let now = self.clock.now();
        let run = self.new_run(now, RunKind::Replay, self.clock.today(), plan)?;
        let run = Run { request: Some(request.id), set_aside: of.set_aside(), ..run };
        let tx = self.store.begin().await?;
        tx.add_run(work, &run).await?;
        if request.kind.erases() {
            self.withdraw_copies(&tx, work, subject).await?;
        }
        tx.commit().await?;
        Ok(run)
    }

    async fn carry_out_again(
        &self,
        request: &Request,
        run: &Run,
        subject: &[Identifier],
        restored: &Restored,
        of: &Of,
        heartbeat: &Heartbeat,
    ) -> Result<RunReport, ServiceError> {
        let scope = match of {
            Of::SetAside(_, scope) => (**scope).clone(),
            Of::Person => match request.kind.handling() {
                Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {
                    let person = self.person_of(request, subject).await?.knowing(&run.plan.shared);
                    Scope::Person(person.within(restored.tables(&self.map)))
                }
                Handling::Correction => {
                    return self.carry_out_correction(request, run, subject, heartbeat.job()).await;
                }
                Handling::Answer => {
                    return Err(ServiceError::Inconsistent { what: "a run of what is answered in words" });
                }
            },
        };
        self.carry_out(run, &scope, heartbeat, &|_| {}, None).await
    }

    /// What there still is to do after an interrupted one has come to its end.
    async fn still_there(
        &self,
        request: &Request,
        subject: &[Identifier],
        restored: &Restored,
        of: &Of,
        plan: Plan,
    ) -> Result<Plan, ServiceError> {
        match of {
            Of::SetAside(_, scope) => Ok(self.plan_as_of(scope, self.clock.today()).await?.plan),
            Of::Person => match request.kind.handling() {
                Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {
                    let person = self.person_of(request, subject).await?.within(restored.tables(&self.map));
                    Ok(self.plan_for(person).await?.plan)
                }
                Handling::Correction if !self.is_as_before(request, subject, &plan).await? => {
                    Ok(Plan { items: Vec::new(), ..plan })
                }
                Handling::Correction | Handling::Answer => Ok(plan),
            },
        }
    }

    /// Every interrupted one of a request, each to its end.
    async fn end_replays(
        &self,
        work: &Work,
        request: &Request,
        heartbeat: &Heartbeat,
    ) -> Result<Vec<(Run, RunReport)>, ServiceError> {
        let mut ended = Vec::new();
        for run in self.store.interrupted_replays(request.id).await? {
            let report = match self.go_on_with(work, request, &run, heartbeat).await {
                Ok(Some(report)) => report,
                Ok(None) => self.end_by_ledger(&run, heartbeat.job()).await?,
                Err(ServiceError::Source(error)) if !error.is_passing() => {
                    self.end_by_ledger(&run, heartbeat.job()).await?
                }
                Err(error) => return Err(error),
            };
            self.end_replay(request, &run, &report, heartbeat.job()).await?;
            ended.push((run, report));
        }
        Ok(ended)
    }

    /// `None` where nobody can tell any more what it was about, or where something else is there by now.
    async fn go_on_with(
        &self,
        work: &Work,
        request: &Request,
        run: &Run,
        heartbeat: &Heartbeat,
    ) -> Result<Option<RunReport>, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        if run.plan.map != self.map.hash || subject.is_empty() {
            return Ok(None);
        }
        let scope = match (run.set_aside, request.kind.handling()) {
            (Some(id), _) => {
                let Some(aside) = self.store.set_aside(id).await? else { return Ok(None) };
                let ground = Ground::of(self).await?;
                match self.finishing(work, &ground, &aside, run.as_of).await? {
                    Some((scope, _)) => scope,
                    None => return Ok(None),
                }
            }
            (None, Handling::Erasure | Handling::Withdrawal | Handling::Restriction) => {
                let of = |table: &TableName| run.plan.items.iter().any(|item| item.table.source == table.source);
                let tables = self.map.tables.iter().map(|table| table.name.clone()).filter(of);
                let person = self.person_of(request, &subject).await?.knowing(&run.plan.shared);
                Scope::Person(person.within(tables))
            }
            (None, Handling::Correction) => {
                return self.carry_out_correction(request, run, &subject, heartbeat.job()).await.map(Some);
            }
            (None, Handling::Answer) => return Ok(None),
        };
        let done = self.settle_open_steps(run, heartbeat.job()).await?;
        if !self.is_untouched_as_planned(run, &done, &scope).await? {
            return Ok(None);
        }
        self.carry_out(run, &scope, heartbeat, &|_| {}, None).await.map(Some)
    }

    async fn end_replay(
        &self,
        request: &Request,
        run: &Run,
        report: &RunReport,
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let rows: u64 = report.items.iter().map(|item| item.done).sum();
        let detail = serde_json::json!({ "rows": rows, "verified": report.verified });
        let tx = self.store.begin().await?;
        tx.still_holds(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.finish_run(run.id, status_of(report), &Report::Run(report.clone()), now).await?;
        tx.audit(now, &Actor::System, Action::Replayed, request.number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(())
    }
}

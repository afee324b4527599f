//! The worker's part: carry out what was approved, look again, answer.

use domain::{
    Identifier,
    actor::Actor,
    audit::Action,
    ids::RequestId,
    json,
    permit::Work,
    plan::Plan,
    proof,
    report::{Report, RunReport, SentBack},
    request::{DecidedBy, Event, Handling, Happened, RequestKind, Stage},
};
use sources::Scope;
use store::{
    Tx,
    jobs::{Claimed, JobKind},
    requests::{Authority, Reader, Request},
    runs::{Run, RunKind, RunStatus},
};

use super::{LeftOut, gone::kept_with, owed::as_planned, restrict::Doer, unlinked::Unlinked, wish::Ending};
use crate::{
    Portal, ServiceError,
    error::overtaken,
    run::{Heartbeat, status_of},
};

const fn is_by_rule(stage: &Stage) -> bool {
    matches!(stage, Stage::Approved { decided: DecidedBy::Rule, .. })
}

/// Why a run goes back to an officer.
struct Found {
    live: Option<Plan>,
    why: SentBack,
}

/// Why a request goes back to an officer before anything has run.
enum Left<'a> {
    /// There is nothing that a program could do.
    NothingToDo,
    /// Something has to be settled before an account is closed. The run holds what would have gone.
    Blocked(&'a Run),
    /// What it is about could not be read, and cannot be the next time either: a database no longer fits the map.
    Unread(&'static str),
}

impl Portal {
    /// Carries out a request's approved plan, or goes on with it. Ends with the job.
    pub(crate) async fn execute_request(
        &self,
        work: &Work,
        id: RequestId,
        heartbeat: &Heartbeat,
    ) -> Result<(), ServiceError> {
        let job = heartbeat.job();
        let Some(request) = self.store.request_by_id(work, id).await? else { return self.drop_job(job).await };
        let subject = self.store.subject(Reader::Work(work), id).await?;
        let (request, run) = match &request.stage {
            Stage::Approved { plan, .. } => {
                let plan = plan.clone();
                match self.start(work, request.clone(), &subject, &plan, job).await {
                    Ok(Some(started)) => started,
                    Ok(None) => return Ok(()),
                    // It would fail again for ever: nothing has been written yet.
                    Err(ServiceError::Source(error)) if !error.is_passing() => {
                        return self.leave_to_an_officer(work, &request, Left::Unread(error.code()), job).await;
                    }
                    Err(error) => return Err(error),
                }
            }
            Stage::Running { run, .. } => {
                let run = *run;
                let run =
                    self.store.run(run).await?.ok_or(ServiceError::Inconsistent { what: "the run of a request" })?;
                if !self.is_still_as_approved(&request, &run, &subject, job).await? {
                    return self.differs(work, &request, &run, &subject, job).await;
                }
                (request, run)
            }
            // Cancelled before its turn, or decided otherwise: nothing to do.
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Differs { .. }
            | Stage::Completed { .. }
            | Stage::Answered { .. }
            | Stage::Refused { .. }
            | Stage::Cancelled { .. } => return self.drop_job(job).await,
        };
        let result = match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {
                let person = self.person_of(&request, &subject).await?.knowing(&run.plan.shared);
                self.carry_out(&run, &Scope::Person(person), heartbeat, &|_| {}, None).await
            }
            Handling::Correction => self.carry_out_correction(&request, &run, &subject, job).await,
            // No machine does what a person answers.
            Handling::Answer => return self.drop_job(job).await,
        };
        let report = match result {
            Err(ServiceError::Source(error)) if !error.is_passing() => {
                return self.refused_by_source(work, &request, &run, error.code(), job).await;
            }
            other => other?,
        };
        heartbeat.check()?;
        if report.verified && self.waits_for_people(&request).await? {
            // Everything a program can do is done; the last confirmation brings the job back.
            self.drop_job(job).await?;
            // Somebody may have confirmed in between, while the job was still there to be found.
            if self.waits_for_people(&request).await? { Ok(()) } else { self.go_on(&request).await }
        } else if report.verified {
            self.complete(work, &request, &run, &subject, &report, job).await
        } else {
            self.differs(work, &request, &run, &subject, job).await
        }
    }

    /// Compares the approved plan with the data as it is now and writes the run into the ledger.
    /// `None` when they differ: the request is back with an officer.
    async fn start(
        &self,
        work: &Work,
        request: Request,
        subject: &[Identifier],
        digest: &str,
        job: &Claimed,
    ) -> Result<Option<(Request, Run)>, ServiceError> {
        let now = self.clock.now();
        let approved = self.store.frozen_plan(request.id, Some(digest)).await?;
        let approved = approved.ok_or(ServiceError::Inconsistent { what: "an approved plan" })?;
        let kind = match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal => RunKind::Erasure,
            Handling::Correction => RunKind::Correction,
            Handling::Restriction => RunKind::Restriction,
            Handling::Answer => return Err(ServiceError::Inconsistent { what: "a run of what is answered in words" }),
        };
        if let Some(restricting) = self.restricting(&request).await?
            && !self.is_last_word(work, &request, &restricting).await?
        {
            self.overtaken_by_word(work, &request, job).await?;
            return Ok(None);
        }
        let run = self.new_run(now, kind, self.clock.today(), approved)?;
        let mut run = Run { request: Some(request.id), ..run };
        let stage = request.stage.clone().next(Event::Start { run: run.id }, now);
        let stage = stage.map_err(|late| ServiceError::TooLate { stage: late.stage })?;
        let person = self.person_of(&request, subject).await?;
        let live = match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {
                Some(self.plan_for(person.clone()).await?)
            }
            Handling::Correction | Handling::Answer => None,
        };
        if let Some(live) = &live
            && self.is_for_an_officer(&request, subject, &live.plan).await?
        {
            self.leave_to_an_officer(work, &request, Left::NothingToDo, job).await?;
            return Ok(None);
        }
        // An account lives on while one may still change one's mind: what is there on the day is what goes. But what
        // has to be settled first may have come up meanwhile.
        let closes = request.kind == RequestKind::CancelAccount;
        if closes && self.is_blocked(&request, subject, &run.plan).await? {
            run.plan = live.map_or(run.plan, |live| live.plan);
            self.leave_to_an_officer(work, &request, Left::Blocked(&run), job).await?;
            return Ok(None);
        }
        // A withdrawal while a database was down could not be planned: what rests on that consent now is what goes.
        let unplanned =
            request.kind == RequestKind::Withdraw && is_by_rule(&request.stage) && run.plan.items.is_empty();
        // A restriction takes nothing away: where more rows can say so by now, they do.
        let as_it_is = closes || unplanned || request.kind.handling() == Handling::Restriction;
        let drift = match &live {
            Some(live) if !closes && !unplanned => run.plan.drift(&live.plan),
            Some(_) | None => Vec::new(),
        };
        if let (true, Some(live)) = (as_it_is, &live) {
            run.plan = live.plan.clone();
        }
        // While the person can still be found.
        let unlinked = self.unlinked_by(&request, &person, &run.plan).await?;
        let got = self.who_got(&request, person, &run.plan).await?;
        let tx = self.store.begin().await?;
        if as_it_is {
            tx.freeze(request.id, &run.plan, now).await?;
        }
        let request = tx.move_request(Authority::Work(work), &request, stage).await.map_err(overtaken)?;
        tx.add_run(work, &run).await?;
        if request.kind.erases() {
            self.withdraw_copies(&tx, work, subject).await?;
        }
        let data = serde_json::json!({ "run": run.id.to_string() });
        tx.audit(now, &Actor::System, Action::RunStarted, request.number.as_str(), data.clone()).await?;
        // Where it is stopped at once, it leaves nothing behind.
        let unlinked = if drift.is_empty() { unlinked } else { Unlinked::Known(Vec::new()) };
        let data = unlinked.kept_with(data);
        tx.add_event(request.id, now, &Actor::System, Happened::Started, data, None).await?;
        if !drift.is_empty() {
            // In the same transaction: a crash must not leave a run that looks as if it may go on.
            let found = Found { live: live.map(|live| live.plan), why: SentBack::Drift(drift) };
            self.send_back(&tx, work, &request, &run, found, job).await?;
            tx.commit().await?;
            return Ok(None);
        }
        // What must stay for now is set aside before the person can no longer be found.
        for aside in live.map(|live| live.set_aside).unwrap_or_default() {
            self.set_aside(&tx, request.id, aside).await?;
        }
        self.ask_owners(&tx, work, &request, &run.plan).await?;
        self.note_recipients(&tx, work, &request, &got).await?;
        tx.commit().await?;
        Ok(Some((request, run)))
    }

    /// Resumed after a crash, or after a day without one of its databases: under another map the rest of the plan would
    /// mean something else, and rows that came since nobody has approved.
    async fn is_still_as_approved(
        &self,
        request: &Request,
        run: &Run,
        subject: &[Identifier],
        job: &Claimed,
    ) -> Result<bool, ServiceError> {
        match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {}
            Handling::Correction | Handling::Answer => return Ok(true),
        }
        // First of all: what has gone is accounted for, whatever becomes of the rest.
        let done = self.settle_open_steps(run, job).await?;
        if run.plan.map != self.map.hash {
            return Ok(false);
        }
        let person = self.person_of(request, subject).await?.knowing(&run.plan.shared);
        self.is_untouched_as_planned(run, &done, &Scope::Person(person)).await
    }

    /// Nothing of theirs rests on it or could say that it is stopped, which showed only now: a database did not answer when
    /// they said it. To call it done would be a lie.
    async fn is_for_an_officer(
        &self,
        request: &Request,
        subject: &[Identifier],
        live: &Plan,
    ) -> Result<bool, ServiceError> {
        if !live.items.is_empty() {
            return Ok(false);
        }
        if let Some(restricting) = self.restricting(request).await? {
            let doer = self.doer(subject, &restricting.purpose, restricting.cover).await?;
            return Ok(matches!(doer, Doer::Officer));
        }
        Ok(match self.withdrawal(request, subject).await? {
            Some(withdrawal) => matches!(self.stops_for(subject, &withdrawal).await?, Doer::Officer),
            None => false,
        })
    }

    /// Before anything has gone: it waits for an officer again, and can be taken back.
    async fn leave_to_an_officer(
        &self,
        work: &Work,
        request: &Request,
        left: Left<'_>,
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let stage = request.stage.clone().next(Event::Leave, now);
        let stage = stage.map_err(|late| ServiceError::TooLate { stage: late.stage })?;
        let approved = self.store.frozen_plan(request.id, None).await?;
        let tx = self.store.begin().await?;
        let moved = tx.move_request(Authority::Work(work), request, stage).await.map_err(overtaken)?;
        let (what, data, why) = match left {
            Left::NothingToDo => {
                tx.forget_plans(work, request.id).await?;
                (Happened::LeftToOfficer, serde_json::json!({}), SentBack::NothingToDo)
            }
            Left::Blocked(run) => {
                tx.freeze(request.id, &run.plan, now).await?;
                tx.add_run(work, run).await?;
                tx.finish_run(run.id, RunStatus::Differs, &Report::SentBack(SentBack::Blocked), now).await?;
                (Happened::BlockedOnDay, json::value(&SentBack::Blocked), SentBack::Blocked)
            }
            Left::Unread(code) => {
                // Nobody has been able to look since it was asked: that nothing is in the plan says nothing.
                if as_planned(request, approved).is_none() {
                    tx.forget_plans(work, request.id).await?;
                    self.owe_plan(&tx, &moved).await?;
                }
                let why = SentBack::Failed { code: code.to_owned() };
                (Happened::UnreadAtItsTurn, json::value(&why), why)
            }
        };
        tx.add_event(request.id, now, &Actor::System, what, data, None).await?;
        tx.audit(now, &Actor::System, what.action(), request.number.as_str(), json::value(&why)).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }

    /// Done and seen to be done: the answer, item by item.
    async fn complete(
        &self,
        work: &Work,
        request: &Request,
        run: &Run,
        subject: &[Identifier],
        report: &RunReport,
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let rows_kept = run.plan.rows_kept();
        let erases_all = self.erases_all(request).await?;
        let stage = request.stage.clone().next(Event::Finish { rows_kept }, now);
        let stage = stage.map_err(|late| ServiceError::TooLate { stage: late.stage })?;
        let events = self.store.events(request).await?;
        let unlinked = Unlinked::of_runs(request.kind, &events);
        let gone = self.gone_before(request, &run.plan, &events).await?;
        let left_out = LeftOut::of(&events);
        // An earlier run of it may have differed half way: what it took is of this request too.
        let mut earlier = self.store.runs_for(request.id).await?;
        earlier.retain(|other| other.id != run.id && other.kind == run.kind);
        let all = self.with_earlier(report.clone(), &earlier).await?;
        let done: u64 = all.items.iter().map(|item| item.done).sum();
        let asker = self.store.asker(Reader::Work(work), request.id).await?;
        let tx = self.store.begin().await?;
        tx.move_request(Authority::Work(work), request, stage).await.map_err(overtaken)?;
        tx.finish_run(run.id, status_of(report), &Report::Run(report.clone()), now).await?;
        let mut data = serde_json::json!({ "rows": done, "kept": rows_kept });
        let kept = kept_with(gone.as_ref(), data.clone());
        tx.add_event(request.id, now, &Actor::System, Happened::Completed, kept, None).await?;
        let certificate = match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal => {
                Some(self.certify(request, run, (&unlinked, left_out.as_ref(), gone.clone()), &all, now))
            }
            Handling::Correction | Handling::Restriction | Handling::Answer => None,
        };
        if let (Some(certificate), Some(data)) = (&certificate, data.as_object_mut()) {
            data.insert("certificate".into(), proof::digest(&certificate.body).into());
        }
        let seq = tx.audit(now, &Actor::System, Action::RunFinished, request.number.as_str(), data).await?;
        if request.kind.erases() {
            self.withdraw_copies(&tx, work, subject).await?;
        }
        if erases_all {
            tx.bury(subject, request.id, now).await?;
        }
        if let Some(certificate) = &certificate {
            tx.add_certificate(request.number.as_str(), certificate, seq).await?;
        }
        let left_out = self.left_out_in_public(left_out.as_ref());
        let notice = self.done_notice(request, Ending { rows_kept, unlinked: unlinked.rows(), left_out, gone }).await?;
        self.tell(&tx, request, &asker, &notice).await?;
        self.tell_represented(&tx, request, subject, &notice).await?;
        self.tell_recipients(&tx, work, request).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        metrics::counter!("qingdan_requests_completed_total").increment(1);
        Ok(())
    }

    /// Stopped: the data is not what was approved. Back to an officer, with a plan of what is there now.
    async fn differs(
        &self,
        work: &Work,
        request: &Request,
        run: &Run,
        subject: &[Identifier],
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let live: Option<Plan> = match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal | Handling::Restriction => {
                Some(self.plan_for(self.person_of(request, subject).await?).await?.plan)
            }
            Handling::Correction | Handling::Answer => None,
        };
        let drift = live.as_ref().map(|live| run.plan.drift(live)).unwrap_or_default();
        let found = Found { live, why: SentBack::Drift(drift) };
        let tx = self.store.begin().await?;
        self.send_back(&tx, work, request, run, found, job).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Stopped: the database refuses the change, and would refuse it again. An officer decides.
    async fn refused_by_source(
        &self,
        work: &Work,
        request: &Request,
        run: &Run,
        code: &str,
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let found = Found { live: None, why: SentBack::Failed { code: code.to_owned() } };
        let tx = self.store.begin().await?;
        self.send_back(&tx, work, request, run, found, job).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn send_back(
        &self,
        tx: &Tx,
        work: &Work,
        request: &Request,
        run: &Run,
        found: Found,
        job: &Claimed,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let stage = request.stage.clone().next(Event::Differ, now);
        let stage = stage.map_err(|late| ServiceError::TooLate { stage: late.stage })?;
        tx.move_request(Authority::Work(work), request, stage).await.map_err(overtaken)?;
        if let Some(live) = &found.live {
            tx.freeze(request.id, live, now).await?;
        }
        let data = json::value(&found.why);
        tx.finish_run(run.id, RunStatus::Differs, &Report::SentBack(found.why), now).await?;
        tx.add_event(request.id, now, &Actor::System, Happened::Differs, data.clone(), None).await?;
        tx.audit(now, &Actor::System, Action::RunDiffers, request.number.as_str(), data).await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)
    }

    async fn go_on(&self, request: &Request) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        tx.enqueue(JobKind::ExecuteRequest, &request.id.to_string(), self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) async fn drop_job(&self, job: &Claimed) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }
}

//! The officer's part: the queue, a case, and the decision.

use std::collections::BTreeMap;

use domain::{
    Personal,
    actor::Actor,
    audit::Action,
    file::FiledAs,
    ids::{RequestNumber, StaffId},
    json,
    look::LookDetail,
    map::Extent,
    permit::{Decide, ReadRequests},
    request::{self, DecidedBy, Event, Handling, Happened, RefusalCode, Side, Stage, StageName, Status},
};
use jiff::Timestamp;
use store::{
    Tx,
    desk::{Colleague, Note},
    history::Written,
    jobs::JobKind,
    queue::{After, Filter},
    requests::{Authority, QueueView, Reader, Request},
};

use super::{Followed, GrantedBy, MayHandOut, Message, ToHeed, granted::Officers, in_time};
use crate::{Notice, Portal, Progress, ServiceError, error::overtaken, subject::Who};

#[derive(Debug)]
pub struct QueueRow {
    pub request: Request,
    /// Of which records it is.
    pub extent: Extent,
    /// How far it is.
    pub status: Status,
    pub days_left: i32,
    /// Whose request it is.
    pub who: Who,
}

#[derive(Debug)]
pub struct Case {
    pub followed: Followed,
    pub who: Who,
    pub days_left: i32,
    /// How far it is while it is carried out.
    pub progress: Option<Progress>,
    /// Everything outside the map is being looked through.
    pub rescanning: bool,
    /// The digest an approval must name.
    pub plan_digest: Option<String>,
    /// What a decision must not pass over.
    pub to_heed: Option<ToHeed>,
    /// Other open requests of the same person that ask for the same.
    pub alike: Vec<Request>,
    /// Those that ask for something else.
    pub beside: Vec<QueueRow>,
    /// What officers tell each other.
    pub notes: Vec<Note>,
    /// What staff are called.
    pub names: BTreeMap<StaffId, String>,
    pub granted_by: GrantedBy,
    pub may_hand_out: MayHandOut,
    /// Whoever looks was the first of two who agreed.
    pub was_first: bool,
    pub held_by: HeldBy,
    /// With what it was passed on to whoever has it.
    pub passed_on: Option<Note>,
    /// To whom whoever looks at it may pass it on.
    pub colleagues: Vec<Colleague>,
}

/// Who works on a request, of whoever looks at it and the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    Nobody,
    Themselves,
    Colleague(StaffId),
}

impl HeldBy {
    fn of(request: &Request, reader: StaffId) -> Self {
        match request.owner {
            None => Self::Nobody,
            Some(owner) if owner == reader => Self::Themselves,
            Some(owner) => Self::Colleague(owner),
        }
    }
}

/// Which of the approvals a request needs one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    Only,
    First,
    Second,
}

impl Portal {
    pub async fn queue(
        &self,
        permit: &ReadRequests,
        view: QueueView,
        filter: Filter,
        after: Option<&After>,
        most: u64,
    ) -> Result<Vec<QueueRow>, ServiceError> {
        let requests = self.store.queue(permit, view, filter, after, most).await?;
        self.queue_rows(permit, requests).await
    }

    /// A case as staff see it. Every look is written into the audit log.
    pub async fn case(
        &self,
        permit: &ReadRequests,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<Case, ServiceError> {
        let request = self.store.request_by_number(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let subject = self.store.subject(Reader::Staff(permit), request.id).await?;
        let tx = self.store.begin().await?;
        let object = request.number.as_str();
        tx.audit(self.clock.now(), actor, Action::RequestViewed, object, serde_json::json!({})).await?;
        tx.commit().await?;
        let days_left = self.calendar().working_days_left(self.clock.today(), request.due);
        in_time(Box::pin(self.plan_owed(&request))).await?;
        let open = self.still_open(&request).await?;
        let followed = Followed { open, ..self.followed(request).await? };
        let progress = match &followed.run {
            Some(run) => self.progress(run).await?,
            None => None,
        };
        let beside = self.beside_it(permit, &followed.request).await?;
        let rescanning = self.store.is_waiting(JobKind::Rescan, &followed.request.id.to_string()).await?;
        Ok(Case {
            to_heed: ToHeed::of(&followed.request, &followed.events),
            granted_by: GrantedBy::of(&followed.request, actor, self.worked_out_by(&followed.request).await?),
            may_hand_out: self.may_hand_out(&followed.request, permit.staff()).await?,
            was_first: followed.request.stage.first_of_two().is_some_and(|(by, _)| by == permit.staff()),
            held_by: HeldBy::of(&followed.request, permit.staff()),
            alike: beside.same,
            beside: self.queue_rows(permit, beside.others).await?,
            passed_on: self.passed_on(permit, &followed.request).await?,
            colleagues: self.colleagues(permit).await?,
            notes: self.store.notes(permit, followed.request.id).await?,
            names: self.store.staff_names(permit).await?,
            progress,
            rescanning,
            plan_digest: followed.plan.as_ref().map(domain::plan::Plan::digest),
            who: Who::of(self.store.vault(), &subject),
            days_left,
            followed,
        })
    }

    /// How far a request is that is being carried out. No look at the case itself.
    pub async fn case_progress(
        &self,
        permit: &ReadRequests,
        number: &RequestNumber,
    ) -> Result<Option<Progress>, ServiceError> {
        let request = self.store.request_by_number(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let Stage::Running { run, .. } = request.stage else { return Ok(None) };
        match self.store.run(run).await? {
            Some(run) => self.progress(&run).await,
            None => Ok(None),
        }
    }

    /// Approves the frozen plan with this digest, and no other. `heeded` is when the last word was said that whoever
    /// decides has read.
    ///
    /// # Errors
    /// [`ServiceError::Blocked`] and [`ServiceError::NoAccount`] for an account that cannot be closed as it is now.
    pub async fn approve(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        plan: &str,
        heeded: Option<Timestamp>,
    ) -> Result<(), ServiceError> {
        let may = self.to_approve(permit, actor, number, plan, heeded).await;
        let (request, approval) = self.or_audited(actor, number, Happened::RequestApproved.action(), may).await?;
        match approval {
            Approval::Only | Approval::Second => {}
            Approval::First => return self.approve_first(permit, actor, &request, plan).await,
        }
        let event = Event::Approve { decided: DecidedBy::Staff { id: permit.staff() }, plan: plan.to_owned() };
        let decision = Decision::silent(Happened::RequestApproved, serde_json::json!({ "plan": plan }));
        // An account lives on for as long as its person may change their mind.
        let until = self.can_be_kept_until(&request).await?;
        let notice = Notice::Approved { number: number.clone(), whom: Side::Asker, until };
        let (tx, _) = self.decided(permit, actor, &request, event, decision, Some(&notice)).await?;
        self.say_for_another(&tx, actor, &request).await?;
        let from = until.unwrap_or_else(|| self.clock.now());
        tx.enqueue(JobKind::ExecuteRequest, &request.id.to_string(), from).await?;
        tx.commit().await?;
        Ok(())
    }

    /// One whose frozen plan has this digest and no other, and which of the approvals it needs this one would be.
    pub(super) async fn to_approve(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        plan: &str,
        heeded: Option<Timestamp>,
    ) -> Result<(Request, Approval), ServiceError> {
        let request = self.to_grant(permit, actor, number, heeded).await?;
        let first = request.stage.first_of_two();
        // The plan may have been made anew since the page was opened.
        let shown = match first {
            Some((_, plan)) => Some(plan.to_owned()),
            None => self.store.frozen_plan(request.id, None).await?.map(|plan| plan.digest()),
        };
        if shown.as_deref() != Some(plan) {
            return Err(ServiceError::PlanChanged);
        }
        if let Some(against) = self.kept_from_closing(&request).await? {
            return Err(against.into());
        }
        // Their own word stands already, also where one would be enough by now.
        if first.is_some_and(|(by, _)| by == permit.staff()) {
            return Err(ServiceError::SecondPerson);
        }
        let approval = match (self.officers_for(&request).await?, first) {
            (Officers::One, _) => Approval::Only,
            // Whoever has a program's key is no other person for it.
            (Officers::Two, _) if matches!(actor, Actor::Program(_)) => return Err(ServiceError::SecondPerson),
            (Officers::Two, None) => Approval::First,
            (Officers::Two, Some(_)) => Approval::Second,
        };
        Ok((request, approval))
    }

    /// Nothing happens yet, so nobody is told.
    pub(super) async fn approve_first(
        &self,
        permit: &Decide,
        actor: &Actor,
        request: &Request,
        plan: &str,
    ) -> Result<(), ServiceError> {
        let event = Event::ApproveFirst { by: permit.staff(), plan: plan.to_owned() };
        let data = serde_json::json!({ "plan": plan });
        let decision = Decision::silent(Happened::RequestApprovedOnce, data);
        self.decided(permit, actor, request, event, decision, None).await?.0.commit().await?;
        Ok(())
    }

    /// Refuses with a reason that has a statute, and plain words.
    pub async fn refuse(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        code: RefusalCode,
        words: &Personal,
    ) -> Result<(), ServiceError> {
        let request = self.to_refuse(actor, number, code).await?;
        let event = Event::Refuse { by: permit.staff(), code };
        let data = serde_json::json!({ "code": code });
        let decision = Decision::answer(Happened::RequestRefused, data, words.into());
        let notice = Notice::Refused { number: number.clone(), whom: Side::Asker, code };
        let goes_on = self.goes_on_without(&request).await?;
        let (tx, _) = self.decided(permit, actor, &request, event, decision, Some(&notice)).await?;
        self.unsay_for_another(&tx, actor, &request, &goes_on).await?;
        tx.commit().await?;
        Ok(())
    }

    /// One that this reason fits.
    pub(super) async fn to_refuse(
        &self,
        actor: &Actor,
        number: &RequestNumber,
        code: RefusalCode,
    ) -> Result<Request, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        // What differed before anything was done: a record that is gone is nobody's to correct.
        if matches!(request.stage, Stage::Differs { .. }) && self.has_begun(&request).await? {
            let late = request::Impossible { stage: request.stage.name() };
            return Err(self.refused_transition(actor, &request, late, Happened::RequestRefused.action()).await?);
        }
        if code.fits(request.kind) && code.fits_requester(request.requester) {
            Ok(request)
        } else {
            Err(ServiceError::NotFound)
        }
    }

    /// Asks one side something, which the other does not read. The clock goes on.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a side there is not, or that may not be written to yet.
    pub async fn ask(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        whom: Side,
        question: Message<'_>,
    ) -> Result<(), ServiceError> {
        let request = self.to_decide(actor, number).await?;
        if !request.requester.may_be_written_to(whom) {
            return Err(ServiceError::NotFound);
        }
        let data = serde_json::json!({ "whom": whom });
        let decision = Decision { what: Happened::RequestAsked, data, said: Some((whom, question)) };
        let notice = Notice::Asked { number: number.clone(), whom };
        let asks = Event::Ask { whom };
        match whom {
            Side::Asker => {
                self.decided(permit, actor, &request, asks, decision, Some(&notice)).await?.0.commit().await?;
            }
            Side::Subject => {
                let reader = actor.read_requests()?;
                let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
                let (tx, _) = self.decided(permit, actor, &request, asks, decision, None).await?;
                self.tell_subject(&tx, &request, &subject, &notice).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Makes the plan of an open deletion or restriction anew, from the data as it is now.
    pub async fn plan_anew(&self, permit: &Decide, actor: &Actor, number: &RequestNumber) -> Result<(), ServiceError> {
        let request = self.to_decide(actor, number).await?;
        self.plannable(&request).await?;
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let plan = self.plan_for(self.person_of(&request, &subject).await?).await?.plan;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let digest = tx.freeze(request.id, &plan, now).await?;
        let data = serde_json::json!({ "by": permit.staff().to_string() });
        tx.add_event(request.id, now, actor, Happened::PlannedAnew, data, None).await?;
        let action = Happened::PlannedAnew.action();
        tx.audit(now, actor, action, number.as_str(), serde_json::json!({ "plan": digest })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether a plan can still be made of it: what one officer has approved is what the other reads.
    pub(super) async fn plannable(&self, request: &Request) -> Result<(), ServiceError> {
        let name = request.stage.name();
        let may_be_planned = match request.kind.handling() {
            Handling::Erasure => true,
            Handling::Withdrawal | Handling::Restriction => self.store.frozen_plan(request.id, None).await?.is_some(),
            Handling::Correction | Handling::Answer => false,
        };
        let waiting = name.is_undecided()
            && name != StageName::ApprovedOnce
            && may_be_planned
            && !request.requester.waits_for_check();
        if waiting { Ok(()) } else { Err(ServiceError::TooLate { stage: name }) }
    }

    /// One that may be granted: whoever asks is who they say, and somebody else than the one who vouched for them
    /// decides (risk tier T3), who has read what was said last.
    pub(super) async fn to_grant(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        heeded: Option<Timestamp>,
    ) -> Result<Request, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        if request.requester.waits_for_check() {
            return Err(ServiceError::NotChecked);
        }
        // Where somebody answers for who it is, the other who looks is a person too, never a program.
        let by_program = matches!(actor, Actor::Program(_));
        let vouched = request.requester.vouched_for_by();
        if vouched == Some(permit.staff()) || (vouched.is_some() && by_program) {
            return Err(ServiceError::SecondPerson);
        }
        // Nobody decides alone what is written into somebody's records.
        if self.worked_out_by(&request).await? == Some(permit.staff()) {
            return Err(ServiceError::SecondPerson);
        }
        let to_heed = ToHeed::of(&request, &self.store.events(&request).await?).map(|word| word.at);
        if to_heed.is_some() && to_heed != heeded {
            return Err(ServiceError::NotHeeded);
        }
        Ok(request)
    }

    pub(super) async fn to_decide(&self, actor: &Actor, number: &RequestNumber) -> Result<Request, ServiceError> {
        let reader = actor.read_requests()?;
        self.store.request_by_number(&reader, number).await?.ok_or(ServiceError::NotFound)
    }

    /// Somebody is about to see what a recipient or a system's owner needs to find somebody: it is written down first.
    pub(super) async fn revealed(
        &self,
        actor: &Actor,
        action: Action,
        number: &RequestNumber,
        detail: &LookDetail,
    ) -> Result<(), ServiceError> {
        let detail = json::value(&detail);
        let tx = self.store.begin().await?;
        tx.audit(self.clock.now(), actor, action, number.as_str(), detail).await?;
        Ok(tx.commit().await?)
    }

    /// The transaction in which it was decided, and the request as it is from then on.
    pub(super) async fn decided(
        &self,
        permit: &Decide,
        actor: &Actor,
        request: &Request,
        event: Event,
        decision: Decision<'_>,
        notice: Option<&Notice>,
    ) -> Result<(Tx, Request), ServiceError> {
        let now = self.clock.now();
        let stage = match request.stage.clone().next(event, now) {
            Ok(stage) => stage,
            Err(late) => return Err(self.refused_transition(actor, request, late, decision.what.action()).await?),
        };
        let reader = actor.read_requests()?;
        let asker = self.store.asker(Reader::Staff(&reader), request.id).await?;
        let tx = self.store.begin().await?;
        let mut moved = tx.move_request(Authority::Decide(permit), request, stage).await.map_err(overtaken)?;
        // Whoever decides what is nobody's yet works on it from then on; a program works on nothing.
        if request.owner.is_none() && matches!(actor, Actor::Staff(_)) {
            self.assign_in(&tx, permit, actor, request, (None, Some(permit.staff()))).await?;
            moved.owner = Some(permit.staff());
        }
        let said = decision.said.map(|(side, message)| (request.requester.audience(side), message));
        let written = said.map(|(audience, message)| Written { words: message.words, audience });
        tx.add_event(request.id, now, actor, decision.what, decision.data.clone(), written).await?;
        if let Some((audience, message)) = said {
            for file in message.files {
                self.keep_file(&tx, request, FiledAs::Message(audience), file, actor).await?;
            }
        }
        tx.audit(now, actor, decision.what.action(), request.number.as_str(), decision.data).await?;
        if let Some(notice) = notice {
            self.tell(&tx, request, &asker, notice).await?;
            if decision.what != Happened::RequestAsked {
                let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
                self.tell_represented(&tx, request, &subject, notice).await?;
            }
        }
        Ok((tx, moved))
    }
}

pub(super) struct Decision<'a> {
    pub(super) what: Happened,
    pub(super) data: serde_json::Value,
    /// What is written, and to which side.
    pub(super) said: Option<(Side, Message<'a>)>,
}

impl<'a> Decision<'a> {
    pub(super) const fn silent(what: Happened, data: serde_json::Value) -> Self {
        Self { what, data, said: None }
    }

    /// To whoever asked. The other side learns what was decided, and by which statute.
    pub(super) const fn answer(what: Happened, data: serde_json::Value, message: Message<'a>) -> Self {
        Self { what, data, said: Some((Side::Asker, message)) }
    }
}

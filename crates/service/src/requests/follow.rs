//! What a person can still do with a request of theirs: follow it, answer, take it back.

use std::collections::BTreeMap;

use domain::{
    actor::Actor,
    audit::Action,
    file::FiledAs,
    ids::{RequestId, RequestNumber},
    map::Extent,
    permit::Own,
    plan::{Item, Plan},
    request::{self, Audience, Gone, Handling, Happened, RequestKind, Requester, Side, Standing, Status},
};
use jiff::Timestamp;
use store::{
    Tx,
    files::Filed,
    history::{Event, Written},
    jobs::JobKind,
    notified::Notified,
    own::Earlier,
    requests::{Authority, Reader, Request},
    runs::Run,
    tasks::Task,
};

use super::{
    ChosenRecord, CorrectionDetails, LeftOut, Message, OfAll, Origin, StillOpen, Wish,
    extent::asked_for,
    gone::gone,
    owed::{as_planned, owes_plan},
    restrict::in_time,
    sides::{Between, said_as},
    unlinked::Unlinked,
    withdraw::{is_for_executor, is_said},
};
use crate::{
    Notice, Portal, ServiceError,
    copies::{HandingOut, chosen, may_hand_out},
    error::overtaken,
    left_behind::{LeftBehind, Which},
};

/// A page of one's own requests, and where the next begins.
#[derive(Debug)]
pub struct MyRequests {
    pub requests: Vec<Request>,
    /// Of those that came of a word of consent, which.
    pub by_consent: BTreeMap<RequestId, Wish>,
    /// Of deletions of one record, of which.
    pub records: BTreeMap<RequestId, ChosenRecord>,
    /// Where they stand in what is asked for somebody else.
    pub standings: BTreeMap<RequestId, Standing>,
    /// How far each is.
    pub status: BTreeMap<RequestId, Status>,
    pub next: Option<Earlier>,
}

/// A request with everything its page shows.
#[derive(Debug)]
pub struct Followed {
    pub request: Request,
    /// How far it is.
    pub status: Status,
    /// On which side whoever looks at it stands.
    pub standing: Standing,
    /// Where somebody asks for somebody else.
    pub between: Option<Between>,
    /// Whether what was stopped still is.
    pub stands: Stands,
    /// What is still open of the person whose deletion it is.
    pub open: StillOpen,
    /// What a deletion leaves as it is, because nothing in it is theirs alone.
    pub beside: Unlinked,
    pub events: Vec<Event>,
    /// What runs of it have changed, where it is not decided how it ends.
    pub so_far: Vec<Item>,
    /// What will be done, or was.
    pub plan: Option<Plan>,
    pub run: Option<Run>,
    /// What people do by hand for it.
    pub tasks: Vec<Task>,
    /// To whom what it was about had been given, and how far they know.
    pub notified: Vec<Notified>,
    /// What is corrected; of what somebody asked for another, nothing before an officer has worked it out.
    pub corrections: Vec<CorrectionDetails>,
    /// What is asked in words.
    pub wish: Option<Wish>,
    /// The purpose whose consent is withdrawn.
    pub consent: Option<String>,
    /// Evidence, and what belongs to messages.
    pub files: Vec<Filed>,
    /// Evidence that whoever looks has handed in: listed, and not handed out again.
    pub handed_in: Vec<Filed>,
    /// What there is of a copy or a transfer that was agreed to.
    pub handing_out: HandingOut,
    /// Of which tables it is: those that were asked for, chosen, and may be handed out.
    pub extent: Extent,
    /// What was asked for, which it is called by: of a transfer that is always everything.
    pub asked: Extent,
    /// The only record a deletion is of, until it is forgotten which.
    pub record: Option<ChosenRecord>,
    /// What an officer found not to be the person's.
    pub left_out: Option<LeftOut>,
    /// What of all it had to leave is there now, by the ledger; of an erasure that is done and had to leave some.
    pub left: Option<LeftBehind>,
    /// There was nothing left to erase when it was carried out, or is nothing now: by what it had gone.
    pub gone: Option<Gone>,
    /// Until when the address works that was made for another company.
    pub address: Option<Timestamp>,
    /// Until when an account that is to be closed can still be kept, once that was agreed to.
    pub kept_until: Option<Timestamp>,
    /// Why carrying it out is waiting, when it is.
    pub waiting_for: Option<String>,
}

/// A consent is withdrawn once it is said (PIPL art. 15); there is nothing to take back.
fn may_take_back(request: &Request) -> bool {
    request.kind != RequestKind::Withdraw || !is_said(request)
}

impl Followed {
    /// Nothing has run, and nobody has answered.
    pub fn can_take_back(&self) -> bool {
        let gone = self.so_far.iter().any(|item| item.outcome.removes());
        self.request.stage.can_cancel() && may_take_back(&self.request) && !gone
    }

    /// Nothing is in the plan, and an officer left some or all of it out.
    pub fn leaves_nothing_but(&self) -> Option<OfAll> {
        self.plan.as_ref().filter(|plan| plan.is_empty())?;
        self.left_out.as_ref().map(|left_out| left_out.of_all)
    }

    /// What will be done is not known: a database could not be read when it was received.
    pub fn owes_plan(&self) -> bool {
        let closes = self.request.kind == RequestKind::CancelAccount && self.kept_until.is_some();
        owes_plan(&self.request, self.plan.as_ref()) || (closes && self.plan.is_none())
    }

    /// The executor carries it out along its plan; what it does not is answered in words.
    pub fn is_for_executor(&self) -> bool {
        is_for_executor(&self.request, self.plan.as_ref())
    }
}

/// Whether what a request has stopped still is, by its person's last word on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It has stopped nothing.
    Nothing,
    Still,
    /// They have said otherwise since.
    Overtaken,
}

/// What whoever stands in a request does with it.
struct Moved<'a> {
    standing: Standing,
    event: request::Event,
    what: Happened,
    /// In whose name, where something is said.
    said: Option<(Side, Message<'a>)>,
}

impl Portal {
    /// A page of one's own requests, newest first.
    pub async fn my_requests(
        &self,
        permit: &Own,
        after: Option<&Earlier>,
        most: u64,
    ) -> Result<MyRequests, ServiceError> {
        // One more than is shown says whether there is another page.
        let mut requests = self.store.own_requests(permit, after, most.saturating_add(1)).await?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = requests.len() > most;
        requests.truncate(most);
        let next = requests.last().filter(|_| more).map(Earlier::from);
        let mut by_consent = BTreeMap::new();
        let own = |request: &&Request| request.requester == Requester::Subject;
        for request in requests.iter().filter(own).filter(|of| of.kind.handling() == Handling::Restriction) {
            let wish = self.wish(request).await?.filter(|wish| wish.origin != Origin::Asked);
            by_consent.extend(wish.map(|wish| (request.id, wish)));
        }
        let mut records = BTreeMap::new();
        for request in requests.iter().filter(own) {
            records.extend(self.narrowed(request).await?.record.map(|record| (request.id, record)));
        }
        let mut standings = BTreeMap::new();
        for request in requests.iter().filter(|of| matches!(of.requester, Requester::Representative { .. })) {
            standings.insert(request.id, self.store.standing(permit, request).await?);
        }
        let mut status = BTreeMap::new();
        for request in &requests {
            status.insert(request.id, self.status(request).await?);
        }
        Ok(MyRequests { requests, by_consent, records, standings, status, next })
    }

    async fn stands(&self, request: &Request) -> Result<Stands, ServiceError> {
        let stopping = matches!(request.kind, RequestKind::Restrict | RequestKind::Object);
        if !stopping || !matches!(request.stage, request::Stage::Completed { .. }) {
            return Ok(Stands::Nothing);
        }
        let Some(restricting) = self.restricting(request).await? else { return Ok(Stands::Nothing) };
        let last = self.is_last_word(&Actor::System.work()?, request, &restricting).await?;
        Ok(if last { Stands::Still } else { Stands::Overtaken })
    }

    /// Until when an address for another company works.
    async fn address(&self, request: &Request) -> Result<Option<Timestamp>, ServiceError> {
        if request.kind != RequestKind::Transfer {
            return Ok(None);
        }
        Ok(self.store.transfer_until(request.id, self.clock.now()).await?)
    }

    pub async fn my_request(&self, permit: &Own, number: &RequestNumber) -> Result<Followed, ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let standing = self.store.standing(permit, &request).await?;
        let between = self.between(&request, standing).await?;
        let stands = self.stands(&request).await?;
        let open = match standing {
            // What is open between a person and the company is not for whoever asks in their name.
            Standing::On(Side::Asker) => StillOpen::NotAsked,
            Standing::Alone | Standing::Both | Standing::On(Side::Subject) => self.still_open(&request).await?,
        };
        let mut followed = self.followed(request).await?;
        // What they read of before they asked, as it is now. Once it has begun those records lead to nobody any more.
        if followed.request.stage.name().is_undecided() && standing != Standing::On(Side::Asker) {
            followed.beside = self.would_be_unlinked(&followed.request, followed.plan.as_ref()).await?;
        }
        // While an account can still be kept it is used, and nights go on: what is there on the day is what goes.
        if followed.kept_until.is_some() && standing != Standing::On(Side::Asker) {
            let live = in_time(Box::pin(self.plan_as_it_is(&followed.request))).await?;
            followed.plan = live.or(followed.plan);
        }
        Ok(Followed { between, stands, open, ..followed.seen_from(standing) })
    }

    pub(super) async fn followed(&self, request: Request) -> Result<Followed, ServiceError> {
        let (run, digest) = match &request.stage {
            request::Stage::Running { run, plan, .. } => (Some(*run), Some(plan.clone())),
            request::Stage::Completed { run, .. } | request::Stage::Differs { run, .. } => (Some(*run), None),
            request::Stage::ApprovedOnce { plan, .. } | request::Stage::Approved { plan, .. } => {
                (None, Some(plan.clone()))
            }
            request::Stage::Received { .. }
            | request::Stage::Asked { .. }
            | request::Stage::Answered { .. }
            | request::Stage::Refused { .. }
            | request::Stage::Cancelled { .. } => (None, None),
        };
        let run = match run {
            Some(id) => self.store.run(id).await?,
            None => None,
        };
        let corrections = self.corrections(&request).await?;
        let id = request.id.to_string();
        let events = self.store.events(&request).await?;
        let asked = asked_for(request.kind, &events);
        let plan = as_planned(&request, self.store.frozen_plan(request.id, digest.as_deref()).await?);
        let narrowed = self.narrowed(&request).await?;
        Ok(Followed {
            left: Box::pin(self.left_of(&request)).await?,
            gone: Box::pin(self.gone_of(&request, plan.as_ref(), &events)).await?,
            status: self.status(&request).await?,
            standing: Standing::Both,
            between: None,
            stands: Stands::Nothing,
            open: StillOpen::NotAsked,
            beside: Unlinked::of(&request, &events),
            handing_out: self.handing_out(&request, &events).await?,
            extent: match request.kind.handling() {
                Handling::Erasure | Handling::Withdrawal => asked.clone(),
                Handling::Correction | Handling::Restriction | Handling::Answer => {
                    let chosen = chosen(&events).within(asked.clone());
                    chosen.within(may_hand_out(&self.map, request.kind).unwrap_or_default())
                }
            },
            asked,
            record: narrowed.record,
            left_out: LeftOut::of(&events).map(|left| {
                let records = narrowed.left_out_as.into_iter().map(|of| of.masked_of_another(&self.map));
                LeftOut { records: records.collect(), ..left }
            }),
            address: self.address(&request).await?,
            kept_until: self.kept_until(&request).await?,
            so_far: self.so_far(&request).await?,
            events,
            tasks: self.store.tasks(request.id).await?,
            notified: self.notified(&request).await?,
            plan,
            waiting_for: self.store.job_error(JobKind::ExecuteRequest, &id).await?,
            files: self.store.files(&request).await?,
            handed_in: Vec::new(),
            wish: self.wish(&request).await?,
            // What is only asked yet stands with the words it was asked in.
            consent: if is_said(&request) { self.withdrawn_purpose(&request).await? } else { None },
            run,
            corrections,
            request,
        })
    }

    async fn so_far(&self, request: &Request) -> Result<Vec<Item>, ServiceError> {
        if request.stage.name().is_undecided() || request.stage.can_cancel() {
            return self.done_so_far(request).await;
        }
        Ok(Vec::new())
    }

    pub(super) async fn plan_as_it_is(&self, request: &Request) -> Result<Plan, ServiceError> {
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        Ok(self.plan_for(self.person_of(request, &subject).await?).await?.plan)
    }

    async fn left_of(&self, request: &Request) -> Result<Option<LeftBehind>, ServiceError> {
        match request.kind.handling() {
            Handling::Erasure | Handling::Withdrawal => self.left_now(request, Which::All).await,
            Handling::Correction | Handling::Restriction | Handling::Answer => Ok(None),
        }
    }

    async fn gone_of(
        &self,
        request: &Request,
        plan: Option<&Plan>,
        events: &[Event],
    ) -> Result<Option<Gone>, ServiceError> {
        match plan.filter(|_| request.stage.name().is_undecided()) {
            Some(plan) => self.gone_before(request, plan, events).await,
            None => Ok(gone(events)),
        }
    }

    async fn kept_until(&self, request: &Request) -> Result<Option<Timestamp>, ServiceError> {
        let agreed = matches!(request.stage, request::Stage::Approved { .. });
        if agreed { self.can_be_kept_until(request).await } else { Ok(None) }
    }

    /// Takes a request back, while nothing has run.
    pub async fn cancel(&self, permit: &Own, actor: &Actor, number: &RequestNumber) -> Result<(), ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        if !may_take_back(&request) {
            return Err(ServiceError::TooLate { stage: request.stage.name() });
        }
        self.nothing_is_gone(&request).await?;
        let standing = self.store.standing(permit, &request).await?;
        let taken_back =
            Moved { standing, event: request::Event::Cancel, what: Happened::RequestCancelled, said: None };
        self.customer_moves(permit, actor, &request, taken_back).await
    }

    /// Answers an officer's question, where it was put to them and not to the other side.
    pub async fn answer(
        &self,
        permit: &Own,
        actor: &Actor,
        number: &RequestNumber,
        words: Message<'_>,
    ) -> Result<(), ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let standing = self.store.standing(permit, &request).await?;
        let asked = if let request::Stage::Asked { whom, .. } = request.stage { whom } else { Side::default() };
        let by = match standing {
            Standing::Alone => Side::Asker,
            Standing::On(side) => side,
            Standing::Both => asked,
        };
        let event = request::Event::Answer { by };
        let answered = Moved { standing, event, what: Happened::RequestAnswered, said: Some((by, words)) };
        self.customer_moves(permit, actor, &request, answered).await
    }

    async fn customer_moves(
        &self,
        permit: &Own,
        actor: &Actor,
        request: &Request,
        moved: Moved<'_>,
    ) -> Result<(), ServiceError> {
        let Moved { standing, event, what, said } = moved;
        let now = self.clock.now();
        let stage = match request.stage.clone().next(event, now) {
            Ok(stage) => stage,
            Err(late) => return Err(self.refused_transition(actor, request, late, what.action()).await?),
        };
        let goes_on =
            if what == Happened::RequestCancelled { self.goes_on_without(request).await? } else { Vec::new() };
        let audience = said.map_or(Audience::Everyone, |(side, _)| request.requester.audience(side));
        let written = said.map(|(_, message)| Written { words: message.words, audience });
        let tx = self.store.begin().await?;
        tx.move_request(Authority::Own(permit), request, stage).await.map_err(overtaken)?;
        tx.add_event(request.id, now, actor, what, said_as(standing), written).await?;
        let filed_as = match audience {
            // Whoever asks for another shows with it who they are.
            Audience::Only(Side::Asker) => FiledAs::Evidence,
            Audience::Only(Side::Subject) | Audience::Everyone => FiledAs::Message(audience),
        };
        for file in said.map_or(&[][..], |(_, message)| message.files) {
            self.keep_file(&tx, request, filed_as, file, actor).await?;
        }
        tx.audit(now, actor, what.action(), request.number.as_str(), serde_json::json!({})).await?;
        if what == Happened::RequestCancelled {
            self.unsay_for_another(&tx, actor, request, &goes_on).await?;
            let asker = Notice::Cancelled { number: request.number.clone(), whom: Side::Asker };
            let (notice, other) = match standing {
                Standing::On(Side::Subject) => (asker.to_subject(), Some((Side::Asker, asker))),
                Standing::On(Side::Asker) => (asker.clone(), Some((Side::Subject, asker.to_subject()))),
                Standing::Alone | Standing::Both => (asker, None),
            };
            self.tell(&tx, request, permit.proven(), &notice).await?;
            if let Some((side, notice)) = other {
                self.tell_side(&tx, request, side, &notice).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// The other has taken it back: nobody should wait for it.
    async fn tell_side(&self, tx: &Tx, request: &Request, side: Side, notice: &Notice) -> Result<(), ServiceError> {
        let work = Actor::System.work()?;
        match side {
            Side::Asker => {
                let asker = self.store.asker(Reader::Work(&work), request.id).await?;
                self.tell(tx, request, &asker, notice).await
            }
            // Before anybody has looked at the evidence the person has heard nothing of it; and the dead are not told.
            Side::Subject if !request.requester.may_be_written_to(side) => Ok(()),
            Side::Subject => {
                let subject = self.store.subject(Reader::Work(&work), request.id).await?;
                self.tell_subject(tx, request, &subject, notice).await
            }
        }
    }

    /// What was tried and could not be is audited too.
    pub(super) async fn refused_transition(
        &self,
        actor: &Actor,
        request: &Request,
        late: request::Impossible,
        tried: Action,
    ) -> Result<ServiceError, ServiceError> {
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "tried": tried, "stage": late.stage });
        let object = request.number.as_str();
        tx.audit(self.clock.now(), actor, Action::TransitionRefused, object, detail).await?;
        tx.commit().await?;
        Ok(ServiceError::TooLate { stage: late.stage })
    }

    /// What a decision was kept from, though its stage allowed it, is audited too: who decided on their own word, on
    /// what nobody had checked, on another plan than the one there is.
    pub(super) async fn or_audited<T>(
        &self,
        actor: &Actor,
        number: &RequestNumber,
        tried: Action,
        decided: Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        if let Err(kept_from) = &decided
            && kept_from.keeps_a_decision()
        {
            let tx = self.store.begin().await?;
            let detail = serde_json::json!({ "tried": tried, "because": kept_from.code() });
            tx.audit(self.clock.now(), actor, Action::TransitionRefused, number.as_str(), detail).await?;
            tx.commit().await?;
        }
        decided
    }
}

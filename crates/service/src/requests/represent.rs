//! Requests for somebody else: by a guardian, an agent, a near relative (PIPL art. 31 and 49, Civil Code art. 161), or
//! written down by staff for somebody who phoned, wrote or came. Nothing is planned, shown or granted before an officer
//! has looked at the evidence, and another decides (risk tier T3).

use domain::{
    Identifier, Lang,
    actor::Actor,
    audit::Action,
    file::{File, FiledAs},
    ids::RequestNumber,
    permit::{Decide, Denied, OwnFresh},
    plan::Plan,
    request::{Capacity, Channel, Checked, Handling, RequestKind, Requester},
};
use jiff::SignedDuration;
use store::{
    requests::{Reader, Request},
    throttle::{Limit, Pace},
};

use super::{
    file::{Filer, Filing, Told},
    restrict::Doer,
    wish::{About, Wish, about},
};
use crate::{Notice, Portal, ServiceError, copies::HandedOut, error::overtaken};

/// Filings for others from one address.
const FOR_OTHERS: Limit = Limit { times: 5, within: SignedDuration::from_hours(24) };

/// What a representative asks for.
pub struct ForAnother<'a> {
    pub kind: RequestKind,
    pub capacity: Capacity,
    /// Who it is about, as the company knows them.
    pub subject: &'a [Identifier],
    pub wish: &'a Wish,
    pub evidence: &'a [File],
}

/// What somebody told staff.
pub struct WrittenDown<'a> {
    pub kind: RequestKind,
    pub channel: Channel,
    pub subject: &'a [Identifier],
    pub wish: &'a Wish,
}

/// Whose data it is about and who asks, in full.
pub struct People {
    pub requester: Requester,
    pub subject: Vec<Identifier>,
    pub asker: Vec<Identifier>,
}

/// What became of an officer's word for a requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouched {
    Confirmed,
    /// They have not compared people and evidence yet: nothing has happened.
    LookFirst,
}

/// What can be asked for in words, without the pages of one's own account.
pub const fn may_be_asked_for(kind: RequestKind) -> bool {
    match kind {
        RequestKind::Copy
        | RequestKind::Delete
        | RequestKind::Complete
        | RequestKind::Transfer
        | RequestKind::Restrict
        | RequestKind::Object
        | RequestKind::ExplainRules
        | RequestKind::ExplainDecision
        | RequestKind::RefuseDecision
        | RequestKind::Complaint => true,
        // These begin with what is shown of one's own.
        RequestKind::CancelAccount | RequestKind::Withdraw | RequestKind::Correct | RequestKind::Lift => false,
    }
}

impl Portal {
    /// # Errors
    /// [`ServiceError::NotFound`] for what cannot be asked for somebody else, without evidence or about nobody.
    pub async fn file_for_another(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        asked: &ForAnother<'_>,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        if !self.can_be_asked(asked.kind, asked.wish) || asked.evidence.is_empty() || asked.subject.is_empty() {
            return Err(ServiceError::NotFound);
        }
        self.not_too_often(permit).await?;
        let requester = Requester::Representative { capacity: asked.capacity, checked: Checked::NotYet };
        let filer = Filer::Representative { permit: permit.own(), requester, subject: asked.subject };
        let details = serde_json::to_vec(asked.wish).unwrap_or_default();
        let filing = Filing { kind: asked.kind, lang, details: Some(&details), plan: None, told: Told::OnReceipt };
        let tx = self.store.begin().await?;
        let request = self.file(&tx, filer, actor, &filing).await?;
        for file in asked.evidence {
            self.keep_file(&tx, &request, FiledAs::Evidence, file, actor).await?;
        }
        tx.commit().await?;
        Ok(request)
    }

    /// Nobody has to ask for many people in a day, and each of them is work for two officers.
    async fn not_too_often(&self, permit: &OwnFresh) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        let mut pace = Pace::Fine;
        for identifier in permit.own().proven() {
            let bucket = self.store.vault().index_text("asks for others", identifier.reveal());
            let one = tx.pace(&bucket, FOR_OTHERS, self.clock.now()).await?;
            pace = if one == Pace::Fine { pace } else { one };
        }
        tx.commit().await?;
        if pace == Pace::Fine { Ok(()) } else { Err(ServiceError::TooOften) }
    }

    /// The one who writes it down answers for who it was; another decides.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for what cannot be asked for in words, or about nobody.
    pub async fn write_down(
        &self,
        permit: &Decide,
        actor: &Actor,
        asked: &WrittenDown<'_>,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        if !self.can_be_asked(asked.kind, asked.wish) || asked.subject.is_empty() {
            return Err(ServiceError::NotFound);
        }
        let requester = Requester::Staff { channel: asked.channel, id: permit.staff() };
        let plan = self.plan_of(asked.kind, Some(asked.wish), asked.subject).await?;
        let details = serde_json::to_vec(asked.wish).unwrap_or_default();
        let filing =
            Filing { kind: asked.kind, lang, details: Some(&details), plan: plan.as_ref(), told: Told::OnReceipt };
        let tx = self.store.begin().await?;
        let filer = Filer::Staff { permit, requester, subject: asked.subject };
        let request = self.file(&tx, filer, actor, &filing).await?;
        tx.commit().await?;
        Ok(request)
    }

    /// What the executor would do, where it is the executor's.
    async fn plan_of(
        &self,
        kind: RequestKind,
        wish: Option<&Wish>,
        subject: &[Identifier],
    ) -> Result<Option<Plan>, ServiceError> {
        Ok(match kind.handling() {
            Handling::Erasure => Some(self.plan_for(self.reach(subject).await?).await?.plan),
            // What names no purpose, or none that the map says where to stop, is an officer's.
            Handling::Restriction => match wish.and_then(|wish| wish.restricting(kind)) {
                Some(of) => match self.doer(subject, &of.purpose, of.cover).await? {
                    Doer::Executor(plan) => Some(plan),
                    Doer::Officer => None,
                },
                None => None,
            },
            Handling::Correction | Handling::Answer => None,
        })
    }

    /// In words, and of a restriction or an objection, if they know it, what it is about.
    pub fn can_be_asked(&self, kind: RequestKind, wish: &Wish) -> bool {
        let about = wish.about.is_none() || (about(kind) == About::Purpose && self.may_be_about(kind, wish));
        may_be_asked_for(kind) && about
    }

    /// Whose data it is about and who asks, in full, to compare with the evidence. Entered in the audit log.
    pub async fn reveal_people(
        &self,
        _permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<People, ServiceError> {
        let request = self.to_decide(actor, number).await?;
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let asker = self.store.asker(Reader::Staff(&reader), request.id).await?;
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "people": true });
        let now = self.clock.now();
        tx.add_event(request.id, now, actor, COMPARED, serde_json::json!({}), None).await?;
        tx.audit(now, actor, Action::RequestRevealed, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(People { requester: request.requester, subject, asker })
    }

    /// An officer has compared the people with the evidence, and answers for it. Only now is anything planned, and the person it is
    /// about told.
    pub async fn confirm_requester(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<Vouched, ServiceError> {
        // A program sees no evidence, and answers for nobody.
        if matches!(actor, Actor::Program(_)) {
            return Err(ServiceError::Denied(Denied::NotYours));
        }
        let request = self.to_decide(actor, number).await?;
        let (Requester::Representative { capacity, checked: Checked::NotYet }, true) =
            (request.requester, request.stage.is_open())
        else {
            return Err(ServiceError::TooLate { stage: request.stage.name() });
        };
        let reader = actor.read_requests()?;
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let plan = self.plan_of(request.kind, self.wish(&request).await?.as_ref(), &subject).await?;
        let now = self.clock.now();
        let confirmed = Requester::Representative { capacity, checked: Checked::Confirmed { staff: permit.staff() } };
        let tx = self.store.begin().await?;
        if !tx.has_done(request.id, actor, COMPARED).await? {
            return Ok(Vouched::LookFirst);
        }
        let request = tx.check_requester(permit, &request, confirmed).await.map_err(overtaken)?;
        if let Some(plan) = &plan {
            tx.freeze(request.id, plan, now).await?;
        }
        let what = Action::RequesterConfirmed;
        tx.add_event(request.id, now, actor, &what.name(), serde_json::json!({}), None).await?;
        tx.audit(now, actor, what, request.number.as_str(), serde_json::json!({ "capacity": capacity })).await?;
        if capacity.subject_is_told() {
            let notice = Notice::AskedForYou { number: request.number.clone(), kind: request.kind };
            self.tell_all(&tx, &request, &subject, &notice).await?;
        }
        tx.commit().await?;
        Ok(Vouched::Confirmed)
    }

    /// The copy that was asked for somebody else, once an officer has agreed; it may be taken once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for somebody else's; [`ServiceError::NotHandedOut`] for any other request, and where
    /// the copy is not ready, was taken or has gone, or they are not who asked for it.
    pub async fn take_agreed(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<HandedOut, ServiceError> {
        let request = self.handed_by(permit, number).await?;
        let work = Actor::System.work()?;
        let subject = self.store.subject(Reader::Work(&work), request.id).await?;
        let agreed = permit.granted(request.id, &request.stage, request.kind, request.requester, subject);
        let tx = self.store.begin().await?;
        self.hand_out_agreed(tx, &agreed.ok_or(ServiceError::NotHandedOut)?, actor, request).await
    }
}

const COMPARED: &str = "people_compared";

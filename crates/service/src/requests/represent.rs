//! Requests for somebody else: by a guardian, an agent, a near relative (PIPL art. 31 and 49, Civil Code art. 161), or
//! written down by staff for somebody who phoned, wrote or came. Nothing is planned, shown or granted before an officer
//! has looked at the evidence, and another decides (risk tier T3).

use domain::{
    Identifier, Lang,
    actor::Actor,
    calendar::Receipt,
    file::{File, FiledAs},
    ids::RequestNumber,
    json,
    map::Extent,
    permit::{Decide, OwnFresh},
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
    owed::as_read,
    restrict::Doer,
    wish::{About, Wish, about},
};
use crate::{Portal, ServiceError, copies::HandedOut};

/// Filings for others from one address.
const FOR_OTHERS: Limit = Limit { times: 5, within: SignedDuration::from_hours(24) };

/// What a representative asks for.
pub struct ForAnother<'a> {
    pub kind: RequestKind,
    pub capacity: Capacity,
    /// Who it is about, as the company knows them.
    pub subject: &'a [Identifier],
    pub wish: &'a Wish,
    /// Of a deletion or a copy: of which records.
    pub extent: &'a Extent,
    pub evidence: &'a [File],
}

/// What somebody told staff.
pub struct WrittenDown<'a> {
    pub kind: RequestKind,
    pub channel: Channel,
    pub subject: &'a [Identifier],
    pub wish: &'a Wish,
    /// Of a deletion or a copy: of which records.
    pub extent: &'a Extent,
    pub received: Receipt,
    /// Scans of what they wrote or brought, where there are any.
    pub evidence: &'a [File],
}

/// What can be asked for in words, without the pages of one's own account.
pub const fn may_be_asked_for(kind: RequestKind) -> bool {
    match kind {
        RequestKind::Copy
        | RequestKind::Delete
        | RequestKind::CancelAccount
        | RequestKind::Complete
        | RequestKind::Transfer
        | RequestKind::Withdraw
        | RequestKind::Correct
        | RequestKind::Restrict
        | RequestKind::Object
        | RequestKind::ExplainRules
        | RequestKind::ExplainDecision
        | RequestKind::RefuseDecision
        | RequestKind::Complaint => true,
        // It begins with what is shown of one's own.
        RequestKind::Lift => false,
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
        let details = json::bytes(asked.wish);
        let extent = self.unseen(asked.kind, asked.extent);
        let filing = Filing {
            kind: asked.kind,
            lang,
            details: Some(&details),
            extent: &extent,
            plan: None,
            told: Told::OnReceipt,
        };
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
    /// [`ServiceError::NotFound`] for what cannot be asked for in words, or about nobody; [`ServiceError::Blocked`] and
    /// [`ServiceError::NoAccount`] for an account that cannot be closed as it is now.
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
        if asked.kind == RequestKind::CancelAccount
            && let Some(against) = self.look_before_closing(permit, actor, asked.subject).await?
        {
            return Err(against.into());
        }
        let requester = Requester::Staff { channel: asked.channel, id: permit.staff() };
        let extent = self.unseen(asked.kind, asked.extent);
        let plan = as_read(self.plan_of(asked.kind, Some(asked.wish), &extent, asked.subject).await)?.flatten();
        let details = json::bytes(asked.wish);
        let filing = Filing {
            kind: asked.kind,
            lang,
            details: Some(&details),
            extent: &extent,
            plan: plan.as_ref(),
            told: Told::OnReceipt,
        };
        let tx = self.store.begin().await?;
        let filer = Filer::Staff { permit, requester, subject: asked.subject, received: asked.received };
        let request = self.file(&tx, filer, actor, &filing).await?;
        for file in asked.evidence {
            self.keep_file(&tx, &request, FiledAs::Evidence, file, actor).await?;
        }
        tx.commit().await?;
        Ok(request)
    }

    /// What the executor would do, where it is the executor's.
    pub(super) async fn plan_of(
        &self,
        kind: RequestKind,
        wish: Option<&Wish>,
        extent: &Extent,
        subject: &[Identifier],
    ) -> Result<Option<Plan>, ServiceError> {
        Ok(match kind.handling() {
            Handling::Withdrawal => {
                let wish = wish.ok_or(ServiceError::NotFound)?;
                match self.stops_for_another(subject, wish).await? {
                    Doer::Executor(plan) => Some(plan),
                    Doer::Officer => None,
                }
            }
            Handling::Erasure => {
                let person = self.reach(subject).await?;
                Some(self.plan_for(self.within(person, extent).await?).await?.plan)
            }
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

    /// In words; of a restriction, an objection or an automated decision, if they know it, what it is about, and of a
    /// withdrawal always.
    pub fn can_be_asked(&self, kind: RequestKind, wish: &Wish) -> bool {
        let about = match about(kind) {
            About::Purpose | About::Decision => wish.about.is_none() || self.may_be_about(kind, wish),
            About::Consent => self.may_be_about(kind, wish),
            About::Nothing => wish.about.is_none(),
        };
        may_be_asked_for(kind) && about
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

//! Cancelling an account (E-Commerce Law art. 24; Order 790 art. 23, 24): what has to be settled first is shown as it
//! is now, then some days to take it back, then the same erasure as any other, without anyone's approval. Where
//! somebody else asks, an officer agrees first; what has to be settled is looked at when they do, and once more on the day.

use domain::{
    Identifier, Lang,
    actor::Actor,
    audit::Action,
    china,
    map::Extent,
    permit::{Decide, Own, OwnFresh},
    plan::Plan,
    request::{RequestKind, Requester, Stage, Status},
};
use jiff::{Timestamp, civil::Date};
use store::{
    looks::Kept,
    requests::{Reader, Request},
};

use super::{
    file::{Filing, Told},
    owed::as_read,
    restrict::in_time,
    unsettled::{NoAccount, Unsettled},
};
use crate::{Portal, ServiceError};

/// What cancelling would mean today.
#[derive(Debug)]
pub struct Cancellation {
    /// What stands against it.
    pub blockers: Vec<Unsettled>,
    pub plan: Plan,
    /// Until when it can be taken back.
    pub until: Timestamp,
    /// By which day it must be done.
    pub due: Date,
}

/// Whether there is something to close.
#[derive(Debug)]
pub enum Closing {
    NoAccount(NoAccount),
    Account(Cancellation),
}

/// What became of it.
#[derive(Debug)]
pub enum Cancelled {
    Filed(Box<Request>),
    Blocked,
    NoAccount(NoAccount),
}

/// What stands against closing somebody's account as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Against {
    NoAccount(NoAccount),
    Open(Vec<Unsettled>),
}

impl From<Against> for ServiceError {
    fn from(against: Against) -> Self {
        match against {
            Against::NoAccount(_) => Self::NoAccount,
            Against::Open(_) => Self::Blocked,
        }
    }
}

impl Portal {
    /// Nothing is changed.
    pub async fn preview_cancellation(&self, permit: &Own) -> Result<Closing, ServiceError> {
        if let Some(why) = self.no_account(permit.proven()).await? {
            return Ok(Closing::NoAccount(why));
        }
        let blockers = self.unsettled(permit.proven()).await?;
        let person = self.reach(permit.proven()).await?;
        let (plan, until) = (self.plan_for(person).await?.plan, self.cooled_off(self.clock.now()));
        let due = self.calendar().due(self.clock.today()).due;
        Ok(Closing::Account(Cancellation { blockers, plan, until, due }))
    }

    /// Whether closing an account is held out to somebody: not to whom it is known that there is none.
    pub async fn offers_closing(&self, permit: &Own) -> Result<bool, ServiceError> {
        Ok(in_time(self.no_account(permit.proven())).await?.flatten() != Some(NoAccount::NotFound))
    }

    /// One open cancellation is enough: a second press of the button finds the first.
    pub async fn file_cancellation(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        lang: Lang,
    ) -> Result<Cancelled, ServiceError> {
        let own = permit.own();
        let open = self.store.open_about(own).await?;
        // What somebody else asks for them is not theirs.
        let theirs = |r: &Request| r.kind == RequestKind::CancelAccount && r.requester == Requester::Subject;
        if let Some(open) = open.into_iter().find(|r| theirs(r) && r.stage.is_open()) {
            return Ok(Cancelled::Filed(Box::new(open)));
        }
        let plan = match as_read(self.preview_cancellation(own).await)? {
            Some(Closing::NoAccount(why)) => return Ok(Cancelled::NoAccount(why)),
            Some(Closing::Account(preview)) if !preview.blockers.is_empty() => return Ok(Cancelled::Blocked),
            Some(Closing::Account(preview)) => preview.plan,
            // What is there on the day is what goes, and what stands against it then is what counts.
            None => self.nothing_yet(),
        };
        let tx = self.store.begin().await?;
        if let Some(open) = tx.open_already(own, RequestKind::CancelAccount).await? {
            return Ok(Cancelled::Filed(Box::new(open)));
        }
        let filing = Filing {
            kind: RequestKind::CancelAccount,
            lang,
            details: None,
            extent: &Extent::Everything,
            plan: Some(&plan),
            told: Told::OnReceipt,
        };
        let request = self.file(&tx, own, actor, &filing).await?;
        let request = self.approve_by_rule(&tx, own, request, plan.digest()).await?;
        tx.commit().await?;
        Ok(Cancelled::Filed(Box::new(request)))
    }

    async fn against_closing(&self, subject: &[Identifier]) -> Result<Option<Against>, ServiceError> {
        if let Some(why) = self.no_account(subject).await? {
            return Ok(Some(Against::NoAccount(why)));
        }
        let open = self.unsettled(subject).await?;
        Ok((!open.is_empty()).then_some(Against::Open(open)))
    }

    /// What stands against closing the account a request is about. Nothing does once a run of it has begun to erase: the
    /// account itself may be gone by then, and what is left has to follow.
    pub(super) async fn stands_against(&self, request: &Request) -> Result<Option<Against>, ServiceError> {
        if self.has_begun(request).await? {
            return Ok(None);
        }
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        self.against_closing(&subject).await
    }

    /// What keeps a request from being approved. What a database does not say in time is seen on the day.
    pub(super) async fn kept_from_closing(&self, request: &Request) -> Result<Option<Against>, ServiceError> {
        if request.kind != RequestKind::CancelAccount {
            return Ok(None);
        }
        Ok(in_time(self.stands_against(request)).await?.flatten())
    }

    /// On the day: something has to be settled first; or what somebody else gave, or what could not be looked at when they
    /// asked, leads to no account, or to several.
    pub(super) async fn is_blocked(
        &self,
        request: &Request,
        subject: &[Identifier],
        approved: &Plan,
    ) -> Result<bool, ServiceError> {
        if self.has_begun(request).await? {
            return Ok(false);
        }
        Ok(match request.requester {
            Requester::Subject if !approved.items.is_empty() => !self.unsettled(subject).await?.is_empty(),
            Requester::Subject | Requester::Representative { .. } | Requester::Staff { .. } => {
                self.against_closing(subject).await?.is_some()
            }
        })
    }

    /// Whether a run of a request has changed anything.
    pub(super) async fn has_begun(&self, request: &Request) -> Result<bool, ServiceError> {
        Ok(self.store.rows_done_for(request.id).await? > 0)
    }

    /// Before staff write it down for somebody: what there is to tell them. The look is entered in the audit log.
    pub async fn look_before_closing(
        &self,
        _permit: &Decide,
        actor: &Actor,
        subject: &[Identifier],
    ) -> Result<Option<Against>, ServiceError> {
        // What cannot be seen now is looked at when it is decided, and on the day.
        let against = as_read(self.against_closing(subject).await)?.flatten();
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "closing": true, "against": against.is_some() });
        let of = Kept { of: subject, ..Kept::default() };
        tx.look(self.clock.now(), actor, (Action::PersonSearched, "accounts"), detail, of).await?;
        tx.commit().await?;
        Ok(against)
    }

    /// Until when an account can still be kept once closing it was agreed to: some days from then. What has begun goes on.
    pub(super) async fn can_be_kept_until(&self, request: &Request) -> Result<Option<Timestamp>, ServiceError> {
        if request.kind != RequestKind::CancelAccount || self.has_begun(request).await? {
            return Ok(None);
        }
        let now = self.clock.now();
        let agreed = if matches!(request.stage, Stage::Approved { .. }) { request.stage.at() } else { now };
        Ok(Some(self.cooled_off(agreed)).filter(|until| *until > now))
    }

    /// How far a request is, now.
    pub(super) async fn status(&self, request: &Request) -> Result<Status, ServiceError> {
        let closes = request.kind == RequestKind::CancelAccount && matches!(request.stage, Stage::Approved { .. });
        // What has begun and was approved once more goes on at once.
        if !closes || self.has_begun(request).await? {
            return Ok(request.stage.status(request.requester));
        }
        let over = self.cooled_off(request.stage.at()) <= self.clock.now();
        Ok(if over { Status::Closing } else { Status::Cooling })
    }

    /// The last moment at which a cancellation can be taken back: the end of a day, in China.
    pub fn cooled_off(&self, filed_at: Timestamp) -> Timestamp {
        china::end(self.map.account.cool_off.after(china::day(filed_at)))
    }
}

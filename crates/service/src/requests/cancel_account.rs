//! Cancelling an account (E-Commerce Law art. 24; Order 790 art. 23, 24): what has to be settled first is shown as it
//! is now, then some days to take it back, then the same erasure as any other, without anyone's approval.

use domain::{
    Lang,
    actor::Actor,
    map::Extent,
    permit::{Own, OwnFresh},
    plan::Plan,
    request::RequestKind,
};
use jiff::{Timestamp, civil::Date, tz};
use store::requests::Request;

use super::{
    file::{Filing, Told},
    restrict::in_time,
    unsettled::{NoAccount, Unsettled},
};
use crate::{Portal, ServiceError, portal::day_in_china};

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
        if let Some(open) = open.into_iter().find(|r| r.kind == RequestKind::CancelAccount && r.stage.is_open()) {
            return Ok(Cancelled::Filed(Box::new(open)));
        }
        let preview = match self.preview_cancellation(own).await? {
            Closing::NoAccount(why) => return Ok(Cancelled::NoAccount(why)),
            Closing::Account(preview) => preview,
        };
        if !preview.blockers.is_empty() {
            return Ok(Cancelled::Blocked);
        }
        let tx = self.store.begin().await?;
        if let Some(open) = tx.open_already(own, RequestKind::CancelAccount).await? {
            return Ok(Cancelled::Filed(Box::new(open)));
        }
        let filing = Filing {
            kind: RequestKind::CancelAccount,
            lang,
            details: None,
            extent: &Extent::Everything,
            plan: Some(&preview.plan),
            told: Told::OnReceipt,
        };
        let request = self.file(&tx, own, actor, &filing).await?;
        let request = self.approve_by_rule(&tx, own, request, preview.plan.digest(), preview.until).await?;
        tx.commit().await?;
        Ok(Cancelled::Filed(Box::new(request)))
    }

    /// The last moment at which a cancellation can be taken back: the end of a day, in China.
    pub fn cooled_off(&self, filed_at: Timestamp) -> Timestamp {
        let last = self.map.account.cool_off.after(day_in_china(filed_at));
        let next = last.tomorrow().unwrap_or(last).at(0, 0, 0, 0);
        tz::offset(8).to_timestamp(next).unwrap_or(filed_at)
    }
}

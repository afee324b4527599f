//! Transfer to another handler (PIPL art. 45 para. 3, Order 790 art. 25): once an officer has found the conditions met,
//! the person makes an address of it, and gives it to whom they like. It is read when it is fetched, once.

use domain::{
    Personal,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    permit::{OwnFresh, TakeCopy},
    request::{RequestKind, Stage},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    history::Event,
    requests::{Reader, Request},
};

use super::{Granted, stop::is_stopped};
use crate::{Notice, Portal, ServiceError};

/// After an officer's answer, how long addresses can be made.
const MAY_BE_MADE: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Portal {
    /// Whether an address can be made of it now.
    pub fn may_transfer(&self, request: &Request, events: &[Event]) -> bool {
        let Stage::Answered { at, .. } = request.stage else { return false };
        request.kind == RequestKind::Transfer && !is_stopped(events) && self.clock.now() <= at + MAY_BE_MADE
    }

    /// The secret of an address that works once, and until when. One made before works no more.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for what is not one's own, or not agreed to.
    pub async fn open_transfer(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<(Personal, Timestamp), ServiceError> {
        let request = self.store.own_request(permit.own(), number).await?.ok_or(ServiceError::NotFound)?;
        if !self.may_transfer(&request, &self.store.events(&request).await?) {
            return Err(ServiceError::NotFound);
        }
        let (now, secret) = (self.clock.now(), hex::encode(self.chance.bytes::<24>()?));
        let tx = self.store.begin().await?;
        tx.open_transfer(permit, request.id, &secret, now).await?;
        // In this moment, perhaps.
        if tx.times(request.id, &Action::HandingOutStopped.name()).await? > 0 {
            return Err(ServiceError::NotFound);
        }
        let what = Action::TransferOpened;
        tx.add_event(request.id, now, actor, &what.name(), serde_json::json!({}), None).await?;
        tx.audit(now, actor, what, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok((Personal::new(secret), now + store::transfers::WORKS_FOR))
    }

    /// Whether something can be fetched with this secret.
    pub async fn is_transferred(&self, secret: &str) -> Result<bool, ServiceError> {
        Ok(self.transferred(secret).await?.is_some())
    }

    async fn transferred(&self, secret: &str) -> Result<Option<Granted>, ServiceError> {
        let work = Actor::System.work()?;
        let Some(id) = self.store.transfer(&work, secret, self.clock.now()).await? else { return Ok(None) };
        let Some(request) = self.store.request_by_id(&work, id).await? else { return Ok(None) };
        let subject = self.store.subject(Reader::Work(&work), id).await?;
        Ok(TakeCopy::transferred(&request.stage, request.kind, subject).map(|copy| Granted { copy, request }))
    }

    /// Uses the address up, before anything is read: of two who come at once one is given it, and that it was fetched
    /// is written down and told even where the line breaks. The person can make another.
    pub async fn fetch_transfer(&self, secret: &str) -> Result<Option<TakeCopy>, ServiceError> {
        let Some(Granted { copy, request }) = self.transferred(secret).await? else { return Ok(None) };
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.close_transfers(request.id).await? {
            return Ok(None);
        }
        let what = Action::TransferFetched;
        tx.add_event(request.id, now, &Actor::Visitor, &what.name(), serde_json::json!({}), None).await?;
        tx.audit(now, &Actor::Visitor, what, request.number.as_str(), serde_json::json!({})).await?;
        self.tell_all(&tx, &request, copy.of(), &Notice::CopyTaken).await?;
        tx.commit().await?;
        Ok(Some(copy))
    }
}

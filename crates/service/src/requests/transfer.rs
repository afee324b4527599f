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
use store::requests::{Reader, Request};

use super::Granted;
use crate::{Portal, ServiceError};

/// After an officer's answer, how long addresses can be made.
const MAY_BE_MADE: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Portal {
    /// Whether an address can be made of it now.
    pub fn may_transfer(&self, request: &Request) -> bool {
        let Stage::Answered { at, .. } = request.stage else { return false };
        request.kind == RequestKind::Transfer && self.clock.now() <= at + MAY_BE_MADE
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
        if !self.may_transfer(&request) {
            return Err(ServiceError::NotFound);
        }
        let (now, secret) = (self.clock.now(), hex::encode(self.chance.bytes::<24>()?));
        let tx = self.store.begin().await?;
        tx.open_transfer(permit, request.id, &secret, now).await?;
        let what = Action::TransferOpened;
        tx.add_event(request.id, now, actor, &what.name(), serde_json::json!({}), None).await?;
        tx.audit(now, actor, what, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok((Personal::new(secret), now + store::transfers::WORKS_FOR))
    }

    /// What another handler may fetch with this secret.
    pub async fn transferred(&self, secret: &str) -> Result<Option<Granted>, ServiceError> {
        let work = Actor::System.work()?;
        let Some(id) = self.store.transfer(&work, secret, self.clock.now()).await? else { return Ok(None) };
        let Some(request) = self.store.request_by_id(&work, id).await? else { return Ok(None) };
        let subject = self.store.subject(Reader::Work(&work), id).await?;
        Ok(TakeCopy::transferred(&request.stage, request.kind, subject).map(|copy| Granted { copy, request }))
    }

    /// It has arrived as a whole, and is not handed out again.
    pub async fn transfer_arrived(&self, granted: &Granted) -> Result<(), ServiceError> {
        let (now, request) = (self.clock.now(), &granted.request);
        let tx = self.store.begin().await?;
        tx.close_transfers(request.id).await?;
        let what = Action::TransferFetched;
        tx.add_event(request.id, now, &Actor::Visitor, &what.name(), serde_json::json!({}), None).await?;
        tx.audit(now, &Actor::Visitor, what, request.number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

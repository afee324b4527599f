//! Transfer to another handler (PIPL art. 45 para. 3, Order 790 art. 25): once an officer has found the conditions met, it
//! is prepared; the person makes an address of it and gives it to whom they like, who fetches it once.

use domain::{
    Personal,
    actor::Actor,
    ids::RequestNumber,
    permit::{Agreed, OwnFresh},
    request::{Happened, RequestKind},
};
use jiff::Timestamp;
use store::{
    copies::{CopyState, StoredCopy},
    requests::{Reader, Request},
};

use crate::{Portal, ServiceError, copies::HandedOut};

/// What is to be found at an address.
#[derive(Debug)]
pub enum Address {
    /// It was used, is too old, or was never made.
    Gone,
    /// It is being written, and will be there.
    Preparing(StoredCopy),
    Ready(StoredCopy),
}

/// What became of fetching it.
pub enum Fetched {
    Gone,
    Preparing(StoredCopy),
    Here(Box<HandedOut>),
}

impl Portal {
    /// The secret of an address that works once, and until when. One made before works no more. Where nothing is
    /// prepared, it is prepared again: the address says so until it is.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for what is not one's own; [`ServiceError::NotHandedOut`] for what was not agreed to,
    /// not to them, or was stopped.
    pub async fn open_transfer(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<(Personal, Timestamp), ServiceError> {
        let request = self.handed_by(permit, number).await?;
        if request.kind != RequestKind::Transfer {
            return Err(ServiceError::NotHandedOut);
        }
        let work = Actor::System.work()?;
        let people = self.store.subject(Reader::Work(&work), request.id).await?;
        let events = self.store.events(&request).await?;
        let (now, secret) = (self.clock.now(), hex::encode(self.chance.bytes::<24>()?));
        let tx = self.store.begin().await?;
        self.be_there(&tx, permit, actor, &request, &events, &people).await?;
        let ready = tx.agreed_copy(request.id, now).await?.filter(|copy| copy.state == CopyState::Ready);
        // What is kept no longer than that cannot be fetched later either.
        let longest = now + store::transfers::WORKS_FOR;
        let until = ready.map_or(longest, |copy| Ord::min(copy.ends_at, longest));
        tx.open_transfer(permit, request.id, &secret, until).await?;
        let what = Happened::TransferOpened;
        tx.add_event(request.id, now, actor, what, serde_json::json!({}), None).await?;
        tx.audit(now, actor, what.action(), number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok((Personal::new(secret), until))
    }

    /// What can be fetched with this secret.
    pub async fn at_address(&self, secret: &str) -> Result<Address, ServiceError> {
        let Some((_, request)) = self.transferred(secret).await? else { return Ok(Address::Gone) };
        let copy = self.store.agreed_copy(request.id, self.clock.now()).await?;
        Ok(match copy.map(|copy| (copy.state, copy)) {
            Some((CopyState::Preparing, copy)) => Address::Preparing(copy),
            Some((CopyState::Ready, copy)) if copy.tries_left() > 0 => Address::Ready(copy),
            Some((CopyState::Ready | CopyState::Taken | CopyState::Spent | CopyState::Failed, _)) | None => {
                Address::Gone
            }
        })
    }

    async fn transferred(&self, secret: &str) -> Result<Option<(Agreed, Request)>, ServiceError> {
        let work = Actor::System.work()?;
        let Some(id) = self.store.transfer(&work, secret, self.clock.now()).await? else { return Ok(None) };
        let Some(request) = self.store.request_by_id(&work, id).await? else { return Ok(None) };
        let subject = self.store.subject(Reader::Work(&work), id).await?;
        let agreed = Agreed::transferred(id, &request.stage, request.kind, subject);
        Ok(agreed.map(|agreed| (agreed, request)))
    }

    /// Begins to hand it out. Of two who come at once the later is given the whole, and the address is used up with its
    /// last piece; that it was begun is written down and told even where the line breaks.
    pub async fn fetch_transfer(&self, secret: &str) -> Result<Fetched, ServiceError> {
        match self.at_address(secret).await? {
            Address::Gone => return Ok(Fetched::Gone),
            Address::Preparing(copy) => return Ok(Fetched::Preparing(copy)),
            Address::Ready(_) => {}
        }
        let Some((agreed, request)) = self.transferred(secret).await? else { return Ok(Fetched::Gone) };
        let tx = self.store.begin().await?;
        if !tx.is_transfer(request.id, secret).await? {
            return Ok(Fetched::Gone);
        }
        match self.hand_out_agreed(tx, &agreed, &Actor::Visitor, request).await {
            Ok(handed) => Ok(Fetched::Here(Box::new(handed))),
            Err(ServiceError::NotHandedOut) => Ok(Fetched::Gone),
            Err(error) => Err(error),
        }
    }
}

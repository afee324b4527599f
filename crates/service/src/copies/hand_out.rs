use domain::{
    Lang,
    actor::Actor,
    audit::Action,
    ids::CopyId,
    permit::{Agreed, OwnFresh},
    request::{Happened, RequestKind, Requester, Side, Standing},
};
use jiff::Timestamp;
use store::{
    StoreError, Tx,
    copies::{CopyState, LONGEST, StoredCopy},
    requests::Request,
    sealing::{CopyKey, Opener},
};

use super::{Gone, object};
use crate::{Notice, Portal, ServiceError, notice::best_address, requests::said_as};

/// A copy on its way, opened piece after piece.
pub struct HandedOut {
    id: CopyId,
    /// `None` once the last piece has been opened.
    opener: Option<Opener>,
    pieces: u32,
    next: u32,
    until: Timestamp,
    tried: u64,
    to: To,
    /// Bytes of the whole.
    pub size: u64,
}

/// Who takes it.
enum To {
    /// Whoever it is about.
    Oneself,
    /// Whoever an officer has agreed with.
    Agreed { request: Box<Request>, by: Actor },
}

impl HandedOut {
    fn begin(copy: &StoredCopy, key: &CopyKey, now: Timestamp, to: To) -> Result<Self, ServiceError> {
        let StoredCopy { id, pieces, size, tries, .. } = *copy;
        let opener = Some(key.opener(&object(id))?);
        Ok(Self { id, opener, pieces, next: 0, until: now + LONGEST, tried: tries, to, size })
    }
}

/// Whoever it is about, unless they have died.
fn is_told(requester: Requester) -> bool {
    match requester {
        Requester::Subject | Requester::Staff { .. } => true,
        Requester::Representative { .. } => requester.may_be_written_to(Side::Subject),
    }
}

/// By whom, where there are two sides: only what whoever asks asked for is handed out, and only to them.
fn taken_by(actor: &Actor, request: &Request) -> serde_json::Value {
    let asked_for_another = matches!(request.requester, Requester::Representative { .. });
    let by_asker = match actor {
        // It acts for whoever asked: nobody else is given it.
        Actor::Customer(_) | Actor::Program(_) => asked_for_another,
        Actor::Visitor | Actor::Staff(_) | Actor::System => false,
    };
    said_as(if by_asker { Standing::On(Side::Asker) } else { Standing::Alone })
}

impl Portal {
    /// Counts the try and tells the person before the first byte leaves: somebody who has taken over their mailbox
    /// should not go unnoticed.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for somebody else's, and for one that is not ready or not here any more.
    pub async fn hand_out_copy(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        lang: Lang,
        id: CopyId,
    ) -> Result<HandedOut, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let (copy, key) = tx.try_copy(permit, id, now).await?.ok_or(ServiceError::NotFound)?;
        tx.audit(now, actor, Action::CopyTaken, object(id), serde_json::json!({ "try": copy.tries })).await?;
        if let Some(address) = best_address(permit.own().proven()) {
            self.post(&tx, address, lang, &Notice::CopyTaken, None).await?;
        }
        tx.commit().await?;
        HandedOut::begin(&copy, &key, now, To::Oneself)
    }

    /// Likewise of what an officer has agreed to: entered with the request, and told to whom it is about.
    ///
    /// # Errors
    /// [`ServiceError::NotHandedOut`] where it is not ready, was taken or has gone.
    pub(crate) async fn hand_out_agreed(
        &self,
        tx: Tx,
        permit: &Agreed,
        actor: &Actor,
        request: Request,
    ) -> Result<HandedOut, ServiceError> {
        let now = self.clock.now();
        // In this moment, perhaps.
        if tx.times(request.id, Happened::HandingOutStopped).await? > 0 {
            return Err(ServiceError::NotHandedOut);
        }
        let (copy, key) = tx.try_agreed(permit, now).await?.ok_or(ServiceError::NotHandedOut)?;
        let detail = serde_json::json!({ "try": copy.tries });
        tx.add_event(request.id, now, actor, Happened::CopyBegun, taken_by(actor, &request), None).await?;
        tx.audit(now, actor, Action::CopyTaken, request.number.as_str(), detail).await?;
        let notice = Notice::AgreedTaken { number: request.number.clone(), kind: request.kind };
        if is_told(request.requester) {
            self.tell_subject(&tx, &request, permit.of(), &notice).await?;
        }
        tx.commit().await?;
        HandedOut::begin(&copy, &key, now, To::Agreed { request: Box::new(request), by: actor.clone() })
    }

    /// The next piece; `None` after the last. When the last one is asked for, all before it have been taken: from then
    /// on the copy is not here any more.
    ///
    /// # Errors
    /// A piece that is not as it was written; a copy that has gone meanwhile, was begun again, or was on its way for too
    /// long.
    pub async fn next_piece(&self, of: &mut HandedOut) -> Result<Option<Vec<u8>>, ServiceError> {
        if of.opener.is_none() {
            return Ok(None);
        }
        let now = self.clock.now();
        if now > of.until {
            return Err(ServiceError::NotFound);
        }
        let sealed = self.store.copy_piece(of.id, of.next, of.tried).await?.ok_or(ServiceError::NotFound)?;
        of.next += 1;
        if of.next < of.pieces {
            let opener = of.opener.as_mut().ok_or(ServiceError::NotFound)?;
            return Ok(Some(opener.next(&sealed)?));
        }
        let opener = of.opener.take().ok_or(StoreError::Inconsistent { what: "a copy" })?;
        let last = opener.last(&sealed)?;
        let tx = self.store.begin().await?;
        if let To::Agreed { request, .. } = &of.to {
            // First the request, then its copy: in the order of whoever stops it, or each would wait for the other.
            tx.times(request.id, Happened::CopyBegun).await?;
        }
        if tx.end_copy(of.id, CopyState::Taken).await? {
            tx.audit(now, &Actor::System, Action::CopyEnded, object(of.id), Gone::Delivered.detail()).await?;
            self.arrived(&tx, &of.to, now).await?;
        }
        tx.commit().await?;
        Ok(Some(last))
    }

    /// What an officer has agreed to has arrived as a whole; the address of a transfer is used up.
    async fn arrived(&self, tx: &Tx, to: &To, now: Timestamp) -> Result<(), ServiceError> {
        let To::Agreed { request, by } = to else { return Ok(()) };
        let what = if request.kind == RequestKind::Transfer { Happened::TransferFetched } else { Happened::CopyTaken };
        tx.add_event(request.id, now, by, what, taken_by(by, request), None).await?;
        if what == Happened::TransferFetched {
            tx.close_transfers(request.id).await?;
            tx.audit(now, by, what.action(), request.number.as_str(), serde_json::json!({})).await?;
        }
        Ok(())
    }
}

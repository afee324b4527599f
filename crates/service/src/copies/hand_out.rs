use domain::{Lang, actor::Actor, audit::Action, ids::CopyId, permit::OwnFresh};
use jiff::Timestamp;
use store::{
    StoreError,
    copies::{CopyState, LONGEST},
    sealing::Opener,
};

use super::{Gone, object};
use crate::{Notice, Portal, ServiceError, notice::best_address};

/// A copy on its way to its person, opened piece after piece.
pub struct HandedOut {
    id: CopyId,
    /// `None` once the last piece has been opened.
    opener: Option<Opener>,
    pieces: u32,
    next: u32,
    until: Timestamp,
    /// Bytes of the whole.
    pub size: u64,
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
        let opener = Some(key.opener(&object(id))?);
        Ok(HandedOut { id, opener, pieces: copy.pieces, next: 0, until: now + LONGEST, size: copy.size })
    }

    /// The next piece; `None` after the last. When the last one is asked for, all before it have been taken: from then
    /// on the copy is not here any more.
    ///
    /// # Errors
    /// A piece that is not as it was written; a copy that has gone meanwhile, or was on its way for too long.
    pub async fn next_piece(&self, of: &mut HandedOut) -> Result<Option<Vec<u8>>, ServiceError> {
        if of.opener.is_none() {
            return Ok(None);
        }
        let now = self.clock.now();
        if now > of.until {
            return Err(ServiceError::NotFound);
        }
        let sealed = self.store.copy_piece(of.id, of.next).await?.ok_or(ServiceError::NotFound)?;
        of.next += 1;
        if of.next < of.pieces {
            let opener = of.opener.as_mut().ok_or(ServiceError::NotFound)?;
            return Ok(Some(opener.next(&sealed)?));
        }
        let opener = of.opener.take().ok_or(StoreError::Inconsistent { what: "a copy" })?;
        let last = opener.last(&sealed)?;
        let tx = self.store.begin().await?;
        if tx.end_copy(of.id, CopyState::Taken).await? {
            tx.audit(now, &Actor::System, Action::CopyEnded, object(of.id), Gone::Delivered.detail()).await?;
        }
        tx.commit().await?;
        Ok(Some(last))
    }
}

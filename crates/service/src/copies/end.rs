use domain::{
    Identifier,
    actor::Actor,
    audit::Action,
    ids::{RequestId, RunId},
    map::TableName,
    permit::Work,
};
use jiff::Timestamp;
use store::{Tx, copies::CopyState};

use super::{Gone, object};
use crate::{Portal, ServiceError};

/// Copies that go in one transaction: each may be large.
const AT_ONCE: u64 = 5;

impl Portal {
    /// Within the transaction that begins or ends an erasure: what is erased must not live on in a copy.
    pub(crate) async fn withdraw_copies(&self, tx: &Tx, work: &Work, of: &[Identifier]) -> Result<(), ServiceError> {
        for copy in tx.withdraw_copies(work, of).await? {
            self.copy_went(tx, copy, Gone::Erasure).await?;
        }
        Ok(())
    }

    /// Within the transaction that stops what an officer had agreed to.
    pub(crate) async fn stop_copy(&self, tx: &Tx, actor: &Actor, request: RequestId) -> Result<(), ServiceError> {
        if let Some(id) = tx.remove_agreed(request).await? {
            tx.audit(self.clock.now(), actor, Action::CopyEnded, object(id), Gone::Stopped.detail()).await?;
        }
        Ok(())
    }

    /// Those whose time was over before `before`. How many went; a night notes them as its own.
    pub(crate) async fn forget_late_copies(
        &self,
        work: &Work,
        before: Timestamp,
        night: Option<RunId>,
    ) -> Result<u64, ServiceError> {
        let mut gone = 0;
        loop {
            let tx = self.store.begin().await?;
            let late = tx.late_copies(work, before, AT_ONCE).await?;
            if late.is_empty() {
                return Ok(gone);
            }
            let mut here = 0;
            for copy in late {
                tx.remove_copy(copy.id).await?;
                self.copy_went(&tx, copy, Gone::TimeOver).await?;
                here += 1;
            }
            if let Some(night) = night {
                tx.note_forgotten(night, &TableName::own_copies(), here).await?;
            }
            gone += here;
            tx.commit().await?;
        }
    }

    /// Those that nobody may begin to download any more.
    pub(crate) async fn forget_spent_copies(&self, work: &Work) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        for copy in tx.spent_copies(work, now).await? {
            if tx.end_copy(copy.id, CopyState::Spent).await? {
                self.copy_went(&tx, copy, Gone::TriesOver).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

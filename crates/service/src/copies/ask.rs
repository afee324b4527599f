use domain::{
    Lang,
    actor::Actor,
    audit::Action,
    china,
    ids::CopyId,
    permit::{Own, OwnFresh},
    request::Stage,
};
use jiff::Timestamp;
use store::{
    copies::{CopyState, StoredCopy},
    jobs::JobKind,
    throttle::{Limit, Pace},
};

use super::{Gone, new_id, object};
use crate::{Portal, ServiceError};

/// Each is the whole of what is held, read from every database.
const A_DAY: Limit = Limit { times: 10, within: jiff::SignedDuration::from_hours(24) };

impl Portal {
    /// One that is not over yet is enough: a second press of the button finds the first.
    ///
    /// # Errors
    /// [`ServiceError::TooLate`] while their data is being erased, [`ServiceError::TooOften`].
    pub async fn ask_for_copy(&self, permit: &OwnFresh, actor: &Actor, lang: Lang) -> Result<StoredCopy, ServiceError> {
        let (now, own) = (self.clock.now(), permit.own());
        let tx = self.store.begin().await?;
        let open = tx.own_copies(own, now).await?.into_iter().find(|copy| {
            // Asked for with fewer or more than what is proven now it would be another.
            copy.people == own.proven().len()
                && (copy.state == CopyState::Preparing || copy.state == CopyState::Ready && copy.tries_left() > 0)
        });
        if let Some(open) = open {
            return Ok(open);
        }
        self.not_half_erased(permit).await?;
        for identifier in own.proven() {
            let bucket = self.store.vault().index_text("asks for copies", identifier.reveal());
            if tx.pace(&bucket, A_DAY, now).await? != Pace::Fine {
                return Err(ServiceError::TooOften);
            }
        }
        let id = new_id(self)?;
        tx.ask_for_copy(permit, id, lang, now, self.copy_ends(now)).await?;
        tx.enqueue(JobKind::PrepareCopy, &id.to_string(), now).await?;
        tx.audit(now, actor, Action::CopyAsked, object(id), serde_json::json!({})).await?;
        let copy = tx.own_copies(own, now).await?.into_iter().find(|copy| copy.id == id);
        tx.commit().await?;
        copy.ok_or(ServiceError::Inconsistent { what: "a copy just asked for" })
    }

    /// # Errors
    /// [`ServiceError::TooLate`] while their data is being erased.
    pub async fn may_copy(&self, permit: &OwnFresh) -> Result<(), ServiceError> {
        self.not_half_erased(permit).await
    }

    /// Whether everything they have fits on a page, so that it is downloaded before anybody has asked for patience.
    pub async fn is_small_copy(&self, permit: &OwnFresh) -> Result<bool, ServiceError> {
        let held = self.mine(permit.own()).await?;
        Ok(held.cut.is_empty() && held.missing.is_empty())
    }

    /// One's own copies, newest first.
    pub async fn my_copies(&self, permit: &Own) -> Result<Vec<StoredCopy>, ServiceError> {
        Ok(self.store.own_copies(permit, self.clock.now()).await?)
    }

    /// # Errors
    /// [`ServiceError::NotFound`] for somebody else's.
    pub async fn my_copy(&self, permit: &Own, id: CopyId) -> Result<StoredCopy, ServiceError> {
        self.store.own_copy(permit, id, self.clock.now()).await?.ok_or(ServiceError::NotFound)
    }

    /// The person wants it no more.
    pub async fn remove_copy(&self, permit: &Own, actor: &Actor, id: CopyId) -> Result<(), ServiceError> {
        self.my_copy(permit, id).await?;
        let tx = self.store.begin().await?;
        if tx.remove_copy(id).await? {
            tx.audit(self.clock.now(), actor, Action::CopyEnded, object(id), Gone::Unwanted.detail()).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// While somebody is being erased, what can be read is half of it, and must not be given out as all.
    pub(crate) async fn not_half_erased(&self, permit: &OwnFresh) -> Result<(), ServiceError> {
        let mut theirs = self.store.open_about(permit.own()).await?.into_iter();
        let erasing = theirs.find(|request| request.kind.erases() && matches!(request.stage, Stage::Running { .. }));
        match erasing {
            Some(request) => Err(ServiceError::TooLate { stage: request.stage.name() }),
            None => Ok(()),
        }
    }

    /// The end of a copy's last day, in China.
    pub(super) fn copy_ends(&self, from: Timestamp) -> Timestamp {
        china::end(self.map.portal.keep_copies.after(china::day(from)))
    }
}

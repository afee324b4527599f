//! What was locked away for a request: how much there is, and opening it, which takes two persons and a reason in
//! law. Every look is entered in the audit log.

use domain::{
    Personal,
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    permit::{Decide, ReadRequests},
};
use jiff::{SignedDuration, Timestamp};
use sources::execute::unlock::{self, Locked, Unlocked};
use store::{requests::Request, unlock::Unlocking};

use crate::{Portal, ServiceError};

/// How long what two persons agreed on may be looked at.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Rows shown on a page.
const MOST: u64 = 500;

/// What is locked away for a request, and how far opening it has come.
#[derive(Debug)]
pub struct LockedAway {
    pub number: RequestNumber,
    pub locked: Vec<Locked>,
    pub opening: Opening,
}

#[derive(Debug)]
pub enum Opening {
    /// Nobody asks to see it.
    Shut,
    Asked {
        unlocking: Unlocking,
        by: By,
    },
    Open {
        unlocking: Unlocking,
        until: Timestamp,
    },
}

/// Who asked, from the reader's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Reader,
    Another,
}

impl Portal {
    /// # Errors
    /// [`ServiceError::NotFound`] for a request there is not.
    pub async fn locked_away(&self, permit: &ReadRequests, number: &RequestNumber) -> Result<LockedAway, ServiceError> {
        let request = self.numbered(permit, number).await?;
        let locked = unlock::locked(&self.sources, &request.id.to_string()).await?;
        let opening = self.opening(permit, &request).await?;
        Ok(LockedAway { number: request.number, locked, opening })
    }

    async fn opening(&self, permit: &ReadRequests, request: &Request) -> Result<Opening, ServiceError> {
        let Some(unlocking) = self.store.unlocking(permit, request.id).await? else { return Ok(Opening::Shut) };
        Ok(match unlocking.granted_at.map(|at| at + OPEN_FOR) {
            Some(until) if until > self.clock.now() => Opening::Open { unlocking, until },
            Some(_) => Opening::Shut,
            None => {
                let by = if unlocking.asked_by == permit.staff() { By::Reader } else { By::Another };
                Opening::Asked { unlocking, by }
            }
        })
    }

    /// Asks another officer to agree.
    pub async fn ask_unlock(
        &self,
        permit: &Decide,
        reader: &ReadRequests,
        actor: &Actor,
        number: &RequestNumber,
        reason: &Personal,
    ) -> Result<(), ServiceError> {
        let request = self.numbered(reader, number).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        tx.ask_unlock(permit, request.id, reason, now).await?;
        tx.audit(now, actor, Action::UnlockAsked, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Agrees to what another officer asked.
    ///
    /// # Errors
    /// [`ServiceError::SecondPerson`] for whoever asked, or when nothing is asked.
    pub async fn grant_unlock(
        &self,
        permit: &Decide,
        reader: &ReadRequests,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<(), ServiceError> {
        let request = self.numbered(reader, number).await?;
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.grant_unlock(permit, request.id, now).await? {
            return Err(ServiceError::SecondPerson);
        }
        tx.audit(now, actor, Action::UnlockGranted, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What is locked away, opened, while two persons agree to it.
    ///
    /// # Errors
    /// [`ServiceError::SecondPerson`] when they do not, or no longer.
    pub async fn unlocked(
        &self,
        _permit: &Decide,
        reader: &ReadRequests,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<Vec<Unlocked>, ServiceError> {
        let request = self.numbered(reader, number).await?;
        match self.opening(reader, &request).await? {
            Opening::Open { .. } => {}
            Opening::Shut | Opening::Asked { .. } => return Err(ServiceError::SecondPerson),
        }
        let open = unlock::open(&self.sources, &self.lock(request.id.to_string()), MOST).await?;
        let (now, detail) = (self.clock.now(), serde_json::json!({ "rows": open.len() }));
        let tx = self.store.begin().await?;
        tx.audit(now, actor, Action::UnlockedSeen, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(open)
    }

    async fn numbered(&self, permit: &ReadRequests, number: &RequestNumber) -> Result<Request, ServiceError> {
        self.store.request_by_number(permit, number).await?.ok_or(ServiceError::NotFound)
    }
}

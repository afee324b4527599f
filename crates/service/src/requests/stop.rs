//! What was agreed to and has not been handed out yet can still be stopped, by whoever asked and by whom it is about.

use domain::{actor::Actor, audit::Action, ids::RequestNumber, permit::Own};
use store::{history::Event, requests::Request};

use super::sides::said_as;
use crate::{Portal, ServiceError};

impl Portal {
    /// Whether something was agreed to that may still be handed out.
    pub fn may_be_stopped(&self, request: &Request, events: &[Event]) -> bool {
        self.copy_until(request, events).is_some() || self.may_transfer(request, events)
    }

    /// Nothing of it is handed out any more: no copy, and no address that was made works.
    ///
    /// # Errors
    /// [`ServiceError::TooLate`] where nothing waits any more.
    pub async fn stop_handing_out(
        &self,
        permit: &Own,
        actor: &Actor,
        number: &RequestNumber,
    ) -> Result<(), ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        if !self.may_be_stopped(&request, &self.store.events(&request).await?) {
            return Err(ServiceError::TooLate { stage: request.stage.name() });
        }
        let data = said_as(self.store.standing(permit, &request).await?);
        let (now, what) = (self.clock.now(), Action::HandingOutStopped);
        let tx = self.store.begin().await?;
        tx.add_event(request.id, now, actor, &what.name(), data, None).await?;
        tx.close_transfers(request.id).await?;
        tx.audit(now, actor, what, number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether it was stopped, by its history.
pub(super) fn is_stopped(events: &[Event]) -> bool {
    let stopped = Action::HandingOutStopped.name();
    events.iter().any(|event| event.what == stopped)
}

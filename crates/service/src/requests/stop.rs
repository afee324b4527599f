//! What was agreed to and has not been handed out yet can still be stopped, by whoever asked and by whom it is about.

use domain::{actor::Actor, ids::RequestNumber, permit::Own, request::Happened};
use jiff::Timestamp;
use store::history::Event;

use super::sides::said_as;
use crate::{Portal, ServiceError, copies::HandingOut};

impl Portal {
    /// Nothing of it is handed out any more: what was prepared goes, and no address that was made works.
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
        let events = self.store.events(&request).await?;
        match self.handing_out(&request, &events).await? {
            HandingOut::Preparing(_) | HandingOut::Ready(_) | HandingOut::Again { .. } => {}
            HandingOut::Nothing | HandingOut::Over(_) => {
                return Err(ServiceError::TooLate { stage: request.stage.name() });
            }
        }
        let data = said_as(self.store.standing(permit, &request).await?);
        let (now, what) = (self.clock.now(), Happened::HandingOutStopped);
        let tx = self.store.begin().await?;
        tx.add_event(request.id, now, actor, what, data, None).await?;
        tx.close_transfers(request.id).await?;
        self.stop_copy(&tx, actor, request.id).await?;
        tx.audit(now, actor, what.action(), number.as_str(), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// When it was stopped, by its history.
pub(crate) fn stopped(events: &[Event]) -> Option<Timestamp> {
    events.iter().find(|event| event.what == Happened::HandingOutStopped).map(|event| event.at)
}

//! The same asked twice: found, and put into the one that came first, whose date is the earlier.

use domain::{
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    permit::{Decide, ReadRequests},
    request::Event,
};
use store::requests::{Authority, Reader, Request};

use crate::{Notice, Portal, ServiceError, error::overtaken};

impl Portal {
    /// Other open requests of the same kind by whoever this one is about, the oldest first.
    pub async fn duplicates(&self, permit: &ReadRequests, request: &Request) -> Result<Vec<Request>, ServiceError> {
        if !request.stage.is_open() {
            return Ok(Vec::new());
        }
        Ok(self.store.open_alike(permit, request).await?)
    }

    /// Closes `number` as the same as `into`, which came first and stays open; the person is told, and reads where.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for two that are not the same, or where the other is the older.
    pub async fn merge(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        into: &RequestNumber,
    ) -> Result<(), ServiceError> {
        let reader = actor.read_requests()?;
        let request = self.to_decide(actor, number).await?;
        let alike = self.duplicates(&reader, &request).await?;
        let older = alike.iter().find(|other| other.number == *into && other.received_at <= request.received_at);
        let older = older.ok_or(ServiceError::NotFound)?;
        let (now, what) = (self.clock.now(), Action::RequestMerged);
        let stage = match request.stage.clone().next(Event::Settle { by: permit.staff() }, now) {
            Ok(stage) => stage,
            Err(late) => return Err(self.refused_transition(actor, &request, late, what).await?),
        };
        let asker = self.store.asker(Reader::Staff(&reader), request.id).await?;
        let data = serde_json::json!({ "into": older.number });
        let tx = self.store.begin().await?;
        tx.move_request(Authority::Decide(permit), &request, stage).await.map_err(overtaken)?;
        tx.add_event(request.id, now, actor, &what.name(), data.clone(), None).await?;
        tx.audit(now, actor, what, number.as_str(), data).await?;
        let notice = Notice::Answered { number: number.clone(), kind: request.kind };
        self.tell(&tx, &request, &asker, &notice).await?;
        tx.commit().await?;
        Ok(())
    }
}

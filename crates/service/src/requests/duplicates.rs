//! The same asked twice: found, and put into the one that came first, whose date is the earlier.

use domain::{
    actor::Actor,
    audit::Action,
    ids::RequestNumber,
    permit::{Decide, ReadRequests},
    request::{Event, Requester},
};
use store::requests::{Authority, Reader, Request};

use crate::{Notice, Portal, ServiceError, error::overtaken};

impl Portal {
    /// Other open requests of the same kind by whoever this one is about, the oldest first.
    pub async fn duplicates(&self, permit: &ReadRequests, request: &Request) -> Result<Vec<Request>, ServiceError> {
        if !request.stage.is_open() || !is_ones_own(request) {
            return Ok(Vec::new());
        }
        let mut alike = self.store.open_alike(permit, request).await?;
        alike.retain(is_ones_own);
        // Who asked for some of it and for all of it has asked for two things.
        let extent = self.extent_of(request).await?;
        let mut same = Vec::with_capacity(alike.len());
        for other in alike {
            if self.extent_of(&other).await? == extent {
                same.push(other);
            }
        }
        Ok(same)
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
        let older = alike.iter().find(|other| other.number == *into && is_older(other, &request));
        let older = older.ok_or(ServiceError::NotFound)?;
        let (now, what) = (self.clock.now(), Action::RequestMerged);
        // It ends like one that was taken back: nothing is granted by it.
        let stage = match request.stage.clone().next(Event::Cancel, now) {
            Ok(stage) => stage,
            Err(late) => return Err(self.refused_transition(actor, &request, late, what).await?),
        };
        let subject = self.store.subject(Reader::Staff(&reader), request.id).await?;
        let data = serde_json::json!({ "into": older.number });
        let tx = self.store.begin().await?;
        // What it is put into must still be going on.
        if !tx.is_open(older.id).await? {
            return Err(ServiceError::Overtaken);
        }
        tx.move_request(Authority::Decide(permit), &request, stage).await.map_err(overtaken)?;
        tx.add_event(request.id, now, actor, &what.name(), data.clone(), None).await?;
        tx.audit(now, actor, what, number.as_str(), data).await?;
        let notice = Notice::Merged { number: number.clone(), into: older.number.clone() };
        self.tell(&tx, &request, &subject, &notice).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Of two of one instant one is the older too.
fn is_older(other: &Request, request: &Request) -> bool {
    (other.received_at, other.id) < (request.received_at, request.id)
}

/// What somebody asks for another person is theirs, and never the same as what that person asks.
const fn is_ones_own(request: &Request) -> bool {
    match request.requester {
        Requester::Subject | Requester::Staff { .. } => true,
        Requester::Representative { .. } => false,
    }
}

//! Whose turn it is: a person's own requests in which something waits for them.

use domain::{
    permit::Own,
    request::{RequestKind, Stage},
};
use store::requests::Request;

use crate::{Portal, ServiceError, copies::HandingOut};

/// What waits for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A question.
    Answer,
    /// A copy that was agreed to.
    Download,
    /// A transfer that was agreed to.
    MakeAddress,
}

impl Portal {
    /// However long ago they were filed, the newest first.
    pub async fn my_turns(&self, permit: &Own) -> Result<Vec<(Request, Turn)>, ServiceError> {
        let mut turns = Vec::new();
        for request in self.store.may_wait_for(permit, self.clock.now()).await? {
            if let Some(turn) = self.turn(permit, &request).await? {
                turns.push((request, turn));
            }
        }
        Ok(turns)
    }

    async fn turn(&self, permit: &Own, request: &Request) -> Result<Option<Turn>, ServiceError> {
        let standing = self.store.standing(permit, request).await?;
        if let Stage::Asked { whom, .. } = request.stage {
            return Ok(standing.speaks_for(whom).then_some(Turn::Answer));
        }
        let events = self.store.events(request).await?;
        let ready = match self.handing_out(request, &events).await? {
            HandingOut::Ready(_) => standing.is_handed(),
            HandingOut::Nothing | HandingOut::Preparing(_) | HandingOut::Again { .. } | HandingOut::Over(_) => false,
        };
        if !ready {
            return Ok(None);
        }
        if request.kind != RequestKind::Transfer {
            return Ok(Some(Turn::Download));
        }
        // One that is out there waits for the other company, not for them.
        let made = self.store.transfer_until(request.id, self.clock.now()).await?;
        Ok(made.is_none().then_some(Turn::MakeAddress))
    }
}

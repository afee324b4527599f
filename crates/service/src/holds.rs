//! Legal holds, placed from the command line for now.

use domain::{Identifier, actor::Actor, audit::Action, ids::HoldId};
use jiff::civil::Date;
use store::holds::Hold;

use crate::{Portal, ServiceError};

impl Portal {
    pub async fn place_hold(
        &self,
        subject: Vec<Identifier>,
        owner: &str,
        reason: &str,
        review_on: Date,
    ) -> Result<HoldId, ServiceError> {
        let now = self.clock.now();
        let id = HoldId(self.chance.id(now)?);
        let hold = Hold { id, subject, owner: owner.to_owned(), reason: reason.to_owned(), review_on, placed_at: now };
        let tx = self.store.begin().await?;
        tx.place_hold(&hold).await?;
        let detail = serde_json::json!({ "review_on": review_on });
        tx.audit(now, &Actor::System, Action::HoldPlaced, format!("hold:{id}"), detail).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What the hold stopped is selected again the next night: nothing else has to be done.
    pub async fn release_hold(&self, id: HoldId) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.release_hold(id, now).await? {
            return Err(ServiceError::NotFound);
        }
        let object = format!("hold:{id}");
        tx.audit(now, &Actor::System, Action::HoldReleased, object, serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

//! Legal holds: placed with an owner, a reason and a day on which they are looked at again.

use domain::{
    actor::Actor,
    audit::Action,
    hold::HoldOn,
    ids::HoldId,
    map::TableName,
    permit::{KeepHolds, ReadRequests},
};
use jiff::civil::Date;
use sources::{Scope, plan};
use store::holds::Hold;

use crate::{Portal, ServiceError, portal::Ground};

/// A hold as somebody asks for it.
#[derive(Clone, Debug)]
pub struct NewHold {
    pub on: HoldOn,
    pub owner: String,
    /// Without personal data: it is shown in lists.
    pub reason: String,
    pub review_on: Date,
}

impl Portal {
    pub async fn place_hold(&self, _permit: KeepHolds, actor: &Actor, new: NewHold) -> Result<HoldId, ServiceError> {
        let now = self.clock.now();
        let id = HoldId(self.chance.id(now)?);
        let NewHold { on, owner, reason, review_on } = new;
        let what = match &on {
            HoldOn::Person(_) => serde_json::json!({ "review_on": review_on, "on": "person" }),
            HoldOn::Rows(rows) => serde_json::json!({ "review_on": review_on, "on": rows.table }),
        };
        let hold = Hold { id, on, owner, reason, review_on, placed_at: now };
        let tx = self.store.begin().await?;
        tx.place_hold(&hold).await?;
        tx.audit(now, actor, Action::HoldPlaced, format!("hold:{id}"), what).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// It is still needed, and will be looked at again on another day.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when no such hold is in force.
    pub async fn review_hold(
        &self,
        _permit: KeepHolds,
        actor: &Actor,
        id: HoldId,
        review_on: Date,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.review_hold(id, review_on).await? {
            return Err(ServiceError::NotFound);
        }
        let what = serde_json::json!({ "review_on": review_on });
        tx.audit(now, actor, Action::HoldReviewed, format!("hold:{id}"), what).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What the hold stopped is selected again the next night: nothing else has to be done.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when no such hold is in force.
    pub async fn release_hold(&self, _permit: KeepHolds, actor: &Actor, id: HoldId) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.release_hold(id, now).await? {
            return Err(ServiceError::NotFound);
        }
        tx.audit(now, actor, Action::HoldReleased, format!("hold:{id}"), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Holds in force, the one to be looked at next first.
    pub async fn holds(&self, _permit: &ReadRequests) -> Result<Vec<Hold>, ServiceError> {
        let mut holds = self.store.active_holds().await?;
        holds.sort_by_key(|hold| (hold.review_on, hold.placed_at));
        Ok(holds)
    }

    /// How many rows a hold protects, or would protect, by table.
    ///
    /// # Errors
    /// [`ServiceError::Source`] also when a value does not fit its column.
    pub async fn protected_by(
        &self,
        _permit: &ReadRequests,
        on: &HoldOn,
    ) -> Result<Vec<(TableName, u64)>, ServiceError> {
        let catalogues = self.sources.catalogues().await?;
        let ground = Ground { catalogues, holds: vec![self.follow_hold(on).await?] };
        let terms = ground.terms(self, &Scope::Expired, self.clock.today());
        Ok(plan::held_rows(&self.sources, &terms).await?)
    }
}

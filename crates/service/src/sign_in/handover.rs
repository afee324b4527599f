//! Arriving from the company's own app: whoever is signed in there need not sign in again here.

use domain::{
    Personal,
    actor::{Actor, Customer},
    audit::Action,
};
use jiff::Timestamp;
use store::handovers::Arriving;

use crate::{Portal, ServiceError};

impl Portal {
    /// The secret of an address that works once, within two minutes.
    ///
    /// # Errors
    /// [`ServiceError::Denied`] for a program that may not act for people.
    pub async fn hand_over(
        &self,
        actor: &Actor,
        who: &Customer,
        proven_at: Option<Timestamp>,
    ) -> Result<Personal, ServiceError> {
        actor.own()?;
        let now = self.clock.now();
        let secret = hex::encode(self.chance.bytes::<24>()?);
        // Not said when: then too long ago to count as fresh.
        let arriving =
            Arriving { proven: who.proven(), proven_at: proven_at.unwrap_or(Timestamp::UNIX_EPOCH).min(now) };
        let tx = self.store.begin().await?;
        tx.hand_over(&secret, &arriving, now).await?;
        tx.commit().await?;
        Ok(Personal::new(secret))
    }

    pub async fn arriving(&self, secret: &str) -> Result<Option<Arriving>, ServiceError> {
        Ok(self.store.arriving(secret, self.clock.now()).await?)
    }

    /// Uses the address up.
    pub async fn arrive(&self, secret: &str) -> Result<Option<Arriving>, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let arrived = tx.arrive(secret, now).await?;
        if arrived.is_some() {
            tx.audit(now, &Actor::Visitor, Action::HandedOver, "own information", serde_json::json!({})).await?;
        }
        tx.commit().await?;
        Ok(arrived)
    }
}

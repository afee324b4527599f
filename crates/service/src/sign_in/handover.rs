//! Arriving from the company's own app: whoever is signed in there need not sign in again here.

use domain::{
    Personal,
    actor::{Actor, Customer},
    audit::Action,
};
use jiff::Timestamp;
use store::{
    StoreError,
    handovers::{Arriving, WORKS_FOR},
};

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
        tx.hand_over(&secret, &arriving, now + WORKS_FOR).await?;
        tx.audit(now, actor, Action::HandOverMade, "own information", serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(Personal::new(secret))
    }

    /// Likewise for a signed token of the company's app, once for each token: `name` is the token's own.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for one that was used before.
    pub async fn hand_over_by_token(
        &self,
        name: &str,
        arriving: &Arriving,
        until: Timestamp,
    ) -> Result<Personal, ServiceError> {
        let secret = self.store.vault().index_text("arrival", name);
        let tx = self.store.begin().await?;
        match tx.hand_over(&secret, arriving, until).await {
            Ok(()) => {}
            Err(StoreError::Conflict { .. }) => return Err(ServiceError::NotFound),
            Err(error) => return Err(error.into()),
        }
        let detail = serde_json::json!({ "by": "token" });
        tx.audit(self.clock.now(), &Actor::Visitor, Action::HandOverMade, "own information", detail).await?;
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

//! Arriving from an identity provider of the company's: it has said who somebody is, and was believed.

use domain::{
    actor::{Actor, Customer, Freshness},
    audit::Action,
};
use store::{handovers::Arriving, throttle::Pace};

use crate::{Portal, ServiceError};

impl Portal {
    /// Counts one more way to a provider or back from this network: each makes the portal ask the provider something.
    pub async fn pace_arrivals(&self, network: &str) -> Result<Pace, ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let bucket = self.store.vault().index_text("arrival from", network);
        let pace = tx.pace(&bucket, self.per_network(), now).await?;
        tx.commit().await?;
        Ok(pace)
    }

    /// Writes down that somebody came, and by which kinds of identifier; `provider` is its name in the configuration.
    pub async fn arrived_from(&self, provider: &str, who: &Arriving) -> Result<(), ServiceError> {
        let kinds: Vec<&str> = who.proven.iter().map(|one| one.kind().as_str()).collect();
        let detail = serde_json::json!({ "by": "provider", "provider": provider, "proven": kinds });
        let proven = who.proven.iter().map(|one| (one.clone(), Freshness::Stale)).collect();
        let actor = Customer::new(proven).map_or(Actor::Visitor, Actor::Customer);
        let tx = self.store.begin().await?;
        tx.audit(self.clock.now(), &actor, Action::HandedOver, "own information", detail).await?;
        tx.commit().await?;
        Ok(())
    }
}

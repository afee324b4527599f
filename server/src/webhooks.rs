//! Tells other systems of changes: signed as Standard Webhooks says, again and again for about three days.

use std::time::Duration;

use anyhow::Context;
use service::Portal;
use standardwebhooks::Webhook;
use store::webhooks::Due;

/// What a look for messages found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    One,
    Nothing,
}

pub(crate) struct Teller(ureq::Agent);

impl Teller {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .max_redirects(0);
        Self(config.build().into())
    }

    /// Sends the next message that is due.
    pub(crate) async fn tell_next(&self, portal: &Portal) -> anyhow::Result<Told> {
        let tx = portal.store.begin().await?;
        let Some(due) = tx.take_delivery(portal.clock.now()).await? else { return Ok(Told::Nothing) };
        tx.commit().await?;
        let (id, attempts) = (due.id, due.attempts);
        let answer = self.tell(due, portal.clock.now().as_second()).await?;
        let tx = portal.store.begin().await?;
        match answer {
            Some(status @ 200..=299) => {
                metrics::counter!("qingdan_webhooks_total", "result" => "arrived").increment(1);
                tx.arrived(id, status, portal.clock.now()).await?;
            }
            answer => {
                metrics::counter!("qingdan_webhooks_total", "result" => "failed").increment(1);
                tracing::warn!(delivery = %id, attempts, answer, "a webhook did not arrive");
                tx.did_not_arrive(id, attempts, answer, portal.clock.now()).await?;
            }
        }
        tx.commit().await?;
        Ok(Told::One)
    }

    /// The status it answered; none when it did not.
    async fn tell(&self, due: Due, at: i64) -> anyhow::Result<Option<u16>> {
        let id = format!("msg_{}", due.id.simple());
        let webhook = Webhook::new(due.secret.reveal()).map_err(|_| anyhow::anyhow!("a webhook's secret"))?;
        let signature = webhook.sign(&id, at, due.body.as_bytes()).map_err(|_| anyhow::anyhow!("a signature"))?;
        let agent = self.0.clone();
        let sent = tokio::task::spawn_blocking(move || {
            let request = agent
                .post(&due.url)
                .header("content-type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", at.to_string())
                .header("webhook-signature", signature);
            request.send(due.body.as_bytes()).map(|response| response.status().as_u16())
        });
        Ok(sent.await.context("a webhook")?.ok())
    }
}

//! Tells other systems of changes: signed as Standard Webhooks says, again and again for about three days.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use anyhow::Context;
use service::Portal;
use standardwebhooks::Webhook;
use store::webhooks::Due;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Each takes a thread for as long as it does not answer.
const AT_ONCE: usize = 32;
const LOOK_AGAIN: Duration = Duration::from_millis(300);

#[derive(Clone)]
pub(crate) struct Teller(ureq::Agent);

impl Teller {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .max_redirects(0);
        Self(config.build().into())
    }

    /// Sends all that is due, to every system side by side and to each one message after the other: one that does not
    /// answer keeps nobody else waiting.
    pub(crate) async fn tell_all(&self, portal: &Arc<Portal>) -> anyhow::Result<()> {
        let (mut busy, mut telling) = (BTreeSet::new(), JoinSet::new());
        loop {
            while telling.len() < AT_ONCE
                && let Some(due) = take(portal, &busy).await?
            {
                busy.insert(due.webhook);
                let (teller, portal) = (self.clone(), portal.clone());
                telling.spawn(async move { (due.webhook, teller.deliver(&portal, due).await) });
            }
            let told = tokio::select! {
                told = telling.join_next() => told,
                // Something may have come up for another meanwhile.
                () = tokio::time::sleep(LOOK_AGAIN) => continue,
            };
            let Some(told) = told else { return Ok(()) };
            let (webhook, told) = told.context("a webhook")?;
            busy.remove(&webhook);
            told?;
        }
    }

    async fn deliver(&self, portal: &Portal, due: Due) -> anyhow::Result<()> {
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
        Ok(())
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

async fn take(portal: &Portal, busy: &BTreeSet<Uuid>) -> anyhow::Result<Option<Due>> {
    let tx = portal.store.begin().await?;
    let due = tx.take_delivery(busy, portal.clock.now()).await?;
    // Also where there is none: one that could not be read is tried later.
    tx.commit().await?;
    Ok(due)
}

//! Where other systems are told of changes, and sending again what did not arrive.

use base64ct::{Base64, Encoding};
use domain::{Personal, actor::Actor, audit::Action, permit::Configure};
use store::webhooks::{Delivery, Webhook};
use uuid::Uuid;

use crate::{Portal, ServiceError};

/// Messages shown.
const SHOWN: u64 = 50;

/// What a webhook's address must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongUrl {
    /// Over a network only encrypted.
    NotHttps,
    NotAnAddress,
}

/// `https`, or `http` on this machine.
///
/// # Errors
/// What is wrong with it.
pub fn check_url(text: &str) -> Result<(), WrongUrl> {
    let (scheme, rest) = text.split_once("://").ok_or(WrongUrl::NotAnAddress)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if authority.is_empty() || text.len() > 500 || !authority.chars().all(plain) || text.contains(char::is_whitespace) {
        return Err(WrongUrl::NotAnAddress);
    }
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    match scheme {
        "https" => Ok(()),
        "http" if matches!(host, "127.0.0.1" | "localhost" | "[::1]") => Ok(()),
        "http" => Err(WrongUrl::NotHttps),
        _ => Err(WrongUrl::NotAnAddress),
    }
}

impl Portal {
    pub async fn webhooks(&self, permit: &Configure) -> Result<(Vec<Webhook>, Vec<Delivery>), ServiceError> {
        Ok((self.store.webhooks(permit).await?, self.store.deliveries(permit, SHOWN).await?))
    }

    /// A new one, and the secret its messages are signed with, which is shown once.
    pub async fn add_webhook(&self, permit: &Configure, actor: &Actor, url: &str) -> Result<Personal, ServiceError> {
        if check_url(url).is_err() {
            return Err(ServiceError::NotFound);
        }
        let now = self.clock.now();
        let webhook = Webhook { id: self.chance.id(now)?, url: url.to_owned(), created_at: now };
        let secret = Personal::new(format!("whsec_{}", Base64::encode_string(&self.chance.bytes::<32>()?)));
        let tx = self.store.begin().await?;
        tx.add_webhook(permit, &webhook, &secret).await?;
        let object = format!("webhook:{}", webhook.id);
        tx.audit(now, actor, Action::WebhookAdded, object, serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(secret)
    }

    pub async fn remove_webhook(&self, permit: &Configure, actor: &Actor, id: Uuid) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.remove_webhook(permit, id, now).await? {
            return Err(ServiceError::NotFound);
        }
        let object = format!("webhook:{id}");
        tx.audit(now, actor, Action::WebhookRemoved, object, serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn deliver_again(&self, permit: &Configure, actor: &Actor, id: Uuid) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if !tx.deliver_again(permit, id, now).await? {
            return Err(ServiceError::NotFound);
        }
        let object = format!("delivery:{id}");
        tx.audit(now, actor, Action::WebhookReplayed, object, serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_not_told_in_the_clear() {
        for url in
            ["https://example.com/hook", "https://10.0.0.1:8443/a?b=c", "http://127.0.0.1:9/x", "http://localhost"]
        {
            assert_eq!(check_url(url), Ok(()), "{url}");
        }
        assert_eq!(check_url("http://example.com"), Err(WrongUrl::NotHttps));
        for url in
            ["", "example.com", "ftp://example.com", "https://", "https://u:p@example.com/", "https://exa mple.com"]
        {
            assert_eq!(check_url(url), Err(WrongUrl::NotAnAddress), "{url}");
        }
    }
}

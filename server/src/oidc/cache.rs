//! What is known of a provider, asked again after a while.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use super::{
    answer::Fetcher,
    discovery::{self, Metadata},
    keys::Keys,
    trouble::Trouble,
};

const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// Somebody who sends tokens with made-up keys makes us ask no more often than this.
const FOR_NEW_KEYS_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// One that did not answer is left alone so long: nobody waits for it in a row.
const LEFT_ALONE: SignedDuration = SignedDuration::from_secs(5);

pub(super) struct Known {
    pub(super) metadata: Metadata,
    pub(super) keys: Keys,
    at: Timestamp,
}

#[derive(Default)]
pub(super) struct Cache(Mutex<State>);

#[derive(Default)]
struct State {
    known: Option<Arc<Known>>,
    failed: Option<(Timestamp, Trouble)>,
}

impl Cache {
    pub(super) async fn known(&self, fetcher: &Fetcher, issuer: &str, now: Timestamp) -> Result<Arc<Known>, Trouble> {
        self.younger_than(ASKED_AGAIN_AFTER, fetcher, issuer, now).await
    }

    /// After a token that was signed by an unknown key.
    pub(super) async fn newer(&self, fetcher: &Fetcher, issuer: &str, now: Timestamp) -> Result<Arc<Known>, Trouble> {
        self.younger_than(FOR_NEW_KEYS_AFTER, fetcher, issuer, now).await
    }

    async fn younger_than(
        &self,
        age: SignedDuration,
        fetcher: &Fetcher,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Arc<Known>, Trouble> {
        // Kept while asking: of many at once one asks.
        let mut state = self.0.lock().await;
        if let Some(known) = state.known.as_ref().filter(|known| now < known.at + age) {
            return Ok(known.clone());
        }
        if let Some((at, trouble)) = state.failed.filter(|(at, _)| now < *at + LEFT_ALONE) {
            tracing::debug!(%at, "an identity provider is left alone for a moment");
            return Err(trouble);
        }
        match ask(fetcher, issuer, now).await {
            Ok(known) => {
                let known = Arc::new(known);
                *state = State { known: Some(known.clone()), failed: None };
                Ok(known)
            }
            Err(trouble) => {
                state.failed = Some((now, trouble));
                Err(trouble)
            }
        }
    }
}

async fn ask(fetcher: &Fetcher, issuer: &str, now: Timestamp) -> Result<Known, Trouble> {
    let metadata = Metadata::read(&fetcher.get(discovery::address(issuer)).await?, issuer)?;
    let keys = Keys::read(&fetcher.get(metadata.jwks_uri.to_string()).await?)?;
    Ok(Known { metadata, keys, at: now })
}

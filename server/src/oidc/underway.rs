use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use service::{Chance, ServiceError};
use sha2::{Digest, Sha256};

/// How long somebody may take at the provider.
const AT_MOST: SignedDuration = SignedDuration::from_mins(10);

/// What a session remembers of somebody who has been sent to a provider. Sealed with the rest of the session; no `Debug`,
/// because all of it is secret.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Underway {
    provider: String,
    /// Comes back in the address: only the browser that was sent there can bring it.
    pub(super) state: String,
    /// Comes back in the token: it was made for this sign-in.
    pub(super) nonce: String,
    /// Goes to the provider with the code: whoever only saw the code cannot use it.
    pub(super) verifier: String,
    since: Timestamp,
}

impl Underway {
    pub(super) fn new(provider: &str, chance: &Chance, now: Timestamp) -> Result<Self, ServiceError> {
        Ok(Self {
            provider: provider.to_owned(),
            state: hex::encode(chance.bytes::<24>()?),
            nonce: hex::encode(chance.bytes::<24>()?),
            verifier: hex::encode(chance.bytes::<32>()?),
            since: now,
        })
    }

    /// RFC 7636, S256.
    pub(super) fn challenge(&self) -> String {
        Base64UrlUnpadded::encode_string(&Sha256::digest(&self.verifier))
    }

    /// Whether this is what the browser was sent away with, in time.
    pub(crate) fn belongs(&self, provider: &str, state: &str, now: Timestamp) -> bool {
        self.provider == provider && self.state == state && now <= self.since + AT_MOST
    }
}

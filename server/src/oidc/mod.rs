//! Signing in where customers are signed in already: OpenID Connect, the authorization code flow with PKCE (RFC 7636).
//!
//! Signatures and the spec's own claims are checked by `jsonwebtoken`, which checks the hand-over's tokens too. The crate
//! `openidconnect` would bring 28 more, most of them a second copy of the elliptic curves `jsonwebtoken` has, and a clock
//! and chance of its own where ours are handed in.

mod answer;
mod believe;
mod cache;
mod discovery;
mod keys;
mod open;
mod said;
#[cfg(test)]
mod tests;
mod trouble;
mod underway;

use std::sync::Arc;

use domain::{Lang, Words};
use jiff::Timestamp;
use service::{Chance, ServiceError};
use store::handovers::Arriving;
use url::Url;

use self::{
    answer::{ClientSecret, Fetcher},
    believe::{Doubt, Expected, IdToken, believe},
    cache::{Cache, Known},
    said::Said,
};
pub(crate) use self::{open::providers, trouble::Trouble, underway::Underway};
use crate::{config::IdentityProvider, proven_at::proven_at};

/// So that the provider says when it last made the person prove who they are (Core, 3.1.2.1): whoever did within this
/// time is not asked again there, and what is older is not fresh here in any case.
const MAX_AGE_SECONDS: &str = "2592000";

/// One of the company's providers.
pub(crate) struct Provider {
    config: IdentityProvider,
    secret: ClientSecret,
    /// Where the person comes back to.
    back: String,
    fetcher: Fetcher,
    cache: Cache,
}

impl Provider {
    pub(crate) fn id(&self) -> &str {
        &self.config.id
    }

    pub(crate) fn name(&self) -> &Words {
        &self.config.name
    }

    /// The address at the provider, and what the session must remember until the person is back.
    pub(crate) async fn begin(&self, chance: &Chance, now: Timestamp, lang: Lang) -> Result<(Url, Underway), Trouble> {
        let known = self.known(now).await?;
        let underway = Underway::new(self.id(), chance, now).map_err(|_: ServiceError| Trouble::NoChance)?;
        let mut url = known.metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &self.back)
            .append_pair("scope", &self.config.scopes.join(" "))
            .append_pair("state", &underway.state)
            .append_pair("nonce", &underway.nonce)
            .append_pair("code_challenge", &underway.challenge())
            .append_pair("code_challenge_method", "S256")
            .append_pair("max_age", MAX_AGE_SECONDS)
            .append_pair("ui_locales", lang.tag());
        Ok((url, underway))
    }

    /// Who it is, for the code the person brought back. `iss` is the provider's own word on which one it is (RFC 9207).
    pub(crate) async fn finish(
        &self,
        code: &str,
        iss: Option<&str>,
        underway: &Underway,
        now: Timestamp,
    ) -> Result<Arriving, Trouble> {
        let known = self.known(now).await?;
        let from_here = match iss {
            Some(iss) => iss == self.config.issuer,
            None => !known.metadata.says_iss,
        };
        if !from_here {
            return Err(Trouble::NotBelieved("the answer names another issuer"));
        }
        let tokens = self
            .fetcher
            .exchange(&known.metadata, &self.config.client_id, &self.secret, &self.back, code, &underway.verifier)
            .await?;
        let token = self.believed(&tokens.id_token, &known, underway, now).await?;
        let mut proven = token.said.proven(&self.config.proves);
        if proven.len() < self.config.proves.wanted() {
            match self.userinfo(&known, tokens.access_token.as_deref(), &token).await {
                Ok(more) => {
                    let more = more.proven(&self.config.proves);
                    let new: Vec<_> =
                        more.into_iter().filter(|one| proven.iter().all(|own| own.kind() != one.kind())).collect();
                    proven.extend(new);
                }
                // What the token itself proves is enough to come in.
                Err(trouble) if proven.is_empty() => return Err(trouble),
                Err(_) => {}
            }
        }
        if proven.is_empty() {
            return Err(Trouble::NothingProven);
        }
        Ok(Arriving { proven, proven_at: proven_at(token.auth_time, now) })
    }

    async fn known(&self, now: Timestamp) -> Result<Arc<Known>, Trouble> {
        self.cache.known(&self.fetcher, &self.config.issuer, now).await
    }

    /// A key that is not known may be new: once more with what the provider says now.
    async fn believed(
        &self,
        token: &str,
        known: &Known,
        underway: &Underway,
        now: Timestamp,
    ) -> Result<IdToken, Trouble> {
        let expected =
            Expected { issuer: &self.config.issuer, client_id: &self.config.client_id, nonce: &underway.nonce, now };
        match believe(token, &known.keys, &expected) {
            Ok(token) => Ok(token),
            Err(Doubt::NoSuchKey) => {
                let newer = self.cache.newer(&self.fetcher, &self.config.issuer, now).await?;
                believe(token, &newer.keys, &expected).map_err(Doubt::into_trouble)
            }
            Err(doubt) => Err(doubt.into_trouble()),
        }
    }

    /// Many providers say it there and not in the token (Core, 5.4).
    async fn userinfo(&self, known: &Known, access: Option<&str>, token: &IdToken) -> Result<Said, Trouble> {
        let (Some(url), Some(access)) = (&known.metadata.userinfo_endpoint, access) else { return Ok(Said::default()) };
        let info = self.fetcher.userinfo(url, access).await?;
        // Of the same person, or of nobody (Core, 5.3.2).
        if info.sub != token.sub {
            return Err(Trouble::NotBelieved("userinfo is about another person"));
        }
        Ok(info.said)
    }
}

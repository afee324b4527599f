//! Questions to a provider and its answers: soon, short, and from itself only.

use std::{sync::Arc, time::Duration};

use axum::http::Response;
use base64ct::{Base64, Encoding};
use domain::Personal;
use serde::Deserialize;
use tokio::sync::Semaphore;
use url::{Url, form_urlencoded::byte_serialize};

use super::{
    discovery::{ClientSends, Metadata},
    said::Said,
    trouble::Trouble,
};

const PATIENCE: Duration = Duration::from_secs(8);
/// A set of keys with their certificates is some ten thousand bytes.
const LONGEST: u64 = 256 * 1024;
/// A provider that is slow keeps no more threads than this.
const AT_ONCE: usize = 16;

/// What the provider knows this portal by. Its `Debug` is that of [`Personal`]: nothing.
#[derive(Debug)]
pub(super) struct ClientSecret(Personal);

impl ClientSecret {
    pub(super) fn new(text: &str) -> Self {
        Self(Personal::new(text))
    }
}

pub(super) struct Fetcher {
    agent: ureq::Agent,
    at_once: Arc<Semaphore>,
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    pub(super) access_token: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UserInfo {
    pub(super) sub: String,
    #[serde(flatten)]
    pub(super) said: Said,
}

/// What the token endpoint says where it gives none (RFC 6749, 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

type Answered = Result<Response<ureq::Body>, ureq::Error>;

impl Fetcher {
    pub(super) fn new() -> Self {
        let config =
            ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).max_redirects(0);
        Self { agent: config.build().into(), at_once: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    async fn send(
        &self,
        question: impl FnOnce(&ureq::Agent) -> Answered + Send + 'static,
    ) -> Result<(u16, Vec<u8>), Trouble> {
        let Ok(permit) = self.at_once.clone().acquire_owned().await else { return Err(Trouble::Unreachable("closed")) };
        let agent = self.agent.clone();
        let answered = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut answer = question(&agent)?;
            let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec()?;
            Ok::<_, ureq::Error>((answer.status().as_u16(), body))
        });
        answered
            .await
            .map_err(|_| Trouble::Unreachable("stopped"))?
            .map_err(|_| Trouble::Unreachable("it did not answer, or said too much"))
    }

    pub(super) async fn get(&self, url: String) -> Result<Vec<u8>, Trouble> {
        match self.send(move |agent| agent.get(&url).header("accept", "application/json").call()).await? {
            (200, body) => Ok(body),
            _ => Err(Trouble::Unreachable("it answers with an error")),
        }
    }

    /// The code for tokens.
    pub(super) async fn exchange(
        &self,
        metadata: &Metadata,
        client_id: &str,
        secret: &ClientSecret,
        back: &str,
        code: &str,
        verifier: &str,
    ) -> Result<Tokens, Trouble> {
        let mut form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", back.to_owned()),
            ("code_verifier", verifier.to_owned()),
        ];
        let authorization = match metadata.client_sends {
            ClientSends::Basic => Some(basic(client_id, secret)),
            ClientSends::Post => {
                form.push(("client_id", client_id.to_owned()));
                form.push(("client_secret", secret.0.reveal().to_owned()));
                None
            }
        };
        let url = metadata.token_endpoint.to_string();
        let answered = self.send(move |agent| {
            let mut question = agent.post(&url).header("accept", "application/json");
            if let Some(authorization) = authorization {
                question = question.header("authorization", authorization.reveal());
            }
            question.send_form(form)
        });
        match answered.await? {
            (200, body) => serde_json::from_slice(&body).map_err(|_| Trouble::NotBelieved("there is no ID token")),
            (400, body) => match serde_json::from_slice::<Refusal>(&body) {
                Ok(refusal) if refusal.error == "invalid_grant" => Err(Trouble::Late),
                Ok(_) | Err(_) => {
                    Err(Trouble::Unreachable("it refuses our questions; check client_id and redirect URI"))
                }
            },
            (401, _) => Err(Trouble::Unreachable("it refuses this portal; check client_id and client secret")),
            _ => Err(Trouble::Unreachable("it answers with an error")),
        }
    }

    pub(super) async fn userinfo(&self, url: &Url, access: &str) -> Result<UserInfo, Trouble> {
        let (url, bearer) = (url.to_string(), Personal::new(format!("Bearer {access}")));
        let question = move |agent: &ureq::Agent| {
            agent.get(&url).header("accept", "application/json").header("authorization", bearer.reveal()).call()
        };
        match self.send(question).await? {
            (200, body) => {
                serde_json::from_slice(&body).map_err(|_| Trouble::Unreachable("its userinfo cannot be read"))
            }
            _ => Err(Trouble::Unreachable("its userinfo answers with an error")),
        }
    }
}

/// RFC 6749, 2.3.1: both are form-encoded before they are put together.
fn basic(client_id: &str, secret: &ClientSecret) -> Personal {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = Personal::new(format!("{}:{}", encoded(client_id), encoded(secret.0.reveal())));
    Personal::new(format!("Basic {}", Base64::encode_string(both.reveal().as_bytes())))
}

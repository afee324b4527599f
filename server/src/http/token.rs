//! A token the company's app has signed about somebody who is signed in there (RFC 7519). It is posted, so that nothing
//! of who they are stands in an address, and becomes an address that works once.

use std::sync::Arc;

use anyhow::Context;
use app::paths;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Email, Identifier, Mobile};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use store::handovers::Arriving;

use super::App;
use crate::{
    config::Config,
    proven_at::{LEEWAY, proven_at},
};

/// Between `iat` and `exp`.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// Whose tokens are believed.
pub(super) struct Issuer {
    key: DecodingKey,
    validation: Validation,
}

/// What a token says.
#[derive(Deserialize)]
struct Claims {
    iat: i64,
    exp: i64,
    /// Its own name: each is taken once.
    jti: String,
    /// When the app last made them prove who they are; `iat` where it says nothing is not assumed.
    auth_time: Option<i64>,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
    phone_number: Option<String>,
    #[serde(default)]
    phone_number_verified: bool,
}

impl Issuer {
    pub(super) fn new(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(hand_over) = &config.hand_over else { return Ok(None) };
        let path = config.path(&hand_over.key_file);
        let pem = std::fs::read(&path).with_context(|| format!("[hand_over]: {} cannot be read", path.display()))?;
        let (key, algorithm) = if let Ok(key) = DecodingKey::from_ed_pem(&pem) {
            (key, Algorithm::EdDSA)
        } else {
            let key = DecodingKey::from_ec_pem(&pem);
            (key.context("[hand_over]: key_file holds no public key, Ed25519 or P-256, as PEM")?, Algorithm::ES256)
        };
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&hand_over.issuer]);
        validation.set_audience(&[&config.public_url]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // By the portal's clock, below.
        validation.validate_exp = false;
        Ok(Some(Self { key, validation }))
    }

    /// Who it is about and until when it counts; nothing for a token that is not believed.
    fn believe(&self, token: &str, now: Timestamp) -> Option<(String, Arriving, Timestamp)> {
        let claims = decode::<Claims>(token, &self.key, &self.validation).ok()?.claims;
        let (issued, until) = (Timestamp::from_second(claims.iat).ok()?, Timestamp::from_second(claims.exp).ok()?);
        let in_time = issued <= now + LEEWAY && now <= until && until.duration_since(issued) <= LONGEST;
        if !in_time || claims.jti.is_empty() {
            return None;
        }
        let email = claims.email.filter(|_| claims.email_verified).and_then(|text| Email::parse(&text));
        let mobile = claims.phone_number.filter(|_| claims.phone_number_verified).and_then(|text| Mobile::parse(&text));
        let proven: Vec<Identifier> =
            email.map(Identifier::Email).into_iter().chain(mobile.map(Identifier::Mobile)).collect();
        let arriving = Arriving { proven, proven_at: proven_at(claims.auth_time, now) };
        (!arriving.proven.is_empty()).then_some((claims.jti, arriving, until))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TokenForm {
    token: String,
}

/// From any site: what it brings is signed, and signs nobody in by itself.
pub(super) async fn take(State(app): State<Arc<App>>, Form(form): Form<TokenForm>) -> Response {
    let portal = app.live.current();
    let believed = app.issuer.as_ref().and_then(|issuer| issuer.believe(&form.token, portal.clock.now()));
    let secret = match believed {
        Some((name, arriving, until)) => portal.hand_over_by_token(&name, &arriving, until).await.ok(),
        None => None,
    };
    let to = secret.as_ref().map_or("none", |secret| secret.reveal());
    Redirect::to(&paths::arrive(to)).into_response()
}

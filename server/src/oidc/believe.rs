//! Whether an ID token is what this provider signed for this portal, now, for this browser (Core, 3.1.3.7).

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;

use super::{keys::Keys, said::Said, trouble::Trouble};
use crate::proven_at::LEEWAY;

pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

#[derive(Deserialize)]
pub(super) struct IdToken {
    pub(super) sub: String,
    pub(super) auth_time: Option<i64>,
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    #[serde(flatten)]
    pub(super) said: Said,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// None of the keys we know has its name.
    NoSuchKey,
    Not(&'static str),
}

impl Doubt {
    pub(super) const fn into_trouble(self) -> Trouble {
        match self {
            Self::NoSuchKey => Trouble::NotBelieved("the token is signed by a key the provider does not have"),
            Self::Not(reason) => Trouble::NotBelieved(reason),
        }
    }
}

pub(super) fn believe(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<IdToken, Doubt> {
    let header = decode_header(token).map_err(|_| Doubt::Not("the token cannot be read, or is not signed"))?;
    if !matches!(header.alg, Algorithm::RS256 | Algorithm::ES256) {
        return Err(Doubt::Not("the token is signed neither by RS256 nor by ES256"));
    }
    if header.crit.is_some() {
        return Err(Doubt::Not("the token wants something understood that is not (crit)"));
    }
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // By the portal's clock, below.
    validation.validate_exp = false;
    let mut tried = false;
    for key in keys.fitting(header.kid.as_deref(), header.alg) {
        tried = true;
        if let Ok(token) = decode::<IdToken>(token, key, &validation) {
            return expected.check(token.claims);
        }
    }
    Err(if tried { Doubt::Not("the token's signature, iss or aud is wrong") } else { Doubt::NoSuchKey })
}

impl Expected<'_> {
    fn check(&self, token: IdToken) -> Result<IdToken, Doubt> {
        let second = |at: i64| Timestamp::from_second(at).map_err(|_| Doubt::Not("the token's times are no times"));
        let not_before = token.nbf.map(second).transpose()?;
        if second(token.exp)? + LEEWAY < self.now {
            return Err(Doubt::Not("the token has expired"));
        }
        if second(token.iat)? > self.now + LEEWAY || not_before.is_some_and(|at| at > self.now + LEEWAY) {
            return Err(Doubt::Not("the token is of the future"));
        }
        // Once more: the library also takes several issuers in one token.
        if token.iss != self.issuer {
            return Err(Doubt::Not("iss is wrong"));
        }
        let for_others_too = match &token.aud {
            Audience::One(one) => one != self.client_id,
            Audience::Several(several) => several.len() > 1,
        };
        let presented_by_us = token.azp.as_deref().map_or(!for_others_too, |azp| azp == self.client_id);
        if !presented_by_us {
            return Err(Doubt::Not("azp is wrong"));
        }
        if token.nonce.as_deref() != Some(self.nonce) {
            return Err(Doubt::Not("nonce is wrong"));
        }
        if token.sub.is_empty() {
            return Err(Doubt::Not("sub is empty"));
        }
        Ok(token)
    }
}

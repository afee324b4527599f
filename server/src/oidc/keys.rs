//! A provider's public keys (RFC 7517).

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

use super::trouble::Trouble;

/// A modulus of 2048 bits, as base64url: what is shorter can be broken.
const SHORTEST_MODULUS: usize = 342;
/// More than any provider has; each may cost a signature to check.
const MOST: usize = 32;

pub(super) struct Keys(Vec<Key>);

struct Key {
    name: Option<String>,
    algorithm: Algorithm,
    public: DecodingKey,
}

#[derive(Deserialize)]
struct Written {
    keys: Vec<Value>,
}

impl Keys {
    /// Those we know how to use; the rest is for others and does no harm.
    pub(super) fn read(text: &[u8]) -> Result<Self, Trouble> {
        let written: Written =
            serde_json::from_slice(text).map_err(|_| Trouble::Unreachable("its keys cannot be read"))?;
        let keys: Vec<Key> = written.keys.into_iter().take(MOST).filter_map(key).collect();
        if keys.is_empty() {
            return Err(Trouble::Unreachable("it has no key for RS256 or ES256"));
        }
        Ok(Self(keys))
    }

    /// The one of this name; where a token names none, every one of its kind.
    pub(super) fn fitting(&self, name: Option<&str>, algorithm: Algorithm) -> impl Iterator<Item = &DecodingKey> {
        let fits =
            move |key: &&Key| key.algorithm == algorithm && name.is_none_or(|name| key.name.as_deref() == Some(name));
        self.0.iter().filter(fits).map(|key| &key.public)
    }
}

fn key(value: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let algorithm = if let AlgorithmParameters::RSA(rsa) = &jwk.algorithm {
        (rsa.n.len() >= SHORTEST_MODULUS).then_some(Algorithm::RS256)?
    } else if let AlgorithmParameters::EllipticCurve(curve) = &jwk.algorithm {
        (curve.curve == EllipticCurve::P256).then_some(Algorithm::ES256)?
    } else {
        return None;
    };
    let signs = jwk.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let same = jwk.common.key_algorithm.is_none_or(|said| said == KeyAlgorithm::from(algorithm));
    let public = DecodingKey::from_jwk(&jwk).ok()?;
    (signs && same).then_some(Key { name: jwk.common.key_id, algorithm, public })
}

//! What comes from a provider comes from outside: anything at all may stand in it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64ct::{Base64UrlUnpadded, Encoding};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    believe::{Expected, believe},
    discovery::Metadata,
    keys::Keys,
    said::Said,
};
use crate::config::Proves;

const ISSUER: &str = "https://id.example.com";

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z@.+0-9]{0,20}".prop_map(Value::from),
        "\\PC{0,10}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| prop::collection::vec(inner, 0..3).prop_map(Value::from))
}

/// Some of the names that mean something, with anything as their values.
fn with_names(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::collection::vec((prop::sample::select(names), any_value()), 0..8)
        .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

fn keys() -> Keys {
    // The example of RFC 7515, A.3.
    let key = json!({
        "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    Keys::read(&serde_json::to_vec(&json!({ "keys": [key] })).unwrap()).unwrap()
}

fn expected() -> Expected<'static> {
    Expected { issuer: ISSUER, client_id: "qingdan", nonce: "n", now: Timestamp::UNIX_EPOCH }
}

proptest! {
    #[test]
    fn no_token_of_chance_is_believed(
        header in with_names(&["alg", "kid", "typ", "crit", "jwk", "jku"]),
        claims in with_names(&["iss", "aud", "exp", "iat", "sub", "nonce", "azp", "email", "email_verified"]),
        signature in prop::collection::vec(any::<u8>(), 0..80),
        algorithm in prop::sample::select(&["ES256", "RS256", "none", "HS256"][..]),
    ) {
        let mut header = header;
        header["alg"] = algorithm.into();
        let part = |value: &Value| Base64UrlUnpadded::encode_string(&serde_json::to_vec(value).unwrap());
        let token = format!("{}.{}.{}", part(&header), part(&claims), Base64UrlUnpadded::encode_string(&signature));
        prop_assert!(believe(&token, &keys(), &expected()).is_err());
    }

    #[test]
    fn no_text_of_chance_is_believed(token in "\\PC{0,60}|[A-Za-z0-9_.-]{0,120}") {
        prop_assert!(believe(&token, &keys(), &expected()).is_err());
    }

    #[test]
    fn nothing_is_proven_that_was_not_verified(
        said in with_names(&["email", "email_verified", "phone_number", "phone_number_verified"]),
        email in prop_oneof![Just(json!("li@example.com")), any_value()],
    ) {
        let mut said = said;
        said["email"] = email;
        let verified = |name: &str| said[name] == json!(true) || said[name] == json!("true");
        let count = usize::from(verified("email_verified")) + usize::from(verified("phone_number_verified"));
        let proven = serde_json::from_value::<Said>(said.clone()).unwrap().proven(&Proves::default());
        prop_assert!(proven.len() <= count, "{said}");
    }

    #[test]
    fn whatever_a_provider_says_of_itself_is_read_or_refused(
        text in prop::collection::vec(any::<u8>(), 0..60),
        metadata in with_names(&["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"]),
        key in with_names(&["kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"]),
    ) {
        prop_assert!(Metadata::read(&text, ISSUER).is_err());
        prop_assert!(Keys::read(&text).is_err());
        if let Ok(read) = Metadata::read(&serde_json::to_vec(&metadata).unwrap(), ISSUER) {
            prop_assert_eq!(read.token_endpoint.scheme(), "https");
        }
        let set = serde_json::to_vec(&json!({ "keys": [key] })).unwrap();
        drop(Keys::read(&set));
    }
}

/// A configuration that names places without encryption, another issuer, or no way to say who we are.
#[test]
fn a_provider_that_says_something_dangerous_is_not_used() {
    let good = json!({
        "issuer": ISSUER, "authorization_endpoint": "https://id.example.com/a",
        "token_endpoint": "https://id.example.com/t", "jwks_uri": "https://id.example.com/k",
    });
    let read = |value: &Value| Metadata::read(&serde_json::to_vec(value).unwrap(), ISSUER);
    assert!(read(&good).is_ok());
    for (name, value) in [
        ("issuer", json!("https://id.example.com/")),
        ("token_endpoint", json!("http://id.example.com/t")),
        ("jwks_uri", json!("file:///etc/keys")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("userinfo_endpoint", json!("http://10.0.0.1/u")),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])),
    ] {
        let mut other = good.clone();
        other[name] = value;
        assert!(read(&other).is_err(), "{name}");
    }
}

/// Keys of another kind, for another use, or too short to trust.
#[test]
fn a_weak_or_foreign_key_is_no_key() {
    let ec = |crv: &str| json!({ "kty": "EC", "crv": crv, "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
    let mut encryption = ec("P-256");
    encryption["use"] = "enc".into();
    let short = json!({ "kty": "RSA", "n": "A".repeat(171), "e": "AQAB" });
    let shared = json!({ "kty": "oct", "k": "c2VjcmV0" });
    for key in [ec("P-384"), encryption, short, shared, json!({ "kty": "new" }), json!(7)] {
        let set = serde_json::to_vec(&json!({ "keys": [key] })).unwrap();
        assert!(Keys::read(&set).is_err(), "{key}");
    }
}

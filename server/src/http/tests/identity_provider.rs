//! An identity provider of the test's own, on a port of its own: it says what the test wants it to say.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use p256::pkcs8::{EncodePrivateKey, LineEnding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;
use url::Url;

pub(super) const CLIENT: &str = "qingdan";
pub(super) const SECRET: &str = "s3cret/with+signs";

/// A key pair as providers have them, with a name.
#[derive(Clone)]
pub(super) struct SigningKey {
    name: String,
    algorithm: Algorithm,
    private: EncodingKey,
}

impl SigningKey {
    pub(super) fn es256(name: &str) -> Self {
        let key = p256::SecretKey::random(&mut p256::elliptic_curve::rand_core::OsRng);
        let private = EncodingKey::from_ec_pem(key.to_pkcs8_pem(LineEnding::LF).unwrap().as_bytes()).unwrap();
        Self { name: name.to_owned(), algorithm: Algorithm::ES256, private }
    }

    pub(super) fn rs256(name: &str) -> Self {
        let key = rsa::RsaPrivateKey::new(&mut p256::elliptic_curve::rand_core::OsRng, 2048).unwrap();
        let private = EncodingKey::from_rsa_pem(key.to_pkcs8_pem(LineEnding::LF).unwrap().as_bytes()).unwrap();
        Self { name: name.to_owned(), algorithm: Algorithm::RS256, private }
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.name.clone()), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.private).unwrap()
    }

    pub(super) fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.private, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.name.clone());
        serde_json::to_value(jwk).unwrap()
    }
}

/// What it will say for one code, once.
struct Promised {
    challenge: String,
    back: String,
    id_token: String,
    userinfo: Value,
}

#[derive(Default)]
pub(super) struct Says {
    /// Set over what it says of itself.
    pub(super) metadata: Mutex<Value>,
    pub(super) keys: Mutex<Vec<Value>>,
    /// Instead of its configuration.
    pub(super) instead: Mutex<Option<(u16, String)>>,
    /// How often its configuration was read, and its token endpoint asked.
    pub(super) asked: AtomicUsize,
    pub(super) exchanged: AtomicUsize,
    codes: Mutex<HashMap<String, Promised>>,
    access: Mutex<HashMap<String, Value>>,
}

pub(super) struct IdentityProvider {
    pub(super) url: String,
    pub(super) key: SigningKey,
    pub(super) says: Arc<Says>,
    serving: JoinHandle<()>,
}

/// What stands in the address somebody was sent to.
pub(super) struct Sent(HashMap<String, String>);

impl Sent {
    pub(super) fn read(location: &str) -> Self {
        Self(Url::parse(location).unwrap().query_pairs().into_owned().collect())
    }

    pub(super) fn one(&self, name: &str) -> &str {
        &self.0[name]
    }
}

impl IdentityProvider {
    pub(super) async fn new(key: SigningKey) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Says::default());
        says.keys.lock().unwrap().push(key.public());
        *says.metadata.lock().unwrap() = json!({
            "issuer": url, "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"), "userinfo_endpoint": format!("{url}/userinfo"),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route(
                "/keys",
                get(async |State(says): State<Arc<Says>>| Json(json!({ "keys": *says.keys.lock().unwrap() }))),
            )
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(says.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, key, says, serving }
    }

    /// Nothing answers at its address any more.
    pub(super) async fn goes_down(&mut self) {
        self.serving.abort();
        assert!((&mut self.serving).await.is_err());
    }

    /// Somebody agrees there: a code for this token, and the way back to the portal.
    pub(super) fn promise(&self, sent: &Sent, id_token: String, userinfo: Value) -> String {
        let code = format!("code-{}", self.says.codes.lock().unwrap().len());
        let promised = Promised {
            challenge: sent.one("code_challenge").to_owned(),
            back: sent.one("redirect_uri").to_owned(),
            id_token,
            userinfo,
        };
        self.says.codes.lock().unwrap().insert(code.clone(), promised);
        let back = sent.one("redirect_uri").strip_prefix("http://127.0.0.1:3000").unwrap();
        format!("{back}?code={code}&state={}", sent.one("state"))
    }
}

async fn configuration(State(says): State<Arc<Says>>) -> Response {
    says.asked.fetch_add(1, Ordering::Relaxed);
    match &*says.instead.lock().unwrap() {
        Some((status, body)) => (StatusCode::from_u16(*status).unwrap(), body.clone()).into_response(),
        None => Json(says.metadata.lock().unwrap().clone()).into_response(),
    }
}

async fn token(
    State(says): State<Arc<Says>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    says.exchanged.fetch_add(1, Ordering::Relaxed);
    let known = match headers.get(header::AUTHORIZATION) {
        // As RFC 6749, 2.3.1 wants it encoded.
        Some(basic) => {
            let both = format!("{CLIENT}:s3cret%2Fwith%2Bsigns");
            basic.to_str().unwrap() == format!("Basic {}", Base64::encode_string(both.as_bytes()))
        }
        None => form.get("client_id").is_some_and(|id| id == CLIENT) && form["client_secret"] == SECRET,
    };
    if !known {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
    }
    let promised = says.codes.lock().unwrap().remove(&form["code"]);
    let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(&form["code_verifier"]));
    let right = |promised: &Promised| promised.challenge == challenge && promised.back == form["redirect_uri"];
    match promised.filter(right).filter(|_| form["grant_type"] == "authorization_code") {
        Some(promised) => {
            let access = format!("access-{}", form["code"]);
            says.access.lock().unwrap().insert(format!("Bearer {access}"), promised.userinfo);
            Json(json!({ "id_token": promised.id_token, "access_token": access, "token_type": "Bearer" }))
                .into_response()
        }
        None => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}

async fn userinfo(State(says): State<Arc<Says>>, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    match says.access.lock().unwrap().get(&bearer) {
        Some(said) => Json(said.clone()).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

//! Other software through its own door: what a key allows, asking twice, and the same rules as on the pages.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use base64ct::{Base64, Encoding};
use domain::actor::{Actor, Scope};
use ed25519_dalek::SigningKey;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::world::World;
use crate::config::HandOver;

/// The key of the company's app.
fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

/// As RFC 8410 writes an Ed25519 key: what is before its 32 bytes.
const PRIVATE: &[u8] = &[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
const PUBLIC: &[u8] = &[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

fn public_pem() -> String {
    let der = [PUBLIC, key().verifying_key().as_bytes()].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", Base64::encode_string(&der))
}

/// A program at work.
pub(super) struct Program<'a> {
    world: &'a World,
    key: Option<String>,
}

pub(super) struct Got {
    pub(super) status: u16,
    pub(super) headers: axum::http::HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) json: Value,
}

impl World {
    pub(super) async fn program(&self, scopes: &[Scope]) -> Program<'_> {
        let (_, key) = self
            .portal
            .add_program(&Actor::System.keep_accounts().unwrap(), &Actor::System, "shop app", scopes)
            .await
            .unwrap();
        Program { world: self, key: Some(key.reveal().to_owned()) }
    }

    const fn nobody(&self) -> Program<'_> {
        Program { world: self, key: None }
    }
}

impl Program<'_> {
    async fn send(&self, method: &str, path: &str, body: Option<&Value>, once: Option<&str>) -> Got {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if let Some(once) = once {
            request = request.header("idempotency-key", once);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = self.world.answer(request.body(body).unwrap()).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.unwrap();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Got { status: parts.status.as_u16(), headers: parts.headers, body: bytes.into(), json }
    }

    pub(super) async fn get(&self, path: &str) -> Got {
        self.send("GET", path, None, None).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Got {
        self.send("POST", path, Some(body), None).await
    }

    /// With a key, so that it is done once.
    pub(super) async fn once(&self, path: &str, body: &Value, key: &str) -> Got {
        self.send("POST", path, Some(body), Some(key)).await
    }
}

pub(super) fn who(world: &World, who: &str) -> Value {
    json!({ "email": world.email(who), "proven_at": world.portal.clock.now() })
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_say_and_nothing_without_one() {
    let world = World::new().await;
    let (nobody, reader) = (world.nobody(), world.program(&[Scope::ReadRequests]).await);
    let refused = nobody.get("/requests").await;
    assert_eq!((refused.status, &refused.headers[header::WWW_AUTHENTICATE]), (401, &"Bearer".parse().unwrap()));
    assert_eq!(refused.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(refused.json["code"], "no_key");
    let other = |key: &String| format!("{}{}", &key[..key.len() - 1], if key.ends_with('0') { '1' } else { '0' });
    let forged = Program { world: &world, key: reader.key.as_ref().map(other) };
    assert_eq!(forged.get("/requests").await.status, 401);
    assert_eq!(reader.get("/requests").await.status, 200);
    assert_eq!(reader.get("/requests?limit=0").await.json["code"], "malformed");
    assert_eq!(reader.get("/requests?limit=x&y").await.status, 400);
    assert_eq!(reader.get("/requests/QD-20261126-22222").await.status, 404);
    assert_eq!(reader.post("/subjects/records", &json!({ "subject": who(&world, "customer") })).await.status, 403);
    assert_eq!(reader.post("/requests/QD-20261126-22222/take", &json!({})).await.status, 403);
    assert_eq!(reader.send("DELETE", "/requests", None, None).await.status, 405);
    assert_eq!(reader.get("/nothing").await.json["code"], "not_found");
    let long = reader.post("/requests/search", &json!({ "email": "x".repeat(70_000) })).await;
    assert_eq!((long.status, long.json["code"].as_str()), (413, Some("too_large")));
    let id = world.portal.store.programs().await.unwrap().remove(0).id;
    assert!(world.portal.remove_program(&Actor::System.keep_accounts().unwrap(), &Actor::System, id).await.unwrap());
    assert_eq!(reader.get("/requests").await.status, 401, "its key is worth nothing any more");
    let open = nobody.get("/openapi.json").await;
    assert_eq!(open.status, 200, "the description is public");
    assert!(open.json["paths"]["/api/v1/subjects/requests"]["post"].is_object(), "{}", open.json);
}

#[tokio::test]
async fn a_shop_app_has_its_customer_erased_and_an_officers_tool_approves() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let li = who(&world, "spare");
    let records = app.post("/subjects/records", &json!({ "subject": li, "lang": "en" })).await;
    assert_eq!(records.status, 200, "{}", records.json);
    assert!(records.json.to_string().contains("Account") && !records.json.to_string().contains(&world.email("spare")));
    let full = app.post("/subjects/records", &json!({ "subject": li, "values": "in_full" })).await;
    assert!(full.json.to_string().contains(&world.email("spare")), "{}", full.json);
    let stale = json!({ "email": world.email("spare") });
    let refused = app.post("/subjects/records", &json!({ "subject": stale, "values": "in_full" })).await;
    assert_eq!((refused.status, &refused.json["code"]), (403, &json!("not_fresh")));

    let ask = json!({ "subject": li, "kind": "DELETE" });
    let filed = app.send("POST", "/subjects/requests", Some(&ask), Some("one")).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let number = filed.json["number"].as_str().unwrap().to_owned();
    let again = app.send("POST", "/subjects/requests", Some(&ask), Some("one")).await;
    assert_eq!((again.status, &again.json), (201, &filed.json), "asked twice, filed once");
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let other = json!({ "subject": li, "kind": "COMPLAINT", "words": "x" });
    assert_eq!(app.send("POST", "/subjects/requests", Some(&other), Some("one")).await.json["code"], "key_taken");

    let queue = desk.get("/requests?kind=DELETE&limit=1").await;
    assert_eq!(queue.json["requests"].as_array().unwrap().len(), 1);
    let case = desk.get(&format!("/requests/{number}")).await.json;
    assert_eq!(case["stage"], "received");
    assert!(!case.to_string().contains(&world.email("spare")), "masked: {case}");
    let wrong = desk.post(&format!("/requests/{number}/approve"), &json!({ "plan": "no" })).await;
    assert_eq!(wrong.json["code"], "plan_changed");
    let plan = json!({ "plan": case["plan"]["digest"] });
    assert_eq!(desk.post(&format!("/requests/{number}/approve"), &plan).await.status, 204);
    assert_eq!(desk.post(&format!("/requests/{number}/approve"), &plan).await.status, 409);
    world.work().await;
    let mine = app.post(&format!("/subjects/requests/{number}"), &json!({ "subject": li })).await;
    assert_eq!(mine.json["stage"], "completed", "{}", mine.json);
    let strangers = json!({ "subject": who(&world, "customer") });
    assert_eq!(app.post(&format!("/subjects/requests/{number}"), &strangers).await.status, 404);
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("program:"), "{log}");
}

#[tokio::test]
async fn what_died_under_a_key_is_done_when_it_is_asked_again() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let ask = json!({ "subject": who(&world, "spare"), "kind": "COMPLAINT", "words": "Wet" });
    let body = hex::encode(ask.to_string());
    let store = &world.portal.store;
    let asked = store.vault().index_text("asked", &format!("POST /subjects/requests {body}"));
    let id = store.programs().await.unwrap().remove(0).id;
    // A process that took the key and is no more.
    let taken = store.take_key(id, "k", &asked, world.portal.clock.now()).await.unwrap();
    assert!(matches!(taken, store::answered::Known::New(_)));
    drop(taken);
    let busy = app.send("POST", "/subjects/requests", Some(&ask), Some("k")).await;
    assert_eq!((busy.status, &busy.json["code"]), (409, &json!("key_busy")));
    world.pass(SignedDuration::from_secs(61));
    let done = app.send("POST", "/subjects/requests", Some(&ask), Some("k")).await;
    assert_eq!(done.status, 201, "{}", done.json);
    let again = app.send("POST", "/subjects/requests", Some(&ask), Some("k")).await;
    assert_eq!((again.status, &again.json), (201, &done.json));
    let list = json!({ "subject": who(&world, "spare") });
    let list = app.post("/subjects/requests/list", &list).await.json;
    assert_eq!(list["requests"].as_array().unwrap().len(), 1, "{list}");
}

#[tokio::test]
async fn everything_else_a_person_or_an_officer_does_can_be_done() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let li = who(&world, "customer");
    let with = |more: Value| {
        let mut all = json!({ "subject": li, "lang": "en" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let consents = app.post("/subjects/consents", &with(json!({}))).await.json;
    assert!(consents.as_array().unwrap().iter().any(|consent| consent["purpose"] == "marketing"), "{consents}");
    let agreed = json!({ "subject": li, "purpose": "marketing", "separate": ["provision"] });
    assert_eq!(app.post("/subjects/consents/given", &agreed).await.status, 204);
    let consents = app.post("/subjects/consents", &with(json!({}))).await.json;
    let marketing = consents.as_array().unwrap().iter().find(|consent| consent["purpose"] == "marketing").unwrap();
    assert_eq!(marketing["separate"][0]["last"]["how"], "program", "{marketing}");
    assert_eq!(marketing["asked_again"], false, "{marketing}");
    let withdrawn = app.post("/subjects/requests", &with(json!({ "kind": "WITHDRAW", "about": "marketing" }))).await;
    assert_eq!(withdrawn.status, 201, "{}", withdrawn.json);
    let records = app.post("/subjects/records", &with(json!({}))).await.json;
    let account = records["records"].as_array().unwrap().iter().find(|r| r["table"] == "company.customers").unwrap();
    let correction = |value: &str| {
        with(json!({ "record": account["token"], "column": "mobile", "value": value, "evidence": "a bill" }))
    };
    assert_eq!(app.post("/subjects/corrections", &correction("12")).await.json["code"], "refused");
    let unproven = app.post("/subjects/corrections", &correction("13912345678")).await;
    assert_eq!((unproven.status, &unproven.json["code"]), (403, &json!("not_proven")), "they are found by it");
    let now = world.portal.clock.now();
    for (proven_at, status) in [(now - SignedDuration::from_mins(11), 403), (now, 201)] {
        let mut proven = correction("13912345678");
        proven["value_proven_at"] = json!(proven_at);
        assert_eq!(app.post("/subjects/corrections", &proven).await.status, status);
    }
    let preview = app.post("/subjects/deletion-preview", &json!({ "subject": li })).await.json;
    assert!(preview["items"].as_array().unwrap().iter().any(|item| item["because"] == "floor"), "{preview}");
    let closed = app.post("/subjects/requests", &with(json!({ "kind": "CANCEL_ACCOUNT" }))).await;
    assert_eq!(closed.json["code"], "blocked", "a parcel is on its way");
    let copied = app.post("/subjects/copy", &json!({ "subject": li })).await;
    assert_eq!((copied.status, &copied.headers[header::CONTENT_TYPE]), (200, &"application/zip".parse().unwrap()));

    // What goes with the consent would take the copy along.
    world.work().await;
    world.pass(SignedDuration::from_secs(1));
    let stale = json!({ "subject": { "email": world.email("customer") } });
    assert_eq!(app.post("/subjects/copies", &stale).await.json["code"], "not_fresh");
    let all = async || app.post("/subjects/copies/list", &stale).await.json;
    assert_eq!(all().await, json!([]));
    let asked = app.send("POST", "/subjects/copies", Some(&with(json!({}))), Some("a copy")).await;
    assert_eq!((asked.status, &asked.json["state"]), (201, &json!("preparing")), "{}", asked.json);
    let again = app.send("POST", "/subjects/copies", Some(&with(json!({}))), Some("a copy")).await;
    assert_eq!((again.status, &again.json), (201, &asked.json), "asked twice, prepared once");
    assert_eq!(app.post("/subjects/copies", &with(json!({}))).await.json["id"], asked.json["id"], "one is enough");
    let copy = format!("/subjects/copies/{}", asked.json["id"].as_str().unwrap());
    let download = format!("{copy}/download");
    assert_eq!(app.post(&download, &with(json!({}))).await.status, 404, "nothing of a half");
    world.work().await;
    let strangers = json!({ "subject": who(&world, "spare") });
    for path in [&copy, &download, &format!("{copy}/remove")] {
        assert_eq!(app.post(path, &strangers).await.status, 404, "{path}");
        assert_eq!(desk.post(path, &strangers).await.status, 403, "{path}");
    }
    let ready = app.post(&copy, &stale).await.json;
    assert_eq!((&ready["state"], &ready["tries_left"]), (&json!("ready"), &json!(3)), "{ready}");
    assert_eq!(all().await, json!([ready]));
    assert_eq!(app.post(&download, &stale).await.json["code"], "not_fresh");
    let archive = app.post(&download, &with(json!({}))).await;
    assert_eq!((archive.status, &archive.headers[header::CONTENT_TYPE]), (200, &"application/zip".parse().unwrap()));
    assert_eq!(archive.headers[header::CONTENT_LENGTH].to_str().unwrap(), ready["size"].to_string());
    assert_eq!(app.post(&download, &with(json!({}))).await.status, 404, "once");
    assert_eq!(app.post(&copy, &stale).await.json["state"], "taken");
    let second = app.post("/subjects/copies", &with(json!({}))).await.json["id"].as_str().unwrap().to_owned();
    assert_eq!(app.post(&format!("/subjects/copies/{second}/remove"), &stale).await.status, 204);
    assert_eq!(app.post(&format!("/subjects/copies/{second}"), &stale).await.status, 404, "nothing of it is kept");
    world.work().await;
    assert_eq!(app.post("/subjects/copies/nonsense", &stale).await.status, 404);

    let asked = with(json!({ "kind": "RESTRICT", "about": "delivery", "words": "Please stop" }));
    let number = app.post("/subjects/requests", &asked).await.json["number"].as_str().unwrap().to_owned();
    let nothing = with(json!({ "kind": "RESTRICT", "about": "nothing", "words": "Please" }));
    assert_eq!(app.post("/subjects/requests", &nothing).await.status, 400);
    let case = format!("/requests/{number}");
    let nobody = json!({ "words": "Which ones?", "whom": "subject" });
    assert_eq!(desk.post(&format!("{case}/ask"), &nobody).await.status, 404, "there is one side");
    let said = json!({ "words": "Which ones?" });
    for (action, body) in
        [("take", json!({})), ("notes", said.clone()), ("ask", said.clone()), ("give-back", json!({}))]
    {
        assert_eq!(desk.post(&format!("{case}/{action}"), &body).await.status, 204, "{action}");
    }
    let page = app.post(&format!("/subjects{case}"), &with(json!({}))).await.json;
    assert!(page["stage"] == "asked" && page.to_string().contains("Which ones?"), "{page}");
    assert_eq!(desk.get(&case).await.json["notes"][0]["words"], "Which ones?");
    let answer = json!({ "subject": li, "words": "All of them" });
    assert_eq!(app.post(&format!("/subjects{case}/answer"), &answer).await.status, 204);
    let refusal = json!({ "code": "NO_SUCH", "words": "No." });
    assert_eq!(desk.post(&format!("{case}/refuse"), &refusal).await.status, 400);
    for unknown in [json!(["company.nothing"]), json!(["nothing"])] {
        let some = desk.post(&format!("{case}/settle"), &json!({ "words": "Stopped.", "tables": unknown })).await;
        assert_eq!(some.status, 400, "wherever tables are named, only those of the map: {}", some.json);
    }
    assert_eq!(desk.post(&format!("{case}/settle"), &json!({ "words": "Stopped." })).await.status, 204);
    assert_eq!(app.post(&format!("/subjects{case}/cancel"), &with(json!({}))).await.status, 409);
    assert_eq!(app.post(&format!("/subjects{case}/stop"), &with(json!({}))).await.status, 409, "nothing waits");
    let list = |after: Value| json!({ "subject": li, "limit": 2, "after": after });
    let page = app.post("/subjects/requests/list", &list(Value::Null)).await.json;
    assert_eq!(page["requests"].as_array().unwrap().len(), 2, "{page}");
    let rest = app.post("/subjects/requests/list", &list(page["next"].clone())).await.json;
    assert_eq!((rest["requests"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null), "{rest}");
    assert_ne!(rest["requests"][0]["number"], page["requests"][1]["number"]);
    assert_eq!(app.post("/subjects/requests/list", &list(json!("x"))).await.json["code"], "malformed");
    let found = desk.post("/requests/search", &json!({ "subject": { "email": world.email("customer") } })).await.json;
    assert_eq!(found["requests"].as_array().unwrap().len(), 3, "{found}");
    let year = world.portal.clock.today().year();
    assert_eq!(desk.get(&format!("/statistics/{year}")).await.json["all"]["received"], 3);

    let told = json!({ "subject": { "mobile": "13800138000" }, "kind": "DELETE", "channel": "phone", "words": "Rang" });
    let told = desk.post("/requests", &told).await;
    assert_eq!((told.status, &told.json["requester"]), (201, &json!("phone")));
    let number = told.json["number"].as_str().unwrap();
    let plan = desk.get(&format!("/requests/{number}")).await.json["plan"]["digest"].clone();
    let approved = desk.post(&format!("/requests/{number}/approve"), &json!({ "plan": plan })).await;
    assert_eq!(approved.json["code"], "second_person", "whoever wrote it down does not decide it");
}

#[tokio::test]
async fn what_was_filed_with_two_identifiers_is_found_once() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let desk = world.program(&[Scope::ReadRequests]).await;
    let (email, mobile) = (world.email("customer"), "13800138000");
    for (subject, words) in [
        (json!({ "email": email }), "First"),
        (json!({ "email": email, "mobile": mobile }), "Second"),
        (json!({ "mobile": mobile }), "Third"),
    ] {
        world.pass(SignedDuration::from_secs(1));
        let asked = json!({ "subject": subject, "kind": "COMPLAINT", "words": words });
        assert_eq!(app.post("/subjects/requests", &asked).await.status, 201);
    }
    let found = desk.post("/requests/search", &json!({ "subject": { "email": email, "mobile": mobile } })).await.json;
    let received: Vec<&str> =
        found["requests"].as_array().unwrap().iter().map(|row| row["received_at"].as_str().unwrap()).collect();
    assert_eq!(received.len(), 3, "{found}");
    assert!(received.windows(2).all(|two| two[0] > two[1]), "newest first: {received:?}");
}

#[tokio::test]
async fn nothing_of_what_was_sent_is_in_a_problem() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let secret = "wu.secret@example.com";
    for body in [
        json!({ "subject": { "email": secret, "name": "x" } }),
        json!({ "subject": secret }),
        json!({ "subject": { "email": format!("{secret} ") , "mobile": secret } }),
        json!({ "subject": { "email": secret, "proven_at": secret } }),
    ] {
        let got = app.post("/subjects/records", &body).await;
        assert_eq!(got.status, 400, "{body}");
        assert!(!got.json.to_string().contains("secret"), "{}", got.json);
    }
    let large = json!({ "subject": { "email": "x".repeat(70_000) } });
    assert_eq!(app.post("/subjects/records", &large).await.status, 413);
    assert_eq!(app.send("POST", "/subjects/records", None, None).await.status, 415);
}

#[tokio::test]
async fn whoever_is_signed_in_to_the_companys_app_arrives_signed_in() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let handed = app.post("/subjects/hand-over", &json!({ "subject": who(&world, "customer") })).await;
    assert_eq!(handed.status, 201, "{}", handed.json);
    let url = handed.json["url"].as_str().unwrap();
    assert!(!url.contains("example.com") || !url.contains('@'), "nothing of who they are: {url}");
    let path = &url[url.find("/arrive/").unwrap()..];
    let mut li = world.visitor();
    let page = li.get(path).await;
    assert!(page.status == StatusCode::OK && page.body.contains("You come from the company"), "{}", page.body);
    assert_eq!(li.get("/mine").await.location.as_deref(), Some("/sign-in"), "a link alone signs nobody in");
    assert_eq!(li.post(path, &[]).await.location.as_deref(), Some("/mine"));
    assert_eq!(li.get("/mine/full").await.status, StatusCode::OK, "as fresh as the app said");
    assert_eq!(world.visitor().post(path, &[]).await.status, StatusCode::GONE, "once");
    let late = app.post("/subjects/hand-over", &json!({ "subject": who(&world, "customer") })).await;
    let late = late.json["url"].as_str().unwrap().to_owned();
    world.pass(SignedDuration::from_mins(3));
    let late = &late[late.find("/arrive/").unwrap()..];
    assert_eq!(world.visitor().get(late).await.status, StatusCode::GONE, "and soon");
}

/// A token as the company's app signs it.
fn token(claims: &Value) -> String {
    let key = EncodingKey::from_ed_der(&[PRIVATE, &key().to_bytes()].concat());
    encode(&Header::new(Algorithm::EdDSA), claims, &key).unwrap()
}

#[tokio::test]
async fn a_signed_token_brings_somebody_here_once_and_a_forged_one_nobody() {
    let world = World::with(|config, dir| {
        std::fs::write(dir.join("app.pem"), public_pem()).unwrap();
        let key_file = dir.join("app.pem");
        config.hand_over = Some(HandOver { issuer: "https://shop.example.com".into(), key_file });
    })
    .await;
    let now = world.portal.clock.now().as_second();
    let email = world.email("customer");
    let good = json!({
        "iss": "https://shop.example.com", "aud": "http://127.0.0.1:3000", "iat": now, "exp": now + 60, "jti": "a1",
        "auth_time": now, "email": email, "email_verified": true,
    });
    let with = |field: &str, value: Value| {
        let mut claims = good.clone();
        claims[field] = value;
        token(&claims)
    };
    let arrives = async |token: &str| {
        let request = Request::post("/arrive")
            // From the app's own site, as a form or a web-view sends it.
            .header(header::ORIGIN, "https://shop.example.com")
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}")));
        let answer = world.answer(request.unwrap()).await;
        assert!(answer.headers().get(header::SET_COOKIE).is_none(), "nobody is signed in by that alone");
        answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
    };
    let mut forged = token(&good);
    forged.replace_range(forged.len() - 8.., "AAAAAAAA");
    for wrong in [
        forged,
        with("iss", json!("https://evil.example.com")),
        with("aud", json!("https://other.example.com")),
        with("exp", json!(now - 1)),
        with("exp", json!(now + 3_600)),
        with("email_verified", json!(false)),
        with("jti", json!("")),
        "nonsense".to_owned(),
    ] {
        assert_eq!(arrives(&wrong).await, "/arrive/none", "{wrong}");
    }
    let path = arrives(&token(&good)).await;
    assert!(!path.contains('@') && path != "/arrive/none", "{path}");
    assert_eq!(arrives(&token(&good)).await, "/arrive/none", "each token once");
    let mut li = world.visitor();
    assert!(li.get(&path).await.body.contains("You come from the company"));
    assert_eq!(li.post(&path, &[]).await.location.as_deref(), Some("/mine"));
    assert_eq!(li.get("/mine/full").await.status, StatusCode::OK);
    assert_eq!(arrives(&token(&good)).await, "/arrive/none", "nor after it was used");
    assert_eq!(world.visitor().get("/arrive/none").await.status, StatusCode::GONE);
}

//! Systems without SQL: one that answers signed requests, one only people can reach.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, http::HeaderMap, routing::post};
use domain::actor::Actor;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::world::World;

pub(super) const WORDS: &str = "{ zh-CN = \"甲\", en = \"A\" }";

pub(super) fn table(name: &str, fields: &str) -> String {
    format!(
        "[table.\"{name}\"]\nname = {{ zh-CN = \"合同\", en = \"Contract\" }}\nkey = [\"id\"]\npurposes = [\"support\"]\n\
         retention = {{ from = \"signed_on\", starts = {WORDS}, keep = \"3 years\", then = \"delete\" }}\n\
         role.signer = {{ name = {WORDS} }}\n{fields}"
    )
}

pub(super) async fn approved(world: &World, email: &str) -> String {
    let number = approved_only(world, email).await;
    world.work().await;
    number
}

/// Nobody has begun yet.
pub(super) async fn approved_only(world: &World, email: &str) -> String {
    let mut li = world.customer(email).await;
    let filed = li.post("/mine/delete", &[]).await;
    let number = filed.location.unwrap().trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let page = officer.get(&case).await.body;
    let digest = page.split("name=\"plan\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &digest)]).await.status.as_u16(), 303);
    number
}

#[tokio::test]
async fn a_request_is_complete_when_the_owner_has_confirmed() {
    let world = World::new().await;
    let archive = format!(
        "[source.archive]\nname = {{ zh-CN = \"纸质档案\", en = \"paper archive\" }}\nengine = \"manual\"\nstored_in = {WORDS}\n\
         owner = {{ name = {{ zh-CN = \"档案室\", en = \"Records office\" }}, email = \"archive@example.com\", days = 5 }}\n{}",
        table("archive.contracts", "field.name = { of = \"signer\", kind = \"name\" }\n")
    );
    world.publish_map("90-archive.toml", &archive).await;
    let email = world.email("newcomer");
    let mut li = world.customer(&email).await;
    assert!(li.get("/mine").await.body.contains("may also be records about you in the paper archive"));
    let number = approved(&world, &email).await;
    let page = li.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Waiting for Records office to confirm") && !page.contains("Completed"), "{page}");

    let letter = world.letters().into_iter().find(|(to, _)| to == "archive@example.com").unwrap().1;
    assert!(!letter.contains(&email), "nothing personal in the mail");
    let link = letter.split("/tasks/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let link = format!("/tasks/{link}");
    let mut owner = world.visitor();
    let masked = owner.get(&link).await.body;
    assert!(masked.contains("paper archive") || masked.contains("纸质档案"), "{masked}");
    assert!(!masked.contains(&email));
    assert!(owner.post(&format!("{link}/show"), &[]).await.body.contains(&email), "in full once asked for");
    assert_eq!(owner.post(&link, &[("rows", "some"), ("note", "")]).await.status.as_u16(), 422);
    assert_eq!(owner.post(&link, &[("rows", "2"), ("note", "shredded")]).await.status.as_u16(), 303);
    assert_eq!(owner.post(&link, &[("rows", "2"), ("note", "")]).await.status.as_u16(), 409, "once");
    assert_eq!(owner.get("/tasks/00000000000000000000000000000000").await.status.as_u16(), 404);
    world.work().await;
    let mut officer = world.staff("officer2").await;
    let page = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("Records office has confirmed: 2 records") && page.contains("Completed"), "{page}");
}

/// A customer system that speaks our protocol: one contract per e-mail address.
#[derive(Clone, Default)]
struct Crm(Arc<Mutex<State_>>);

#[derive(Default)]
struct State_ {
    rows: Vec<(String, String)>,
    steps: Vec<String>,
    refused: u32,
    fail_next: bool,
}

const SECRET: &str = "a shared secret";

fn answer(
    State(crm): State<Crm>,
    what: &str,
    headers: &HeaderMap,
    body: &str,
) -> Result<Json<Value>, axum::http::StatusCode> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{}.{what}.{body}", header("qingdan-timestamp")).as_bytes());
    let mut state = crm.0.lock().unwrap();
    if header("qingdan-signature") != format!("v1={}", hex::encode(mac.finalize().into_bytes())) {
        state.refused += 1;
        return Err(axum::http::StatusCode::UNAUTHORIZED);
    }
    if std::mem::take(&mut state.fail_next) {
        return Err(axum::http::StatusCode::BAD_GATEWAY);
    }
    let asked: Value = serde_json::from_str(body).unwrap();
    let email = asked["person"]["email"][0].as_str().unwrap_or_default().to_owned();
    let theirs = state.rows.iter().filter(|(of, _)| *of == email).count();
    Ok(Json(match what {
        "gather" => {
            let rows: Vec<Value> = state
                .rows
                .iter()
                .filter(|(of, _)| *of == email)
                .map(|(_, name)| json!({ "key": ["1"], "from": "2026-01-01", "values": { "name": name } }))
                .collect();
            json!({ "rows": rows })
        }
        "plan" => json!({ "items": [{ "outcome": "delete", "rows": theirs, "keys": [["1"]] }] }),
        "erase" => {
            let step = header("idempotency-key");
            assert!(!step.is_empty());
            state.rows.retain(|(of, _)| *of != email);
            state.steps.push(step);
            json!({ "rows": theirs })
        }
        _ => json!({ "rows": null }),
    }))
}

#[tokio::test]
async fn a_system_over_http_is_seen_erased_and_asked_again() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let crm = Crm::default();
    crm.0.lock().unwrap().rows = vec![(email.clone(), "Li Na".into()), ("other@example.com".into(), "Wang".into())];
    let mut app = Router::new();
    for what in ["gather", "plan", "erase", "settle", "correct"] {
        app = app.route(
            &format!("/privacy/{what}"),
            post(async move |state: State<Crm>, headers: HeaderMap, body: String| answer(state, what, &headers, &body)),
        );
    }
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app.with_state(crm.clone())).into_future());
    let key = world.dir.path().join("crm.key");
    std::fs::write(&key, SECRET).unwrap();
    let source = format!(
        "[source.crm]\nname = {{ zh-CN = \"客户系统\", en = \"customer system\" }}\nengine = \"http\"\nstored_in = {WORDS}\n\
         url = \"http://{address}/privacy\"\nkey_file = \"{}\"\n{}",
        key.display(),
        table("crm.contracts", "field.name = { of = \"signer\", kind = \"name\" }\n")
    );
    world.publish_map("90-crm.toml", &source).await;
    let mut li = world.customer(&email).await;
    crm.0.lock().unwrap().fail_next = true;
    let mine = li.get("/mine").await.body;
    assert!(mine.contains("Contract") && mine.contains("L***"), "tried again after a bad gateway: {mine}");
    let card = mine.split("<article").find(|card| card.contains("Contract")).unwrap();
    assert!(!card.contains("/mine/delete?record="), "it cannot be told which record: {card}");
    // A hold reaches systems that know nothing of it.
    let person = vec![domain::Identifier::Email(domain::Email::parse(&email).unwrap())];
    let hold = domain::hold::HoldOn::Person(person);
    let new = service::holds::NewHold {
        on: hold,
        owner: "legal".into(),
        reason: "a dispute".into(),
        review_on: world.portal.clock.today(),
    };
    let permit = Actor::System.keep_holds().unwrap();
    let hold = world.portal.place_hold(permit, &Actor::System, new).await.unwrap();
    let preview = li.get("/mine/delete").await.body;
    assert!(
        preview.contains("Under a legal hold because of a dispute") && !preview.contains("The whole record goes"),
        "{preview}"
    );
    world.portal.release_hold(permit, &Actor::System, hold).await.unwrap();
    let number = approved(&world, &email).await;
    let page = li.get(&format!("/requests/{number}")).await;
    let mut officer = world.staff("officer2").await;
    let case = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(case.contains("Completed"), "{} {case}", page.status);
    let state = crm.0.lock().unwrap();
    assert_eq!(state.rows, [("other@example.com".to_owned(), "Wang".to_owned())]);
    assert_eq!((state.steps.len(), state.refused), (1, 0));
}

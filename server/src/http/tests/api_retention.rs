//! Nights, the register of destruction, legal holds and versions of the policy for programs.

use domain::actor::Scope;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};

use super::{nights::TOO_MANY, systems::approved, world::World};

#[tokio::test]
async fn a_program_reads_the_nights_and_what_was_destroyed() {
    let world = World::new().await;
    let number = approved(&world, &world.email("newcomer")).await;
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let watch = world.program(&[Scope::ReadRetention]).await;
    let nights = watch.get("/nights").await.json;
    let last = &nights["nights"][0];
    assert!(last["status"] == "verified" && last["tables"].as_array().is_some_and(|of| !of.is_empty()), "{nights}");
    assert_eq!(nights["under_way"], Value::Null);
    let night = last["number"].as_str().unwrap();
    let proof = watch.get(&format!("/nights/{night}")).await.json["document"].to_string();
    let checked = world.visitor().post("/verify", &[("document", &proof)]).await.body;
    assert!(checked.contains("This certificate is genuine"), "{checked}");
    assert_eq!(watch.get("/nights/QN-20200101-22222").await.status, 404);
    world.pass(SignedDuration::from_hours(24));
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let newest = watch.get("/nights?limit=1").await.json;
    assert_ne!(newest["nights"][0]["number"], night, "{newest}");
    let earlier = watch.get(&format!("/nights?before={}", newest["next"].as_str().unwrap())).await.json;
    assert_eq!((&earlier["nights"][0]["number"], &earlier["next"]), (&json!(night), &Value::Null), "{earlier}");
    assert_eq!(watch.get("/nights?limit=0").await.json["code"], "malformed");

    let month = world.portal.clock.today().strftime("%Y-%m").to_string();
    let register = watch.get(&format!("/register/{month}")).await.json;
    let entries = register["entries"].as_array().unwrap();
    assert!(entries.iter().any(|entry| entry["number"] == number.as_str() && entry["verified"] == true), "{register}");
    assert!(entries.iter().any(|entry| entry["number"] == night), "{register}");
    assert_eq!(watch.get("/register/2026-13").await.json["code"], "malformed");

    let simulated = watch.get("/nights/simulation?table=company.support_tickets&keep=1%20year").await.json;
    assert_eq!(simulated.as_array().map(Vec::len), Some(3), "{simulated}");
    assert_eq!(watch.get("/nights/simulation?table=company.support_tickets&keep=soon").await.status, 400);
    assert_eq!(watch.get("/nights/simulation?table=company.nothing&keep=1%20year").await.status, 404);
    assert_eq!(watch.get("/drift").await.status, 200);
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests, Scope::ManageHolds]).await;
    for path in ["/nights", "/nights/waiting", "/drift", &format!("/nights/{night}"), &format!("/register/{month}")] {
        assert_eq!(desk.get(path).await.json["code"], "scope", "{path}");
    }
    assert_eq!(watch.get("/requests").await.json["code"], "scope");
}

#[tokio::test]
async fn a_program_reads_what_a_night_held_up_and_people_let_it_go() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let watch = world.program(&[Scope::ReadRetention]).await;
    let waiting = async || {
        let all = watch.get("/nights/waiting").await.json;
        let tickets = all.as_array().unwrap().iter().find(|rule| rule["table"] == "company.support_tickets").cloned();
        tickets.unwrap_or_else(|| panic!("{all}"))
    };
    let seen = waiting().await;
    assert_eq!((&seen["release"], &seen["why"]), (&json!("not_asked"), &json!("share")), "{seen}");
}

#[tokio::test]
async fn a_program_places_looks_at_and_lifts_a_hold() {
    let world = World::new().await;
    let keeper = world.program(&[Scope::ReadRequests, Scope::ManageHolds]).await;
    let review = world.portal.clock.today().saturating_add(30.days());
    let hold = |more: Value| {
        let mut all = json!({ "owner": "Legal", "reason": "a lost parcel", "review_on": review });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let email = world.email("customer");
    let rows = |more: Value| {
        let mut all = json!({ "table": "company.support_tickets" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "rows": all })
    };
    for wrong in [
        json!({}),
        json!({ "person": { "email": email }, "rows": { "table": "company.support_tickets" } }),
        json!({ "person": { "email": email }, "review_on": world.portal.clock.today() }),
        json!({ "person": { "email": email }, "owner": " " }),
        rows(json!({ "table": "company.nothing" })),
        rows(json!({ "since": "2011-02-01", "until": "2011-01-01" })),
        rows(json!({ "since": "2011-02-01" })),
        rows(json!({ "column": "nothing", "values": ["1"] })),
    ] {
        let refused = keeper.post("/holds", &hold(wrong.clone())).await;
        assert_eq!(refused.json["code"], "malformed", "{wrong}: {}", refused.json);
    }
    let placed = keeper.once("/holds", &hold(json!({ "person": { "email": email } })), "k").await;
    assert_eq!(placed.status, 201, "{}", placed.json);
    let again = keeper.once("/holds", &hold(json!({ "person": { "email": email } })), "k").await;
    assert_eq!(again.json, placed.json, "one hold");
    assert!(!placed.json.to_string().contains(&email), "masked: {}", placed.json);
    assert!(placed.json["protects"][0]["rows"].as_u64() > Some(0), "{}", placed.json);
    let of_rows = keeper.post("/holds", &hold(rows(json!({ "since": "2011-01-01", "until": "2011-12-31" })))).await;
    assert_eq!((of_rows.status, &of_rows.json["rows"]["since"]), (201, &json!("2011-01-01")), "{}", of_rows.json);
    let list = keeper.get("/holds").await.json;
    for placed in [&placed, &of_rows] {
        assert!(list.as_array().unwrap().iter().any(|one| one["id"] == placed.json["id"]), "{list}");
    }
    let path = format!("/holds/{}", placed.json["id"].as_str().unwrap());
    assert_eq!(keeper.get(&path).await.json, placed.json);
    let later = json!({ "review_on": review.saturating_add(30.days()) });
    assert_eq!(keeper.post(&format!("{path}/review"), &later).await.status, 204);
    assert_eq!(keeper.get(&path).await.json["review_on"], later["review_on"]);

    // Nothing of theirs goes while it stands.
    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = json!({ "subject": super::api::who(&world, "customer") });
    let preview = app.post("/subjects/deletion-preview", &subject).await.json;
    assert!(preview["items"].as_array().unwrap().iter().any(|item| item["because"] == "hold"), "{preview}");
    let reader = world.program(&[Scope::ReadRequests, Scope::DecideRequests, Scope::ReadRetention]).await;
    assert_eq!(reader.post(&format!("{path}/lift"), &json!({})).await.json["code"], "scope");
    assert_eq!(reader.post("/holds", &hold(json!({ "person": { "email": email } }))).await.json["code"], "scope");
    assert_eq!(keeper.post(&format!("{path}/lift"), &json!({})).await.status, 204);
    assert_eq!(keeper.post(&format!("{path}/lift"), &json!({})).await.status, 404, "once");
    assert_eq!(keeper.get(&path).await.status, 404);
    world.pass(SignedDuration::from_mins(1));
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("hold_placed") && log.contains("hold_released") && !log.contains(&email), "{log}");
}

#[tokio::test]
async fn a_program_reads_the_versions_of_the_policy() {
    let world = World::new().await;
    let nobody = world.program(&[]).await;
    let versions = nobody.get("/policy/versions").await.json;
    let first = versions[0]["hash"].as_str().unwrap().to_owned();
    assert_eq!(versions[0]["in_force"], true, "{versions}");
    let hash =
        world.edit_map("20-account.toml", "12 months\", then = \"delete\"", "6 months\", then = \"delete\"").await;
    let desk = world.program(&[Scope::DecideRequests]).await;
    let open = desk.get("/policy/open?lang=en").await.json;
    assert_eq!((&open[0]["hash"], &open[0]["approved_once"]), (&json!(hash), &json!(false)), "{open}");
    assert!(open[0]["changes"].to_string().contains("6 months"), "{open}");
    assert_eq!(nobody.get("/policy/open").await.json["code"], "scope");
    for login in ["officer", "officer2"] {
        let approve = format!("/officer/policy/{hash}/approve");
        assert_eq!(world.staff(login).await.post(&approve, &[]).await.status.as_u16(), 303);
    }
    let now = nobody.get(&format!("/policy/versions/{}?lang=en", &hash[..12])).await.json;
    assert!(now["in_force"] == true && now["changes"].to_string().contains("6 months"), "{now}");
    assert!(now["sections"].as_array().is_some_and(|of| of.len() > 5), "{now}");
    let before = nobody.get(&format!("/policy/versions/{first}")).await.json;
    assert!(before["in_force"] == false && before["changes"].is_null(), "{before}");
    assert_eq!(nobody.get("/policy/versions/00000000").await.status, 404);
    assert_eq!(nobody.get("/policy/versions/x?lang=de").await.json["code"], "malformed");
}

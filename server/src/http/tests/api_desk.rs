//! The officers' desk for programs: what is put together, done many times, told by hand and looked for afterwards.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    api::{Program, who},
    systems::approved,
    world::World,
};

const DESK: [Scope; 2] = [Scope::ReadRequests, Scope::DecideRequests];

async fn files(app: &Program<'_>, ask: &Value) -> String {
    let filed = app.post("/subjects/requests", ask).await;
    filed.json["number"].as_str().unwrap_or_else(|| panic!("{}", filed.json)).to_owned()
}

#[tokio::test]
async fn a_program_puts_the_same_asked_twice_into_the_older() {
    let world = World::new().await;
    let (app, desk) = (world.program(&[Scope::ActForSubjects]).await, world.program(&DESK).await);
    let ask = json!({ "subject": who(&world, "customer"), "kind": "COMPLAINT", "words": "It was wet" });
    let older = files(&app, &ask).await;
    world.pass(SignedDuration::from_secs(1));
    let younger = files(&app, &ask).await;
    assert_eq!(desk.post(&format!("/requests/{older}/take"), &json!({})).await.status, 204);
    for (whose, number) in [("mine", &older), ("nobodys", &younger)] {
        let queue = desk.get(&format!("/requests?whose={whose}")).await.json;
        let found: Vec<_> = queue["requests"].as_array().unwrap().iter().map(|of| of["number"].clone()).collect();
        assert!(
            found.contains(&json!(number)) && !found.contains(&json!(if whose == "mine" { &younger } else { &older })),
            "{queue}"
        );
    }
    for narrowed in
        ["state=received&kind=COMPLAINT", "due_in=5", "received_from=2001-01-01", "view=open&state=received"]
    {
        let queue = desk.get(&format!("/requests?{narrowed}")).await.json;
        let found = queue.to_string().contains(&older);
        assert_eq!(found, narrowed != "due_in=5", "fifteen working days are left: {narrowed}: {queue}");
    }
    let none = desk.get("/requests?state=asked&due_in=overdue&received_to=2001-01-01").await.json;
    assert_eq!(none["requests"], json!([]), "{none}");
    for wrong in ["whose=hers", "state=new", "due_in=2", "received_to=soon", "view=closed&state=received"] {
        assert_eq!(desk.get(&format!("/requests?{wrong}")).await.json["code"], "malformed", "{wrong}");
    }
    let case = desk.get(&format!("/requests/{younger}")).await.json;
    assert_eq!(case["alike"][0]["number"], older.as_str(), "{case}");
    let into = |number: &str| json!({ "into": number });
    let merge = |number: &str| format!("/requests/{number}/merge");
    assert_eq!(desk.post(&merge(&older), &into(&younger)).await.status, 404, "the younger goes into the older");
    let reader = world.program(&[Scope::ReadRequests]).await;
    assert_eq!(reader.post(&merge(&younger), &into(&older)).await.json["code"], "scope");
    assert_eq!(desk.once(&merge(&younger), &into(&older), "k").await.status, 204);
    assert_eq!(desk.once(&merge(&younger), &into(&older), "k").await.status, 204, "done once");
    assert_eq!(desk.get(&format!("/requests/{younger}")).await.json["stage"], "cancelled");
}

#[tokio::test]
async fn a_program_does_the_same_to_many_after_it_has_seen_what_that_would_be() {
    let world = World::new().await;
    let (app, desk) = (world.program(&[Scope::ActForSubjects]).await, world.program(&DESK).await);
    let asked = |whose: &str, kind: &str| json!({ "subject": who(&world, whose), "kind": kind, "words": "Please" });
    let complaint = files(&app, &asked("customer", "COMPLAINT")).await;
    let deletion = files(&app, &json!({ "subject": who(&world, "newcomer"), "kind": "DELETE" })).await;
    let preview = |action: &str| json!({ "action": action, "numbers": [complaint, deletion] });
    let previewed = desk.post("/requests/bulk/preview", &preview("approve")).await.json;
    let of = |all: &Value, number: &str| {
        all.as_array().unwrap().iter().find(|one| one["number"] == number).cloned().unwrap_or_else(|| panic!("{all}"))
    };
    assert_eq!(of(&previewed, &complaint)["why_not"], "other_kind", "{previewed}");
    let plan = of(&previewed, &deletion)["plan"]["digest"].clone();
    assert!(plan.is_string() && of(&previewed, &deletion)["foreseen"]["approval"].is_string(), "{previewed}");
    let check = desk.post(&format!("/requests/{deletion}/approve/check"), &json!({ "plan": plan })).await;
    assert_eq!((check.status, &check.json["differs"]), (200, &json!([])), "{}", check.json);
    let other = desk.post(&format!("/requests/{deletion}/approve/check"), &json!({ "plan": "another" })).await;
    assert_eq!(other.json["code"], "plan_changed");

    for wrong in [
        json!({ "action": "settle", "requests": [{ "number": complaint }] }),
        json!({ "action": "take", "requests": [] }),
        json!({ "action": "take", "requests": [{ "number": "x" }] }),
        json!({ "action": "take", "requests": [{ "number": complaint }], "words": "why" }),
    ] {
        assert_eq!(desk.post("/requests/bulk", &wrong).await.json["code"], "malformed", "{wrong}");
    }
    let settle = json!({ "action": "settle", "words": "We have dried it.",
        "requests": [{ "number": complaint }, { "number": deletion }] });
    let done = desk.once("/requests/bulk", &settle, "k").await;
    assert_eq!((done.status, &of(&done.json, &complaint)["why_not"]), (200, &Value::Null), "{}", done.json);
    assert!(of(&done.json, &deletion)["why_not"].is_string(), "each stands for itself: {}", done.json);
    assert_eq!(desk.once("/requests/bulk", &settle, "k").await.json, done.json, "done once");
    assert_eq!(desk.get(&format!("/requests/{complaint}")).await.json["stage"], "answered");
    assert_eq!(app.post("/requests/bulk/preview", &preview("take")).await.json["code"], "scope");
}

#[tokio::test]
async fn a_program_reads_what_a_recipient_is_told_by_hand_and_the_person_reads_who_looked() {
    let world = World::new().await;
    let number = approved(&world, &world.email("spare")).await;
    let desk = world.program(&DESK).await;
    let tell = format!("/requests/{number}/recipients/overseas/tell");
    let told = desk.post(&tell, &json!({})).await;
    assert!(told.json["person"][0].as_str().unwrap().starts_with("YF"), "by the waybills: {}", told.json);
    assert_eq!(desk.post(&tell.replace("overseas", "nobody"), &json!({})).await.status, 404);
    let reader = world.program(&[Scope::ReadRequests]).await;
    assert_eq!(reader.post(&tell, &json!({})).await.json["code"], "scope");
    assert!(world.staff("auditor").await.get("/officer/audit").await.body.contains("request_revealed"));
}

#[tokio::test]
async fn a_program_has_what_is_outside_the_map_looked_through_and_counts_what_is_locked_away() {
    let world = World::new().await;
    let email = world.email("customer");
    world.company("CREATE TABLE chat_log (line TEXT)").await;
    world.company(&format!("INSERT INTO chat_log VALUES ('please write to {email}')")).await;
    let number = approved(&world, &email).await;
    let desk = world.program(&DESK).await;
    let rescan = format!("/requests/{number}/rescan");
    assert_eq!(desk.post(&rescan, &json!({})).await.status, 204);
    let of = async || desk.get(&format!("/requests/{number}")).await.json["rescan"].clone();
    assert_eq!((of().await["under_way"].clone(), of().await["at"].clone()), (json!(true), Value::Null));
    world.work().await;
    let found = of().await;
    assert_eq!(found["found"], json!([{ "table": "company.chat_log", "column": "line", "rows": 1 }]), "{found}");
    assert_eq!(found["under_way"], false);

    let locked = desk.get(&format!("/requests/{number}/locked")).await.json;
    assert!(locked["opening"] == "shut" && locked["locked"][0]["rows"].as_u64() > Some(0), "{locked}");
    let mut first = world.staff("officer2").await;
    let why = [("why", "Hangzhou court, order 2026-17")];
    first.post(&format!("/officer/requests/{number}/locked/ask"), &why).await;
    let asked = desk.get(&format!("/requests/{number}/locked")).await.json;
    assert!(asked["opening"] == "asked" && !asked.to_string().contains("Hangzhou"), "{asked}");

    let app = world.program(&[Scope::ActForSubjects]).await;
    let open = files(&app, &json!({ "subject": who(&world, "newcomer"), "kind": "DELETE" })).await;
    assert_eq!(desk.post(&format!("/requests/{open}/rescan"), &json!({})).await.status, 409, "nothing is erased yet");
    assert_eq!(desk.get("/requests/QD-20200101-22222/locked").await.status, 404);
}

#[tokio::test]
async fn a_program_sees_who_asks_for_whom_masked_and_one_value_for_a_reason_and_answers_for_nobody() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let number = agent.asks_for(&subject, "agent", "delete").await;
    let desk = world.program(&DESK).await;
    let people = desk.post(&format!("/requests/{number}/people"), &json!({})).await.json;
    assert!(people["evidence"] == 1 && !people.to_string().contains(&subject), "masked: {people}");
    let token = people["subject"]["identifiers"][0]["token"].clone();
    let values = format!("/requests/{number}/values");
    let missing = desk.post(&values, &json!({ "token": token, "reason": "another" })).await;
    assert_eq!(missing.json["code"], "malformed", "why is said");
    let shown = desk.post(&values, &json!({ "token": token, "reason": "reach_person" })).await;
    assert_eq!((shown.status, &shown.json["value"]), (200, &json!(subject)), "{}", shown.json);
    let unknown = desk.post(&values, &json!({ "token": "0", "reason": "reach_person" })).await;
    assert_eq!(unknown.status, 404);

    // Evidence, and answering for who asks, is people's.
    let mut officer = world.staff("officer").await;
    let case = officer.get(&format!("/officer/requests/{number}")).await.body;
    let evidence = super::represent::file(&case).rsplit('/').next().unwrap().to_owned();
    assert_eq!(desk.get(&format!("/requests/{number}")).await.json["files"], json!([]));
    assert_eq!(desk.get(&format!("/requests/{number}/files/{evidence}")).await.status, 404);
    assert_eq!(desk.post(&format!("/requests/{number}/confirm"), &json!({})).await.status, 404);

    // A value of a record that a deletion would touch.
    let app = world.program(&[Scope::ActForSubjects]).await;
    let number = files(&app, &json!({ "subject": who(&world, "newcomer"), "kind": "DELETE" })).await;
    let touched = desk.get(&format!("/requests/{number}/left-out")).await.json;
    let account = touched["records"].as_array().unwrap().iter().find(|of| of["table"] == "company.customers").unwrap();
    let email = json!({ "token": account["token"], "column": "email", "reason": "tell_apart" });
    let shown = desk.post(&format!("/requests/{number}/values"), &email).await;
    assert_eq!(shown.json["value"], world.email("newcomer").as_str(), "{}", shown.json);
    let looks = app.post("/subjects/looks", &json!({ "subject": who(&world, "newcomer") })).await.json;
    assert!(looks.to_string().contains("tell_apart") && looks.to_string().contains("shop app"), "{looks}");
}

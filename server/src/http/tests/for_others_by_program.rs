//! What others may ask for in somebody's name, written down by a program.

use domain::actor::Scope;
use serde_json::{Value, json};

use super::world::{World, digest};

#[tokio::test]
async fn a_program_writes_down_what_others_may_ask_for_and_works_out_a_correction() {
    let world = World::new().await;
    let email = world.email("customer");
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let said = |more: Value| {
        let mut said = json!({ "subject": { "email": email }, "channel": "phone", "words": "called back" });
        said.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        said
    };
    for wrong in [
        json!({ "kind": "WITHDRAW" }),
        json!({ "kind": "WITHDRAW", "about": "delivery" }),
        json!({ "kind": "COMPLAINT", "tables": ["company.addresses"] }),
        json!({ "kind": "DELETE", "tables": ["company.nothing"] }),
        json!({ "kind": "DELETE", "tables": [] }),
    ] {
        assert_eq!(desk.post("/requests", &said(wrong.clone())).await.json["code"], "malformed", "{wrong}");
    }
    let own = desk.post("/requests", &said(json!({ "kind": "LIFT" }))).await;
    assert_eq!(own.json["code"], "not_found", "{}", own.json);
    let withdrawal = desk.post("/requests", &said(json!({ "kind": "WITHDRAW", "about": "marketing" }))).await;
    assert_eq!(withdrawal.status, 201, "{}", withdrawal.json);
    let some = desk.post("/requests", &said(json!({ "kind": "DELETE", "tables": ["company.addresses"] }))).await;
    let some = desk.get(&format!("/requests/{}", some.json["number"].as_str().unwrap())).await.json;
    assert_eq!(some["tables"], json!(["company.addresses"]), "{some}");

    let wrong = desk.post("/requests", &said(json!({ "kind": "CORRECT" }))).await;
    let number = wrong.json["number"].as_str().unwrap().to_owned();
    let records = format!("/requests/{number}/records");
    let held = desk.get(&records).await.json;
    let account = held["records"].as_array().unwrap().iter().find(|one| one["table"] == "company.customers").unwrap();
    assert!(!held.to_string().contains(&email), "masked: {held}");
    let token = account["token"].as_str().unwrap();
    let values = |after: &str| json!({ "values": [{ "token": token, "column": "mobile", "after": after }] });
    assert_eq!(desk.post(&records, &json!({ "values": [] })).await.json["code"], "malformed");
    assert_eq!(desk.post(&records, &values("12")).await.status, 422);
    assert_eq!(desk.post(&records, &values("15499990004")).await.status, 204);
    let plan = desk.get(&format!("/requests/{number}")).await.json["plan"].clone();
    assert_eq!(plan["items"][0]["outcome"], "corrected", "{plan}");
    let approve = json!({ "plan": plan["digest"] });
    let approved = desk.post(&format!("/requests/{number}/approve"), &approve).await;
    assert_eq!(approved.json["code"], "second_person", "{}", approved.json);
    let case = format!("/officer/requests/{number}");
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(zhao.get(&case).await.body.contains("Completed"));
    assert_eq!(desk.get(&records).await.status, 409, "decided");
}

/// Two values for one place would never be seen to be right.
#[tokio::test]
async fn one_place_is_given_one_value() {
    let world = World::new().await;
    let email = world.email("customer");
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let said = json!({ "kind": "CORRECT", "subject": { "email": email }, "channel": "phone", "words": "called back" });
    let number = desk.post("/requests", &said).await.json["number"].as_str().unwrap().to_owned();
    let records = format!("/requests/{number}/records");
    let held = desk.get(&records).await.json;
    let account = held["records"].as_array().unwrap().iter().find(|one| one["table"] == "company.customers").unwrap();
    let value = |after: &str| json!({ "token": account["token"], "column": "mobile", "after": after });
    let two = desk.post(&records, &json!({ "values": [value("15499990004"), value("15499990005")] })).await;
    assert_eq!((two.status, &two.json["code"]), (422, &json!("refused")), "{}", two.json);
    assert!(desk.get(&format!("/requests/{number}")).await.json["plan"].is_null(), "nothing is frozen");
    let same = json!({ "values": [value("15499990004"), value("154 9999 0004")] });
    assert_eq!(desk.post(&records, &same).await.status, 204);
    let plan = desk.get(&format!("/requests/{number}")).await.json["plan"].clone();
    assert_eq!(plan["items"].as_array().unwrap().len(), 1, "{plan}");
}

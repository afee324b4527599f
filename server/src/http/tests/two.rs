//! What two officers decide unless the map says otherwise: what cannot be taken back, what leaves the company, and who is
//! hardest to tell from somebody else (risk tier T3).

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    accounts::id_of,
    api::who,
    corrections::form_of,
    duplicates::by_phone,
    rights::number,
    world::{Person, World, deletion, digest},
};

const SECOND: &str = "A second officer must approve too";
const ALONE: &str = "Yours is the final word";

/// By a map that does not speak of it.
async fn world() -> World {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\n").await;
    world
}

async fn word(officer: &mut Person<'_>, case: &str) -> String {
    let plan = digest(&officer.get(case).await.body);
    officer.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await.body
}

/// One officer approves: whether it waits for another then.
async fn waits_for_another(officer: &mut Person<'_>, case: &str) -> bool {
    let plan = digest(&officer.get(case).await.body);
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    officer.get(case).await.body.contains("You have approved.")
}

#[tokio::test]
async fn a_deletion_a_transfer_and_whoever_is_hard_to_tell_take_two() {
    let world = world().await;
    let (mut li, mut wu) = (world.customer(&world.email("customer")).await, world.staff("officer").await);
    let number_of_hers = deletion(&mut li).await;
    let case = format!("/officer/requests/{number_of_hers}");
    assert!(word(&mut wu, &case).await.contains(SECOND), "a deletion");
    let asked = [("company", "B"), ("reach", "b@example.com"), ("words", "everything")];
    let filed = number(&li.post("/rights/transfer", &asked).await.location.unwrap());
    let page = wu.get(&format!("/officer/requests/{filed}")).await.body;
    assert!(page.contains("Agree that it is handed out"), "a transfer: {page}");

    let name = form_of(&mut li, "name").await;
    let filed = li.post(&name, &[("after", "Li Qing"), ("evidence", "Misspelt")]).await.location.unwrap();
    let case = format!("/officer/requests/{}", number(&filed));
    assert!(!waits_for_another(&mut wu, &case).await, "a name says nothing of who somebody is");
    let app = world.program(&[Scope::ActForSubjects]).await;
    let li = who(&world, "customer");
    let records = app.post("/subjects/records", &json!({ "subject": li })).await.json;
    let account = records["records"].as_array().unwrap().iter().find(|r| r["table"] == "company.customers").unwrap();
    let mobile = json!({ "subject": li, "record": account["token"], "column": "mobile", "value": "13912345678",
        "evidence": "a bill", "value_proven_at": world.portal.clock.now() });
    let filed = app.post("/subjects/corrections", &mobile).await.json;
    let case = format!("/officer/requests/{}", filed["number"].as_str().unwrap());
    assert!(waits_for_another(&mut wu, &case).await, "what somebody is found by");

    let mut receiver = world.recipient().await;
    let name = form_of(&mut receiver, "receiver_name").await;
    let filed = receiver.post(&name, &[("after", "Zhou"), ("evidence", "Misspelt")]).await.location.unwrap();
    let case = format!("/officer/requests/{}", number(&filed));
    assert!(waits_for_another(&mut wu, &case).await, "who has no account");
}

/// Whoever answers for who it is cannot decide: that is one of the two.
#[tokio::test]
async fn who_answers_for_somebody_is_the_other_of_two_unless_it_is_a_program() {
    let world = world().await;
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let case = by_phone(&mut wu, "delete", &world.email("customer"), "").await;
    assert!(word(&mut zhao, &case).await.contains(ALONE));
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let ask = json!({ "subject": { "email": world.email("newcomer") }, "channel": "phone", "kind": "DELETE",
        "words": "called back", "lang": "en" });
    let filed = desk.post("/requests", &ask).await;
    let number = filed.json["number"].as_str().unwrap_or_else(|| panic!("{}", filed.json));
    assert!(word(&mut zhao, &format!("/officer/requests/{number}")).await.contains(SECOND));
}

/// Whoever has its key is no other person for it.
#[tokio::test]
async fn a_program_is_neither_of_the_two() {
    let world = world().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let mut wu = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&wu.get(&case).await.body);
    let approve = async || desk.post(&format!("/requests/{number}/approve"), &json!({ "plan": plan })).await.json;
    assert_eq!(approve().await["code"], "second_person");
    assert!(waits_for_another(&mut wu, &case).await);
    assert_eq!(approve().await["code"], "second_person");
}

/// Else it would wait for ever, and nobody would know for what.
#[tokio::test]
async fn where_there_is_no_other_officer_it_says_so() {
    let world = world().await;
    let mut li = world.customer(&world.email("customer")).await;
    let case = format!("/officer/requests/{}", deletion(&mut li).await);
    let mut wu = world.staff("officer").await;
    let none = "No other officer has an account";
    assert!(!word(&mut wu, &case).await.contains(none));
    let mut security = world.staff("security").await;
    let id = id_of(&security.get("/officer/accounts").await.body, "Close the account of 复核专员");
    assert_eq!(security.post("/officer/accounts/close", &[("id", &id)]).await.status.as_u16(), 303);
    let check = word(&mut wu, &case).await;
    assert!(check.contains(SECOND) && check.contains(none), "{check}");
    let plan = digest(&wu.get(&case).await.body);
    wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    assert!(wu.get(&case).await.body.contains(none));
    let mut auditor = world.staff("auditor").await;
    assert!(!auditor.get(&case).await.body.contains(none), "to whom it says nothing");
}

/// What cannot be looked up may be so.
#[tokio::test]
async fn while_nobody_can_see_whether_there_is_an_account_two_decide() {
    let world = world().await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    let (mut li, mut wu) = (world.customer(&world.email("customer")).await, world.staff("officer").await);
    let name = form_of(&mut li, "name").await;
    let filed = li.post(&name, &[("after", "Li Qing"), ("evidence", "Misspelt")]).await.location.unwrap();
    let case = format!("/officer/requests/{}", number(&filed));
    let plan = digest(&wu.get(&case).await.body);
    let shut = world.shut_company().await;
    let approve = format!("{case}/approve");
    assert_eq!(wu.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    assert!(wu.get(&case).await.body.contains("You have approved."));
    drop(shut);
    world.pass(SignedDuration::from_mins(1));
    let mut zhao = world.staff("officer2").await;
    assert_eq!(zhao.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(li.get(&format!("/requests/{}", number(&filed))).await.body.contains("Li Qing"));
}

//! What is asked for is received whatever the company's databases do, and planned once they can be read.

use std::time::Duration;

use domain::actor::Scope;
use jiff::SignedDuration;
use sea_orm::DatabaseConnection;
use serde_json::json;

use super::{
    api::who,
    world::{Person, World, deletion, digest},
};

const SHOP: &str = "The business database cannot be reached";
const OWED: &str = "The plan is still to be made";

/// A company whose database somebody can shut.
async fn company() -> World {
    let world = World::new().await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    world
}

/// What did not answer three times is left alone for twenty seconds.
async fn open_again(world: &World, shut: DatabaseConnection) {
    shut.close().await.unwrap();
    while world.portal.retain_dry(world.portal.clock.today()).await.is_err() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // What is tried again waits for at most ten minutes.
    world.pass(SignedDuration::from_mins(5));
}

/// What a browser sends of the form on this page.
fn form<'p>(page: &'p str, action: &str) -> Vec<(&'p str, &'p str)> {
    let form = page.split(&format!("method=\"post\" action=\"{action}\"")).nth(1).unwrap_or_else(|| panic!("{page}"));
    let inputs = form.split("</form>").next().unwrap().split("<input ").skip(1);
    let sent = inputs.filter(|input| !input.contains("type=\"checkbox\"") || input.contains(" checked"));
    let attribute = |input: &'p str, name: &str| {
        input.split(&format!(" {name}=\"")).nth(1).map_or("", |rest| rest.split('"').next().unwrap())
    };
    sent.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect()
}

async fn approve(officer: &mut Person<'_>, case: &str, plan: &str) -> u16 {
    officer.post(&format!("{case}/approve"), &[("plan", plan)]).await.status.as_u16()
}

#[tokio::test]
async fn a_deletion_is_received_while_a_database_cannot_be_read_and_planned_by_the_worker_afterwards() {
    let world = company().await;
    let mut li = world.customer(&world.email("newcomer")).await;
    let mut officer = world.staff("officer").await;
    let shut = world.shut_company().await;
    let page = li.get("/mine/delete").await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    assert!(page.body.contains(SHOP) && page.body.contains("You can ask all the same"), "{}", page.body);
    let nothing = li.post("/mine/delete", &[("tables", "1")]).await;
    assert_eq!(nothing.status.as_u16(), 422, "{}", nothing.body);
    assert!(nothing.body.contains("error-summary") && nothing.body.contains(SHOP), "{}", nothing.body);
    let today = world.portal.clock.today();
    let number = deletion(&mut li).await;
    assert_eq!(deletion(&mut li).await, number, "a second press finds the first");
    let (own, case) = (format!("/requests/{number}"), format!("/officer/requests/{number}"));
    let filed = li.get(&format!("{own}?filed")).await;
    assert_eq!(filed.status.as_u16(), 200, "{}", filed.body);
    assert!(filed.body.contains("Request received") && filed.body.contains(OWED), "{}", filed.body);
    let page = officer.get(&case).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    assert!(page.body.contains(OWED) && !page.body.contains("approve/check"), "{}", page.body);
    assert_eq!(approve(&mut officer, &case, "").await, 409, "nobody approves what there is not");
    world.work().await;
    assert!(officer.get(&case).await.body.contains(OWED), "it still cannot be read");

    open_again(&world, shut).await;
    world.work().await;
    let read = li.get(&own).await.body;
    assert!(!read.contains(OWED) && read.contains("Account"), "{read}");
    let page = officer.get(&case).await.body;
    assert!(!page.contains(OWED), "{page}");
    let request = {
        let number = domain::ids::RequestNumber::parse(&number).unwrap();
        let auditor = domain::actor::Staff {
            id: domain::ids::StaffId(uuid::Uuid::nil()),
            role: domain::actor::StaffRole::Auditor,
        };
        let reader = domain::actor::Actor::Staff(auditor).read_requests().unwrap();
        world.portal.store.request_by_number(&reader, &number).await.unwrap().unwrap()
    };
    assert_eq!(request.due, world.portal.calendar().due(today).due, "from the day it was received");
    assert_eq!(approve(&mut officer, &case, &digest(&page)).await, 303);
    world.work().await;
    assert!(officer.get(&case).await.body.contains("Completed"));
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("request_planned"), "{log}");
}

#[tokio::test]
async fn what_is_owed_is_planned_when_an_officer_opens_it_and_once() {
    let world = company().await;
    let mut li = world.customer(&world.email("newcomer")).await;
    let mut officer = world.staff("officer").await;
    let shut = world.shut_company().await;
    let number = deletion(&mut li).await;
    open_again(&world, shut).await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&officer.get(&case).await.body);
    // What has come since is the drift of an approval, not another plan.
    world.work().await;
    assert_eq!(digest(&officer.get(&case).await.body), plan);
    assert_eq!(approve(&mut officer, &case, &plan).await, 303);
}

#[tokio::test]
async fn what_was_approved_of_it_is_compared_with_the_data_before_it_is_carried_out() {
    let world = company().await;
    let mut li = world.customer(&world.email("newcomer")).await;
    let mut officer = world.staff("officer").await;
    let shut = world.shut_company().await;
    let number = deletion(&mut li).await;
    open_again(&world, shut).await;
    world.work().await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&officer.get(&case).await.body);
    let sql = format!("SELECT id FROM customers WHERE email = '{}'", world.email("newcomer"));
    let id = world.company_texts(&sql).await.remove(0);
    let ticket = format!("INSERT INTO support_tickets VALUES (990001, {id}, 's', 'b', NULL, '2026-01-01', NULL)");
    world.company(&ticket).await;
    assert_eq!(approve(&mut officer, &case, &plan).await, 303);
    world.work().await;
    assert!(officer.get(&case).await.body.contains("Below is a plan made from the data as it is now"));
}

#[tokio::test]
async fn only_some_records_are_asked_for_though_what_would_go_cannot_be_listed() {
    let world = company().await;
    let mut li = world.customer(&world.email("customer")).await;
    let shut = world.shut_company().await;
    let page = li.get("/mine/delete").await.body;
    let mut all = form(&page, "/mine/delete");
    all.retain(|(name, _)| !name.starts_with("table:"));
    let some = [&all[..], &[("table:company.support_tickets", "on"), ("look", "again")]].concat();
    let looked = li.post("/mine/delete", &some).await;
    assert_eq!(looked.status.as_u16(), 303, "{}", looked.body);
    let page = li.get(&looked.location.unwrap()).await.body;
    assert!(page.contains("Only this goes: Support ticket") && page.contains(SHOP), "{page}");
    // What was not read is not asked for.
    let other = [&all[..], &[("table:company.addresses", "on")]].concat();
    let unseen = li.post("/mine/delete", &other).await.location.unwrap();
    assert!(unseen.starts_with("/mine/delete?"), "{unseen}");
    let filed = li.post("/mine/delete", &form(&page, "/mine/delete")).await.location.unwrap();
    assert!(filed.starts_with("/requests/QD-"), "{filed}");
    open_again(&world, shut).await;
    world.work().await;
    let page = li.get(&filed).await.body;
    assert!(page.contains("Only this goes: Support ticket") && !page.contains(OWED), "{page}");
}

#[tokio::test]
async fn which_record_it_is_nobody_can_tell_then_and_nothing_is_sent() {
    let world = company().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mine = li.get("/mine").await.body;
    let token = mine.split("/mine/delete?record=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let shut = world.shut_company().await;
    let said = "Which record it is cannot be seen now";
    let page = li.get(&format!("/mine/delete?record={token}")).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains(said) && page.body.contains("/mine/delete\""), "{}", page.body);
    let sent = li.post("/mine/delete", &[("record", &token)]).await;
    assert_eq!(sent.status.as_u16(), 409);
    assert!(sent.body.contains(said), "{}", sent.body);
    assert!(!li.get("/requests").await.body.contains("QD-"));
    open_again(&world, shut).await;
    assert_eq!(li.post("/mine/delete", &[("record", &token)]).await.status.as_u16(), 303);
}

#[tokio::test]
async fn closing_an_account_is_received_too_and_looked_at_on_its_day() {
    let world = company().await;
    let mut newcomer = world.customer(&world.email("newcomer")).await;
    world.pass(SignedDuration::from_secs(61));
    let mut li = world.customer(&world.email("customer")).await;
    let mut filed = Vec::new();
    let shut = world.shut_company().await;
    for person in [&mut newcomer, &mut li] {
        let page = person.get("/mine/cancel-account").await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.body);
        assert!(page.body.contains(SHOP) && !page.body.contains("We found no account"), "{}", page.body);
        let sent = person.post("/mine/cancel-account", &[]).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.body);
        let own = sent.location.unwrap();
        let page = person.get(&own).await.body;
        assert!(page.contains("Keep my account") && page.contains(OWED), "{page}");
        assert!(!page.contains("nothing left to erase"), "{page}");
        filed.push(own.split('?').next().unwrap().trim_start_matches("/requests/").to_owned());
    }
    open_again(&world, shut).await;
    let page = newcomer.get(&format!("/requests/{}", filed[0])).await.body;
    assert!(!page.contains(OWED) && page.contains("Account"), "as it is now: {page}");

    world.pass(SignedDuration::from_hours(24 * 16));
    world.work().await;
    let mut officer = world.staff("officer").await;
    let page = officer.get(&format!("/officer/requests/{}", filed[0])).await.body;
    assert!(page.contains("Completed"), "{page}");
    let page = officer.get(&format!("/officer/requests/{}", filed[1])).await.body;
    assert!(!page.contains("Completed") && page.contains("Wait until it is delivered"), "something is open: {page}");
}

/// Nobody could look when they asked.
#[tokio::test]
async fn who_turns_out_to_have_no_account_is_answered_by_an_officer() {
    let world = company().await;
    let mut wu = world.recipient().await;
    let shut = world.shut_company().await;
    let sent = wu.post("/mine/cancel-account", &[]).await;
    let number = sent.location.unwrap().split('?').next().unwrap().trim_start_matches("/requests/").to_owned();
    open_again(&world, shut).await;
    world.pass(SignedDuration::from_hours(24 * 16));
    world.work().await;
    let page = world.staff("officer").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("No account of the person’s was found") && !page.contains("Completed"), "{page}");
}

/// Nobody has looked since it was asked: that nothing is there is not said.
#[tokio::test]
async fn a_closing_that_cannot_be_read_on_its_day_either_is_owed_a_plan() {
    let world = company().await;
    let mut li = world.customer(&world.email("newcomer")).await;
    let shut = world.shut_company().await;
    let sent = li.post("/mine/cancel-account", &[]).await;
    let number = sent.location.unwrap().split('?').next().unwrap().trim_start_matches("/requests/").to_owned();
    open_again(&world, shut).await;
    world.company("ALTER TABLE customers RENAME TO clients").await;
    world.pass(SignedDuration::from_hours(24 * 16));
    world.work().await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let page = officer.get(&case).await.body;
    assert!(page.contains(OWED) && !page.contains("approve/check"), "{page}");
    assert!(!page.contains("nothing left to erase") && !page.contains("There is nothing"), "{page}");
    world.company("ALTER TABLE clients RENAME TO customers").await;
    let page = officer.get(&case).await.body;
    assert!(!page.contains(OWED) && page.contains("approve/check"), "{page}");
}

#[tokio::test]
async fn what_is_said_on_the_telephone_and_what_a_program_files_is_received_too() {
    let world = company().await;
    let app = world.program(&[Scope::ActForSubjects, Scope::ReadRequests]).await;
    let mut officer = world.staff("officer").await;
    let email = world.email("newcomer");
    let said = |kind: &'static str| {
        [
            ("channel", "phone"),
            ("kind", kind),
            ("words", "Everything, please"),
            ("lang", "en"),
            ("email", email.as_str()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let shut = world.shut_company().await;
    for kind in ["delete", "cancel-account"] {
        let fields = said(kind);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let written = officer.post("/officer/new", &fields).await;
        assert_eq!(written.status.as_u16(), 303, "{kind}: {}", written.body);
        let page = officer.get(&written.location.unwrap()).await.body;
        assert!(page.contains(OWED), "{kind}: {page}");
    }
    let filing = json!({ "subject": who(&world, "customer"), "kind": "DELETE" });
    let filed = app.post("/subjects/requests", &filing).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let path = format!("/requests/{}", filed.json["number"].as_str().unwrap());
    let request = app.get(&path).await.json;
    assert_eq!((request["plan_owed"].as_bool(), request["plan"].is_null()), (Some(true), true), "{request}");
    open_again(&world, shut).await;
    world.work().await;
    let request = app.get(&path).await.json;
    assert_eq!((request["plan_owed"].as_bool(), request["plan"].is_null()), (Some(false), false), "{request}");
}

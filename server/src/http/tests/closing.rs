//! An account is closed for whoever phones, and for whom a representative asks: only once nothing is open, another agrees
//! and nobody changed their mind.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    represent::PDF,
    rights::number,
    world::{COMPARED, Person, World, digest, plan_of},
};

const NEW: &str = "/officer/new";
const REMEDY: &str = "Wait until it is completed, or have customer service cancel it.";

/// Orders of theirs, all completed or none.
async fn orders(world: &World, email: &str, completed: &str) {
    let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
    world.company(&format!("UPDATE orders SET completed_at = {completed} WHERE customer_id = {id}")).await;
}

/// Nothing of theirs is open any more.
pub(super) async fn settled(world: &World, email: &str) {
    let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
    let mobile = format!("(SELECT mobile FROM customers WHERE email = '{email}')");
    let theirs = format!("sender_id = {id} OR sender_mobile = {mobile}");
    world.company(&format!("UPDATE waybills SET delivered_at = accepted_at WHERE {theirs}")).await;
    orders(world, email, "placed_at").await;
}

pub(super) async fn accounts(world: &World, email: &str) -> String {
    world.company_texts(&format!("SELECT count(*) FROM customers WHERE email = '{email}'")).await.remove(0)
}

fn by_phone(email: &str) -> [(&'static str, &str); 5] {
    [
        ("channel", "phone"),
        ("kind", "cancel-account"),
        ("email", email),
        ("words", "Wants the account closed; called back"),
        ("lang", "en"),
    ]
}

async fn approve(officer: &mut Person<'_>, case: &str) -> u16 {
    let plan = digest(&officer.get(case).await.body);
    officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16()
}

#[tokio::test]
async fn an_account_is_closed_for_whoever_phones_once_nothing_is_open_and_nobody_changed_their_mind() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    settled(&world, &email).await;
    orders(&world, &email, "NULL").await;
    let mut wu = world.staff("officer").await;
    let form = wu.get(&format!("{NEW}?kind=cancel-account")).await.body;
    assert!(form.contains("An order of yours is not completed") && form.contains("3 days to change"), "{form}");
    // Whoever phones is told at once.
    for step in ["check", ""] {
        let said = [&by_phone(&email)[..], &[("step", step)]].concat();
        let page = wu.post(NEW, &said).await;
        assert_eq!(page.status.as_u16(), 409, "{}", page.body);
        assert!(page.body.contains("The account cannot be closed yet") && page.body.contains(REMEDY), "{}", page.body);
        assert!(
            page.body.contains("value=\"Wants the account closed; called back\""),
            "nothing is lost: {}",
            page.body
        );
    }
    let nobody = wu.post(NEW, &by_phone("nobody@example.com")).await;
    assert!(nobody.status.as_u16() == 409 && nobody.body.contains("No account of the person’s was found"));
    assert!(!li.get("/requests").await.body.contains("Account cancellation"), "nothing was written down");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("person_searched") && !log.contains(&email), "each look is entered: {log}");

    orders(&world, &email, "placed_at").await;
    let check = wu.post(NEW, &[&by_phone(&email)[..], &[("step", "check")]].concat()).await.body;
    assert!(check.contains("Check before you send it") && check.contains("Account cancellation"), "{check}");
    let case = wu.post(NEW, &by_phone(&email)).await.location.unwrap();
    let request = case.replace("/officer", "");
    assert!(wu.get(&case).await.body.contains("Another officer must decide"));
    let plan = plan_of(&world, &case).await;
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409, "not the same");

    // It comes up again before it is decided.
    let mut zhao = world.staff("officer2").await;
    orders(&world, &email, "NULL").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains(REMEDY) && !page.contains("Check and approve"), "{page}");
    assert!(li.get(&request).await.body.contains(REMEDY), "and the person sees what to settle");
    for action in ["approve/check", "approve"] {
        let stale = zhao.post(&format!("{case}/{action}"), &[("plan", &plan)]).await;
        assert_eq!(stale.status.as_u16(), 409, "{}", stale.body);
        assert!(stale.body.contains("This account cannot be closed now"), "{}", stale.body);
    }
    let many = [("action", "approve"), ("number", case.trim_start_matches("/officer/requests/"))];
    let many = zhao.post("/officer/bulk/preview", &many).await.body;
    assert!(many.contains("the account cannot be closed yet"), "{many}");

    orders(&world, &email, "placed_at").await;
    let plan = digest(&zhao.get(&case).await.body);
    let check = zhao.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await.body;
    assert!(
        check.contains("the person may change their mind")
            && check.contains("Agree to close the account")
            && check.contains(", yes. What is erased afterwards"),
        "{check}"
    );
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(approve(&mut zhao, &case).await, 303);
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "1", "it can still be kept");
    let page = li.get(&request).await.body;
    assert!(page.contains("You can change your mind until") && page.contains("Keep my account"), "{page}");
    assert!(world.letters().iter().any(|(to, body)| *to == email && body.contains("can still be taken back")));

    // On the day it is looked at once more.
    orders(&world, &email, "NULL").await;
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "1");
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("On the day, something still had to be settled") && page.contains(REMEDY), "{page}");
    orders(&world, &email, "placed_at").await;
    assert_eq!(approve(&mut zhao, &case).await, 303);
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "1", "the days begin again");
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "0");
    let mut zhao = world.staff("officer2").await;
    assert!(zhao.get(&case).await.body.contains("Completed"));
    let certificate = format!("/verify/{}", number(&request));
    assert_eq!(world.visitor().get(&certificate).await.status.as_u16(), 200);
}

#[tokio::test]
async fn what_is_there_on_the_day_goes_with_an_account_that_was_to_be_closed_for_somebody() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let mut wu = world.staff("officer").await;
    let case = wu.post(NEW, &by_phone(&email)).await.location.unwrap();
    let mut zhao = world.staff("officer2").await;
    assert_eq!(approve(&mut zhao, &case).await, 303);
    // The account is used as before.
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let more = "INSERT INTO addresses (customer_id, label, contact_name, contact_mobile, address)";
    world.company(&format!("{more} VALUES ({id}, '家', '李明', '15499991234', '厦门市')")).await;
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "0");
    let left = format!("SELECT count(*) FROM addresses WHERE customer_id = {id}");
    assert_eq!(world.company_texts(&left).await, ["0"]);
}

#[tokio::test]
async fn an_agent_has_an_account_closed_without_learning_what_is_open_and_the_person_keeps_it() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    orders(&world, &email, "NULL").await;
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("agent@example.com").await;
    // Nobody needs a reason; and of somebody nobody knows the same is said.
    let fields = [("capacity", "agent"), ("kind", "cancel-account"), ("email", email.as_str())];
    let check = agent.post("/rights/for-another", &[&fields[..], &[("step", "check")]].concat()).await;
    assert_eq!(check.status.as_u16(), 200, "{}", check.body);
    let filed = agent.hand_in("/rights/for-another", &fields, &[("evidence", "mandate.pdf", PDF)]).await;
    let request = filed.location.unwrap().trim_end_matches("?filed").to_owned();
    let case = format!("/officer{request}");
    let mut wu = world.staff("officer").await;
    assert!(!wu.get(&case).await.body.contains("Frozen plan"), "nothing is planned before");
    wu.post(&format!("{case}/people"), &[]).await;
    assert_eq!(wu.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
    assert!(li.get(&request).await.body.contains(REMEDY), "it is theirs");
    assert!(!agent.get(&request).await.body.contains(REMEDY), "and not for whoever asks");
    let mut zhao = world.staff("officer2").await;
    assert!(zhao.get(&case).await.body.contains(REMEDY));

    // One's own way does not wait for what another asks.
    orders(&world, &email, "placed_at").await;
    let own = li.post("/mine/cancel-account", &[]).await.location.unwrap();
    assert_ne!(number(&own), number(&request));
    assert_eq!(li.post(&format!("/requests/{}/cancel", number(&own)), &[]).await.status.as_u16(), 303);

    world.pass(SignedDuration::from_mins(1));
    assert_eq!(approve(&mut zhao, &case).await, 303);
    world.work().await;
    let told =
        |to: &str| world.letters().iter().any(|(who, body)| who == to && body.contains("can still be taken back"));
    assert!(told(&email) && told("agent@example.com"));
    let page = agent.get(&request).await.body;
    assert!(page.contains("You can change your mind until") && page.contains(&format!("{request}/cancel")), "{page}");
    assert_eq!(li.post(&format!("{request}/cancel"), &[]).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "1", "the person kept it");
}

#[tokio::test]
async fn a_program_writes_down_that_an_account_is_to_be_closed() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let said = |email: &str| json!({ "subject": { "email": email }, "kind": "CANCEL_ACCOUNT", "channel": "phone", "words": "called back" });
    orders(&world, &email, "NULL").await;
    let blocked = desk.post("/requests", &said(&email)).await;
    assert_eq!((blocked.status, blocked.json["code"].as_str()), (409, Some("blocked")), "{}", blocked.json);
    let nobody = desk.post("/requests", &said("nobody@example.com")).await;
    assert_eq!((nobody.status, nobody.json["code"].as_str()), (409, Some("no_account")), "{}", nobody.json);
    orders(&world, &email, "placed_at").await;
    let filed = desk.post("/requests", &said(&email)).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let path = format!("/requests/{}", filed.json["number"].as_str().unwrap());
    orders(&world, &email, "NULL").await;
    let case = desk.get(&path).await.json;
    assert_eq!(case["open"]["seen"], "known", "{case}");
    assert_eq!(case["open"]["what"][0]["remedy"], REMEDY_ZH, "{case}");
    let mut zhao = world.staff("officer2").await;
    let page = format!("/officer{path}");
    orders(&world, &email, "placed_at").await;
    assert_eq!(approve(&mut zhao, &page).await, 303);
    let case = desk.get(&path).await.json;
    assert!(case["kept_until"].is_string() && case["stage"] == "approved", "{case}");
}

const REMEDY_ZH: &str = "等订单完成，或者联系客服取消。";

//! A deletion whose records have gone by the time it is carried out says so, and by what they had gone.

use domain::{actor::Scope, plan::Outcome};
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};

use super::{
    api::who,
    delete::{carried_out, post, ticked},
    rights::number,
    world::{Person, World, deletion, digest},
};

const OFFERS: &str = "company.marketing_preferences";
const ADDRESSES: &str = "company.addresses";

async fn approve(world: &World, officer: &mut Person<'_>, case: &str) {
    let plan = digest(&officer.get(case).await.body);
    let approved = officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
    world.work().await;
}

async fn certified(world: &World, number: &str) -> Value {
    let json = world.visitor().get(&format!("/verify/{number}.json")).await.body;
    let checked = world.visitor().post("/verify", &[("document", &json)]).await.body;
    assert!(checked.contains("This certificate is genuine"), "{checked}");
    let document: Value = serde_json::from_str(&json).unwrap();
    serde_json::from_str(document["certificate"]["body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn what_an_earlier_request_took_is_said_with_its_number() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let later = number(&post(&mut li, &ticked(&[OFFERS], OFFERS)).await.location.unwrap());
    let earlier = carried_out(&world, &mut li, &[ADDRESSES, OFFERS]).await;
    world.pass(SignedDuration::from_mins(1));
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{later}");

    // The plan is of yesterday: whoever is about to approve it reads that it holds no longer.
    let plan = digest(&officer.get(&case).await.body);
    let check = officer.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await.body;
    assert!(
        check.contains("The data is no longer what this plan says") && check.contains("Offer preferences"),
        "{check}"
    );
    officer.post(&format!("{case}/plan"), &[]).await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("nothing was left that this request is about") && page.contains(&earlier), "{page}");
    assert!(page.contains("Approve it all the same") && page.contains("to go: Offer preferences"), "{page}");
    let before = li.get(&format!("/requests/{later}")).await.body;
    assert!(before.contains("nothing was left that this request is about") && before.contains(&earlier), "{before}");

    approve(&world, &mut officer, &case).await;
    let page = li.get(&format!("/requests/{later}")).await.body;
    assert!(page.contains("Completed") && page.contains("there was nothing left to erase"), "{page}");
    assert!(page.contains(&format!("/requests/{earlier}\"")), "{page}");
    assert!(!page.contains("class=\"seal\"") && !page.contains("We looked again afterwards"), "{page}");
    let letters = world.letters();
    let told = letters.iter().find(|(to, body)| *to == email && body.contains(&later) && body.contains("nothing left"));
    assert!(told.is_some_and(|(_, body)| body.contains(&earlier)), "{letters:?}");

    let body = certified(&world, &later).await;
    assert_eq!(body["gone"][0]["by"], "request", "{body}");
    assert_eq!(body["gone"][0]["number"], earlier.as_str(), "{body}");
    let public = world.visitor().get(&format!("/verify/{later}")).await.body;
    assert!(public.contains("there was nothing left to erase") && public.contains(&earlier), "{public}");
    assert!(!public.contains("Item by item"), "no empty table: {public}");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains(&later), "{log}");
    let seal = li.get(&format!("/requests/{earlier}")).await.body;
    assert!(seal.contains("class=\"seal\"") && certified(&world, &earlier).await["gone"].is_null(), "{seal}");
}

/// Part of the earlier one came back at the second look: it is not completed, and no certificate names it before it is.
#[tokio::test]
async fn an_earlier_request_is_named_only_once_it_is_completed() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let later = number(&post(&mut li, &ticked(&[OFFERS], OFFERS)).await.location.unwrap());
    let again = "OLD.id + 900000, OLD.customer_id, OLD.label, OLD.contact_name, OLD.contact_mobile, OLD.address, NULL";
    let back = format!("BEGIN INSERT INTO addresses VALUES ({again}); END");
    world.company(&format!("CREATE TRIGGER back AFTER DELETE ON addresses {back}")).await;
    let earlier = carried_out(&world, &mut li, &[ADDRESSES, OFFERS]).await;
    assert!(!li.get(&format!("/requests/{earlier}")).await.body.contains("Completed"));
    world.pass(SignedDuration::from_mins(1));
    let mut officer = world.staff("officer").await;
    let (case, first) = (format!("/officer/requests/{later}"), format!("/officer/requests/{earlier}"));
    officer.post(&format!("{case}/plan"), &[]).await;
    let page = officer.get(&case).await.body;
    assert!(
        page.contains("nothing was left that this request is about") && !page.contains("The earlier request"),
        "{page}"
    );

    world.company("DROP TRIGGER back").await;
    approve(&world, &mut officer, &first).await;
    assert!(li.get(&format!("/requests/{earlier}")).await.body.contains("Completed"));
    let page = officer.get(&case).await.body;
    assert!(page.contains("The earlier request") && page.contains(&earlier), "{page}");
}

#[tokio::test]
async fn what_a_night_took_is_said_with_its_day() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let old = world.portal.clock.today().saturating_sub(2.years());
    let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
    world.company(&format!("UPDATE marketing_preferences SET updated_at = '{old}' WHERE customer_id = {id}")).await;
    let filed = number(&post(&mut li, &ticked(&[OFFERS], OFFERS)).await.location.unwrap());
    let today = world.portal.clock.today();
    let night = world.portal.retain(today, &|_| {}).await.unwrap();
    let mut rules = night.rules.iter();
    assert!(
        rules.any(|of| of.table.to_string() == OFFERS && of.outcome == Outcome::Deleted && of.done > 0),
        "{:?}",
        night.rules
    );
    let (mut officer, case) = (world.staff("officer").await, format!("/officer/requests/{filed}"));
    // Approved by the plan of the day it was asked for: the run stops, and an officer reads what is left.
    approve(&world, &mut officer, &case).await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("nothing was left that this request is about") && page.contains("In the night of"), "{page}");
    approve(&world, &mut officer, &case).await;
    let page = li.get(&format!("/requests/{filed}")).await.body;
    assert!(page.contains("there was nothing left to erase") && page.contains("In the night of"), "{page}");
    let body = certified(&world, &filed).await;
    assert_eq!(body["gone"], json!([{ "by": "night", "on": today.to_string() }]), "{body}");
}

/// What was erased as a whole stays said, whatever is asked for afterwards; and of somebody else’s request nothing is.
#[tokio::test]
async fn who_asks_again_after_everything_went_reads_of_the_first() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let mut li = world.customer(&email).await;
    let first = deletion(&mut li).await;
    let mut officer = world.staff("officer").await;
    approve(&world, &mut officer, &format!("/officer/requests/{first}")).await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = who(&world, "newcomer");
    let again = app.post("/subjects/requests", &json!({ "subject": subject, "kind": "DELETE" })).await;
    assert_eq!(again.status, 201, "{}", again.json);
    let again = again.json["number"].as_str().unwrap().to_owned();
    approve(&world, &mut officer, &format!("/officer/requests/{again}")).await;
    let request = app.post(&format!("/subjects/requests/{again}"), &json!({ "subject": subject })).await.json;
    assert_eq!(request["gone"][0]["number"], first.as_str(), "{request}");
    let page = li.get(&format!("/requests/{again}")).await.body;
    assert!(page.contains("there was nothing left to erase") && page.contains(&first), "{page}");

    // A number that was proven together with something else need not be the same person's.
    let mut wu = world.recipient().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    let other = deletion(&mut wu).await;
    approve(&world, &mut officer, &format!("/officer/requests/{other}")).await;
    let both = json!({ "email": "somebody@example.com", "mobile": mobile, "proven_at": world.portal.clock.now() });
    let filed = app.post("/subjects/requests", &json!({ "subject": both, "kind": "DELETE" })).await;
    let filed = filed.json["number"].as_str().unwrap_or_else(|| panic!("{}", filed.json)).to_owned();
    approve(&world, &mut officer, &format!("/officer/requests/{filed}")).await;
    assert_eq!(certified(&world, &filed).await["gone"], json!([]));
}

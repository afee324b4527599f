//! A person may choose which of their records go.

use domain::{actor::Scope, map::SourceName, request::RequestKind};
use jiff::SignedDuration;
use serde_json::json;
use service::replay::Restored;

use super::{
    api::who,
    world::{Person, World, deletion, digest},
};

const DELETE: &str = "/mine/delete";
const OFFERS: &str = "company.marketing_preferences";

/// The boxes of a form with these ticked, as the page that shows them sends them.
pub(super) fn ticked(tables: &[&'static str], shown: &str) -> Vec<(String, String)> {
    let boxes = tables.iter().map(|table| (format!("table:{table}"), "on".to_owned()));
    let listed = [("tables".to_owned(), "listed".to_owned()), ("shown".to_owned(), shown.to_owned())];
    listed.into_iter().chain(boxes).collect()
}

pub(super) async fn post(person: &mut Person<'_>, form: &[(String, String)]) -> super::world::Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.post(DELETE, &form).await
}

/// Files a deletion of these, and has an officer approve and the worker carry it out: its number.
pub(super) async fn carried_out(world: &World, person: &mut Person<'_>, tables: &[&'static str]) -> String {
    let filed = post(person, &ticked(tables, &tables.join(" "))).await.location.unwrap();
    let number = super::rights::number(&filed);
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let page = officer.get(&case).await.body;
    let approved = officer.post(&format!("{case}/approve"), &[("plan", &digest(&page))]).await;
    assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
    world.work().await;
    number
}

#[tokio::test]
async fn only_what_was_chosen_goes_and_it_is_read_before_it_is_asked_for() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    assert!(li.get(DELETE).await.body.contains("Delete only some of it"));
    let nothing = post(&mut li, &ticked(&[], "all")).await;
    assert_eq!(nothing.status.as_u16(), 422);
    assert!(nothing.body.contains("Choose at least one kind of record"), "{}", nothing.body);

    // Ticked on the page that shows all of it, and sent at once: looked at first.
    let look = post(&mut li, &ticked(&[OFFERS], "all")).await.location.unwrap();
    assert!(look.starts_with("/mine/delete?tables=listed"), "{look}");
    assert!(!li.get("/requests").await.body.contains("Deletion"), "nothing was filed");
    let page = li.get(&look).await.body;
    assert!(page.contains("Only this goes: Offer preferences") && page.contains("Delete everything instead"), "{page}");
    assert!(!page.contains("Your account is emptied too") && !page.contains("is still open"), "{page}");
    assert!(page.contains("back=/mine/delete%3Ftables%3Dlisted"), "another language shows the same: {page}");
    // Where they have to prove themselves again, they come back to it and not to all of it.
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(post(&mut li, &ticked(&[OFFERS], OFFERS)).await.location.as_deref(), Some("/confirm"));
    li.post("/confirm", &[]).await;
    let code = world.code_for(&email).await;
    assert_eq!(li.post("/sign-in/code", &[("code", &code)]).await.location.as_deref(), Some(look.as_str()));

    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let offers = format!("SELECT count(*) FROM marketing_preferences WHERE customer_id = {id}");
    assert_ne!(world.company_texts(&offers).await, ["0"]);
    let number = carried_out(&world, &mut li, &[OFFERS]).await;
    assert_eq!(world.company_texts(&offers).await, ["0"]);
    let page = li.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Completed") && page.contains("Only this goes: Offer preferences"), "{page}");
    assert!(li.get("/mine").await.body.contains("Order number"), "the account is as it was");
    let case = world.staff("officer2").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(case.contains("asks for only this to go: Offer preferences"), "{case}");
    assert!(!case.contains("/rescan"), "what is outside the map may go on to mention them: {case}");
    let certificate = world.visitor().get(&format!("/verify/{number}")).await;
    assert!(certificate.body.contains("Offer preferences") && !certificate.body.contains("Address book"));
}

/// A backup brings back what was chosen, beside what was not: only the first goes again.
#[tokio::test]
async fn after_a_restore_no_more_goes_than_was_asked_for() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    carried_out(&world, &mut li, &[OFFERS]).await;
    assert!(world.portal.returned(since).await.unwrap().is_empty(), "they are there, and nothing is back");
    let rest = format!(
        "SELECT (SELECT count(*) FROM addresses WHERE customer_id = {id}) + (SELECT count(*) FROM orders) \
         + (SELECT count(*) FROM customers WHERE email = '{email}')"
    );
    let before = world.company_texts(&rest).await;
    world.company(&format!("INSERT INTO marketing_preferences VALUES ({id}, 'sms', 'yes', 'tea', '2026-01-01')")).await;
    let elsewhere = Restored { at: since, only: vec![SourceName("elsewhere".into())] };
    assert!(world.portal.returned(elsewhere).await.unwrap().is_empty(), "another database was restored");
    let mut returned = world.portal.returned(since).await.unwrap();
    assert_eq!(returned.len(), 1);
    let again = returned.remove(0);
    assert_eq!((again.kind, again.rows), (RequestKind::Delete, 1));
    assert!(world.portal.replay(again).await.unwrap().verified);
    let offers = format!("SELECT count(*) FROM marketing_preferences WHERE customer_id = {id}");
    assert_eq!(world.company_texts(&offers).await, ["0"]);
    assert_eq!(world.company_texts(&rest).await, before);
}

#[tokio::test]
async fn what_could_not_be_found_without_what_was_chosen_goes_along() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let look = post(&mut li, &ticked(&["company.waybills"], "all")).await.location.unwrap();
    let page = li.get(&look).await.body;
    assert!(page.contains("Only this goes: Waybill"), "{page}");
    assert!(page.contains("A parcel of yours has not been delivered"), "it is among them: {page}");
    let look = post(&mut li, &ticked(&["company.orders"], "all")).await.location.unwrap();
    let page = li.get(&look).await.body;
    assert!(page.contains("Going along: Payment"), "{page}");
    // Everything hangs on the account.
    let look = post(&mut li, &ticked(&["company.customers"], "all")).await.location.unwrap();
    let page = li.get(&look).await.body;
    assert!(page.contains("Your account is emptied too") && !page.contains("Only this goes"), "{page}");
    assert!(
        page.contains("With what you chose everything goes") && page.contains("Going along: Address book"),
        "{page}"
    );
}

#[tokio::test]
async fn some_of_it_and_all_of_it_are_two_things_to_ask_for() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let some = ticked(&[OFFERS], OFFERS);
    let first = post(&mut li, &some).await.location.unwrap();
    world.pass(SignedDuration::from_secs(1));
    assert_eq!(post(&mut li, &some).await.location.unwrap(), first, "one is enough");
    let all = deletion(&mut li).await;
    assert!(!first.contains(&all), "that is another");
    assert_eq!(deletion(&mut li).await, all);
    let case = world.staff("officer").await.get(&format!("/officer/requests/{all}")).await.body;
    assert!(!case.contains("/merge"), "neither can be put into the other: {case}");
}

#[tokio::test]
async fn a_program_asks_for_some_of_it_too() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = who(&world, "customer");
    let ask = |tables: serde_json::Value, kind: &str| json!({ "subject": subject, "kind": kind, "tables": tables });
    let asked = json!({ "subject": subject, "tables": ["company.waybills"] });
    let preview = app.post("/subjects/deletion-preview", &asked).await.json;
    assert_eq!(preview["takes_account"], false);
    assert!(preview["tables"].as_array().unwrap().contains(&json!("company.tracking_events")), "{preview}");
    for (tables, kind) in
        [(json!([]), "DELETE"), (json!(["company.nothing"]), "DELETE"), (json!([OFFERS]), "COMPLAINT")]
    {
        assert_eq!(app.post("/subjects/requests", &ask(tables, kind)).await.json["code"], "malformed");
    }
    let filed = app.post("/subjects/requests", &ask(json!([OFFERS]), "DELETE")).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let number = filed.json["number"].as_str().unwrap();
    let request = app.post(&format!("/subjects/requests/{number}"), &json!({ "subject": subject })).await.json;
    assert_eq!(request["tables"], json!([OFFERS]), "{request}");
    let items = request["plan"]["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["table"] == OFFERS), "{request}");
}

/// Nothing of what somebody sees may look forgotten when they ask for all of it to go.
#[tokio::test]
async fn a_deletion_accounts_for_every_kind_of_record_that_is_shown() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let (mine, preview) = (li.get("/mine").await.body, li.get("/mine/delete").await.body);
    let cards = mine.split("<h3>").skip(1).map(|card| card.split('<').next().unwrap().trim().to_owned());
    let shown: std::collections::BTreeSet<String> = cards.collect();
    assert!(shown.contains("Tracking") && shown.len() > 8, "{shown:?}");
    let (_, text) = preview.split_once("What will go").unwrap();
    for kind in shown {
        assert!(text.contains(&kind), "{kind} is missing: {text}");
    }
    assert!(text.contains("No longer linked to you") && text.contains("as the sender"), "{preview}");
}

/// What was left as it is because nothing in it is theirs alone stays said where they keep it.
#[tokio::test]
async fn what_leads_to_nobody_any_more_stands_in_the_answer_and_in_the_certificate() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    let request = format!("/requests/{number}");
    let rows = |page: &str| {
        let list = page.split("No longer linked to you").nth(1).unwrap_or_else(|| panic!("{page}"));
        let line = list.split("<li>").find(|line| line.contains("Tracking")).unwrap_or_else(|| panic!("{page}"));
        line.split("<p>").nth(1).unwrap().split(' ').next().unwrap().to_owned()
    };
    let before = rows(&li.get(&request).await.body);
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&officer.get(&case).await.body);
    let approved = officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
    world.work().await;

    let page = li.get(&request).await.body;
    assert!(page.contains("Completed") && page.contains("They point at nobody any more"), "{page}");
    assert_eq!(rows(&page), before, "as it was when it began");
    let letters = world.letters();
    let told = letters.iter().any(|(to, body)| *to == email && body.contains("no longer linked to anybody"));
    assert!(told, "{letters:?}");
    let mut anyone = world.visitor();
    let certificate = anyone.get(&format!("/verify/{number}")).await.body;
    assert!(certificate.contains("lead to nobody any more") && certificate.contains("Tracking"), "{certificate}");
    let json = anyone.get(&format!("/verify/{number}.json")).await.body;
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let body: serde_json::Value = serde_json::from_str(document["certificate"]["body"].as_str().unwrap()).unwrap();
    let left = body["unlinked"].as_array().unwrap();
    assert!(
        left.iter().any(|left| left["what"]["en"] == "Tracking" && left["rows"].as_u64() == before.parse().ok()),
        "{body}"
    );
    assert!(anyone.post("/verify", &[("document", &json)]).await.body.contains("This certificate is genuine"));
}

/// All they have by now is not all there may be: what is asked for is kept as it was asked.
#[tokio::test]
async fn a_program_that_names_all_there_is_has_asked_for_that_and_no_more() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("newcomer")).await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = who(&world, "newcomer");
    let whole = app.post("/subjects/deletion-preview", &json!({ "subject": subject })).await.json;
    assert_eq!(whole["tables"], json!(null), "{whole}");
    let theirs: std::collections::BTreeSet<&str> =
        whole["items"].as_array().unwrap().iter().map(|item| item["table"].as_str().unwrap()).collect();
    assert!(theirs.contains("company.customers"), "{whole}");
    let named = json!({ "subject": subject, "kind": "DELETE", "tables": theirs });
    let filed = app.post("/subjects/requests", &named).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let request = format!("/subjects/requests/{}", filed.json["number"].as_str().unwrap());
    let asked = app.post(&request, &json!({ "subject": subject })).await.json["tables"].clone();
    assert!(theirs.iter().all(|table| asked.as_array().unwrap().contains(&json!(table))), "{asked}");
    let again = app.post("/subjects/requests", &named).await;
    assert_eq!(again.json["number"], filed.json["number"], "one is enough");
    let all = app.post("/subjects/requests", &json!({ "subject": subject, "kind": "DELETE" })).await;
    assert_ne!(all.json["number"], filed.json["number"], "everything is another thing to ask for");

    // On the page, who ticks all of what is shown reads of everything, and asks for that.
    let page = li.get(DELETE).await.body;
    let boxes: Vec<String> =
        page.split("name=\"table:").skip(1).map(|part| part.split('"').next().unwrap().to_owned()).collect();
    let mut form = vec![("tables".to_owned(), "listed".to_owned()), ("shown".to_owned(), "all".to_owned())];
    form.extend(boxes.iter().map(|name| (format!("table:{name}"), "on".to_owned())));
    let filed = post(&mut li, &form).await.location.unwrap();
    assert!(filed.contains(all.json["number"].as_str().unwrap()), "{filed}");
}

//! A person has one record deleted, and the others stay.

use domain::{actor::Scope, request::RequestKind};
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

use super::{
    api::who,
    rights::number,
    world::{Answer, Person, World, digest},
};

/// Two addresses of the customer's, and their account's number.
async fn two_addresses(world: &World, who: &str) -> String {
    let email = world.email(who);
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    for (n, label) in [(810_001, "Harbour"), (810_002, "Hillside")] {
        let row = format!("({n}, {id}, '{label}', 'Li', '15499990001', '{label} Road 1', NULL)");
        world.company(&format!("INSERT INTO addresses VALUES {row}")).await;
    }
    id
}

/// Where the card with these words leads.
fn link(page: &str, words: &str) -> String {
    let card = page.split("<article").find(|card| card.contains(words)).unwrap_or_else(|| panic!("{words}: {page}"));
    let href = card.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    href.into_iter().find(|href| href.starts_with("/mine/delete?record=")).expect("a link").to_owned()
}

fn token(link: &str) -> &str {
    link.split_once('=').unwrap().1
}

async fn file(person: &mut Person<'_>, link: &str) -> Answer {
    person.post("/mine/delete", &[("record", token(link))]).await
}

/// An officer sees at once that it is not everything.
#[tokio::test]
async fn that_it_is_one_record_stands_on_the_desk_and_on_the_card() {
    let world = World::new().await;
    two_addresses(&world, "customer").await;
    let mut li = world.customer(&world.email("customer")).await;
    let harbour = link(&li.get("/mine").await.body, "Harbour");
    let filed = file(&mut li, &harbour).await;
    let one = number(&filed.location.unwrap());
    let mut wu = world.staff("officer").await;
    let desk = wu.get("/officer").await.body;
    let row = desk.split("<tr").find(|row| row.contains(&one)).unwrap();
    assert!(row.contains("one record"), "{row}");
    let case = wu.get(&format!("/officer/requests/{one}")).await.body;
    assert!(case.split("</h1>").next().unwrap().contains("(one record)"), "{case}");
    // The person finds the request at the record, and at no other.
    let mine = li.get("/mine").await.body;
    let card = |words: &str| mine.split("<article").find(|card| card.contains(words)).unwrap();
    assert!(card("Harbour").contains(&format!("href=\"/requests/{one}\"")), "{mine}");
    assert!(!card("Hillside").contains(&one), "{mine}");
    li.post(&format!("/requests/{one}/cancel"), &[]).await;
    assert!(!li.get("/mine").await.body.contains(&format!("href=\"/requests/{one}\"")), "taken back");
}

/// Has an officer approve it and the worker carry it out.
async fn carried_out(world: &World, number: &str) {
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&officer.get(&case).await.body);
    let approved = officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
    world.work().await;
}

async fn labels(world: &World) -> Vec<String> {
    world.company_texts("SELECT label FROM addresses WHERE id IN (810001, 810002) ORDER BY id").await
}

#[tokio::test]
async fn one_saved_address_goes_and_the_other_stays() {
    let world = World::new().await;
    let id = two_addresses(&world, "customer").await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let rest = format!(
        "SELECT (SELECT count(*) FROM addresses WHERE customer_id = {id}) || ' ' || (SELECT count(*) FROM orders) \
         || ' ' || (SELECT name FROM customers WHERE id = {id})"
    );
    let before = world.company_texts(&rest).await.remove(0);
    let harbour = link(&li.get("/mine").await.body, "Harbour");
    assert!(!harbour.contains("810001") && !harbour.contains("Harbour"), "{harbour}");
    let page = li.get(&harbour).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    let page = page.body;
    assert!(page.contains("Only this record goes: Address book") && page.contains("Harbour"), "{page}");
    assert!(!page.contains("Hillside") && !page.contains("Which records should go?"), "{page}");
    assert!(page.contains("back=/mine/delete%3Frecord%3D"), "another language shows the same: {page}");

    let filed = file(&mut li, &harbour).await.location.unwrap();
    let number = number(&filed);
    world.pass(SignedDuration::from_secs(1));
    assert_eq!(file(&mut li, &harbour).await.location.unwrap(), filed, "one is enough");
    let hillside = link(&li.get("/mine").await.body, "Hillside");
    assert_ne!(file(&mut li, &hillside).await.location.unwrap(), filed, "another record is another request");
    assert!(li.get("/requests").await.body.contains("one record (Address book)"));
    let case = world.staff("officer2").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(case.contains("asks for one record to go: Address book") && case.contains("Harbour"), "{case}");
    assert!(!case.contains("15499990001") && !case.contains("/merge") && !case.contains("leave-out"), "{case}");

    carried_out(&world, &number).await;
    assert_eq!(labels(&world).await, ["Hillside"]);
    let before: Vec<&str> = before.splitn(2, ' ').collect();
    let after = world.company_texts(&rest).await.remove(0);
    let after: Vec<&str> = after.splitn(2, ' ').collect();
    assert_eq!(after[0].parse::<u32>().unwrap() + 1, before[0].parse::<u32>().unwrap());
    assert_eq!(after[1], before[1]);
    let page = li.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Completed") && page.contains("Only this record goes") && page.contains("Harbour"), "{page}");
    let certificate = world.visitor().get(&format!("/verify/{number}")).await.body;
    assert!(certificate.contains("Address book") && !certificate.contains("Harbour"), "{certificate}");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains(&number) && !log.contains("810001") && !log.contains("Harbour"), "{log}");

    // Its page had been open; it is said plainly, and nothing is asked for.
    for gone in [li.get(&harbour).await, file(&mut li, &harbour).await] {
        assert_eq!(gone.status.as_u16(), 404);
        assert!(gone.body.contains("This record is not there"), "{}", gone.body);
    }
}

/// Of a row in which nothing is theirs, or nothing of theirs is left, the page does not offer what would do nothing.
#[tokio::test]
async fn a_record_with_nothing_of_theirs_in_it_is_not_offered() {
    let world = World::new().await;
    let (mobile, day) = (world.person("receiver")["mobile"].as_str().unwrap(), "2026-05-01");
    let sides = format!("'S', '15499990007', 'x', 'Zhou Ming', '{mobile}', 'Street'");
    let row = format!("(840001, 'YF840001', NULL, 'delivered', NULL, {sides}, '{day}', '{day}')");
    world.company(&format!("INSERT INTO waybills VALUES {row}")).await;
    for (n, place, signed_by) in [(840_001, "Harbour", "NULL"), (840_002, "Hillside", "'Zhou'")] {
        let event = format!("({n}, 840001, '{day}', '{place}', 'n', {signed_by})");
        world.company(&format!("INSERT INTO tracking_events VALUES {event}")).await;
    }
    let mut zhou = world.recipient().await;
    let mine = zhou.get("/mine").await.body;
    let card =
        |words: &str| mine.split("<article").find(|card| card.contains(words)).unwrap_or_else(|| panic!("{mine}"));
    assert!(!card("Harbour").contains("/mine/delete?record="), "{}", card("Harbour"));
    assert!(card("Hillside").contains("/mine/delete?record="), "{}", card("Hillside"));
    assert!(card("YF840001").contains("/mine/delete?record="), "{}", card("YF840001"));
}

#[tokio::test]
async fn what_hangs_on_a_record_goes_along_and_a_floor_keeps_it() {
    let world = World::new().await;
    let email = world.email("customer");
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let today = world.portal.clock.today();
    for (n, done) in [(820_001, today.saturating_sub(1.year())), (820_002, today.saturating_sub(10.years()))] {
        let of = format!("({n}, 'NO-{n}', {id}, 'kettle {n}', '1.00', '{done}', '{done}')");
        world.company(&format!("INSERT INTO orders VALUES {of}")).await;
        world.company(&format!("INSERT INTO payments VALUES ({n}, {n}, 'card', 'Li', NULL, '1.00', '{done}')")).await;
    }
    let mut li = world.customer(&email).await;
    let mine = li.get("/mine").await.body;
    let (young, old) = (link(&mine, "NO-820001"), link(&mine, "NO-820002"));
    let page = li.get(&young).await.body;
    assert!(
        page.contains("This record goes, and what hangs on it: Order") && !page.contains("Only this record"),
        "{page}"
    );
    assert!(page.contains("Going along: Payment") && page.contains("E-Commerce Law art. 31"), "{page}");
    assert!(page.contains("What must stay for now") && page.contains("Nothing can be deleted right now"), "{page}");

    let payments =
        format!("SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id WHERE customer_id = {id}");
    let before: u32 = world.company_texts(&payments).await[0].parse().unwrap();
    let number = number(&file(&mut li, &old).await.location.unwrap());
    carried_out(&world, &number).await;
    assert_eq!(world.company_texts(&payments).await, [(before - 1).to_string()]);
    assert_eq!(world.company_texts("SELECT count(*) FROM payments WHERE id = 820002").await, ["0"]);
    assert_eq!(world.company_texts("SELECT id FROM orders WHERE id IN (820001, 820002)").await, ["820001"]);
}

/// With an account goes all that is found through it: nobody reads that it goes alone.
#[tokio::test]
async fn an_account_as_the_one_record_takes_along_what_hangs_on_it() {
    let world = World::new().await;
    two_addresses(&world, "customer").await;
    let mut li = world.customer(&world.email("customer")).await;
    let mine = li.get("/mine").await.body;
    let card = mine.split("<article").find(|card| card.contains("your account")).unwrap_or_else(|| panic!("{mine}"));
    let account = link(card, "");
    let page = li.get(&account).await.body;
    assert!(page.contains("what hangs on it: Account") && page.contains("Going along:"), "{page}");
    assert!(!page.contains("Only this record"), "{page}");
    let (lists, after) = page.split_once("in neither of the two lists above").unwrap_or_else(|| panic!("{page}"));
    assert!(lists.contains("What must stay for now") && !after.contains("What must stay for now"), "{page}");
    let number = number(&file(&mut li, &account).await.location.unwrap());
    let page = li.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("what hangs on it: Account") && !page.contains("Only this record"), "{page}");
    let case = world.staff("officer").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(case.contains("and what hangs on it goes too: Account"), "{case}");
}

#[tokio::test]
async fn nobody_has_anybody_elses_record_deleted_and_a_code_must_be_fresh() {
    let world = World::new().await;
    two_addresses(&world, "customer").await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let harbour = link(&li.get("/mine").await.body, "Harbour");
    let mut other = world.customer(&world.email("newcomer")).await;
    for answer in [other.get(&harbour).await, file(&mut other, &harbour).await] {
        assert_eq!(answer.status.as_u16(), 404);
        assert!(!answer.body.contains("Harbour"));
    }
    assert_eq!(world.visitor().get(&harbour).await.location.as_deref(), Some("/sign-in"));

    world.pass(SignedDuration::from_mins(11));
    assert_eq!(file(&mut li, &harbour).await.location.as_deref(), Some("/confirm"));
    li.post("/confirm", &[]).await;
    let code = world.code_for(&email).await;
    let entered = li.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some(harbour.as_str()), "back to the record, and not to all of it");
    assert_eq!(labels(&world).await.len(), 2);
}

/// A backup brings back the record, beside one that was added since: only the first goes again.
#[tokio::test]
async fn after_a_restore_only_that_record_goes_again() {
    let world = World::new().await;
    let id = two_addresses(&world, "customer").await;
    let mut li = world.customer(&world.email("customer")).await;
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    let harbour = link(&li.get("/mine").await.body, "Harbour");
    let number = number(&file(&mut li, &harbour).await.location.unwrap());
    carried_out(&world, &number).await;
    assert!(world.portal.returned(since).await.unwrap().is_empty(), "nothing is back");
    let again = format!("(810001, {id}, 'Harbour', 'Li', '15499990001', 'Harbour Road 1', NULL)");
    world.company(&format!("INSERT INTO addresses VALUES {again}")).await;
    let mut returned = world.portal.returned(since).await.unwrap();
    assert_eq!(returned.len(), 1);
    let returned = returned.remove(0);
    assert_eq!((returned.kind, returned.rows), (RequestKind::Delete, 1));
    assert!(world.portal.replay(returned).await.unwrap().verified);
    assert_eq!(labels(&world).await, ["Hillside"]);
}

#[tokio::test]
async fn a_hold_keeps_the_record() {
    let world = World::new().await;
    two_addresses(&world, "customer").await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut officer = world.staff("officer").await;
    let review = world.portal.clock.today().saturating_add(30.days()).to_string();
    let held = [
        ("on", "company.addresses"),
        ("owner", "Legal"),
        ("reason", "a dispute"),
        ("review_on", review.as_str()),
        ("step", "place"),
    ];
    assert!(officer.post("/officer/holds/new", &held).await.location.is_some());
    let harbour = link(&li.get("/mine").await.body, "Harbour");
    let page = li.get(&harbour).await.body;
    assert!(page.contains("under a legal hold because of a dispute"), "{page}");
}

#[tokio::test]
async fn a_program_asks_for_one_record_to_go() {
    let world = World::new().await;
    two_addresses(&world, "customer").await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = who(&world, "customer");
    let held = app.post("/subjects/records", &json!({ "subject": subject })).await.json;
    let harbour = held["records"].as_array().unwrap().iter().find(|record| record.to_string().contains("Harbour"));
    let harbour = harbour.unwrap();
    assert_eq!(harbour["deletable"], true);
    let token = &harbour["token"];
    let preview = app.post("/subjects/deletion-preview", &json!({ "subject": subject, "record": token })).await.json;
    assert_eq!(preview["record"]["table"], "company.addresses", "{preview}");
    assert_eq!(preview["items"].as_array().unwrap().len(), 1, "{preview}");
    let both = json!({ "subject": subject, "kind": "DELETE", "record": token, "tables": ["company.addresses"] });
    assert_eq!(app.post("/subjects/requests", &both).await.json["code"], "malformed");
    let complaint = json!({ "subject": subject, "kind": "COMPLAINT", "words": "x", "record": token });
    assert_eq!(app.post("/subjects/requests", &complaint).await.json["code"], "malformed");
    let of_other = json!({ "subject": who(&world, "newcomer"), "kind": "DELETE", "record": token });
    assert_eq!(app.post("/subjects/requests", &of_other).await.json["code"], "not_found");
    let filed = app.post("/subjects/requests", &json!({ "subject": subject, "kind": "DELETE", "record": token })).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let number = filed.json["number"].as_str().unwrap();
    let request = app.post(&format!("/subjects/requests/{number}"), &json!({ "subject": subject })).await.json;
    assert_eq!(request["record"]["values"]["label"], "Harbour", "{request}");
    assert!(!request.to_string().contains("15499990001"), "masked: {request}");
    carried_out(&world, number).await;
    assert_eq!(labels(&world).await, ["Hillside"]);
}

/// A key may be a number somebody is called by: it stands in the portal's database as little as anything else of theirs.
#[tokio::test]
async fn a_key_that_says_something_is_written_nowhere() {
    let world = World::new().await;
    let email = world.email("customer");
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let key = "15499990009";
    let day = world.portal.clock.today();
    for channel in [key, "fax"] {
        let row = format!("({id}, '{channel}', 'yes', 'tag of {channel}', '{day}')");
        world.company(&format!("INSERT INTO marketing_preferences VALUES {row}")).await;
    }
    let mut li = world.customer(&email).await;
    let theirs = link(&li.get("/mine").await.body, &format!("tag of {key}"));
    let number = number(&file(&mut li, &theirs).await.location.unwrap());
    carried_out(&world, &number).await;
    let left =
        format!("SELECT count(*) FROM marketing_preferences WHERE channel IN ('{key}', 'fax') AND customer_id = {id}");
    assert_eq!(world.company_texts(&left).await, ["1"]);
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("Completed"));
    for file in std::fs::read_dir(world.dir.path().join("demo")).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("portal.sqlite") {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()), "{}", path.display());
        }
    }
}

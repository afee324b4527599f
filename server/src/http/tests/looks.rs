//! One value in full for a reason, and who looked as the person reads it.

use domain::actor::Scope;
use jiff::{SignedDuration, ToSpan};
use serde_json::{Value, json};

use super::{
    api::who,
    left_out::parcels,
    systems::approved,
    world::{Answer, Person, World, deletion},
};

/// What a page offers to show one by one.
pub(super) fn spots(page: &str) -> Vec<String> {
    let values = page.split("name=\"spot\" value=\"").skip(1);
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Has the first value shown whose name ends like this.
pub(super) async fn shows(officer: &mut Person<'_>, case: &str, spot: &str, reason: &str) -> Answer {
    officer.post(&format!("{case}/reveal"), &[("spot", spot), ("asked", "yes"), ("reason", reason)]).await
}

/// Has everything shown that a page offers, one by one: the page after the last.
pub(super) async fn shows_each(officer: &mut Person<'_>, case: &str, page: &str, reason: &str) -> String {
    let mut last = page.to_owned();
    for spot in spots(page) {
        let shown = shows(officer, case, &spot, reason).await;
        assert_eq!(shown.status.as_u16(), 200, "{}", shown.body);
        last = shown.body;
    }
    last
}

/// Of the record with these words.
fn spot_of(page: &str, record: &str, column: &str) -> String {
    let card = page.split("class=\"card\"").find(|card| card.contains(record)).unwrap_or_else(|| panic!("{page}"));
    spots(card).into_iter().find(|spot| spot.ends_with(&format!(":{column}"))).unwrap_or_else(|| panic!("{card}"))
}

#[tokio::test]
async fn an_officer_sees_one_value_of_one_record_in_full_and_says_why() {
    let world = World::new().await;
    parcels(&world).await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let case = format!("/officer/requests/{number}");
    let (leave_out, reveal) = (format!("{case}/leave-out"), format!("{case}/reveal"));
    let mut officer = world.staff("officer").await;
    let list = officer.get(&leave_out).await.body;
    assert!(!list.contains("Former Owner") && !list.contains(&mobile), "masked: {list}");
    let spot = spot_of(&list, "YF830003", "receiver_name");

    // The press asks why, and nothing is shown before.
    let ticked = [("spot", spot.as_str()), ("row", "a-token"), ("why", "Another’s")];
    let asked = officer.post(&reveal, &ticked).await;
    assert_eq!(asked.status.as_u16(), 200, "{}", asked.body);
    assert!(asked.body.contains("Why do you need it in full?") && !asked.body.contains("Former Owner"));
    assert!(asked.body.contains("a-token") && asked.body.contains("Another’s"), "what was ticked goes along");
    let again = [&ticked[..], &[("asked", "yes")]].concat();
    let none = officer.post(&reveal, &again).await;
    assert!(none.status.as_u16() == 422 && none.body.contains("Choose a reason"), "{}", none.body);
    let wordless = officer.post(&reveal, &[&again[..], &[("reason", "another"), ("words", " ")]].concat()).await;
    assert!(wordless.status.as_u16() == 422 && wordless.body.contains("Write down the reason"), "{}", wordless.body);
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(!log.contains("request_revealed"), "nothing was shown yet: {log}");

    let shown = officer.post(&reveal, &[&again[..], &[("reason", "tell_apart")]].concat()).await;
    assert_eq!(shown.status.as_u16(), 200, "no address to come back to");
    assert_eq!(shown.body.matches("Former Owner").count(), 1, "this value: {}", shown.body);
    assert!(!shown.body.contains("Former Owner Street") && !shown.body.contains("Zhou Ming"), "{}", shown.body);
    assert!(!shown.body.contains(&mobile) && shown.body.contains("Another’s"), "no other: {}", shown.body);
    // The next is compared with it, and both are written down.
    let next = spot_of(&list, "YF830001", "receiver_name");
    let words = "The owner of the depot, Mr Wang, asks";
    let fields = [("spot", next.as_str()), ("asked", "yes"), ("reason", "another"), ("words", words)];
    let both = officer.post(&reveal, &fields).await.body;
    assert!(both.contains("Former Owner") && both.contains("Zhou Ming"), "{both}");
    assert!(!officer.get(&leave_out).await.body.contains("Former Owner"), "masked again");
    world.pass(SignedDuration::from_mins(11));
    let later = shows(&mut officer, &case, &next, "tell_apart").await.body;
    assert!(later.contains("Zhou Ming") && !later.contains("Former Owner"), "only on this visit: {later}");

    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    let revealed: Vec<&str> = log.split("<code>").filter(|entry| entry.contains("request_revealed")).collect();
    assert_eq!(revealed.len(), 3, "{log}");
    assert!(revealed.iter().all(|entry| entry.contains("company.waybills") && entry.contains("receiver_name")));
    assert!(log.contains("tell_apart") && log.contains("another") && log.contains(&number), "{log}");
    assert!(!log.contains("Mr Wang") && !log.contains("Former Owner"), "nothing personal: {log}");
    let read = zhou.get(&format!("/requests/{number}")).await.body;
    assert!(read.contains("An officer of ours saw in full") && read.contains("(Waybill)"), "{read}");
    assert!(read.contains("Masked, it cannot be told whose it is") && read.contains(words), "why: {read}");
}

#[tokio::test]
async fn only_what_is_masked_can_be_shown_and_only_to_who_decides() {
    let world = World::new().await;
    parcels(&world).await;
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let list = officer.get(&format!("{case}/leave-out")).await.body;
    let spot = spot_of(&list, "YF830003", "receiver_name");
    let whole = spot.replace("receiver_name", "waybill_no");
    assert!(!spots(&list).contains(&whole), "it stands there in full");
    for unknown in [whole.as_str(), "record:none:receiver_name", "change:none", "person:none", "all"] {
        assert_eq!(shows(&mut officer, &case, unknown, "tell_apart").await.status.as_u16(), 404, "{unknown}");
    }
    let mut auditor = world.staff("auditor").await;
    assert_eq!(shows(&mut auditor, &case, &spot, "tell_apart").await.status.as_u16(), 404);
    for gone in ["leave-out/show", "show"] {
        assert_eq!(officer.post(&format!("{case}/{gone}"), &[]).await.status.as_u16(), 404, "all at once: {gone}");
    }
}

#[tokio::test]
async fn one_list_says_who_looked_for_a_person_and_at_what() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    assert!(li.get("/mine").await.body.contains("href=\"/mine/looks\""));
    let nobody = li.get("/mine/looks").await.body;
    assert!(nobody.contains("Nobody has looked yet"), "{nobody}");
    let of_nobody = world.customer("nobody@example.com").await.get("/mine").await.body;
    assert!(of_nobody.contains("href=\"/mine/looks\""), "somebody may have looked for them all the same: {of_nobody}");
    assert_eq!(world.visitor().get("/mine/looks").await.location.as_deref(), Some("/sign-in"));

    // Whoever phones gives a number: it is hers, and she had proven her address.
    let hers = world.company_texts(&format!("SELECT mobile FROM customers WHERE email = '{email}'")).await.remove(0);
    let mut officer = world.staff("officer").await;
    officer.post("/officer/find", &[("wanted", &hers)]).await;
    officer.post("/officer/find", &[("wanted", &world.email("newcomer"))]).await;
    let read = li.get("/mine/looks").await.body;
    assert_eq!(read.matches("An officer of ours looked for you").count(), 1, "{read}");

    let number = deletion(&mut li).await;
    let path = format!("/requests/{number}");
    assert!(li.get(&path).await.body.contains("href=\"/mine/looks\""), "from a request");
    world.staff("auditor").await.get(&format!("/officer{path}")).await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    assert_eq!(desk.get(&path).await.status, 200);
    let app = world.program(&[Scope::ActForSubjects]).await;
    let whole = json!({ "subject": who(&world, "customer"), "values": "in_full" });
    assert_eq!(app.post("/subjects/records", &whole).await.status, 200);
    let read = li.get("/mine/looks").await.body;
    let at = |words: &str| read.find(words).unwrap_or_else(|| panic!("{words}: {read}"));
    let (all, program) = (at("had all your records in full"), at("Our program “shop app” looked at the request"));
    assert!(all < program && program < at("An auditor of ours") && at("An auditor of ours") < at("looked for you"));
    assert!(read.contains(&format!("href=\"{path}\"")), "of which request: {read}");
    let own = li.get("/mine/full").await;
    assert!(own.status.as_u16() == 200 && !li.get("/mine/looks").await.body.contains("customer"), "not their own");

    let looks = app.post("/subjects/looks", &json!({ "subject": who(&world, "customer"), "lang": "en" })).await;
    let kinds = |json: &Value| -> Vec<String> {
        json["looks"].as_array().unwrap().iter().map(|look| look["seen"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&looks.json), ["records", "masked", "masked", "searched"], "{}", looks.json);
    let first = &looks.json["looks"][0];
    assert_eq!((&first["who"], &first["name"]), (&json!("program"), &json!("shop app")), "{first}");
    let some = json!({ "subject": who(&world, "customer"), "limit": 3 });
    let some = app.post("/subjects/looks", &some).await.json;
    let rest = json!({ "subject": who(&world, "customer"), "before": some["next"], "limit": 3 });
    assert_eq!(kinds(&app.post("/subjects/looks", &rest).await.json), ["searched"]);
    let other = app.post("/subjects/looks", &json!({ "subject": who(&world, "spare") })).await.json;
    assert_eq!(other["looks"], json!([]), "nobody reads of somebody else");
}

#[tokio::test]
async fn who_looks_by_a_link_is_no_member_of_the_staff() {
    let world = World::new().await;
    let email = world.email("spare");
    let number = approved(&world, &email).await;
    let letter = world.letters().into_iter().find(|(to, _)| to == "privacy@linehaul.example.com").unwrap().1;
    let link = letter.split("/recipients/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let link = format!("/recipients/{link}");
    // Waybill numbers stand there in full: there is nothing to press, and it is a look.
    let page = world.visitor().get(&link).await.body;
    assert!(page.contains("YF") && !page.contains(&format!("{link}/show")), "{page}");
    let mut li = world.customer(&email).await;
    let read = li.get(&format!("/requests/{number}")).await.body;
    assert!(
        read.contains("Example Linehaul Co., Ltd., which had got it from us, saw in full: Waybill number"),
        "{read}"
    );
    assert!(!read.contains("An officer of ours saw"), "it was none of the staff: {read}");
    assert!(li.get("/mine/looks").await.body.contains("Example Linehaul"));
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("recipient_saw") && !log.contains("request_revealed"), "{log}");

    let mut officer = world.staff("officer2").await;
    officer.post(&format!("/officer/requests/{number}/tell"), &[("recipient", "overseas")]).await;
    let read = li.get("/mine/looks").await.body;
    assert!(read.contains("An officer of ours saw in full") && read.contains("To have Example Parcel"), "{read}");
}

/// Whether somebody has a parcel is not for whoever says to act for them.
#[tokio::test]
async fn whoever_asks_for_somebody_else_does_not_read_what_was_looked_at() {
    let world = World::new().await;
    let (subject, agent) = (world.email("customer"), "agent@example.com");
    let mut asker = world.customer(agent).await;
    let number = asker.asks_for(&subject, "agent", "delete").await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let people = officer.post(&format!("{case}/people"), &[]).await.body;
    assert!(!people.contains(&subject) && !people.contains(agent), "masked: {people}");
    let page = shows_each(&mut officer, &case, &people, "compare_evidence").await;
    assert!(page.contains(&subject) && page.contains(agent), "{page}");
    let theirs = asker.get(&format!("/requests/{number}")).await.body;
    assert!(theirs.contains("E-mail address of whoever asked") && theirs.contains("saw values in full"), "{theirs}");
    assert!(!theirs.contains("saw in full: Name") && !theirs.contains("saw in full: E-mail address."), "{theirs}");
    let mine = asker.get("/mine/looks").await.body;
    assert!(mine.contains("E-mail address of whoever asked") && !mine.contains("saw in full: Name"), "{mine}");
    let hers = world.customer(&subject).await.get("/mine/looks").await.body;
    assert!(hers.contains("saw in full: Name") && hers.contains("saw in full: E-mail address."), "{hers}");
    assert!(hers.contains("To compare it with what was handed in"), "{hers}");
    assert!(!hers.contains("of whoever asked"), "that is not hers: {hers}");
}

/// What is sealed beside a look goes with the request, and of a search it is forgotten whom it was for.
#[tokio::test]
async fn looks_are_forgotten_after_their_time() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut officer = world.staff("officer").await;
    officer.post("/officer/find", &[("wanted", &email)]).await;
    assert!(li.get("/mine/looks").await.body.contains("looked for you"));
    let today = world.portal.clock.today();
    world.portal.retain(today.saturating_add(2.years()), &|_| {}).await.unwrap();
    assert!(li.get("/mine/looks").await.body.contains("looked for you"), "not too soon");
    world.portal.retain(today.saturating_add(4.years()), &|_| {}).await.unwrap();
    assert!(li.get("/mine/looks").await.body.contains("Nobody has looked yet"));
}

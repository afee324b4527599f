//! A number that two people used one after the other leads to the records of both: an officer leaves out what is not theirs.

use domain::{
    actor::{Actor, Scope, Staff, StaffRole},
    ids::{RequestNumber, StaffId},
};
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

use super::world::{Person, World, deletion, digest};

/// Three parcels that came to the number of somebody without an account, the last to whoever had it before.
pub(super) async fn parcels(world: &World) {
    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    let day = world.portal.clock.today().saturating_sub(30.months());
    for (n, name) in [(830_001, "Zhou Ming"), (830_002, "Zhou Ming"), (830_003, "Former Owner")] {
        let sides = format!("'S', '15499990007', 'x', '{name}', '{mobile}', '{name} Street'");
        let row = format!("({n}, 'YF{n}', NULL, 'delivered', NULL, {sides}, '{day}', '{day}')");
        world.company(&format!("INSERT INTO waybills VALUES {row}")).await;
        world.company(&format!("INSERT INTO tracking_events VALUES ({n}, {n}, '{day}', 'p', 'n', 'Z')")).await;
    }
}

async fn names(world: &World) -> Vec<String> {
    let sql = "SELECT coalesce(receiver_name, '') FROM waybills WHERE id BETWEEN 830001 AND 830003 ORDER BY id";
    world.company_texts(sql).await
}

/// The box beside the record with these words.
fn token(page: &str, words: &str) -> String {
    let card = page.split("class=\"card\"").find(|card| card.contains(words)).unwrap_or_else(|| panic!("{page}"));
    card.split("name=\"row\" value=\"").nth(1).expect("a box").split('"').next().unwrap().to_owned()
}

async fn approve(officer: &mut Person<'_>, case: &str, plan: &str) -> u16 {
    officer.post(&format!("{case}/approve"), &[("plan", plan)]).await.status.as_u16()
}

#[tokio::test]
async fn what_is_somebody_elses_stays_and_the_person_reads_why() {
    let world = World::new().await;
    parcels(&world).await;
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let (case, leave_out) = (format!("/officer/requests/{number}"), format!("/officer/requests/{number}/leave-out"));
    let mut officer = world.staff("officer").await;
    let page = officer.get(&case).await.body;
    assert!(page.contains(&leave_out), "{page}");
    let first = digest(&page);
    let list = officer.get(&leave_out).await.body;
    assert!(
        list.contains("YF830003") && !list.contains("Former Owner") && !list.contains(" checked"),
        "masked: {list}"
    );
    let theirs = token(&list, "YF830003");

    let why = "The former owner of the number got it";
    let missing = officer.post(&leave_out, &[("row", &theirs), ("why", " ")]).await;
    assert!(missing.status.as_u16() == 422 && missing.body.contains("Say why"), "{}", missing.body);
    assert!(missing.body.contains(" checked"), "what was ticked stays ticked");
    let other = officer.post(&leave_out, &[("row", "nothing"), ("why", why)]).await;
    assert!(other.status.as_u16() == 422 && other.body.contains("changed meanwhile"), "{}", other.body);
    assert_eq!(officer.post(&leave_out, &[("row", &theirs), ("why", why)]).await.location.as_deref(), Some(&*case));
    let page = officer.get(&case).await.body;
    assert!(page.contains("Records that were left out: 1") && page.contains(why), "{page}");
    assert!(officer.get(&leave_out).await.body.contains(" checked"));
    assert_eq!(approve(&mut officer, &case, &first).await, 409, "whoever read the first plan approves another");
    let read = zhou.get(&format!("/requests/{number}")).await.body;
    assert!(read.contains("Records that were left out: 1") && read.contains(why), "{read}");

    assert_eq!(approve(&mut officer, &case, &digest(&page)).await, 303);
    assert_eq!(officer.post(&leave_out, &[("row", &theirs), ("why", why)]).await.status.as_u16(), 409, "decided");
    world.work().await;
    assert_eq!(names(&world).await, ["", "", "Former Owner"]);
    let read = zhou.get(&format!("/requests/{number}")).await.body;
    assert!(read.contains("Completed") && read.contains(why), "{read}");
    assert!(read.contains("Waybill: 1") && read.contains("****0003") && read.contains("Accepted on"), "which: {read}");
    assert!(!read.contains("YF830003") && !read.contains("Former") && !read.contains("Status"), "whose: {read}");
    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    let letters = world.letters();
    let told = letters.iter().any(|(to, body)| to == mobile && body.contains("QD-"));
    assert!(told && letters.iter().all(|(_, body)| !body.contains("YF830003")), "{letters:?}");
    let certificate = world.visitor().get(&format!("/verify/{number}")).await.body;
    assert!(certificate.contains("Records that were left out") && !certificate.contains("YF8300"), "{certificate}");
    let json = world.visitor().get(&format!("/verify/{number}.json")).await.body;
    assert!(json.contains("left_out"), "{json}");
    assert!(world.visitor().post("/verify", &[("document", &json)]).await.body.contains("certificate is genuine"));
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("records_left_out") && log.contains("request_viewed"), "{log}");
    assert!(!log.contains(why) && !log.contains("830003"), "{log}");

    // A backup brings all of it back: what was left out then stays now.
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    assert!(world.portal.returned(since).await.unwrap().is_empty(), "what was left out never went");
    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    let back =
        format!("UPDATE waybills SET receiver_name = 'Zhou Ming', receiver_mobile = '{mobile}' WHERE id = 830001");
    world.company(&back).await;
    for again in world.portal.returned(since).await.unwrap() {
        assert!(world.portal.replay(again).await.unwrap().verified);
    }
    assert_eq!(names(&world).await, ["", "", "Former Owner"]);
}

/// What is another's stands against nothing of theirs.
#[tokio::test]
async fn what_is_still_open_of_a_row_left_out_is_not_theirs() {
    let world = World::new().await;
    parcels(&world).await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    let sent = format!("UPDATE waybills SET delivered_at = NULL, sender_mobile = '{mobile}' WHERE id = 830003");
    world.company(&sent).await;
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let (case, leave_out) = (format!("/officer/requests/{number}"), format!("/officer/requests/{number}/leave-out"));
    let mut officer = world.staff("officer").await;
    let remedy = "Wait until it is delivered";
    assert!(officer.get(&case).await.body.contains(remedy));
    let theirs = token(&officer.get(&leave_out).await.body, "YF830003");
    let left = officer.post(&leave_out, &[("row", &theirs), ("why", "The former owner's")]).await;
    assert_eq!(left.status.as_u16(), 303, "{}", left.body);
    let page = officer.get(&case).await.body;
    assert!(!page.contains(remedy) && !page.contains("cannot be seen now"), "{page}");
    assert!(!zhou.get(&format!("/requests/{number}")).await.body.contains(remedy));
}

#[tokio::test]
async fn what_was_left_out_by_mistake_is_taken_back_in_and_nobody_else_looks() {
    let world = World::new().await;
    parcels(&world).await;
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let (case, leave_out) = (format!("/officer/requests/{number}"), format!("/officer/requests/{number}/leave-out"));
    for of in ["auditor", "security"] {
        assert_eq!(world.staff(of).await.get(&leave_out).await.status.as_u16(), 404, "{of}");
    }
    let mut officer = world.staff("officer").await;
    let before = digest(&officer.get(&case).await.body);
    let one = token(&officer.get(&leave_out).await.body, "YF830001");
    assert_eq!(officer.post(&leave_out, &[("row", &one), ("why", "Another")]).await.status.as_u16(), 303);
    assert_ne!(digest(&officer.get(&case).await.body), before);
    assert_eq!(officer.post(&leave_out, &[("why", "")]).await.status.as_u16(), 303);
    let page = officer.get(&case).await.body;
    assert_eq!(digest(&page), before, "the plan it was");
    assert!(!page.contains("Records that were left out"), "{page}");
    assert!(page.contains("What had been left out is part of it again"), "{page}");
}

/// Everything of a customer's is found through their account. Without it nothing is theirs, and nothing can lose its way
/// to them.
#[tokio::test]
async fn what_is_left_out_is_not_said_to_lead_to_nobody_and_an_empty_plan_says_so() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let (case, leave_out) = (format!("/officer/requests/{number}"), format!("/officer/requests/{number}/leave-out"));
    let own = format!("/requests/{number}");
    assert!(li.get(&own).await.body.contains("No longer linked to you"));
    let mut officer = world.staff("officer").await;
    let account = token(&officer.get(&leave_out).await.body, "Account");
    assert_eq!(officer.post(&leave_out, &[("row", &account), ("why", "Another’s")]).await.status.as_u16(), 303);
    for page in [li.get(&own).await.body, officer.get(&case).await.body] {
        assert!(page.contains("The plan holds no records"), "{page}");
        assert!(!page.contains("No longer linked to you"), "{page}");
    }
    let plan = digest(&officer.get(&case).await.body);
    assert_eq!(approve(&mut officer, &case, &plan).await, 303);
    world.work().await;
    let page = li.get(&own).await.body;
    assert!(page.contains("Nothing was erased") && page.contains("Account: 1"), "{page}");
    assert!(!page.contains("class=\"seal\"") && !page.contains("nothing left to erase"), "{page}");
    let letters = world.letters();
    assert!(letters.iter().any(|(_, body)| body.contains("Left out") && body.contains("Account: 1")), "{letters:?}");
}

/// One of three was left out, and the rest had gone by the time it was carried out: that it was somebody else's is said of
/// the one only.
#[tokio::test]
async fn that_all_was_somebody_elses_is_said_only_where_all_was_left_out() {
    for taken_since in ["830001, 830002", ""] {
        let world = World::new().await;
        parcels(&world).await;
        let mut zhou = world.recipient().await;
        let mobile = world.person("receiver")["mobile"].as_str().unwrap();
        let no_other = format!("receiver_mobile = '{mobile}' AND id NOT BETWEEN 830001 AND 830003");
        world.company(&format!("UPDATE waybills SET receiver_mobile = NULL WHERE {no_other}")).await;
        let number = deletion(&mut zhou).await;
        let (case, leave_out) =
            (format!("/officer/requests/{number}"), format!("/officer/requests/{number}/leave-out"));
        let mut officer = world.staff("officer").await;
        let list = officer.get(&leave_out).await.body;
        let numbers = if taken_since.is_empty() { &["YF830001", "YF830002", "YF830003"][..] } else { &["YF830003"] };
        let tokens: Vec<String> = numbers.iter().map(|number| token(&list, number)).collect();
        let why = [("why", "The former owner's")];
        let form: Vec<_> = tokens.iter().map(|token| ("row", token.as_str())).chain(why).collect();
        assert_eq!(officer.post(&leave_out, &form).await.status.as_u16(), 303);
        let gone = format!("UPDATE waybills SET receiver_mobile = NULL WHERE id IN ({taken_since})");
        world.company(&gone).await;
        officer.post(&format!("{case}/plan"), &[]).await;
        // Said again with other words, it is still one of three.
        assert_eq!(officer.post(&leave_out, &form).await.status.as_u16(), 303);
        let plan = digest(&officer.get(&case).await.body);
        assert_eq!(approve(&mut officer, &case, &plan).await, 303);
        world.work().await;
        let page = zhou.get(&format!("/requests/{number}")).await.body;
        let proof = world.visitor().get(&format!("/verify/{number}")).await.body;
        for page in [page, proof] {
            assert!(page.contains("Nothing was erased"), "{page}");
            assert_eq!(page.contains("all that was found was held not to be"), taken_since.is_empty(), "{page}");
        }
    }
}

/// Where it was, what happened, what was in it: of a row that is held to be another's that is the other's to read.
#[tokio::test]
async fn of_what_is_somebody_elses_no_value_is_read_also_where_more_was_kept_once() {
    let world = World::new().await;
    parcels(&world).await;
    let place =
        "UPDATE tracking_events SET place = 'Hidden Village', note = 'left with the neighbour' WHERE id = 830003";
    world.company(place).await;
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let (case, leave_out) = (format!("/officer/requests/{number}"), format!("/officer/requests/{number}/leave-out"));
    let mut officer = world.staff("officer").await;
    let theirs = token(&officer.get(&leave_out).await.body, "Hidden Village");
    let left = officer.post(&leave_out, &[("row", &theirs), ("why", "Another’s")]).await;
    assert_eq!(left.status.as_u16(), 303, "{}", left.body);

    let number = RequestNumber::parse(&number).unwrap();
    let by = Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Officer };
    let staff = Actor::Staff(by);
    let (portal, desk) = (&world.portal, world.program(&[Scope::ReadRequests]).await);
    for kept in ["now", "once"] {
        for page in [zhou.get(&format!("/requests/{number}")).await.body, officer.get(&case).await.body] {
            assert!(page.contains("Tracking: 1") && page.contains("<li>Time: "), "{kept}: {page}");
            assert!(!page.contains("Hidden Village") && !page.contains("neighbour"), "{kept}: {page}");
        }
        let said = desk.get(&format!("/requests/{number}")).await.json["left_out_records"].to_string();
        assert!(said.contains("at") && !said.contains("Hidden") && !said.contains("neighbour"), "{kept}: {said}");

        let request = portal.store.request_by_number(&staff.read_requests().unwrap(), &number).await.unwrap().unwrap();
        let value = |column, text| json!([column, { "zh-CN": text, "en": text }]);
        let values =
            [value("at", "2024-05-01"), value("place", "Hidden Village"), value("note", "left with the neighbour")];
        let record =
            json!({ "table": "company.tracking_events", "role": "receiver", "key": ["830003"], "values": values });
        let details = json!({ "left_out": [["company.tracking_events", ["830003"]]], "left_out_as": [record] });
        let tx = portal.store.begin().await.unwrap();
        tx.work_out(&staff.decide().unwrap(), &request, details.to_string().as_bytes()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_program_leaves_out_what_is_not_theirs() {
    let world = World::new().await;
    parcels(&world).await;
    let mut zhou = world.recipient().await;
    let number = deletion(&mut zhou).await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let path = format!("/requests/{number}/left-out");
    let touched = desk.get(&path).await.json;
    let record =
        touched["records"].as_array().unwrap().iter().find(|one| one.to_string().contains("YF830002")).unwrap();
    assert_eq!(touched["left_out"], json!([]));
    let tokens = json!([record["token"]]);
    assert_eq!(desk.post(&path, &json!({ "tokens": tokens })).await.json["code"], "malformed");
    assert_eq!(desk.post(&path, &json!({ "tokens": ["x"], "words": "y" })).await.json["code"], "malformed");
    assert_eq!(desk.post(&path, &json!({ "tokens": tokens, "words": "Another’s" })).await.status, 204);
    assert_eq!(desk.get(&path).await.json["left_out"], tokens);
    let request = desk.get(&format!("/requests/{number}")).await.json;
    assert!(request.to_string().contains("\"left_out\":1"), "{request}");
    let values = request["left_out_records"][0]["values"].as_object().unwrap();
    assert_eq!(values.keys().collect::<Vec<_>>(), ["accepted_at", "delivered_at", "waybill_no"], "{request}");
    assert_eq!(values["waybill_no"], "****0002", "{request}");
    let plan = request["plan"]["digest"].as_str().unwrap().to_owned();
    assert_eq!(desk.post(&format!("/requests/{number}/approve"), &json!({ "plan": plan })).await.status, 204);
    world.work().await;
    assert_eq!(names(&world).await, ["", "Zhou Ming", ""]);
}

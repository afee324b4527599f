//! From one officer to another: with a note that only staff read, and nobody gives away what another works on.

use domain::actor::Scope;
use serde_json::json;

use super::{rights::number, world::World};

/// The id of an officer, as it stands in the list of whom it can be passed on to.
fn colleague(page: &str, name: &str) -> String {
    let at = page.find(&format!(">{name}</option>")).expect("in the list");
    let at = page[..at].rfind("value=\"").unwrap() + 7;
    page[at..at + 36].to_owned()
}

#[tokio::test]
async fn an_officer_passes_a_request_on_to_a_colleague_who_reads_why() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = number(&li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap());
    let case = format!("/officer/requests/{number}");
    let on = format!("{case}/pass-on");
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let page = wu.get(&case).await.body;
    let to = colleague(&page, "复核专员");
    assert!(!page.contains("值班专员</option>"), "not to oneself: {page}");
    assert!(!page.contains("新来的专员</option>"), "nor to somebody who has never signed in: {page}");

    let nothing = wu.post(&on, &[("owner", "")]).await;
    assert_eq!(nothing.status.as_u16(), 422);
    assert!(nothing.body.contains("Choose a colleague") && nothing.body.contains("Write why you pass it on"));
    let half = wu.post(&on, &[("owner", ""), ("why", "She knows the depot")]).await.body;
    assert!(half.contains("She knows the depot</textarea>"), "what was typed stays: {half}");
    let fields = [("owner", ""), ("to", to.as_str()), ("why", "She knows the depot")];
    assert_eq!(wu.post(&on, &fields).await.status.as_u16(), 303);
    assert_eq!(wu.post(&on, &fields).await.status.as_u16(), 303, "pressed twice");

    let mine = zhao.get("/officer?whose=mine").await.body;
    assert!(mine.contains(&number) && mine.contains("passed on by 值班专员"), "{mine}");
    let page = zhao.get(&case).await.body;
    assert!(page.contains("Passed on to you by 值班专员"), "{page}");
    assert!(page.contains("passing it on to 复核专员"), "among the notes too: {page}");
    assert_eq!(page.matches("She knows the depot").count(), 2, "said first, and kept among the notes: {page}");
    let page = wu.get(&case).await.body;
    assert!(!page.contains("Passed on to you") && !page.contains("/pass-on\""), "it is hers now: {page}");
    assert!(!li.get(&format!("/requests/{number}")).await.body.contains("the depot"), "never for the person");

    let own = colleague(&zhao.get(&case).await.body, "值班专员");
    assert_eq!(zhao.post(&format!("{case}/give-back"), &[]).await.status.as_u16(), 303);
    assert_eq!(zhao.post(&format!("{case}/take"), &[]).await.status.as_u16(), 303);
    assert!(!zhao.get(&case).await.body.contains("Passed on to you"), "taken by oneself");
    let mut auditor = world.staff("auditor").await;
    let log = auditor.get("/officer/audit").await.body;
    assert!(log.contains("request_passed_on") && log.contains(&to), "{log}");
    assert!(!log.contains("the depot"), "{log}");
    let fields = [("owner", ""), ("to", own.as_str()), ("why", "x")];
    assert_eq!(auditor.post(&on, &fields).await.status.as_u16(), 404);
}

#[tokio::test]
async fn what_another_has_taken_meanwhile_is_not_given_away_and_no_word_is_lost() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = number(&li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap());
    let case = format!("/officer/requests/{number}");
    let on = format!("{case}/pass-on");
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let page = wu.get(&case).await.body;
    let hers = colleague(&page, "复核专员");
    assert_eq!(zhao.post(&format!("{case}/take"), &[]).await.status.as_u16(), 303);
    let why = "Please call the depot first";
    let stale = wu.post(&on, &[("owner", ""), ("to", &hers), ("why", why)]).await;
    assert_eq!(stale.status.as_u16(), 409);
    assert!(stale.body.contains("Somebody else was first") && stale.body.contains(why), "{}", stale.body);
    let forged = wu.post(&on, &[("owner", &hers), ("to", &hers), ("why", why)]).await;
    assert_eq!(forged.status.as_u16(), 409, "what another works on");
    let page = zhao.get(&case).await.body;
    assert!(!page.contains(why) && !page.contains("Passed on to you"), "nothing happened: {page}");

    let his = colleague(&page, "值班专员");
    let nobody = [("owner", hers.as_str()), ("to", "00000000-0000-0000-0000-000000000000"), ("why", why)];
    assert_eq!(zhao.post(&on, &nobody).await.status.as_u16(), 404);
    let herself = [("owner", hers.as_str()), ("to", hers.as_str()), ("why", why)];
    assert_eq!(zhao.post(&on, &herself).await.status.as_u16(), 404);
    assert_eq!(zhao.post(&format!("{case}/settle"), &[("done", "Dried")]).await.status.as_u16(), 303);
    let late = zhao.post(&on, &[("owner", hers.as_str()), ("to", his.as_str()), ("why", why)]).await;
    assert!(late.status.as_u16() == 409 && late.body.contains(why), "closed: {}", late.body);
    assert!(!zhao.get(&case).await.body.contains("Pass it on"), "nothing is left to do");
}

#[tokio::test]
async fn a_program_passes_on_what_it_has_or_nobody() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = number(&li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap());
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let officers = desk.get("/officers").await.json;
    let names: Vec<&str> = officers.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"值班专员") && !names.contains(&"新来的专员") && !names.contains(&"审计员"), "{names:?}");
    let officer = officers.as_array().unwrap().iter().find(|one| one["name"] == "值班专员").unwrap();
    let on = format!("/requests/{number}/pass-on");
    let nobody = json!({ "to": "00000000-0000-0000-0000-000000000000", "words": "x" });
    assert_eq!(desk.post(&on, &nobody).await.status, 404);
    assert_eq!(desk.post(&on, &json!({ "to": "li", "words": "x" })).await.json["code"], "malformed");
    let passing = json!({ "to": officer["id"], "words": "By the rota" });
    assert_eq!(desk.post(&on, &passing).await.status, 204);
    let case = desk.get(&format!("/requests/{number}")).await.json;
    assert_eq!((&case["owner"], &case["notes"][0]["passed_to"]), (&officer["id"], &officer["id"]), "{case}");
    let other = officers.as_array().unwrap().iter().find(|one| one["name"] == "复核专员").unwrap();
    let away = desk.post(&on, &json!({ "to": other["id"], "words": "x" })).await;
    assert_eq!(away.json["code"], "overtaken", "an officer works on it");
    let page = world.staff("officer").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("Passed on to you by shop app") && page.contains("By the rota"), "{page}");
}

//! Who has an account to close, and what a deletion takes with it.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    api::who,
    world::{World, deletion},
};

const CANCEL: &str = "/mine/cancel-account";

/// The demonstration's company, held by one of its own programs for longer than a page may wait.
pub(super) async fn held_for_long() -> World {
    let world = World::with(|_, demo| {
        let path = demo.join("map/00-handler.toml");
        let url = "url = \"sqlite:company.sqlite\"";
        let map = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, map.replacen(url, &format!("{url}\nlimits = {{ lock = 60 }}"), 1)).unwrap();
    })
    .await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    world
}

#[tokio::test]
async fn who_only_receives_parcels_is_told_that_there_is_no_account_to_close() {
    let world = World::new().await;
    assert!(world.visitor().get("/rights").await.body.contains(CANCEL), "nobody knows who looks");
    let mut wu = world.recipient().await;
    let mine = wu.get("/mine").await.body;
    assert!(mine.contains("/mine/delete") && !mine.contains(CANCEL), "{mine}");
    let rights = wu.get("/rights").await.body;
    assert!(rights.contains("/mine/delete") && !rights.contains(CANCEL), "{rights}");

    let page = wu.get(CANCEL).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains("We found no account of yours"), "{}", page.body);
    assert!(page.body.contains("only sent or received parcels") && page.body.contains("/mine/delete"), "{}", page.body);
    assert!(!page.body.contains("<form method=\"post\" action=\"/mine/cancel-account\""), "{}", page.body);
    assert_eq!(wu.post(CANCEL, &[]).await.location.as_deref(), Some(CANCEL), "where it says why");
    assert!(!wu.get("/requests").await.body.contains("Account cancellation"), "nothing was filed");

    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = json!({ "mobile": mobile, "proven_at": world.portal.clock.now() });
    let closed = app.post("/subjects/requests", &json!({ "subject": subject, "kind": "CANCEL_ACCOUNT" })).await;
    assert_eq!((closed.status, closed.json["code"].as_str()), (409, Some("no_account")), "{}", closed.json);
    let preview = app.post("/subjects/deletion-preview", &json!({ "subject": subject })).await;
    assert_eq!(preview.json["takes_account"], false, "{}", preview.json);
    let subject = who(&world, "customer");
    let preview = app.post("/subjects/deletion-preview", &json!({ "subject": subject })).await;
    assert_eq!(preview.json["takes_account"], true, "{}", preview.json);
    assert!(preview.json["open"][0]["remedy"].is_string(), "{}", preview.json);

    let mut li = world.customer(&world.email("customer")).await;
    assert!(li.get("/mine").await.body.contains(CANCEL) && li.get("/rights").await.body.contains(CANCEL));
    assert!(!li.get(CANCEL).await.body.contains("We found no account"));
}

/// An account is looked for under everything somebody has proven, not only under what they proved last.
#[tokio::test]
async fn an_account_under_what_was_proven_earlier_is_found_once_it_is_proven_again() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    world.pass(SignedDuration::from_mins(11));
    let who = world.person("receiver");
    let (mobile, waybill) = (who["mobile"].as_str().unwrap(), who["waybill_no"].as_str().unwrap());
    li.post("/sign-in/parcel", &[("mobile", mobile), ("waybill", waybill)]).await;
    let code = world.code_for(mobile).await;
    li.post("/sign-in/code", &[("code", &code)]).await;
    let page = li.get(CANCEL).await;
    assert_eq!(page.location.as_deref(), Some("/confirm"), "{}", page.body);
    li.post("/confirm", &[]).await;
    let code = world.code_for(&world.email("customer")).await;
    assert_eq!(li.post("/sign-in/code", &[("code", &code)]).await.location.as_deref(), Some(CANCEL));
    assert!(!li.get(CANCEL).await.body.contains("We found no account"));
}

#[tokio::test]
async fn a_number_of_several_accounts_is_not_called_none() {
    let world = World::new().await;
    let mut wu = world.recipient().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap();
    world.company(&format!("UPDATE customers SET mobile = '{mobile}' WHERE id IN (1, 2)")).await;
    assert!(wu.get("/mine").await.body.contains(CANCEL));
    let page = wu.get(CANCEL).await.body;
    assert!(page.contains("on several accounts") && !page.contains("We found no account"), "{page}");
    assert_eq!(wu.post(CANCEL, &[]).await.location.as_deref(), Some(CANCEL));
    assert!(!wu.get("/requests").await.body.contains("Account cancellation"), "nothing was filed");
}

#[tokio::test]
async fn nobody_is_told_that_they_have_no_account_while_nobody_can_look() {
    let world = World::new().await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    let mut wu = world.recipient().await;
    assert!(!wu.get("/rights").await.body.contains(CANCEL));
    let held = world.shut_company().await;
    assert!(wu.get("/rights").await.body.contains(CANCEL), "it may be there");
    let mine = wu.get("/mine").await.body;
    assert!(mine.contains("cannot be reached") && mine.contains(CANCEL), "{mine}");
    let page = wu.get(CANCEL).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    assert!(!page.body.contains("We found no account") && page.body.contains("cannot be reached"), "{}", page.body);
    held.close().await.unwrap();
}

#[tokio::test]
async fn where_the_map_does_not_say_what_an_account_is_anybody_may_close_theirs() {
    let world = World::new().await;
    let file = "20-account.toml";
    let map = std::fs::read_to_string(world.dir.path().join("demo/map").join(file)).unwrap();
    let without = map.replacen("of = \"company.customers.holder\"\n", "", 1);
    assert_ne!(map, without);
    world.publish_map(file, &without).await;
    let mut wu = world.recipient().await;
    assert!(wu.get("/mine").await.body.contains(CANCEL) && wu.get("/rights").await.body.contains(CANCEL));
    assert!(wu.get(CANCEL).await.body.contains("Close my account"));
    let mut li = world.customer(&world.email("customer")).await;
    assert!(li.get("/mine/delete").await.body.contains("Your account is emptied too"));
}

#[tokio::test]
async fn whoever_asks_for_deletion_and_whoever_decides_it_see_what_is_still_open() {
    let world = held_for_long().await;
    let mut li = world.customer(&world.email("customer")).await;
    let remedy = "Wait until it is delivered";
    let said = |page: &str| page.contains("Something of yours is still open") && page.contains(remedy);
    let page = li.get("/mine/delete").await.body;
    assert!(said(&page) && page.contains("Your account is emptied too"), "{page}");
    let number = deletion(&mut li).await;
    let page = li.get(&format!("/requests/{number}?filed")).await.body;
    assert!(page.contains("Request received") && said(&page), "it keeps nobody from asking: {page}");
    assert!(page.contains("Your account is emptied too"), "{page}");
    assert!(page.contains("take this request back") && !page.contains("settle it first and ask then"), "{page}");
    assert!(li.get("/mine/delete").await.body.contains("settle it first and ask then"), "before they ask");

    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let page = officer.get(&case).await.body;
    assert!(page.contains("is still open") && page.contains(remedy) && page.contains("PIPL art. 47"), "{page}");
    assert!(page.contains("The account goes too"), "{page}");
    // As it is now, not as it was.
    let email = world.email("customer");
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let mobile = world.person("customer")["mobile"].as_str().unwrap();
    let theirs = format!("sender_id = {id} OR sender_mobile = '{mobile}'");
    world.company(&format!("UPDATE waybills SET delivered_at = accepted_at WHERE {theirs}")).await;
    world.company(&format!("UPDATE orders SET completed_at = placed_at WHERE customer_id = {id}")).await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("Nothing of theirs was found open") && !page.contains(remedy), "{page}");

    let held = world.shut_company().await;
    let page = officer.get(&case).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    assert!(page.body.contains("cannot be seen now") && page.body.contains("Check and approve"), "{}", page.body);
    assert!(!page.body.contains("Nothing of theirs was found open"), "{}", page.body);
    held.close().await.unwrap();
}

#[tokio::test]
async fn a_deletion_without_an_account_speaks_of_none() {
    let world = World::new().await;
    let mut wu = world.recipient().await;
    assert!(!wu.get("/mine/delete").await.body.contains("Your account is emptied too"));
    let number = deletion(&mut wu).await;
    assert!(!wu.get(&format!("/requests/{number}")).await.body.contains("Your account is emptied too"));
    let page = world.staff("officer").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(!page.contains("The account goes too"), "{page}");
}

#[tokio::test]
async fn when_the_days_are_over_and_a_database_is_down_nobody_reads_that_it_can_be_undone() {
    let world = World::new().await;
    world.company("PRAGMA journal_mode = DELETE").await;
    world.company("UPDATE orders SET completed_at = placed_at").await;
    world.company("UPDATE waybills SET delivered_at = accepted_at").await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let filed = li.post(CANCEL, &[]).await.location.expect("filed");
    let request = filed.trim_end_matches("?filed").to_owned();
    assert!(li.get("/requests").await.body.contains("can be undone until then"));
    world.pass(SignedDuration::from_hours(97));
    let held = world.shut_company().await;
    world.work().await;
    let mut li = world.customer(&email).await;
    let list = li.get("/requests").await.body;
    assert!(!list.contains("can be undone") && list.contains("The days to undo it are over"), "{list}");
    let page = li.get(&request).await.body;
    assert!(!page.contains("can be undone until") && !page.contains("You can change your mind"), "{page}");
    assert!(page.contains("The days to change your mind are over") && page.contains("It is tried again"), "{page}");
    assert!(!page.contains("waiting for the days"), "{page}");
    let mut wu = world.staff("officer").await;
    for path in ["/officer".to_owned(), format!("/officer{request}")] {
        let page = wu.get(&path).await.body;
        assert!(!page.contains("can be undone until"), "{path}: {page}");
    }
    held.close().await.unwrap();
    world.pass(SignedDuration::from_mins(10));
    world.work().await;
    assert!(li.get(&request).await.body.contains("Completed"), "and then it is done");
}

#[tokio::test]
async fn what_stands_against_closing_an_account_is_named() {
    let world = World::new().await;
    let email = world.email("customer");
    let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
    world.company(&format!("UPDATE orders SET completed_at = placed_at WHERE customer_id = {id}")).await;
    for n in 1..=7 {
        let row = format!("({}, 'ORDER-{n}', {id}, 'x', '1.00', '2026-01-01', NULL)", 990_000 + n);
        world.company(&format!("INSERT INTO orders VALUES {row}")).await;
    }
    let mut li = world.customer(&email).await;
    let page = li.get(CANCEL).await.body;
    assert!(page.contains("An order of yours is not completed (7)"), "{page}");
    for n in 3..=7 {
        assert!(page.contains(&format!("ORDER-{n}")), "{n}: {page}");
    }
    assert!(!page.contains("ORDER-2") && page.contains("and 2 more"), "a few are enough: {page}");
    let mine = li.get("/mine").await.body;
    let parcel = mine.split("YF").nth(1).map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap());
    assert!(parcel.is_some() && page.contains("has not been delivered"), "{page}");
    let open = "SELECT waybill_no FROM waybills WHERE delivered_at IS NULL AND sender_id = ";
    for number in world.company_texts(&format!("{open}{id}")).await {
        assert!(page.contains(&number), "{number}: {page}");
    }
}

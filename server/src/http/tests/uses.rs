//! What the page of consents says of each use: by whose word it is stopped, and what lets it go on.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    api::who,
    duplicates::by_phone,
    represent::PDF,
    rights::number,
    world::{COMPARED, World},
};

const CONSENT: &str = "/mine/consent";

/// The part of the page about what rests on the only consent.
fn offers(page: &str) -> &str {
    let from = page.find("<h2>Offers").unwrap();
    page[from..].split("</section>").next().unwrap()
}

/// The way to a request, its number in one piece.
pub(super) fn see(number: &str) -> String {
    format!("See request <span class=\"whole\">{number}</span>")
}

/// Somebody files an objection with the address of somebody else in it.
#[tokio::test]
async fn what_a_stranger_asks_is_not_said_to_be_the_persons_word() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let own = li.post("/rights/object", &[("about", "marketing")]).await.location.unwrap();
    let own = see(&number(&own));
    assert!(offers(&li.get(CONSENT).await.body).contains(&own));

    world.pass(SignedDuration::from_mins(1));
    let mut mallory = world.customer("mallory@example.com").await;
    let asked = [("capacity", "agent"), ("kind", "object"), ("email", &email), ("words", "no"), ("about", "marketing")];
    let filed = mallory.hand_in("/rights/for-another", &asked, &[("evidence", "mandate.pdf", PDF)]).await;
    let path = filed.location.unwrap();
    let theirs = number(&path);
    let page = li.get(CONSENT).await.body;
    assert!(!page.contains("you asked to have it stopped") && !page.contains(&theirs), "{page}");
    assert!(offers(&page).contains("stopped since") && offers(&page).contains(&own), "{page}");

    // Once an officer has compared them with the evidence it counts, as what it is.
    let case = format!("/officer/requests/{theirs}");
    let mut officer = world.staff("officer").await;
    officer.post(&format!("{case}/people"), &[]).await;
    assert_eq!(officer.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
    let page = li.get(CONSENT).await.body;
    let stands = offers(&page);
    assert!(stands.contains("somebody asked for you to have it stopped") && stands.contains(&theirs), "{page}");
    assert!(!stands.contains("you asked to have it stopped"), "{page}");
    assert!(stands.contains("stopped since") && stands.contains(&own), "their own word stands beside it: {page}");
}

/// What staff write down is the person's word once another has agreed to it.
#[tokio::test]
async fn what_staff_write_down_hides_nothing_of_how_it_stands() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let own = li.post("/rights/object", &[("about", "marketing")]).await.location.unwrap();
    world.work().await;
    world.pass(SignedDuration::from_mins(1));
    let mut wu = world.staff("officer").await;
    for kind in ["withdraw", "restrict"] {
        let case = by_phone(&mut wu, kind, &email, "marketing").await;
        let page = li.get(CONSENT).await.body;
        let stands = offers(&page);
        assert!(stands.contains("stopped since") && stands.contains(&number(&own)), "{kind}: {page}");
        assert!(stands.contains("/rights/lift"), "{kind}: it can be used again: {page}");
        let theirs = case.rsplit('/').next().unwrap();
        assert!(stands.contains("somebody asked for you to have it stopped") && stands.contains(theirs), "{page}");
        assert_eq!(li.post(&format!("/requests/{theirs}/cancel"), &[]).await.status.as_u16(), 303);
        world.pass(SignedDuration::from_mins(1));
    }
}

/// Nothing is kept of them by which a program could say that it is stopped.
#[tokio::test]
async fn who_agrees_again_is_not_told_that_it_is_stopped_for_ever() {
    let world = World::new().await;
    let mut wu = world.customer("nobody@example.com").await;
    let filed = wu.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.location.unwrap();
    world.work().await;
    let page = wu.get(CONSENT).await.body;
    assert!(offers(&page).contains("stopped since") && offers(&page).contains(&number(&filed)), "{page}");
    assert!(offers(&page).contains("It goes on once you agree again"), "{page}");

    world.pass(SignedDuration::from_mins(1));
    assert_eq!(wu.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    let page = wu.get(CONSENT).await.body;
    let (now, separate) = offers(&page).split_once("(art. 23)").unwrap();
    assert!(now.contains("You agreed on") && !now.contains("stopped since"), "{page}");
    assert!(separate.contains("stopped since"), "one yes is not the other: {page}");
    assert!(!page.contains("/rights/lift"), "there is nothing to lift: {page}");
}

#[tokio::test]
async fn who_agrees_again_is_not_told_of_an_answer_from_before() {
    let world = World::new().await;
    let mut wu = world.customer("nobody@example.com").await;
    let filed = wu.post("/rights/object", &[("about", "marketing")]).await.location.unwrap();
    world.pass(SignedDuration::from_mins(1));
    let mut officer = world.staff("officer").await;
    let settle = format!("/officer/requests/{}/settle", number(&filed));
    assert_eq!(officer.post(&settle, &[("done", "The senders were told.")]).await.status.as_u16(), 303);
    assert!(offers(&wu.get(CONSENT).await.body).contains("an officer has answered"));
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(wu.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    let page = wu.get(CONSENT).await.body;
    let now = offers(&page).split_once("(art. 23)").unwrap().0;
    assert!(now.contains("You agreed on") && !now.contains("an officer has answered"), "{page}");
}

/// Somebody's own program holds the company's database: consents are withdrawn all the same (PIPL art. 15).
#[tokio::test]
async fn a_consent_is_withdrawn_while_the_database_is_held_and_carried_out_afterwards() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let tags = async || {
        let of = format!("(SELECT id FROM customers WHERE email = '{email}')");
        world.company_texts(&format!("SELECT count(*) FROM marketing_preferences WHERE customer_id = {of}")).await
    };
    assert_ne!(tags().await, ["0"]);
    let held = world.shut_company().await;
    let said = li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await;
    assert_eq!(said.status.as_u16(), 303, "{}", said.body);
    held.close().await.unwrap();
    world.pass(SignedDuration::from_mins(11));
    world.work().await;
    assert_eq!(tags().await, ["0"], "what rested on it");
    let request = said.location.unwrap();
    let page = world.customer(&email).await.get(request.split('?').next().unwrap()).await.body;
    assert!(page.contains("Completed"), "{page}");
}

#[tokio::test]
async fn the_page_of_consents_does_not_wait_for_a_database_that_is_held() {
    let world = World::with(|_, demo| {
        let path = demo.join("map/00-handler.toml");
        let url = "url = \"sqlite:company.sqlite\"";
        let map = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, map.replacen(url, &format!("{url}\nlimits = {{ lock = 60 }}"), 1)).unwrap();
    })
    .await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    let mut li = world.customer(&world.email("customer")).await;
    assert!(offers(&li.get(CONSENT).await.body).contains("No consent of yours is recorded here"));
    let held = world.shut_company().await;
    let page = li.get(CONSENT).await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    assert!(page.body.contains("cannot be looked up") && page.body.contains("action=\"/mine/consent/withdraw\""));
    held.close().await.unwrap();
    assert!(offers(&li.get(CONSENT).await.body).contains("No consent of yours is recorded here"));
}

/// However much was said since on something else.
#[tokio::test]
async fn a_word_of_long_ago_is_still_found() {
    let world = World::new().await;
    let mut wu = world.customer("nobody@example.com").await;
    let mut officer = world.staff("officer").await;
    let mut says = async |about: &str| {
        let filed = wu.post("/rights/object", &[("about", about)]).await.location.unwrap();
        let settle = format!("/officer/requests/{}/settle", number(&filed));
        assert_eq!(officer.post(&settle, &[("done", "Done.")]).await.status.as_u16(), 303);
    };
    says("marketing").await;
    world.pass(SignedDuration::from_secs(1));
    for _ in 0..50 {
        says("delivery").await;
    }
    let page = wu.get(CONSENT).await.body;
    assert!(offers(&page).contains("an officer has answered"), "{page}");
}

/// They have never been on the page that the mail would name.
#[tokio::test]
async fn what_was_agreed_to_in_a_program_is_not_said_to_be_said_here() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    li.post("/rights/object", &[("about", "marketing")]).await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    for separate in [json!(["provision"]), json!([])] {
        world.pass(SignedDuration::from_mins(1));
        let agreed = json!({ "subject": who(&world, "customer"), "purpose": "marketing", "separate": separate });
        assert_eq!(app.post("/subjects/consents/given", &agreed).await.status, 204);
        world.work().await;
    }
    let list = li.get("/requests").await.body;
    for name in ["You agreed again: Offers", "You no longer agree: Offers: "] {
        let at = list.find(name).unwrap();
        let path = list[..at].rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        let page = li.get(path).await.body;
        assert!(!page.contains("My consents") && !page.contains("我的同意"), "{page}");
    }
    let letters: Vec<_> = world.letters().into_iter().filter(|(to, _)| *to == email).collect();
    for words in ["您再次表示了同意", "您不再同意的用途"] {
        assert!(letters.iter().any(|(_, body)| body.contains(words)), "{words}: {letters:?}");
    }
    assert!(letters.iter().all(|(_, body)| !body.contains("My consents") && !body.contains("我的同意")), "{letters:?}");
}

/// A no is in force at once (PIPL art. 15); who stops what is looked up when its turn comes.
#[tokio::test]
async fn who_refuses_does_not_wait_for_a_database_that_hangs() {
    let world = World::new().await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let all = [("purpose", "marketing"), ("provision", "yes")];
    assert_eq!(li.post("/mine/consent/give", &all).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_mins(1));
    // More is kept for it than they have agreed to.
    let map = std::fs::read_to_string(world.dir.path().join("demo/map/20-account.toml")).unwrap();
    let day = "updated_at = { of = \"holder\", kind = \"date\", name = { zh-CN = \"设置日期\", en = \"Set on\" } }\n";
    let more = map.replacen("tag = { of", &format!("{day}tag = {{ of"), 1);
    assert_ne!(map, more);
    world.publish_map("20-account.toml", &more).await;
    let held = world.shut_company().await;
    let began = std::time::Instant::now();
    let refused = li.post(CONSENT, &[("purpose", "marketing"), ("answer", "refuse")]).await;
    assert_eq!(refused.status.as_u16(), 303, "{}", refused.body);
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    held.close().await.unwrap();
    world.pass(SignedDuration::from_mins(11));
    world.work().await;
    let mut li = world.customer(&email).await;
    assert!(offers(&li.get(CONSENT).await.body).contains("stopped since"));
}

/// A database that hangs keeps nobody from having their say; that no row of theirs could hold it shows only afterwards.
#[tokio::test]
async fn what_no_program_could_stop_is_left_to_an_officer_also_when_that_shows_late() {
    let world = World::new().await;
    world.company("PRAGMA journal_mode = DELETE").await;
    let mut nobody = world.customer("nobody@example.com").await;
    let mut officer = world.staff("officer").await;
    let held = world.shut_company().await;
    let filed = nobody.post("/rights/object", &[("about", "marketing")]).await.location.unwrap();
    held.close().await.unwrap();
    world.pass(SignedDuration::from_mins(11));
    world.work().await;
    let request = filed.split('?').next().unwrap();
    let page = nobody.get(request).await.body;
    assert!(page.contains("There was nothing a program could do") && !page.contains("Completed"), "{page}");
    let case = format!("/officer{request}");
    assert!(officer.get(&case).await.body.contains("Answer the person"));
    let settled = officer.post(&format!("{case}/settle"), &[("done", "Stopped by hand.")]).await;
    assert_eq!(settled.status.as_u16(), 303, "{}", settled.body);
    assert!(nobody.get(request).await.body.contains("Stopped by hand."));
}

//! What the page of consents says of each use: by whose word it is stopped, and what lets it go on.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::json;

use super::{
    api::who,
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

#[tokio::test]
async fn what_a_stranger_asks_is_not_said_to_be_the_persons_word() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let own = li.post("/rights/object", &[("about", "marketing")]).await.location.unwrap();
    let own = format!("See request {}", number(&own));
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
}

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

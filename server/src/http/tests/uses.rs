//! What the page of consents says of each use: by whose word it is stopped, and what lets it go on.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::json;

use super::{api::who, world::World};

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

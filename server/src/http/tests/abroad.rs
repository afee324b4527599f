//! What goes abroad, or to somebody new, is agreed to anew (PIPL art. 23, 39); a no to the same thing stays a no (Order
//! 790 art. 22).

use domain::actor::Scope;
use serde_json::json;

use super::world::{Person, World};

const HOME: &str = "contact = \"privacy@club.example.com\"\npurposes = [\"marketing\"]\n";

/// The club, in a country.
fn club(contact: &str, country: &str) -> String {
    format!(
        "contact = \"{contact}@club.example.com\"\npurposes = [\"marketing\"]\ncountry = \"{country}\"\n\
         mechanism = {{ zh-CN = \"标准合同\", en = \"standard contract\" }}\n\
         exercise = {{ zh-CN = \"写信\", en = \"by letter\" }}\n"
    )
}

impl World {
    /// Another version, in force at once.
    async fn changes(&self, from: &str, to: &str) {
        let hash = self.edit_map("10-purposes.toml", from, to).await;
        for login in ["officer", "officer2"] {
            let approved = self.staff(login).await.post(&format!("/officer/policy/{hash}/approve"), &[]).await;
            assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
        }
        self.refresh().await;
        // Whoever is to be told is told, before anybody waits for a code.
        self.work().await;
        self.pass(jiff::SignedDuration::from_mins(1));
    }
}

async fn is_asked(person: &mut Person<'_>) -> bool {
    person.get("/mine/consent").await.body.contains("Please decide again")
}

#[tokio::test]
async fn what_goes_abroad_is_agreed_to_anew_and_a_no_to_it_is_not_asked_again() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut wu = world.customer(&world.email("spare")).await;
    let mut zhao = world.customer(&world.email("newcomer")).await;
    for person in [&mut li, &mut wu] {
        let given = person.post("/mine/consent/give", &[("purpose", "marketing"), ("provision", "yes")]).await;
        assert_eq!(given.status.as_u16(), 303, "{}", given.body);
        assert!(!is_asked(person).await);
    }
    let (abroad, again, elsewhere) = (club("privacy", "SG"), club("post", "SG"), club("post", "US"));
    let home = again.split("country").next().unwrap();
    world.changes(HOME, &abroad).await;
    let page = li.get("/mine/consent").await.body;
    assert!(page.contains("Please decide again") && page.contains("Club is now in SG"), "{page}");
    assert!(page.contains("again-marketing-abroad"), "with a word of its own: {page}");
    let app = world.program(&[Scope::ActForSubjects]).await;
    let who = json!({ "subject": { "email": world.email("customer"), "proven_at": world.portal.clock.now() } });
    let consents = app.post("/subjects/consents", &who).await.json;
    let marketing = consents.as_array().unwrap().iter().find(|consent| consent["purpose"] == "marketing").unwrap();
    assert_eq!(marketing["asked_again"], true, "{consents}");
    assert!(!marketing["changes"].as_array().unwrap().is_empty(), "and why: {consents}");

    // One agrees, but not to this; the other to nothing any more.
    let but = [("purpose", "marketing"), ("answer", "agree"), ("provision", "yes")];
    assert_eq!(li.post("/mine/consent", &but).await.status.as_u16(), 303);
    let spare = json!({ "email": world.email("spare"), "proven_at": world.portal.clock.now() });
    let no = json!({ "subject": spare, "purpose": "marketing" });
    assert_eq!(app.post("/subjects/consents/refused", &no).await.status, 204, "in the program");
    assert_eq!(app.post("/subjects/consents/refused", &no).await.status, 404, "once");
    assert!(!is_asked(&mut li).await && !is_asked(&mut wu).await);
    assert!(is_asked(&mut zhao).await);

    world.changes(&abroad, home).await;
    assert!(!is_asked(&mut zhao).await, "what has ended needs no answer");
    world.changes(home, &again).await;
    assert!(!is_asked(&mut li).await && !is_asked(&mut wu).await, "the same thing again");
    assert!(is_asked(&mut zhao).await, "who never answered is asked");
    world.changes(&again, &elsewhere).await;
    assert!(is_asked(&mut li).await && is_asked(&mut wu).await, "another country is another thing");
}

#[tokio::test]
async fn a_recipient_who_gets_it_for_another_purpose_is_new_to_it() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let overseas = "contact = \"dpo@parcel.example.com\"\npurposes = [\"delivery\"]";
    world.changes(overseas, &overseas.replace("[\"delivery\"]", "[\"delivery\", \"marketing\"]")).await;
    let page = li.get("/mine/consent").await.body;
    assert!(page.contains("Please decide again"), "{page}");
    assert!(page.contains("it is now also given to Example Parcel Pte. Ltd. (Singapore) (SG)"), "{page}");
}

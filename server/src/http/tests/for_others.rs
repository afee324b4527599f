//! What people have a right to, others may ask for in their name: withdrawal of a consent, correction, and only some of
//! the records.

use jiff::SignedDuration;

use super::{
    represent::PDF,
    world::{COMPARED, Person, World, digest},
};

const NEW: &str = "/officer/new";

/// Offers are sent to them and rest on their consent, in rows and in a column.
async fn offers(world: &World, email: &str) -> (String, String) {
    let prefs = format!(
        "SELECT count(*) FROM marketing_preferences m JOIN customers c ON c.id = m.customer_id WHERE c.email = '{email}'"
    );
    let stopped = format!("SELECT offers_stopped FROM customers WHERE email = '{email}'");
    (world.company_texts(&prefs).await.remove(0), world.company_texts(&stopped).await.remove(0))
}

/// What an agent asks for somebody, with a mandate; its page.
async fn asked_by_agent(agent: &mut Person<'_>, fields: &[(&str, &str)]) -> String {
    let fields = [&[("capacity", "agent")], fields].concat();
    let filed = agent.hand_in("/rights/for-another", &fields, &[("evidence", "mandate.pdf", PDF)]).await;
    assert_eq!(filed.status.as_u16(), 303, "{}", filed.body);
    filed.location.unwrap().trim_end_matches("?filed").to_owned()
}

async fn vouched(officer: &mut Person<'_>, case: &str) {
    officer.post(&format!("{case}/people"), &[]).await;
    assert_eq!(officer.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
}

#[tokio::test]
async fn a_consent_withdrawn_on_the_telephone_is_withdrawn_once_another_agrees() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut wu = world.staff("officer").await;
    assert!(wu.get(NEW).await.body.contains("value=\"withdraw\""));
    let form = wu.get(&format!("{NEW}?kind=withdraw")).await.body;
    assert!(form.contains("Which consent is withdrawn?") && form.contains("value=\"marketing\""), "{form}");
    assert!(!form.contains("value=\"delivery\""), "only what rests on consent: {form}");
    let said =
        [("channel", "phone"), ("kind", "withdraw"), ("email", &email), ("words", "No more offers; called back")];
    for about in ["", "delivery", "marketing:provision"] {
        let wrong = wu.post(NEW, &[&said[..], &[("about", about)]].concat()).await;
        assert_eq!(wrong.status.as_u16(), 422, "{about}");
        assert!(wrong.body.contains("Choose which consent is withdrawn"), "{}", wrong.body);
    }
    let case = wu.post(NEW, &[&said[..], &[("about", "marketing")]].concat()).await.location.unwrap();
    let page = wu.get(&case).await.body;
    assert!(page.contains("About: Offers") && page.contains("Another officer must decide"), "{page}");
    assert!(!page.contains("Consent withdrawn: Offers"), "not yet: {page}");
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("Withdraw my consent") && !mine.contains("Being withdrawn"), "their own way is open: {mine}");
    assert!(li.get(&case.replace("/officer", "")).await.body.contains("/cancel\""), "and may take it back");

    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("Agree to the withdrawal and carry out this plan") && !page.contains("Answer the person"));
    let plan = digest(&page);
    assert_eq!(zhao.post(&format!("{case}/settle"), &[("done", "Done")]).await.status.as_u16(), 404, "no words do it");
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409);
    assert_ne!(offers(&world, &email).await.0, "0");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(offers(&world, &email).await, ("0".to_owned(), "1".to_owned()), "as by their own word");
    let page = zhao.get(&case).await.body;
    assert!(page.contains("Completed") && page.contains("Consent withdrawn: Offers"), "{page}");
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("You withdrew your consent on") && !mine.contains("Withdraw my consent"), "{mine}");
    assert!(mine.contains("Written down by staff: By telephone"), "the ledger says how: {mine}");
    assert!(mine.contains("(art. 23): withdrawn"), "and all that goes with it: {mine}");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("consent_answered") && log.contains("phone"), "{log}");
}

#[tokio::test]
async fn what_an_agent_withdraws_counts_from_when_it_was_asked_and_ones_own_word_after_it_stands() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("agent@example.com").await;
    // Nobody needs a reason to withdraw.
    let asked = [("kind", "withdraw"), ("about", "marketing"), ("email", email.as_str())];
    let request = asked_by_agent(&mut agent, &asked).await;
    let case = format!("/officer{request}");
    let mut wu = world.staff("officer").await;
    assert!(!wu.get(&case).await.body.contains("Frozen plan"), "nothing is planned before");
    vouched(&mut wu, &case).await;
    assert!(wu.get(&case).await.body.contains("Frozen plan"));
    // Before it is decided the person agrees themselves.
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_mins(1));
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("You agreed on"), "their own word came later: {mine}");
    assert!(mine.contains("Authorised agent, on your behalf"), "and what was said before it is there: {mine}");
    assert_eq!(offers(&world, &email).await.1, "0", "what they agree to goes on");

    // Without a word of theirs in between it stops.
    world.pass(SignedDuration::from_mins(1));
    let request = asked_by_agent(&mut agent, &asked).await;
    let case = format!("/officer{request}");
    vouched(&mut wu, &case).await;
    world.pass(SignedDuration::from_mins(1));
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    assert_eq!(agent.post(&format!("{request}/cancel"), &[]).await.status.as_u16(), 409, "it is said");
    world.work().await;
    assert_eq!(offers(&world, &email).await, ("0".to_owned(), "1".to_owned()));
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("Your consent was withdrawn for you on") && mine.contains("(Authorised agent)"), "{mine}");
    assert!(agent.get(&request).await.body.contains("Completed"));
}

#[tokio::test]
async fn a_withdrawal_asked_for_by_another_is_taken_back_while_nobody_has_agreed() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let asked = [("kind", "withdraw"), ("about", "marketing"), ("email", email.as_str())];
    let request = asked_by_agent(&mut agent, &asked).await;
    let mut li = world.customer(&email).await;
    let page = li.get(&request).await.body;
    assert!(page.contains("Take it back") && !page.contains("Consent withdrawn"), "{page}");
    assert_eq!(li.post(&format!("{request}/cancel"), &[]).await.status.as_u16(), 303);
    world.work().await;
    assert!(!li.get("/mine/consent").await.body.contains("on your behalf"), "nothing was said");
    assert_ne!(offers(&world, &email).await.0, "0");
}

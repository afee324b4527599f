//! Restriction and objection where the map says where the company's programs look (PIPL art. 44).

use domain::{
    actor::{Actor, Customer, Freshness},
    request::RequestKind,
};
use jiff::SignedDuration;

use super::world::World;

/// What the company's programs read before they send offers, and before they give tags to the club.
async fn stopped(world: &World, email: &str) -> (String, String) {
    let sql = |column| format!("SELECT {column} FROM customers WHERE email = '{email}'");
    let offers = world.company_texts(&sql("offers_stopped")).await.remove(0);
    (offers, world.company_texts(&sql("club_stopped")).await.remove(0))
}

fn words(offers: &str, club: &str) -> (String, String) {
    (offers.to_owned(), club.to_owned())
}

#[tokio::test]
async fn a_purpose_is_stopped_at_once_and_goes_on_when_the_person_says_so() {
    let world = World::new().await;
    let email = world.email("customer");
    let others = "SELECT count(*) FROM customers WHERE offers_stopped = 1 OR club_stopped = 1";
    let mut li = world.customer(&email).await;
    assert!(li.get("/rights").await.body.contains("/rights/lift"));
    assert!(li.get("/rights/lift").await.body.contains("Nothing is stopped"));
    let page = li.get("/rights/restrict").await.body;
    assert!(page.contains("Stopped at once") && page.contains("An officer checks"), "{page}");

    let unsaid = li.post("/rights/restrict", &[("words", "enough of it")]).await;
    assert!(unsaid.status.as_u16() == 422 && unsaid.body.contains("enough of it"), "{}", unsaid.body);

    let filed = li.post("/rights/restrict", &[("about", "marketing")]).await;
    assert_eq!(filed.status.as_u16(), 303, "{}", filed.body);
    let path = filed.location.unwrap();
    let request = li.get(&path).await.body;
    assert!(request.contains("Completed") && request.contains("Stopped") && request.contains("Account"), "{request}");
    assert!(request.contains("About: Offers") && request.contains("Start using it again"), "{request}");
    assert_eq!(stopped(&world, &email).await, words("1", "0"));
    assert_eq!(world.company_texts(others).await, ["1"], "nobody else's");
    let preferences = "SELECT count(*) FROM marketing_preferences m JOIN customers c ON c.id = m.customer_id";
    assert_ne!(world.company_texts(&format!("{preferences} WHERE c.email = '{email}'")).await, ["0"], "all is kept");
    assert!(li.get("/rights/restrict").await.body.contains("Stopped already"));

    let page = li.get("/rights/lift").await.body;
    assert!(page.contains("value=\"marketing\"") && !page.contains("marketing:provision"), "{page}");
    let never = li.post("/rights/lift", &[("about", "marketing:provision")]).await;
    assert_eq!(never.status.as_u16(), 404, "that was not stopped");
    world.pass(SignedDuration::from_mins(1));
    let filed = li.post("/rights/lift", &[("about", "marketing")]).await;
    let request = li.get(&filed.location.unwrap()).await.body;
    assert!(request.contains("Completed") && request.contains("In use again"), "{request}");
    assert_eq!(stopped(&world, &email).await, words("0", "0"));
    assert_eq!(
        li.post("/rights/lift", &[("about", "marketing")]).await.status.as_u16(),
        404,
        "nothing is left to lift"
    );
}

#[tokio::test]
async fn what_is_agreed_to_on_its_own_is_stopped_on_its_own() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let filed = li.post("/rights/object", &[("about", "marketing:provision"), ("words", "no club")]).await;
    let request = li.get(&filed.location.unwrap()).await.body;
    assert!(request.contains("Offers: Giving it to another handler") && request.contains("no club"), "{request}");
    assert_eq!(stopped(&world, &email).await, words("0", "1"));
    let unmapped = li.post("/rights/object", &[("about", "delivery:abroad")]).await;
    assert_eq!(unmapped.status.as_u16(), 422, "no program knows how");
}

#[tokio::test]
async fn a_withdrawal_stops_all_that_goes_with_it_and_agreeing_again_lets_it_go_on() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    assert_eq!(li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    assert_eq!(stopped(&world, &email).await, words("1", "1"));
    // A consent that was withdrawn is given again, never lifted round it (PIPL art. 15).
    assert_eq!(li.post("/rights/lift", &[("about", "marketing")]).await.status.as_u16(), 404);
    world.pass(SignedDuration::from_mins(1));
    let give = "/mine/consent/give";
    assert_eq!(li.post(give, &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(stopped(&world, &email).await, words("0", "1"), "one yes is not the other");
    let lift = li.get("/rights/lift").await.body;
    assert!(!lift.contains("marketing:provision"), "what is not agreed to is not offered: {lift}");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post(give, &[("purpose", "marketing"), ("provision", "yes")]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(stopped(&world, &email).await, words("0", "0"));
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post(give, &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(stopped(&world, &email).await, words("0", "1"), "what is no longer agreed to is stopped by rule");
}

#[tokio::test]
async fn what_no_program_can_stop_waits_for_an_officer() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let filed = li.post("/rights/restrict", &[("about", "delivery"), ("words", "no more parcels")]).await;
    let path = filed.location.unwrap();
    let request = li.get(&path).await.body;
    assert!(request.contains("Request received") && !request.contains("Completed"), "{request}");
    let number = super::rights::number(&path);
    world.pass(SignedDuration::from_mins(1));
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    assert!(officer.get(&case).await.body.contains("Answer the person"));
    let said = [("done", "The depot has been told.")];
    assert_eq!(officer.post(&format!("{case}/settle"), &said).await.status.as_u16(), 303);
    assert!(li.get(&path).await.body.contains("The depot has been told."));
}

#[tokio::test]
async fn a_restored_backup_does_not_let_go_on_what_was_stopped() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    li.post("/rights/restrict", &[("about", "marketing")]).await;
    assert!(world.portal.returned(since).await.unwrap().is_empty());
    let backup = "UPDATE customers SET offers_stopped = 0";
    world.company(backup).await;
    let mut returned = world.portal.returned(since).await.unwrap();
    assert_eq!((returned.len(), returned[0].kind, returned[0].rows), (1, RequestKind::Restrict, 1));
    assert!(world.portal.replay(returned.remove(0)).await.unwrap().verified);
    assert_eq!(stopped(&world, &email).await, words("1", "0"));

    // Once lifted, only the lifting counts.
    world.pass(SignedDuration::from_mins(1));
    li.post("/rights/lift", &[("about", "marketing")]).await;
    assert!(world.portal.returned(since).await.unwrap().is_empty());
    world.company("UPDATE customers SET offers_stopped = 1").await;
    let mut returned = world.portal.returned(since).await.unwrap();
    assert_eq!((returned.len(), returned[0].kind), (1, RequestKind::Lift));
    assert!(world.portal.replay(returned.remove(0)).await.unwrap().verified);
    assert_eq!(stopped(&world, &email).await, words("0", "0"));
}

/// Risk tier T2: a session alone is not enough.
#[tokio::test]
async fn a_fresh_code_is_asked_for_first() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    world.pass(SignedDuration::from_mins(11));
    for (path, about) in
        [("/rights/restrict", "marketing"), ("/rights/object", "marketing"), ("/rights/lift", "marketing")]
    {
        let page = li.get(path).await;
        assert!(page.location.as_deref().is_some_and(|to| to.starts_with("/confirm")), "{path} {}", page.body);
        let sent = li.post(path, &[("about", about)]).await;
        assert!(sent.location.as_deref().is_some_and(|to| to.starts_with("/confirm")), "{path} {}", sent.body);
    }
    assert_eq!(stopped(&world, &email).await, words("0", "0"));
}

/// By telephone: one officer writes it down, another approves what will be stopped, and the executor stops it.
#[tokio::test]
async fn what_was_said_on_the_telephone_is_stopped_once_another_agrees() {
    let world = World::new().await;
    let email = world.email("customer");
    let said = [("channel", "phone"), ("email", email.as_str()), ("words", "no more offers")];
    let with = |kind: &'static str, about: &'static str| [&said[..], &[("kind", kind), ("about", about)]].concat();
    let mut first = world.staff("officer").await;
    let wrong = first.post("/officer/new", &with("complete", "marketing")).await;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("Only a restriction"), "{}", wrong.body);
    let filed = first.post("/officer/new", &with("object", "marketing")).await;
    let case = filed.location.unwrap();
    assert!(first.get(&case).await.body.contains("About: Offers"));
    let mut other = world.staff("officer2").await;
    let page = other.get(&case).await.body;
    assert!(page.contains("Check and approve"), "{page}");
    let approve = format!("{case}/approve");
    let plan = super::world::digest(&page);
    let check = other.post(&format!("{approve}/check"), &[("plan", &plan)]).await.body;
    assert!(check.contains("Approve what will be stopped") && check.contains("can ask for the opposite"), "{check}");
    assert_eq!(first.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 409, "not the one who wrote it down");
    assert_eq!(stopped(&world, &email).await, words("0", "0"));
    assert_eq!(other.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(stopped(&world, &email).await, words("1", "0"));
    assert!(other.get(&case).await.body.contains("Completed"));

    // Of a purpose no program can stop, and where none was named, an officer answers.
    for about in ["delivery", ""] {
        world.pass(SignedDuration::from_mins(1));
        let case = first.post("/officer/new", &with("object", about)).await.location.unwrap();
        assert!(other.get(&case).await.body.contains("Answer the person"), "{about}");
    }
}

/// What waits to be carried out counts like what is done: the person's last word is the one that holds.
#[tokio::test]
async fn a_word_that_came_later_overtakes_one_that_still_waits() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await;
    assert_eq!(stopped(&world, &email).await, words("1", "1"));
    world.pass(SignedDuration::from_mins(1));
    // Agreed again; before it is carried out, withdrawn once more.
    assert_eq!(li.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_mins(1));
    li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await;
    world.work().await;
    assert_eq!(stopped(&world, &email).await, words("1", "1"), "what was agreed to before the withdrawal is over");
    let list = li.get("/requests").await.body;
    assert!(list.contains("You agreed again: Offers") && list.contains("Taken back"), "{list}");

    // The other way round: restricted, and before that is carried out, lifted.
    let mut wu = world.customer(&world.email("spare")).await;
    let theirs = world.email("spare");
    let proven = domain::Identifier::Email(domain::Email::parse(&theirs).unwrap());
    let person = Actor::Customer(Customer::new(vec![(proven, Freshness::Fresh)]).unwrap());
    let permit = person.own_fresh().unwrap();
    let wish = service::requests::Wish::new("").about("marketing");
    let file = async |kind| world.portal.file_restriction(&permit, &person, kind, &wish, domain::Lang::En).await;
    file(RequestKind::Restrict).await.unwrap();
    world.pass(SignedDuration::from_secs(1));
    file(RequestKind::Lift).await.unwrap();
    world.work().await;
    assert_eq!(stopped(&world, &theirs).await, words("0", "0"));
    assert!(wu.get("/rights/lift").await.body.contains("Nothing is stopped"));
}

/// Agents ask for whom they like; that must not stand in the way of the person's own word.
#[tokio::test]
async fn what_somebody_else_asks_does_not_stand_for_ones_own_word() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut officer = world.staff("officer").await;
    let said =
        [("channel", "phone"), ("email", &email), ("words", "no offers"), ("kind", "object"), ("about", "marketing")];
    assert_eq!(officer.post("/officer/new", &said).await.status.as_u16(), 303);
    li.post("/rights/object", &[("about", "marketing")]).await;
    assert_eq!(stopped(&world, &email).await, words("1", "0"));
    // What says so already is no work for anybody.
    world.pass(SignedDuration::from_mins(1));
    let again = li.post("/rights/restrict", &[("about", "marketing")]).await.location.unwrap();
    assert!(li.get(&again).await.body.contains("Completed"));
}

/// A backup is older than a lifting and a withdrawal after it: only the withdrawal counts.
#[tokio::test]
async fn a_restored_backup_does_not_let_go_on_what_was_withdrawn() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    for (path, field) in [("/rights/object", "about"), ("/rights/lift", "about"), ("/mine/consent/withdraw", "purpose")]
    {
        world.pass(SignedDuration::from_secs(1));
        assert_eq!(li.post(path, &[(field, "marketing")]).await.status.as_u16(), 303, "{path}");
    }
    assert_eq!(stopped(&world, &email).await, words("1", "1"));
    for again in world.portal.returned(since).await.unwrap() {
        assert!(world.portal.replay(again).await.unwrap().verified);
    }
    assert_eq!(stopped(&world, &email).await, words("1", "1"));
}

/// The company's database no longer fits the map: the word is taken all the same. It would not fit the next time either,
/// so an officer is told, and has it carried out once it does.
#[tokio::test]
async fn a_database_that_does_not_fit_the_map_keeps_nobody_from_saying_no() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    world.company("ALTER TABLE customers RENAME COLUMN offers_stopped TO gone").await;
    let page = li.get("/rights/restrict").await;
    assert!(page.status.as_u16() == 200 && page.body.contains("Stopped at once"), "{}", page.body);
    let filed = li.post("/rights/restrict", &[("about", "marketing")]).await;
    assert_eq!(filed.status.as_u16(), 303, "{}", filed.body);
    world.work().await;
    let request = filed.location.unwrap();
    let page = li.get(&request).await.body;
    assert!(page.contains("could not be read when its turn came"), "{page}");
    let number = request.trim_start_matches("/requests/").split('?').next().unwrap();
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let page = officer.get(&case).await.body;
    assert!(page.contains("could not be read when its turn came (schema)") && page.contains("map check"), "{page}");
    world.company("ALTER TABLE customers RENAME COLUMN gone TO offers_stopped").await;
    let plan = super::world::digest(&officer.get(&case).await.body);
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(stopped(&world, &email).await, words("1", "0"));
    assert!(li.get(&request).await.body.contains("Completed"));
}

/// Lifting is of tier T2, also by agreeing again.
#[tokio::test]
async fn agreeing_again_to_what_is_stopped_needs_a_fresh_code() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    li.post("/rights/object", &[("about", "marketing")]).await;
    world.pass(SignedDuration::from_mins(11));
    let given = li.post("/mine/consent/give", &[("purpose", "marketing")]).await;
    assert!(given.location.as_deref().is_some_and(|to| to.starts_with("/confirm")), "{}", given.body);
    assert_eq!(stopped(&world, &email).await, words("1", "0"));
}

/// A hold keeps the rows a withdrawal would erase: they are kept, and not used.
#[tokio::test]
async fn what_a_hold_keeps_is_stopped_all_the_same() {
    let world = World::new().await;
    let told = "role.holder]\nname = { zh-CN = \"您的设置\"";
    let column = "said = { purpose = \"marketing\", of = \"holder\", column = \"opted_in\", restricted = \"no\" }";
    let with = format!("restriction]\n{column}\n[table.\"company.marketing_preferences\".{told}");
    let hash = world.edit_map("20-account.toml", told, &with).await;
    for login in ["officer", "officer2"] {
        let approved = world.staff(login).await.post(&format!("/officer/policy/{hash}/approve"), &[]).await;
        assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
    }
    world.refresh().await;
    world.work().await;
    world.pass(SignedDuration::from_mins(1));
    let email = world.email("held");
    let mut held = world.customer(&email).await;
    let whose = format!("WHERE customer_id = (SELECT id FROM customers WHERE email = '{email}')");
    let said = format!("SELECT DISTINCT opted_in FROM marketing_preferences {whose}");
    assert!(!world.company_texts(&said).await.is_empty());
    assert_eq!(held.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(world.company_texts(&said).await, ["no"]);
}

/// Where all that one has agreed to is listed, one sees what of it is stopped, and how it goes on.
#[tokio::test]
async fn the_page_of_consents_says_what_is_stopped_since_when_and_how_it_goes_on() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let consent = "/mine/consent";
    let page = li.get(consent).await.body;
    assert!(page.contains("No consent of yours is recorded here") && !page.contains("stopped since"), "{page}");
    assert!(page.contains("Uses that do not rest on your consent") && page.contains("Parcel delivery"), "{page}");
    assert!(page.contains("/rights/restrict"), "{page}");

    let filed = li.post("/rights/object", &[("about", "marketing:provision")]).await.location.unwrap();
    let number = super::rights::number(&filed);
    let page = li.get(consent).await.body;
    assert!(page.contains("stopped since") && page.contains(&super::uses::see(&number)), "{page}");
    assert!(page.contains("/rights/lift") && page.contains("Have it used again"), "{page}");

    // Only to tick a consent is not to ask for a lifting: what comes of it is called by what was done.
    world.pass(SignedDuration::from_mins(1));
    let given = li.post("/mine/consent/give", &[("purpose", "marketing"), ("provision", "yes")]).await;
    assert_eq!(given.status.as_u16(), 303, "{}", given.body);
    assert!(li.get(consent).await.body.contains("being taken up again"), "until it is done");
    world.work().await;
    let page = li.get(consent).await.body;
    assert!(!page.contains("stopped since"), "{page}");
    let list = li.get("/requests").await.body;
    let name = "You agreed again: Offers: Giving it to another handler";
    assert!(list.contains(name) && !list.contains("Lifting a restriction"), "{list}");
    let at = list.find(name).unwrap();
    let path: String = list[..at].rsplit("href=\"").next().unwrap().chars().take_while(|c| *c != '"').collect();
    let request = li.get(&path).await.body;
    assert!(request.contains(name) && request.contains("In use again"), "{request}");
    assert!(!request.contains("Lifting a restriction"), "{request}");
    let titles = world.titles(&email);
    assert!(titles.iter().any(|title| title.starts_with("What you agreed to again is in use again")), "{titles:?}");

    // Withdrawn: nothing but a new consent lets it go on.
    world.pass(SignedDuration::from_mins(1));
    let filed = li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.location.unwrap();
    let page = li.get(consent).await.body;
    assert!(page.contains(&super::uses::see(&super::rights::number(&filed))), "{page}");
    assert!(page.contains("It goes on once you agree again") && !page.contains("Have it used again"), "{page}");

    // What an officer deals with.
    world.pass(SignedDuration::from_mins(1));
    let filed = li.post("/rights/restrict", &[("about", "delivery"), ("words", "no more")]).await.location.unwrap();
    let number = super::rights::number(&filed);
    assert!(li.get(consent).await.body.contains("you asked to have it stopped"));
    let mut officer = world.staff("officer").await;
    officer.post(&format!("/officer/requests/{number}/settle"), &[("done", "The depot was told.")]).await;
    assert!(li.get(consent).await.body.contains("an officer has answered your wish"));
}

#[tokio::test]
async fn the_page_of_consents_claims_nothing_of_a_database_that_does_not_answer() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    world.company("ALTER TABLE customers RENAME COLUMN offers_stopped TO gone").await;
    let page = li.get("/mine/consent").await;
    assert!(page.status.as_u16() == 200 && page.body.contains("cannot be looked up"), "{}", page.body);
}

/// Where the map names no place an officer has stopped it: the person can ask for the contrary all the same.
#[tokio::test]
async fn what_an_officer_stopped_an_officer_lets_go_on() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut officer = world.staff("officer").await;
    assert_eq!(li.post("/rights/lift", &[("about", "delivery")]).await.status.as_u16(), 404, "nothing was stopped");
    let settle = async |officer: &mut super::world::Person<'_>, request: &str| {
        let number = request.trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
        let done = officer.post(&format!("/officer/requests/{number}/settle"), &[("done", "Seen to.")]).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    };
    let stop = li.post("/rights/restrict", &[("about", "delivery")]).await.location.unwrap();
    settle(&mut officer, &stop).await;
    let page = li.get("/rights/lift").await.body;
    assert!(page.contains("value=\"delivery\"") && page.contains("an officer lets it go on"), "{page}");
    assert!(li.get("/mine/consent").await.body.contains("an officer has answered"));
    // What is said in the same moment has no order.
    world.pass(SignedDuration::from_secs(1));
    let lift = li.post("/rights/lift", &[("about", "delivery")]).await;
    assert_eq!(lift.status.as_u16(), 303, "{}", lift.body);
    let lift = lift.location.unwrap();
    assert_eq!(li.post("/rights/lift", &[("about", "delivery")]).await.location.unwrap(), lift, "one is enough");
    settle(&mut officer, &lift).await;
    assert!(!li.get("/rights/lift").await.body.contains("value=\"delivery\""));
    assert!(!li.get("/mine/consent").await.body.contains("an officer has answered"));
}

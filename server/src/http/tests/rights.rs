//! Every right, from asking to the answer.

use std::io::{Cursor, Read};

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness},
    ids::RequestNumber,
    request::{Handling, RequestKind, Stage},
};
use jiff::SignedDuration;
use service::requests::{About, Cancelled};
use sha2::{Digest, Sha256};

use super::world::{COMPARED, Person, World};

pub(super) fn number(location: &str) -> String {
    location.trim_start_matches("/requests/").split('?').next().unwrap().to_owned()
}

/// What is chosen and what is written.
fn form(kind: RequestKind) -> Vec<(&'static str, &'static str)> {
    let about = match service::requests::about(kind) {
        About::Purpose => Some("delivery"),
        About::Consent => Some("marketing"),
        About::Decision => Some("offers"),
        About::Nothing => None,
    };
    let to = [("company", "Blue Parcels Ltd."), ("reach", "privacy@blue.example.com")];
    let to = to.into_iter().filter(|_| kind == RequestKind::Transfer);
    about
        .map(|about| ("about", about))
        .into_iter()
        .chain(to)
        .chain([("words", "Please, the <b>blue</b> one")])
        .collect()
}

pub(super) async fn file(person: &mut Person<'_>, kind: RequestKind) -> String {
    let filed = person.post(&format!("/rights/{}", kind.slug()), &form(kind)).await;
    assert_eq!(filed.status.as_u16(), 303, "{kind:?} {}", filed.body);
    number(&filed.location.unwrap())
}

#[tokio::test]
async fn what_is_asked_in_words_is_answered_in_words() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let hub = li.get("/rights").await.body;
    let kinds: Vec<RequestKind> = RequestKind::ALL
        .into_iter()
        .filter(|kind| kind.handling() == Handling::Answer && *kind != RequestKind::Copy)
        .collect();
    assert_eq!(kinds.len(), 6);
    for (n, kind) in kinds.iter().copied().enumerate() {
        let path = format!("/rights/{}", kind.slug());
        assert!(hub.contains(&path), "{kind:?} is not in the hub");
        let page = li.get(&path).await.body;
        assert!(page.contains("Answered within") || page.contains("We answer by"), "{page}");

        let empty = li.post(&path, &[("words", "  ")]).await;
        assert_eq!(empty.status.as_u16(), 422, "{kind:?}");
        let missing = if kind == RequestKind::Transfer { "Say what shall be sent" } else { "Write what you want" };
        assert!(empty.body.contains(missing), "{}", empty.body);
        let long = "x".repeat(2_001);
        let long = li.post(&path, &[("about", "nothing of the kind"), ("words", &long)]).await;
        assert!(long.status.as_u16() == 422 && long.body.contains(&"x".repeat(2_001)), "what was typed stays");

        let number = file(&mut li, kind).await;
        let request = li.get(&format!("/requests/{number}?filed")).await.body;
        assert!(request.contains("Request received") && request.contains("&lt;b&gt;blue"), "{request}");

        // Each officer's code is good once in half a minute.
        world.pass(SignedDuration::from_mins(1));
        let mut officer = world.staff(if n % 2 == 0 { "officer" } else { "officer2" }).await;
        let case_path = format!("/officer/requests/{number}");
        let case = officer.get(&case_path).await.body;
        assert!(case.contains("&lt;b&gt;blue") && case.contains("Answer the person"), "{case}");
        assert!(!case.contains("Check and approve"), "there is nothing to carry out");
        assert_eq!(officer.post(&format!("{case_path}/approve"), &[("plan", "")]).await.status.as_u16(), 409);
        assert_eq!(officer.post(&format!("{case_path}/settle"), &[("done", "")]).await.status.as_u16(), 422);
        let answer = [("done", "We have done it, Mr Wu.")];
        assert_eq!(officer.post(&format!("{case_path}/settle"), &answer).await.status.as_u16(), 303);
        assert_eq!(officer.post(&format!("{case_path}/settle"), &answer).await.status.as_u16(), 409, "once");

        let request = li.get(&format!("/requests/{number}")).await.body;
        assert!(request.contains("Answered"), "{request}");
        assert_eq!(request.matches("We have done it, Mr Wu.").count(), 1, "read once: {request}");
        assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 409, "it is over");
        world.work().await;
        let letter = world.letters().into_iter().find(|(to, body)| *to == email && body.contains(&number)).unwrap().1;
        assert!(!letter.contains("Mr Wu") && !letter.contains("blue"), "nothing personal in the mail: {letter}");
    }
    // What the executor does cannot be completed with words.
    let mut newcomer = world.customer(&world.email("newcomer")).await;
    let deletion = super::world::deletion(&mut newcomer).await;
    world.pass(SignedDuration::from_mins(1));
    let mut officer = world.staff("officer").await;
    let settle = format!("/officer/requests/{deletion}/settle");
    assert_eq!(officer.post(&settle, &[("done", "gone, believe me")]).await.status.as_u16(), 404);
    for slug in ["delete", "withdraw", "correct", "nonsense"] {
        assert_eq!(li.get(&format!("/rights/{slug}")).await.status.as_u16(), 404, "{slug}");
    }
}

#[tokio::test]
async fn a_refusal_fits_what_was_asked() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let transfer = file(&mut li, RequestKind::Transfer).await;
    let mut officer = world.staff("officer").await;
    let refuse = format!("/officer/requests/{transfer}/refuse");
    let words = ("words", "The other company takes no such files.");
    assert_eq!(officer.post(&refuse, &[("reason", "RETENTION_NOT_EXPIRED"), words]).await.status.as_u16(), 404);
    assert_eq!(officer.post(&refuse, &[("reason", "PORT_TECH"), words]).await.status.as_u16(), 303);
    let page = li.get(&format!("/requests/{transfer}")).await.body;
    assert!(page.contains("Bring a lawsuit"), "{page}");
    for said in ["Order 790 art. 25", "The other company takes no such files."] {
        assert_eq!(page.matches(said).count(), 1, "{said}, once: {page}");
    }
}

#[tokio::test]
async fn a_consent_is_withdrawn_at_once_and_nothing_else_changes() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mine = format!(
        "SELECT count(*) FROM marketing_preferences WHERE customer_id = (SELECT id FROM customers WHERE email = '{email}')"
    );
    let orders = "SELECT count(*) FROM orders";
    let (before, others) = (world.company_texts(&mine).await, world.company_texts(orders).await);
    assert_ne!(before, ["0"]);
    let page = li.get("/mine/consent").await.body;
    assert!(page.contains("If you withdraw it we delete: Offer preferences."), "{page}");
    assert_eq!(li.post("/mine/consent/withdraw", &[("purpose", "delivery")]).await.status.as_u16(), 404);
    assert!(
        page.contains("Giving it to another handler (art. 23)</dt>") && page.contains("nothing said here"),
        "{page}"
    );
    assert!(page.contains("Separate consent: asked one by one"), "as the policy calls it: {page}");
    assert!(page.contains("decides for themselves what to do with it"), "and what the law's words mean: {page}");
    assert!(!page.contains(" checked"), "nothing is ticked beforehand: {page}");
    let give = "/mine/consent/give";
    assert_eq!(li.post(give, &[("purpose", "delivery")]).await.status.as_u16(), 404, "that rests on a contract");
    let abroad = [("purpose", "marketing"), ("abroad", "yes")];
    assert_eq!(li.post(give, &abroad).await.status.as_u16(), 404, "nothing goes abroad for it");
    assert_eq!(li.post(give, &[("purpose", "marketing")]).await.status.as_u16(), 303);
    let page = li.get("/mine/consent").await.body;
    assert!(page.contains("You agreed on") && page.contains("not agreed ("), "one yes is not the other: {page}");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post(give, &[("purpose", "marketing"), ("provision", "yes")]).await.status.as_u16(), 303);
    let page = li.get("/mine/consent").await.body;
    assert!(page.matches("agreed on").count() == 2 && page.contains(" checked"), "as they left it: {page}");
    assert!(!li.get("/requests").await.body.contains("You no longer agree"));
    let lines = page.matches("<th scope=\"row\">").count();
    assert_eq!(lines, 4, "everything that was ever said is still there: {page}");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post(give, &[("purpose", "marketing")]).await.status.as_u16(), 303);
    assert!(
        li.get("/requests").await.body.contains("You no longer agree: Offers"),
        "what was agreed to and is no more is stopped"
    );
    world.pass(SignedDuration::from_mins(1));
    let filed = li.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await;
    let request = li.get(&filed.location.unwrap()).await.body;
    assert!(request.contains("Consent withdrawn: Offers") && request.contains("Completed"), "{request}");
    assert_eq!(world.company_texts(&mine).await, ["0"]);
    assert_eq!(world.company_texts(orders).await, others);
    assert!(li.get("/mine").await.body.contains("Order number"), "the account is as it was");
    let page = li.get("/mine/consent").await.body;
    assert!(page.contains("You withdrew your consent on") && !page.contains("Withdraw my consent"), "{page}");
    assert!(page.contains("withdrawn on"), "{page}");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("consent_answered") && log.contains("withdrawn"), "{log}");

    // A backup brings the preferences back: the withdrawal still counts.
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    assert!(world.portal.returned(since).await.unwrap().is_empty());
    world.company(&format!("INSERT INTO marketing_preferences VALUES ({id}, 'sms', 'yes', 'tea', '2026-01-01')")).await;
    for again in world.portal.returned(since).await.unwrap() {
        assert_eq!(again.kind, RequestKind::Withdraw);
        assert!(world.portal.replay(again).await.unwrap().verified);
    }
    assert_eq!(world.company_texts(&mine).await, ["0"]);
}

/// What for, since when, and the one thing to do: nothing that has to be turned round to be understood.
#[tokio::test]
async fn each_consent_says_how_it_stands_and_offers_the_one_thing_that_can_be_done() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let part = |page: &str| page[page.find("<h2>Offers").unwrap()..].split("</section>").next().unwrap().to_owned();
    let (withdraw, give) = ("action=\"/mine/consent/withdraw\"", "I want to agree");
    let page = part(&li.get("/mine/consent").await.body);
    assert!(page.contains("No consent of yours is recorded here") && !page.contains("Now: not stopped"), "{page}");
    assert!(page.contains(withdraw), "what was agreed to elsewhere: {page}");
    let kept = "records hold this of yours for it: Offer preferences";
    assert!(page.contains(kept) && page.contains("When and where you agreed is not recorded"), "{page}");
    for (path, form, says) in [
        ("/mine/consent/give", vec![("purpose", "marketing"), ("provision", "yes")], "You agreed on"),
        ("/mine/consent/withdraw", vec![("purpose", "marketing")], "You withdrew your consent on"),
    ] {
        world.pass(SignedDuration::from_mins(1));
        assert_eq!(li.post(path, &form).await.status.as_u16(), 303);
        world.work().await;
        let page = part(&li.get("/mine/consent").await.body);
        assert!(page.contains(says), "{page}");
        let agreed = says == "You agreed on";
        assert_eq!((page.contains(withdraw), page.contains(give)), (agreed, !agreed), "{page}");
        assert_eq!(
            page.contains("Now: "),
            !agreed,
            "that it may go on needs no saying; that it has stopped does: {page}"
        );
        assert!(!page.contains("not stopped"), "{page}");
    }
}

#[tokio::test]
async fn an_account_is_closed_once_all_is_settled_and_nobody_changed_their_mind() {
    let world = World::new().await;
    let email = world.email("customer");
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    world
        .company(&format!(
            "UPDATE waybills SET delivered_at = NULL WHERE id = (SELECT min(id) FROM waybills WHERE sender_id = {id})"
        ))
        .await;
    let mut li = world.customer(&email).await;
    let page = li.get("/mine/cancel-account").await.body;
    assert!(page.contains("A parcel of yours has not been delivered"), "{page}");
    assert_eq!(li.post("/mine/cancel-account", &[]).await.location.as_deref(), Some("/mine/cancel-account"));
    let mobile = world.person("customer")["mobile"].as_str().unwrap();
    world.company(&format!("UPDATE waybills SET delivered_at = accepted_at WHERE sender_id = {id} OR sender_mobile = '{mobile}' OR receiver_mobile = '{mobile}'")).await;
    world.company(&format!("UPDATE orders SET completed_at = placed_at WHERE customer_id = {id}")).await;
    let page = li.get("/mine/cancel-account").await.body;
    assert!(page.contains("You can change your mind until"), "{page}");

    let filed = li.post("/mine/cancel-account", &[]).await.location.unwrap();
    let first = format!("/requests/{}", number(&filed));
    let page = li.get(&first).await.body;
    assert!(page.contains("Keep my account") && page.contains("You can change your mind until"), "{page}");
    let due = app::format::weekday(Lang::En, world.portal.calendar().due(world.portal.clock.today()).due);
    for said in ["Until the end of", "00:00: the account is closed", &format!("{due}: the last day the law allows")] {
        assert_eq!(page.matches(said).count(), 1, "each day by what it is, once: {said}: {page}");
    }
    assert_eq!(page.matches(&due).count(), 1, "{page}");
    assert!(!page.contains("take this back"), "one way to take it back: {page}");
    assert!(page.contains("waiting for the days in which it can be undone"), "nothing runs yet: {page}");
    assert!(page.contains("What is proposed"), "{page}");
    world.pass(SignedDuration::from_hours(40));
    world.work().await;
    let still = format!("SELECT count(*) FROM customers WHERE email = '{email}'");
    assert_eq!(world.company_texts(&still).await, ["1"], "nothing is done while it can be taken back");
    // Sessions go by the machine's clock, and ours is days ahead: from here on without a browser.
    let identifier = Identifier::Email(Email::parse(&email).unwrap());
    let actor = Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap());
    let (own, fresh) = (actor.own().unwrap(), actor.own_fresh().unwrap());
    let first = RequestNumber::parse(&number(&filed)).unwrap();
    world.portal.cancel(&own, &actor, &first).await.unwrap();
    world.pass(SignedDuration::from_hours(100));
    world.work().await;
    assert_eq!(world.company_texts(&still).await, ["1"], "taken back");

    let file = async || match world.portal.file_cancellation(&fresh, &actor, Lang::En).await.unwrap() {
        Cancelled::Filed(request) => request.number.clone(),
        Cancelled::Blocked | Cancelled::NoAccount(_) => panic!("nothing stands against it"),
    };
    let (filed, again) = (file().await, file().await);
    assert_eq!(filed, again, "one is enough");
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(world.company_texts(&still).await, ["0"]);
    let certificate = world.visitor().get(&format!("/verify/{filed}")).await;
    assert_eq!(certificate.status.as_u16(), 200, "{}", certificate.body);
}

#[tokio::test]
async fn an_account_with_something_new_to_settle_goes_to_an_officer() {
    let world = World::new().await;
    let email = world.email("customer");
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let mobile = world.person("customer")["mobile"].as_str().unwrap();
    let theirs = format!("sender_id = {id} OR sender_mobile = '{mobile}' OR receiver_mobile = '{mobile}'");
    world.company(&format!("UPDATE waybills SET delivered_at = accepted_at WHERE {theirs}")).await;
    world.company(&format!("UPDATE orders SET completed_at = placed_at WHERE customer_id = {id}")).await;
    let mut li = world.customer(&email).await;
    let filed = number(&li.post("/mine/cancel-account", &[]).await.location.unwrap());
    world.company(&format!("UPDATE orders SET completed_at = NULL WHERE customer_id = {id}")).await;
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    let still = format!("SELECT count(*) FROM customers WHERE email = '{email}'");
    assert_eq!(world.company_texts(&still).await, ["1"], "an order came in meanwhile");
    let identifier = Identifier::Email(Email::parse(&email).unwrap());
    let own = Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap()).own().unwrap();
    let filed = world.portal.my_request(&own, &RequestNumber::parse(&filed).unwrap()).await.unwrap();
    assert!(matches!(filed.request.stage, Stage::Received { .. }), "{:?}", filed.request.stage);

    // Nothing has gone, so it can still be taken back; and whoever agrees to it later gives the days anew.
    let (request, mut li) = (filed.request.number, world.customer(&email).await);
    let page = li.get(&format!("/requests/{request}")).await.body;
    assert!(page.contains(&format!("/requests/{request}/cancel")), "{page}");
    let mut wu = world.staff("officer").await;
    let case = format!("/officer/requests/{request}");
    assert!(!wu.get(&case).await.body.contains("/approve\""), "not while it is open");
    world.company(&format!("UPDATE orders SET completed_at = placed_at WHERE customer_id = {id}")).await;
    let page = wu.get(&case).await.body;
    let plan = page.split("name=\"plan\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(world.company_texts(&still).await, ["1"]);
    assert!(li.get(&format!("/requests/{request}")).await.body.contains("You can change your mind until"));
    // And on that day it is looked at again.
    world.company(&format!("UPDATE orders SET completed_at = NULL WHERE customer_id = {id}")).await;
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(world.company_texts(&still).await, ["1"]);
    let mut li = world.customer(&email).await;
    assert_eq!(li.post(&format!("/requests/{request}/cancel"), &[]).await.status.as_u16(), 303);
}

#[tokio::test]
async fn a_copy_holds_all_of_ones_own_and_nothing_of_others() {
    let world = World::new().await;
    let email = world.email("customer");
    assert_eq!(world.visitor().post("/mine/copy.zip", &[]).await.location.as_deref(), Some("/sign-in"));
    let mut li = world.customer(&email).await;
    assert!(li.get("/mine/copy").await.body.contains("Download the copy"));
    let (status, bytes) = li.download("/mine/copy.zip").await;
    assert_eq!(status.as_u16(), 200);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut bytes_of = |name: &str| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    let manifest: serde_json::Value = serde_json::from_slice(&bytes_of("manifest.json")).unwrap();
    for file in manifest["files"].as_array().unwrap() {
        let content = bytes_of(file["name"].as_str().unwrap());
        assert_eq!(file["sha256"], hex::encode(Sha256::digest(&content)), "{file}");
    }
    assert_eq!(names.iter().any(|name| name == "summary.pdf"), cfg!(feature = "pdf"), "as this build sets one or not");
    // The summary is no text; its own test reads it.
    let mut read = |name: &str| String::from_utf8_lossy(&bytes_of(name)).into_owned();
    let index = read("index.html");
    assert!(index.contains("Offers") && index.contains("business database"), "{index}");
    assert!(index.contains("href=\"http://127.0.0.1:3000\""), "it says where its person can ask: {index}");
    let account: serde_json::Value = serde_json::from_str(&read("data/company-customers-holder.json")).unwrap();
    assert_eq!(account["records"][0]["values"]["email"]["value"], email);
    let waybills = "data/company-waybills-sender";
    let sent: serde_json::Value = serde_json::from_str(&read(&format!("{waybills}.json"))).unwrap();
    let sent = sent["records"].as_array().unwrap();
    assert!(!sent.is_empty() && sent.iter().all(|row| row["values"].get("receiver_name").is_none()), "{sent:?}");
    let sheet = read(&format!("{waybills}.csv"));
    let rows = csv::Reader::from_reader(sheet.trim_start_matches('\u{feff}').as_bytes()).into_records().count();
    assert_eq!(rows, sent.len());
    assert!(index.contains(&format!("Records: {rows}")), "{index}");
    // Every way leads to a file of the archive, from wherever it is; but for the one to where it can be asked about.
    let site = world.portal.settings.address.clone();
    for (page, name) in names.iter().filter(|name| name.contains(".html")).map(|name| (read(name), name)) {
        let hrefs = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        for href in hrefs.filter(|href| *href != site) {
            let to = match (href.strip_prefix("../"), name.rsplit_once('/')) {
                (Some(above), Some(_)) => above.to_owned(),
                (None, None) => href.to_owned(),
                (Some(_), None) | (None, Some(_)) => panic!("{name} leads out of the archive: {href}"),
            };
            assert!(names.contains(&to), "{name}: {href}");
        }
    }
    assert!(index.contains("href=\"pages/company-customers-holder.html\""), "{index}");
    // Whoever else is in these tables is not in the copy.
    let all = names.iter().map(|name| read(name)).collect::<String>();
    for other in world
        .company_texts(&format!("SELECT email FROM customers WHERE email IS NOT NULL AND email <> '{email}'"))
        .await
    {
        assert!(!all.contains(&other), "{other}");
    }
    world.work().await;
    assert!(world.letters().iter().any(|(to, body)| *to == email && body.contains("was downloaded")), "they are told");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("copy_taken"), "{log}");
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(li.post("/mine/copy.zip", &[]).await.location.as_deref(), Some("/confirm"), "a code within ten minutes");
}

#[tokio::test]
async fn what_an_officer_does_first_is_said_by_what_is_asked() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut wu = world.staff("officer").await;
    for (kind, says) in [
        (RequestKind::Complete, "Do it first, then write"),
        (RequestKind::Transfer, "Nothing has to be prepared: what is transferred is written once you answer"),
        (RequestKind::ExplainRules, "Your explanation"),
        (RequestKind::RefuseDecision, "Have it looked at again by a person first"),
        (RequestKind::Complaint, "Look into it and put it right first"),
    ] {
        let number = file(&mut li, kind).await;
        let page = wu.get(&format!("/officer/requests/{number}")).await.body;
        assert!(page.contains(says), "{kind:?} {page}");
        assert_eq!(page.contains("Do it first"), kind == RequestKind::Complete, "{kind:?} {page}");
    }
    let mut agent = world.customer("agent@example.com").await;
    let number = agent.asks_for(&world.email("customer"), "agent", "copy").await;
    let case = format!("/officer/requests/{number}");
    wu.post(&format!("{case}/people"), &[]).await;
    wu.post(&format!("{case}/confirm"), COMPARED).await;
    let page = world.staff("officer2").await.get(&case).await.body;
    assert!(page.contains("Nothing has to be prepared: the copy is written once you answer"), "{page}");
}

#[tokio::test]
async fn a_transfer_asks_one_thing_a_field_and_loses_nothing_that_was_typed() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get("/rights/transfer").await.body;
    for field in ["company", "reach", "words"] {
        assert!(page.contains(&format!("<label for=\"{field}\"")), "{field}: {page}");
    }
    let half = [("company", "Blue <Parcels>"), ("words", "My address book")];
    let again = li.post("/rights/transfer", &half).await;
    assert!(again.status.as_u16() == 422 && again.body.contains("Say how we reach that company"), "{}", again.body);
    assert!(!again.body.contains("Give the name"), "only what is missing: {}", again.body);
    assert!(
        again.body.contains("value=\"Blue &lt;Parcels>\"") || again.body.contains("Blue &lt;Parcels"),
        "{}",
        again.body
    );
    assert!(again.body.contains("My address book"), "{}", again.body);
    let filed = li.post("/rights/transfer", &[&half[..], &[("reach", "0592-1234567")]].concat()).await;
    let page = li.get(&filed.location.unwrap()).await.body;
    for said in ["Company: Blue &lt;Parcels", "Reached at: 0592-1234567", "What: My address book"] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

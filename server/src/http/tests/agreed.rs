//! What an officer has agreed to is written once, then; what is handed out is that, and nothing is read anew.

use std::io::Cursor;

use axum::body::to_bytes;
use domain::{ids::RequestNumber, request::RequestKind};
use jiff::{SignedDuration, ToSpan};
use service::{
    ServiceError,
    copies::{Again, HandingOut, Over},
};

use super::{
    copies::{Fails, actor, email_of, endings, much, pieces},
    rights::file,
    systems::approved,
    world::{COMPARED, Person, World},
};

/// Asked for by a guardian, checked by one officer and agreed to by another. Its number.
async fn agreed_copy(world: &World, guardian: &mut Person<'_>, child: &str) -> String {
    let number = guardian.asks_for(child, "guardian", "copy").await;
    let case = format!("/officer/requests/{number}");
    let mut first = world.staff("officer").await;
    let early = first.post(&format!("{case}/settle"), &[("done", "Here it is.")]).await;
    assert_eq!(early.status.as_u16(), 409, "nobody has looked at the evidence");
    assert!(pieces(world).await.is_empty());
    first.post(&format!("{case}/people"), &[]).await;
    first.post(&format!("{case}/confirm"), COMPARED).await;
    world.pass(SignedDuration::from_mins(1));
    let mut second = world.staff("officer2").await;
    let page = second.get(&case).await.body;
    assert!(page.contains("within 7 days of that the requester may download it once"), "{page}");
    assert_eq!(second.post(&format!("{case}/settle"), &[("done", "Here it is.")]).await.status.as_u16(), 303);
    number
}

async fn agreed_transfer(world: &World, li: &mut Person<'_>) -> String {
    let number = file(li, RequestKind::Transfer).await;
    let make = format!("/requests/{number}/transfer");
    assert_eq!(li.post(&make, &[]).await.location, Some(format!("/requests/{number}")), "nobody has agreed");
    let settle = format!("/officer/requests/{number}/settle");
    let answer = [("done", "All four conditions are met.")];
    assert_eq!(world.staff("officer").await.post(&settle, &answer).await.status.as_u16(), 303);
    number
}

/// As it stands on the page that shows it once.
fn address(page: &str) -> String {
    let at = page.find("/transfer/").unwrap();
    page[at..].chars().take_while(|c| *c != '<').collect()
}

fn read(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// A press that hands nothing out leads to the page that says why.
async fn leads_back(person: &mut Person<'_>, number: &str, action: &str) {
    let page = format!("/requests/{number}");
    assert_eq!(person.post(&format!("{page}/{action}"), &[]).await.location, Some(page), "{action}");
}

fn told(world: &World, to: &str, words: &str) -> usize {
    world.letters().iter().filter(|(who, body)| who == to && body.contains(words)).count()
}

#[tokio::test]
async fn a_guardian_gets_the_copy_once_and_nobody_else_does() {
    let world = World::new().await;
    let (child, asker) = (world.email("customer"), "guardian@example.com");
    let mut guardian = world.customer(asker).await;
    let mut stranger = world.customer("stranger@example.com").await;
    let mut li = world.customer(&child).await;
    let number = agreed_copy(&world, &mut guardian, &child).await;
    let (page, copy) = (format!("/requests/{number}"), format!("/requests/{number}/copy"));
    let waits = guardian.get(&page).await.body;
    assert!(waits.contains("The file is being prepared") && waits.contains("Here it is."), "{waits}");
    assert!(waits.contains("<progress") && waits.contains("Look again"), "without a script too: {waits}");
    assert_eq!(guardian.get(&format!("{page}/stage")).await.body, "answered preparing 0");
    leads_back(&mut guardian, &number, "copy").await;
    world.work().await;
    assert_eq!(told(&world, asker, "is ready and kept until"), 1);
    assert_eq!(guardian.get(&format!("{page}/stage")).await.body, "answered");
    let ready = guardian.get(&page).await.body;
    assert!(ready.contains("The copy is ready") && ready.contains("Tries left: 3"), "{ready}");
    assert!(pieces(&world).await.iter().all(|piece| !piece.windows(13).any(|part| part == b"manifest.json")), "sealed");

    // It is not one of the child's own copies, nor anybody else's.
    assert!(!li.get("/mine").await.body.contains("Your copy is ready"));
    assert_eq!(stranger.download(&copy).await.0.as_u16(), 404);
    assert_eq!(world.visitor().post(&copy, &[]).await.location.as_deref(), Some("/sign-in"));

    // What is written afterwards is not what was agreed to; and a broken line reads nothing anew.
    world.company(&format!("UPDATE customers SET name = 'Afterwards' WHERE email = '{child}'")).await;
    let first = guardian.begin_download(&copy).await;
    assert_eq!(first.status().as_u16(), 200);
    let bytes = guardian.download(&copy).await.1;
    assert!(to_bytes(first.into_body(), 50_000_000).await.is_err(), "of two the later is given it");
    let account = read(&bytes, "data/company-customers-holder.csv");
    assert!(account.contains(&child) && !account.contains("Afterwards"), "{account}");
    leads_back(&mut guardian, &number, "copy").await;
    assert!(pieces(&world).await.is_empty());
    let over = guardian.get(&page).await.body;
    assert!(over.contains("The copy was downloaded on") && !over.contains("The copy is ready"), "{over}");
    leads_back(&mut guardian, &number, "prepare").await;
    world.work().await;
    assert_eq!(told(&world, &child, "您的信息副本刚刚开始下载"), 2, "each time one was begun");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    for action in ["copy_asked", "copy_prepared", "copy_taken", "delivered"] {
        assert!(log.contains(action), "{action}: {log}");
    }
    assert!(!log.contains(&child) && !log.contains(asker), "{log}");
}

#[tokio::test]
async fn what_was_asked_for_them_the_person_sees_and_does_not_use_up() {
    let world = World::new().await;
    let child = world.email("customer");
    let mut li = world.customer(&child).await;
    let mut guardian = world.customer("guardian@example.com").await;
    let number = agreed_copy(&world, &mut guardian, &child).await;
    let page = format!("/requests/{number}");
    let waits = li.get(&page).await.body;
    assert!(waits.contains("being prepared for whoever asked for you"), "{waits}");
    world.work().await;
    let ready = li.get(&page).await.body;
    assert!(
        ready.contains("The file waits for whoever asked for you") && ready.contains("href=\"/mine/copy\""),
        "{ready}"
    );
    assert!(!ready.contains("Download the copy") && ready.contains("Stop handing it out"), "{ready}");
    leads_back(&mut li, &number, "copy").await;
    leads_back(&mut li, &number, "prepare").await;
    assert_eq!(pieces(&world).await.len(), 1, "it is still there for whoever asked");

    assert_eq!(guardian.download(&format!("{page}/copy")).await.0.as_u16(), 200);
    let over = li.get(&page).await.body;
    assert!(over.contains("The copy was downloaded (by whoever asks for them)"), "who has it now: {over}");
    assert!(over.contains("The copy was downloaded on"), "{over}");
}

/// Which tables an archive is of.
fn tables(bytes: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.unwrap().strip_suffix(".json")?.strip_prefix("data/")?.to_owned()))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_copy_is_of_what_the_officer_chose_and_a_transfer_of_what_may_go() {
    let world = World::new().await;
    let email = world.email("customer");
    let (mut li, mut guardian) = (world.customer(&email).await, world.customer("guardian@example.com").await);
    let number = guardian.asks_for(&email, "guardian", "copy").await;
    let case = format!("/officer/requests/{number}");
    let mut first = world.staff("officer").await;
    first.post(&format!("{case}/people"), &[]).await;
    first.post(&format!("{case}/confirm"), COMPARED).await;
    world.pass(SignedDuration::from_mins(1));
    let mut second = world.staff("officer2").await;
    let settle = format!("{case}/settle");
    let nothing = second.post(&settle, &[("done", "Two of them."), ("tables", "listed")]).await;
    assert_eq!(nothing.status.as_u16(), 422);
    assert!(nothing.body.contains("Choose some records") && nothing.body.contains("Two of them."), "{}", nothing.body);
    let chosen = [("table:company.customers", "on"), ("table:company.waybills", "on")];
    let answer = [[("done", "Two of them."), ("tables", "listed")], chosen].concat();
    assert_eq!(second.post(&settle, &answer).await.status.as_u16(), 303);
    let page = guardian.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("It is of: Waybill, Account"), "said before anybody has it: {page}");
    world.work().await;
    let (_, bytes) = guardian.download(&format!("/requests/{number}/copy")).await;
    let all = tables(&bytes);
    assert!(
        all.iter().all(|name| name.starts_with("company-customers") || name.starts_with("company-waybills")),
        "{all:?}"
    );
    assert!(all.len() >= 2, "{all:?}");

    let transfer = agreed_transfer(&world, &mut li).await;
    let path = address(&li.post(&format!("/requests/{transfer}/transfer"), &[]).await.body);
    world.work().await;
    let all = tables(&world.visitor().download(&path).await.1);
    assert!(all.iter().any(|name| name.starts_with("company-customers")), "{all:?}");
    assert!(
        all.iter().all(|name| !name.contains("real-name") && !name.contains("payments")),
        "the law had these: {all:?}"
    );
    let page = li.get(&format!("/requests/{transfer}")).await.body;
    assert!(page.contains("It is of: "), "{page}");
}

#[tokio::test]
async fn the_person_stops_a_copy_that_was_agreed_to_and_waits() {
    let world = World::new().await;
    let child = world.email("customer");
    let mut li = world.customer(&child).await;
    let mut guardian = world.customer("guardian@example.com").await;
    let mut stranger = world.customer("stranger@example.com").await;
    let open = guardian.asks_for(&child, "guardian", "copy").await;
    assert_eq!(li.post(&format!("/requests/{open}/stop"), &[]).await.status.as_u16(), 409, "nothing was agreed to");
    // Once before it is written, once when it waits.
    for before in [true, false] {
        let number = agreed_copy(&world, &mut guardian, &child).await;
        let (page, stop) = (format!("/requests/{number}"), format!("/requests/{number}/stop"));
        if !before {
            world.work().await;
            assert_eq!(pieces(&world).await.len(), 1);
        }
        assert_eq!(stranger.post(&stop, &[]).await.status.as_u16(), 404);
        assert!(li.get(&page).await.body.contains("Stop handing it out"));
        assert_eq!(li.post(&stop, &[]).await.status.as_u16(), 303);
        world.work().await;
        assert!(pieces(&world).await.is_empty(), "what was prepared is destroyed");
        leads_back(&mut guardian, &number, "copy").await;
        let stopped = guardian.get(&page).await.body;
        assert!(stopped.contains("Stopped: nothing more is handed out (by the person)"), "{stopped}");
        assert!(stopped.contains("what was prepared has been destroyed"), "{stopped}");
        assert!(!stopped.contains("The copy is ready") && !stopped.contains("Stop handing it out"), "{stopped}");
        leads_back(&mut guardian, &number, "prepare").await;
        assert_eq!(li.post(&stop, &[]).await.status.as_u16(), 409, "once");
        world.pass(SignedDuration::from_mins(1));
    }
    assert_eq!(endings(&world).await, [r#"{"why":"stopped"}"#; 2]);
}

#[tokio::test]
async fn a_transfer_is_fetched_by_the_other_company_once() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = agreed_transfer(&world, &mut li).await;
    let (page, make) = (format!("/requests/{number}"), format!("/requests/{number}/transfer"));
    let waits = li.get(&page).await.body;
    assert!(waits.contains("The file is being prepared") && waits.contains("Make a one-time address"), "{waits}");
    let first = address(&li.post(&make, &[]).await.body);
    let shown = li.get(&page).await.body;
    assert!(shown.contains("A one-time address was made; it works until"), "{shown}");
    assert!(shown.contains("the one before stops working at once"), "another is not made by mistake: {shown}");
    let second = address(&li.post(&make, &[]).await.body);
    let mut other = world.visitor();
    assert_eq!(other.get(&first).await.status.as_u16(), 410, "another took its place");
    let waits = other.get(&second).await;
    assert!(
        waits.status.as_u16() == 200 && waits.body.contains("Once it is ready it is downloaded at this same address")
    );
    assert_eq!(other.download(&second).await.0.as_u16(), 409, "nothing of a half");
    world.work().await;
    assert_eq!(told(&world, &email, "is ready and kept until"), 1);
    assert!(li.get(&page).await.body.contains("The transfer can go"));
    let ready = other.get(&second).await.body;
    assert!(ready.contains("wants you to receive it") && !ready.contains(&email), "{ready}");

    world.company(&format!("UPDATE customers SET name = 'Afterwards' WHERE email = '{email}'")).await;
    drop(other.begin_download(&second).await);
    assert!(other.get(&second).await.body.contains("Tries left: 2"), "a broken line does not use the address up");
    let (status, bytes) = other.download(&second).await;
    assert_eq!(status.as_u16(), 200);
    let account = read(&bytes, "data/company-customers-holder.json");
    assert!(account.contains(&email) && !account.contains("Afterwards"), "{account}");
    let signed: domain::proof::Signed = serde_json::from_str(&read(&bytes, "manifest.signed.json")).unwrap();
    assert!(signed.check(&world.portal.store.vault().public_key()).is_ok());
    let manifest: serde_json::Value = serde_json::from_str(&read(&bytes, "manifest.json")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&signed.body).unwrap()["made_at"], manifest["made_at"]);
    assert_eq!(other.get(&second).await.status.as_u16(), 410, "once");
    assert_eq!(other.download(&second).await.0.as_u16(), 410);
    assert!(pieces(&world).await.is_empty());
    let fetched = li.get(&page).await.body;
    assert!(fetched.contains("The other company has fetched it"), "{fetched}");
    assert!(!fetched.contains("A one-time address was made; it works"), "{fetched}");
    world.work().await;
    assert_eq!(told(&world, &email, "began to be downloaded a moment ago"), 2, "each time it was begun");

    // For another company it is prepared again, of what is there now, until it is stopped.
    let third = address(&li.post(&make, &[]).await.body);
    assert_eq!(other.download(&third).await.0.as_u16(), 409);
    world.work().await;
    assert_eq!(other.get(&third).await.status.as_u16(), 200);
    assert_eq!(li.post(&format!("{page}/stop"), &[]).await.status.as_u16(), 303);
    assert_eq!(other.get(&third).await.status.as_u16(), 410, "an address that was made stops working");
    leads_back(&mut li, &number, "transfer").await;
    let stopped = li.get(&page).await.body;
    assert!(stopped.contains("no address can be made any more"), "{stopped}");
    assert!(pieces(&world).await.is_empty());
}

#[tokio::test]
async fn what_was_agreed_to_goes_when_its_time_is_over_or_the_tries_are() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut guardian = world.customer("guardian@example.com").await;
    let mut li = world.customer(&email).await;
    let (copy, transfer) = (agreed_copy(&world, &mut guardian, &email).await, agreed_transfer(&world, &mut li).await);
    let path = address(&li.post(&format!("/requests/{transfer}/transfer"), &[]).await.body);
    world.work().await;
    for _ in 0..3 {
        drop(guardian.begin_download(&format!("/requests/{copy}/copy")).await);
        drop(world.visitor().begin_download(&path).await);
    }
    leads_back(&mut guardian, &copy, "copy").await;
    assert_eq!(world.visitor().download(&path).await.0.as_u16(), 410);
    let page = guardian.get(&format!("/requests/{copy}")).await.body;
    assert!(page.contains("The tries are used up") && !page.contains("Prepare it again"), "{page}");
    let page = li.get(&format!("/requests/{transfer}")).await.body;
    assert!(page.contains("The tries are used up") && page.contains("Prepare it again"), "{page}");
    world.pass(SignedDuration::from_mins(61));
    world.portal.tidy().await.unwrap();
    assert!(pieces(&world).await.is_empty());
    assert_eq!(endings(&world).await, [r#"{"why":"tries_over"}"#; 2]);
    // Sessions go by the machine's clock, and ours is an hour ahead: from here on without a browser.
    let (own, number) = (actor(&[email_of(&email)]), RequestNumber::parse(&transfer).unwrap());
    let fresh = own.own_fresh().unwrap();
    let asker = actor(&[email_of("guardian@example.com")]);
    let copy = RequestNumber::parse(&copy).unwrap();
    let again = world.portal.prepare_agreed_again(&asker.own_fresh().unwrap(), &asker, &copy).await;
    assert!(matches!(again, Err(ServiceError::NotHandedOut)), "a copy is handed out once");
    let at = async || world.portal.my_request(fresh.own(), &number).await.unwrap().handing_out;
    assert!(matches!(at().await, HandingOut::Again { why: Again::TriesOver, .. }));
    world.portal.open_transfer(&fresh, &own, &number).await.unwrap();
    world.work().await;
    assert!(matches!(at().await, HandingOut::Ready(_)) && pieces(&world).await.len() == 1);
    let later = world.portal.clock.today().saturating_add(9.days());
    assert!(world.portal.retain(later, &|_| {}).await.unwrap().verified);
    assert!(pieces(&world).await.is_empty(), "as the policy says of copies");
    assert!(matches!(at().await, HandingOut::Again { why: Again::Gone, .. }));
    world.portal.open_transfer(&fresh, &own, &number).await.unwrap();
    world.portal.open_transfer(&fresh, &own, &number).await.unwrap();
    assert!(matches!(at().await, HandingOut::Preparing(_)));
    world.pass(SignedDuration::from_hours(24 * 31));
    assert!(matches!(at().await, HandingOut::Over(Over::Late)), "what was agreed to so long ago is asked for again");
    let again = world.portal.open_transfer(&fresh, &own, &number).await;
    assert!(matches!(again, Err(ServiceError::NotHandedOut)));
}

#[tokio::test]
async fn an_erasure_destroys_what_was_agreed_to() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("guardian@example.com").await;
    let (copy, transfer) = (agreed_copy(&world, &mut agent, &email).await, agreed_transfer(&world, &mut li).await);
    world.work().await;
    assert_eq!(pieces(&world).await.len(), 2);
    world.pass(SignedDuration::from_mins(1));
    approved(&world, &email).await;
    assert!(pieces(&world).await.is_empty());
    assert_eq!(endings(&world).await, [r#"{"why":"erasure"}"#; 2]);
    for (person, number) in [(&mut agent, copy), (&mut li, transfer)] {
        let page = person.get(&format!("/requests/{number}")).await.body;
        assert!(page.contains("something in it was erased") && page.contains("Prepare it again"), "{page}");
    }
}

#[tokio::test]
async fn what_was_agreed_to_and_could_not_be_written_is_said_and_made_again() {
    let world = World::new().await;
    let email = world.email("customer");
    much(&world, &email).await;
    let mut guardian = world.customer("guardian@example.com").await;
    let number = agreed_copy(&world, &mut guardian, &email).await;
    for _ in 0..5 {
        world.portal.prepare_next(&Fails).await.unwrap();
        world.pass(SignedDuration::from_secs(90));
    }
    let page = format!("/requests/{number}");
    let failed = guardian.get(&page).await.body;
    assert!(failed.contains("The file could not be prepared") && failed.contains("Prepare it again"), "{failed}");
    world.work().await;
    assert_eq!(told(&world, "guardian@example.com", "have it prepared again"), 1);
    let again = format!("{page}/prepare");
    // The code of the sign-in is ten minutes old by now.
    let mut guardian = world.customer("guardian@example.com").await;
    assert_eq!(world.customer("stranger@example.com").await.post(&again, &[]).await.status.as_u16(), 404);
    assert_eq!(guardian.post(&again, &[]).await.location, Some(page.clone()));
    assert_eq!(guardian.post(&again, &[]).await.location, Some(page.clone()), "one is enough");
    world.work().await;
    assert!(pieces(&world).await.len() > 2, "as large as it is");
    let tickets = guardian.download(&format!("{page}/copy")).await.1;
    let tickets: serde_json::Value =
        serde_json::from_str(&read(&tickets, "data/company-support-tickets-customer.json")).unwrap();
    assert!(tickets["records"].as_array().unwrap().len() >= 4000);
}

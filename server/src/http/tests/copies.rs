//! Copies that are prepared first, and wait to be downloaded.

use std::{io::Cursor, sync::Mutex};

use axum::body::to_bytes;
use domain::{
    Email, Identifier, Lang, Mobile,
    actor::{Actor, Customer, Freshness},
    ids::CopyId,
};
use jiff::{SignedDuration, ToSpan};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::{
    Portal, ServiceError,
    copies::{Order, Shelf, Unwritten, Writer, Written},
    worker::Worked,
};
use store::copies::CopyState;

use crate::copy::Archivist;

use super::{
    systems::{WORDS, approved, approved_only, table},
    world::{Person, World},
};

const PREPARE: &str = "/mine/copy/prepare";

async fn asked(person: &mut Person<'_>) -> String {
    let asked = person.post(PREPARE, &[]).await;
    assert_eq!(asked.status.as_u16(), 303, "{}", asked.body);
    asked.location.unwrap()
}

fn id(path: &str) -> CopyId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

async fn own(world: &World, sql: &str) {
    world.portal.store.read().execute_unprepared(sql).await.unwrap();
}

pub(super) async fn pieces(world: &World) -> Vec<Vec<u8>> {
    let all = Statement::from_string(DbBackend::Sqlite, "SELECT sealed FROM copy_piece ORDER BY place");
    let rows = world.portal.store.read().query_all_raw(all).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Why copies have gone, by the audit log.
pub(super) async fn endings(world: &World) -> Vec<String> {
    let all = "SELECT detail FROM audit WHERE action = 'copy_ended' ORDER BY seq";
    let rows = world.portal.store.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, all)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Enough for several pieces.
pub(super) async fn much(world: &World, email: &str) {
    world
        .company(&format!(
            "INSERT INTO support_tickets (customer_id, subject, body, opened_at) \
             WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 4000) \
             SELECT (SELECT id FROM customers WHERE email = '{email}'), hex(randomblob(40)), hex(randomblob(40)), '2026-01-01' FROM s"
        ))
        .await;
}

pub(super) fn actor(identifiers: &[Identifier]) -> Actor {
    let fresh = identifiers.iter().map(|identifier| (identifier.clone(), Freshness::Fresh));
    Actor::Customer(Customer::new(fresh.collect()).unwrap())
}

pub(super) fn email_of(text: &str) -> Identifier {
    Identifier::Email(Email::parse(text).unwrap())
}

#[tokio::test]
async fn a_copy_is_prepared_told_of_downloaded_once_and_gone() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let page = li.get("/mine/copy").await.body;
    assert!(page.contains("Prepare my copy") && page.contains("There are few records"), "{page}");
    assert_eq!(page.contains("summary.pdf"), cfg!(feature = "pdf"), "no more is promised than there will be");
    let live = li.download("/mine/copy.zip").await.1;
    let path = asked(&mut li).await;
    assert_eq!(asked(&mut li).await, path, "one is enough");
    assert!(li.get(&path).await.body.contains("is being prepared"));
    assert_eq!(li.get(&format!("{path}/progress")).await.body, "preparing 0");
    assert_eq!(li.download(&format!("{path}/download")).await.0.as_u16(), 303, "nothing of a half");

    world.work().await;
    let letter = world.letters().into_iter().find(|(to, body)| *to == email && body.contains(&path)).expect("told").1;
    assert!(!letter.contains(&email) && letter.contains("Once downloaded as a whole it is deleted here"), "{letter}");
    assert!(li.get("/mine").await.body.contains("Your copy is ready"));
    let page = li.get(&path).await.body;
    assert!(page.contains("Your copy is ready") && page.contains("Tries left: 3"), "{page}");
    let sealed = pieces(&world).await;
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(!sealed.is_empty() && !sealed.iter().any(|piece| holds(piece, b"manifest.json")), "sealed");

    let response = li.begin_download(&format!("{path}/download")).await;
    assert_eq!(response.status().as_u16(), 200);
    let size = response.headers()["content-length"].to_str().unwrap().to_owned();
    let kept = to_bytes(response.into_body(), 50_000_000).await.unwrap().to_vec();
    assert_eq!(size, kept.len().to_string(), "a browser can tell how far it is");
    assert!(kept == live, "the same writer, the same archive");
    assert_eq!(li.download(&format!("{path}/download")).await.0.as_u16(), 303, "once");
    assert!(li.get(&path).await.body.contains("is not kept here any more"));
    assert!(pieces(&world).await.is_empty());
    world.work().await;
    let told = world.letters().iter().filter(|(to, body)| *to == email && body.contains("was downloaded")).count();
    assert_eq!(told, 2, "of each download");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    for action in ["copy_asked", "copy_prepared", "copy_taken", "copy_ended", "delivered"] {
        assert!(log.contains(action), "{action}: {log}");
    }
    assert!(!log.contains(&email), "{log}");
    assert_ne!(asked(&mut li).await, path, "and another can be had");
}

#[tokio::test]
async fn a_copy_of_much_is_prepared_in_pieces_and_none_of_them_can_be_tampered_with() {
    let world = World::new().await;
    let email = world.email("customer");
    much(&world, &email).await;
    let mut li = world.customer(&email).await;
    let page = li.get("/mine/copy").await.body;
    assert!(page.contains("There are many records") && !page.contains("/mine/copy.zip"), "{page}");
    for change in [
        "UPDATE copy_piece SET sealed = (SELECT sealed FROM copy_piece WHERE place = 0) WHERE place = 1",
        "UPDATE copy_piece SET place = 1 - place WHERE place < 2",
        "DELETE FROM copy_piece WHERE place = (SELECT max(place) FROM copy_piece)",
        "UPDATE copy SET pieces = pieces - 1",
        "UPDATE copy_piece SET sealed = substr(sealed, 2) WHERE place = 1",
    ] {
        let path = asked(&mut li).await;
        world.work().await;
        assert!(pieces(&world).await.len() > 2, "{}", pieces(&world).await.len());
        if change.contains("1 - place") {
            // One number at a time, as the key wants it.
            own(&world, "UPDATE copy_piece SET place = -1 WHERE place = 0").await;
            own(&world, "UPDATE copy_piece SET place = 0 WHERE place = 1").await;
            own(&world, "UPDATE copy_piece SET place = 1 WHERE place = -1").await;
        } else {
            own(&world, change).await;
        }
        let response = li.begin_download(&format!("{path}/download")).await;
        assert!(to_bytes(response.into_body(), 50_000_000).await.is_err(), "{change}");
        assert!(li.get(&path).await.body.contains("Tries left: 2"), "it was not downloaded");
        assert_eq!(li.post(&format!("{path}/remove"), &[]).await.location.as_deref(), Some("/mine"));
        assert_eq!(li.get(&path).await.status.as_u16(), 404, "deleted when they say so");
        assert!(pieces(&world).await.is_empty());
    }
    let path = asked(&mut li).await;
    world.work().await;
    let bytes = li.download(&format!("{path}/download")).await.1;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let tickets = std::io::read_to_string(archive.by_name("data/company-support-tickets-customer.json").unwrap());
    let tickets: serde_json::Value = match tickets {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(error) => panic!("{error}"),
    };
    assert!(tickets["records"].as_array().unwrap().len() >= 4000);
}

#[tokio::test]
async fn a_copy_is_its_persons_after_a_fresh_code_and_nobody_elses() {
    let world = World::new().await;
    let (email, other) = (world.email("customer"), world.email("spare"));
    let mut li = world.customer(&email).await;
    let path = asked(&mut li).await;
    world.work().await;
    let mut stranger = world.customer(&other).await;
    for get in [path.clone(), format!("{path}/progress")] {
        assert_eq!(stranger.get(&get).await.status.as_u16(), 404, "{get}");
        assert_eq!(world.visitor().get(&get).await.location.as_deref(), Some("/sign-in"));
    }
    for post in ["download", "remove"] {
        let post = format!("{path}/{post}");
        assert_eq!(stranger.post(&post, &[]).await.status.as_u16(), 404, "{post}");
        assert_eq!(world.visitor().post(&post, &[]).await.location.as_deref(), Some("/sign-in"));
    }
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(li.post(&format!("{path}/download"), &[]).await.location.as_deref(), Some("/confirm"));
    assert_eq!(li.get(&path).await.location.as_deref(), Some("/confirm"), "a code within ten minutes");
    li.post("/confirm", &[]).await;
    let code = world.code_for(&email).await;
    assert_eq!(li.post("/sign-in/code", &[("code", &code)]).await.location, Some(path.clone()));
    assert!(li.get(&path).await.body.contains("Tries left: 3"));

    // A copy of two addresses is not whole in the hands of whoever has one of them.
    let both = actor(&[email_of(&email), email_of(&other)]);
    let fresh = both.own_fresh().unwrap();
    let joint = world.portal.ask_for_copy(&fresh, &both, Lang::En).await.unwrap().id;
    world.work().await;
    assert_ne!(joint, id(&path));
    for one in [&email, &other] {
        let one = actor(&[email_of(one)]);
        let handed = world.portal.hand_out_copy(&one.own_fresh().unwrap(), &one, Lang::En, joint).await;
        assert!(matches!(handed, Err(ServiceError::NotFound)));
        assert!(world.portal.my_copy(&one.own().unwrap(), joint).await.is_err());
    }
    assert!(world.portal.hand_out_copy(&fresh, &both, Lang::En, joint).await.is_ok());
}

#[tokio::test]
async fn a_download_may_break_off_three_times() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let path = asked(&mut li).await;
    world.work().await;
    for left in [2, 1] {
        drop(li.begin_download(&format!("{path}/download")).await);
        assert!(li.get(&path).await.body.contains(&format!("Tries left: {left}")), "{left}");
    }
    let third = li.begin_download(&format!("{path}/download")).await;
    assert_eq!(li.download(&format!("{path}/download")).await.0.as_u16(), 303);
    assert!(li.get(&path).await.body.contains("The tries are used up"));
    world.portal.tidy().await.unwrap();
    assert!(!pieces(&world).await.is_empty(), "the third may still be on its way");
    drop(third);
    world.pass(SignedDuration::from_mins(61));
    world.portal.tidy().await.unwrap();
    assert!(pieces(&world).await.is_empty());
    assert_eq!(endings(&world).await, [r#"{"why":"tries_over"}"#]);
}

#[tokio::test]
async fn a_copy_nobody_fetches_goes_when_its_time_is_over() {
    let world = World::new().await;
    assert!(world.visitor().get("/policy").await.body.contains("Copies that wait to be downloaded"));
    let mut li = world.customer(&world.email("customer")).await;
    asked(&mut li).await;
    world.work().await;
    let today = world.portal.clock.today();
    let waiting = |night: &domain::report::NightReport| -> Vec<(u64, u64, u64)> {
        let rules = night.rules.iter().filter(|rule| rule.table.to_string() == "qingdan.copies");
        rules.map(|rule| (rule.selected, rule.done, rule.left)).collect()
    };
    let dry = async |days: i64| waiting(&world.portal.retain_dry(today.saturating_add(days.days())).await.unwrap());
    assert!(dry(7).await.is_empty(), "not a day too soon");
    assert_eq!(dry(9).await, [(1, 0, 0)], "said first");
    let night = world.portal.retain(today.saturating_add(9.days()), &|_| {}).await.unwrap();
    assert_eq!(waiting(&night), [(1, 1, 0)]);
    assert!(night.verified && pieces(&world).await.is_empty());

    asked(&mut li).await;
    world.work().await;
    world.pass(SignedDuration::from_hours(7 * 24));
    world.portal.tidy().await.unwrap();
    assert!(!pieces(&world).await.is_empty());
    world.pass(SignedDuration::from_hours(25));
    world.portal.tidy().await.unwrap();
    assert!(pieces(&world).await.is_empty(), "the worker does not wait for the night");
    assert_eq!(endings(&world).await, [r#"{"why":"time_over"}"#; 2]);
}

#[tokio::test]
async fn an_erasure_withdraws_every_copy_with_something_of_the_person_in_it() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let mut li = world.customer(&email).await;
    let ready = asked(&mut li).await;
    world.work().await;
    // By their number, not by their address: the copy itself tells that both are theirs.
    let mobile = world.person("newcomer")["mobile"].as_str().unwrap().to_owned();
    let by_number = actor(&[Identifier::Mobile(Mobile::parse(&mobile).unwrap())]);
    let fresh = by_number.own_fresh().unwrap();
    let second = world.portal.ask_for_copy(&fresh, &by_number, Lang::En).await.unwrap().id;
    world.work().await;
    let mut other = world.customer(&world.email("customer")).await;
    let others = asked(&mut other).await;
    world.work().await;
    assert_eq!(pieces(&world).await.len(), 3);
    approved_only(&world, &email).await;
    // Asked for and not written yet, when the erasure begins.
    let late = world.portal.ask_for_copy(&fresh, &by_number, Lang::En).await.unwrap().id;
    assert_eq!(late, second, "one is enough");
    world.work().await;
    assert_eq!(pieces(&world).await.len(), 1, "but for somebody else's");
    assert_eq!(other.get(&others).await.status.as_u16(), 200);
    assert!(world.portal.my_copies(&by_number.own().unwrap()).await.unwrap().is_empty());
    assert_eq!(li.get(&ready).await.status.as_u16(), 404);
    assert_eq!(endings(&world).await, [r#"{"why":"erasure"}"#; 2]);
    let after = world.portal.ask_for_copy(&fresh, &by_number, Lang::En).await.unwrap().id;
    world.work().await;
    let after = world.portal.my_copy(&by_number.own().unwrap(), after).await.unwrap();
    assert_eq!(after.state, CopyState::Ready, "what is asked for afterwards is of what is left");
}

#[tokio::test]
async fn no_copy_is_made_of_what_is_half_erased() {
    let world = World::new().await;
    let archive = format!(
        "[source.archive]\nname = {{ zh-CN = \"纸质档案\", en = \"paper archive\" }}\nengine = \"manual\"\nstored_in = {WORDS}\n\
         owner = {{ name = {{ zh-CN = \"档案室\", en = \"Records office\" }}, email = \"archive@example.com\", days = 5 }}\n{}",
        table("archive.contracts", "field.name = { of = \"signer\", kind = \"name\" }\n")
    );
    world.publish_map("90-archive.toml", &archive).await;
    let email = world.email("newcomer");
    // It waits for people, and so is under way for days.
    approved(&world, &email).await;
    let mut li = world.customer(&email).await;
    let page = li.get("/mine/copy").await.body;
    assert!(page.contains("Your data is being erased") && !page.contains("Prepare my copy"), "{page}");
    assert_eq!(li.post(PREPARE, &[]).await.status.as_u16(), 409);
    assert_eq!(li.post("/mine/copy.zip", &[]).await.status.as_u16(), 409);
}

/// Reads everything; and before it is put out, somebody else's work is done.
struct Meanwhile<'a>(&'a World);

impl Writer for Meanwhile<'_> {
    async fn write(&self, portal: &Portal, order: &Order, empty: Shelf) -> Result<Written, Unwritten> {
        let written = Archivist.write(portal, order, empty).await;
        while self.0.portal.work_once().await.unwrap() == Worked::Did {}
        written
    }
}

#[tokio::test]
async fn a_copy_is_not_put_out_when_an_erasure_came_in_between() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let mobile = world.person("newcomer")["mobile"].as_str().unwrap().to_owned();
    let by_number = actor(&[Identifier::Mobile(Mobile::parse(&mobile).unwrap())]);
    approved_only(&world, &email).await;
    world.portal.ask_for_copy(&by_number.own_fresh().unwrap(), &by_number, Lang::En).await.unwrap();
    world.portal.prepare_next(&Meanwhile(&world)).await.unwrap();
    let gone = format!("SELECT count(*) FROM customers WHERE email = '{email}'");
    assert_eq!(world.company_texts(&gone).await, ["0"]);
    assert!(pieces(&world).await.is_empty());
    assert!(world.portal.my_copies(&by_number.own().unwrap()).await.unwrap().is_empty());
    assert_eq!(endings(&world).await, [r#"{"why":"erasure"}"#]);
}

/// A worker that dies in the middle: what it was writing stays where it was.
#[derive(Default)]
struct Dies(Mutex<Option<Shelf>>);

impl Writer for Dies {
    async fn write(&self, _: &Portal, _: &Order, mut half: Shelf) -> Result<Written, Unwritten> {
        half.put(&vec![b'x'; 600_000], 7).await.map_err(Unwritten::Portal)?;
        *self.0.lock().unwrap() = Some(half);
        Err(Unwritten::Portal(ServiceError::LeaseLost))
    }
}

#[tokio::test]
async fn a_worker_killed_in_the_middle_leaves_nothing_that_is_given_out() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let path = asked(&mut li).await;
    let dead = Dies::default();
    world.portal.prepare_next(&dead).await.unwrap();
    assert_eq!(pieces(&world).await.len(), 2, "half of it is there");
    let word_now = li.get(&format!("{path}/progress")).await.body;
    let expected: u64 = word_now.strip_prefix("preparing 7 of ").unwrap().parse().unwrap();
    let page = li.get(&path).await.body;
    assert!(page.contains(&format!("7 of about {expected} records written")), "in words: {page}");
    assert!(page.contains("<progress") && page.contains(&format!("max=\"{expected}\"")), "and drawn: {page}");
    assert_eq!(li.download(&format!("{path}/download")).await.0.as_u16(), 303);
    world.work().await;
    assert!(li.get(&path).await.body.contains("is being prepared"), "it is still leased");
    world.pass(SignedDuration::from_secs(16));
    world.work().await;
    let mut late = dead.0.lock().unwrap().take().unwrap();
    let put = late.put(&vec![b'x'; 600_000], 7).await;
    assert!(matches!(put, Err(ServiceError::LeaseLost)), "whoever wakes up again adds nothing");
    let page = li.get(&path).await.body;
    assert!(page.contains(&format!("Records: {expected},")), "as many as were counted: {page}");
    let live = li.download("/mine/copy.zip").await.1;
    assert!(li.download(&format!("{path}/download")).await.1 == live, "and it is the whole");
}

/// It never works.
pub(super) struct Fails;

impl Writer for Fails {
    async fn write(&self, _: &Portal, _: &Order, _: Shelf) -> Result<Written, Unwritten> {
        Err(Unwritten::Shape)
    }
}

#[tokio::test]
async fn what_could_not_be_prepared_or_read_is_said() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let path = asked(&mut li).await;
    for _ in 0..5 {
        world.portal.prepare_next(&Fails).await.unwrap();
        world.pass(SignedDuration::from_secs(90));
    }
    assert!(li.get(&path).await.body.contains("could not be prepared"));
    world.work().await;
    assert!(world.letters().iter().any(|(to, body)| *to == email && body.contains("could not")), "and told");

    let key = world.dir.path().join("crm.key");
    std::fs::write(&key, "secret-of-thirty-two-characters-00").unwrap();
    let source = format!(
        "[source.crm]\nname = {{ zh-CN = \"客户系统\", en = \"customer system\" }}\nengine = \"http\"\nstored_in = {WORDS}\n\
         url = \"http://127.0.0.1:1/privacy\"\nkey_file = \"{}\"\n{}",
        key.display(),
        table("crm.contracts", "field.name = { of = \"signer\", kind = \"name\" }\n")
    );
    world.publish_map("90-crm.toml", &source).await;
    let mut li = world.customer(&email).await;
    let path = asked(&mut li).await;
    world.work().await;
    let page = li.get(&path).await.body;
    assert!(page.contains("The customer system could not be read"), "{page}");
    let bytes = li.download(&format!("{path}/download")).await.1;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let index = std::io::read_to_string(archive.by_name("index.html").unwrap()).unwrap();
    assert!(index.contains("The customer system could not be read"), "as in one that is read at once: {index}");
}

/// Who opens it sees the page to begin with, and on every file when it was written, by the clock in China.
#[tokio::test]
async fn the_files_of_a_copy_say_when_they_were_written_and_stand_in_folders() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let now = jiff::tz::offset(8).to_datetime(world.portal.clock.now());
    let bytes = li.download("/mine/copy.zip").await.1;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    for n in 0..archive.len() {
        let file = archive.by_index(n).unwrap();
        let (name, at) = (file.name().unwrap().into_owned(), file.last_modified().unwrap());
        // The format counts in steps of two seconds.
        let written = (at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second() / 2);
        let [month, day, hour, minute, second] =
            [now.month(), now.day(), now.hour(), now.minute(), now.second()].map(|part| u8::try_from(part).unwrap());
        assert_eq!(written, (u16::try_from(now.year()).unwrap(), month, day, hour, minute, second / 2), "{name}");
        let place = match name.rsplit_once('/') {
            None => ["index.html", "summary.pdf", "manifest.json", "manifest.signed.json"].contains(&name.as_str()),
            Some(("pages", file)) => file.split('.').next_back() == Some("html"),
            Some(("data", file)) => file.split('.').next_back().is_some_and(|end| ["csv", "json"].contains(&end)),
            Some(_) => false,
        };
        assert!(place, "{name}");
    }
}

fn file(archive: &mut zip::ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// Whoever reads the table or the data learns of each record what whoever reads the page does.
#[tokio::test]
async fn each_record_of_a_copy_says_why_on_what_ground_to_whom_and_until_when_in_every_shape() {
    let world = World::new().await;
    let mut held = world.customer(&world.email("held")).await;
    let bytes = held.download("/mine/copy.zip").await.1;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> =
        (0..archive.len()).map(|n| archive.by_index(n).unwrap().name().unwrap().into_owned()).collect();
    let sides: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("data/")?.strip_suffix(".json")).collect();
    assert!(sides.len() > 3, "{names:?}");
    let (mut on_hold, mut recipients) = (0, 0);
    for side in sides {
        let page = file(&mut archive, &format!("pages/{side}.html"));
        let sheet = file(&mut archive, &format!("data/{side}.csv"));
        let data: serde_json::Value = serde_json::from_str(&file(&mut archive, &format!("data/{side}.json"))).unwrap();
        let columns = sheet.lines().next().unwrap();
        assert!(columns.ends_with(",Why,Legal basis,Who gets it,Until when"), "{side}: {columns}");
        let records = data["records"].as_array().unwrap();
        assert_eq!(sheet.lines().count(), records.len() + 1, "{side}");
        for (record, line) in records.iter().zip(sheet.lines().skip(1)) {
            on_hold += u32::from(record["on_hold"] == true);
            let kept = record["kept"].as_str().unwrap();
            assert!(page.contains(kept) && line.contains(kept), "{side}: {record} {line}");
            for name in ["why", "legal_basis", "recipients"] {
                let said = record[name].as_array().unwrap();
                assert!(name == "recipients" || !said.is_empty(), "{side}: {name} of {record}");
                recipients += u32::from(name == "recipients") * u32::try_from(said.len()).unwrap();
                for one in said.iter().map(|one| one.as_str().unwrap()) {
                    assert!(page.contains(one) && line.contains(one), "{side}: {one}: {line} {page}");
                }
            }
        }
    }
    assert!(on_hold > 0 && recipients > 0, "{on_hold} {recipients}");
}

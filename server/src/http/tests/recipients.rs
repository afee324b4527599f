//! Those to whom something had been given are told what was done with it, and only those.

use domain::actor::Scope;
use jiff::SignedDuration;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::{
    for_others::{field, wrong_by_phone},
    systems::approved,
    world::{World, digest},
};

fn link(world: &World, to: &str) -> Option<String> {
    let letter = world.letters().into_iter().find(|(of, letter)| of == to && letter.contains("/recipients/"))?.1;
    Some(format!("/recipients/{}", letter.split("/recipients/").nth(1)?.split_whitespace().next()?))
}

#[tokio::test]
async fn who_had_got_something_is_told_and_confirms() {
    let world = World::new().await;
    let email = world.email("spare");
    let mobile = world.person("spare")["mobile"].as_str().unwrap().to_owned();
    let number = approved(&world, &email).await;
    let link = link(&world, "privacy@linehaul.example.com").unwrap_or_else(|| panic!("{:?}", world.letters()));
    let letter = world.letters().into_iter().find(|(_, letter)| letter.contains(&link)).unwrap().1;
    assert!(!letter.contains(&email) && !letter.contains(&mobile), "nothing personal in the mail");

    let mut linehaul = world.visitor();
    let masked = linehaul.get(&link).await.body;
    assert!(masked.contains("we have erased their information"), "{masked}");
    assert!(!masked.contains(&mobile), "{masked}");
    let shown = linehaul.post(&format!("{link}/show"), &[]).await.body;
    assert!(shown.contains("YF") && shown.contains("Waybill"), "by what they got: {shown}");
    assert!(!shown.contains(&email) && !shown.contains(&mobile), "what they never got is not given to them now");
    // What has to stay is asked of nobody.
    let kept = format!("SELECT waybill_no FROM waybills WHERE sender_mobile = '{mobile}' AND delivered_at IS NULL");
    let kept = world.company_texts(&kept).await;
    assert!(!kept.is_empty() && kept.iter().all(|kept| !shown.contains(kept)), "{kept:?}: {shown}");

    // Abroad nobody is written to: an officer does it.
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer2").await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("Example Linehaul") && page.contains("written to on"), "{page}");
    let mut li = world.customer(&email).await;
    assert_eq!(linehaul.post(&link, &[("note", "Tickets stay for the tax office")]).await.status.as_u16(), 303);
    let done = linehaul.get(&link).await.body;
    assert!(done.contains("there is nothing more to do") && !done.contains("agree with them"), "{done}");
    assert!(!linehaul.post(&format!("{link}/show"), &[]).await.body.contains("YF"), "it is done: nothing more to see");
    assert_eq!(linehaul.post(&link, &[("note", "")]).await.status.as_u16(), 409, "once");
    assert_eq!(linehaul.get("/recipients/00000000000000000000000000000000").await.status.as_u16(), 404);
    let page = officer.get(&case).await.body;
    assert!(page.contains("answered on") && page.contains("Tickets stay"), "{page}");
    let theirs = li.get(&format!("/requests/{number}")).await.body;
    assert!(!theirs.contains("Tickets stay"), "what they wrote is for the officers");
}

#[tokio::test]
async fn whom_nobody_can_write_to_an_officer_tells() {
    let world = World::new().await;
    let number = approved(&world, &world.email("spare")).await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer2").await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("Tell Example Parcel"), "{page}");
    assert!(officer.get("/officer").await.body.contains("Recipients of 1 request have to be told by an officer"));
    let told = [("recipient", "overseas")];
    let what = officer.post(&format!("{case}/tell"), &told).await.body;
    assert!(
        what.contains("I have told Example Parcel") && what.contains("YF"),
        "by the numbers of the waybills: {what}"
    );
    assert_eq!(officer.post(&format!("{case}/told"), &told).await.status.as_u16(), 303);
    assert!(officer.get(&case).await.body.contains("told by our staff on"));
    assert_eq!(officer.post(&format!("{case}/told"), &told).await.status.as_u16(), 409, "once");
    assert_eq!(officer.post(&format!("{case}/told"), &[("recipient", "nobody")]).await.status.as_u16(), 404);
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let all = desk.get(&format!("/requests/{number}")).await.json["recipients"].clone();
    let knows =
        |who: &str| all.as_array().unwrap().iter().find(|one| one["recipient"] == who).unwrap()["knows"].clone();
    assert_eq!((knows("overseas"), knows("partner")), ("told".into(), "not_yet".into()), "{all}");
    let partner = format!("/requests/{number}/recipients/partner/told");
    assert_eq!(desk.post(&partner, &serde_json::json!({})).await.status, 204);
    assert_eq!(desk.post(&partner, &serde_json::json!({})).await.status, 409, "once");
    assert_eq!(world.staff("auditor").await.post(&format!("{case}/told"), &told).await.status.as_u16(), 404);
}

#[tokio::test]
async fn nobody_is_told_of_somebody_they_never_heard_of() {
    let world = World::new().await;
    // An account and no parcel.
    let number = approved(&world, &world.email("newcomer")).await;
    assert_eq!(link(&world, "privacy@linehaul.example.com"), None);
    assert_eq!(link(&world, "privacy@station.example.com"), None);
    let page = world.staff("officer2").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(!page.contains("Example Linehaul"), "{page}");
}

#[tokio::test]
async fn a_corrected_value_goes_to_those_who_got_that_row() {
    let world = World::new().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    // Delivered, and so given to the station.
    world.company(&format!("UPDATE waybills SET delivered_at = '2026-11-20' WHERE receiver_mobile = '{mobile}'")).await;
    let mut receiver = world.recipient().await;
    let mine = receiver.get("/mine").await.body;
    let form = mine.split('"').find(|part| part.starts_with("/mine/correct/") && part.ends_with("/receiver_name"));
    let form = form.unwrap_or_else(|| panic!("{mine}")).to_owned();
    let filed = receiver.post(&form, &[("after", "Zhao Jin"), ("evidence", "a letter is missing")]).await;
    let location = filed.location.unwrap_or_else(|| panic!("{}", filed.body));
    let number = location.trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let page = officer.get(&case).await.body;
    let digest = page.split("name=\"plan\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &digest)]).await.status.as_u16(), 303);
    world.work().await;
    let link = link(&world, "privacy@station.example.com").unwrap_or_else(|| panic!("{:?}", world.letters()));
    let mut station = world.visitor();
    let masked = station.get(&link).await.body;
    assert!(masked.contains("we have corrected their information") && !masked.contains("Zhao Jin"), "{masked}");
    let shown = station.post(&format!("{link}/show"), &[]).await.body;
    assert!(shown.contains("Zhao Jin") && shown.contains(&mobile), "{shown}");
    // How far the station is stands beside the result.
    assert!(receiver.get(&location).await.body.contains("Example Pick-up Stations"));
}

#[tokio::test]
async fn a_link_does_not_work_for_ever() {
    let world = World::new().await;
    approved(&world, &world.email("spare")).await;
    let link = link(&world, "privacy@linehaul.example.com").unwrap();
    world.pass(SignedDuration::from_hours(59 * 24));
    assert_eq!(world.visitor().get(&link).await.status.as_u16(), 200);
    world.pass(SignedDuration::from_hours(2 * 24));
    assert_eq!(world.visitor().get(&link).await.status.as_u16(), 404);
    assert_eq!(world.visitor().post(&link, &[("note", "late")]).await.status.as_u16(), 404);
}

/// Who never agreed that somebody gets their offers' data has given it to nobody: nobody is told whose it was.
#[tokio::test]
async fn whom_a_person_never_agreed_to_is_not_told() {
    let world = World::new().await;
    let email = world.email("spare");
    let mut li = world.customer(&email).await;
    assert_eq!(li.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.work().await;
    let number = approved(&world, &email).await;
    let page = world.staff("officer2").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("Example Linehaul") && !page.contains("Example Members"), "{page}");
    // What the company has written down is said as such, what only its rules say is not.
    let theirs = world.customer(&email).await.get(&format!("/requests/{number}")).await.body;
    let line = |who: &str| theirs.split("<li>").find(|line| line.contains(who)).unwrap().to_owned();
    assert!(line("Example Parcel").contains("may have been given by our rules"), "{theirs}");
    assert!(!line("Example Linehaul").contains("may have been given"), "{theirs}");
}

/// Of some records: who had got only others is not told.
#[tokio::test]
async fn of_what_was_not_chosen_nobody_is_told() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("spare")).await;
    let some = [("tables", "listed"), ("table:company.addresses", "on"), ("shown", "company.addresses")];
    let filed = li.post("/mine/delete", &some).await;
    let location = filed.location.unwrap_or_else(|| panic!("{}", filed.body));
    let number = location.trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let plan = digest(&officer.get(&case).await.body);
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(officer.get(&case).await.body.contains("Completed"));
    assert_eq!(link(&world, "privacy@linehaul.example.com"), None);
}

/// Days pass, and on each the day's work is done.
async fn days(world: &World, days: i64) {
    world.pass(SignedDuration::from_hours(24 * days));
    world.portal.ask_for_the_day().await.unwrap();
    world.work().await;
}

#[tokio::test]
async fn who_does_not_answer_is_reminded_once_and_then_called() {
    let world = World::new().await;
    let number = approved(&world, &world.email("spare")).await;
    let (case, to) = (format!("/officer/requests/{number}"), "privacy@linehaul.example.com");
    let first = link(&world, to).unwrap();
    let letters = || world.letters().iter().filter(|(of, letter)| of == to && letter.contains("/recipients/")).count();
    let told = [("recipient", "linehaul")];
    days(&world, 6).await;
    assert_eq!(letters(), 1, "they have a week");
    days(&world, 1).await;
    days(&world, 1).await;
    assert_eq!(letters(), 2, "once");
    let titles = world.titles(to);
    assert!(titles[0].contains("再次提醒") && titles[0].contains(&number), "{titles:?}");
    let again = link(&world, to).unwrap();
    assert_ne!(first, again);
    for link in [&first, &again] {
        assert_eq!(world.visitor().get(link).await.status.as_u16(), 200, "whichever mail they open");
    }
    let mut officer = world.staff("officer2").await;
    let page = officer.get(&case).await;
    assert_eq!(page.status.as_u16(), 200, "{:?}", page.location);
    let page = page.body;
    assert!(page.contains(" and again on ") && !page.contains("Tell Example Linehaul"), "{page}");
    assert_eq!(officer.post(&format!("{case}/told"), &told).await.status.as_u16(), 409, "they still have time");

    // The station answers, and nobody calls it.
    let station = link_of(&world, "privacy@station.example.com");
    assert_eq!(world.visitor().post(&station, &[("note", "")]).await.status.as_u16(), 303);
    days(&world, 6).await;
    let mut officer = world.staff("officer2").await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("No answer for two weeks") && page.contains("Tell Example Linehaul"), "{page}");
    assert!(!page.contains("Tell Example Pick-up Stations"), "{page}");
    // Whom no mail can tell are told, so that only the silent one is left.
    for by_hand in ["overseas", "partner"] {
        officer.post(&format!("{case}/told"), &[("recipient", by_hand)]).await;
    }
    let desk = officer.get("/officer").await.body;
    assert!(desk.contains("Recipients of 1 request have to be told by an officer"), "{desk}");
    let what = officer.post(&format!("{case}/tell"), &told).await.body;
    assert!(what.contains("YF"), "by what they got: {what}");
    assert_eq!(officer.post(&format!("{case}/told"), &told).await.status.as_u16(), 303);
    let page = officer.get(&case).await.body;
    assert!(page.contains("told by our staff on") && !page.contains("No answer for two weeks"), "{page}");
    assert!(!officer.get("/officer").await.body.contains("have to be told by an officer"));
    days(&world, 30).await;
    assert_eq!(letters(), 2, "and not again");
    assert!(world.visitor().get(&again).await.status.as_u16() == 200, "it lasts from the second mail on");
}

fn link_of(world: &World, to: &str) -> String {
    link(world, to).unwrap_or_else(|| panic!("{:?}", world.letters()))
}

/// The number of a deletion of which not all is gone: a program of the company's writes the account anew meanwhile, and the
/// second look finds it.
async fn half_erased(world: &World) -> String {
    let email = world.email("spare");
    let mobile = world.person("spare")["mobile"].as_str().unwrap();
    let more = format!(
        "CREATE TRIGGER more AFTER UPDATE ON customers WHEN OLD.email = '{email}' AND NEW.email IS NULL BEGIN \
         INSERT INTO customers (name, email, mobile, registered_at) VALUES ('x', '{email}', '{mobile}', '2026-01-01'); END"
    );
    world.company(&more).await;
    approved(world, &email).await
}

/// What an erasure took before it stopped is gone at those who had got it too, however the request ends.
#[tokio::test]
async fn who_had_got_what_half_an_erasure_took_is_told_of_that() {
    let world = World::new().await;
    let email = world.email("spare");
    let mobile = world.person("spare")["mobile"].as_str().unwrap().to_owned();
    let mut li = world.customer(&email).await;
    let theirs = format!("SELECT waybill_no FROM waybills WHERE sender_mobile = '{mobile}'");
    let before = world.company_texts(&theirs).await;
    let number = half_erased(&world).await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer2").await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("Stopped: the data is not what was approved"), "{page}");
    let left = world.company_texts(&theirs).await;
    let (gone, there): (Vec<_>, Vec<_>) = before.into_iter().partition(|one| !left.contains(one));
    assert!(!gone.is_empty() && !there.is_empty(), "{gone:?} {there:?}");
    assert_eq!(link(&world, "privacy@linehaul.example.com"), None, "it may still go on");

    officer.post(&format!("{case}/ask"), &[("question", "May we keep the new account?")]).await;
    let refuse = [("reason", "NECESSARY_FOR_CONTRACT"), ("words", "The new account stays.")];
    let refused = officer.post(&format!("{case}/refuse"), &refuse).await;
    assert_eq!(refused.status.as_u16(), 303, "{}", refused.body);
    assert!(!officer.get(&case).await.body.contains("Example Linehaul"), "not before it is known of what");
    world.work().await;
    let link = link_of(&world, "privacy@linehaul.example.com");
    let shown = world.visitor().post(&format!("{link}/show"), &[]).await.body;
    assert!(gone.iter().all(|gone| shown.contains(gone)), "{gone:?}: {shown}");
    assert!(!there.iter().any(|there| shown.contains(there)), "what is still here is asked of nobody: {shown}");
    let page = officer.get(&case).await.body;
    assert!(page.contains("Example Linehaul") && page.contains("written to on"), "{page}");
    assert!(page.contains("Tell Example Parcel"), "{page}");
    assert!(officer.get("/officer").await.body.contains("have to be told by an officer"));
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("Example Linehaul"));
}

/// Nothing was taken: of a run that only began nobody is told.
#[tokio::test]
async fn of_an_erasure_that_took_nothing_nobody_is_told() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("spare")).await;
    // It is one transaction, and the database lets none of it through.
    world.company("CREATE TRIGGER no BEFORE UPDATE ON customers BEGIN SELECT RAISE(ABORT, 'no'); END").await;
    let number = approved(&world, &world.email("spare")).await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer2").await;
    assert!(officer.get(&case).await.body.contains("The database refused the change"));
    officer.post(&format!("{case}/ask"), &[("question", "Shall we go on?")]).await;
    assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(link(&world, "privacy@linehaul.example.com"), None);
    let page = officer.get(&case).await.body;
    assert!(!page.contains("Example Linehaul") && !page.contains("Tell "), "{page}");
    assert!(!officer.get("/officer").await.body.contains("have to be told by an officer"));
}

/// A version of the portal that told nobody of a part leaves rows behind, of which the next one tells.
#[tokio::test]
async fn of_what_ended_before_the_upgrade_recipients_are_told_after_it() {
    let world = World::new().await;
    let number = half_erased(&world).await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer2").await;
    officer.post(&format!("{case}/ask"), &[("question", "May we keep the new account?")]).await;
    let refuse = [("reason", "NECESSARY_FOR_CONTRACT"), ("words", "The new account stays.")];
    assert_eq!(officer.post(&format!("{case}/refuse"), &refuse).await.status.as_u16(), 303);
    let portal = world.portal.store.read();
    portal.execute_unprepared("DELETE FROM job WHERE kind = 'tell_of_part'").await.unwrap();
    assert!(officer.get("/officer").await.body.contains("have to be told by an officer"), "as it was before");
    portal.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE 'm0024%'").await.unwrap();
    let vault = || store::Vault::new(&store::MasterKey::from_bytes([7; 32]));
    let upgrade = async || store::Store::open("sqlite:portal.sqlite", &world.dir.path().join("demo"), vault()).await;
    upgrade().await.unwrap();
    world.work().await;
    link_of(&world, "privacy@linehaul.example.com");
    let page = officer.get(&case).await.body;
    assert!(page.contains("Example Linehaul") && page.contains("Tell Example Parcel"), "{page}");
    // They are told once.
    portal.execute_unprepared("DELETE FROM seaql_migrations WHERE version LIKE 'm0024%'").await.unwrap();
    upgrade().await.unwrap();
    let waiting = "SELECT count(*) FROM job WHERE kind = 'tell_of_part'";
    let waiting = portal.query_one_raw(Statement::from_string(DbBackend::Sqlite, waiting)).await.unwrap().unwrap();
    assert_eq!(waiting.try_get_by_index::<i64>(0).unwrap(), 0);
}

/// After two weeks an officer calls; no mail says then that the first came a week ago.
#[tokio::test]
async fn nobody_is_reminded_of_a_mail_of_long_ago() {
    let world = World::new().await;
    approved(&world, &world.email("spare")).await;
    days(&world, 40).await;
    let letters = world.letters();
    let to = |of: &&(String, String)| of.0 == "privacy@linehaul.example.com" && of.1.contains("/recipients/");
    assert_eq!(letters.iter().filter(to).count(), 1, "{letters:?}");
    assert!(world.staff("officer2").await.get("/officer").await.body.contains("have to be told by an officer"));
}

/// However many there are that nobody can write to any more.
#[tokio::test]
async fn who_has_no_address_any_more_keeps_nobody_from_being_reminded() {
    let world = World::new().await;
    approved(&world, &world.email("spare")).await;
    let others = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) \
                  INSERT INTO notified (id, request_id, recipient, created_at, tables, told_at) \
                  SELECT printf('00000000-0000-7000-8000-%012d', i), request_id, 'gone' || i, created_at, '[]', told_at - 1 \
                  FROM n, (SELECT * FROM notified WHERE recipient = 'linehaul')";
    world.portal.store.read().execute_unprepared(others).await.unwrap();
    days(&world, 7).await;
    let titles = world.titles("privacy@linehaul.example.com");
    assert!(titles[0].contains("再次提醒"), "{titles:?}");
}

/// What is wrong with the parcel of somebody who phoned: the name is written, and the address is refused by the database.
async fn half_corrected(world: &World) -> String {
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    // Delivered, and so given to the station.
    world.company(&format!("UPDATE waybills SET delivered_at = '2026-11-20' WHERE receiver_mobile = '{mobile}'")).await;
    let no = "CREATE TRIGGER no BEFORE UPDATE OF receiver_address ON waybills BEGIN SELECT RAISE(ABORT, 'no'); END";
    world.company(no).await;
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("mobile", &mobile)]).await;
    let form = wu.get(&format!("{case}/correct")).await.body;
    let values = [(field(&form, "receiver_name"), "Zhao Jin"), (field(&form, "receiver_address"), "Xiamen, Lane 9")];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(wu.post(&format!("{case}/correct"), &values).await.status.as_u16(), 303);
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("The database refused the change"), "{page}");
    let name =
        format!("SELECT count(*) FROM waybills WHERE receiver_mobile = '{mobile}' AND receiver_name = 'Zhao Jin'");
    assert_eq!(world.company_texts(&name).await, ["1"], "half of it is written");
    assert_eq!(link(world, "privacy@station.example.com"), None, "it may still go on");
    case
}

#[tokio::test]
async fn who_had_got_what_half_a_correction_wrote_is_told_of_that() {
    let world = World::new().await;
    let case = half_corrected(&world).await;
    let mut zhao = world.staff("officer2").await;
    zhao.post(&format!("{case}/ask"), &[("question", "Is the address right?")]).await;
    let refuse = [("reason", "NOT_ACCURATE_CLAIM"), ("words", "The address is as it was.")];
    assert_eq!(zhao.post(&format!("{case}/refuse"), &refuse).await.status.as_u16(), 303);
    world.work().await;
    let link = link_of(&world, "privacy@station.example.com");
    let shown = world.visitor().post(&format!("{link}/show"), &[]).await.body;
    assert!(shown.contains("Zhao Jin") && !shown.contains("Lane 9"), "of what was written and of no more: {shown}");
    assert!(zhao.get(&case).await.body.contains("Example Pick-up Stations"));
}

#[tokio::test]
async fn what_was_written_before_a_correction_was_worked_out_anew_is_told_too() {
    let world = World::new().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    let old = format!("SELECT receiver_name FROM waybills WHERE receiver_mobile = '{mobile}'");
    let old = world.company_texts(&old).await.remove(0);
    let case = half_corrected(&world).await;
    world.company("DROP TRIGGER no").await;
    let mut wu = world.staff("officer").await;
    let form = wu.get(&format!("{case}/correct")).await.body;
    let address = field(&form, "receiver_address");
    let values = [(address.as_str(), "Xiamen, Lane 10")];
    assert_eq!(wu.post(&format!("{case}/correct"), &values).await.status.as_u16(), 303);
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(zhao.get(&case).await.body.contains("Completed"));
    let link = link_of(&world, "privacy@station.example.com");
    let shown = world.visitor().post(&format!("{link}/show"), &[]).await.body;
    assert!(shown.contains("Zhao Jin") && shown.contains("Lane 10") && !shown.contains("Lane 9"), "{shown}");
    assert!(shown.contains(&mobile), "by what they can find it: {shown}");
    // A backup brings the name back that was written first: it is put right again too.
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    assert!(world.portal.returned(since).await.unwrap().is_empty());
    world.company(&format!("UPDATE waybills SET receiver_name = '{old}' WHERE receiver_mobile = '{mobile}'")).await;
    for again in world.portal.returned(since).await.unwrap() {
        assert!(world.portal.replay(again).await.unwrap().verified);
    }
    let name = format!("SELECT receiver_name FROM waybills WHERE receiver_mobile = '{mobile}'");
    assert_eq!(world.company_texts(&name).await, ["Zhao Jin"]);
}

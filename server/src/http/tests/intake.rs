//! What somebody said, wrote or brought, written down by staff: when it was received, and what came with it.

use app::format;
use domain::{
    Lang,
    actor::{Actor, Scope, Staff, StaffRole},
    ids::{RequestNumber, StaffId},
};
use jiff::{SignedDuration, ToSpan, civil::Date};
use serde_json::json;

use super::{
    represent::{PDF, file},
    rights::number,
    world::{Answer, Person, World},
};

/// A letter that was received on this day.
async fn letter(officer: &mut Person<'_>, from: &str, (year, month, day): (&str, &str, &str)) -> Answer {
    let fields = [
        ("channel", "letter"),
        ("kind", "complaint"),
        ("email", from),
        ("words", "Writes that it was wet"),
        ("lang", "en"),
        ("received-year", year),
        ("received-month", month),
        ("received-day", day),
    ];
    officer.post("/officer/new", &fields).await
}

async fn letter_of(officer: &mut Person<'_>, from: &str, day: Date) -> Answer {
    let [year, month] = [day.year().to_string(), day.month().to_string()];
    letter(officer, from, (&year, &month, &day.day().to_string())).await
}

#[tokio::test]
async fn the_time_of_a_letter_runs_from_the_day_it_was_received() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut wu = world.staff("officer").await;
    let today = world.portal.clock.today();
    let form = wu.get("/officer/new?kind=complaint").await.body;
    let filled = format!(
        "name=\"received-day\" type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" size=\"2\" value=\"{}\"",
        today.day()
    );
    assert!(form.contains(&filled), "today unless told: {form}");

    let received = today.saturating_sub(9.days());
    let case = letter_of(&mut wu, &email, received).await.location.expect("written down");
    let due = world.portal.calendar().due(received).due;
    let page = wu.get(&case).await.body;
    let [received_on, due_on] = [received, due].map(|day| format::weekday(Lang::En, day));
    assert!(page.contains(&format!("{received_on} (written down {}", format::day(Lang::En, today))), "{page}");
    assert!(page.contains(&due_on) && due < world.portal.calendar().due(today).due, "{page}");
    let counted = format::weekday(Lang::En, received.tomorrow().unwrap());
    assert!(page.contains(&format!("<td>{counted}</td>")), "the count begins the day after: {page}");
    let said = format!("Written down by staff; received on {}", format::day(Lang::En, received));
    assert!(page.contains(&said), "{page}");
    world.work().await;
    let told = |words: &str| world.letters().iter().any(|(to, body)| *to == email && body.contains(words));
    assert!(told(&format!("was received on {received_on}")) && told(&format!("We answer by {due_on}")));
    let mine = world.customer(&email).await.get(&case.replace("/officer", "")).await.body;
    assert!(mine.contains(&said) && mine.contains(&due_on), "{mine}");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains(&format!("\"received\":\"{received}\"")), "beside the day it was entered: {log}");
}

#[tokio::test]
async fn a_day_of_receipt_is_no_later_day_and_not_longer_ago_than_a_month() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut wu = world.staff("officer").await;
    let today = world.portal.clock.today();
    let late = letter_of(&mut wu, &email, today.tomorrow().unwrap()).await;
    assert_eq!(late.status.as_u16(), 422);
    assert!(
        late.body.contains("must be today or earlier") && late.body.contains("href=\"#received\""),
        "{}",
        late.body
    );
    let long_ago = letter_of(&mut wu, &email, today.saturating_sub(31.days())).await;
    let earliest = format::day(Lang::En, today.saturating_sub(30.days()));
    assert!(long_ago.body.contains(&format!("can be {earliest} at the earliest")), "{}", long_ago.body);
    for (year, month, day) in [("2026", "2", "30"), ("2026", "", "3"), ("26", "11", "3"), ("then", "x", "y")] {
        let wrong = letter(&mut wu, &email, (year, month, day)).await;
        assert_eq!(wrong.status.as_u16(), 422, "{year}-{month}-{day}");
        assert!(wrong.body.contains("Enter a real date") && wrong.body.contains(&format!("value=\"{year}\"")));
        assert!(wrong.body.contains("Writes that it was wet</textarea>"), "nothing typed is lost: {}", wrong.body);
    }
    let full_width = [today.year(), i16::from(today.month()), i16::from(today.day())]
        .map(|n| n.to_string().chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect::<String>());
    let [year, month, day] = full_width.each_ref().map(String::as_str);
    assert_eq!(letter(&mut wu, &email, (year, month, day)).await.status.as_u16(), 303);
    world.work().await;
    world.pass(SignedDuration::from_secs(1));

    let case = letter_of(&mut wu, &email, today.saturating_sub(30.days())).await.location.expect("a month ago");
    assert!(wu.get(&case).await.body.contains("overdue"));
    world.work().await;
    let newest = world.letters().into_iter().find(|(to, _)| *to == email).unwrap().1;
    assert!(newest.contains("has passed") && !newest.contains("We answer by"), "nothing is promised: {newest}");
    let queue = wu.get("/officer").await.body;
    let first = queue.find("class=\"late\"").expect("first in the queue");
    assert!(queue[first..].contains(&number(&case.replace("/officer", ""))), "{queue}");
}

#[tokio::test]
async fn a_program_says_on_which_day_it_was_received() {
    let world = World::new().await;
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let today = world.portal.clock.today();
    let told = |day: Date| {
        json!({ "subject": { "mobile": "13800138000" }, "kind": "COMPLAINT", "channel": "letter", "words": "Wet",
            "received_on": day })
    };
    let received = today.saturating_sub(2.days());
    let filed = desk.post("/requests", &told(received)).await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    assert_eq!(filed.json["due"], json!(world.portal.calendar().due(received).due));
    for wrong in [today.tomorrow().unwrap(), today.saturating_sub(31.days())] {
        assert_eq!(desk.post("/requests", &told(wrong)).await.json["code"], "malformed", "{wrong}");
    }
}

#[tokio::test]
async fn what_came_with_a_letter_is_kept_with_it_for_those_who_decide() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut wu = world.staff("officer").await;
    let fields = [
        ("channel", "letter"),
        ("kind", "complaint"),
        ("email", email.as_str()),
        ("words", "Writes: wet"),
        ("lang", "en"),
    ];
    let form = wu.post("/officer/new", &[&fields[..], &[("step", "check")]].concat()).await.body;
    assert!(form.contains("enctype=\"multipart/form-data\"") && form.contains("deleted within 30 days"), "{form}");
    let wrong = wu.hand_in("/officer/new", &fields, &[("evidence", "letter.pdf", b"MZ")]).await;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("is not a complete PDF"), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"Writes: wet\""), "{}", wrong.body);
    let six = [("evidence", "page.pdf", PDF); 6];
    assert!(wu.hand_in("/officer/new", &fields, &six).await.body.contains("No more than five files"));
    let two = [("evidence", "letter.pdf", PDF), ("evidence", "id card.pdf", PDF)];
    let case = wu.hand_in("/officer/new", &fields, &two).await.location.expect("written down");
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("letter.pdf") && page.contains("id card.pdf"), "for whoever decides: {page}");
    let scan = file(&page);
    assert_eq!(zhao.get(&scan).await.body.as_bytes(), PDF);
    assert_eq!(world.staff("auditor").await.get(&scan).await.status.as_u16(), 404, "officers only");
    let mine = li.get(&case.replace("/officer", "")).await.body;
    assert!(!mine.contains("letter.pdf"), "{mine}");
    assert_eq!(li.get(&scan.replace("/officer", "")).await.status.as_u16(), 404);

    assert_eq!(zhao.post(&format!("{case}/settle"), &[("done", "Dried")]).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_hours(24 * 32));
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let auditor = Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Auditor });
    let number = RequestNumber::parse(case.trim_start_matches("/officer/requests/")).unwrap();
    let case = world.portal.case(&auditor.read_requests().unwrap(), &auditor, &number).await.unwrap();
    assert!(case.followed.files.is_empty(), "gone soon after the end");
}

/// As on the person's own form; and whoever phones may not know what it is called.
#[tokio::test]
async fn staff_say_which_automated_decision_a_call_is_about() {
    let world = World::new().await;
    let email = world.email("customer");
    let (id, name) = {
        let (id, made) = world.portal.map.automated.iter().next().unwrap();
        (id.clone(), made.name.in_lang(Lang::En).to_owned())
    };
    let mut wu = world.staff("officer").await;
    for kind in ["explain-decision", "refuse-decision"] {
        let form = wu.get(&format!("/officer/new?kind={kind}")).await.body;
        assert!(form.contains("Which automated decision is it about?") && form.contains(&name), "{form}");
        assert!(form.contains("Not known"), "{form}");
        let said = [("channel", "phone"), ("kind", kind), ("email", email.as_str()), ("words", "Why? Called back")];
        let wrong = wu.post("/officer/new", &[&said[..], &[("about", "delivery")]].concat()).await;
        assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
        assert!(wrong.body.contains("Choose one of the decisions listed"), "{}", wrong.body);
        let about = [&said[..], &[("about", id.as_str())]].concat();
        let check = wu.post("/officer/new", &[&about[..], &[("step", "check")]].concat()).await.body;
        assert!(check.contains(&name), "{check}");
        let case = wu.post("/officer/new", &about).await.location.unwrap();
        let page = wu.get(&case).await.body;
        assert!(page.contains(&format!("About: {name}")) && page.contains("What the data map says of it"), "{page}");
        let unknown = wu.post("/officer/new", &[&said[..], &[("about", "")]].concat()).await;
        assert_eq!(unknown.status.as_u16(), 303, "{}", unknown.body);
    }
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let said = |about: &str| json!({ "subject": { "email": email }, "kind": "EXPLAIN_DECISION", "channel": "phone", "words": "Why?", "about": about });
    assert_eq!(desk.post("/requests", &said(&id)).await.status, 201);
    assert_eq!(desk.post("/requests", &said("delivery")).await.json["code"], "malformed");
}

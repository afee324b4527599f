//! The officers' list: who asked, how it ended and when, and what to do where nothing is in it.

use domain::actor::Scope;

use super::{
    rights::number,
    world::{COMPARED, Person, World},
};

/// The row of a request.
fn row<'a>(page: &'a str, number: &str) -> &'a str {
    let at = page.find(&format!(">{number}</a>")).expect("the row");
    page[at..].split("</tr>").next().unwrap()
}

#[tokio::test]
async fn what_was_asked_by_somebody_else_is_marked() {
    let world = World::new().await;
    let subject = world.email("customer");
    let own = world.customer(&subject).await.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap();
    let own = number(&own);
    let mut agent = world.customer("agent@example.com").await;
    let agents = agent.asks_for(&subject, "agent", "delete").await;
    let guardians = agent.asks_for(&world.email("newcomer"), "guardian", "copy").await;
    let relatives = agent.asks_for(&world.email("spare"), "near_relative", "copy").await;
    let mut wu = world.staff("officer").await;
    let call = [("channel", "phone"), ("kind", "complaint"), ("email", &subject), ("words", "By telephone")];
    let written = wu.post("/officer/new", &call).await.location.expect("written down");
    let written = written.trim_start_matches("/officer/requests/").to_owned();
    let page = wu.get("/officer").await.body;
    assert!(!row(&page, &own).contains("asked by") && !row(&page, &own).contains("written down by staff"), "{page}");
    assert!(row(&page, &agents).contains("asked by an agent"), "{page}");
    assert!(row(&page, &agents).contains("identity to be checked"), "{page}");
    assert!(row(&page, &guardians).contains("asked by a guardian"), "{page}");
    assert!(row(&page, &relatives).contains("asked by a relative"), "{page}");
    assert!(row(&page, &written).contains("written down by staff"), "{page}");
    let case = format!("/officer/requests/{agents}");
    wu.post(&format!("{case}/people"), &[]).await;
    wu.post(&format!("{case}/confirm"), COMPARED).await;
    assert!(!row(&wu.get("/officer").await.body, &agents).contains("identity to be checked"));

    let by_another = wu.get("/officer?asked=another").await.body;
    assert!(by_another.contains("value=\"another\" selected"), "{by_another}");
    for number in [&agents, &guardians, &relatives, &written] {
        assert!(row(&by_another, number).contains("by "), "{by_another}");
    }
    assert!(!by_another.contains(&own), "{by_another}");
    let by_subject = wu.get("/officer?asked=subject").await.body;
    assert!(by_subject.contains(&own) && !by_subject.contains(&agents), "{by_subject}");
    let mine = wu.get("/officer?asked=another&whose=mine&kind=delete").await.body;
    assert!(!mine.contains(&agents) && mine.contains("No request matches"), "with the others: {mine}");
    wu.post(&format!("{case}/take"), &[]).await;
    let mine = wu.get("/officer?asked=another&whose=mine&kind=delete").await.body;
    assert!(mine.contains(&agents) && !mine.contains(&written), "{mine}");
    let view = "/officer?view=open&asked=another";
    let saved = wu.post("/officer/views?asked=another", &[("name", "For others")]).await;
    assert_eq!(saved.location.as_deref(), Some(view));
    assert!(wu.get("/officer").await.body.contains(&view.replace('&', "&amp;")), "as it was saved");
}

/// The mark of whoever a row is about.
fn mark(row: &str) -> &str {
    row.split_once(" #")
        .unwrap_or_else(|| panic!("{row}"))
        .1
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap()
}

/// Two numbers of the same beginning and end are two people; the same number is one.
#[tokio::test]
async fn people_who_look_the_same_masked_are_told_apart() {
    let world = World::new().await;
    let mut wu = world.staff("officer").await;
    let mut written = Vec::new();
    for (mobile, kind) in [("15400000010", "complaint"), ("15499990010", "complaint"), ("15400000010", "copy")] {
        let call = [("channel", "phone"), ("kind", kind), ("mobile", mobile), ("words", "By telephone")];
        let case = wu.post("/officer/new", &call).await.location.expect("written down");
        written.push(case.trim_start_matches("/officer/requests/").to_owned());
    }
    let page = wu.get("/officer").await.body;
    let rows = [0, 1, 2].map(|n| row(&page, &written[n]));
    assert!(rows.iter().all(|row| row.contains("154****0010") && !row.contains("15400000010")), "{page}");
    let marks = rows.map(mark);
    assert_eq!(marks[0], marks[2], "the same person");
    assert_ne!(marks[0], marks[1], "another");
    assert!(page.contains("same mark is the same number"), "{page}");
    let case = wu.get(&format!("/officer/requests/{}", written[0])).await.body;
    assert!(case.contains(&format!("#{}", marks[0])), "{case}");
}

#[tokio::test]
async fn a_program_lists_what_was_asked_by_somebody_else() {
    let world = World::new().await;
    let subject = world.email("customer");
    let own = world.customer(&subject).await.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap();
    let agents = world.customer("agent@example.com").await.asks_for(&subject, "agent", "delete").await;
    let desk = world.program(&[Scope::ReadRequests]).await;
    for (by, asked) in [("another", &agents), ("subject", &number(&own))] {
        let list = desk.get(&format!("/requests?asked_by={by}")).await.json;
        let numbers: Vec<_> = list["requests"].as_array().unwrap().iter().map(|row| &row["number"]).collect();
        assert_eq!(numbers, [asked.as_str()], "{by}: {list}");
    }
    for wrong in ["", "nobody"] {
        assert_eq!(desk.get(&format!("/requests?asked_by={wrong}")).await.json["code"], "malformed");
    }
}

#[tokio::test]
async fn what_is_closed_says_how_it_ended_and_when() {
    let world = World::new().await;
    let mut wu = world.staff("officer").await;
    let empty = wu.get("/officer").await.body;
    assert!(empty.contains("No requests are open") && empty.contains("write the request down here"), "{empty}");
    assert!(wu.get("/officer?view=closed").await.body.contains("No request has been closed yet"));
    let mut li = world.customer(&world.email("customer")).await;
    let mut numbers = Vec::new();
    for words in ["One", "Two", "Three"] {
        let filed = li.post("/rights/complaint", &[("words", words)]).await.location.unwrap();
        numbers.push(number(&filed));
    }
    let open = wu.get("/officer").await.body;
    let case = |n: usize| format!("/officer/requests/{}", numbers[n]);
    assert_eq!(wu.post(&format!("{}/settle", case(0)), &[("done", "Dried")]).await.status.as_u16(), 303);
    let no = [("reason", "ABUSE_REPEAT"), ("words", "Nothing here")];
    assert_eq!(wu.post(&format!("{}/refuse", case(1)), &no).await.status.as_u16(), 303);
    assert_eq!(li.post(&format!("/requests/{}/cancel", numbers[2]), &[]).await.status.as_u16(), 303);
    let page = wu.get("/officer?view=closed").await.body;
    let today = jiff::tz::offset(8).to_datetime(world.portal.clock.now()).date();
    let today = app::format::day(domain::Lang::En, today);
    for (number, how) in numbers.iter().zip(["Answered", "Refused", "Taken back"]) {
        let row = row(&page, number);
        assert!(row.contains(how) && row.contains(&format!("Closed {today}")) && row.contains("due "), "{row}");
    }
    assert!(!row(&page, &numbers[0]).contains("Nobody yet"), "who answered has a name: {page}");
    let places = |page: &str| [0, 1, 2].map(|n| page.find(&format!(">{}</a>", numbers[n])).unwrap());
    let order = |(one, other): (usize, usize)| places(&open)[one] < places(&open)[other];
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let closed = places(&page)[one] < places(&page)[other];
        assert_ne!(closed, order((one, other)), "what is open is read from the front, what is closed from the end");
    }
}

#[tokio::test]
async fn the_desk_says_how_much_there_is_to_do() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let first = number(&li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap());
    li.post("/rights/explain-rules", &[("words", "Why")]).await;
    let (mut wu, mut auditor) = (world.staff("officer").await, world.staff("auditor").await);
    assert!(wu.get("/officer").await.body.contains("2 open</a>"));
    wu.post(&format!("/officer/requests/{first}/take"), &[]).await;
    let desk = wu.get("/officer").await.body;
    for words in ["2 open</a>", "0 overdue", "1 yours</a>", "1 nobody’s yet</a>"] {
        assert!(desk.contains(words), "{words}: {desk}");
    }
    let own = desk.split("1 yours").next().unwrap().rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    let own = wu.get(&own.replace("&amp;", "&")).await.body;
    assert!(own.contains(&first), "{own}");
    assert!(!auditor.get("/officer").await.body.contains("yours"), "who reads has no work of their own");
    world.pass(jiff::SignedDuration::from_hours(24 * 40));
    let desk = world.staff("officer").await.get("/officer").await.body;
    assert!(desk.contains("<li class=\"late\">") && desk.contains("2 overdue"), "{desk}");
}

/// Which of these are on a page.
async fn shown<'a>(person: &mut Person<'_>, query: &str, numbers: &[&'a str]) -> Vec<&'a str> {
    let page = person.get(&format!("/officer?{query}")).await.body;
    numbers.iter().copied().filter(|number| page.contains(&format!(">{number}</a>"))).collect()
}

#[tokio::test]
async fn the_queue_is_narrowed_by_state_by_what_is_due_and_by_the_day_of_receipt() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut filed = Vec::new();
    for words in ["One", "Two", "Three"] {
        filed.push(number(&li.post("/rights/complaint", &[("words", words)]).await.location.unwrap()));
    }
    let all: Vec<&str> = filed.iter().map(String::as_str).collect();
    let [one, two, three] = all[..] else { panic!("three") };
    let mut wu = world.staff("officer").await;
    wu.post(&format!("/officer/requests/{one}/ask"), &[("question", "Which parcel?")]).await;
    wu.post(&format!("/officer/requests/{two}/settle"), &[("done", "Dried")]).await;

    assert_eq!(shown(&mut wu, "state=asked", &all).await, [one]);
    assert_eq!(shown(&mut wu, "state=received&kind=complaint&whose=nobodys&asked=subject", &all).await, [three]);
    assert_eq!(shown(&mut wu, "state=answered", &all).await, [two], "a state is of one view");
    let page = wu.get("/officer?state=answered").await.body;
    assert!(page.contains("value=\"answered\" selected") && !page.contains("value=\"received\""), "{page}");

    let today = world.portal.clock.today();
    let (before, after) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    assert_eq!(shown(&mut wu, &format!("from={today}&to={today}"), &all).await, [one, three]);
    assert_eq!(shown(&mut wu, &format!("state=asked&from={before}"), &all).await, [one]);
    assert_eq!(shown(&mut wu, &format!("view=closed&to={before}"), &all).await, [""; 0]);
    let none = wu.get(&format!("/officer?state=asked&due_in=3&kind=complaint&from={after}")).await.body;
    for words in [
        "No request matches",
        "State: Waiting for an answer; Due: Within 3 working days; Type: Complaint; Received from: ",
        "href=\"/officer?view=open\">Clear filters",
    ] {
        assert!(none.contains(words), "{words}: {none}");
    }
    for wrong in ["from=2026-13-01".to_owned(), format!("from={today}&to={before}")] {
        let page = wu.get(&format!("/officer?{wrong}")).await;
        assert_eq!(page.status.as_u16(), 422, "{wrong}");
        assert!(page.body.contains("error-summary"), "{wrong}: {}", page.body);
    }

    let saved = wu.post(&format!("/officer/views?state=asked&due_in=3&from={today}"), &[("name", "Ask again")]).await;
    let view = format!("/officer?view=open&state=asked&due_in=3&from={today}");
    assert_eq!(saved.location.as_deref(), Some(view.as_str()));
    assert!(wu.get("/officer").await.body.contains(&view.replace('&', "&amp;")), "as it was saved");
    let nothing = [("action", "take"), ("state", "asked"), ("from", &today.to_string())];
    let again = wu.post("/officer/bulk/preview", &nothing).await.body;
    assert!(again.contains("value=\"asked\" selected") && again.contains(&format!("value=\"{today}\"")), "{again}");
}

#[tokio::test]
async fn what_is_due_soon_is_what_the_row_says() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let filed = number(&li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap());
    let all = [filed.as_str()];
    let calendar = world.portal.calendar();
    let due = calendar.due(world.portal.clock.today()).due;
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let days = calendar.working_days_left(world.portal.clock.today(), due);
        if days < -1 {
            break;
        }
        if days < 7 && seen.insert(days) {
            let mut wu = world.staff("officer").await;
            for (within, most) in [("1", 1), ("3", 3), ("5", 5)] {
                let is_shown = !shown(&mut wu, &format!("due_in={within}"), &all).await.is_empty();
                assert_eq!(is_shown, (0..=most).contains(&days), "{days} days left, within {within}");
            }
            let late = !shown(&mut wu, "due_in=overdue", &all).await.is_empty();
            assert_eq!(late, days < 0, "{days} days left");
        }
        world.pass(jiff::SignedDuration::from_hours(24));
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
    let desk = world.staff("officer").await.get("/officer").await.body;
    assert!(desk.contains("due_in=overdue\">1 overdue</a>"), "{desk}");
}

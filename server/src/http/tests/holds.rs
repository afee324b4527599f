//! Officers keep what a dispute needs, and let it go again.

use domain::actor::Actor;
use jiff::ToSpan;

use super::world::World;

const OLD_TICKETS: &str = "INSERT INTO support_tickets VALUES \
     (700001, 1, 'lost', 'b', NULL, '2011-01-01', '2011-02-01'), (700002, 1, 'late', 'b', NULL, '2012-01-01', '2012-02-01')";

#[tokio::test]
async fn rows_of_a_dispute_outlive_their_night() {
    let world = World::new().await;
    world.company(OLD_TICKETS).await;
    let today = world.portal.clock.today();
    let review = today.saturating_add(30.days());
    let mut officer = world.staff("officer").await;
    let choose = officer.get("/officer/holds/new").await.body;
    assert!(choose.contains("Everything about a person") && choose.contains("Support ticket"), "{choose}");
    assert_eq!(officer.get("/officer/holds/new?on=company.nothing").await.status.as_u16(), 404);
    let form = officer.get("/officer/holds/new?on=company.support_tickets").await.body;
    assert!(form.contains("the case is closed"), "{form}");

    let review = review.to_string();
    let mut fields = vec![
        ("on", "company.support_tickets"),
        ("since", "2011-01-01"),
        ("until", "2011-12-31"),
        ("owner", "Legal"),
        ("reason", "a lost parcel"),
    ];
    let missing = officer.post("/officer/holds/new", &fields).await;
    assert_eq!(missing.status.as_u16(), 422);
    assert!(missing.body.contains("Enter a day after today") && missing.body.contains("a lost parcel"));
    fields.push(("review_on", review.as_str()));
    let check = officer.post("/officer/holds/new", &fields).await.body;
    assert!(check.contains("Check before you place it") && check.contains("<span>1</span>"), "counted first: {check}");
    assert!(!officer.get("/officer/holds").await.body.contains("a lost parcel"), "nothing is placed yet");
    fields.push(("step", "place"));
    let placed = officer.post("/officer/holds/new", &fields).await;
    let hold = placed.location.expect("it is placed");

    let tickets = |night: &domain::report::NightReport| {
        let rules = night.rules.iter().filter(|rule| rule.table.table == "support_tickets");
        rules.map(|rule| (rule.outcome.word(), rule.selected, rule.done)).collect::<Vec<_>>()
    };
    let night = world.portal.retain(today, &|_| {}).await.unwrap();
    assert!(tickets(&night).contains(&("kept", 1, 0)), "{night:?}");
    assert!(tickets(&night).iter().any(|(word, _, done)| *word == "deleted" && *done >= 1), "{night:?}");

    let mut auditor = world.staff("auditor").await;
    let seen = auditor.get(&hold).await.body;
    assert!(seen.contains("a lost parcel") && !seen.contains("Lift it"), "auditors read: {seen}");
    assert_eq!(auditor.post(&format!("{hold}/lift"), &[]).await.status.as_u16(), 404);

    // The day comes, somebody looks, and it is still needed; then it is not.
    let system = Actor::System;
    let id = hold.rsplit('/').next().unwrap().parse().unwrap();
    world.portal.review_hold(system.keep_holds().unwrap(), &system, id, today).await.unwrap();
    let queue = officer.get("/officer").await.body;
    assert!(queue.contains("Holds to review: 1"), "{queue}");
    let yesterday = [("review_on", "2020-01-01")];
    assert_eq!(officer.post(&format!("{hold}/review"), &yesterday).await.status.as_u16(), 422);
    let later = world.portal.clock.today().saturating_add(60.days()).to_string();
    assert_eq!(officer.post(&format!("{hold}/review"), &[("review_on", &later)]).await.status.as_u16(), 303);
    assert!(!officer.get("/officer").await.body.contains("Holds to review"));
    assert_eq!(officer.post(&format!("{hold}/lift"), &[]).await.status.as_u16(), 303);
    assert_eq!(officer.get(&hold).await.status.as_u16(), 404);
    let night = world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    assert!(tickets(&night).contains(&("deleted", 1, 1)), "what it stopped goes on: {night:?}");
}

#[tokio::test]
async fn a_person_is_held_without_standing_in_an_address() {
    let world = World::new().await;
    let mut officer = world.staff("officer").await;
    let review = world.portal.clock.today().saturating_add(30.days()).to_string();
    let place = |who: &'static str| {
        let review = review.clone();
        move |step: &'static str| {
            [("on", "person"), ("who", who), ("owner", "Legal"), ("reason", "a claim"), ("review_on", &review)]
                .map(|(name, value)| (name, value.to_owned()))
                .into_iter()
                .chain([("step", step.to_owned())])
                .collect::<Vec<_>>()
        }
    };
    let post = async |officer: &mut super::world::Person<'_>, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        officer.post("/officer/holds/new", &fields).await
    };
    let wrong = post(&mut officer, place("<b>nobody</b>")("check")).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.body.contains("neither an e-mail address nor a mobile number") && !wrong.body.contains("<b>nobody"));
    let change = post(&mut officer, place("li@example.com")("change")).await;
    assert!(change.status.is_success() && change.body.contains("li@example.com"), "nothing typed is lost");
    let placed = post(&mut officer, place("li@example.com\n15400000001")("place")).await;
    let hold = placed.location.unwrap();
    assert!(!hold.contains("li"), "{hold}");
    let page = officer.get(&hold).await.body;
    assert!(page.contains("l***") && !page.contains("li@example.com") && !page.contains("15400000001"), "{page}");
}

#[tokio::test]
async fn who_is_held_reads_so_on_every_record_and_no_day() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let before = li.get("/mine").await.body;
    assert!(!before.contains("Under a legal hold") && before.contains("Anonymised"), "{before}");
    let review = world.portal.clock.today().saturating_add(30.days()).to_string();
    let mut officer = world.staff("officer").await;
    let fields = [("on", "person"), ("who", &email), ("owner", "Legal"), ("reason", "a claim"), ("review_on", &review)];
    let placed = officer.post("/officer/holds/new", &[&fields[..], &[("step", "place")]].concat()).await;
    let hold = placed.location.unwrap();

    let page = li.get("/mine").await.body;
    let untils: Vec<&str> =
        page.split("class=\"until\">").skip(1).filter_map(|rest| rest.split("</p>").next()).collect();
    assert!(!untils.is_empty() && untils.iter().all(|until| until.contains("until that is lifted")), "{untils:?}");
    assert!(li.get("/mine/lists").await.body.contains("under a legal hold, stays until it is lifted"));

    assert_eq!(officer.post(&format!("{hold}/lift"), &[]).await.status.as_u16(), 303);
    assert!(!li.get("/mine").await.body.contains("Under a legal hold"), "it is lifted");
}

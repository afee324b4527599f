//! A new year's notice, and reminders before dates pass.

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness},
    calendar::Announced,
    request::{Happened, RequestKind},
};
use jiff::{SignedDuration, civil::date};
use service::requests::Wish;

use super::world::World;

fn complaint() -> Wish {
    Wish {
        about: None,
        cover: domain::consent::Cover::Purpose,
        words: "wet".into(),
        origin: service::requests::Origin::Asked,
    }
}

#[tokio::test]
async fn a_notice_may_bring_a_promised_date_forward_and_never_back() {
    let world = World::new().await;
    let mut officer = world.staff("officer").await;
    let next = world.portal.clock.today().year() + 1;
    // A day in the second half of December: fifteen working days end in the new year, whose notice nobody has.
    let days = (date(next - 1, 12, 21) - world.portal.clock.today()).get_days();
    let portal = &world.portal;
    let queue = officer.get("/officer").await.body;
    let late = world.portal.clock.today().month() >= 11;
    assert_eq!(queue.contains("are not known yet"), late, "{queue}");
    world.pass(SignedDuration::from_hours(24 * i64::from(days)));
    let identifier = Identifier::Email(Email::parse(&world.email("customer")).unwrap());
    let actor = Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap());
    let own = actor.own().unwrap();
    let request = portal.file_wish(&own, &actor, RequestKind::Complaint, &complaint(), &[], Lang::En).await.unwrap();
    assert_eq!(request.due.year(), next);

    let work = Actor::System.work().unwrap();
    // Three weeks off: counted anew the date would be later. It stays.
    let off = format!("year = {next}\nnotice = \"longer\"\noff = [\"{next}-01-01..{next}-01-21\"]");
    let imported = portal.import_year(&work, &Announced::parse(&off).unwrap()).await.unwrap();
    assert_eq!(imported.earlier, 0, "{imported:?}");
    assert_eq!(portal.my_request(&own, &request.number).await.unwrap().request.due, request.due);
    // Every weekend worked: earlier, and the person is told.
    let weekends = (1..=9).filter_map(|day| {
        let day = date(next, 1, day);
        day.weekday().to_monday_zero_offset().ge(&5).then(|| format!("\"{day}\""))
    });
    let work_days = weekends.collect::<Vec<_>>().join(", ");
    let worked = format!("year = {next}\nnotice = \"shorter\"\noff = [\"{next}-04-05\"]\nwork = [{work_days}]");
    let imported = portal.import_year(&work, &Announced::parse(&worked).unwrap()).await.unwrap();
    assert_eq!(imported.earlier, 1, "{imported:?}");
    let followed = portal.my_request(&own, &request.number).await.unwrap();
    assert!(followed.request.due < request.due);
    assert!(followed.events.iter().any(|event| event.what == Happened::DueMoved));
    assert_eq!(portal.calendar().missing(portal.clock.today()), None);
}

#[tokio::test]
async fn officers_are_reminded_before_a_date_passes_and_once_a_day() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    li.post("/rights/complaint", &[("words", "wet")]).await;
    let reminders = || world.letters().iter().filter(|(to, _)| to == "privacy@example.com").count();
    world.portal.ask_for_the_day().await.unwrap();
    world.work().await;
    assert_eq!(reminders(), 0, "there are three weeks left");
    // Three weeks on, two working days or fewer are left, or the day has passed.
    world.pass(SignedDuration::from_hours(24 * 19));
    for _ in 0..2 {
        world.portal.ask_for_the_day().await.unwrap();
        world.work().await;
    }
    assert_eq!(reminders(), 1);
    world.pass(SignedDuration::from_hours(24 * 10));
    world.portal.ask_for_the_day().await.unwrap();
    world.work().await;
    assert_eq!(reminders(), 2);
    let (_, last) = world.letters().into_iter().find(|(to, _)| to == "privacy@example.com").unwrap();
    assert!(last.contains("已逾期：1"), "{last}");
}

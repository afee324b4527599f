//! The portal's own records obey the map as well.

use jiff::ToSpan;

use super::{systems::approved, world::World};

#[tokio::test]
async fn whose_a_request_was_is_forgotten_when_its_time_is_over() {
    let world = World::new().await;
    assert!(world.visitor().get("/policy").await.body.contains("3 years after the request is closed"));
    let (closed, waiting) = (world.email("newcomer"), world.email("customer"));
    let forgotten = approved(&world, &closed).await;
    // Invoices stay for thirty years: somebody must know until then whose they are.
    world.pass(jiff::SignedDuration::from_mins(1));
    let remembered = approved(&world, &waiting).await;
    let today = world.portal.clock.today();

    let early = today.saturating_add(3.years()).yesterday().unwrap();
    let own = |night: &domain::report::NightReport| -> u64 {
        night.rules.iter().filter(|rule| rule.table.to_string() == "qingdan.requests").map(|rule| rule.selected).sum()
    };
    assert_eq!(own(&world.portal.retain_dry(early).await.unwrap()), 0, "not a day too soon");
    let day = today.saturating_add(3.years()).saturating_add(2.days());
    assert_eq!(own(&world.portal.retain_dry(day).await.unwrap()), 1);
    let night = world.portal.retain(day, &|_| {}).await.unwrap();
    let rule =
        night.rules.iter().find(|rule| rule.table.to_string() == "qingdan.requests").expect("it is in the report");
    assert_eq!((rule.selected, rule.done, rule.left), (1, 1, 0));

    let mut officer = world.staff("officer2").await;
    let case = officer.get(&format!("/officer/requests/{forgotten}")).await;
    assert!(case.status.is_success() && case.body.contains("Completed"), "that there was one stays");
    assert!(!case.body.contains("@example.com"), "{}", case.body);
    assert!(officer.get(&format!("/officer/requests/{remembered}")).await.body.contains("@example.com"));
    assert!(officer.get("/officer?view=closed").await.body.contains(&forgotten));
    let certificate = world.visitor().get(&format!("/verify/{forgotten}")).await.body;
    assert!(certificate.contains("This certificate is genuine"), "what was done can still be shown");
    assert_eq!(own(&world.portal.retain(day, &|_| {}).await.unwrap()), 0, "once");
}

#[tokio::test]
async fn a_hold_keeps_a_request_too() {
    let world = World::new().await;
    let email = world.email("newcomer");
    approved(&world, &email).await;
    let system = domain::actor::Actor::System;
    let person = domain::Identifier::Email(domain::Email::parse(&email).unwrap());
    let new = service::holds::NewHold {
        on: domain::hold::HoldOn::Person(vec![person]),
        owner: "legal".into(),
        reason: "a claim".into(),
        review_on: world.portal.clock.today(),
    };
    world.portal.place_hold(system.keep_holds().unwrap(), &system, new).await.unwrap();
    let day = world.portal.clock.today().saturating_add(4.years());
    let night = world.portal.retain(day, &|_| {}).await.unwrap();
    let rules: Vec<_> = night.rules.iter().filter(|rule| rule.table.to_string() == "qingdan.requests").collect();
    assert!(rules.iter().any(|rule| rule.outcome.word() == "kept" && rule.selected == 1), "{rules:?}");
    assert!(rules.iter().all(|rule| rule.done == 0), "{rules:?}");
}

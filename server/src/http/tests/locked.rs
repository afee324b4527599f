//! What a floor keeps is locked away at once, opened by two persons only, and destroyed on its day.

use jiff::{SignedDuration, ToSpan};

use super::{systems::approved, world::World};

async fn sent_from(world: &World) -> Vec<String> {
    world.company_texts("SELECT coalesce(sender_mobile, '') FROM waybills WHERE delivered_at IS NOT NULL").await
}

#[tokio::test]
async fn what_a_law_keeps_is_out_of_reach_until_it_is_destroyed() {
    let world = World::new().await;
    let email = world.email("customer");
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    assert!(sent_from(&world).await.contains(&mobile));
    let mut li = world.customer(&email).await;
    let preview = li.get("/mine/delete").await.body;
    assert!(preview.contains("Lock away") && preview.contains("sealed at once"), "{preview}");
    let number = approved(&world, &email).await;
    let request = li.get(&format!("/requests/{number}")).await.body;
    assert!(request.contains("Completed") && request.contains("Locked away"), "{request}");
    assert!(!sent_from(&world).await.contains(&mobile), "the company can no longer read it");

    let locked = format!("/officer/requests/{number}/locked");
    world.pass(SignedDuration::from_mins(1));
    let mut first = world.staff("officer").await;
    assert!(first.get(&format!("/officer/requests/{number}")).await.body.contains("See what is locked away"));
    let page = first.get(&locked).await.body;
    assert!(page.contains("Waybill") && !page.contains(&mobile), "{page}");
    let show = format!("{locked}/show");
    assert_eq!(first.post(&show, &[]).await.status.as_u16(), 409, "nobody has agreed");
    let missing = first.post(&format!("{locked}/ask"), &[("why", " ")]).await;
    assert_eq!(missing.status.as_u16(), 422);
    let reason = [("why", "Hangzhou court, order 2026-17")];
    assert_eq!(first.post(&format!("{locked}/ask"), &reason).await.status.as_u16(), 303);
    assert_eq!(first.post(&format!("{locked}/grant"), &[]).await.status.as_u16(), 409, "not the same person");
    assert_eq!(first.post(&show, &[]).await.status.as_u16(), 409);
    let mut auditor = world.staff("auditor").await;
    assert_eq!(auditor.post(&format!("{locked}/grant"), &[]).await.status.as_u16(), 404, "auditors only read");
    let mut second = world.staff("officer2").await;
    assert!(second.get(&locked).await.body.contains("order 2026-17"));
    assert_eq!(second.post(&format!("{locked}/grant"), &[]).await.status.as_u16(), 303);
    let open = first.post(&show, &[]).await;
    assert!(open.body.contains(&mobile), "{}", open.body);
    assert_eq!(open.headers["cache-control"], "no-store");
    let log = auditor.get("/officer/audit").await.body;
    assert!(log.contains("unlocked_seen") && log.contains("unlock_granted") && !log.contains("order 2026-17"), "{log}");
    world.pass(SignedDuration::from_hours(25));
    let refused = first.post(&show, &[]).await.status.as_u16();
    assert!(refused == 409 || refused == 303, "a day later it is shut again, and the officer signed out: {refused}");

    // What was on its way is delivered: its floor begins, and it is locked away the same night.
    let today = world.portal.clock.today();
    let delivered = format!("UPDATE waybills SET delivered_at = '{today}' WHERE sender_mobile = '{mobile}'");
    world.company(&delivered).await;
    assert!(sent_from(&world).await.contains(&mobile));
    let night = world.portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.verified && night.rules.iter().any(|rule| rule.outcome.word() == "locked_away" && rule.done > 0));
    assert!(!sent_from(&world).await.contains(&mobile));

    // The day after the last floor: destroyed, and said so in the night's report.
    let last = world.company_texts("SELECT max(until_day) FROM qingdan_locked").await.remove(0);
    let last: jiff::civil::Date = last.parse().unwrap();
    let eve = world.portal.retain(last.yesterday().unwrap(), &|_| {}).await.unwrap();
    assert_ne!(world.company_texts("SELECT count(*) FROM qingdan_locked").await, ["0"], "{eve:?}");
    let night = world.portal.retain(last.saturating_add(1.day()), &|_| {}).await.unwrap();
    assert!(night.verified && night.rules.iter().any(|rule| rule.outcome.word() == "destroyed" && rule.done > 0));
    assert_eq!(world.company_texts("SELECT count(*) FROM qingdan_locked").await, ["0"]);
}

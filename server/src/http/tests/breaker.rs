//! What held a rule of the night up, and the figures an officer lets it go by.

use domain::{
    breaker::{Limits, Tripped, Why},
    report::Report,
};
use jiff::SignedDuration;
use service::Portal;
use store::{
    breaker::{Release, Waiting},
    runs::{RunKind, RunStatus},
};

use super::{
    nights::{TOO_MANY, release_form},
    world::{Person, World},
};

/// Every page an officer reads of it on, and the signed report.
async fn pages(who: &mut Person<'_>, rule: &Tripped) -> [String; 3] {
    let nights = who.get("/officer/nights").await.body;
    let number = nights.split("/officer/nights/QN-").nth(1).unwrap().split('"').next().unwrap();
    let report = who.get(&format!("/officer/nights/QN-{number}")).await.body;
    [nights, who.get(&look(rule)).await.body, report]
}

fn look(rule: &Tripped) -> String {
    format!("/officer/nights/release?table={}&outcome={}", rule.table, rule.outcome.word())
}

async fn held_up(portal: &Portal) -> Tripped {
    let night = portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    night.stopped.into_iter().find(|rule| rule.table.table == "support_tickets").expect("it waits")
}

#[tokio::test]
async fn a_night_names_the_share_that_held_a_rule_up_and_not_the_one_configured_since() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    let mut that_night = (*world.portal).clone();
    that_night.settings.breaker.share = 7;
    let rule = held_up(&that_night).await;
    assert_eq!(world.portal.settings.breaker.share, 20, "configured since");
    let Why::Share { limits: Some(Limits { share: 7, .. }), .. } = rule.why else { panic!("{rule:?}") };

    let mut officer = world.staff("officer").await;
    for page in pages(&mut officer, &rule).await {
        assert!(page.contains("more than the 7 % it may") && !page.contains("20 %"), "{page}");
    }
    let mut zh = officer.clone();
    zh.cookie = zh.cookie.map(|cookie| format!("{cookie}; lang=zh-CN"));
    for page in pages(&mut zh, &rule).await {
        assert!(page.contains("超过了无人确认时的上限（7%）"), "{page}");
    }

    // Let go and carried out, the night that held it up still says why.
    let [_, seen, _] = pages(&mut officer, &rule).await;
    let release = release_form(&seen, Some("as foreseen"));
    assert_eq!(officer.post("/officer/nights/release", &release).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_hours(24));
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let page = world.staff("officer").await.get("/officer/nights").await.body;
    assert!(page.contains("more than the 7 % it may"), "{page}");
}

#[tokio::test]
async fn a_night_says_above_how_many_times_the_usual_it_held_a_rule_up_and_from_what_on_that_counts() {
    let world = World::new().await;
    let mut that_night = (*world.portal).clone();
    that_night.settings.breaker = Limits { share: 100, times: 2, from_rows: 600 };
    for _ in 0..5 {
        that_night.retain(that_night.clock.today(), &|_| {}).await.unwrap();
        world.pass(SignedDuration::from_hours(24));
    }
    world.company(TOO_MANY).await;
    let rule = held_up(&that_night).await;
    let Why::Forecast { most, limits: Some(_) } = rule.why else { panic!("{rule:?}") };
    assert!(most < 600, "few went: {most}");
    let said = format!("the most a recent night took is {most} (counted as 600 at least), and more than 2 times that");
    let mut officer = world.staff("officer").await;
    for page in pages(&mut officer, &rule).await {
        assert!(page.contains(&said), "{said}: {page}");
    }
    officer.cookie = officer.cookie.map(|cookie| format!("{cookie}; lang=zh-CN"));
    let said = format!("而最近各晚最多 {most} 行（至少按 600 行计），超过它的 2 倍就要有人确认");
    for page in pages(&mut officer, &rule).await {
        assert!(page.contains(&said), "{said}: {page}");
    }
}

/// What was written down before the limits were kept with it.
#[tokio::test]
async fn a_night_of_before_names_no_limits() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    let portal = &world.portal;
    let rule = held_up(portal).await;
    let Why::Share { of, .. } = rule.why else { panic!("{rule:?}") };
    let before = serde_json::json!({ "why": "share", "of": of });
    let run = portal.store.last_night().await.unwrap().unwrap();
    let Some(Report::Night(mut report)) = run.report else { panic!("a night ends with its report") };
    for stopped in &mut report.stopped {
        stopped.why = serde_json::from_value(before.clone()).unwrap();
    }
    let old: Tripped = report.stopped[0].clone();
    let report = Report::Night(report);
    let tx = portal.store.begin().await.unwrap();
    tx.finish_run(run.id, RunStatus::Verified, &report, portal.clock.now()).await.unwrap();
    tx.trip(&old, &portal.map.hash, &Release::NotAsked, portal.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(run.kind, RunKind::Retention);

    let mut officer = world.staff("officer").await;
    let [nights, look, _] = pages(&mut officer, &rule).await;
    for page in [nights, look] {
        assert!(page.contains("more than it may without anyone looking"), "{page}");
        assert!(!page.contains("20 %") && !page.contains("times that"), "no limit of today's: {page}");
    }
}

async fn is_released(world: &World) -> bool {
    world.portal.store.waiting_rules().await.unwrap().iter().any(Waiting::is_released)
}

/// As many rows by another map are other rows.
#[tokio::test]
async fn what_another_map_counts_is_not_released_from_the_page_of_the_map_before() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    let rule = held_up(&world.portal).await;
    let mut officer = world.staff("officer").await;
    world.pass(SignedDuration::from_mins(1));
    let before = officer.get(&look(&rule)).await.body;
    let old = release_form(&before, Some("Tickets of the old system"));

    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"CORRECT\"]\n").await;
    let portal = world.current();
    assert_ne!(portal.map.hash, world.portal.map.hash);
    let none_counted = officer.post("/officer/nights/release", &old).await;
    assert_eq!(none_counted.status.as_u16(), 409, "{}", none_counted.body);
    assert!(none_counted.body.contains("This rule has changed"), "{}", none_counted.body);
    assert!(none_counted.body.contains("Tickets of the old system"), "nothing is lost: {}", none_counted.body);

    let anew = held_up(&portal).await;
    assert_eq!(anew.rows, rule.rows, "as many");
    let short = portal.map.hash.short();
    for why in ["Tickets of the old system", ""] {
        let refused = officer.post("/officer/nights/release", &release_form(&before, Some(why))).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
        assert!(refused.body.contains("This rule has changed"), "{}", refused.body);
        assert!(refused.body.contains(short) && refused.body.contains(why), "as it is now: {}", refused.body);
        assert!(!is_released(&world).await);
        if !why.is_empty() {
            let again = release_form(&refused.body, Some(why));
            assert!(again.contains(&("map", portal.map.hash.0.as_str())), "{again:?}");
        }
    }
    let now = officer.get(&look(&anew)).await.body;
    let form = release_form(&now, Some("Tickets of the old system"));
    assert_eq!(officer.post("/officer/nights/release", &form).await.status.as_u16(), 303);
    assert!(is_released(&world).await);
}

/// Other rows may be as many: some went, and others came.
#[tokio::test]
async fn what_another_night_counts_is_looked_at_again() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    let rule = held_up(&world.portal).await;
    let mut officer = world.staff("officer").await;
    let before = officer.get(&look(&rule)).await.body;
    world.pass(SignedDuration::from_mins(5));
    assert_eq!(held_up(&world.portal).await.rows, rule.rows);
    let refused = officer.post("/officer/nights/release", &release_form(&before, Some("as foreseen"))).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
    assert!(!is_released(&world).await);
    let form = release_form(&refused.body, Some("as foreseen"));
    assert_eq!(officer.post("/officer/nights/release", &form).await.status.as_u16(), 303);
}

#[tokio::test]
async fn figures_that_were_not_those_shown_release_nothing() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    let rule = held_up(&world.portal).await;
    let mut officer = world.staff("officer").await;
    let page = officer.get(&look(&rule)).await.body;
    for (field, value) in [("rows", "7"), ("map", "0000"), ("counted", "1")] {
        let mut form = release_form(&page, Some("as foreseen"));
        form.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, of)| *of = value);
        assert_eq!(officer.post("/officer/nights/release", &form).await.status.as_u16(), 409, "{field}");
        form.retain(|(name, _)| *name != field);
        let missing = officer.post("/officer/nights/release", &form).await;
        assert!(missing.status.is_client_error(), "{field}: {}", missing.status);
    }
    assert!(!is_released(&world).await);
}

/// Most companies are small: no wrong map, and no clock that is years ahead, empties a table of some hundred rows.
#[tokio::test]
async fn a_small_table_is_not_emptied_unseen() {
    let world = World::new().await;
    world.company("UPDATE tracking_events SET at = '2019-01-01 10:00:00'").await;
    let events = "SELECT count(*) FROM tracking_events";
    let before = world.company_texts(events).await;
    let night = world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let rule = night.stopped.iter().find(|rule| rule.table.table == "tracking_events").expect("it waits");
    let Why::Share { limits: Some(Limits { share: 90, from_rows: 100, .. }), .. } = rule.why else {
        panic!("{rule:?}")
    };
    assert_eq!(world.company_texts(events).await, before);
    let page = world.staff("officer").await.get("/officer/nights").await.body;
    assert!(page.contains("more than the 90 % it may"), "{page}");
}

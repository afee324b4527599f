//! What held a rule of the night up, and the figures an officer lets it go by.

use domain::breaker::{Limits, Tripped, Why};
use jiff::SignedDuration;
use service::Portal;
use store::{
    breaker::Release,
    runs::{RunKind, RunStatus},
};

use super::{
    nights::TOO_MANY,
    world::{Person, World},
};

/// Every page an officer reads of it on, and the signed report.
async fn pages(who: &mut Person<'_>, rule: &Tripped) -> [String; 3] {
    let nights = who.get("/officer/nights").await.body;
    let number = nights.split("/officer/nights/QN-").nth(1).unwrap().split('"').next().unwrap();
    let report = who.get(&format!("/officer/nights/QN-{number}")).await.body;
    let look = format!("/officer/nights/release?table={}&outcome={}", rule.table, rule.outcome.word());
    [nights, who.get(&look).await.body, report]
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
    let release = [
        ("table", rule.table.to_string()),
        ("outcome", rule.outcome.word().to_owned()),
        ("rows", rule.rows.to_string()),
        ("why", "as foreseen".to_owned()),
    ];
    let release: Vec<(&str, &str)> = release.iter().map(|(name, value)| (*name, value.as_str())).collect();
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
    let mut report = run.report.unwrap();
    for stopped in report["stopped"].as_array_mut().unwrap() {
        stopped["why"] = before.clone();
    }
    let old: Tripped = serde_json::from_value(report["stopped"][0].clone()).unwrap();
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

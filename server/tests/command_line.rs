//! The command line as those who run the product use it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::process::Command;

use common::{BINARY, World};
use domain::request::Statistics;
use store::runs::{Run, RunStatus};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_same_seed_on_the_same_day_makes_the_same_company() {
    let dump = |seed| World::new(60, seed).company(".dump");
    assert!(dump(9) == dump(9));
    assert!(dump(9) != dump(10));
}

/// What a demonstration shows of its past has been done, and what is open still can be.
#[tokio::test]
async fn a_past_has_been_lived() {
    // So many that the first night's backlog is held up until two officers let it go.
    let world = World::with_a_past(300, 1, 28);
    let portal = world.portal().await;
    let auditor = common::auditor();
    let nights = portal.nights(auditor.read_reports().unwrap(), 60).await.unwrap();
    assert_eq!(nights.iter().filter(|night| night.status == RunStatus::Verified).count(), 28);
    assert_eq!(portal.rules_to_look_at().await.unwrap(), 0, "somebody has looked");
    let let_go = nights.iter().filter_map(Run::night).any(|night| !night.let_go.is_empty());
    assert!(let_go, "and the next night took it");
    let year = portal.clock.today().year();
    let mut all = Statistics::default().all;
    for year in [year - 1, year] {
        let of = portal.statistics(&auditor.read_requests().unwrap(), year).await.unwrap().all;
        all.received += of.received;
        all.open += of.open;
        all.refused += of.refused;
    }
    assert_eq!((all.received, all.open, all.refused), (10, 4, 1));
    let theirs =
        |serial| world.company(&format!("SELECT id FROM customers WHERE email = 'customer{serial}@example.com'"));
    assert!(theirs(13).is_empty() && theirs(18).is_empty(), "erased");
    assert!(!theirs(15).is_empty() && !theirs(20).is_empty(), "refused, and not decided yet");
    assert!(text(&world.run(&["audit", "verify"]).stdout).contains("the chain is intact"));
    // Any number of days is a past, also one that begins in the middle of the story.
    for days in [1, 15, 22] {
        World::with_a_past(20, 1, days);
    }
}

#[test]
fn a_broken_map_is_told_with_file_line_and_what_to_write() {
    let world = World::new(20, 1);
    let file = world.dir().join("map/30-delivery.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    for (from, to, wrong, instead) in [
        ("kind = \"waybill_no\"", "kind = \"waybil_no\"", "unknown variant `waybil_no`", "did you mean `waybill_no`?"),
        (
            "keep = \"3 years\", then = \"anonymise\"",
            "keep = \"1 years\", then = \"anonymise\"",
            "prescribes 2 years",
            "2 years",
        ),
        ("company.customers.holder", "company.customer.holder", "names no role", "company.customers.holder"),
        (
            "of = \"buyer\", kind = \"plain\"",
            "of = \"byer\", kind = \"plain\"",
            "role “byer” is not defined",
            "did you mean “buyer”?",
        ),
        ("{ to = \"station\"", "{ to = \"staton\"", "recipient “staton” is not defined", "did you mean “station”?"),
        (
            "sender_name = { of = \"sender\"",
            "sender_name = { of = \"everyone\"",
            "shows one person's data to everyone",
            "of = \"sender\"",
        ),
        ("keep = \"3 years\", then = \"delete\"", "keep = \"three years\", then = \"delete\"", "is not a period", ""),
    ] {
        let line = good[..good.find(from).unwrap()].matches('\n').count() + 1;
        std::fs::write(&file, good.replacen(from, to, 1)).unwrap();
        let out = world.run(&["map", "check"]);
        let said = text(&out.stdout);
        assert!(!out.status.success());
        assert!(said.contains(wrong) && said.contains(instead), "{to}: {said}");
        assert!(said.contains(&format!("30-delivery.toml:{line}:")), "{to}: line {line} in {said}");
    }
    std::fs::write(&file, good).unwrap();
    assert!(world.run(&["map", "check"]).status.success());
}

#[test]
fn the_future_is_for_dry_runs_only_and_a_missing_database_is_named() {
    let world = World::new(20, 1);
    let out = world.run(&["retain", "--as-of", "2099-01-01"]);
    assert!(!out.status.success() && text(&out.stderr).contains("only --dry-run may look ahead"));
    assert!(world.run(&["retain", "--dry-run", "--as-of", "2099-01-01"]).status.success());
    std::fs::remove_file(world.dir().join("company.sqlite")).unwrap();
    let out = world.run(&["retain"]);
    assert!(
        !out.status.success() && text(&out.stderr).contains("source company cannot be reached"),
        "{}",
        text(&out.stderr)
    );
    let out = world.run(&["map", "check"]);
    assert!(!out.status.success() && text(&out.stdout).contains("cannot be reached"));
}

#[tokio::test]
async fn a_changed_audit_log_is_found() {
    let world = World::new(20, 1);
    assert!(text(&world.run(&["audit", "verify"]).stdout).contains("the chain is intact"));
    store::audit::tamper(&world.portal().await.store, 2, "nobody").await.unwrap();
    let out = world.run(&["audit", "verify"]);
    assert!(!out.status.success());
    assert!(text(&out.stdout).contains("entry 2 was changed"), "{}", text(&out.stdout));
}

#[test]
fn a_key_is_never_overwritten_and_a_wrong_one_is_named() {
    let world = World::new(20, 1);
    let out = Command::new(BINARY).arg("key").arg(world.dir().join("portal.key")).output().unwrap();
    assert!(!out.status.success());
    let _ = std::fs::remove_file(world.dir().join("portal.key"));
    let out = world.run(&["audit", "verify"]);
    assert!(text(&out.stderr).contains("`qingdan key` makes one"), "{}", text(&out.stderr));
}

#[test]
fn the_published_schema_is_the_one_in_the_code() {
    let out = Command::new(BINARY).args(["map", "schema"]).output().unwrap();
    let published = include_str!("../../docs/map.schema.json");
    assert!(text(&out.stdout) == published, "run: qingdan map schema > docs/map.schema.json");
}

//! Whatever happens half way: every run comes to an end, and what went is in the ledger, in the report and in the register.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    replay::BILLS,
    world::{World, at_rest, backup, copy, li, officer},
};
use domain::{
    actor::{Actor, Staff, StaffRole},
    ids::StaffId,
    permit::ReadReports,
    request::Stage,
};
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, Database, Statement};
use service::{
    Portal,
    register::{Cause, Month},
    worker::Worked,
};
use sources::{
    SourceError,
    fault::{Faults, Point},
};
use store::runs::{Run, RunKind};
use tempfile::TempDir;

type Rows = BTreeMap<String, u64>;

fn auditor() -> ReadReports {
    let auditor = Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Auditor });
    auditor.read_reports().unwrap()
}

/// The process dies at the n-th moment it may die at.
fn dies_at(n: u64) -> Faults {
    let seen = AtomicU64::new(0);
    Faults::new(move |_, _| {
        if seen.fetch_add(1, Ordering::SeqCst) == n {
            std::panic::resume_unwind(Box::new("died"));
        }
        Ok(())
    })
}

/// Later than every lease.
fn later(world: &World) {
    world.now.fetch_add(11 * 60_000, Ordering::Relaxed);
}

async fn works_on(world: &World) -> Arc<Portal> {
    let portal = world.portal(Faults::default()).await;
    for _ in 0..3 {
        later(world);
        while portal.work_once().await.unwrap() == Worked::Did {}
    }
    portal
}

/// Rows by table, as the ledger has them; every step and every run of them has ended.
async fn ledger(portal: &Portal, runs: &[Run]) -> Rows {
    let mut rows = Rows::new();
    for run in runs {
        assert!(run.finished_at.is_some(), "{:?} never ended", run.kind);
        for step in portal.store.steps(run.id).await.unwrap() {
            let done = step.rows.unwrap_or_else(|| panic!("a step of {:?} is open", run.kind));
            *rows.entry(run.plan.items[step.item].table.to_string()).or_default() += done;
        }
    }
    rows.retain(|_, rows| *rows > 0);
    rows
}

async fn register(portal: &Portal) -> Month {
    let first = portal.clock.today().first_of_month();
    portal.register(auditor(), first).await.unwrap()
}

fn entered(month: &Month, of: impl Fn(&Cause) -> bool) -> Rows {
    let mut rows = Rows::new();
    for entry in month.entries.iter().filter(|entry| of(&entry.cause)) {
        *rows.entry(entry.table.to_string()).or_default() += entry.rows;
    }
    rows
}

fn of_night(cause: &Cause) -> bool {
    matches!(cause, Cause::Night(_))
}

fn rows<const N: usize>(rows: [(&str, u64); N]) -> Rows {
    rows.map(|(table, rows)| (table.to_owned(), rows)).into()
}

/// Li is erased but for five bills, whose day has come since.
async fn with_bills() -> World {
    let mut world = World::sqlite().await;
    let bills = "CREATE TABLE bills (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people (id), payer VARCHAR(50), paid_on DATE);
        INSERT INTO bills VALUES (1, 1, 'Li', '2024-01-01'), (2, 2, 'Wang', '2024-01-01'), (3, 1, 'Li', '2024-02-01'),
        (4, 1, 'Li', '2024-01-01'), (5, 1, 'Li', '2024-01-01'), (6, 1, 'Li', '2024-01-01')";
    world.sql(bills).await;
    world.redraw(|map| format!("{map}{BILLS}"));
    world.begin().await;
    let portal = world.portal(Faults::default()).await;
    while portal.work_once().await.unwrap() == Worked::Did {}
    drop(portal);
    // 10:00 on 24 March 2027.
    world.now.store(1_805_853_600_000, Ordering::Relaxed);
    world
}

fn at(base: &TempDir, with: &World) -> World {
    let mut world = World::new(copy(base.path()), None);
    world.redraw(|map| format!("{map}{BILLS}"));
    world.now.store(with.now.load(Ordering::Relaxed), Ordering::Relaxed);
    world
}

async fn nights_of(portal: &Portal, day: Date) -> Vec<Run> {
    let mut runs = portal.nights(auditor(), 50).await.unwrap();
    runs.retain(|run| run.as_of == day);
    runs
}

/// Due of Old: seven orders and three notes; of Li five bills.
fn due() -> Rows {
    rows([("db.bills", 5), ("db.notes", 3), ("db.orders", 7)])
}

#[tokio::test]
async fn a_night_that_dies_anywhere_reports_all_it_did() {
    let with = with_bills().await;
    let base = backup(&with).await;
    for n in 0.. {
        let world = at(&base, &with);
        let portal = world.portal(dies_at(n)).await;
        let today = portal.clock.today();
        let died = tokio::spawn(async move { portal.retain(today, &|_| {}).await.map(|_| ()) }).await.is_err();
        let portal = works_on(&world).await;
        assert_eq!(world.count("SELECT count(*) FROM bills WHERE payer = 'Li'").await, 0, "{n}");
        let runs = nights_of(&portal, today).await;
        assert_eq!(ledger(&portal, &runs).await, due(), "{n}");
        let nights: Vec<&Run> = runs.iter().filter(|run| run.kind == RunKind::Retention).collect();
        let [night] = nights[..] else { panic!("{n}: one night") };
        let report = night.night().unwrap();
        let mut said = Rows::new();
        for rule in &report.rules {
            *said.entry(rule.table.to_string()).or_default() += rule.done;
        }
        said.retain(|_, rows| *rows > 0);
        assert_eq!((said, report.changed, report.verified), (due(), 15, true), "{n}");
        assert_eq!(entered(&register(&portal).await, of_night), due(), "{n}");
        if !died {
            assert!(n > 20, "{n}");
            return;
        }
    }
}

#[tokio::test]
async fn a_night_given_up_for_another_map_reports_what_it_did() {
    let with = with_bills().await;
    let base = backup(&with).await;
    for n in (0..).step_by(3) {
        let mut world = at(&base, &with);
        let portal = world.portal(dies_at(n)).await;
        let today = portal.clock.today();
        let died = tokio::spawn(async move { portal.retain(today, &|_| {}).await.map(|_| ()) }).await.is_err();
        world.redraw(|map| map.replace("en = \"Bills\"", "en = \"Receipts\""));
        let portal = works_on(&world).await;
        let runs = nights_of(&portal, today).await;
        assert_eq!(ledger(&portal, &runs).await, due(), "{n}");
        assert_eq!(entered(&register(&portal).await, of_night), due(), "{n}");
        if !died {
            return;
        }
    }
}

#[tokio::test]
async fn a_replay_that_dies_anywhere_is_ended_and_accounted_for() {
    let erased = World::sqlite().await;
    let before = copy(erased.dir().path());
    let at_backup = erased.portal(Faults::default()).await.clock.now();
    erased.begin().await;
    let portal = erased.portal(Faults::default()).await;
    while portal.work_once().await.unwrap() == Worked::Did {}
    drop(portal);
    at_rest(erased.dir().path()).await;
    std::fs::copy(before.path().join("c.sqlite"), erased.dir().path().join("c.sqlite")).unwrap();
    let base = backup(&erased).await;
    let all = || rows([("db.notes", 2), ("db.orders", 5), ("db.people", 1)]);
    for n in 0.. {
        let world = World::new(copy(base.path()), None);
        let portal = world.portal(Faults::default()).await;
        let one = portal.returned(at_backup).await.unwrap().remove(0);
        let portal = world.portal(dies_at(n)).await;
        let died = tokio::spawn(async move { portal.replay(one).await.map(|_| ()) }).await.is_err();
        // The server goes on with it, or whoever asks again.
        let portal = if n % 2 == 0 { works_on(&world).await } else { world.portal(Faults::default()).await };
        later(&world);
        for one in portal.returned(at_backup).await.unwrap() {
            let report = portal.replay(one).await.unwrap();
            let done: u64 = report.items.iter().map(|item| item.done).sum();
            assert!(report.verified && (n % 2 == 0 || done == 8), "{n}: {report:?}");
        }
        let portal = works_on(&world).await;
        assert!(portal.returned(at_backup).await.unwrap().is_empty(), "{n}");
        let li = portal.my_requests(&li().own().unwrap(), None, 10).await.unwrap().requests.remove(0);
        let mut runs = portal.store.runs_for(li.id).await.unwrap();
        runs.retain(|run| run.kind == RunKind::Replay);
        assert_eq!(ledger(&portal, &runs).await, all(), "{n}");
        assert!(runs.iter().any(|run| run.done().unwrap().verified), "{n}");
        let month = register(&portal).await;
        let replayed = entered(&month, |cause| matches!(cause, Cause::Replay(number) if *number == li.number));
        assert_eq!(replayed, all(), "{n}");
        if !died {
            assert!(n > 10, "{n}");
            return;
        }
    }
}

#[tokio::test]
async fn a_deletion_that_differed_half_way_is_certified_as_a_whole() {
    let world = World::sqlite().await;
    let request = world.begin().await;
    let steps = AtomicU64::new(0);
    let faults = Faults::new(move |at, source| {
        if at == Point::StepDone && steps.fetch_add(1, Ordering::SeqCst) == 0 {
            return Err(SourceError::Busy { source_name: source.clone() });
        }
        Ok(())
    });
    world.portal(faults).await.work_once().await.unwrap();
    let left = "SELECT count(*) FROM notes WHERE email = 'li@example.com'";
    assert_eq!(world.count(left).await, 0, "half way: her notes are locked away");
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE person_id = 1").await, 5);
    world.sql("INSERT INTO orders VALUES (31, 1, 'a ring', '2026-01-01')").await;
    let portal = works_on(&world).await;
    let own = li().own().unwrap();
    let stage = portal.my_requests(&own, None, 10).await.unwrap().requests.remove(0).stage;
    assert!(matches!(stage, Stage::Differs { .. }), "{stage:?}");
    let of_request = |cause: &Cause| matches!(cause, Cause::Request(number) if *number == request.number);
    let month = register(&portal).await;
    assert_eq!(entered(&month, of_request), rows([("db.notes", 2)]), "so far");
    assert!(month.entries.iter().all(|entry| !entry.verified), "nobody has looked again");

    let (officer, plan) = (officer(), portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest());
    portal.approve(&officer.decide().unwrap(), &officer, &request.number, &plan, None).await.unwrap();
    let portal = works_on(&world).await;
    let document = portal.certificate(&request.number).await.unwrap();
    let certificate = document.check(&portal.public_key()).unwrap();
    let mut certified = Rows::new();
    for item in &certificate.items {
        assert!(item.done == item.planned || !item.outcome.removes(), "{item:?}");
        *certified.entry(item.what.en.clone()).or_default() += item.done;
    }
    certified.retain(|_, rows| *rows > 0);
    assert_eq!(certified, rows([("Notes", 2), ("Orders", 6), ("People", 1)]));
    let month = register(&portal).await;
    assert_eq!(entered(&month, of_request), rows([("db.notes", 2), ("db.orders", 6), ("db.people", 1)]));
    assert!(month.entries.iter().all(|entry| entry.verified), "the second look was about all of it");
}

/// Whoever keeps the heads notices a log that was rewritten: they must not end because nights do not come to their end.
#[tokio::test]
async fn the_head_of_the_audit_log_is_signed_each_day_though_nights_fail() {
    let world = World::sqlite().await;
    world.begin().await;
    let away = Faults::new(|_, source| Err(SourceError::Unreachable { source_name: source.clone() }));
    let portal = world.portal(away).await;
    portal.retain(portal.clock.today(), &|_| {}).await.unwrap_err();
    let heads = async || {
        let url = format!("sqlite:{}", world.dir().path().join("portal.sqlite").display());
        let db = Database::connect(url).await.unwrap();
        let count = Statement::from_string(db.get_database_backend(), "SELECT count(*) FROM audit_head");
        let heads: i64 = db.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        db.close().await.unwrap();
        heads
    };
    assert_eq!(heads().await, 0);
    portal.ask_for_the_day().await.unwrap();
    while portal.work_once().await.unwrap() == Worked::Did {}
    assert_eq!(heads().await, 1);
}

//! The company's own programs at work: locks we wait for, deadlocks we lose, a disk that fills up. Nothing is claimed
//! that did not happen, and once they have let go the erasure comes to its end.

use std::{sync::Arc, time::Duration};

use super::world::{World, company_at, li};
use domain::request::Stage;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, Statement, TransactionTrait};
use service::{Portal, Settings};
use sources::fault::Faults;
use store::jobs::JobKind;
use testkit::{Mariadb, Postgres};

const SLEEP: Duration = Duration::from_millis(300);
const MANY: i64 = 100_000;
const OF_LI: &str = "SELECT count(*) FROM orders WHERE person_id = 1";

fn mariadb() -> Mariadb {
    Mariadb::start_with(&["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M"])
}

async fn world(url: &str) -> (World, DatabaseConnection) {
    world_with(url, "SELECT 1").await
}

/// With more in the company's database before Li asks.
async fn world_with(url: &str, more: &str) -> (World, DatabaseConnection) {
    company_at(url).await;
    let db = Database::connect(url).await.unwrap();
    db.execute_unprepared(more).await.unwrap();
    let world = World::new(tempfile::tempdir().unwrap(), Some(url.to_owned()));
    world.begin().await;
    (world, db)
}

/// Everything of Li's in one transaction, as in service.
async fn portal(world: &World, faults: Faults) -> Arc<Portal> {
    let mut portal = world.portal(faults).await;
    Arc::get_mut(&mut portal).unwrap().settings = Settings::default();
    portal
}

async fn locks(db: &DatabaseConnection, sql: &str) -> DatabaseTransaction {
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared(sql).await.unwrap();
    tx
}

async fn stage(world: &World) -> Stage {
    let portal = portal(world, Faults::default()).await;
    portal.my_requests(&li().own().unwrap(), None, 10).await.unwrap().requests.remove(0).stage
}

/// The worker goes on after every wait before another try.
async fn later(world: &World) {
    world.now.fetch_add(11 * 60_000, std::sync::atomic::Ordering::Relaxed);
    portal(world, Faults::default()).await.work_once().await.unwrap();
}

async fn waits_for_a_lock(url: &str) {
    let (world, db) = world(url).await;
    let others = locks(&db, "UPDATE orders SET goods = 'green tea' WHERE id = 5").await;
    portal(&world, Faults::default()).await.work_once().await.unwrap();
    assert!(matches!(stage(&world).await, Stage::Running { .. }), "begun, and nothing claimed");
    assert_eq!(world.count(OF_LI).await, 5, "taken back as a whole");
    others.commit().await.unwrap();
    later(&world).await;
    assert!(matches!(stage(&world).await, Stage::Completed { .. }), "{:?}", stage(&world).await);
    assert_eq!(world.count(OF_LI).await, 0);
}

#[tokio::test]
async fn a_lock_is_waited_for_only_so_long_on_postgres() {
    let server = Postgres::start();
    waits_for_a_lock(&server.database()).await;
}

#[tokio::test]
async fn a_lock_is_waited_for_only_so_long_on_mariadb() {
    let server = mariadb();
    waits_for_a_lock(&server.database()).await;
}

/// Another program holds Li and wants her order; we hold the order and want her.
async fn loses_a_deadlock(url: &str, ours_loses: &str, others_wins: &str) {
    let (world, db) = world(url).await;
    let others = locks(&db, ours_loses).await;
    others.execute_unprepared(others_wins).await.unwrap();
    others.execute_unprepared("UPDATE people SET name = 'Li Lei' WHERE id = 1").await.unwrap();
    let portal = portal(&world, Faults::default()).await;
    let ours = tokio::spawn(async move { portal.work_once().await });
    // Ours has gone as far as it comes.
    tokio::time::sleep(SLEEP).await;
    others.execute_unprepared("UPDATE orders SET goods = 'green tea' WHERE id = 5").await.unwrap();
    ours.await.unwrap().unwrap();
    assert!(matches!(stage(&world).await, Stage::Running { .. }), "begun, and nothing claimed");
    others.commit().await.unwrap();
    assert_eq!(world.count(OF_LI).await, 5, "taken back as a whole");
    later(&world).await;
    assert!(matches!(stage(&world).await, Stage::Completed { .. }), "{:?}", stage(&world).await);
    assert_eq!(world.count(OF_LI).await, 0);
}

#[tokio::test]
async fn a_deadlock_is_lost_without_harm_on_postgres() {
    // The one that looks first is the one that gives up: ours.
    let server = Postgres::start_with(&["fsync=off", "deadlock_timeout=500ms"]);
    loses_a_deadlock(&server.database(), "SET LOCAL deadlock_timeout = '60s'", "SELECT 1").await;
}

#[tokio::test]
async fn a_deadlock_is_lost_without_harm_on_mariadb() {
    let server = mariadb();
    // The one that has changed least gives up: ours.
    let more = "UPDATE orders SET goods = 'pots' WHERE person_id = 3";
    loses_a_deadlock(&server.database(), "UPDATE orders SET goods = 'pot' WHERE person_id = 3", more).await;
}

/// A server whose files may not grow, filled by the company's own program to the last page.
#[tokio::test]
async fn a_full_disk_claims_nothing_and_is_tried_again_on_mariadb() {
    let (small, larger) = ("ibdata1:12M:autoextend:max:40M", "ibdata1:12M:autoextend:max:80M");
    let [small, larger] = [small, larger].map(|file| format!("--innodb-data-file-path={file}"));
    let mut server = Mariadb::start_with(&["--innodb-file-per-table=0", &small]);
    let many = format!("INSERT INTO orders SELECT 100 + seq, 1, 'tea', '2026-01-01' FROM seq_1_to_{MANY}");
    let (world, db) = world_with(&server.database(), &many).await;
    let filler = "CREATE TABLE filler (id INTEGER AUTO_INCREMENT PRIMARY KEY, words VARCHAR(8000))";
    db.execute_unprepared(filler).await.unwrap();
    // A report that reads for long: what changes must be kept for it as it was.
    let report = db.begin().await.unwrap();
    report.query_one_raw(Statement::from_string(db.get_database_backend(), OF_LI)).await.unwrap();
    for much in [8_000, 2_000, 500, 100, 10] {
        let fill = format!("INSERT INTO filler (words) VALUES (repeat('x', {much}))");
        while db.execute_unprepared(&fill).await.is_ok() {}
    }
    portal(&world, Faults::default()).await.work_once().await.unwrap();
    assert!(
        matches!(stage(&world).await, Stage::Running { .. }),
        "begun, and nothing claimed: {:?}",
        stage(&world).await
    );
    let portal = portal(&world, Faults::default()).await;
    let Stage::Running { run, .. } = stage(&world).await else { unreachable!() };
    let done = portal.store.rows_done(run).await.unwrap();
    let left =
        world.count(OF_LI).await + world.count("SELECT count(*) FROM notes WHERE email = 'li@example.com'").await;
    assert_eq!(i64::try_from(done).unwrap() + left, MANY + 5 + 2, "the ledger and the data agree");
    assert!(left > 2, "it did not fit");
    drop(portal);
    drop(report);
    server.restart_with(&["--innodb-file-per-table=0", &larger]);
    later(&world).await;
    assert!(matches!(stage(&world).await, Stage::Completed { .. }), "{:?}", stage(&world).await);
    assert_eq!(world.count(OF_LI).await, 0);
}

/// What is locked away is written once more, sealed, before it goes: that is what the disk has no room for.
#[tokio::test]
async fn a_full_disk_claims_nothing_and_is_tried_again_on_postgres() {
    const NOTES: i64 = 30_000;
    const NOTES_OF_LI: &str = "SELECT count(*) FROM notes WHERE email = 'li@example.com'";
    let server = Postgres::start_full_after(512);
    let many = format!(
        "INSERT INTO notes SELECT 100 + n, 'li@example.com', 'called', '2026-01-01' FROM generate_series(1, {NOTES}) n"
    );
    let (world, db) = world_with(&server.database(), &many).await;
    drop(db);
    portal(&world, Faults::default()).await.work_once().await.unwrap();
    let Stage::Running { run, .. } = stage(&world).await else {
        panic!("begun, and nothing claimed: {:?}", stage(&world).await)
    };
    let portal_now = portal(&world, Faults::default()).await;
    let request = portal_now.my_requests(&li().own().unwrap(), None, 10).await.unwrap().requests.remove(0);
    let why = portal_now.store.job_error(JobKind::ExecuteRequest, &request.id.to_string()).await.unwrap();
    assert_eq!(why.as_deref(), Some("full"), "the officer's page says so");
    let done = portal_now.store.rows_done(run).await.unwrap();
    let left = world.count(OF_LI).await + world.count(NOTES_OF_LI).await;
    assert_eq!(i64::try_from(done).unwrap() + left, NOTES + 5 + 2, "the ledger and the data agree");
    assert!(left > 2, "it did not fit: {left}");
    drop(portal_now);
    server.enlarge();
    later(&world).await;
    assert!(matches!(stage(&world).await, Stage::Completed { .. }), "{:?}", stage(&world).await);
    assert_eq!(world.count(NOTES_OF_LI).await, 0);
}

/// Every row takes a while: no step may hold its locks longer than 90 ms, however many rows it was given, but for the
/// smallest.
async fn no_step_takes_long(url: &str, many: &str, slow: &str) {
    company_at(url).await;
    let world = World::new(tempfile::tempdir().unwrap(), Some(url.to_owned()));
    world.sql(many).await;
    world.sql(slow).await;
    let mut portal = Arc::into_inner(world.portal(Faults::default()).await).unwrap();
    portal.settings = Settings { first_batch: 4_000, largest_batch: 4_000, ..Settings::default() };
    portal.settings.breaker.share = 100;
    let night = portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    assert!(night.verified && night.changed > 4_000, "{night:?}");
    assert!(night.longest_step_ms < 300, "{} ms; in one step it would be a second", night.longest_step_ms);
}

#[tokio::test]
async fn a_step_that_takes_too_long_is_taken_back_and_made_smaller_on_mariadb() {
    let server = mariadb();
    let many = "INSERT INTO orders SELECT 100 + seq, 3, 'pens', '2020-01-01' FROM seq_1_to_4000";
    let slow = "CREATE TRIGGER slow BEFORE DELETE ON orders FOR EACH ROW DO SLEEP(0.0002)";
    no_step_takes_long(&server.database(), many, slow).await;
}

#[tokio::test]
async fn a_step_that_takes_too_long_is_taken_back_and_made_smaller_on_postgres() {
    let server = Postgres::start();
    let many = "INSERT INTO orders SELECT 100 + n, 3, 'pens', '2020-01-01' FROM generate_series(1, 4000) n";
    let slow =
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.0002); RETURN OLD; END';
        CREATE TRIGGER slow BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION slow()";
    no_step_takes_long(&server.database(), many, slow).await;
}

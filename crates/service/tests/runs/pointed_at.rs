//! Many rows that are due, and some that others point at: left to the foreign keys until they refuse.

use std::sync::Arc;

use domain::{breaker::Why, plan::Outcome, report::NightReport};
use sea_orm::{ConnectionTrait, Database};
use service::Portal;
use sources::fault::Faults;
use testkit::{Mariadb, Postgres};

use super::world::{SCHEMA, World, company};

/// So many people closed their accounts long ago, besides the small company's own.
const PEOPLE: u64 = 12_000;
/// Every hundredth of them has an order that stays.
const POINTED_AT: u64 = PEOPLE / 100;

async fn fill(url: &str) {
    let db = Database::connect(url).await.unwrap();
    for statement in SCHEMA.split(';') {
        db.execute_unprepared(statement).await.unwrap();
    }
    let numbers = "WITH RECURSIVE d (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM d WHERE n < 9) \
                   SELECT 1000 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n AS n \
                   FROM d a, d b, d c, d e, d f WHERE a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n < 12000";
    for sql in [
        format!("INSERT INTO people (id, name, closed_on) SELECT n, 'Gone', '2020-01-01' FROM ({numbers}) AS s"),
        format!("INSERT INTO orders SELECT n, n, 'tea', NULL FROM ({numbers}) AS s WHERE n % 100 = 0"),
    ] {
        let sql = if url.starts_with("postgres") { sql.replace("'2020-01-01'", "DATE '2020-01-01'") } else { sql };
        let sql = if url.starts_with("postgres") { sql.replace("'tea', NULL", "'tea', NULL::date") } else { sql };
        db.execute_unprepared(&sql).await.unwrap();
    }
    db.close().await.unwrap();
}

async fn portal(world: &World) -> Portal {
    let mut portal = Arc::into_inner(world.portal(Faults::default()).await).unwrap();
    (portal.settings.first_batch, portal.settings.largest_batch) = (1_000, 50_000);
    portal.settings.breaker.share = 100;
    portal
}

fn of_people(night: &NightReport) -> Vec<(Outcome, u64, u64, u64)> {
    let rules = night.rules.iter().filter(|rule| rule.table.to_string() == "db.people");
    rules.map(|rule| (rule.outcome.clone(), rule.selected, rule.done, rule.left)).collect()
}

async fn nights(world: World) {
    let portal = portal(&world).await;
    let today = portal.clock.today();
    let deleted = PEOPLE - POINTED_AT;
    let dry = portal.retain_dry(today).await.unwrap();
    let seen = of_people(&dry);
    assert_eq!(
        seen,
        [(Outcome::Deleted, deleted, 0, 0), (Outcome::Anonymised, POINTED_AT, 0, 0)],
        "looked at, exactly"
    );

    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.verified, "{night:?}");
    let done = [(Outcome::Deleted, PEOPLE, deleted, 0), (Outcome::Anonymised, 0, POINTED_AT, 0)];
    assert_eq!(of_people(&night), done, "which of them are pointed at showed at their turn");
    let left = world.count("SELECT count(*) FROM people WHERE id >= 1000").await;
    let telling = world.count("SELECT count(*) FROM people WHERE id >= 1000 AND name IS NOT NULL").await;
    assert_eq!((u64::try_from(left).unwrap(), telling), (POINTED_AT, 0));
    assert_eq!(
        world.count("SELECT count(*) FROM orders WHERE id >= 1000").await,
        left,
        "nobody's order went with them"
    );

    let next = portal.retain(today, &|_| {}).await.unwrap();
    assert!(next.verified && next.changed == 0 && of_people(&next).is_empty(), "nothing twice: {next:?}");
}

/// Some of them are deleted, and some anonymised: neither is too much by itself.
#[tokio::test]
async fn two_rules_of_a_table_wait_for_what_they_would_take_together() {
    let dir = tempfile::tempdir().unwrap();
    fill(&company(dir.path())).await;
    let world = World::new(dir, None);
    let mut portal = portal(&world).await;
    portal.settings.breaker.share = 99;
    let dry = portal.retain_dry(portal.clock.today()).await.unwrap();
    let stopped: Vec<_> = dry.stopped.iter().filter(|rule| rule.table.to_string() == "db.people").collect();
    assert_eq!(stopped.len(), 2, "{stopped:?}");
    for rule in stopped {
        let Why::Share { together: Some(PEOPLE), .. } = rule.why else { panic!("{rule:?}") };
    }
}

#[tokio::test]
async fn on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    fill(&company(dir.path())).await;
    nights(World::new(dir, None)).await;
}

#[tokio::test]
async fn on_postgres() {
    let server = Postgres::start();
    let url = server.database();
    fill(&url).await;
    nights(World::new(tempfile::tempdir().unwrap(), Some(url))).await;
}

#[tokio::test]
async fn on_mariadb() {
    let server = Mariadb::start();
    assert!(server.sql("", "CREATE DATABASE company"));
    let url = server.url("company");
    fill(&url).await;
    nights(World::new(tempfile::tempdir().unwrap(), Some(url))).await;
}

/// A key whose triggers are switched off refuses nothing: there the statement has to look.
#[tokio::test]
async fn a_key_that_is_only_written_down_is_not_relied_on() {
    let server = Postgres::start();
    let url = server.database();
    fill(&url).await;
    let db = Database::connect(&url).await.unwrap();
    db.execute_unprepared("ALTER TABLE people DISABLE TRIGGER ALL").await.unwrap();
    db.execute_unprepared("ALTER TABLE orders DISABLE TRIGGER ALL").await.unwrap();
    db.close().await.unwrap();
    nights(World::new(tempfile::tempdir().unwrap(), Some(url))).await;
}

//! A partition that is due as a whole goes in one statement; one with a row that stays is walked through.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    Personal,
    hold::{HeldRows, HoldOn},
    map::{Column, SourceName, TableName},
};
use jiff::civil::date;
use sea_orm::{ConnectionTrait, Database};
use service::{Portal, holds::NewHold, worker::Worked};
use sources::fault::{Faults, Point};
use testkit::Postgres;

use super::world::{SCHEMA, World, officer};

/// Orders by the year they were done in; the night of 24 November 2026 takes what was done before 25 November 2023.
async fn company(server: &Postgres) -> String {
    let url = server.database();
    let db = Database::connect(&url).await.unwrap();
    for statement in SCHEMA.split(';').filter(|statement| !statement.contains("orders")) {
        db.execute_unprepared(statement).await.unwrap();
    }
    for sql in [
        "CREATE TABLE orders (id INTEGER, person_id INTEGER NOT NULL REFERENCES people (id), goods VARCHAR(100), done_on DATE, PRIMARY KEY (id, done_on)) PARTITION BY RANGE (done_on)",
        "CREATE TABLE orders_2019 PARTITION OF orders FOR VALUES FROM ('2019-01-01') TO ('2020-01-01')",
        "CREATE TABLE orders_2020 PARTITION OF orders FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
        "CREATE TABLE orders_2023 PARTITION OF orders FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
        "CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO (MAXVALUE)",
        "INSERT INTO orders SELECT n, 3, 'pens', DATE '2019-01-01' + n FROM generate_series(0, 299) n",
        "INSERT INTO orders SELECT n, 3, 'ink', DATE '2020-01-01' + n FROM generate_series(0, 299) n",
        "INSERT INTO orders VALUES (1, 3, 'tea', '2023-02-01'), (2, 3, 'tea', '2023-12-01'), (3, 2, 'tea', '2026-02-01')",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    db.close().await.unwrap();
    url
}

/// Nearly all of the table is due.
async fn portal(world: &World, faults: Faults) -> Arc<Portal> {
    let mut portal = world.portal(faults).await;
    Arc::get_mut(&mut portal).unwrap().settings.breaker.share = 100;
    portal
}

const PARTITIONS: &str = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'orders'::regclass";
const OLD: &str = "SELECT count(*) FROM orders WHERE done_on < '2023-11-25'";

#[tokio::test]
async fn what_is_due_as_a_whole_is_dropped() {
    let server = Postgres::start();
    let world = World::new(tempfile::tempdir().unwrap(), Some(company(&server).await));
    let portal = portal(&world, Faults::default()).await;
    let night = portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    assert!(night.verified, "{night:?}");
    let orders: Vec<_> = night.rules.iter().filter(|rule| rule.table.to_string() == "db.orders").collect();
    assert_eq!(orders.iter().map(|rule| rule.done).sum::<u64>(), 601, "{orders:?}");
    assert_eq!(world.count(OLD).await, 0);
    assert_eq!(world.count(PARTITIONS).await, 2, "2019 and 2020 are gone; of 2023 a row stays");
    assert_eq!(world.count("SELECT count(*) FROM orders").await, 2);
    assert!(night.steps < 20, "{} steps: not row by row", night.steps);
}

#[tokio::test]
async fn one_held_row_keeps_its_partition() {
    let server = Postgres::start();
    let world = World::new(tempfile::tempdir().unwrap(), Some(company(&server).await));
    let portal = portal(&world, Faults::default()).await;
    let with = Some((Column("goods".into()), vec![Personal::new("pens")]));
    let table = TableName::parse("db.orders").unwrap();
    let hold = NewHold {
        on: HoldOn::Rows(HeldRows { table, begun: None, with }),
        owner: "Legal".into(),
        reason: "a dispute about pens".into(),
        review_on: date(2027, 1, 1),
    };
    portal.place_hold(officer().keep_holds().unwrap(), &officer(), hold).await.unwrap();
    let night = portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    assert!(night.verified, "{night:?}");
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE goods = 'pens'").await, 300, "all of 2019 is held");
    assert_eq!(world.count(PARTITIONS).await, 3, "2020 is gone");
}

/// Whatever instant it dies at, the next worker knows whether the partition went.
#[tokio::test]
async fn a_drop_that_nobody_saw_the_end_of_is_counted_once() {
    let server = Postgres::start();
    for point in [Point::StepBegun, Point::Receipt, Point::Changed, Point::Committed, Point::StepDone] {
        let world = World::new(tempfile::tempdir().unwrap(), Some(company(&server).await));
        let today = {
            let alive = AtomicBool::new(true);
            let dies = move |at, _: &SourceName| {
                if at == point && alive.swap(false, Ordering::Relaxed) {
                    std::panic::resume_unwind(Box::new("died"))
                }
                Ok(())
            };
            let portal = portal(&world, Faults::new(dies)).await;
            let today = portal.clock.today();
            let night = tokio::spawn(async move { portal.retain(today, &|_| {}).await.map(|_| ()) });
            assert!(night.await.is_err(), "it died at {point:?}");
            today
        };
        world.now.fetch_add(600_000, Ordering::Relaxed);
        let portal = portal(&world, Faults::default()).await;
        while portal.work_once().await.unwrap() == Worked::Did {}
        assert_eq!(world.count(OLD).await, 0, "{point:?}");
        let night = portal.nights(officer().read_reports().unwrap(), 1).await.unwrap().remove(0);
        let report = night.night().unwrap();
        assert!(report.verified && report.as_of == today, "{point:?} {report:?}");
        let done: u64 =
            report.rules.iter().filter(|rule| rule.table.to_string() == "db.orders").map(|rule| rule.done).sum();
        assert_eq!(done, 601, "{point:?}: {report:?}");
    }
}

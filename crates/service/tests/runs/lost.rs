//! A server that dies between two steps of a night, of which the first was answered before it was on the disk: the pool
//! connects again without a word, and the ledger must not hear of what was lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use super::world::{World, company_at};
use sea_orm::{ConnectionTrait, Database};
use service::{Portal, ServiceError, Settings};
use sources::fault::{Faults, Point};
use store::runs::RunKind;
use testkit::{LAZY, Postgres};

const DUE: i64 = 20_000;
const LEFT: &str = "SELECT count(*) FROM orders WHERE person_id = 3";

async fn portal(world: &World, faults: Faults) -> Portal {
    let mut portal = Arc::into_inner(world.portal(faults).await).unwrap();
    // Several steps that share a flush.
    portal.settings = Settings { first_batch: 2_000, largest_batch: 2_000, ..Settings::default() };
    // Nearly all of the table is due.
    portal.settings.breaker.share = 100;
    portal
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_server_forgets_between_two_steps_is_not_booked() {
    let server = Arc::new(Postgres::start_with(LAZY));
    let url = server.database();
    company_at(&url).await;
    let db = Database::connect(&url).await.unwrap();
    let many = format!("INSERT INTO orders SELECT 100 + n, 3, 'pens', '2020-01-01' FROM generate_series(1, {DUE}) n");
    db.execute_unprepared(&many).await.unwrap();
    db.execute_unprepared("CHECKPOINT").await.unwrap();
    db.close().await.unwrap();
    let world = World::new(tempfile::tempdir().unwrap(), Some(url));
    let due = world.count(LEFT).await;

    let (dying, steps) = (server.clone(), AtomicU32::new(0));
    let first = portal(
        &world,
        Faults::new(move |at, _| {
            // Well into it: the first of a lot, most likely, and never the last of all.
            if at == Point::Committed && steps.fetch_add(1, Ordering::SeqCst) == 4 {
                dying.crash();
            }
            Ok(())
        }),
    )
    .await;
    let today = first.clock.today();
    let night = first.retain(today, &|_| {}).await;
    assert!(matches!(night, Err(ServiceError::LostSteps)), "{night:?}");
    let gone = due - world.count(LEFT).await;
    assert!(gone < due, "something was lost");
    let run = first.store.unfinished_run(RunKind::Retention, today).await.unwrap().unwrap();
    drop(first);

    world.now.fetch_add(i64::try_from(Duration::from_hours(1).as_millis()).unwrap(), Ordering::Relaxed);
    let second = portal(&world, Faults::default()).await;
    let night = second.retain(today, &|_| {}).await.unwrap();
    assert!(night.verified);
    assert_eq!(world.count(LEFT).await, 0);
    let run = second.store.run(run.id).await.unwrap().unwrap();
    let steps = second.store.steps(run.id).await.unwrap();
    let of_orders = |item: usize| run.plan.items[item].table.table == "orders";
    let booked: u64 = steps.iter().filter(|step| of_orders(step.item)).filter_map(|step| step.rows).sum();
    assert_eq!(i64::try_from(booked).unwrap(), due, "each row once, and none that came back");
}

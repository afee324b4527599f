//! An erasure that goes on after it stood still: for what came since, nobody has approved anything.

use std::sync::atomic::{AtomicBool, Ordering};

use super::world::World;
use domain::request::Stage;
use sources::{
    SourceError,
    fault::{Faults, Point},
};

async fn world() -> World {
    let world = World::sqlite().await;
    world.begin().await;
    // The first step is in the ledger, and the database is away.
    let away = AtomicBool::new(false);
    let faults = Faults::new(move |at, source| {
        if at == Point::StepBegun && !away.swap(true, Ordering::SeqCst) {
            return Err(SourceError::Busy { source_name: source.clone() });
        }
        Ok(())
    });
    world.portal(faults).await.work_once().await.unwrap();
    assert!(matches!(world.stage().await, Stage::Running { .. }), "begun");
    world
}

async fn an_hour_later(world: &World) {
    world.now.fetch_add(60 * 60_000, Ordering::SeqCst);
    world.portal(Faults::default()).await.work_once().await.unwrap();
}

#[tokio::test]
async fn one_row_gone_and_another_come_is_not_what_was_approved() {
    let world = world().await;
    world.sql("DELETE FROM orders WHERE id = 5; INSERT INTO orders VALUES (31, 1, 'a ring', '2026-01-01')").await;
    an_hour_later(&world).await;
    assert!(matches!(world.stage().await, Stage::Differs { .. }), "{:?}", world.stage().await);
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE goods = 'a ring'").await, 1);
}

#[tokio::test]
async fn what_is_still_as_it_was_approved_goes_on() {
    let world = world().await;
    an_hour_later(&world).await;
    assert!(matches!(world.stage().await, Stage::Completed { .. }), "{:?}", world.stage().await);
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE person_id = 1").await, 0);
}

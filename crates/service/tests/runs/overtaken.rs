//! A worker that was thought dead and comes back must not disturb the one who does its work.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

use super::world::World;
use domain::request::Stage;
use sources::fault::{Faults, Point};

const PATIENCE: Duration = Duration::from_secs(20);

/// Calls `then` the first time a run comes to `point`.
fn once(point: Point, then: impl Fn() + Send + Sync + 'static) -> Faults {
    let happened = AtomicBool::new(false);
    Faults::new(move |at, _| {
        if at == point && !happened.swap(true, Ordering::SeqCst) {
            then();
        }
        Ok(())
    })
}

/// Blocks until told to go on.
fn gate() -> (mpsc::Sender<()>, impl Fn() + Send + Sync) {
    let (open, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    (open, move || wait.lock().unwrap().recv_timeout(PATIENCE).unwrap())
}

async fn world() -> Arc<World> {
    let world = Arc::new(World::sqlite().await);
    world.begin().await;
    world
}

/// Its step was begun before it lost its lease, and what is there by now nobody approved.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_that_wakes_up_when_all_is_done_and_tidied_changes_nothing() {
    let world = world().await;
    let (resume_old, old_waits) = gate();
    let (tell_old, old_is_there) = mpsc::channel();
    let old = world.portal(once(Point::StepBegun, move || {
        tell_old.send(()).unwrap();
        old_waits();
    }));
    let (old, new) = (old.await, world.portal(Faults::default()).await);
    let old = tokio::spawn(async move { old.work_once().await });
    tokio::task::block_in_place(|| old_is_there.recv_timeout(PATIENCE).unwrap());
    world.now.fetch_add(60_000, Ordering::SeqCst);
    new.work_once().await.unwrap();
    assert!(matches!(world.stage().await, Stage::Completed { .. }), "{:?}", world.stage().await);
    // Tidied up, after its while.
    world.now.fetch_add(60_000, Ordering::SeqCst);
    new.work_once().await.unwrap();
    world.sql("INSERT INTO people VALUES (1, 'li@example.com', 'Li', NULL)").await;
    for id in 21..30 {
        world.sql(&format!("INSERT INTO orders VALUES ({id}, 1, 'evidence', '2026-01-01')")).await;
    }
    world.sql("INSERT INTO notes VALUES (21, 'li@example.com', 'evidence', '2026-01-01')").await;
    resume_old.send(()).unwrap();
    old.await.unwrap().unwrap();
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE goods = 'evidence'").await, 9);
    assert_eq!(world.count("SELECT count(*) FROM notes WHERE words = 'evidence'").await, 1);
    let kept = "SELECT count(*) FROM qingdan_receipts WHERE affected >= 0";
    assert_eq!(world.count(kept).await, 0, "what the ledger has is not kept twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_that_was_overtaken_voids_nobodys_step() {
    let world = world().await;

    let (resume_old, old_waits) = gate();
    let (let_new_go_on, new_waits) = gate();
    let (tell_old, old_is_there) = mpsc::channel();
    let old = world.portal(once(Point::Resume, move || {
        tell_old.send(()).unwrap();
        old_waits();
    }));
    let new = world.portal(once(Point::StepBegun, move || {
        resume_old.send(()).unwrap();
        new_waits();
    }));
    let (old, new) = (old.await, new.await);

    let old = tokio::spawn(async move { old.work_once().await });
    tokio::task::block_in_place(|| old_is_there.recv_timeout(PATIENCE).unwrap());
    // Past its lease; the new one takes the job, begins a step, and the old one wakes up.
    world.now.fetch_add(60_000, Ordering::SeqCst);
    let worker = new.clone();
    let worker = tokio::spawn(async move { worker.work_once().await });
    old.await.unwrap().unwrap();
    let_new_go_on.send(()).unwrap();
    worker.await.unwrap().unwrap();

    assert!(matches!(world.stage().await, Stage::Completed { .. }), "{:?}", world.stage().await);
}

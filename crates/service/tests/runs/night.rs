//! The night's window: nothing is begun after it, and the next night goes on.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::world::World;
use jiff::SignedDuration;
use service::{Portal, ServiceError, worker::Worked};
use sources::fault::Faults;
use store::jobs::JobKind;

const DUE: &str = "SELECT count(*) FROM orders WHERE person_id = 3";

#[tokio::test]
async fn what_a_closed_window_leaves_goes_the_next_night() {
    let world = World::sqlite().await;
    let mut portal: Portal = Arc::into_inner(world.portal(Faults::default()).await).unwrap();
    portal.settings.window = Some(Duration::ZERO);
    let today = portal.clock.today();
    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert_eq!((night.changed, night.verified), (0, false), "nothing is claimed");
    assert_eq!(world.count(DUE).await, 7);
    portal.settings.window = Some(Duration::from_hours(1));
    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.verified);
    assert_eq!(world.count(DUE).await, 0);
}

/// VACUUM numbers the rows of a file anew, and a night walks by these numbers.
#[tokio::test]
async fn no_file_is_written_anew_under_a_night_that_began_before_midnight() {
    let world = World::sqlite().await;
    let portal = world.portal(Faults::default()).await;
    let yesterday = portal.clock.today().yesterday().unwrap().to_string();
    let held = portal.store.take(JobKind::Retain, &yesterday, portal.clock.now()).await.unwrap().unwrap();

    world.begin().await;
    assert_eq!(portal.work_once().await.unwrap(), Worked::Did, "Li is erased meanwhile");
    let receipts = "SELECT count(*) FROM qingdan_receipts";
    let settled_later = async || {
        for _ in 0..3 {
            world.now.fetch_add(2_500, Ordering::Relaxed);
            portal.store.heartbeat(&held, portal.clock.now()).await.unwrap();
            portal.work_once().await.unwrap();
        }
        world.count(receipts).await
    };
    assert!(settled_later().await > 0, "the file waits for the night");
    let tx = portal.store.begin().await.unwrap();
    tx.finish_job(&held).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(settled_later().await, 0, "and is settled after it");
}

/// A worker that looks for jobs without pause would have the job of whoever asked between its writing and its claim.
#[tokio::test]
async fn a_night_asked_for_by_hand_is_not_taken_by_a_worker_and_waits_for_no_next_try() {
    let world = World::sqlite().await;
    let portal = world.portal(Faults::default()).await;
    let today = portal.clock.today();
    let failed = portal.store.take(JobKind::Retain, &today.to_string(), portal.clock.now()).await.unwrap().unwrap();
    let in_hand = portal.retain(today, &|_| {}).await;
    assert!(matches!(in_hand, Err(ServiceError::AlreadyRunning)), "{in_hand:?}");
    let tx = portal.store.begin().await.unwrap();
    tx.retry_job(&failed, portal.clock.now() + SignedDuration::from_mins(5), "source_down").await.unwrap();
    tx.commit().await.unwrap();
    assert!(portal.retain(today, &|_| {}).await.unwrap().verified);

    let worker = world.portal(Faults::default()).await;
    let nights = async {
        for _ in 0..20 {
            portal.retain(today, &|_| {}).await.unwrap();
        }
    };
    let looks = async {
        loop {
            worker.work_once().await.unwrap();
        }
    };
    tokio::select! {
        () = nights => {}
        () = looks => {}
    }
}

//! Several workers share the work of one PostgreSQL portal database: when one is killed, another goes on within
//! 15 seconds (a lease of 12 and a look every few), and nothing is done twice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod common;

use std::{
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use common::{World, approved_deletion, customer};
use domain::request::Stage;
use jiff::Timestamp;
use service::Portal;
use store::runs::Step;
use testkit::Postgres;

const MOST: Duration = Duration::from_secs(15);

/// One row a step, so that the erasure takes longer than the lease.
const TICKETS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
     INSERT INTO support_tickets SELECT 900000 + i, 5, 's', 'b', NULL, '2026-01-01', NULL FROM n";

#[tokio::test]
async fn the_work_of_a_killed_worker_moves_within_15_seconds() {
    let server = Postgres::start();
    let url = server.database();
    let world = World::new(40, 3);
    world.company(TICKETS);
    world.edit("sqlite:portal.sqlite", &url);
    world.edit("[retention]\n", "[retention]\nfirst_batch = 1\nlargest_batch = 1\n");
    let portal = world.portal_on(&url).await;
    let email = world.company("SELECT email FROM customers WHERE id = 5").remove(0);
    let request = approved_deletion(&portal, &email).await;
    let stage = async || {
        let own = customer(&email).own().unwrap();
        portal.store.own_request(&own, &request.number).await.unwrap().unwrap().stage
    };

    let worker = || Spawned(world.command(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let first = worker();
    let run = loop {
        if let Stage::Running { run, .. } = stage().await
            && portal.store.steps(run).await.unwrap().len() > 20
        {
            break run;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let _second = worker();
    tokio::time::sleep(Duration::from_secs(2)).await;
    drop(first);
    let (killed, moment) = (Instant::now(), portal.clock.now());
    let before = steps_after(&portal, run, moment).await;
    assert_eq!(before, 0, "the second waits while the first is thought alive");
    while steps_after(&portal, run, moment).await == 0 {
        assert!(killed.elapsed() < MOST, "nobody went on within {MOST:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    eprintln!("moved after {:?}", killed.elapsed());

    while !matches!(stage().await, Stage::Completed { .. }) {
        assert!(killed.elapsed() < Duration::from_mins(3), "{:?}", stage().await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let run = portal.store.run(run).await.unwrap().unwrap();
    let report = run.done().unwrap();
    assert!(report.verified && report.items.iter().all(|item| !item.outcome.changes() || item.done == item.planned));
    assert_eq!(world.company("SELECT count(*) FROM support_tickets WHERE customer_id = 5"), ["0"]);
}

async fn steps_after(portal: &Portal, run: domain::ids::RunId, moment: Timestamp) -> usize {
    let after = |step: &&Step| step.began_at > moment;
    portal.store.steps(run).await.unwrap().iter().filter(after).count()
}

/// Killed, as a power cut would, when dropped.
struct Spawned(Child);

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

//! The worker is killed at any moment, again and again: every request ends in a true state, counts
//! add up, nothing is done twice or claimed undone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use common::{World, approved_deletion, customer};
use domain::{
    Lang,
    actor::{Actor, Staff, StaffRole},
    ids::StaffId,
    map::Extent,
    plan::Outcome,
    report::NightReport,
    request::Stage,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use service::ServiceError;

/// Printed when it fails; set `QINGDAN_SEED` to run the same moments again.
fn seed() -> u64 {
    let chosen = std::env::var("QINGDAN_SEED").ok().and_then(|seed| seed.parse().ok());
    chosen.unwrap_or_else(rand::random)
}

/// One row a step, so that there are many moments between steps; a lease that lapses quickly.
fn slow_and_short(world: &World) {
    world.edit("[retention]\n", "[retention]\nfirst_batch = 1\nlargest_batch = 1\n");
    world.edit("[limits]\n", "[limits]\nlease_seconds = 1\n");
}

/// Kills the process after a random while; true when it was still at work.
fn kill(mut child: Child, rng: &mut ChaCha8Rng, millis: std::ops::Range<u64>) -> bool {
    std::thread::sleep(Duration::from_millis(rng.random_range(millis)));
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

#[tokio::test]
async fn an_erasure_killed_25_times_is_done_once() {
    let seed = seed();
    eprintln!("QINGDAN_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let world = World::new(80, 3);
    slow_and_short(&world);
    let portal = world.portal().await;
    let emails = world.company("SELECT email FROM customers WHERE closed_at IS NULL AND id BETWEEN 5 AND 40");
    let mut requests = Vec::new();
    for email in &emails {
        requests.push((email.clone(), approved_deletion(&portal, email).await));
    }
    let others = "SELECT * FROM customers WHERE id > 40 ORDER BY id";
    let before = world.company(others);
    let mut killed = 0;
    for _ in 0..25 {
        let worker = world.command(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        killed += u32::from(kill(worker, &mut rng, 60..400));
        // The next one waits for the lease of the dead one.
        tokio::time::sleep(Duration::from_millis(rng.random_range(700..1100))).await;
    }
    assert_eq!(killed, 25);
    let mut worker = world.command(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..600 {
        if portal.store.jobs_waiting().await.unwrap() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    worker.kill().unwrap();
    worker.wait().unwrap();

    let mut completed = 0;
    for (email, request) in &requests {
        let own = customer(email).own().unwrap();
        let request = portal.store.own_request(&own, &request.number).await.unwrap().unwrap();
        let run = match &request.stage {
            Stage::Completed { run, .. } => *run,
            // Two of them sent each other parcels: the one's erasure changed what the other's plan
            // had counted, and that is said instead of done.
            Stage::Differs { .. } => continue,
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Refused { .. }
            | Stage::Answered { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Cancelled { .. } => panic!("{}: {:?}", request.number, request.stage),
        };
        completed += 1;
        let run = portal.store.run(run).await.unwrap().unwrap();
        let report = run.done().unwrap();
        assert!(report.verified);
        for item in report.items.iter().filter(|item| !matches!(item.outcome, Outcome::Kept { .. })) {
            assert_eq!((item.done, item.left), (item.planned, 0), "{} {item:?}", request.number);
        }
        let steps = portal.store.steps(run.id).await.unwrap();
        assert!(steps.iter().all(|step| step.rows.is_some()), "every step is settled");
        let left = portal.preview_deletion(&own, &Extent::Everything).await.unwrap();
        assert_eq!(left.plan.rows_to_change(), 0);
        assert!(world.company(&format!("SELECT id FROM customers WHERE email = '{email}'")).is_empty());
    }
    assert!(completed > requests.len() / 2, "{completed} of {}", requests.len());
    assert_eq!(world.company(others), before, "nobody else was touched");
    assert!(portal.store.verify_audit(store::audit::Walk::Whole).await.unwrap().is_ok());
    assert!(
        world.company("SELECT step FROM qingdan_receipts WHERE affected >= 0").is_empty(),
        "the ledger has them all"
    );
}

#[tokio::test]
async fn a_night_killed_25_times_adds_up() {
    let seed = seed();
    eprintln!("QINGDAN_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let world = World::new(450, 4);
    slow_and_short(&world);
    let dry: NightReport =
        serde_json::from_slice(&world.run(&["retain", "--dry-run", "--format", "json"]).stdout).unwrap();
    let due: u64 = dry.rules.iter().filter(|r| !matches!(r.outcome, Outcome::Kept { .. })).map(|r| r.selected).sum();
    let mut killed = 0;
    for _ in 0..25 {
        let night = world.command(&["retain"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        killed += u32::from(kill(night, &mut rng, 40..160));
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    assert!(killed >= 20, "{killed} were still at work");
    let out = world.run(&["retain", "--format", "json"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let night: NightReport = serde_json::from_slice(&out.stdout).unwrap();
    assert!(night.verified);
    assert_eq!(night.changed, due, "not a row twice, not a row less");
    let portal = world.portal().await;
    let auditor = Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Auditor });
    let nights = portal.nights(auditor.read_reports().unwrap(), 10).await.unwrap();
    assert_eq!(nights.len(), 1, "it was one night all along");
    let again: NightReport = serde_json::from_slice(&world.run(&["retain", "--format", "json"]).stdout).unwrap();
    assert_eq!(again.changed, 0);
    assert!(portal.store.verify_audit(store::audit::Walk::Whole).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_copy_whose_worker_is_killed_again_and_again_is_whole_or_not_there() {
    let seed = seed();
    eprintln!("QINGDAN_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let world = World::new(40, 6);
    slow_and_short(&world);
    world.company(
        "INSERT INTO support_tickets (customer_id, subject, body, opened_at) \
         WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 8000) \
         SELECT 1, hex(randomblob(40)), hex(randomblob(40)), '2026-01-01' FROM s",
    );
    let portal = world.portal().await;
    let person = customer("customer1@example.com");
    let permit = person.own_fresh().unwrap();
    let id = portal.ask_for_copy(&permit, &person, Lang::Zh).await.unwrap().id;
    let mut half = 0;
    for _ in 0..8 {
        let worker = world.command(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        kill(worker, &mut rng, 300..1500);
        let copy = portal.my_copy(permit.own(), id).await.unwrap();
        if copy.state != store::copies::CopyState::Preparing {
            break;
        }
        half += u32::from(portal.store.copy_piece(id, 0, 0).await.unwrap().is_some());
        let handed = portal.hand_out_copy(&permit, &person, Lang::Zh, id).await;
        assert!(matches!(handed, Err(ServiceError::NotFound)), "nothing of a half is given out");
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    eprintln!("{half} times something was there already");
    let mut worker = world.command(&["worker"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..600 {
        if portal.store.jobs_waiting().await.unwrap() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    let mut handed = portal.hand_out_copy(&permit, &person, Lang::Zh, id).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = portal.next_piece(&mut handed).await.unwrap() {
        bytes.extend(piece);
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let text = std::io::read_to_string(archive.by_name("data/company-support-tickets-customer.json").unwrap()).unwrap();
    let tickets: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(tickets["records"].as_array().unwrap().len() >= 8000, "not a record less");
}

//! Two officers, the person and the worker at one request at the same moment, ten thousand times: whoever comes first
//! counts, everybody else is told, and nothing is lost or done twice.

use std::sync::{Arc, atomic::Ordering};

use super::world::{SCHEMA, World, company};
use domain::{
    Email, Identifier, Lang, Personal,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    ids::{RequestNumber, StaffId},
    map::Extent,
    request::{Happened, RefusalCode, Stage},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::{ConnectionTrait, Database};
use service::{Portal, ServiceError, worker::Worked};
use sources::fault::Faults;

const RUNS: u64 = 10_000;
const FIRST: u64 = 1_000;

fn person(n: u64) -> Actor {
    let email = Identifier::Email(Email::parse(&format!("p{n}@example.com")).unwrap());
    Actor::Customer(Customer::new(vec![(email, Freshness::Fresh)]).unwrap())
}

fn officer(n: u128) -> Actor {
    Actor::Staff(Staff { id: StaffId(uuid::Uuid::from_u128(n)), role: StaffRole::Officer })
}

/// Whether it came through; anything but being late is a failure of the test.
fn won(result: &Result<(), ServiceError>) -> bool {
    match result {
        Ok(()) => true,
        Err(ServiceError::Overtaken | ServiceError::TooLate { .. }) => false,
        Err(other) => panic!("{other:?}"),
    }
}

/// A little later, by chance.
async fn later(turns: u32) {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
}

#[derive(Debug)]
struct Outcome {
    approved: bool,
    refused: bool,
    cancelled: bool,
}

async fn race(portal: &Arc<Portal>, n: u64, rng: &mut ChaCha8Rng) -> (RequestNumber, Outcome) {
    let who = person(n);
    let request = portal.file_deletion(&who.own_fresh().unwrap(), &who, &Extent::Everything, Lang::Zh).await.unwrap();
    let plan = portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest();
    let mut turn = || rng.random_range(0..60);
    let approve = {
        let (portal, number, turns) = (portal.clone(), request.number.clone(), turn());
        tokio::spawn(async move {
            later(turns).await;
            let officer = officer(1);
            portal.approve(&officer.decide().unwrap(), &officer, &number, &plan, None).await
        })
    };
    let refuse = {
        let (portal, number, turns) = (portal.clone(), request.number.clone(), turn());
        tokio::spawn(async move {
            later(turns).await;
            let (officer, words) = (officer(2), Personal::new("no"));
            portal.refuse(&officer.decide().unwrap(), &officer, &number, RefusalCode::LegalDuty, &words).await
        })
    };
    let cancel = {
        let (portal, number, turns) = (portal.clone(), request.number.clone(), turn());
        tokio::spawn(async move {
            later(turns).await;
            portal.cancel(&who.own().unwrap(), &who, &number).await
        })
    };
    let work = {
        let (portal, turns) = (portal.clone(), turn());
        tokio::spawn(async move {
            for _ in 0..3 {
                later(turns).await;
                portal.work_once().await.unwrap();
            }
        })
    };
    let (approve, refuse, cancel, work) = tokio::join!(approve, refuse, cancel, work);
    work.unwrap();
    let outcome =
        Outcome { approved: won(&approve.unwrap()), refused: won(&refuse.unwrap()), cancelled: won(&cancel.unwrap()) };
    while portal.work_once().await.unwrap() == Worked::Did {}
    (request.number, outcome)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_races_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let db = Database::connect(company(dir.path())).await.unwrap();
    db.execute_unprepared("PRAGMA journal_mode = WAL").await.unwrap();
    db.execute_unprepared(SCHEMA).await.unwrap();
    db.execute_unprepared(&format!(
        "WITH RECURSIVE n(i) AS (SELECT {FIRST} UNION ALL SELECT i + 1 FROM n WHERE i < {FIRST} + {RUNS}) \
         INSERT INTO people SELECT i, 'p' || i || '@example.com', 'P', NULL FROM n"
    ))
    .await
    .unwrap();
    let world = World::new(dir, None);
    let portal = world.portal(Faults::default()).await;
    let seed = std::env::var("QINGDAN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    eprintln!("QINGDAN_SEED={seed}");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut ends = [0_u64; 3];
    for n in FIRST..FIRST + RUNS {
        let (number, outcome) = race(&portal, n, &mut rng).await;
        let followed = portal.my_request(&person(n).own().unwrap(), &number).await.unwrap();
        let told = |what: Happened| followed.events.iter().filter(|event| event.what == what).count();
        assert_eq!(told(Happened::RequestApproved), usize::from(outcome.approved), "{outcome:?}");
        assert_eq!(told(Happened::RequestRefused), usize::from(outcome.refused), "{outcome:?}");
        assert_eq!(told(Happened::RequestCancelled), usize::from(outcome.cancelled), "{outcome:?}");
        let (end, holds) = match &followed.request.stage {
            Stage::Completed { .. } => (0, outcome.approved && !outcome.refused && !outcome.cancelled),
            Stage::Refused { .. } => (1, outcome.refused && !outcome.approved && !outcome.cancelled),
            // Also after an approval, until it runs.
            Stage::Cancelled { .. } => (2, outcome.cancelled && !outcome.refused),
            stage @ (Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Differs { .. }
            | Stage::Answered { .. }) => panic!("{stage:?} after {outcome:?}"),
        };
        assert!(holds, "{:?} after {outcome:?}", followed.request.stage);
        ends[end] += 1;
        world.now.fetch_add(1_000, Ordering::Relaxed);
    }
    let left = world.count(&format!("SELECT count(*) FROM people WHERE id >= {FIRST} AND id < {FIRST} + {RUNS}")).await;
    assert_eq!(u64::try_from(left).unwrap(), RUNS - ends[0], "gone where it was completed, and only there");
    assert!(ends.iter().all(|times| *times > RUNS / 100), "everybody comes first now and then: {ends:?}");
    assert!(portal.store.verify_audit(store::audit::Walk::Whole).await.unwrap().is_ok(), "the audit log is whole");
}

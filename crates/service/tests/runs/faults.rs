//! A thousand runs with faults at random moments. However a run is interrupted, it ends with true statuses and
//! every row accounted for; nothing is claimed that did not happen. A seed reproduces a run:
//! `QINGDAN_SEED=… cargo test -p service --test runs`.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use super::world::{SCHEMA, World, backup, company, company_at, copy, li};
use domain::{
    actor::{Actor, Staff, StaffRole},
    ids::{StaffId, StepId},
    map::SourceName,
    plan::Outcome,
    request::Stage,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::{ConnectionTrait, Database};
use service::{Portal, ServiceError, worker::Worked};
use sources::{
    SourceError,
    fault::{Faults, Point},
};
use store::runs::{Run, RunKind};
use tempfile::TempDir;
use testkit::{Mariadb, Postgres};

const RUNS: u64 = 1_000;
const RUNS_ON_A_SERVER: u64 = 40;

/// The files of the moment, as a power cut would leave them.
type Remains = Arc<Mutex<Option<TempDir>>>;
type Happened = Arc<Mutex<BTreeMap<String, u64>>>;

/// The process is gone from one line to the next: nothing of it runs any more.
fn die() -> ! {
    std::panic::resume_unwind(Box::new("died"))
}

#[derive(Clone)]
enum Server {
    Postgres(Arc<Postgres>),
    Mariadb(Arc<Mariadb>),
}

impl Server {
    fn database(&self) -> String {
        match self {
            Self::Postgres(server) => server.database(),
            Self::Mariadb(server) => server.database(),
        }
    }

    fn crash(&self) {
        match self {
            Self::Postgres(server) => server.crash(),
            Self::Mariadb(server) => server.crash(),
        }
    }

    /// Ends all connections of ours.
    fn hang_up(&self) {
        match self {
            Self::Postgres(server) => {
                let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'qingdan'";
                server.psql("postgres", end);
            }
            Self::Mariadb(server) => {
                // The one who asks has no database open.
                let end = "BEGIN NOT ATOMIC FOR c IN (SELECT id FROM information_schema.processlist WHERE db LIKE 't%') \
                           DO KILL c.id; END FOR; END";
                server.sql("", end);
            }
        }
    }
}

/// What may happen at a point.
struct Bad {
    rng: Mutex<ChaCha8Rng>,
    /// Where it most likely happens: each seed has a point of its own, or the last ones would hardly be reached.
    likely: Point,
    /// Faults that are left.
    left: AtomicI64,
    now: Arc<AtomicI64>,
    /// Where the files are at the moment.
    dir: Mutex<PathBuf>,
    remains: Remains,
    happened: Happened,
    server: Option<Server>,
}

impl Bad {
    fn at(&self, point: Point, source: &SourceName) -> Result<(), SourceError> {
        let (strikes, what) = {
            let mut rng = self.rng.lock().unwrap();
            let one_in = if point == self.likely { 2 } else { 40 };
            (rng.random_range(0..one_in) == 0, rng.random_range(0..10))
        };
        if !strikes || self.left.fetch_sub(1, Ordering::Relaxed) <= 0 {
            return Ok(());
        }
        let source_name = source.clone();
        let kind = match what {
            0..=2 => "death",
            3 => "power cut",
            4 => "unreachable",
            5 => "busy",
            6 => "full",
            7 => "slow",
            8 => "clock",
            _ => "server",
        };
        *self.happened.lock().unwrap().entry(format!("{kind} at {point:?}")).or_default() += 1;
        match kind {
            "death" => die(),
            "power cut" => {
                // A server has its own disk, and crashes by itself.
                if self.server.is_none() {
                    self.photograph();
                }
                die()
            }
            "unreachable" => Err(SourceError::Unreachable { source_name }),
            "busy" => Err(SourceError::Busy { source_name }),
            "full" => Err(SourceError::Full { source_name }),
            "slow" => Err(SourceError::Slow { source_name }),
            // Past every lease: whoever looks now takes the work over.
            "clock" => {
                self.now.fetch_add(60_000, Ordering::Relaxed);
                Ok(())
            }
            _ => {
                match &self.server {
                    Some(server) if self.left.load(Ordering::Relaxed) % 2 == 0 => server.crash(),
                    Some(server) => server.hang_up(),
                    None => die(),
                }
                Ok(())
            }
        }
    }

    /// The files as they are this moment, write-ahead logs included.
    fn photograph(&self) {
        *self.remains.lock().unwrap() = Some(copy(&self.dir.lock().unwrap()));
    }
}

fn likely(seed: u64) -> Point {
    let points = Point::ALL.len() as u64;
    Point::ALL[usize::try_from(seed % points).unwrap()]
}

/// The work of one process until it is done, gives up, or dies.
pub async fn process(portal: Arc<Portal>) {
    let night = portal.retain(portal.clock.today(), &|_| {}).await;
    assert!(!matches!(night, Err(ServiceError::NotFound | ServiceError::Denied(_))), "{night:?}");
    while portal.work_once().await.is_ok_and(|worked| worked == Worked::Did) {}
}

/// One run: interrupted again and again, then left in peace.
async fn run(world: &World, seed: u64, happened: &Happened, server: Option<Server>) {
    let remains = Remains::default();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let bad = Arc::new(Bad {
        rng: Mutex::new(ChaCha8Rng::seed_from_u64(seed ^ 0xfa17)),
        likely: likely(seed),
        left: AtomicI64::new(rng.random_range(1..6)),
        now: world.now.clone(),
        dir: Mutex::new(PathBuf::new()),
        remains: remains.clone(),
        happened: happened.clone(),
        server,
    });
    for round in 0.. {
        assert!(round < 60, "it never comes to an end");
        world.dir().path().clone_into(&mut bad.dir.lock().unwrap());
        let listener = bad.clone();
        let faults = Faults::new(move |point, source| listener.at(point, source));
        let processes = if rng.random_range(0..3) == 0 { 2 } else { 1 };
        let mut running = Vec::new();
        for _ in 0..processes {
            running.push(tokio::spawn(process(world.portal(faults.clone()).await)));
        }
        for process in running {
            if let Err(death) = process.await {
                let death = death.into_panic();
                assert_eq!(death.downcast_ref::<&str>(), Some(&"died"), "a real panic");
            }
        }
        if let Some(left) = remains.lock().unwrap().take() {
            *world.dir.lock().unwrap() = Arc::new(left);
        }
        // Later than every lease and every wait before another try.
        world.now.fetch_add(11 * 60_000, Ordering::Relaxed);
        if bad.left.load(Ordering::Relaxed) <= 0 {
            let portal = world.portal(Faults::default()).await;
            process(portal.clone()).await;
            world.now.fetch_add(11 * 60_000, Ordering::Relaxed);
            if portal.store.jobs_waiting().await.unwrap() == 0 {
                return;
            }
        } else if round > 12 {
            bad.left.store(0, Ordering::Relaxed);
        }
    }
}

/// What must be true however it went.
pub async fn check(world: &World) {
    let portal = world.portal(Faults::default()).await;
    let store = &portal.store;
    assert!(store.verify_audit(store::audit::Walk::Whole).await.unwrap().is_ok(), "the audit log is whole");
    let li = li();
    let request = portal.my_requests(&li.own().unwrap(), None, 10).await.unwrap().requests.remove(0);
    let Stage::Completed { run, .. } = &request.stage else {
        if let Stage::Differs { run, .. } = &request.stage {
            let run = store.run(*run).await.unwrap().unwrap();
            eprintln!("{:?}\n{:?}", run.report, store.steps(run.id).await.unwrap());
        }
        panic!("the request ended as {:?}", request.stage)
    };
    let run = store.run(*run).await.unwrap().unwrap();
    let report = run.done().unwrap();
    assert!(report.verified);
    for item in report.items.iter().filter(|item| !matches!(item.outcome, Outcome::Kept { .. })) {
        assert_eq!((item.done, item.left), (item.planned, 0), "{item:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM people WHERE email = 'li@example.com'").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE person_id = 1").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM notes WHERE email IS NOT NULL").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM qingdan_locked").await, 2, "locked away once, with what was emptied");
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE person_id = 2").await, 2, "nobody else was touched");

    let auditor = Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Auditor });
    let mut runs: Vec<Run> = vec![run];
    runs.extend(portal.nights(auditor.read_reports().unwrap(), 50).await.unwrap());
    let mut claimed: BTreeMap<String, u64> = BTreeMap::new();
    for run in &runs {
        let mut seen: Vec<StepId> = Vec::new();
        for step in store.steps(run.id).await.unwrap() {
            assert!(!seen.contains(&step.id));
            seen.push(step.id);
            let rows = step.rows.unwrap_or_else(|| panic!("a step of {:?} is open", run.kind));
            let item = &run.plan.items[step.item];
            let what = if item.outcome == Outcome::Deleted { "-" } else { "~" };
            *claimed.entry(format!("{what}{}", item.table)).or_default() += rows;
        }
        assert!(run.kind != RunKind::Erasure || run.finished_at.is_some());
    }
    // 5 of Li's orders and 7 that were due; Li herself; 2 of her notes, locked away, and 3 that were due.
    let expected = [("-db.orders", 12), ("-db.people", 1), ("~db.notes", 5)];
    let expected: BTreeMap<String, u64> = expected.map(|(what, rows)| (what.to_owned(), rows)).into();
    assert_eq!(claimed, expected, "every row is claimed once, by the ledger and in the data");
}

pub fn seeds(runs: u64) -> impl Iterator<Item = u64> {
    let chosen = std::env::var("QINGDAN_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let first = chosen.unwrap_or_else(rand::random);
    (0..if chosen.is_some() { 1 } else { runs }).map(move |n| first.wrapping_add(n))
}

/// Says which seed it was when a run fails.
struct Says(u64);

impl Drop for Says {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("QINGDAN_SEED={}", self.0);
        }
    }
}

#[tokio::test]
async fn a_thousand_interrupted_runs_are_all_true() {
    let template = tempfile::tempdir().unwrap();
    let db = Database::connect(company(template.path())).await.unwrap();
    db.execute_unprepared("PRAGMA journal_mode = WAL").await.unwrap();
    db.execute_unprepared(SCHEMA).await.unwrap();
    db.close().await.unwrap();
    let base = World::new(template, None);
    base.begin().await;
    let base = backup(&base).await;
    let happened = Happened::default();
    for seed in seeds(RUNS) {
        let says = Says(seed);
        let world = World::new(copy(base.path()), None);
        run(&world, seed, &happened, None).await;
        check(&world).await;
        drop(says);
    }
    let happened = happened.lock().unwrap();
    for (what, times) in happened.iter() {
        eprintln!("{times:5} {what}");
    }
    if happened.values().sum::<u64>() > 500 {
        for point in Point::ALL {
            let name = format!("at {point:?}");
            assert!(happened.keys().any(|what| what.ends_with(&name)), "nothing happened {name}");
        }
    }
}

async fn loses_nothing(server: Server) {
    let happened = Happened::default();
    for seed in seeds(RUNS_ON_A_SERVER) {
        let says = Says(seed);
        let url = server.database();
        company_at(&url).await;
        let world = World::new(tempfile::tempdir().unwrap(), Some(url));
        world.begin().await;
        run(&world, seed, &happened, Some(server.clone())).await;
        check(&world).await;
        drop(says);
    }
    let happened = happened.lock().unwrap();
    assert!(std::env::var("QINGDAN_SEED").is_ok() || happened.keys().any(|what| what.starts_with("server")));
}

#[tokio::test]
async fn a_postgres_that_crashes_and_drops_connections_loses_nothing() {
    loses_nothing(Server::Postgres(Arc::new(Postgres::start_with(&["fsync=off"])))).await;
}

#[tokio::test]
async fn a_mariadb_that_crashes_and_drops_connections_loses_nothing() {
    // Written to the system at each commit: the process dies here, not the machine.
    let options = ["--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=64M"];
    loses_nothing(Server::Mariadb(Arc::new(Mariadb::start_with(&options)))).await;
}

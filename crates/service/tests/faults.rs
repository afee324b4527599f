//! A thousand runs with faults at random moments. However a run is interrupted, it ends with true statuses and
//! every row accounted for; nothing is claimed that did not happen. A seed reproduces a run:
//! `QINGDAN_SEED=… cargo test -p service --test faults`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    ids::{StaffId, StepId},
    map::{DataMap, MapFile, SourceName, load},
    plan::Outcome,
    request::Stage,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::{ConnectionTrait, Database, Statement};
use service::{Chance, Clock, Portal, RunReport, ServiceError, Settings, sign_in::Passwords, worker::Worked};
use sources::{
    SourceError, Sources,
    fault::{Faults, Point},
};
use store::{
    MasterKey, Store, Vault,
    runs::{Run, RunKind},
};
use tempfile::TempDir;
use testkit::Postgres;

const RUNS: u64 = 1_000;
const RUNS_ON_POSTGRES: u64 = 40;

const SCHEMA: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100) UNIQUE, name VARCHAR(50), closed_on DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), goods VARCHAR(100), done_on DATE);
CREATE TABLE notes (id INTEGER PRIMARY KEY, email VARCHAR(100), words VARCHAR(100), written_on DATE);
INSERT INTO people VALUES (1, 'li@example.com', 'Li', NULL), (2, 'wang@example.com', 'Wang', NULL), (3, 'old@example.com', 'Old', NULL);
INSERT INTO orders VALUES (1, 1, 'tea', '2026-01-01'), (2, 1, 'tea', '2026-01-01'), (3, 1, 'tea', '2026-01-01'), (4, 1, 'tea', NULL), (5, 1, 'tea', '2026-01-01'), (6, 2, 'cups', '2026-01-01'), (7, 2, 'cups', '2026-01-01');
INSERT INTO orders VALUES (11, 3, 'pens', '2020-01-01'), (12, 3, 'pens', '2020-01-01'), (13, 3, 'pens', '2020-01-01'), (14, 3, 'pens', '2020-01-01'), (15, 3, 'pens', '2020-01-01'), (16, 3, 'pens', '2020-01-01'), (17, 3, 'pens', '2020-01-01');
INSERT INTO notes VALUES (1, 'li@example.com', 'called', '2026-01-01'), (2, 'li@example.com', 'wrote', '2026-01-01'), (3, 'old@example.com', 'called', '2020-01-01'), (4, 'old@example.com', 'wrote', '2020-01-01'), (5, 'old@example.com', 'came', '2020-01-01')";

const MAP: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "乙", en = "B" }
officer = { name = { zh-CN = "丙", en = "C" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[identifier.email]
[purpose.p]
name = { zh-CN = "丁", en = "D" }
why = { zh-CN = "丁", en = "D" }
basis = "contract"
[source.db]
name = { zh-CN = "库", en = "db" }
engine = "ENGINE"
url = "URL"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.people"]
name = { zh-CN = "人", en = "People" }
key = ["id"]
purposes = ["p"]
retention = { from = "closed_on", starts = { zh-CN = "注销", en = "closing" }, keep = "15 days", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = "email" } }
field.email = { of = "holder", kind = "email" }
field.name = { of = "holder", kind = "name" }
[table."db.orders"]
name = { zh-CN = "订单", en = "Orders" }
key = ["id"]
purposes = ["p"]
retention = { from = "done_on", starts = { zh-CN = "完成", en = "completion" }, keep = "3 years", then = "delete" }
role.buyer = { name = { zh-CN = "买方", en = "buyer" }, through = { person_id = "db.people.holder" } }
field.goods = { of = "buyer", kind = "text" }
[table."db.notes"]
name = { zh-CN = "记录", en = "Notes" }
key = ["id"]
purposes = ["p"]
retention = { from = "written_on", starts = { zh-CN = "记录", en = "writing" }, keep = "3 years", then = "anonymise" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = "email" } }
field.email = { of = "holder", kind = "email" }
field.words = { of = "holder", kind = "text" }
"#;

/// A world's own clock, files and company.
struct World {
    /// Another one after each power cut: what the dead still do to their files must not reach the new ones.
    dir: Mutex<Arc<TempDir>>,
    map: Arc<DataMap>,
    /// PostgreSQL's URL; the file in the folder otherwise.
    server: Option<String>,
    now: Arc<AtomicI64>,
}

/// The files of the moment, as a power cut would leave them.
type Remains = Arc<Mutex<Option<TempDir>>>;
type Happened = Arc<Mutex<BTreeMap<String, u64>>>;

impl World {
    fn new(dir: TempDir, server: Option<String>) -> Self {
        let (engine, url) = server.as_ref().map_or(("sqlite", "sqlite:c.sqlite"), |url| ("postgres", url.as_str()));
        let text = MAP.replace("ENGINE", engine).replace("URL", url);
        let map = Arc::new(load(&[MapFile { name: "map".into(), text }]).unwrap());
        // 10:00 on 24 November 2026 in China.
        let now = Arc::new(AtomicI64::new(1_795_485_600_000));
        Self { dir: Mutex::new(Arc::new(dir)), map, server, now }
    }

    fn dir(&self) -> Arc<TempDir> {
        self.dir.lock().unwrap().clone()
    }

    async fn portal(&self, faults: Faults) -> Arc<Portal> {
        let vault = Vault::new(&MasterKey::from_bytes([7; 32]));
        let store = Store::open("sqlite:portal.sqlite", self.dir().path(), vault).await.unwrap();
        let mut sources = Sources::open(&self.map, self.dir().path()).unwrap();
        sources.faults = faults;
        Arc::new(Portal {
            sources,
            store,
            map: self.map.clone(),
            clock: Clock::Frozen(self.now.clone()),
            chance: Chance::system(),
            passwords: Passwords::quick().unwrap(),
            settings: Settings { first_batch: 2, largest_batch: 3, ..Settings::default() },
        })
    }

    /// Li's request, approved; the night is due.
    async fn begin(&self) {
        let portal = self.portal(Faults::default()).await;
        let (li, officer) = (li(), officer());
        let request = portal.file_deletion(&li.own_fresh().unwrap(), &li, Lang::Zh).await.unwrap();
        let plan = portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest();
        portal.approve(&officer.decide().unwrap(), &officer, &request.number, &plan).await.unwrap();
        portal.store.settle().await.unwrap();
    }

    async fn count(&self, sql: &str) -> i64 {
        let url = self.server.clone().unwrap_or_else(|| company(self.dir().path()));
        let db = Database::connect(url).await.unwrap();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        let count = row.unwrap().try_get_by_index(0).unwrap();
        db.close().await.unwrap();
        count
    }
}

fn li() -> Actor {
    let identifier = Identifier::Email(Email::parse("li@example.com").unwrap());
    Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap())
}

fn officer() -> Actor {
    Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Officer })
}

/// The process is gone from one line to the next: nothing of it runs any more.
fn die() -> ! {
    std::panic::resume_unwind(Box::new("died"))
}

/// What may happen at a point.
struct Bad {
    rng: Mutex<ChaCha8Rng>,
    /// Faults that are left.
    left: AtomicI64,
    now: Arc<AtomicI64>,
    /// Where the files are at the moment.
    dir: Mutex<PathBuf>,
    remains: Remains,
    happened: Happened,
    server: Option<Arc<Postgres>>,
}

impl Bad {
    fn at(&self, point: Point, source: &SourceName) -> Result<(), SourceError> {
        let (strikes, what) = {
            let mut rng = self.rng.lock().unwrap();
            (rng.random_range(0..6) == 0, rng.random_range(0..10))
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
                    Some(server) => {
                        let end =
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'qingdan'";
                        server.psql("postgres", end);
                    }
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

/// A new folder with the same files.
fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        // What connections share in memory is nothing a power cut leaves.
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
        }
    }
    to
}

fn company(dir: &Path) -> String {
    format!("sqlite:{}?mode=rwc", dir.join("c.sqlite").display())
}

/// The work of one process until it is done, gives up, or dies.
async fn process(portal: Arc<Portal>) {
    let night = portal.retain(portal.clock.today(), &|_| {}).await;
    assert!(!matches!(night, Err(ServiceError::NotFound | ServiceError::Denied(_))), "{night:?}");
    while portal.work_once().await.is_ok_and(|worked| worked == Worked::Did) {}
}

/// One run: interrupted again and again, then left in peace.
async fn run(world: &World, seed: u64, happened: &Happened, server: Option<Arc<Postgres>>) {
    let remains = Remains::default();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let bad = Arc::new(Bad {
        rng: Mutex::new(ChaCha8Rng::seed_from_u64(seed ^ 0xfa17)),
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
async fn check(world: &World) {
    let portal = world.portal(Faults::default()).await;
    let store = &portal.store;
    assert!(store.verify_audit().await.unwrap().is_ok(), "the audit log is whole");
    let li = li();
    let request = portal.my_requests(&li.own().unwrap()).await.unwrap().remove(0);
    let Stage::Completed { run, .. } = &request.stage else {
        if let Stage::Differs { run, .. } = &request.stage {
            let run = store.run(*run).await.unwrap().unwrap();
            eprintln!("{:?}\n{:?}", run.report, store.steps(run.id).await.unwrap());
        }
        panic!("the request ended as {:?}", request.stage)
    };
    let run = store.run(*run).await.unwrap().unwrap();
    let report: RunReport = serde_json::from_value(run.report.clone().unwrap()).unwrap();
    assert!(report.verified);
    for item in report.items.iter().filter(|item| !matches!(item.outcome, Outcome::Kept { .. })) {
        assert_eq!((item.done, item.left), (item.planned, 0), "{item:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM people WHERE email = 'li@example.com'").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE person_id = 1").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM notes WHERE email IS NOT NULL").await, 0);
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
    // 5 of Li's orders and 7 that were due; Li herself; 2 of her notes and 3 that were due.
    let expected = [("-db.orders", 12), ("-db.people", 1), ("~db.notes", 5)];
    let expected: BTreeMap<String, u64> = expected.map(|(what, rows)| (what.to_owned(), rows)).into();
    assert_eq!(claimed, expected, "every row is claimed once, by the ledger and in the data");
}

fn seeds(runs: u64) -> impl Iterator<Item = u64> {
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
    let happened = Happened::default();
    for seed in seeds(RUNS) {
        let says = Says(seed);
        let world = World::new(copy(base.dir().path()), None);
        run(&world, seed, &happened, None).await;
        check(&world).await;
        drop(says);
    }
    let happened = happened.lock().unwrap();
    if happened.values().sum::<u64>() > 500 {
        for point in Point::ALL {
            let name = format!("at {point:?}");
            assert!(happened.keys().any(|what| what.ends_with(&name)), "nothing happened {name}");
        }
    }
}

#[tokio::test]
async fn a_server_that_crashes_and_drops_connections_loses_nothing() {
    let server = Arc::new(Postgres::start_with(&["fsync=off"]));
    let happened = Happened::default();
    for seed in seeds(RUNS_ON_POSTGRES) {
        let says = Says(seed);
        let url = server.database();
        let db = Database::connect(&url).await.unwrap();
        for statement in SCHEMA.split(';') {
            db.execute_unprepared(statement).await.unwrap();
        }
        db.close().await.unwrap();
        let world = World::new(tempfile::tempdir().unwrap(), Some(url));
        world.begin().await;
        run(&world, seed, &happened, Some(server.clone())).await;
        check(&world).await;
        drop(says);
    }
    let happened = happened.lock().unwrap();
    assert!(std::env::var("QINGDAN_SEED").is_ok() || happened.keys().any(|what| what.starts_with("server")));
}

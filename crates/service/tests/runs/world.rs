//! A small company and a portal on it, with a frozen clock: Li, who asks to be erased; Wang, who does not; and
//! what is due.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, atomic::AtomicI64},
    time::{Duration, SystemTime},
};

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    ids::StaffId,
    map::{DataMap, Extent, MapFile, load},
    request::Stage,
};
use sea_orm::{ConnectionTrait, Database, Statement};
use service::{Chance, Clock, Portal, Settings, sign_in::Passwords};
use sources::{Sources, fault::Faults};
use store::{MasterKey, Store, Vault, requests::Request};
use tempfile::TempDir;

pub const SCHEMA: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100) UNIQUE, name VARCHAR(50), closed_on DATE);
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
[portal]
two_officers = []
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
limits = { lock = 1 }
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
retention = { from = "written_on", starts = { zh-CN = "记录", en = "writing" }, keep = "3 years", then = "anonymise", meanwhile = "locked", floor = [{ keep = "2 years", law = { zh-CN = "法", en = "law" } }] }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = "email" } }
field.email = { of = "holder", kind = "email" }
field.words = { of = "holder", kind = "text" }
"#;

/// A world's own clock, files and company.
pub struct World {
    /// Another one after each power cut: what the dead still do to their files must not reach the new ones.
    pub dir: Mutex<Arc<TempDir>>,
    text: String,
    map: Arc<DataMap>,
    /// A server's URL; the file in the folder otherwise.
    server: Option<String>,
    pub now: Arc<AtomicI64>,
}

impl World {
    pub fn new(dir: TempDir, server: Option<String>) -> Self {
        let url = server.as_deref().unwrap_or("sqlite:c.sqlite");
        let (engine, _) = url.split_once(':').unwrap();
        let text = MAP.replace("ENGINE", engine).replace("URL", url);
        let map = read(&text);
        // 10:00 on 24 November 2026 in China.
        let now = Arc::new(AtomicI64::new(1_795_485_600_000));
        Self { dir: Mutex::new(Arc::new(dir)), text, map, server, now }
    }

    /// With the company in an SQLite file.
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        company_at(&company(dir.path())).await;
        // Another folder: a connection that closes takes files of its own with it, and nobody says when.
        Self::new(copy(dir.path()), None)
    }

    /// The same company by another map.
    pub fn redraw(&mut self, draw: impl FnOnce(&str) -> String) {
        self.text = draw(&self.text);
        self.map = read(&self.text);
    }

    pub fn dir(&self) -> Arc<TempDir> {
        self.dir.lock().unwrap().clone()
    }

    pub async fn portal(&self, faults: Faults) -> Arc<Portal> {
        self.portal_in(self.dir().path(), faults).await
    }

    pub async fn portal_in(&self, dir: &Path, faults: Faults) -> Arc<Portal> {
        let vault = Vault::new(&MasterKey::from_bytes([7; 32]));
        let store = Store::open("sqlite:portal.sqlite", dir, vault).await.unwrap();
        let mut sources = Sources::open(&self.map, dir).unwrap();
        sources.faults = faults;
        Arc::new(Portal {
            sources: Arc::new(sources),
            store,
            map: self.map.clone(),
            years: service::calendar::Years::default(),
            clock: Clock::Frozen(self.now.clone()),
            chance: Chance::system(),
            passwords: Passwords::quick().unwrap(),
            settings: Settings { first_batch: 2, largest_batch: 3, ..Settings::default() },
        })
    }

    /// Li's request, approved; the night is due.
    pub async fn begin(&self) -> Request {
        let portal = self.portal(Faults::default()).await;
        let (li, officer) = (li(), officer());
        let request = portal.file_deletion(&li.own_fresh().unwrap(), &li, &Extent::Everything, Lang::Zh).await.unwrap();
        let plan = portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest();
        portal.approve(&officer.decide().unwrap(), &officer, &request.number, &plan, None).await.unwrap();
        portal.store.settle().await.unwrap();
        request
    }

    /// Where Li's request stands.
    pub async fn stage(&self) -> Stage {
        let portal = self.portal(Faults::default()).await;
        portal.my_requests(&li().own().unwrap(), None, 10).await.unwrap().requests.remove(0).stage
    }

    /// The company's own programs write.
    pub async fn sql(&self, sql: &str) {
        let url = self.server.clone().unwrap_or_else(|| company(self.dir().path()));
        let db = Database::connect(url).await.unwrap();
        db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
    }

    pub async fn count(&self, sql: &str) -> i64 {
        let url = self.server.clone().unwrap_or_else(|| company(self.dir().path()));
        let db = Database::connect(url).await.unwrap();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        let count = row.unwrap().try_get_by_index(0).unwrap();
        db.close().await.unwrap();
        count
    }
}

fn read(text: &str) -> Arc<DataMap> {
    Arc::new(load(&[MapFile { name: "map".into(), text: text.to_owned() }]).unwrap())
}

pub fn li() -> Actor {
    let identifier = Identifier::Email(Email::parse("li@example.com").unwrap());
    Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap())
}

pub fn officer() -> Actor {
    Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Officer })
}

/// A copy of the world's files, once nobody writes to them: connections close when they are no longer used, and take
/// their files with them as they do.
pub async fn backup(world: &World) -> TempDir {
    at_rest(world.dir().path()).await;
    copy(world.dir().path())
}

/// Comes back when no file of the folder has changed for 200 ms.
pub async fn at_rest(folder: &Path) {
    let mut seen = files(folder);
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = files(folder);
        if now == std::mem::replace(&mut seen, now.clone()) {
            return;
        }
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, (u64, SystemTime)> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries
        .filter_map(|file| Some((file.path(), file.metadata().ok()?)))
        .map(|(path, data)| (path, (data.len(), data.modified().unwrap())))
        .collect()
}

/// A new folder with the same files, as they are at this instant.
pub fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        // What connections share in memory is nothing a power cut leaves.
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.path().join(entry.file_name())).unwrap();
        }
    }
    to
}

/// Puts the company into a new, empty database.
pub async fn company_at(url: &str) {
    let db = Database::connect(url).await.unwrap();
    for statement in SCHEMA.split(';') {
        db.execute_unprepared(statement).await.unwrap();
    }
    db.close().await.unwrap();
}

pub fn company(dir: &Path) -> String {
    format!("sqlite:{}?mode=rwc", dir.join("c.sqlite").display())
}

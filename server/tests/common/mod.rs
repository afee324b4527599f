//! A demonstration company in a temporary folder, the binary, and a portal on the same files.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests; each uses a part of this"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    ids::StaffId,
    map::{Extent, load_dir},
};
use service::{Chance, Clock, Portal, Settings, sign_in::Passwords};
use sources::Sources;
use store::{MasterKey, Store, Vault, requests::Request};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_qingdan");

pub(crate) struct World {
    pub(crate) temp: tempfile::TempDir,
}

impl World {
    pub(crate) fn new(customers: u32, seed: u32) -> Self {
        Self::with_a_past(customers, seed, 0)
    }

    /// After so many days with the portal.
    pub(crate) fn with_a_past(customers: u32, seed: u32, days: u8) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let world = Self { temp };
        let dir = world.dir();
        let [customers, seed, days] = [customers, seed, u32::from(days)].map(|number| number.to_string());
        let args = ["demo", "--no-serve", "--customers", &customers, "--seed", &seed, "--past", &days, "--dir"];
        // What it has lived through has two officers, as a company's own; what a test begins with has one.
        let officers: &[&str] = if days == "0" { &["--one-officer"] } else { &[] };
        let made = Command::new(BINARY).args(args).arg(&dir).args(officers).stdout(Stdio::null()).status().unwrap();
        assert!(made.success());
        world
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.temp.path().join("demo")
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.dir().join("qingdan.toml")
    }

    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.config()).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(self.config(), text.replacen(from, to, 1)).unwrap();
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(args).arg("--config").arg(self.config());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().unwrap()
    }

    /// The same portal, in this process.
    pub(crate) async fn portal(&self) -> Arc<Portal> {
        self.portal_on("sqlite:portal.sqlite").await
    }

    /// On another database than the demonstration's own.
    pub(crate) async fn portal_on(&self, database: &str) -> Arc<Portal> {
        let dir = self.dir();
        let map = Arc::new(load_dir(&dir.join("map")).unwrap());
        let key = MasterKey::parse(&std::fs::read_to_string(dir.join("portal.key")).unwrap()).unwrap();
        let store = Store::open(database, &dir, Vault::new(&key)).await.unwrap();
        Arc::new(Portal {
            sources: Arc::new(Sources::open(&map, &dir).unwrap()),
            store,
            map,
            years: service::calendar::Years::default(),
            clock: Clock::System,
            chance: Chance::system(),
            passwords: Passwords::quick().unwrap(),
            settings: Settings::default(),
        })
    }

    /// One column of the company's own database, as text.
    pub(crate) fn company(&self, sql: &str) -> Vec<String> {
        let out = Command::new("sqlite3")
            .args(["-cmd", ".timeout 5000"])
            .arg(self.dir().join("company.sqlite"))
            .arg(sql)
            .output()
            .expect("sqlite3 is missing: apt-get install sqlite3");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect()
    }
}

pub(crate) fn customer(email: &str) -> Actor {
    let identifier = Identifier::Email(Email::parse(email).unwrap());
    Actor::Customer(Customer::new(vec![(identifier, Freshness::Fresh)]).unwrap())
}

pub(crate) fn auditor() -> Actor {
    Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Auditor })
}

pub(crate) fn officer() -> Actor {
    Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Officer })
}

/// Files a deletion and approves what was planned.
pub(crate) async fn approved_deletion(portal: &Portal, email: &str) -> Request {
    let (person, officer) = (customer(email), officer());
    let request =
        portal.file_deletion(&person.own_fresh().unwrap(), &person, &Extent::Everything, Lang::Zh).await.unwrap();
    let plan = portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest();
    portal.approve(&officer.decide().unwrap(), &officer, &request.number, &plan, None).await.unwrap();
    request
}

pub(crate) fn holds(path: &Path, needle: &str) -> bool {
    let Ok(bytes) = std::fs::read(path) else { return false };
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

//! Company databases as they really are: each case carries one difficulty, and is gathered, corrected,
//! erased, purged and looked at again on every engine where the difficulty exists.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    unreachable_pub,
    reason = "tests"
)]

mod cases;
mod common;
mod durable;
mod generated;
mod locked;
mod one_record;
mod rescan;
mod restricted;
mod size;
mod two_sources;
mod unread;
mod world;

use testkit::{Mariadb, Postgres};
use world::{Case, On};

async fn run(on: On, url: impl Fn() -> String) {
    let mut failed = Vec::new();
    let cases: Vec<Case> = cases::all().into_iter().filter(|case| case.on.contains(&on)).collect();
    assert!(cases.len() >= 30, "only {} cases on {on:?}", cases.len());
    for case in &cases {
        if let Err(what) = world::go_through(case, on, &url).await {
            failed.push(format!("{}: {what}", case.name));
        }
    }
    assert!(failed.is_empty(), "{} of {} cases on {on:?}:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

#[tokio::test]
async fn on_sqlite() {
    run(On::Sqlite, String::new).await;
}

#[tokio::test]
async fn on_postgres() {
    let server = Postgres::start();
    run(On::Postgres, || server.database()).await;
}

#[tokio::test]
async fn on_mariadb() {
    let server = Mariadb::start();
    run(On::Mysql, || server.database()).await;
}

//! A transaction that is given up while it begins must not swallow what the next one writes.

#![allow(clippy::unwrap_used, reason = "tests")]

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait};
use testkit::{Mariadb, Postgres};

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    pool::hand_out_clean(&mut options);
    Database::connect(options).await.unwrap()
}

/// A finer measure than a timer's millisecond.
async fn looks_at_the_network(times: i32) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

async fn written_after_cancelled_transactions_stays(url: &str) {
    let (db, other) = (connect(url).await, connect(url).await);
    db.execute_unprepared("CREATE TABLE written (n integer)").await.unwrap();
    for n in 0..400 {
        tokio::select! {
            begun = db.begin() => drop(begun),
            () = looks_at_the_network(n % 100) => {}
        }
        db.execute_unprepared(&format!("INSERT INTO written VALUES ({n})")).await.unwrap();
        let count = Statement::from_string(db.get_database_backend(), "SELECT count(*) FROM written");
        let count: i64 = other.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(count, i64::from(n) + 1, "given up after {} looks at the network", n % 100);
    }
}

#[tokio::test]
async fn on_postgresql() {
    let server = Postgres::start();
    written_after_cancelled_transactions_stays(&server.database()).await;
}

#[tokio::test]
async fn on_mariadb() {
    let server = Mariadb::start();
    written_after_cancelled_transactions_stays(&server.database()).await;
}

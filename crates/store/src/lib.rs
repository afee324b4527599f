//! The portal's own database. `SQLite` embedded by default, `PostgreSQL` in production.
//!
//! Functions that read take any connection; functions that write take a [`Tx`], so that a change,
//! its audit entry, its job and its mail are one transaction (invariant 6). What may only be done
//! for someone takes a permit (invariant 9).

mod entity;

pub mod accounts;
pub mod answered;
pub mod audit;
pub mod breaker;
pub mod calendar;
pub mod challenges;
pub mod consents;
pub mod copies;
pub mod desk;
pub mod drift;
pub mod errand;
pub mod error;
pub mod files;
pub mod forget;
pub mod handovers;
pub mod history;
pub mod holds;
pub mod jobs;
pub mod looks;
pub mod maps;
pub mod notified;
pub mod outbox;
pub mod own;
pub mod policies;
pub mod programs;
pub mod proof;
pub mod queue;
pub mod requests;
pub mod runs;
pub mod sealing;
pub mod sessions;
pub mod set_aside;
pub mod staff;
pub mod tasks;
pub mod throttle;
pub mod tombstones;
pub mod transfers;
pub mod unlock;
pub mod vault;
pub mod views;
mod waiting;
pub mod webhooks;

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::audit::Verifier;
use jiff::Timestamp;
use migrations::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait, sqlx::sqlite::SqliteJournalMode,
};

pub use error::StoreError;
pub use vault::{MasterKey, Sealed, Vault};

/// The portal's database and the keys to what is sealed in it.
#[derive(Clone)]
pub struct Store {
    db: DatabaseConnection,
    vault: Arc<Vault>,
    lease: Duration,
    errand: Option<errand::Errand>,
    /// How far the audit log has been found intact.
    intact: Arc<Mutex<Verifier>>,
}

/// A write transaction. Dropped without [`Tx::commit`], nothing happened.
pub struct Tx {
    pub(crate) inner: DatabaseTransaction,
    pub(crate) vault: Arc<Vault>,
    errand: Option<errand::Errand>,
}

impl Store {
    /// Connects and brings the schema up to date. `url` is `sqlite:PATH` or `postgres://…`; a
    /// relative `SQLite` path is relative to `base`.
    pub async fn open(url: &str, base: &Path, vault: Vault) -> Result<Self, StoreError> {
        let db = Database::connect(options(url, base)).await?;
        sea_orm_migration_up(&db).await?;
        Ok(Self { db, vault: Arc::new(vault), lease: jobs::LEASE, errand: None, intact: Arc::default() })
    }

    /// How long a worker may be silent before another takes its work over; 12 s unless told.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    pub const fn lease(&self) -> Duration {
        self.lease
    }

    pub fn read(&self) -> &DatabaseConnection {
        &self.db
    }

    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    pub async fn begin(&self) -> Result<Tx, StoreError> {
        if let Some(errand) = &self.errand {
            errand.let_go().await?;
        }
        let options = TransactionOptions {
            // A transaction that reads first and writes later would fail at once when another
            // writes in between (SQLITE_BUSY_SNAPSHOT); an immediate one waits its turn.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.db.begin_with_options(options).await?;
        Ok(Tx { inner, vault: self.vault.clone(), errand: self.errand.clone() })
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        self.db.execute_unprepared("SELECT 1").await.is_ok()
    }

    /// Nothing deleted stays in `SQLite`'s write-ahead log.
    pub async fn settle(&self) -> Result<(), StoreError> {
        if self.db.get_database_backend() == sea_orm::DatabaseBackend::Sqlite {
            self.db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }
}

impl Tx {
    pub fn vault(&self) -> &Vault {
        &self.vault
    }
}

async fn sea_orm_migration_up(db: &DatabaseConnection) -> Result<(), StoreError> {
    use migrations::MigratorTrait;
    Ok(Migrator::up(db, None).await?)
}

fn options(url: &str, base: &Path) -> ConnectOptions {
    let mut options = if let Some(path) = url.strip_prefix("sqlite:") {
        let path = base.join(path.trim_start_matches("//"));
        let mut options = ConnectOptions::new("sqlite:portal");
        options.max_connections(8).map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .filename(&path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("secure_delete", "ON")
        });
        options
    } else {
        let mut options = ConnectOptions::new(url);
        pool::hand_out_clean(&mut options);
        pool::wait_for_disk(&mut options);
        options.max_connections(16).set_application_name("qingdan-portal");
        options
    };
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .connect_timeout(Duration::from_secs(10))
        .acquire_timeout(Duration::from_secs(10));
    options
}

pub(crate) fn moment(milliseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError::Inconsistent { what: "a moment" })
}

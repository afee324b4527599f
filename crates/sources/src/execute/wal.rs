//! SQLite's write-ahead log while a night goes on: kept short by a connection of its own, so that no step has to
//! stop and write the log back, and flushed once for several steps, while nobody waits for a lock.

use std::{path::PathBuf, time::Duration};

use domain::map::Engine;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::Flush;
use crate::{Source, SourceError};

/// Between two times the log is written back. More often, pages that change at every step are written each time.
const EVERY: Duration = Duration::from_millis(50);

/// Does the work, and writes the log back meanwhile, on the other core. Nothing has to wait for it: a page that is
/// still read, or written again since, is left for the next time.
pub async fn writing_back<T>(source: &Source, work: impl Future<Output = T>) -> T {
    match source.engine {
        Engine::Sqlite => {}
        Engine::Postgres | Engine::Mysql | Engine::Http | Engine::Manual => return work.await,
    }
    let again = async {
        loop {
            tokio::time::sleep(EVERY).await;
            write_back(source).await;
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        never = again => never,
    }
}

/// At once: beside others, who would otherwise come upon a long log and write it back in a transaction of theirs.
pub async fn write_back(source: &Source) {
    match source.engine {
        Engine::Sqlite => {}
        Engine::Postgres | Engine::Mysql | Engine::Http | Engine::Manual => return,
    }
    // What fails is tried again; when rows are gone the log is written back whole.
    if let Ok(db) = source.checkpoints().await {
        let _ = db.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await;
    }
}

/// Before a step begins: with a log its commit need not wait for the disk, so that nobody waits for the lock
/// meanwhile; [`flush`] does, afterwards. Without one it always does: a power cut would find a file that is neither the old
/// nor the new one.
pub(super) async fn prepare_flush(source: &Source, db: &DatabaseConnection, flush: Flush) -> Result<(), DbErr> {
    if log_of(source, db).await?.is_none() {
        return Ok(());
    }
    let synchronous = match flush {
        Flush::Now => "FULL",
        Flush::Later => "NORMAL",
    };
    db.execute_unprepared(&format!("PRAGMA synchronous = {synchronous}")).await.map(|_| ())
}

/// What has been committed is on the disk. Any program's flush of a file is one for all that was written to it.
pub(super) async fn flush(source: &Source, db: &DatabaseConnection) -> Result<(), SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let Some(log) = log_of(source, db).await.map_err(fail)?.clone() else { return Ok(()) };
    let synced = tokio::task::spawn_blocking(move || std::fs::File::open(log)?.sync_data()).await;
    synced
        .is_ok_and(|synced| synced.is_ok())
        .then_some(())
        .ok_or_else(|| SourceError::Unreachable { source_name: source.name.clone() })
}

async fn log_of<'a>(source: &'a Source, db: &DatabaseConnection) -> Result<&'a Option<PathBuf>, DbErr> {
    match source.engine {
        Engine::Sqlite => source.log.get_or_try_init(|| look_for_log(db)).await,
        Engine::Postgres | Engine::Mysql | Engine::Http | Engine::Manual => Ok(&None),
    }
}

async fn look_for_log(db: &DatabaseConnection) -> Result<Option<PathBuf>, DbErr> {
    let text = async |sql: &str| -> Result<String, DbErr> {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
        row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))
    };
    if text("PRAGMA journal_mode").await? != "wal" {
        return Ok(None);
    }
    // As SQLite itself found it, links and all.
    let file = text("SELECT file FROM pragma_database_list() WHERE name = 'main'").await?;
    Ok(Some(PathBuf::from(file + "-wal")))
}

#[cfg(test)]
mod tests {
    use domain::map::{MapFile, load};
    use sea_orm::Database;

    use super::*;
    use crate::{Sources, execute::begin};

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
engine = "sqlite"
url = "sqlite:c.sqlite"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.people"]
name = { zh-CN = "人", en = "People" }
key = ["id"]
purposes = ["p"]
retention = { from = "closed_on", starts = { zh-CN = "注销", en = "closing" }, keep = "15 days", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = "email" } }
field.email = { of = "holder", kind = "email" }
"#;

    async fn waits_for_disk(mode: &str, flush: Flush) -> i64 {
        let dir = tempfile::tempdir().unwrap();
        let file = format!("sqlite:{}?mode=rwc", dir.path().join("c.sqlite").display());
        let company = Database::connect(file).await.unwrap();
        company.execute_unprepared(&format!("PRAGMA journal_mode = {mode}; CREATE TABLE t (id)")).await.unwrap();
        let map = load(&[MapFile { name: "map".into(), text: MAP.into() }]).unwrap();
        let sources = Sources::open(&map, dir.path()).unwrap();
        let source = sources.iter().next().unwrap();
        begin(source, Flush::Later).await.unwrap().rollback().await.unwrap();
        let tx = begin(source, flush).await.unwrap();
        let row = tx.query_one_raw(Statement::from_string(DbBackend::Sqlite, "PRAGMA synchronous")).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }

    /// A night's steps are flushed together; a person's step after them is on the disk when it is answered.
    #[tokio::test]
    async fn a_persons_step_waits_for_the_disk_after_a_nights() {
        let (normal, full, extra) = (1, 2, 3);
        assert_eq!(waits_for_disk("wal", Flush::Later).await, normal);
        assert_eq!(waits_for_disk("wal", Flush::Now).await, full);
        assert_eq!(waits_for_disk("delete", Flush::Later).await, extra, "without a log always, for the folder too");
    }
}

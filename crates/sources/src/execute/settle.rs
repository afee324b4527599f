//! What storage remembers of rows that are gone, and forgets here.

use domain::map::{Engine, TableName};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::{Source, SourceError};

/// An SQLite file up to this size is written anew after a run, which takes well under a second. For
/// larger ones `docs/OPERATING.md` says when to do it.
const REWRITTEN_UP_TO: i64 = 64 * 1024 * 1024;

/// Nothing of what was erased stays in a write-ahead log, in unused pages or in the planner's samples.
pub async fn settle(source: &Source, changed: &[TableName]) -> Result<(), SourceError> {
    match source.engine {
        Engine::Sqlite => settle_sqlite(source).await,
        Engine::Postgres => settle_postgres(source, changed).await,
        // InnoDB overwrites in place and keeps no samples of values; `docs/OPERATING.md` says how long
        // the binary log remembers.
        Engine::Mysql | Engine::Http | Engine::Manual => Ok(()),
    }
}

async fn settle_sqlite(source: &Source) -> Result<(), SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    let number = async |sql: &str| -> Result<i64, SourceError> {
        let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.map_err(fail)?;
        row.map_or(Ok(0), |row| row.try_get_by_index(0)).map_err(fail)
    };
    // ANALYZE keeps whole values as samples; the planner does without them.
    if number("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat4'").await? > 0 {
        db.execute_unprepared("DELETE FROM sqlite_stat4").await.map_err(fail)?;
    }
    // secure_delete overwrites a row where it stands; copies that earlier page splits left in the
    // unused part of other pages only go when the file is written anew.
    let size = number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").await?;
    if size <= REWRITTEN_UP_TO {
        db.execute_unprepared("VACUUM").await.map_err(fail)?;
    }
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(fail)?;
    Ok(())
}

/// PostgreSQL's statistics hold the most common values and the bounds of histograms.
async fn settle_postgres(source: &Source, changed: &[TableName]) -> Result<(), SourceError> {
    let db = source.writing().await?;
    // Side by side: each is a sample of one table, on one core.
    join_all(changed.iter().map(async |table| {
        let name = [table.schema.as_deref(), Some(&table.table)].into_iter().flatten();
        let name: Vec<String> = name.map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect();
        if db.execute_unprepared(&format!("ANALYZE {}", name.join("."))).await.is_err() {
            // Only a table's owner may; the database does it by itself in time.
            tracing::warn!(source = %source.name, %table, "statistics could not be renewed");
        }
    }))
    .await;
    Ok(())
}

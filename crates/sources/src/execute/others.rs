//! Whether somebody else writes to an SQLite file: only the connection that writes can tell.

use std::sync::atomic::Ordering;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::{Source, SourceError};

/// Since the last call.
pub(crate) async fn others_wrote(source: &Source) -> Result<bool, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let version = Statement::from_string(DbBackend::Sqlite, "PRAGMA data_version");
    let row = source.writing().await?.query_one_raw(version).await.map_err(fail)?;
    let now: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0)).map_err(fail)?;
    let before = source.data_version.swap(now, Ordering::Relaxed);
    Ok(before >= 0 && before != now)
}

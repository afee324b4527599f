use domain::ids::RunId;
use sea_orm::{DbErr, RuntimeErr, SqlErr};

/// What went wrong with the portal's own database. Carries no values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the portal's database cannot be reached")]
    Unreachable,
    #[error("the portal's database is locked by another program")]
    Busy,
    #[error("the disk of the portal's database is full")]
    Full,
    /// Somebody else was faster.
    #[error("{what} was changed by somebody else in the meantime")]
    Conflict { what: &'static str },
    #[error("{what} in the portal's database cannot be read: wrong key, or damaged")]
    Inconsistent { what: &'static str },
    #[error("the report of run {run} cannot be read: damaged, or written by a newer version")]
    Report { run: RunId },
    #[error("the portal's database failed (code {code})")]
    Other { code: String },
}

impl From<DbErr> for StoreError {
    #[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Conflict { what: "the row" };
        }
        let (DbErr::Exec(runtime) | DbErr::Query(runtime) | DbErr::Conn(runtime)) = &error else {
            return match error {
                DbErr::ConnectionAcquire(_) => Self::Unreachable,
                DbErr::RecordNotUpdated | DbErr::RecordNotInserted => Self::Conflict { what: "the row" },
                error => Self::Other { code: kind(&error).to_owned() },
            };
        };
        let RuntimeErr::SqlxError(sqlx) = runtime else { return Self::Other { code: "internal".into() } };
        let Some(database) = sqlx.as_database_error() else { return Self::Unreachable };
        let code = database.code().unwrap_or_default().into_owned();
        let primary = if code.len() < 5 { code.parse::<i32>().ok().map(|code| code & 0xff) } else { None };
        match (primary, code.as_str()) {
            (Some(5 | 6), _) | (_, "55P03" | "40001" | "40P01") => Self::Busy,
            (Some(13), _) | (_, "53100") => Self::Full,
            (Some(10 | 14), _) => Self::Unreachable,
            _ => Self::Other { code },
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
fn kind(error: &DbErr) -> &'static str {
    match error {
        DbErr::Type(_) => "type",
        DbErr::Json(_) => "json",
        DbErr::Migration(_) => "migration",
        DbErr::Custom(_) => "custom",
        _ => "other",
    }
}

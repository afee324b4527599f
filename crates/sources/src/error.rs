use domain::map::{SourceName, TableName};
use sea_orm::{DbErr, RuntimeErr};

/// What went wrong with a company database. The database's own message is dropped: it may quote
/// the row (invariant 7).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("source {source_name} cannot be reached")]
    Unreachable { source_name: SourceName },
    #[error("source {source_name} is busy: another program holds a lock")]
    Busy { source_name: SourceName },
    #[error("source {source_name} has no space left on its disk")]
    Full { source_name: SourceName },
    #[error("source {source_name} may not be written to by this account")]
    ReadOnly { source_name: SourceName },
    #[error("table {table} does not allow this change (constraint, code {code})")]
    Constraint { table: TableName, code: String },
    #[error("source {source_name} does not have what the map names (code {code}); run `qingdan map check`")]
    Schema { source_name: SourceName, code: String },
    #[error("source {source_name} took longer than {seconds} s")]
    Slow { source_name: SourceName, seconds: u64 },
    #[error("a value of {table}.{column} cannot be read as {expected}")]
    Value { table: TableName, column: String, expected: &'static str },
    #[error("{table} is not in the data map")]
    NotMapped { table: TableName },
    #[error("source {source_name} failed (code {code})")]
    Other { source_name: SourceName, code: String },
}

impl SourceError {
    /// Worth trying again without anyone doing anything.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Busy { .. } | Self::Full { .. } | Self::Slow { .. } => true,
            Self::ReadOnly { .. }
            | Self::Constraint { .. }
            | Self::Schema { .. }
            | Self::Value { .. }
            | Self::NotMapped { .. }
            | Self::Other { .. } => false,
        }
    }

    /// Which kind of failure, for metrics, ledgers and pages.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Busy { .. } => "busy",
            Self::Full { .. } => "full",
            Self::ReadOnly { .. } => "read_only",
            Self::Constraint { .. } => "constraint",
            Self::Schema { .. } => "schema",
            Self::Slow { .. } => "slow",
            Self::Value { .. } => "value",
            Self::NotMapped { .. } => "not_mapped",
            Self::Other { .. } => "other",
        }
    }

    pub(crate) fn from_db(source_name: &SourceName, table: Option<&TableName>, error: &DbErr) -> Self {
        let source_name = source_name.clone();
        let (DbErr::Exec(runtime) | DbErr::Query(runtime) | DbErr::Conn(runtime)) = error else {
            return Self::Unreachable { source_name };
        };
        let RuntimeErr::SqlxError(error) = runtime else {
            return Self::Other { source_name, code: "internal".into() };
        };
        let Some(database) = error.as_database_error() else {
            return Self::Unreachable { source_name };
        };
        let code = database.code().unwrap_or_default().into_owned();
        // SQLite's extended codes carry the primary one in the low byte; SQLSTATE has five characters.
        let primary = if code.len() < 5 { code.parse::<i32>().ok().map(|code| code & 0xff) } else { None };
        match (primary, code.as_str()) {
            (Some(5 | 6), _) | (_, "55P03" | "40001" | "40P01") => Self::Busy { source_name },
            (Some(13), _) | (_, "53100") => Self::Full { source_name },
            (Some(8 | 3), _) | (_, "42501" | "25006") => Self::ReadOnly { source_name },
            (Some(10 | 14 | 26), _) => Self::Unreachable { source_name },
            (_, "57014") => Self::Slow { source_name, seconds: crate::connect::STATEMENT_SECONDS },
            (Some(1), _) | (_, "42P01" | "42703" | "42883" | "42804") => Self::Schema { source_name, code },
            (Some(19), _) => Self::constraint(source_name, table, code),
            (None, state) if state.starts_with("23") => Self::constraint(source_name, table, code),
            (None, state) if state.starts_with("08") || state.starts_with("57P") => Self::Unreachable { source_name },
            _ => Self::Other { source_name, code },
        }
    }

    fn constraint(source_name: SourceName, table: Option<&TableName>, code: String) -> Self {
        match table {
            Some(table) => Self::Constraint { table: table.clone(), code },
            None => Self::Other { source_name, code },
        }
    }
}

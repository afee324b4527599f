use domain::map::{SourceName, TableName};
use sea_orm::{DbErr, RuntimeErr, SqlxError, SqlxMySqlError};

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
    #[error("source {source_name} took longer than it may")]
    Slow { source_name: SourceName },
    #[error("a value of {table}.{column} cannot be read as {expected}")]
    Value { table: TableName, column: String, expected: &'static str },
    #[error("source {source_name} refuses the user name or password")]
    Denied { source_name: SourceName },
    #[error("more than {most} rows of {table} lead to one person in another database")]
    TooMany { table: TableName, most: usize },
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
            | Self::Denied { .. }
            | Self::TooMany { .. }
            | Self::NotMapped { .. }
            | Self::Other { .. } => false,
        }
    }

    /// Where it went wrong.
    pub const fn system(&self) -> &SourceName {
        match self {
            Self::Unreachable { source_name }
            | Self::Busy { source_name }
            | Self::Full { source_name }
            | Self::ReadOnly { source_name }
            | Self::Schema { source_name, .. }
            | Self::Slow { source_name }
            | Self::Denied { source_name }
            | Self::Other { source_name, .. } => source_name,
            Self::Constraint { table, .. }
            | Self::Value { table, .. }
            | Self::TooMany { table, .. }
            | Self::NotMapped { table } => &table.source,
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
            Self::Denied { .. } => "denied",
            Self::TooMany { .. } => "too_many",
            Self::NotMapped { .. } => "not_mapped",
            Self::Other { .. } => "other",
        }
    }

    pub(crate) fn from_db(source_name: &SourceName, table: Option<&TableName>, error: &DbErr) -> Self {
        let source_name = source_name.clone();
        let other = |code: &str| Self::Other { source_name: source_name.clone(), code: code.to_owned() };
        if matches!(error, DbErr::ConnectionAcquire(_)) {
            return Self::Unreachable { source_name };
        }
        // It answered, with what nobody can read: the same every time.
        if matches!(error, DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. }) {
            return other("decode");
        }
        let (DbErr::Exec(runtime) | DbErr::Query(runtime) | DbErr::Conn(runtime)) = error else {
            return other("internal");
        };
        let RuntimeErr::SqlxError(error) = runtime else { return other("internal") };
        let Some(database) = error.as_database_error() else {
            return if is_about_a_value(error) { other("decode") } else { Self::Unreachable { source_name } };
        };
        if let Some(mysql) = database.try_downcast_ref::<SqlxMySqlError>() {
            return Self::from_mysql(source_name, table, mysql.number());
        }
        let code = database.code().unwrap_or_default().into_owned();
        // SQLite's extended codes carry the primary one in the low byte; SQLSTATE has five characters.
        let primary = if code.len() < 5 { code.parse::<i32>().ok().map(|code| code & 0xff) } else { None };
        match (primary, code.as_str()) {
            (Some(5 | 6), _) | (_, "55P03" | "40001" | "40P01") => Self::Busy { source_name },
            (Some(13), _) | (_, "53100") => Self::Full { source_name },
            (Some(8 | 3), _) | (_, "42501" | "25006") => Self::ReadOnly { source_name },
            (Some(10 | 14 | 26), _) => Self::Unreachable { source_name },
            (_, "28P01" | "28000") => Self::Denied { source_name },
            (_, "57014") => Self::Slow { source_name },
            (Some(1), _) | (_, "42P01" | "42703" | "42883" | "42804") => Self::Schema { source_name, code },
            (Some(19), _) => Self::constraint(source_name, table, code),
            (None, state) if state.starts_with("23") => Self::constraint(source_name, table, code),
            (None, state) if state.starts_with("08") || state.starts_with("57P") => Self::Unreachable { source_name },
            _ => Self::Other { source_name, code },
        }
    }

    /// By number: MySQL's SQLSTATEs lump most of these together.
    fn from_mysql(source_name: SourceName, table: Option<&TableName>, number: u16) -> Self {
        let code = number.to_string();
        match number {
            1205 | 1213 | 1099 | 1100 | 3572 => Self::Busy { source_name },
            1021 | 1114 | 1041 => Self::Full { source_name },
            1142 | 1143 | 1227 | 1290 | 1792 | 1836 => Self::ReadOnly { source_name },
            1044 | 1045 | 1698 => Self::Denied { source_name },
            1969 | 3024 | 1317 => Self::Slow { source_name },
            1040 | 1053 | 1152..=1161 | 1203 => Self::Unreachable { source_name },
            1049 | 1054 | 1064 | 1146 | 1305 => Self::Schema { source_name, code },
            1022 | 1048 | 1062 | 1216 | 1217 | 1264 | 1364 | 1366 | 1406 | 1451 | 1452 | 3819 | 4025 => {
                Self::constraint(source_name, table, code)
            }
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

/// Not about the connection: what came, or was to be sent, has another type than is thought.
fn is_about_a_value(error: &SqlxError) -> bool {
    matches!(
        error,
        SqlxError::TypeNotFound { .. }
            | SqlxError::ColumnIndexOutOfBounds { .. }
            | SqlxError::ColumnNotFound(_)
            | SqlxError::ColumnDecode { .. }
            | SqlxError::Encode(_)
            | SqlxError::Decode(_)
    )
}

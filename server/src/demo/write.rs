//! Rows into `SQLite`, many at a time.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};

/// `SQLite` takes at most 32,766 parameters a statement; this stays well below.
const PARAMETERS: usize = 8_000;

/// Rows of one table, written when enough have come together.
pub(super) struct Rows {
    table: &'static str,
    columns: usize,
    values: Vec<Value>,
}

impl Rows {
    pub(super) fn of(table: &'static str, columns: usize) -> Self {
        Self { table, columns, values: Vec::new() }
    }

    pub(super) fn add<const N: usize>(&mut self, row: [Value; N]) {
        debug_assert_eq!(N, self.columns, "{}", self.table);
        self.values.extend(row);
    }

    pub(super) fn are_many(&self) -> bool {
        self.values.len() >= PARAMETERS
    }

    pub(super) async fn write(&mut self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        if self.values.is_empty() {
            return Ok(());
        }
        let row = format!("({})", vec!["?"; self.columns].join(","));
        let rows = vec![row; self.values.len() / self.columns].join(",");
        let sql = format!("INSERT INTO {} VALUES {rows}", self.table);
        let values = std::mem::take(&mut self.values);
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
        Ok(())
    }
}

//! What columns a mapped table really has.

use std::collections::BTreeMap;

use domain::map::{Column, Engine, SourceName, TableName};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::SourceError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// As the database writes it, fit for a `CAST`.
    pub type_name: String,
    pub nullable: bool,
    pub unique: bool,
}

impl ColumnInfo {
    /// Dates kept as text compare as text.
    pub fn is_text(&self) -> bool {
        let name = self.type_name.to_ascii_lowercase();
        name.is_empty() || name.contains("char") || name.contains("text") || name.contains("clob")
    }
}

impl ColumnInfo {
    /// A moment with a time zone, which PostgreSQL shows in the session's.
    pub fn is_zoned(&self) -> bool {
        self.type_name.eq_ignore_ascii_case("timestamp with time zone")
    }

    /// Whether the column can hold a day a period counts from.
    pub fn holds_dates(&self, engine: Engine) -> bool {
        let name = self.type_name.to_ascii_lowercase();
        match engine {
            // SQLite keeps what it is given; what is not ISO text is told apart row by row.
            Engine::Sqlite => self.is_text() || name.contains("date") || name.contains("time"),
            Engine::Postgres => self.is_text() || name == "date" || name.starts_with("timestamp"),
        }
    }
}

pub type Columns = BTreeMap<Column, ColumnInfo>;

/// The columns of every mapped table of one source; a table that is not there has none.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub engine: Engine,
    pub tables: BTreeMap<TableName, Columns>,
}

#[derive(Clone, Debug, Default)]
pub struct Catalogues(pub BTreeMap<SourceName, Catalogue>);

impl Catalogues {
    pub(crate) fn engine(&self, source: &SourceName) -> Option<Engine> {
        self.0.get(source).map(|catalogue| catalogue.engine)
    }

    pub(crate) fn column(&self, table: &TableName, column: &Column) -> Option<&ColumnInfo> {
        self.0.get(&table.source)?.tables.get(table)?.get(column)
    }
}

pub(crate) async fn read(
    db: &DatabaseConnection,
    engine: Engine,
    tables: &[TableName],
) -> Result<Catalogue, SourceError> {
    let mut found = BTreeMap::new();
    for table in tables {
        let columns = match engine {
            Engine::Sqlite => sqlite_columns(db, table).await?,
            Engine::Postgres => postgres_columns(db, table).await?,
        };
        if !columns.is_empty() {
            found.insert(table.clone(), columns);
        }
    }
    Ok(Catalogue { engine, tables: found })
}

async fn sqlite_columns(db: &DatabaseConnection, table: &TableName) -> Result<Columns, SourceError> {
    let fail = |error| SourceError::from_db(&table.source, Some(table), &error);
    let sql = "SELECT c.name, c.type, c.\"notnull\", EXISTS (SELECT 1 FROM pragma_index_list(?1) i WHERE i.\"unique\" \
               AND (SELECT count(*) FROM pragma_index_info(i.name)) = 1 \
               AND (SELECT ii.name FROM pragma_index_info(i.name) ii) = c.name) \
               FROM pragma_table_xinfo(?1) c";
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, [table.table.as_str().into()]);
    let mut columns = Columns::new();
    for row in db.query_all_raw(statement).await.map_err(fail)? {
        let name: String = row.try_get_by_index(0).map_err(fail)?;
        let type_name: String = row.try_get_by_index(1).map_err(fail)?;
        let not_null: i64 = row.try_get_by_index(2).map_err(fail)?;
        let unique: i64 = row.try_get_by_index(3).map_err(fail)?;
        columns.insert(Column(name), ColumnInfo { type_name, nullable: not_null == 0, unique: unique != 0 });
    }
    Ok(columns)
}

async fn postgres_columns(db: &DatabaseConnection, table: &TableName) -> Result<Columns, SourceError> {
    let fail = |error| SourceError::from_db(&table.source, Some(table), &error);
    // Without the length: a cast to varchar(19) would cut a longer address down to somebody else's.
    let sql = "SELECT a.attname::text, format_type(a.atttypid, -1)::text, a.attnotnull, \
               EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indnatts = 1 \
                       AND i.indkey[0] = a.attnum) \
               FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE c.relname = $1 AND n.nspname = coalesce($2, current_schema()) \
               AND a.attnum > 0 AND NOT a.attisdropped";
    let values = [table.table.as_str().into(), table.schema.clone().into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    let mut columns = Columns::new();
    for row in db.query_all_raw(statement).await.map_err(fail)? {
        let name: String = row.try_get_by_index(0).map_err(fail)?;
        let type_name: String = row.try_get_by_index(1).map_err(fail)?;
        let not_null: bool = row.try_get_by_index(2).map_err(fail)?;
        let unique: bool = row.try_get_by_index(3).map_err(fail)?;
        columns.insert(Column(name), ColumnInfo { type_name, nullable: !not_null, unique });
    }
    Ok(columns)
}

//! How large a table is, for the breaker.

use domain::map::{Engine, TableName};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};

use crate::{
    Source, SourceError, Sources, Terms,
    plan::rows_of,
    select::{col, table_ref},
};

/// Rows of a table, due or not: exactly where they are fewer than `enough`, and `enough` where they are more. Of a
/// table of 100 million rows from which 10,000 go, 50,000 are looked at.
pub async fn rows_up_to(
    sources: &Sources,
    terms: &Terms<'_>,
    name: &TableName,
    enough: u64,
) -> Result<u64, SourceError> {
    let source = sources.get(&name.source).ok_or_else(|| SourceError::NotMapped { table: name.clone() })?;
    let db = source.reading().await?;
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(name), &error);
    // To count all is one pass on several cores, to look for the last of some a pass on one.
    if estimated(source, db, terms, name).await.map_err(fail)? / 2 > enough {
        let last = Query::select()
            .expr(Expr::val(1))
            .from(table_ref(name))
            .offset(enough.saturating_sub(1))
            .limit(1)
            .to_owned();
        if db.query_one(&last).await.map_err(fail)?.is_some() {
            return Ok(enough);
        }
    }
    rows_of(db, name, &Query::select().expr(Expr::cust("count(*)")).from(table_ref(name)).to_owned()).await
}

/// What the database takes the table for: it may be far off, and says only how to look.
async fn estimated(
    source: &Source,
    db: &DatabaseConnection,
    terms: &Terms<'_>,
    name: &TableName,
) -> Result<u64, DbErr> {
    let row = match statement(source.engine, terms, name) {
        Some(select) => db.query_one(&select).await?,
        None => None,
    };
    let rows: Option<i64> = row.map_or(Ok(None), |row| row.try_get_by_index(0))?;
    Ok(rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0))
}

fn statement(engine: Engine, terms: &Terms<'_>, name: &TableName) -> Option<SelectStatement> {
    let mut select = Query::select();
    match engine {
        Engine::Postgres => {
            let schema = name.schema.as_deref().map_or_else(|| Expr::cust("current_schema()"), Expr::val);
            select
                .expr(Expr::col(("c", "reltuples")).cast_as("bigint"))
                .from_as(("pg_catalog", "pg_class"), "c")
                .from_as(("pg_catalog", "pg_namespace"), "n")
                .and_where(Expr::col(("c", "relname")).eq(name.table.as_str()))
                .and_where(Expr::col(("n", "oid")).eq(Expr::col(("c", "relnamespace"))))
                .and_where(Expr::col(("n", "nspname")).eq(schema));
        }
        Engine::Mysql => {
            let schema = name.schema.as_deref().map_or_else(|| Expr::cust("database()"), Expr::val);
            select
                .expr(Expr::col("table_rows").cast_as("SIGNED"))
                .from(("information_schema", "tables"))
                .and_where(Expr::col("table_name").eq(name.table.as_str()))
                .and_where(Expr::col("table_schema").eq(schema));
        }
        // Numbers are given in turn; what has gone since counts as well.
        Engine::Sqlite => {
            let number = terms.catalogues.table(name)?.row_number.as_ref()?;
            select.expr(Func::max(col(&name.table, number))).from(table_ref(name));
        }
        Engine::Http | Engine::Manual => return None,
    }
    Some(select)
}

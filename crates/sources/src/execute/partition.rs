//! Whole partitions. Where a table is divided by the very day its period begins, a partition that lies before the
//! cutoff is dropped in one statement, instead of its rows one stretch after another (`PostgreSQL`).
//!
//! Only when no row of it stays, by the condition every other step goes by, and only one into which no row that
//! is not due could ever fall: the company's programs must not miss it.

use std::time::Instant;

use domain::{
    ids::StepId,
    map::{Engine, TableName},
    plan::{Item, Outcome},
};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, Statement,
    sea_query::{Expr, ExprTrait, Func, Query},
};

use super::{Done, begin, part_of, receipts::leave_receipt};
use crate::{
    Scope, Source, SourceError, Sources, Terms,
    fault::Point,
    select::{At, Part, Pointer, bind, first_kept_day, pointers, table_as},
};

/// Dropping needs the whole table for an instant, and who waits for it makes others wait: not for long.
const LIMITS: &str = "SET LOCAL lock_timeout = 50";

/// Leaves of a table that are divided by one column's ranges, and where each range ends.
const LEAVES: &str = "SELECT n.nspname::text, c.relname::text, \
    substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''?([^'')]*)''?\\)$')::text \
    FROM pg_partition_tree(to_regclass($1)) t JOIN pg_class c ON c.oid = t.relid \
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_partitioned_table p ON p.partrelid = t.parentrelid \
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] \
    WHERE t.isleaf AND c.relkind = 'r' AND p.partstrat = 'r' AND p.partnatts = 1 AND a.attname = $2 \
    AND pg_get_expr(c.relpartbound, c.oid) NOT LIKE '%MAXVALUE)' ORDER BY 1, 2";

/// A table that may lose a part as a whole.
struct Divided<'a> {
    source: &'a Source,
    part: Part<'a>,
}

/// Nothing of the database's own must watch over single rows, or be told of each.
fn divided<'a>(sources: &'a Sources, terms: &Terms<'a>, item: &Item) -> Option<Divided<'a>> {
    let source = sources.get(&item.table.source).filter(|source| source.engine == Engine::Postgres)?;
    let part = part_of(terms, item)?;
    let info = terms.catalogues.table(&item.table)?;
    let is_night = matches!(terms.scope, Scope::Expired) && item.outcome == Outcome::Deleted;
    let watched = !info.triggers.is_empty() || pointers(terms, part.table).iter().any(Pointer::is_foreign_key);
    // A condition beside the day may be met later by a row that falls into an old range.
    (is_night && !watched && part.table.retention.when.is_empty()).then_some(Divided { source, part })
}

/// The partitions of an item's table that lie before the cutoff.
pub async fn due_partitions(sources: &Sources, terms: &Terms<'_>, item: &Item) -> Result<Vec<TableName>, SourceError> {
    let Some(Divided { source, part }) = divided(sources, terms, item) else { return Ok(Vec::new()) };
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let (db, at, from) = (source.reading().await?, At::outer(part.table), &part.table.retention.from);
    let schema = item.table.schema.clone().or_else(|| Some(terms.catalogues.of(&source.name)?.home.clone()));
    let full = [schema.as_deref().unwrap_or("public"), &item.table.table].map(quoted).join(".");
    let leaves = [full.into(), from.as_str().into()];
    let mut due = Vec::new();
    for row in
        db.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, LEAVES, leaves)).await.map_err(fail)?
    {
        let text = |n| row.try_get_by_index::<String>(n).map_err(fail);
        let partition = TableName { source: source.name.clone(), schema: Some(text(0)?), table: text(1)? };
        let Some(end) = row.try_get_by_index::<Option<String>>(2).map_err(fail)? else { continue };
        let end = bind(terms.catalogues, &item.table, from, &end);
        let is_before = Query::select().expr(end.lte(first_kept_day(terms, at))).to_owned();
        let row = db.query_one(&is_before).await.map_err(fail)?;
        if row.map(|row| row.try_get_by_index::<bool>(0)).transpose().map_err(fail)? == Some(true) {
            due.push(partition);
        }
    }
    Ok(due)
}

/// Drops one partition, when all rows of it are due. Zero rows, and nothing done, when one is not.
pub async fn drop_partition(
    sources: &Sources,
    terms: &Terms<'_>,
    item: &Item,
    partition: &TableName,
    step: StepId,
) -> Result<Done, SourceError> {
    let Some(Divided { source, part }) = divided(sources, terms, item) else { return Ok(Done::NOTHING) };
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let name = [partition.schema.as_deref().unwrap_or("public"), &partition.table].map(quoted).join(".");
    let tx = begin(source).await?;
    // Nobody writes to what is counted. Others' queries of it, and of all other partitions, go on.
    tx.execute_unprepared(&format!("{LIMITS}; LOCK TABLE {name} IN SHARE MODE")).await.map_err(fail)?;
    let mut select = Query::select();
    // The conditions know the table by its own name.
    select.from(table_as(partition, &item.table.table)).expr(Expr::cust("count(*)"));
    let taken = Func::coalesce([Expr::from(part.takes.clone()), Expr::val(false)]);
    select.expr(Expr::from(Func::sum(Expr::from(taken).cast_as("int"))).cast_as("bigint"));
    let row = tx.query_one(&select).await.map_err(fail)?;
    let count = |n| row.as_ref().map_or(Ok(None), |row| row.try_get_by_index::<Option<i64>>(n)).map_err(fail);
    let (all, taken) = (count(0)?.unwrap_or(0), count(1)?.unwrap_or(0));
    if all == 0 || all != taken {
        tx.rollback().await.map_err(fail)?;
        return Ok(Done::NOTHING);
    }
    let rows = u64::try_from(all).unwrap_or(0);
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    sources.faults.at(Point::Receipt, &source.name)?;
    // Only from here on does anyone else wait.
    let began = Instant::now();
    tx.execute_unprepared(&format!("DROP TABLE {name}")).await.map_err(fail)?;
    sources.faults.at(Point::Changed, &source.name)?;
    tx.commit().await.map_err(fail)?;
    sources.faults.at(Point::Committed, &source.name)?;
    Ok(Done { rows, up_to: None, held: began.elapsed() })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

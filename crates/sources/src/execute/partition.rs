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
    ConnectionTrait, DbBackend, DbErr, QueryResult, Statement,
    sea_query::{Expr, ExprTrait, Func, Query, SelectStatement},
};

use super::{Done, Flush, begin, part_of, receipts::leave_receipt};
use crate::{
    Scope, Source, SourceError, Sources, Terms,
    fault::Point,
    select::{At, Part, Pointer, bind, first_kept_day, pointers, table_as},
};

/// Dropping needs the whole table for an instant, and who waits for it makes others wait: not for long. Nor may
/// counting, while nobody may write to the partition; what takes longer is walked through like any other row.
const LIMITS: &str = "SET LOCAL lock_timeout = 50; SET LOCAL statement_timeout = 80";

/// Leaves of a table that are divided by one column's ranges, and where each range ends. Not those whose rows are told
/// to somebody one by one, by a trigger or a publication: a drop would tell nobody.
const LEAVES: &str = "SELECT n.nspname::text, c.relname::text, \
    substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''?([^'')]*)''?\\)$')::text \
    FROM pg_partition_tree(to_regclass($1)) t JOIN pg_class c ON c.oid = t.relid \
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_partitioned_table p ON p.partrelid = t.parentrelid \
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] \
    WHERE t.isleaf AND c.relkind = 'r' AND p.partstrat = 'r' AND p.partnatts = 1 AND a.attname = $2 \
    AND pg_get_expr(c.relpartbound, c.oid) NOT LIKE '%MAXVALUE)' \
    AND NOT EXISTS (SELECT 1 FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) \
    AND NOT EXISTS (SELECT 1 FROM pg_publication_tables u WHERE u.schemaname = n.nspname \
        AND u.tablename IN (c.relname, (SELECT relname FROM pg_class WHERE oid = p.partrelid), $3)) ORDER BY 1, 2";

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
    let leaves = [full.into(), from.as_str().into(), item.table.table.as_str().into()];
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
    // Looked through once before anyone has to wait: a row that stays is soon found, and what is due is at hand then.
    let before = source.reading().await?.query_one(&counts(item, &part, partition)).await.map_err(fail)?;
    if all_taken(before.as_ref()).map_err(fail)?.is_none() {
        return Ok(Done::NOTHING);
    }
    let tx = begin(source, Flush::Now).await?;
    let began = Instant::now();
    // Nobody writes to what is counted. Others' queries of it, and of all other partitions, go on.
    tx.execute_unprepared(&format!("{LIMITS}; LOCK TABLE {name} IN SHARE MODE")).await.map_err(fail)?;
    let counted = tx.query_one(&counts(item, &part, partition)).await.map_err(fail)?;
    let Some(rows) = all_taken(counted.as_ref()).map_err(fail)? else {
        tx.rollback().await.map_err(fail)?;
        return Ok(Done::NOTHING);
    };
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    sources.faults.at(Point::Receipt, &source.name)?;
    tx.execute_unprepared(&format!("DROP TABLE {name}")).await.map_err(fail)?;
    sources.faults.at(Point::Changed, &source.name)?;
    tx.commit().await.map_err(fail)?;
    sources.faults.at(Point::Committed, &source.name)?;
    Ok(Done { rows, up_to: None, held: began.elapsed() })
}

/// All rows of a partition, and those the item takes.
fn counts(item: &Item, part: &Part<'_>, partition: &TableName) -> SelectStatement {
    let taken = Func::coalesce([Expr::from(part.takes.clone()), Expr::val(false)]);
    let taken = Expr::from(Func::sum(Expr::from(taken).cast_as("int"))).cast_as("bigint");
    // The conditions know the table by its own name.
    let from = table_as(partition, &item.table.table);
    Query::select().from(from).expr(Expr::cust("count(*)")).expr(taken).to_owned()
}

/// How many there are, when there are any and every one is taken.
fn all_taken(row: Option<&QueryResult>) -> Result<Option<u64>, DbErr> {
    let count = |n| row.map_or(Ok(None), |row| row.try_get_by_index::<Option<i64>>(n));
    let (all, taken) = (count(0)?.unwrap_or(0), count(1)?.unwrap_or(0));
    Ok(u64::try_from(all).ok().filter(|rows| *rows > 0 && all == taken))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

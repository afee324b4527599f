//! The executor. The only statements that change rows in a company's database are in this file
//! (invariant 3): erasures, the night's purge and corrections all come through [`run_step`] or
//! [`correct`].
//!
//! A step is one bounded transaction. In the same transaction it leaves a receipt, a row with the
//! step's number and its count and nothing else, in the table [`RECEIPTS`]. After a crash the
//! receipt tells whether the step was done, so that nothing is done twice and nothing is claimed
//! that did not happen.

use domain::{
    Personal,
    ids::StepId,
    map::{Anonymise, Column, Engine, RoleName, SourceName, Table, TableName},
    plan::Item,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value,
    sea_query::{Alias, BinOper, Condition, Expr, ExprTrait, OnConflict, Query, SelectStatement},
};

use crate::{
    Key, Source, SourceError, Sources, Terms,
    plan::{read_key, select_keys},
    select::{At, ERASED, Part, What, about, bind, is_not_true, key_is, key_is_after, key_is_up_to, parts, table_ref},
};

pub const RECEIPTS: &str = "qingdan_receipts";

/// An SQLite file up to this size is written anew after a run, which takes well under a second. For
/// larger ones `docs/OPERATING.md` says when to do it.
const REWRITTEN_UP_TO: i64 = 64 * 1024 * 1024;

/// The receipt of a step that must no longer happen.
const VOID: i64 = -1;

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub rows: u64,
    /// The last key it passed; `None` when there was nothing left.
    pub up_to: Option<Key>,
}

/// Carries out at most `most` rows of one item of a plan, after `cursor`.
pub async fn run_step(
    sources: &Sources,
    terms: &Terms<'_>,
    item: &Item,
    step: StepId,
    cursor: Option<&Key>,
    most: u64,
) -> Result<Done, SourceError> {
    let not_mapped = || SourceError::NotMapped { table: item.table.clone() };
    let source = sources.get(&item.table.source).ok_or_else(not_mapped)?;
    let Some(mut part) = parts(terms).into_iter().find(|part| is_of(part, item)) else {
        return Ok(Done { rows: 0, up_to: None });
    };
    if let Some(children) = part.children_first.take() {
        part.rows = part.rows.add(is_not_true(children));
    }
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let tx = begin(source).await?;
    let Some(last) = last_key(&tx, terms, &part, cursor, most).await.map_err(fail)? else {
        tx.rollback().await.map_err(fail)?;
        return Ok(Done { rows: 0, up_to: None });
    };
    let rows = change(&tx, terms, &part, cursor, &last).await.map_err(fail)?;
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    tx.commit().await.map_err(fail)?;
    Ok(Done { rows, up_to: Some(last) })
}

fn is_of(part: &Part<'_>, item: &Item) -> bool {
    let same = match part.what {
        What::Delete => item.outcome == domain::plan::Outcome::Deleted,
        What::Anonymise => item.outcome == domain::plan::Outcome::Anonymised,
        What::KeepHeld | What::KeepForFloor | What::KeepNotStarted => false,
    };
    same && part.table.name == item.table && part.roles == item.roles
}

/// A single value of a single row of the person's, changed if it is still what they saw.
#[derive(Debug)]
pub struct Correction<'a> {
    pub table: &'a Table,
    pub role: &'a RoleName,
    pub key: &'a Key,
    pub column: &'a Column,
    pub before: Option<&'a Personal>,
    pub after: &'a Personal,
}

/// Writes a correction. Zero rows when the row is no longer theirs or no longer as they saw it.
pub async fn correct(
    source: &Source,
    terms: &Terms<'_>,
    identifiers: &[domain::Identifier],
    correction: &Correction<'_>,
    step: StepId,
) -> Result<u64, SourceError> {
    let name = &correction.table.name;
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(name), &error);
    let at = At { table: correction.table, alias: "t" };
    let Some(theirs) = about(terms, at, correction.role, identifiers) else { return Ok(0) };
    let col = at.col(correction.column);
    let as_seen = match correction.before {
        Some(before) => col.eq(bind(terms.catalogues, name, correction.column, before.reveal())),
        None => col.is_null(),
    };
    let matching = select_matching(
        at,
        Condition::all().add(key_is(terms.catalogues, at, correction.key)).add(theirs).add(as_seen),
    );
    let value = bind(terms.catalogues, name, correction.column, correction.after.reveal());
    let update = Query::update()
        .table(table_ref_plain(name))
        .value(Alias::new(correction.column.as_str()), value)
        .and_where(own_key(correction.table).in_subquery(matching))
        .to_owned();
    let tx = begin(source).await?;
    let rows = tx.execute(&update).await.map_err(fail)?.rows_affected();
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    tx.commit().await.map_err(fail)?;
    Ok(rows)
}

/// Settles a step whose end nobody saw: the rows it changed, zero when it was not carried out.
///
/// Leaves a void receipt in the latter case. A transaction that is still under way somewhere, of a
/// worker that was thought dead, then fails at its own receipt and takes everything back.
pub async fn settle_step(source: &Source, step: StepId) -> Result<u64, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    make_receipts(db).await.map_err(fail)?;
    let void = Query::insert()
        .into_table(RECEIPTS)
        .columns(["step", "rows"])
        .values_panic([Expr::val(step.to_string()), Expr::val(VOID)])
        .on_conflict(OnConflict::column("step").do_nothing().to_owned())
        .to_owned();
    db.execute(&void).await.map_err(fail)?;
    let select =
        Query::select().column("rows").from(RECEIPTS).and_where(Expr::col("step").eq(step.to_string())).to_owned();
    let row = db.query_one(&select).await.map_err(fail)?;
    let rows: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose().map_err(fail)?;
    Ok(rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0))
}

/// The ledger has them now; the company's database need not keep them.
pub async fn clear_receipts(source: &Source, steps: &[StepId]) -> Result<(), SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    for steps in steps.chunks(500) {
        let delete = Query::delete()
            .from_table(RECEIPTS)
            .and_where(Expr::col("step").is_in(steps.iter().map(ToString::to_string)))
            .to_owned();
        db.execute(&delete).await.map_err(fail)?;
    }
    Ok(())
}

/// Nothing of what was erased stays in a write-ahead log, in unused pages or in the planner's samples.
pub async fn settle(source: &Source, changed: &[TableName]) -> Result<(), SourceError> {
    match source.engine {
        Engine::Sqlite => settle_sqlite(source).await,
        Engine::Postgres => settle_postgres(source, changed).await,
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
    for table in changed {
        let name = [table.schema.as_deref(), Some(&table.table)].into_iter().flatten();
        let name: Vec<String> = name.map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect();
        if db.execute_unprepared(&format!("ANALYZE {}", name.join("."))).await.is_err() {
            // Only a table's owner may; the database does it by itself in time.
            tracing::warn!(source = %source.name, %table, "statistics could not be renewed");
        }
    }
    Ok(())
}

/// Sees to it that receipts can be left, before the first step.
pub async fn prepare(source: &Source) -> Result<(), SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    make_receipts(source.writing().await?).await.map_err(fail)
}

async fn make_receipts<C: ConnectionTrait>(db: &C) -> Result<(), DbErr> {
    let sql = format!("CREATE TABLE IF NOT EXISTS {RECEIPTS} (step varchar(36) PRIMARY KEY, rows bigint NOT NULL)");
    db.execute_unprepared(&sql).await.map(|_| ())
}

async fn leave_receipt(tx: &DatabaseTransaction, step: StepId, rows: u64) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table(RECEIPTS)
        .columns(["step", "rows"])
        .values_panic([Expr::val(step.to_string()), Expr::val(i64::try_from(rows).unwrap_or(i64::MAX))])
        .to_owned();
    tx.execute(&insert).await.map(|_| ())
}

async fn begin(source: &Source) -> Result<DatabaseTransaction, SourceError> {
    let options = TransactionOptions {
        // A deferred transaction that reads first and then writes fails at once when another
        // program writes in between; an immediate one waits its turn.
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        // Under READ COMMITTED a row the company changed while we waited for its lock would still be
        // taken: only the keys are looked at again. Here it is an error, and the step is repeated.
        isolation_level: match source.engine {
            Engine::Postgres => Some(IsolationLevel::RepeatableRead),
            Engine::Sqlite => None,
        },
        ..TransactionOptions::default()
    };
    source
        .writing()
        .await?
        .begin_with_options(options)
        .await
        .map_err(|error| SourceError::from_db(&source.name, None, &error))
}

/// The last key of the next `most` rows.
async fn last_key(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    cursor: Option<&Key>,
    most: u64,
) -> Result<Option<Key>, DbErr> {
    let at = At { table: part.table, alias: "t" };
    let mut select = select_keys(at, part);
    if let Some(cursor) = cursor {
        select.and_where(key_is_after(terms.catalogues, at, cursor));
    }
    let rows = tx.query_all(select.limit(most)).await?;
    rows.last().map(|row| read_key(row, part.table.key.len())).transpose()
}

async fn change(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    cursor: Option<&Key>,
    last: &Key,
) -> Result<u64, DbErr> {
    let table = part.table;
    let at = At { table, alias: "t" };
    let mut range = part.rows.clone().add(key_is_up_to(terms.catalogues, at, last));
    if let Some(cursor) = cursor {
        range = range.add(key_is_after(terms.catalogues, at, cursor));
    }
    let chosen = own_key(table).in_subquery(select_matching(at, range));
    let affected = match part.what {
        What::Delete => {
            let delete = Query::delete().from_table(table_ref_plain(&table.name)).and_where(chosen).to_owned();
            tx.execute(&delete).await?
        }
        What::Anonymise => {
            let mut update = Query::update();
            update.table(table_ref_plain(&table.name)).and_where(chosen);
            for field in table.fields_to_anonymise(&part.roles) {
                let value = match &field.anonymise {
                    Anonymise::Null => Expr::cust("NULL"),
                    Anonymise::Text(text) => bind(terms.catalogues, &table.name, &field.column, text),
                    Anonymise::Unique => unique_value(terms, &table.name.source),
                    Anonymise::Keep => continue,
                };
                update.value(Alias::new(field.column.as_str()), value);
            }
            tx.execute(&update).await?
        }
        What::KeepHeld | What::KeepForFloor | What::KeepNotStarted => return Ok(0),
    };
    Ok(affected.rows_affected())
}

/// Drawn by the database, a new one for each row.
fn unique_value(terms: &Terms<'_>, source: &SourceName) -> Expr {
    let random = match terms.catalogues.engine(source) {
        Some(Engine::Postgres) => "md5(random()::text || clock_timestamp()::text)",
        Some(Engine::Sqlite) | None => "lower(hex(randomblob(16)))",
    };
    Expr::val(Value::from(ERASED)).binary(BinOper::Custom("||"), Expr::cust(random))
}

fn table_ref_plain(name: &TableName) -> sea_orm::sea_query::TableRef {
    use sea_orm::sea_query::IntoTableRef;
    match &name.schema {
        Some(schema) => (Alias::new(schema), Alias::new(&name.table)).into_table_ref(),
        None => Alias::new(&name.table).into_table_ref(),
    }
}

fn own_key(table: &Table) -> Expr {
    let columns: Vec<Expr> = table.key.iter().map(|column| Expr::col(Alias::new(column.as_str()))).collect();
    match <[Expr; 1]>::try_from(columns) {
        Ok([column]) => column,
        Err(columns) => Expr::tuple(columns),
    }
}

fn select_matching(at: At<'_>, rows: Condition) -> SelectStatement {
    let mut select = Query::select();
    select.from(table_ref(&at.table.name, at.alias)).cond_where(rows);
    for column in &at.table.key {
        select.expr(at.col(column));
    }
    select
}

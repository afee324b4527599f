//! The executor. The only statements that change rows in a company's database are in this file
//! (invariant 3): erasures, the night's purge and corrections all come through [`run_step`] or
//! [`correct`].
//!
//! A step is one bounded transaction. In the same transaction it leaves a receipt, a row with the
//! step's number and its count and nothing else, in the table [`RECEIPTS`]. After a crash the
//! receipt tells whether the step was done, so that nothing is done twice and nothing is claimed
//! that did not happen.

use std::collections::BTreeMap;

use domain::{
    Personal,
    ids::StepId,
    map::{Anonymise, Column, Engine, Place, RoleName, Table, TableName},
    plan::Item,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value,
    sea_query::{Alias, BinOper, Condition, Expr, ExprTrait, Func, OnConflict, Query},
};

use crate::{
    Key, Person, Scope, Source, SourceError, Sources, Terms,
    catalogue::Catalogues,
    plan::{read_key, select_keys},
    select::{
        At, ERASED, Part, What, about, bind, going_rows, is_not_true, is_written, json_with, key_is, key_is_after,
        key_is_one_of, key_is_up_to, parts, place_text, pointers, table_ref,
    },
};

pub const RECEIPTS: &str = "qingdan_receipts";

/// Rows a statement names one by one; more would only be a longer text to read.
const MOST_BY_KEY: u64 = 2_000;

/// `erased-` and 32 digits.
pub(crate) const UNIQUE_LENGTH: u32 = 39;

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
    if let (Some(source), Scope::Person(person)) = (sources.http(&item.table.source), terms.scope) {
        let rows = if terms.is_held(person) { 0 } else { source.erase(person, item, most, step).await? };
        // A system may do a part at a time.
        let up_to = (rows > 0 && rows >= most).then(|| Key(Vec::new()));
        return Ok(Done { rows, up_to });
    }
    let source = sources.get(&item.table.source).ok_or_else(not_mapped)?;
    let Some(mut part) = parts(terms).into_iter().find(|part| is_of(part, item)) else {
        return Ok(Done { rows: 0, up_to: None });
    };
    if let Some(children) = part.children_first.take() {
        part.rows = part.rows.add(is_not_true(children));
    }
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let tx = begin(source).await?;
    let keys = next_keys(&tx, terms, &part, cursor, most).await.map_err(fail)?;
    let Some(last) = keys.last().cloned() else {
        tx.rollback().await.map_err(fail)?;
        return Ok(Done { rows: 0, up_to: None });
    };
    let batch = batch(terms, &part, cursor, &keys);
    if part.what == What::Delete {
        let_go(&tx, terms, &part, &keys).await.map_err(fail)?;
    }
    let rows = change(&tx, terms, &part, batch).await.map_err(fail)?;
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
    sources: &Sources,
    terms: &Terms<'_>,
    person: &Person,
    correction: &Correction<'_>,
    step: StepId,
) -> Result<u64, SourceError> {
    let name = &correction.table.name;
    if let Some(source) = sources.http(&name.source) {
        return source.correct(person, correction, step).await;
    }
    let source = sources.get(&name.source).ok_or_else(|| SourceError::NotMapped { table: name.clone() })?;
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(name), &error);
    let at = At::outer(correction.table);
    let Some(theirs) = about(terms, at, correction.role, person) else { return Ok(0) };
    let Some(field) = correction.table.field(correction.column) else { return Ok(0) };
    let seen = place_text(terms.catalogues, at, &field.place);
    let as_seen = match correction.before {
        Some(before) => seen.eq(before.reveal()),
        None => seen.is_null(),
    };
    let matching = Condition::all().add(key_is(terms.catalogues, at, correction.key)).add(theirs).add(as_seen);
    let value = correction.after.reveal();
    let value = match &field.place {
        Place::Column(column) => bind(terms.catalogues, name, column, value),
        Place::Json { column, path } => {
            let engine = terms.catalogues.engine(&name.source);
            back_to_type(terms.catalogues, name, column, json_with(engine, at.col(column), path, Some(value)))
        }
    };
    let mut update = Query::update();
    update.table(table_ref(name)).value(Alias::new(field.place.column().as_str()), value);
    let tx = begin(source).await?;
    match source.engine {
        // MySQL does not let a change look at its own table: the row is found and locked first.
        Engine::Mysql => {
            let find =
                Query::select().expr(Expr::val(1)).from(at.from()).cond_where(matching).lock_exclusive().to_owned();
            if tx.query_one(&find).await.map_err(fail)?.is_none() {
                tx.rollback().await.map_err(fail)?;
                return Ok(0);
            }
            update.and_where(key_is(terms.catalogues, at, correction.key));
        }
        Engine::Sqlite | Engine::Postgres | Engine::Http | Engine::Manual => {
            update.cond_where(matching);
        }
    }
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
        .columns(["step", "affected"])
        .values_panic([Expr::val(step.to_string()), Expr::val(VOID)])
        .on_conflict(OnConflict::column("step").do_nothing_on(["step"]).to_owned())
        .to_owned();
    db.execute(&void).await.map_err(fail)?;
    let select =
        Query::select().column("affected").from(RECEIPTS).and_where(Expr::col("step").eq(step.to_string())).to_owned();
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
        // InnoDB overwrites in place and keeps no samples of values; `docs/OPERATING.md` says how long
        // the binary log remembers.
        Engine::Mysql | Engine::Http | Engine::Manual => Ok(()),
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
    let sql = format!("CREATE TABLE IF NOT EXISTS {RECEIPTS} (step varchar(36) PRIMARY KEY, affected bigint NOT NULL)");
    db.execute_unprepared(&sql).await.map(|_| ())
}

async fn leave_receipt(tx: &DatabaseTransaction, step: StepId, rows: u64) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table(RECEIPTS)
        .columns(["step", "affected"])
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
            // Rows are locked as they are found, and no more than those: under MySQL's own default the
            // gaps between them would be locked too.
            Engine::Mysql => Some(IsolationLevel::ReadCommitted),
            Engine::Sqlite | Engine::Http | Engine::Manual => None,
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

/// The keys of the next `most` rows. MySQL locks them: its changes name rows by their keys, because
/// they may not look at the table they change.
async fn next_keys(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    cursor: Option<&Key>,
    most: u64,
) -> Result<Vec<Key>, DbErr> {
    let at = At::outer(part.table);
    let mut select = select_keys(terms.catalogues, at, part);
    if let Some(cursor) = cursor {
        select.and_where(key_is_after(terms.catalogues, at, cursor));
    }
    let most = match terms.catalogues.engine(&part.table.name.source) {
        Some(Engine::Mysql) => {
            select.lock_exclusive();
            Ord::min(most, MOST_BY_KEY)
        }
        Some(Engine::Sqlite | Engine::Postgres | Engine::Http | Engine::Manual) | None => most,
    };
    let rows = tx.query_all(select.limit(most)).await?;
    rows.iter().map(|row| read_key(row, part.table.key.len())).collect()
}

/// The rows of one step, as a condition of the statement that changes them.
fn batch(terms: &Terms<'_>, part: &Part<'_>, cursor: Option<&Key>, keys: &[Key]) -> Condition {
    let at = At::outer(part.table);
    match (terms.catalogues.engine(&part.table.name.source), keys.last()) {
        (Some(Engine::Mysql), _) | (_, None) => Condition::all().add(key_is_one_of(terms.catalogues, at, keys)),
        (Some(Engine::Sqlite | Engine::Postgres | Engine::Http | Engine::Manual) | None, Some(last)) => {
            let range = part.rows.clone().add(key_is_up_to(terms.catalogues, at, last));
            match cursor {
                Some(cursor) => range.add(key_is_after(terms.catalogues, at, cursor)),
                None => range,
            }
        }
    }
}

/// Rows that go in the same run, but later, stop pointing at the rows of this step: tables that
/// point at each other have no order in which nothing would point at what is deleted.
async fn let_go(tx: &DatabaseTransaction, terms: &Terms<'_>, part: &Part<'_>, keys: &[Key]) -> Result<(), DbErr> {
    for pointer in pointers(terms, part.table) {
        let Some(child) = pointer.mapped.filter(|_| pointer.is_let_go_by_step(terms, part.table)) else { continue };
        let at = At::outer(child);
        let Some(goes) = going_rows(terms, at) else { continue };
        // By value: the rows pointed at are known.
        let pointing = Table { key: pointer.columns.clone(), ..child.clone() };
        let points = key_is_one_of(terms.catalogues, At { table: &pointing, ..at }, keys);
        let mut update = Query::update();
        update.table(table_ref(&child.name)).and_where(points).cond_where(goes);
        for column in &pointer.columns {
            update.value(Alias::new(column.as_str()), Expr::cust("NULL"));
        }
        tx.execute(&update).await?;
    }
    Ok(())
}

async fn change(tx: &DatabaseTransaction, terms: &Terms<'_>, part: &Part<'_>, batch: Condition) -> Result<u64, DbErr> {
    let table = part.table;
    let affected = match part.what {
        What::Delete => {
            let delete = Query::delete().from_table(table_ref(&table.name)).cond_where(batch).to_owned();
            tx.execute(&delete).await?
        }
        What::Anonymise => {
            let mut update = Query::update();
            update.table(table_ref(&table.name)).cond_where(batch);
            for (column, value) in emptied(terms, part) {
                update.value(Alias::new(column.as_str()), value);
            }
            tx.execute(&update).await?
        }
        What::KeepHeld | What::KeepForFloor | What::KeepNotStarted => return Ok(0),
    };
    Ok(affected.rows_affected())
}

/// What each column becomes. Several values of one JSON column are one new value of it.
fn emptied(terms: &Terms<'_>, part: &Part<'_>) -> BTreeMap<Column, Expr> {
    let (table, at) = (part.table, At::outer(part.table));
    let name = &table.name;
    let engine = terms.catalogues.engine(&name.source);
    let mut values: BTreeMap<Column, Expr> = BTreeMap::new();
    let mut json: BTreeMap<Column, Expr> = BTreeMap::new();
    let fields = table.fields_to_anonymise(&part.roles);
    for field in fields.filter(|field| is_written(terms.catalogues, name, &field.place, &field.anonymise)) {
        match (&field.place, &field.anonymise) {
            (_, Anonymise::Keep) => {}
            (Place::Column(column), Anonymise::Null) => {
                values.insert(column.clone(), Expr::cust("NULL"));
            }
            (Place::Column(column), Anonymise::Text(text)) => {
                values.insert(column.clone(), bind(terms.catalogues, name, column, text));
            }
            (Place::Column(column), Anonymise::Unique) => {
                values.insert(column.clone(), unique_value(terms, name, column));
            }
            (Place::Json { column, path }, rule) => {
                let before = json.remove(column).unwrap_or_else(|| at.col(column));
                let text = match rule {
                    Anonymise::Text(text) => Some(text.as_str()),
                    Anonymise::Null | Anonymise::Unique | Anonymise::Keep => None,
                };
                json.insert(column.clone(), json_with(engine, before, path, text));
            }
        }
    }
    for (column, value) in json {
        let value = back_to_type(terms.catalogues, name, &column, value);
        values.entry(column).or_insert(value);
    }
    values
}

/// JSON that is kept in a text column is text again.
fn back_to_type(catalogues: &Catalogues, table: &TableName, column: &Column, value: Expr) -> Expr {
    match (catalogues.engine(&table.source), catalogues.column(table, column)) {
        (Some(Engine::Postgres), Some(info)) => value.cast_as(Alias::new(&info.type_name)),
        (Some(Engine::Postgres | Engine::Sqlite | Engine::Mysql | Engine::Http | Engine::Manual) | None, _) => value,
    }
}

/// Drawn by the database, a new one for each row, as long as the column takes.
fn unique_value(terms: &Terms<'_>, table: &TableName, column: &Column) -> Expr {
    let random = Expr::cust(match terms.catalogues.engine(&table.source) {
        Some(Engine::Postgres) => "md5(random()::text || clock_timestamp()::text)",
        Some(Engine::Mysql) => "md5(concat(rand(), uuid()))",
        Some(Engine::Sqlite | Engine::Http | Engine::Manual) | None => "lower(hex(randomblob(16)))",
    });
    let whole: Expr = match terms.catalogues.engine(&table.source) {
        Some(Engine::Mysql) => Func::cust("concat").args([Expr::val(Value::from(ERASED)), random]).into(),
        Some(Engine::Postgres | Engine::Sqlite | Engine::Http | Engine::Manual) | None => {
            Expr::val(Value::from(ERASED)).binary(BinOper::Custom("||"), random)
        }
    };
    match terms.catalogues.column(table, column).and_then(|info| info.longest) {
        Some(longest) if longest < UNIQUE_LENGTH => Func::cust("substr")
            .args([whole, Expr::val(1), Expr::val(i32::try_from(longest).unwrap_or(i32::MAX))])
            .into(),
        Some(_) | None => whole,
    }
}

//! Steps by ranges of keys: for the night, which takes whatever is due. Where the ranges end is looked up
//! beforehand and without locks, so that a step is one statement, and several steps can go on side by side.

use std::time::{Duration, Instant};

use domain::{
    ids::StepId,
    map::Engine,
    plan::{Item, Outcome, Plan},
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{Alias, Condition, Expr, ExprTrait, Func, Order, Query, WindowStatement},
};

use super::{Done, begin, change::change, part_of, receipts::leave_receipt, wal::flush};
use crate::{
    Key, SourceError, Sources, Terms,
    catalogue::Family,
    fault::Point,
    plan::read_key,
    select::{At, Part, Pointer, as_text, key_columns, key_is_after, key_is_up_to, key_texts, pointers},
};

/// Rows between two keys: after the one, up to and with the other, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    pub after: Option<Key>,
    pub up_to: Option<Key>,
}

/// When a step's commit reaches the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flush {
    /// Before it is answered.
    Now,
    /// With the next one that is, where the database can do so (`PostgreSQL`, `SQLite` with a log). Until then the ledger must
    /// not say it was done; should the server die, the receipt is as lost as the step.
    Later,
}

/// Who sees to it that nothing points at a row that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The statement looks, row by row.
    Look,
    /// The database's own foreign keys, which look anyway: one row that is pointed at, and the step is refused
    /// whole ([`SourceError::Constraint`]). Half the work where none is.
    ForeignKeys,
}

impl Guard {
    /// Rows that others point at and that are emptied instead: then it would be refused all the time.
    pub fn of(item: &Item, plan: &Plan) -> Self {
        let emptied =
            |other: &Item| other.table == item.table && other.outcome == Outcome::Anonymised && other.rows > 0;
        if item.outcome == Outcome::Deleted && !plan.items.iter().any(emptied) { Self::ForeignKeys } else { Self::Look }
    }
}

/// How a stretch is carried out.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Longer, and everything is taken back: [`SourceError::Slow`] (on databases that can be told so).
    pub within: Duration,
    pub flush: Flush,
    pub guard: Guard,
}

/// Whether an item can be walked in stretches. Not where a row's fate hangs on other rows of its own table:
/// what points at itself is let go row by row, and `MySQL` cannot look at a table it changes.
pub fn can_walk(terms: &Terms<'_>, item: &Item) -> bool {
    let Some(part) = part_of(terms, item) else { return false };
    let on_itself = terms.catalogues.engine(&item.table.source) == Some(Engine::Mysql);
    let hangs_on_its_own = |pointer: &Pointer<'_>| {
        pointer.is_let_go_by_step(terms, part.table) || (on_itself && pointer.child == part.table.name)
    };
    !pointers(terms, part.table).iter().any(hangs_on_its_own)
}

/// How much wider than the due rows a range of numbers may be and still be cut evenly.
const SPARSE: i128 = 20;

/// Bounds of a key that is a number, cut evenly: nothing has to be looked up, and each stretch is found by its key.
#[derive(Clone, Debug)]
pub struct Even {
    next: i128,
    last: i128,
    width: i128,
}

impl Iterator for Even {
    type Item = Key;

    fn next(&mut self) -> Option<Key> {
        let bound = (self.next < self.last).then_some(self.next)?;
        self.next += self.width;
        Some(Key(vec![bound.to_string()]))
    }
}

/// Bounds with at most `grain` rows between them, where the key is a number and enough of the numbers are due.
/// `None` where they have to be looked up.
pub async fn even_bounds(
    sources: &Sources,
    terms: &Terms<'_>,
    item: &Item,
    grain: u64,
) -> Result<Option<Even>, SourceError> {
    let source = sources.get(&item.table.source).ok_or_else(|| SourceError::NotMapped { table: item.table.clone() })?;
    let Some(part) = part_of(terms, item) else { return Ok(None) };
    let [key] = part.table.key.as_slice() else { return Ok(None) };
    if !matches!(terms.catalogues.family(&item.table, key), Family::Integer | Family::Unsigned) {
        return Ok(None);
    }
    let at = At::outer(part.table);
    let mut ends = Query::select();
    // One by one: asked for both at once, SQLite walks the whole index.
    for end in [Func::min(at.col(key)), Func::max(at.col(key))] {
        let end = as_text(Some(source.engine), Family::Integer, end.into());
        ends.expr(Expr::from(Query::select().expr(end).from(at.from()).to_owned()));
    }
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let row = source.reading().await?.query_one(&ends).await.map_err(fail)?;
    let end = |n| -> Result<Option<i128>, DbErr> {
        let text = row.as_ref().map_or(Ok(None), |row| row.try_get_by_index::<Option<String>>(n))?;
        Ok(text.and_then(|text| text.parse().ok()))
    };
    let (Some(first), Some(last)) = (end(0).map_err(fail)?, end(1).map_err(fail)?) else { return Ok(None) };
    let (numbers, due) = (last - first + 1, i128::from(item.rows).max(1));
    // No more than `grain` rows lie between two, however crowded: a step grows by taking several.
    let width = i128::from(Ord::max(grain, 1));
    Ok((numbers <= due * SPARSE).then_some(Even { next: first + width - 1, last, width }))
}

/// Every `grain`-th key of the rows an item is about, after `after`: as many keys as `most` rows have.
/// Fewer than `most / grain` when these are the last.
pub async fn bounds(
    sources: &Sources,
    terms: &Terms<'_>,
    item: &Item,
    after: Option<&Key>,
    grain: u64,
    most: u64,
) -> Result<Vec<Key>, SourceError> {
    let source = sources.get(&item.table.source).ok_or_else(|| SourceError::NotMapped { table: item.table.clone() })?;
    let Some(part) = part_of(terms, item) else { return Ok(Vec::new()) };
    let at = At::outer(part.table);
    let inner_alias = at.inner_alias();
    let number = Alias::new("_n");
    let mut order = WindowStatement::new();
    let mut due = Query::select();
    due.from(at.from()).cond_where(part.roughly).limit(most);
    for (name, column) in part.table.key.iter().zip(key_columns(at)) {
        due.expr_as(column.clone(), Alias::new(name.as_str())).order_by_expr(column.clone(), Order::Asc);
        order.order_by_expr(column, Order::Asc);
    }
    due.expr_window_as(Func::cust("row_number"), order, number.clone());
    if let Some(after) = after {
        due.and_where(key_is_after(terms.catalogues, at, after));
    }
    let bound = at.inner(part.table, &inner_alias);
    let counted = || Expr::col((Alias::new(&inner_alias), number.clone()));
    let mut select = Query::select();
    select
        .from_subquery(due, Alias::new(&inner_alias))
        .and_where(counted().modulo(i64::try_from(grain).unwrap_or(1)).eq(0))
        .order_by_expr(counted(), Order::Asc);
    for text in key_texts(terms.catalogues, bound) {
        select.expr(text);
    }
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let rows = source.reading().await?.query_all(&select).await.map_err(fail);
    source.note(&rows);
    rows?.iter().map(|row| read_key(row, part.table.key.len()).map_err(fail)).collect()
}

/// Carries out one stretch of an item.
///
/// # Errors
/// What the database says, with everything taken back.
pub async fn run_stretch(
    sources: &Sources,
    terms: &Terms<'_>,
    item: &Item,
    step: StepId,
    stretch: &Stretch,
    how: How,
) -> Result<Done, SourceError> {
    let source = sources.get(&item.table.source).ok_or_else(|| SourceError::NotMapped { table: item.table.clone() })?;
    let Some(part) = part_of(terms, item) else { return Ok(Done::NOTHING) };
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let db = source.writing().await?;
    // Flushed below, while nobody waits for the lock.
    let tx = begin(source, Flush::Later).await?;
    let began = Instant::now();
    limit(&tx, source.engine, how).await.map_err(fail)?;
    let rows = change(&tx, terms, &part, rows_of(terms, &part, stretch, how.guard)).await.map_err(fail)?;
    sources.faults.at(Point::Changed, &source.name)?;
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    sources.faults.at(Point::Receipt, &source.name)?;
    tx.commit().await.map_err(fail)?;
    let held = began.elapsed();
    sources.faults.at(Point::Committed, &source.name)?;
    match how.flush {
        Flush::Now => flush(source, db).await?,
        Flush::Later => {}
    }
    Ok(Done { rows, up_to: stretch.up_to.clone(), held })
}

fn rows_of(terms: &Terms<'_>, part: &Part<'_>, stretch: &Stretch, guard: Guard) -> Condition {
    let at = At::outer(part.table);
    let takes = match (guard, &part.takes_unless_refused) {
        (Guard::ForeignKeys, Some(takes)) => takes,
        (Guard::ForeignKeys, None) | (Guard::Look, _) => &part.takes,
    };
    let after = stretch.after.iter().map(|key| key_is_after(terms.catalogues, at, key));
    let up_to = stretch.up_to.iter().map(|key| key_is_up_to(terms.catalogues, at, key));
    after.chain(up_to).chain(open_ends(terms, part, stretch)).fold(takes.clone(), Condition::add)
}

/// SQLite goes by a range of keys that has two ends, but by an index of days where it has one, and then looks through
/// all that is due: for the first stretch of 400,000 rows 185 ms instead of one. So an open end is the last number.
fn open_ends(terms: &Terms<'_>, part: &Part<'_>, stretch: &Stretch) -> Vec<Expr> {
    let [key] = part.table.key.as_slice() else { return Vec::new() };
    let is_number = terms.catalogues.family(&part.table.name, key) == Family::Integer;
    if !is_number || terms.catalogues.engine(&part.table.name.source) != Some(Engine::Sqlite) {
        return Vec::new();
    }
    let col = At::outer(part.table).col(key);
    let first = stretch.after.is_none().then(|| col.clone().gte(i64::MIN));
    let last = stretch.up_to.is_none().then(|| col.lte(i64::MAX));
    first.into_iter().chain(last).collect()
}

async fn limit(tx: &DatabaseTransaction, engine: Engine, how: How) -> Result<(), DbErr> {
    match engine {
        Engine::Postgres => {
            let waits = match how.flush {
                Flush::Now => "",
                Flush::Later => "; SET LOCAL synchronous_commit = off",
            };
            let sql = format!("SET LOCAL statement_timeout = {}{waits}", how.within.as_millis());
            tx.execute_unprepared(&sql).await.map(|_| ())
        }
        // MariaDB's limit is part of a statement's text, MySQL's is for reading only, SQLite has none.
        Engine::Mysql | Engine::Sqlite | Engine::Http | Engine::Manual => Ok(()),
    }
}

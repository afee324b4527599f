//! Steps that name their rows: for people, where no row more than was approved may go.

use std::time::Instant;

use domain::{
    ids::StepId,
    map::Engine,
    plan::{Item, Outcome},
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{Condition, SelectStatement},
};

use super::{
    Done, Flush, begin,
    change::{change, let_go},
    lock::{destroy, lock_away},
    part_of,
    receipts::leave_receipt,
};
use crate::{
    Key, Scope, Source, SourceError, Sources, Terms,
    fault::Point,
    lock::Lock,
    plan::{read_key, select_keys},
    select::{At, Part, What, key_is_after, key_is_one_of, key_is_up_to, pointers},
};

/// Rows a statement names one by one; more would only be a longer text to read.
const MOST_BY_KEY: u64 = 2_000;

/// An item of a plan, as it is carried out in one step.
#[derive(Clone, Copy)]
pub struct Approved<'a> {
    pub item: &'a Item,
    pub step: StepId,
    pub most: u64,
    /// For what is locked away.
    pub lock: &'a Lock,
}

/// Carries out at most `most` rows of one item of a plan, after `cursor`.
pub async fn run_step(
    sources: &Sources,
    terms: &Terms<'_>,
    approved: Approved<'_>,
    cursor: Option<&Key>,
) -> Result<Done, SourceError> {
    let Approved { item, step, most, .. } = approved;
    if let (Some(source), Scope::Person(person)) = (sources.http(&item.table.source), terms.scope) {
        let rows = if terms.is_held(person) { 0 } else { source.erase(person, item, most, step).await? };
        // A system may do a part at a time.
        let up_to = (rows > 0 && rows >= most).then(|| Key(Vec::new()));
        return Ok(Done { rows, up_to, ..Done::NOTHING });
    }
    let source = sources.get(&item.table.source).ok_or_else(|| SourceError::NotMapped { table: item.table.clone() })?;
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let tx = begin(source, Flush::Now).await?;
    let began = Instant::now();
    let Some((rows, last)) = take(&tx, terms, approved, cursor).await.map_err(fail)? else {
        tx.rollback().await.map_err(fail)?;
        return Ok(Done::NOTHING);
    };
    sources.faults.at(Point::Changed, &source.name)?;
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    sources.faults.at(Point::Receipt, &source.name)?;
    tx.commit().await.map_err(fail)?;
    sources.faults.at(Point::Committed, &source.name)?;
    Ok(Done { rows, up_to: last, held: began.elapsed() })
}

/// Carries out several items of one source in one transaction, children first, each with a receipt of
/// its own. For what is small as a whole: one transaction costs less than ten.
pub async fn run_together(
    sources: &Sources,
    source: &Source,
    terms: &Terms<'_>,
    approved: &[Approved<'_>],
) -> Result<Vec<u64>, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let tx = begin(source, Flush::Now).await?;
    let mut all = Vec::with_capacity(approved.len());
    for approved in approved {
        let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&approved.item.table), &error);
        let rows = take(&tx, terms, *approved, None).await.map_err(fail)?.map_or(0, |(rows, _)| rows);
        sources.faults.at(Point::Changed, &source.name)?;
        leave_receipt(&tx, approved.step, rows).await.map_err(fail)?;
        all.push(rows);
    }
    sources.faults.at(Point::Receipt, &source.name)?;
    tx.commit().await.map_err(fail)?;
    sources.faults.at(Point::Committed, &source.name)?;
    Ok(all)
}

/// Changes the next rows of an item. How many, and the last key where there may be more; `None` when none were left.
async fn take(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    approved: Approved<'_>,
    cursor: Option<&Key>,
) -> Result<Option<(u64, Option<Key>)>, DbErr> {
    let Approved { item, step, most, lock } = approved;
    if item.outcome == Outcome::Destroyed {
        let destroyed = destroy(tx, terms, &item.table, most).await?;
        return Ok(destroyed.map(|(rows, last)| (rows, Some(last))));
    }
    let Some(part) = &part_of(terms, item) else { return Ok(None) };
    let (batch, last) = if names_rows(terms, part) {
        let keys = next_keys(tx, terms, part, cursor, most).await?;
        let Some(last) = keys.last().cloned() else { return Ok(None) };
        if part.what == What::Delete {
            let_go(tx, terms, part, &keys).await?;
        }
        (by_keys(terms, part, cursor, &keys), Some(last))
    } else {
        let last = last_key(tx, terms, part, cursor, most).await?;
        (range(terms, part, cursor, last.as_ref()), last)
    };
    match part.what {
        What::LockAway => lock_away(tx, terms, part, &batch, lock, step).await?,
        What::Delete
        | What::Anonymise
        | What::Restrict(_)
        | What::KeepHeld
        | What::KeepForFloor
        | What::KeepNotStarted => {}
    }
    let rows = change(tx, terms, part, batch).await?;
    Ok((rows > 0 || last.is_some()).then_some((rows, last)))
}

/// Where a step must know each of its rows: MySQL's changes may not look at the table they change, and what points
/// back at a row is let go by value.
fn names_rows(terms: &Terms<'_>, part: &Part<'_>) -> bool {
    let engine = terms.catalogues.engine(&part.table.name.source);
    engine == Some(Engine::Mysql)
        || (part.what == What::Delete
            && pointers(terms, part.table).iter().any(|pointer| pointer.is_let_go_by_step(terms, part.table)))
}

/// The key of the row at which a step of `most` rows ends; `None` where fewer are left. One key, however many rows.
async fn last_key(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    cursor: Option<&Key>,
    most: u64,
) -> Result<Option<Key>, DbErr> {
    let mut select = after(terms, part, cursor);
    let row = tx.query_one(select.offset(most.saturating_sub(1)).limit(1)).await?;
    row.map(|row| read_key(&row, part.table.key.len())).transpose()
}

/// The keys of what is left of a part, in their order.
fn after(terms: &Terms<'_>, part: &Part<'_>, cursor: Option<&Key>) -> SelectStatement {
    let at = At::outer(part.table);
    let mut select = select_keys(terms.catalogues, at, &part.takes);
    if let Some(cursor) = cursor {
        select.and_where(key_is_after(terms.catalogues, at, cursor));
    }
    select
}

fn range(terms: &Terms<'_>, part: &Part<'_>, cursor: Option<&Key>, last: Option<&Key>) -> Condition {
    let at = At::outer(part.table);
    let mut range = part.takes.clone();
    if let Some(last) = last {
        range = range.add(key_is_up_to(terms.catalogues, at, last));
    }
    if let Some(cursor) = cursor {
        range = range.add(key_is_after(terms.catalogues, at, cursor));
    }
    range
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
    let mut select = after(terms, part, cursor);
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

/// Rows whose keys are known, as a condition of the statement that changes them.
fn by_keys(terms: &Terms<'_>, part: &Part<'_>, cursor: Option<&Key>, keys: &[Key]) -> Condition {
    match terms.catalogues.engine(&part.table.name.source) {
        Some(Engine::Mysql) => Condition::all().add(key_is_one_of(terms.catalogues, At::outer(part.table), keys)),
        Some(Engine::Sqlite | Engine::Postgres | Engine::Http | Engine::Manual) | None => {
            range(terms, part, cursor, keys.last())
        }
    }
}

//! Steps that name their rows: for people, where no row more than was approved may go.

use std::time::Instant;

use domain::{
    ids::StepId,
    map::Engine,
    plan::{Item, Outcome},
};
use futures::future::try_join_all;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{Condition, SelectStatement},
};

use super::{
    Done, Flush, begin,
    change::{For, change, let_go},
    common::common,
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
    let common = common(sources, terms, item).await?;
    let terms = &Terms { common: common.as_ref(), ..*terms };
    let mut ends = Ends::of(approved, cursor);
    loop {
        let tx = begin(source, Flush::Now).await?;
        let began = Instant::now();
        let (rows, up_to) = match take(&tx, terms, approved, cursor, ends).await.map_err(fail)? {
            Taken::Rows { rows, up_to } => (rows, up_to),
            Taken::Nothing => {
                tx.rollback().await.map_err(fail)?;
                return Ok(Done::NOTHING);
            }
            Taken::TooMany => {
                tx.rollback().await.map_err(fail)?;
                ends = Ends::AtRow;
                continue;
            }
        };
        sources.faults.at(Point::Changed, &source.name)?;
        leave_receipt(&tx, step, rows).await.map_err(fail)?;
        sources.faults.at(Point::Receipt, &source.name)?;
        tx.commit().await.map_err(fail)?;
        sources.faults.at(Point::Committed, &source.name)?;
        let held = began.elapsed();
        sources.paces.note(&item.table, rows, held);
        return Ok(Done { rows, up_to, held });
    }
}

/// Carries out several items of one source in one transaction, children first, each with a receipt of
/// its own. For what is small as a whole: one transaction costs less than ten.
pub async fn run_together(
    sources: &Sources,
    source: &Source,
    terms: &Terms<'_>,
    approved: &[Approved<'_>],
) -> Result<Vec<u64>, SourceError> {
    if let Some(rows) = all_together(sources, source, terms, approved, Ends::of).await? {
        return Ok(rows);
    }
    // Of one of them there is more by now.
    let bounded = all_together(sources, source, terms, approved, |_, _| Ends::AtRow).await?;
    // And more again, between its two statements: another time.
    bounded.ok_or_else(|| SourceError::Busy { source_name: source.name.clone() })
}

/// `None` where it was taken back, because more would have gone than was approved.
async fn all_together(
    sources: &Sources,
    source: &Source,
    terms: &Terms<'_>,
    approved: &[Approved<'_>],
    ends: impl Fn(Approved<'_>, Option<&Key>) -> Ends,
) -> Result<Option<Vec<u64>>, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let common = try_join_all(approved.iter().map(|approved| common(sources, terms, approved.item))).await?;
    let tx = begin(source, Flush::Now).await?;
    let began = Instant::now();
    let mut all = Vec::with_capacity(approved.len());
    for (approved, common) in approved.iter().zip(&common) {
        let terms = &Terms { common: common.as_ref(), ..*terms };
        let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&approved.item.table), &error);
        let rows = match take(&tx, terms, *approved, None, ends(*approved, None)).await.map_err(fail)? {
            Taken::Rows { rows, .. } => rows,
            Taken::Nothing => 0,
            Taken::TooMany => {
                tx.rollback().await.map_err(fail)?;
                return Ok(None);
            }
        };
        sources.faults.at(Point::Changed, &source.name)?;
        leave_receipt(&tx, approved.step, rows).await.map_err(fail)?;
        all.push(rows);
    }
    sources.faults.at(Point::Receipt, &source.name)?;
    tx.commit().await.map_err(fail)?;
    sources.faults.at(Point::Committed, &source.name)?;
    for (approved, rows) in approved.iter().zip(&all) {
        // What the others took of the time makes it no quicker than it is.
        sources.paces.note(&approved.item.table, *rows, began.elapsed());
    }
    Ok(Some(all))
}

/// Where a step ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// With its item, which is small: no row is looked for first.
    WithItem,
    /// At the row that is the last of as many as it may take.
    AtRow,
}

impl Ends {
    fn of(approved: Approved<'_>, cursor: Option<&Key>) -> Self {
        if cursor.is_none() && approved.most >= approved.item.rows { Self::WithItem } else { Self::AtRow }
    }
}

enum Taken {
    /// The last key, where there may be more.
    Rows {
        rows: u64,
        up_to: Option<Key>,
    },
    Nothing,
    /// More than was approved: it must be taken back.
    TooMany,
}

/// Changes the next rows of an item.
async fn take(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    approved: Approved<'_>,
    cursor: Option<&Key>,
    ends: Ends,
) -> Result<Taken, DbErr> {
    let Approved { item, step, most, lock } = approved;
    if item.outcome == Outcome::Destroyed {
        let destroyed = destroy(tx, terms, &item.table, most).await?;
        return Ok(destroyed.map_or(Taken::Nothing, |(rows, last)| Taken::Rows { rows, up_to: Some(last) }));
    }
    let Some(part) = &part_of(terms, item) else { return Ok(Taken::Nothing) };
    let (batch, up_to) = if names_rows(terms, part) {
        let keys = next_keys(tx, terms, part, cursor, most).await?;
        let Some(last) = keys.last().cloned() else { return Ok(Taken::Nothing) };
        if part.what == What::Delete {
            let_go(tx, terms, part, &keys).await?;
        }
        (by_keys(terms, part, cursor, &keys), Some(last))
    } else {
        let last = match ends {
            Ends::WithItem => None,
            Ends::AtRow => last_key(tx, terms, part, cursor, most).await?,
        };
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
    let rows = change(tx, terms, part, batch, For::Statement).await?;
    Ok(if rows > most {
        Taken::TooMany
    } else if rows > 0 || up_to.is_some() {
        Taken::Rows { rows, up_to }
    } else {
        Taken::Nothing
    })
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

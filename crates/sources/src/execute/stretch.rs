//! Steps by ranges of keys: for the night, which takes whatever is due. Where the ranges end is known
//! beforehand, so that a step is one statement, and several steps can go on side by side.

use std::time::{Duration, Instant};

use domain::{
    ids::StepId,
    map::Engine,
    plan::{Item, Outcome, Plan},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, sea_query::Condition};

use super::{
    Done, begin,
    bounds::within,
    change::{For, change},
    part_of,
    receipts::leave_receipt,
    wal::flush,
};
use crate::{
    Key, SourceError, Sources, Terms,
    fault::Point,
    select::{Part, Pointer, pointers},
};

/// Rows between two keys, or two of the numbers SQLite gives rows: after the one, up to and with the other, where
/// there is one.
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
    let batch = rows_of(terms, &part, stretch, how.guard);
    let rows = change(&tx, terms, &part, batch, For::AtMost(how.within)).await.map_err(fail)?;
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
    let takes = match (guard, &part.takes_unless_refused) {
        (Guard::ForeignKeys, Some(takes)) => takes,
        (Guard::ForeignKeys, None) | (Guard::Look, _) => &part.takes,
    };
    within(terms, part.table, stretch).into_iter().fold(takes.clone(), Condition::add)
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
        // MariaDB's limit is part of the statement's text, MySQL's is for reading only, SQLite has none.
        Engine::Mysql | Engine::Sqlite | Engine::Http | Engine::Manual => Ok(()),
    }
}

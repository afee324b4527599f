//! Receipts: what a step leaves in the company's database, so that after a crash it is known whether
//! the step was done.

use std::collections::BTreeMap;

use domain::{ids::StepId, map::Engine};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, QueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::wal::flush;
use crate::{Source, SourceError};

pub const RECEIPTS: &str = "qingdan_receipts";

/// The receipt of a step that must no longer happen.
const VOID: i64 = -1;

/// Sees to it that receipts can be left, before the first step.
pub async fn prepare(source: &Source) -> Result<(), SourceError> {
    make_table(source, RECEIPTS, "step varchar(36) PRIMARY KEY, affected bigint NOT NULL").await
}

/// Makes a table of ours where it is not there yet.
pub(super) async fn make_table(source: &Source, name: &str, columns: &str) -> Result<(), SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let after = match source.engine {
        // Whatever the server's own: tables may have Chinese names, and a receipt goes when its step is taken back.
        Engine::Mysql => " ENGINE = InnoDB CHARACTER SET utf8mb4",
        Engine::Postgres | Engine::Sqlite | Engine::Http | Engine::Manual => "",
    };
    let (db, sql) = (source.writing().await?, format!("CREATE TABLE IF NOT EXISTS {name} ({columns}){after}"));
    // Two workers at once: PostgreSQL may still say that one of them made it a moment ago.
    if db.execute_unprepared(&sql).await.is_err() {
        db.execute_unprepared(&sql).await.map_err(fail)?;
    }
    Ok(())
}

pub(super) async fn leave_receipt(tx: &DatabaseTransaction, step: StepId, rows: u64) -> Result<(), DbErr> {
    let insert = Query::insert()
        .into_table(RECEIPTS)
        .columns(["step", "affected"])
        .values_panic([Expr::val(step.to_string()), Expr::val(i64::try_from(rows).unwrap_or(i64::MAX))])
        .to_owned();
    tx.execute(&insert).await.map(|_| ())
}

/// Settles a step whose end nobody saw: the rows it changed, zero when it was not carried out.
///
/// Leaves a void receipt in the latter case. A transaction that is still under way somewhere, of a
/// worker that was thought dead, then fails at its own receipt and takes everything back.
pub async fn settle_step(source: &Source, step: StepId) -> Result<u64, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    prepare(source).await?;
    // One that is there is written as it is: its step may not have waited for the disk, and this commit does.
    let void = Query::insert()
        .into_table(RECEIPTS)
        .columns(["step", "affected"])
        .values_panic([Expr::val(step.to_string()), Expr::val(VOID)])
        .on_conflict(OnConflict::column("step").value("affected", Expr::col((RECEIPTS, "affected"))).to_owned())
        .to_owned();
    db.execute(&void).await.map_err(fail)?;
    let select =
        Query::select().column("affected").from(RECEIPTS).and_where(Expr::col("step").eq(step.to_string())).to_owned();
    let row = db.query_one(&select).await.map_err(fail)?;
    let rows: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose().map_err(fail)?;
    // What the ledger is told next must not be lost with the log.
    flush(source, db).await?;
    Ok(rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0))
}

/// Whether all of these steps are still there, with what they changed.
///
/// `PostgreSQL` only: there a step may be answered before it is on the disk, a server that starts anew forgets such
/// steps, and the pool connects again without a word. Asked after a later commit that did wait, the answer stays true.
pub async fn are_kept(source: &Source, steps: &[(StepId, u64)]) -> Result<bool, SourceError> {
    match source.engine {
        Engine::Postgres => {}
        Engine::Mysql | Engine::Sqlite | Engine::Http | Engine::Manual => return Ok(true),
    }
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let select = Query::select()
        .columns(["step", "affected"])
        .from(RECEIPTS)
        .and_where(Expr::col("step").is_in(steps.iter().map(|(step, _)| step.to_string())))
        .to_owned();
    let rows = source.writing().await?.query_all(&select).await.map_err(fail)?;
    let receipt = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    let left: BTreeMap<String, i64> = rows.iter().map(receipt).collect::<Result<_, DbErr>>().map_err(fail)?;
    let is_kept = |(step, rows): &(StepId, u64)| left.get(&step.to_string()).copied() == i64::try_from(*rows).ok();
    Ok(steps.iter().all(is_kept))
}

/// Steps that have left a receipt, the oldest first; no more than can be looked at in one go.
pub async fn receipts(source: &Source) -> Result<Vec<StepId>, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    prepare(source).await?;
    let select = Query::select()
        .column("step")
        .from(RECEIPTS)
        .and_where(Expr::col("affected").ne(VOID))
        .order_by("step", Order::Asc)
        .limit(10_000)
        .to_owned();
    let rows = db.query_all(&select).await.map_err(fail)?;
    let texts = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>();
    Ok(texts.map_err(fail)?.iter().filter_map(|text| text.parse().ok()).collect())
}

/// The ledger has them now; the company's database need not keep them. Void ones stay for as long as a worker that was
/// thought dead could still wake up: only those of steps before `oldest` go.
pub async fn clear_receipts(source: &Source, steps: &[StepId], oldest: StepId) -> Result<(), SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let db = source.writing().await?;
    for steps in steps.chunks(500) {
        let delete = Query::delete()
            .from_table(RECEIPTS)
            .and_where(Expr::col("step").is_in(steps.iter().map(ToString::to_string)))
            .and_where(Expr::col("affected").ne(VOID))
            .to_owned();
        db.execute(&delete).await.map_err(fail)?;
    }
    // Steps are numbered by the time they began.
    let old = Query::delete()
        .from_table(RECEIPTS)
        .and_where(Expr::col("affected").eq(VOID))
        .and_where(Expr::col("step").lt(oldest.to_string()))
        .to_owned();
    db.execute(&old).await.map_err(fail)?;
    Ok(())
}

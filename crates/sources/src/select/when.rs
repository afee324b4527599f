//! Whether a row's time is up.

use domain::{
    map::{Column, Engine},
    period::Period,
};
use jiff::{ToSpan, civil::Date};
use sea_orm::sea_query::{BinOper, Condition, Expr, ExprTrait, Func};

use super::column::{At, bind};
use crate::{Terms, catalogue::ColumnInfo};

/// A period that began in the row's `from` column is over on `as_of`.
pub(crate) fn is_over(terms: &Terms<'_>, at: At<'_>, period: Period) -> Condition {
    let from = &at.table.retention.from;
    // The day after the cutoff, exclusive: right for dates, timestamps and ISO text alike, and an
    // index on the column can be used.
    let bound = period.cutoff(terms.as_of).saturating_add(1.day());
    Condition::all().add(started(terms, at)).add(at.col(from).lt(day(terms, at, from, bound)))
}

/// The column holds a day. Anything else — empty, a number, `31/12/2025` — has not begun: a row is
/// rather kept too long than erased below its floor.
fn started(terms: &Terms<'_>, at: At<'_>) -> Expr {
    let from = &at.table.retention.from;
    let col = at.col(from);
    let text = terms.catalogues.column(&at.table.name, from).is_some_and(ColumnInfo::is_text);
    let shaped = match terms.catalogues.engine(&at.table.name.source) {
        Some(Engine::Sqlite) => {
            col.binary(BinOper::Custom("GLOB"), Expr::val("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"))
        }
        Some(Engine::Postgres) if text => col.binary(BinOper::Custom("~"), Expr::val("^[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        Some(Engine::Postgres) | None => return col.is_not_null(),
    };
    Func::coalesce([shaped, Expr::val(false)]).into()
}

/// The event the period counts from has not happened.
pub(crate) fn not_started(terms: &Terms<'_>, at: At<'_>) -> Expr {
    started(terms, at).not()
}

/// A floor exists and is over, or there is none.
pub(crate) fn floor_is_over(terms: &Terms<'_>, at: At<'_>) -> Condition {
    match at.table.retention.longest_floor() {
        Some(floor) => is_over(terms, at, floor.keep),
        None => Condition::all(),
    }
}

/// A floor has begun and is still running.
pub(crate) fn kept_by_floor(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let floor = at.table.retention.longest_floor()?;
    Some(Condition::all().add(started(terms, at)).add(is_over(terms, at, floor.keep).not()))
}

fn day(terms: &Terms<'_>, at: At<'_>, column: &Column, date: Date) -> Expr {
    let zoned = terms.catalogues.column(&at.table.name, column).is_some_and(ColumnInfo::is_zoned);
    let text = if zoned { format!("{date} 00:00:00+08") } else { date.to_string() };
    bind(terms.catalogues, &at.table.name, column, &text)
}

//! Whether a row's time is up.

use domain::{map::Column, period::Period};
use jiff::{ToSpan, civil::Date};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};

use super::column::{At, bind};
use crate::Terms;

/// A period that began in the row's `from` column is over on `as_of`.
pub(crate) fn is_over(terms: &Terms<'_>, at: At<'_>, period: Period) -> Condition {
    let from = &at.table.retention.from;
    // The day after the cutoff, exclusive: right for dates, timestamps and ISO text alike, and an
    // index on the column can be used.
    let bound = period.cutoff(terms.as_of).saturating_add(1.day());
    Condition::all().add(started(terms, at)).add(at.col(from).lt(day(terms, at, from, bound)))
}

pub(crate) fn started(terms: &Terms<'_>, at: At<'_>) -> Expr {
    not_started(terms, at).not()
}

/// The event the period counts from has not happened.
pub(crate) fn not_started(terms: &Terms<'_>, at: At<'_>) -> Expr {
    let from = &at.table.retention.from;
    let empty = at.col(from).is_null();
    let text = terms.catalogues.column(&at.table.name, from).is_some_and(crate::catalogue::ColumnInfo::is_text);
    if text { empty.or(at.col(from).eq("")) } else { empty }
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
    bind(terms.catalogues, &at.table.name, column, &date.to_string())
}

//! Whether a row's time is up.

use domain::{
    china,
    map::{Column, Engine, Moment},
    period::Period,
};
use jiff::{ToSpan, civil::Date};
use sea_orm::sea_query::{BinOper, Condition, Expr, ExprTrait, Func};

use super::column::{At, bind};
use crate::{Terms, catalogue::Family};

/// A period that began in the row's `from` column is over on `as_of`.
pub(crate) fn is_over(terms: &Terms<'_>, at: At<'_>, period: Period) -> Condition {
    let from = &at.table.retention.from;
    // Exclusive: right for dates, timestamps and ISO text alike, and an index on the column can be used.
    let bound = after_cutoff(terms, at, period);
    // In this order: SQLite looks at the shape of a text only where it comes early enough.
    Condition::all().add(at.col(from).lt(bound)).add(started(terms, at))
}

/// What began on this day or later is not due tonight.
pub(crate) fn first_kept_day(terms: &Terms<'_>, at: At<'_>) -> Expr {
    after_cutoff(terms, at, at.table.retention.effective())
}

fn after_cutoff(terms: &Terms<'_>, at: At<'_>, period: Period) -> Expr {
    day(terms, at, &at.table.retention.from, period.cutoff(terms.as_of).saturating_add(1.day()))
}

/// The column holds a day, and the row is of the kind the period runs for. Anything else — empty,
/// a date in another shape, `0000-00-00`, `-infinity` — has not begun: a row is rather kept too long
/// than erased below its floor.
fn started(terms: &Terms<'_>, at: At<'_>) -> Expr {
    let name = &at.table.name;
    let when = at.table.retention.when.iter().map(|(column, values)| {
        let values: Vec<Expr> = values.iter().map(|value| bind(terms.catalogues, name, column, value)).collect();
        at.col(column).is_in(values)
    });
    let all = when.fold(shaped(terms, at), ExprTrait::and);
    Func::coalesce([all, Expr::val(false)]).into()
}

/// The column holds a day in the shape the map says.
fn shaped(terms: &Terms<'_>, at: At<'_>) -> Expr {
    let retention = &at.table.retention;
    let col = at.col(&retention.from);
    let engine = terms.catalogues.engine(&at.table.name.source);
    let family = terms.catalogues.family(&at.table.name, &retention.from);
    // The same shape as SQLite's GLOB and as a regular expression.
    let like = |glob: &str, regex: &str| match engine {
        Some(Engine::Postgres) => col.clone().binary(BinOper::Custom("~"), Expr::val(regex)),
        Some(Engine::Mysql) => col.clone().binary(BinOper::Custom("REGEXP"), Expr::val(regex)),
        Some(Engine::Sqlite | Engine::Http | Engine::Manual) | None => {
            col.clone().binary(BinOper::Custom("GLOB"), Expr::val(glob))
        }
    };
    match retention.written_as {
        Moment::Date => match (engine, family.is_time()) {
            (Some(Engine::Postgres), true) => Func::cust("isfinite").arg(col.clone()).into(),
            (Some(Engine::Mysql), true) => col.clone().gte("1000-01-01"),
            (Some(Engine::Postgres | Engine::Mysql | Engine::Sqlite | Engine::Http | Engine::Manual) | None, _) => {
                like("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*", "^[0-9]{4}-[0-9]{2}-[0-9]{2}")
            }
        },
        // Nothing happened at the very beginning of 1970; a zero means never.
        Moment::Seconds | Moment::Millis => numeric(engine, &col).and(col.clone().gt(0)),
        Moment::Compact if family.is_number() => {
            numeric(engine, &col).and(col.clone().gte(10_000_101)).and(col.clone().lte(99_991_231))
        }
        Moment::Compact => like("[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*", "^[0-9]{8}"),
        Moment::Slashes => like("[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]*", "^[0-9]{4}/[0-9]{2}/[0-9]{2}"),
    }
}

/// SQLite keeps what it is given, texts in number columns too.
fn numeric(engine: Option<Engine>, col: &Expr) -> Expr {
    match engine {
        Some(Engine::Sqlite) => Expr::from(Func::cust("typeof").arg(col.clone())).is_in(["integer", "real"]),
        Some(Engine::Postgres | Engine::Mysql | Engine::Http | Engine::Manual) | None => col.clone().is_not_null(),
    }
}

/// The event the period counts from has not happened.
pub(crate) fn not_started(terms: &Terms<'_>, at: At<'_>) -> Expr {
    started(terms, at).not()
}

/// The period began on one of these days.
pub(super) fn began_between(terms: &Terms<'_>, at: At<'_>, first: Date, last: Date) -> Condition {
    let from = &at.table.retention.from;
    let end = last.saturating_add(1.day());
    Condition::all()
        .add(started(terms, at))
        .add(at.col(from).gte(day(terms, at, from, first)))
        .add(at.col(from).lt(day(terms, at, from, end)))
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

/// The beginning of a day in China, as the column writes it.
fn day(terms: &Terms<'_>, at: At<'_>, column: &Column, date: Date) -> Expr {
    let family = terms.catalogues.family(&at.table.name, column);
    let midnight = || china::midnight(date).as_second();
    let compact = || date.strftime("%Y%m%d").to_string();
    match at.table.retention.written_as {
        Moment::Date => {
            let text = if family == Family::ZonedMoment { format!("{date} 00:00:00+08") } else { date.to_string() };
            bind(terms.catalogues, &at.table.name, column, &text)
        }
        Moment::Seconds => Expr::val(midnight()),
        Moment::Millis => Expr::val(midnight() * 1000),
        Moment::Compact if family.is_number() => Expr::val(compact().parse::<i64>().unwrap_or(i64::MIN)),
        Moment::Compact => Expr::val(compact()),
        Moment::Slashes => Expr::val(date.strftime("%Y/%m/%d").to_string()),
    }
}

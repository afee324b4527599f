//! Where the stretches of a walk end: looked up beforehand and without locks.

use std::borrow::Cow;

use domain::{
    map::{Column, Engine, Table},
    plan::Item,
};
use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, WindowStatement},
};

use super::{Stretch, part_of};
use crate::{
    Key, SourceError, Sources, Terms,
    catalogue::Family,
    plan::read_key,
    select::{At, as_text, key_columns, key_is_after, key_is_up_to, key_texts},
};

/// The table with what a walk goes along as its key. On SQLite that is the number in whose order rows lie: a key of
/// its own is an index beside them, in which each row would be looked up, due or not (a ninth of what a purge costs).
fn walked<'a>(terms: &Terms<'_>, table: &'a Table) -> Cow<'a, Table> {
    match row_number(terms, table) {
        Some(number) => Cow::Owned(Table { key: vec![number.clone()], ..table.clone() }),
        None => Cow::Borrowed(table),
    }
}

fn row_number<'a>(terms: &Terms<'a>, table: &Table) -> Option<&'a Column> {
    terms.catalogues.table(&table.name)?.row_number.as_ref()
}

/// What a walk goes along, where it is one number.
fn number<'a>(terms: &Terms<'_>, walked: &'a Table) -> Option<&'a Column> {
    let [key] = walked.key.as_slice() else { return None };
    let is_number = matches!(terms.catalogues.family(&walked.name, key), Family::Integer | Family::Unsigned);
    (is_number || row_number(terms, walked) == Some(key)).then_some(key)
}

/// The rows of a stretch.
pub(super) fn within(terms: &Terms<'_>, table: &Table, stretch: &Stretch) -> Vec<Expr> {
    let walked = walked(terms, table);
    let at = At::outer(&walked);
    let after = stretch.after.iter().map(|key| key_is_after(terms.catalogues, at, key));
    let up_to = stretch.up_to.iter().map(|key| key_is_up_to(terms.catalogues, at, key));
    after.chain(up_to).chain(open_ends(terms, at, stretch)).collect()
}

/// SQLite goes by a range of keys that has two ends, but by an index of days where it has one, and then looks through
/// all that is due: for the first stretch of 400,000 rows 185 ms instead of one. So an open end is the last number.
fn open_ends(terms: &Terms<'_>, at: At<'_>, stretch: &Stretch) -> Vec<Expr> {
    let Some(key) = number(terms, at.table) else { return Vec::new() };
    if terms.catalogues.engine(&at.table.name.source) != Some(Engine::Sqlite) {
        return Vec::new();
    }
    let first = stretch.after.is_none().then(|| at.col(key).gte(i64::MIN));
    let last = stretch.up_to.is_none().then(|| at.col(key).lte(i64::MAX));
    first.into_iter().chain(last).collect()
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
    let walked = walked(terms, part.table);
    let Some(key) = number(terms, &walked) else { return Ok(None) };
    let at = At::outer(&walked);
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
    let walked = walked(terms, part.table);
    let at = At::outer(&walked);
    let inner_alias = at.inner_alias();
    let number = Alias::new("_n");
    let mut order = WindowStatement::new();
    let mut due = Query::select();
    due.from(at.from()).cond_where(part.roughly).limit(most);
    for (name, column) in walked.key.iter().zip(key_columns(at)) {
        due.expr_as(column.clone(), Alias::new(name.as_str())).order_by_expr(column.clone(), Order::Asc);
        order.order_by_expr(column, Order::Asc);
    }
    due.expr_window_as(Func::cust("row_number"), order, number.clone());
    if let Some(after) = after {
        due.and_where(key_is_after(terms.catalogues, at, after));
    }
    let bound = at.inner(&walked, &inner_alias);
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
    rows?.iter().map(|row| read_key(row, walked.key.len()).map_err(fail)).collect()
}

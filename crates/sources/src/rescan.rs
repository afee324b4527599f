//! What no rule reaches: texts and numbers in columns the map does not name, read row by row.

use domain::map::{Column, DataMap, Engine, TableName};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement},
};

use crate::{
    Key, Source, SourceError,
    catalogue::{Catalogues, Family, TableKind},
    check::named,
    execute::RECEIPTS,
    lock::LOCKED,
    plan::read_key,
    select::{as_text, bound, col, is_after, table_ref},
};

/// Rows of a statement, and characters of a value.
const AT_ONCE: u64 = 1_000;
const LONGEST: i32 = 1_000_000;

/// The columns of one table that are outside the map.
#[derive(Clone, Debug)]
pub struct Corner {
    pub table: TableName,
    pub columns: Vec<Column>,
    walk: Walk,
}

/// How a table is walked through in bounded statements.
#[derive(Clone, Debug)]
enum Walk {
    Key(Vec<Column>),
    /// By where the row lies; the name of the column that says so, and its type.
    Place(Column, &'static str),
    /// A table without a key in MySQL, which lies in the order of its rows' making.
    Count,
}

/// Some rows of a corner.
#[derive(Debug)]
pub struct Page {
    pub rows: u64,
    /// The number of the column, and what stands there.
    pub values: Vec<(usize, String)>,
    pub next: Option<Key>,
}

/// Everything of a database that is outside the map and could mention a person.
///
/// # Errors
/// A database that cannot be read.
pub async fn corners(source: &Source, map: &DataMap) -> Result<Vec<Corner>, SourceError> {
    let catalogue = source.look_again().await?;
    let is_ours = |name: &TableName| [RECEIPTS, LOCKED].contains(&name.table.as_str());
    let tables = catalogue.tables.iter().filter(|(name, info)| info.kind == TableKind::Table && !is_ours(name));
    let corners = tables.map(|(name, info)| {
        let of_map = map.tables.iter().find(|table| catalogue.short(&table.name) == *name);
        let known = of_map.map(named).unwrap_or_default();
        let outside = info.order.iter().filter(|column| {
            let family = info.columns.get(*column).map(|known| known.family);
            family.is_some_and(can_mention) && !known.contains(column)
        });
        let walk = match source.engine {
            _ if !info.key.is_empty() => Walk::Key(info.key.clone()),
            Engine::Postgres => Walk::Place(Column("ctid".into()), "tid"),
            Engine::Sqlite => info.row_number.clone().map_or(Walk::Count, |number| Walk::Place(number, "integer")),
            Engine::Mysql | Engine::Http | Engine::Manual => Walk::Count,
        };
        Corner { table: name.clone(), columns: outside.cloned().collect(), walk }
    });
    Ok(corners.filter(|corner| !corner.columns.is_empty()).collect())
}

/// A mobile number may be kept as a number; a date or a truth value mentions nobody.
const fn can_mention(family: Family) -> bool {
    match family {
        Family::Text
        | Family::Json
        | Family::Array
        | Family::Other
        | Family::Integer
        | Family::Unsigned
        | Family::Decimal => true,
        Family::Float
        | Family::Date
        | Family::Moment
        | Family::ZonedMoment
        | Family::Bool
        | Family::Uuid
        | Family::Binary
        | Family::Bit => false,
    }
}

/// The next rows after `after`.
///
/// # Errors
/// A table that cannot be read, for instance for want of a right.
pub async fn page(source: &Source, corner: &Corner, after: Option<&Key>) -> Result<Page, SourceError> {
    let fail = |error| SourceError::from_db(&source.name, Some(&corner.table), &error);
    let catalogues = source.alone().await?;
    let select = statement(source.engine, &catalogues, corner, after);
    let rows = source.reading().await?.query_all(&select).await.map_err(fail)?;
    let key = corner.walk.columns();
    let mut values = Vec::new();
    for row in &rows {
        for column in 0..corner.columns.len() {
            let value: Option<String> = row.try_get_by_index(key.len() + column).map_err(fail)?;
            values.extend(value.filter(|value| !value.is_empty()).map(|value| (column, value)));
        }
    }
    let read = rows.len() as u64;
    let next = match rows.last().filter(|_| read == AT_ONCE) {
        None => None,
        Some(last) => Some(match &corner.walk {
            Walk::Key(_) | Walk::Place(..) => read_key(last, key.len()).map_err(fail)?,
            Walk::Count => Key(vec![(passed(after) + read).to_string()]),
        }),
    };
    Ok(Page { rows: read, values, next })
}

fn statement(engine: Engine, catalogues: &Catalogues, corner: &Corner, after: Option<&Key>) -> SelectStatement {
    let (name, alias) = (&corner.table, corner.table.table.as_str());
    let text = |column: &Column| as_text(Some(engine), catalogues.family(name, column), col(alias, column));
    let mut select = Query::select();
    select.from(table_ref(name)).limit(AT_ONCE);
    for column in corner.walk.columns() {
        select.expr(text(&column)).order_by((Alias::new(alias), Alias::new(column.as_str())), Order::Asc);
    }
    for column in &corner.columns {
        select.expr(Func::cust("substr").args([text(column), Expr::val(1), Expr::val(LONGEST)]));
    }
    let Some(after) = after else { return select };
    match &corner.walk {
        Walk::Key(key) => {
            let columns = key.iter().map(|column| col(alias, column)).collect();
            select.and_where(is_after(catalogues, name, columns, bound(catalogues, name, key, after)));
        }
        Walk::Place(place, kind) => {
            let value = Expr::val(after.0.first().cloned().unwrap_or_default()).cast_as(Alias::new(*kind));
            select.and_where(col(alias, place).gt(value));
        }
        Walk::Count => {
            select.offset(passed(Some(after)));
        }
    }
    select
}

/// Rows of a [`Walk::Count`] that are behind.
fn passed(after: Option<&Key>) -> u64 {
    after.and_then(|after| after.0.first()?.parse().ok()).unwrap_or(0)
}

impl Walk {
    fn columns(&self) -> Vec<Column> {
        match self {
            Self::Key(key) => key.clone(),
            Self::Place(place, _) => vec![place.clone()],
            Self::Count => Vec::new(),
        }
    }
}

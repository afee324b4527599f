//! What was locked away for a request: how much, and, when two people have agreed, what it says.

use domain::{
    Personal,
    map::{Column, RoleName, TableName},
};
use jiff::civil::Date;
use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::lock::has_locked;
use crate::{
    Source, SourceError, Sources,
    lock::{Content, LOCKED, Lock},
};

/// Rows of one table, destroyed on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    pub table: TableName,
    pub until: Date,
    pub rows: u64,
}

/// One row's side, opened.
#[derive(Debug)]
pub struct Unlocked {
    pub table: TableName,
    pub roles: Vec<RoleName>,
    pub until: Date,
    pub values: Vec<(Column, Option<Personal>)>,
}

/// How much is still locked away for a request.
pub async fn locked(sources: &Sources, lot: &str) -> Result<Vec<Locked>, SourceError> {
    let mut all = Vec::new();
    for source in sources.iter() {
        let mut select = of_lot(lot);
        select.columns(["source_table", "until_day"]).expr(Expr::cust("count(*)"));
        select.group_by_columns(["source_table", "until_day"]).order_by("until_day", Order::Asc);
        for row in rows(source, &select).await? {
            let (table, until) = place(source, &row, 0, 1)?;
            let rows: i64 = row.try_get_by_index(2).map_err(|error| failed(source, &error))?;
            all.push(Locked { table, until, rows: u64::try_from(rows).unwrap_or(0) });
        }
    }
    Ok(all)
}

/// At most `most` of a request's rows, opened.
///
/// # Errors
/// [`SourceError::Value`] when one cannot be opened: it was changed, or sealed under another key.
pub async fn open(sources: &Sources, lock: &Lock, most: u64) -> Result<Vec<Unlocked>, SourceError> {
    let mut all = Vec::new();
    for source in sources.iter() {
        let mut select = of_lot(&lock.lot);
        select.columns(["source_table", "until_day", "roles", "id", "sealed"]);
        select.order_by("source_table", Order::Asc).order_by("id", Order::Asc).limit(most);
        for row in rows(source, &select).await? {
            let (table, until) = place(source, &row, 0, 1)?;
            let fail = |error| failed(source, &error);
            let roles: String = row.try_get_by_index(2).map_err(fail)?;
            let id: String = row.try_get_by_index(3).map_err(fail)?;
            let sealed: Vec<u8> = row.try_get_by_index(4).map_err(fail)?;
            let content = lock.open(&id, &sealed).and_then(|plain| serde_json::from_slice::<Content>(&plain).ok());
            let content = content.ok_or_else(|| unreadable(&table))?;
            let roles = serde_json::from_str(&roles).map_err(|_| unreadable(&table))?;
            let values = content.values.into_iter().map(|(column, value)| (column, value.map(Personal::new)));
            all.push(Unlocked { table, roles, until, values: values.collect() });
        }
    }
    Ok(all)
}

fn of_lot(lot: &str) -> SelectStatement {
    Query::select().from(LOCKED).and_where(Expr::col("lot").eq(lot)).to_owned()
}

async fn rows(source: &Source, select: &SelectStatement) -> Result<Vec<QueryResult>, SourceError> {
    if !has_locked(source).await? {
        return Ok(Vec::new());
    }
    source.writing().await?.query_all(select).await.map_err(|error| failed(source, &error))
}

fn failed(source: &Source, error: &sea_orm::DbErr) -> SourceError {
    SourceError::from_db(&source.name, None, error)
}

fn unreadable(table: &TableName) -> SourceError {
    SourceError::Value { table: table.clone(), column: LOCKED.to_owned(), expected: "what we sealed" }
}

/// The table and the day of a row.
fn place(source: &Source, row: &QueryResult, table: usize, until: usize) -> Result<(TableName, Date), SourceError> {
    let text = |n| row.try_get_by_index::<String>(n).map_err(|error| failed(source, &error));
    let (table, until) = (text(table)?, text(until)?);
    let broken = || SourceError::Other { source_name: source.name.clone(), code: "locked".to_owned() };
    let name = TableName::parse(&format!("{}.{table}", source.name)).ok_or_else(broken)?;
    Ok((name, until.parse().map_err(|_| broken())?))
}

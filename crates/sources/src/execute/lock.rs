//! Locking away and destroying: the values leave the company's table and enter ours in the same transaction.

use domain::{
    ids::StepId,
    json,
    map::{Engine, Table, TableName},
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, Value,
    sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query},
};

use super::receipts::make_table;
use crate::{
    Key, OnHold, Source, SourceError, Terms,
    lock::{Content, LOCKED, Lock, name_in_source},
    plan::{read_key, select_keys},
    select::{At, Part, column_text, is_written, place_text},
};

/// Rows a statement inserts at once.
const AT_ONCE: usize = 500;

/// Sees to it that there is a place to lock away to, before the first step that does.
pub async fn prepare_lock(source: &Source) -> Result<(), SourceError> {
    let sealed = match source.engine {
        Engine::Postgres => "bytea",
        Engine::Mysql => "mediumblob",
        Engine::Sqlite | Engine::Http | Engine::Manual => "blob",
    };
    let columns = format!(
        "id varchar(60) PRIMARY KEY, lot varchar(36) NOT NULL, source_table varchar(200) NOT NULL, \
         roles varchar(400) NOT NULL, until_day varchar(10) NOT NULL, sealed {sealed} NOT NULL"
    );
    make_table(source, LOCKED, &columns).await
}

/// The values a step is about to empty, sealed.
pub(super) async fn lock_away(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    batch: &Condition,
    lock: &Lock,
    step: StepId,
) -> Result<(), DbErr> {
    let (table, at) = (part.table, At::outer(part.table));
    let fields = table.fields_to_anonymise(&part.roles);
    let written =
        |field: &&domain::map::Field| is_written(terms.catalogues, &table.name, &field.place, &field.anonymise);
    let fields: Vec<_> = fields.filter(written).collect();
    let mut select = select_keys(terms.catalogues, at, batch);
    select.expr_as(column_text(terms.catalogues, at, &table.retention.from), Alias::new("from"));
    for (n, field) in fields.iter().enumerate() {
        select.expr_as(place_text(terms.catalogues, at, &field.place), Alias::new(format!("v{n}")));
    }
    let roles = json::text(&part.roles);
    let mut rows = Vec::new();
    for (n, row) in tx.query_all(&select).await?.iter().enumerate() {
        let first = table.key.len();
        let from: Option<String> = row.try_get_by_index(first)?;
        let values = fields
            .iter()
            .enumerate()
            .map(|(n, field)| Ok((field.column.clone(), row.try_get_by_index::<Option<String>>(first + 1 + n)?)));
        let content = Content { key: read_key(row, first)?.0, values: values.collect::<Result<_, DbErr>>()? };
        let plain = zeroize::Zeroizing::new(json::bytes(&content));
        let id = format!("{step}-{n}");
        let sealed = lock.seal(&id, &plain).ok_or_else(|| DbErr::Custom("cannot be sealed".into()))?;
        rows.push([
            Expr::val(id),
            Expr::val(lock.lot.as_str()),
            Expr::val(name_in_source(&table.name)),
            Expr::val(roles.as_str()),
            Expr::val(until(table, from.as_deref(), terms).to_string()),
            Expr::val(Value::from(sealed)),
        ]);
    }
    for rows in rows.chunks(AT_ONCE) {
        let mut insert = Query::insert();
        insert.into_table(LOCKED).columns(["id", "lot", "source_table", "roles", "until_day", "sealed"]);
        for row in rows {
            insert.values_panic(row.clone());
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

fn until(table: &Table, from: Option<&str>, terms: &Terms<'_>) -> jiff::civil::Date {
    let from = from.and_then(|text| table.retention.written_as.day(text));
    from.map_or(terms.as_of, |from| table.retention.effective_floor().after(from))
}

/// Whether anything was ever locked away there. Who reads for pages may not see it: this asks as who writes.
pub(super) async fn has_locked(source: &Source) -> Result<bool, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let (table, schema) = match source.engine {
        Engine::Sqlite => ("sqlite_master WHERE name", ""),
        Engine::Postgres => ("pg_catalog.pg_tables WHERE tablename", " AND schemaname = current_schema()"),
        Engine::Mysql => ("information_schema.tables WHERE table_name", " AND table_schema = database()"),
        Engine::Http | Engine::Manual => return Ok(false),
    };
    let db = source.writing().await?;
    let sql = format!("SELECT 1 FROM {table} = '{LOCKED}'{schema}");
    let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
    Ok(db.query_one_raw(statement).await.map_err(fail)?.is_some())
}

/// What was locked away and whose day has come, except where a hold protects it.
fn due_locked(terms: &Terms<'_>) -> Condition {
    let day = Expr::col("until_day").lte(terms.as_of.to_string());
    let spared = terms.holds.iter().filter_map(|hold| match hold {
        OnHold::Person(_) => None,
        OnHold::Lot(lot) => Some(Expr::col("lot").ne(lot.as_str())),
        // Its condition cannot be put to what is sealed, and no path followed from there.
        OnHold::Rows(rows) => {
            let tables = terms.map.found_along(&rows.table).chain([&rows.table]);
            Some(Expr::col("source_table").is_not_in(tables.map(name_in_source)))
        }
    });
    spared.fold(Condition::all().add(day), Condition::add)
}

/// How much is to be destroyed, by the table it was taken from.
pub(crate) async fn to_destroy(source: &Source, terms: &Terms<'_>) -> Result<Vec<(TableName, u64)>, SourceError> {
    if !has_locked(source).await? {
        return Ok(Vec::new());
    }
    let fail = |error: DbErr| SourceError::from_db(&source.name, None, &error);
    let select = Query::select()
        .column("source_table")
        .expr(Expr::cust("count(*)"))
        .from(LOCKED)
        .cond_where(due_locked(terms))
        .group_by_col("source_table")
        .order_by("source_table", Order::Asc)
        .to_owned();
    let found = source.writing().await?.query_all(&select).await.map_err(fail)?;
    let read = |row: &sea_orm::QueryResult| {
        let (table, rows): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let table = TableName::parse(&format!("{}.{table}", source.name));
        Ok(table.map(|table| (table, u64::try_from(rows).unwrap_or(0))))
    };
    found.iter().filter_map(|row| read(row).transpose()).collect::<Result<_, _>>().map_err(fail)
}

/// Destroys at most `most` of a table's rows whose day has come.
pub(super) async fn destroy(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    table: &TableName,
    most: u64,
) -> Result<Option<(u64, Key)>, DbErr> {
    let select = Query::select()
        .column("id")
        .from(LOCKED)
        .cond_where(due_locked(terms))
        .and_where(Expr::col("source_table").eq(name_in_source(table)))
        .limit(most)
        .to_owned();
    let found = tx.query_all(&select).await?;
    let ids = found.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    let Some(last) = ids.last().cloned() else { return Ok(None) };
    let delete = Query::delete().from_table(LOCKED).and_where(Expr::col("id").is_in(ids)).to_owned();
    Ok(Some((tx.execute(&delete).await?.rows_affected(), Key(vec![last]))))
}

//! The statements themselves: rows deleted, values emptied, pointers let go.

use std::{collections::BTreeMap, time::Duration};

use domain::map::{Anonymise, Column, Engine, Place, Table, TableName};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, Statement, Value,
    sea_query::{Alias, BinOper, Condition, Expr, ExprTrait, Func, Query},
};

use crate::{
    Key, Terms,
    catalogue::{Catalogues, Timed},
    select::{
        At, ERASED, Part, What, bind, coarsened, going_rows, is_written, json_with, key_is_one_of, pointers,
        restricted, table_ref,
    },
};

/// `erased-` and 32 digits.
pub(crate) const UNIQUE_LENGTH: u32 = 39;

/// Rows that go in the same run, but later, stop pointing at the rows of this step: tables that
/// point at each other have no order in which nothing would point at what is deleted.
pub(super) async fn let_go(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    keys: &[Key],
) -> Result<(), DbErr> {
    for pointer in pointers(terms, part.table) {
        let Some(child) = pointer.mapped.filter(|_| pointer.is_let_go_by_step(terms, part.table)) else { continue };
        let at = At::outer(child);
        let Some(goes) = going_rows(terms, at) else { continue };
        // By value: the rows pointed at are known.
        let pointing = Table { key: pointer.columns.clone(), ..child.clone() };
        let points = key_is_one_of(terms.catalogues, At { table: &pointing, ..at }, keys);
        let mut update = Query::update();
        update.table(table_ref(&child.name)).and_where(points).cond_where(goes);
        for column in &pointer.columns {
            update.value(Alias::new(column.as_str()), Expr::cust("NULL"));
        }
        tx.execute(&update).await?;
    }
    Ok(())
}

/// How long the rows may be locked.
#[derive(Clone, Copy, Debug)]
pub(super) enum For {
    /// As long as a statement may take.
    Statement,
    /// Longer, and the database takes it back, where it can be told so.
    AtMost(Duration),
}

pub(super) async fn change(
    tx: &DatabaseTransaction,
    terms: &Terms<'_>,
    part: &Part<'_>,
    batch: Condition,
    how_long: For,
) -> Result<u64, DbErr> {
    let table = part.table;
    let timed = terms.catalogues.of(&table.name.source).map_or(Timed::Not, |catalogue| catalogue.timed);
    let run = async |mut statement: Statement| {
        if let (For::AtMost(most), Timed::InItsText) = (how_long, timed) {
            statement.sql.insert_str(0, &format!("SET STATEMENT max_statement_time = {} FOR ", most.as_secs_f64()));
        }
        tx.execute_raw(statement).await
    };
    let backend = tx.get_database_backend();
    let affected = match part.what {
        What::Delete => {
            let delete = Query::delete().from_table(table_ref(&table.name)).cond_where(batch).to_owned();
            run(backend.build(&delete)).await?
        }
        What::Anonymise | What::LockAway => {
            let mut update = Query::update();
            update.table(table_ref(&table.name)).cond_where(batch);
            for (column, value) in emptied(terms, part) {
                update.value(Alias::new(column.as_str()), value);
            }
            run(backend.build(&update)).await?
        }
        What::Restrict(restricting) => {
            let mut update = Query::update();
            update.table(table_ref(&table.name)).cond_where(batch).values(restricted(
                terms,
                table,
                &part.roles,
                restricting,
            ));
            run(backend.build(&update)).await?
        }
        What::KeepHeld | What::KeepForFloor | What::KeepNotStarted => return Ok(0),
    };
    Ok(affected.rows_affected())
}

/// What each column becomes. Several values of one JSON column are one new value of it.
fn emptied(terms: &Terms<'_>, part: &Part<'_>) -> BTreeMap<Column, Expr> {
    let (table, at) = (part.table, At::outer(part.table));
    let name = &table.name;
    let engine = terms.catalogues.engine(&name.source);
    let mut values: BTreeMap<Column, Expr> = BTreeMap::new();
    let mut json: BTreeMap<Column, Expr> = BTreeMap::new();
    let fields = table.fields_to_anonymise(&part.roles);
    for field in fields.filter(|field| is_written(terms.catalogues, name, &field.place, &field.anonymise)) {
        match (&field.place, &field.anonymise) {
            (_, Anonymise::Keep) => {}
            (Place::Column(column), Anonymise::Null) => {
                values.insert(column.clone(), Expr::cust("NULL"));
            }
            (Place::Column(column), Anonymise::Coarse(rule)) => {
                let value = coarsened(terms, at, &part.roles, field, rule);
                values.insert(column.clone(), back_to_type(terms.catalogues, name, column, value));
            }
            (Place::Column(column), Anonymise::Text(text)) => {
                values.insert(column.clone(), bind(terms.catalogues, name, column, text));
            }
            (Place::Column(column), Anonymise::Unique) => {
                values.insert(column.clone(), unique_value(terms, name, column));
            }
            (Place::Json { column, path }, rule) => {
                let before = json.remove(column).unwrap_or_else(|| at.col(column));
                let text = match rule {
                    Anonymise::Text(text) => Some(text.as_str()),
                    Anonymise::Null | Anonymise::Unique | Anonymise::Coarse(_) | Anonymise::Keep => None,
                };
                json.insert(column.clone(), json_with(engine, before, path, text));
            }
        }
    }
    for (column, value) in json {
        let value = back_to_type(terms.catalogues, name, &column, value);
        values.entry(column).or_insert(value);
    }
    values
}

/// JSON that is kept in a text column is text again.
pub(super) fn back_to_type(catalogues: &Catalogues, table: &TableName, column: &Column, value: Expr) -> Expr {
    match (catalogues.engine(&table.source), catalogues.column(table, column)) {
        (Some(Engine::Postgres), Some(info)) => value.cast_as(Alias::new(&info.type_name)),
        (Some(Engine::Postgres | Engine::Sqlite | Engine::Mysql | Engine::Http | Engine::Manual) | None, _) => value,
    }
}

/// Drawn by the database, a new one for each row, as long as the column takes.
fn unique_value(terms: &Terms<'_>, table: &TableName, column: &Column) -> Expr {
    let random = Expr::cust(match terms.catalogues.engine(&table.source) {
        Some(Engine::Postgres) => "md5(random()::text || clock_timestamp()::text)",
        Some(Engine::Mysql) => "md5(concat(rand(), uuid()))",
        Some(Engine::Sqlite | Engine::Http | Engine::Manual) | None => "lower(hex(randomblob(16)))",
    });
    let whole: Expr = match terms.catalogues.engine(&table.source) {
        Some(Engine::Mysql) => Func::cust("concat").args([Expr::val(Value::from(ERASED)), random]).into(),
        Some(Engine::Postgres | Engine::Sqlite | Engine::Http | Engine::Manual) | None => {
            Expr::val(Value::from(ERASED)).binary(BinOper::Custom("||"), random)
        }
    };
    match terms.catalogues.column(table, column).and_then(|info| info.longest) {
        Some(longest) if longest < UNIQUE_LENGTH => Func::cust("substr")
            .args([whole, Expr::val(1), Expr::val(i32::try_from(longest).unwrap_or(i32::MAX))])
            .into(),
        Some(_) | None => whole,
    }
}

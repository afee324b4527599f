//! Columns, keys and typed parameters.

use domain::map::{Column, Engine, Table, TableName};
use sea_orm::{
    Value,
    sea_query::{Alias, BinOper, Expr, ExprTrait, IntoTableRef, TableRef},
};

use crate::{Key, catalogue::Catalogues};

/// A table under an alias in one statement.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) table: &'a Table,
    pub(crate) alias: &'a str,
}

impl At<'_> {
    pub(crate) fn col(&self, column: &Column) -> Expr {
        Expr::col((Alias::new(self.alias), Alias::new(column.as_str())))
    }
}

pub(crate) fn table_ref(name: &TableName, alias: &str) -> TableRef {
    let table = Alias::new(&name.table);
    match &name.schema {
        Some(schema) => (Alias::new(schema), table).into_table_ref().alias(Alias::new(alias)),
        None => table.into_table_ref().alias(Alias::new(alias)),
    }
}

/// A parameter given as text, in the type the column has.
pub(crate) fn bind(catalogues: &Catalogues, table: &TableName, column: &Column, text: &str) -> Expr {
    let value = Expr::val(Value::from(text));
    match (catalogues.engine(&table.source), catalogues.column(table, column)) {
        (Some(Engine::Postgres), Some(info)) => value.cast_as(Alias::new(&info.type_name)),
        // SQLite converts by the column's affinity.
        (Some(Engine::Sqlite | Engine::Postgres) | None, _) => value,
    }
}

pub(crate) fn cast_text(expr: Expr) -> Expr {
    expr.cast_as(Alias::new("text"))
}

/// A column as text; a moment with a time zone as it is in China.
pub(crate) fn column_text(catalogues: &Catalogues, at: At<'_>, column: &Column) -> Expr {
    let zoned = catalogues.column(&at.table.name, column).is_some_and(crate::catalogue::ColumnInfo::is_zoned);
    let col = at.col(column);
    cast_text(if zoned { col.binary(BinOper::Custom("AT TIME ZONE"), Expr::cust("'Asia/Shanghai'")) } else { col })
}

pub(crate) fn key_columns(at: At<'_>) -> Vec<Expr> {
    at.table.key.iter().map(|column| at.col(column)).collect()
}

/// `(k1, k2) > (v1, v2)`, the keyset walk.
pub(crate) fn key_is_after(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Expr {
    Expr::tuple(key_columns(at)).gt(Expr::tuple(bound(catalogues, at, key)))
}

pub(crate) fn key_is_up_to(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Expr {
    Expr::tuple(key_columns(at)).lte(Expr::tuple(bound(catalogues, at, key)))
}

pub(crate) fn key_is(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Expr {
    Expr::tuple(key_columns(at)).eq(Expr::tuple(bound(catalogues, at, key)))
}

fn bound(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Vec<Expr> {
    at.table.key.iter().zip(&key.0).map(|(column, value)| bind(catalogues, &at.table.name, column, value)).collect()
}

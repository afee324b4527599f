//! Columns that statements look rows up by, and no index serves: with the statement that makes one.

use domain::{
    IdentifierKind,
    map::{Column, Engine, Place, Problem, Spelled, Table, TableName, Way},
};
use sea_orm::sea_query::{Expr, MysqlQueryBuilder, PostgresQueryBuilder, Query, SqliteQueryBuilder};

use crate::{
    catalogue::{Catalogue, TableKind},
    select::index_expression,
};

pub(crate) fn missing(table: &Table, catalogue: &Catalogue) -> Vec<Problem> {
    if catalogue.table(&table.name).is_none_or(|info| info.kind == TableKind::View) {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let mut lacks = |what: &str, columns: &[&Column]| {
        if !catalogue.has_index(&table.name, columns) {
            let list: Vec<String> = columns.iter().map(|column| column.0.clone()).collect();
            problems.push(slow(what, &list.join(", "), &create(catalogue.engine, &table.name, &list)));
        }
    };
    for path in table.paths().filter(|path| path.parent.source == table.name.source) {
        lacks("people are found along", &path.columns.iter().collect::<Vec<_>>());
    }
    lacks("the night looks rows up by", &[&table.retention.from]);
    let mut expressions = Vec::new();
    for way in table.roles.iter().flat_map(|role| &role.ways) {
        match way {
            Way::Identified { place: Place::Column(column), spelled: Spelled::Plain | Spelled::Usual, .. } => {
                lacks("people are found by", &[column]);
            }
            Way::Identified { by, place: place @ Place::Column(column), spelled: Spelled::Any } => {
                expressions.push((column.clone(), *by, place.clone()));
            }
            // JSON and paths between databases have no index to name, or have one above.
            Way::Identified { place: Place::Json { .. }, .. } | Way::Through(_) => {}
        }
    }
    for (column, by, place) in expressions {
        problems.push(slow_any(catalogue.engine, table, &column, by, &place));
    }
    problems
}

fn slow(what: &str, column: &str, create: &str) -> Problem {
    Problem::warning(format!("{what} `{column}`, which has no index"), format!("run: {create}"))
}

/// Whether an index on the expression is there cannot be told on every engine: said once, as advice.
fn slow_any(engine: Engine, table: &Table, column: &Column, by: IdentifierKind, place: &Place) -> Problem {
    let expression = render(engine, index_expression(engine, by, place));
    let name = format!("{}_{column}_tidy", table.name.table);
    let statement =
        format!("CREATE INDEX {} ON {} (({expression}))", quoted(engine, &name), table_name(engine, &table.name));
    let instead = match engine {
        Engine::Mysql => format!("on MySQL 8 run: {statement}; on MariaDB add a generated column of it and index that"),
        Engine::Sqlite | Engine::Postgres | Engine::Http | Engine::Manual => {
            format!("if it is not there yet, run: {statement}")
        }
    };
    Problem::warning(format!("`{column}` is compared in any spelling, which needs an index on the expression"), instead)
}

fn render(engine: Engine, expression: Expr) -> String {
    let select = Query::select().expr(expression).to_owned();
    let text = match engine {
        Engine::Mysql => select.to_string(MysqlQueryBuilder),
        Engine::Postgres => select.to_string(PostgresQueryBuilder),
        Engine::Sqlite | Engine::Http | Engine::Manual => select.to_string(SqliteQueryBuilder),
    };
    text.trim_start_matches("SELECT ").to_owned()
}

fn create(engine: Engine, table: &TableName, columns: &[String]) -> String {
    let name = quoted(engine, &format!("{}_{}", table.table, columns.join("_").replace(", ", "_")));
    let list: Vec<String> = columns.iter().map(|column| quoted(engine, column)).collect();
    // PostgreSQL builds it beside the work, without a lock.
    let create = if engine == Engine::Postgres { "CREATE INDEX CONCURRENTLY" } else { "CREATE INDEX" };
    format!("{create} {name} ON {} ({})", table_name(engine, table), list.join(", "))
}

fn table_name(engine: Engine, table: &TableName) -> String {
    let parts = [table.schema.as_deref(), Some(&table.table)];
    parts.into_iter().flatten().map(|part| quoted(engine, part)).collect::<Vec<_>>().join(".")
}

fn quoted(engine: Engine, name: &str) -> String {
    let mark = if engine == Engine::Mysql { '`' } else { '"' };
    if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        name.to_owned()
    } else {
        format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")))
    }
}

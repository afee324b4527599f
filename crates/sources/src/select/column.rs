//! Columns, keys, values inside JSON, and typed parameters, in each engine's words.

use std::collections::BTreeSet;

use domain::map::{Anonymise, Column, Engine, Place, Table, TableName};
use sea_orm::{
    Value,
    sea_query::{Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, IntoTableRef, TableRef},
};

use crate::{
    Key,
    catalogue::{Catalogues, Family},
};

/// A table under a name in one statement. The outermost goes by its own name, so that the same
/// conditions serve `SELECT`, `UPDATE` and `DELETE`.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) table: &'a Table,
    pub(crate) alias: &'a str,
    pub(crate) depth: usize,
}

impl<'a> At<'a> {
    pub(crate) fn outer(table: &'a Table) -> Self {
        Self { table, alias: &table.name.table, depth: 0 }
    }

    /// A name for a table one level further in; long table names must not make it ambiguous.
    pub(crate) fn inner_alias(&self) -> String {
        format!("_q{}", self.depth + 1)
    }

    pub(crate) fn inner<'b>(&self, table: &'b Table, alias: &'b str) -> At<'b> {
        At { table, alias, depth: self.depth + 1 }
    }

    pub(crate) fn col(&self, column: &Column) -> Expr {
        col(self.alias, column)
    }

    pub(crate) fn from(&self) -> TableRef {
        if self.depth == 0 { table_ref(&self.table.name) } else { table_as(&self.table.name, self.alias) }
    }
}

pub(crate) fn col(alias: &str, column: &Column) -> Expr {
    Expr::col((Alias::new(alias), Alias::new(column.as_str())))
}

pub(crate) fn table_ref(name: &TableName) -> TableRef {
    match &name.schema {
        Some(schema) => (Alias::new(schema), Alias::new(&name.table)).into_table_ref(),
        None => Alias::new(&name.table).into_table_ref(),
    }
}

pub(crate) fn table_as(name: &TableName, alias: &str) -> TableRef {
    table_ref(name).alias(Alias::new(alias))
}

/// A parameter given as text, in the type the column has.
pub(crate) fn bind(catalogues: &Catalogues, table: &TableName, column: &Column, text: &str) -> Expr {
    let value = Expr::val(Value::from(text));
    let info = catalogues.column(table, column);
    let family = info.map_or(Family::Text, |info| info.family);
    match (catalogues.engine(&table.source), family) {
        (Some(Engine::Postgres), Family::Binary) => Func::cust("decode").args([value, Expr::cust("'hex'")]).into(),
        (Some(Engine::Postgres), _) => match info {
            Some(info) => value.cast_as(Alias::new(&info.type_name)),
            None => value,
        },
        (Some(Engine::Mysql | Engine::Sqlite), Family::Binary) => Func::cust("unhex").arg(value).into(),
        // Compared with a text, a number would be rounded to a double: another row's key.
        (Some(Engine::Mysql), Family::Integer) => value.cast_as(Alias::new("SIGNED")),
        (Some(Engine::Mysql), Family::Unsigned | Family::Bit) => value.cast_as(Alias::new("UNSIGNED")),
        (Some(Engine::Mysql), Family::Decimal) => value.cast_as(Alias::new("DECIMAL(65,30)")),
        // SQLite converts by the column's affinity, MySQL reads dates and texts from text.
        (Some(Engine::Mysql | Engine::Sqlite | Engine::Http | Engine::Manual) | None, _) => value,
    }
}

/// An expression as text. `Family` says of what.
pub(crate) fn as_text(engine: Option<Engine>, family: Family, expr: Expr) -> Expr {
    match engine {
        Some(Engine::Postgres) => match family {
            Family::Binary => Func::cust("encode").args([expr, Expr::cust("'hex'")]).into(),
            Family::Array => Func::cust("array_to_string").args([expr, Expr::cust("', '")]).into(),
            Family::ZonedMoment => {
                expr.binary(BinOper::Custom("AT TIME ZONE"), Expr::cust("'Asia/Shanghai'")).cast_as(Alias::new("text"))
            }
            Family::Text
            | Family::Integer
            | Family::Unsigned
            | Family::Decimal
            | Family::Float
            | Family::Date
            | Family::Moment
            | Family::Bool
            | Family::Uuid
            | Family::Json
            | Family::Bit
            | Family::Other => expr.cast_as(Alias::new("text")),
        },
        Some(Engine::Mysql) => match family {
            Family::Binary => Func::cust("hex").arg(expr).into(),
            Family::Bit => expr.add(0).cast_as(Alias::new("CHAR")),
            Family::Text
            | Family::Integer
            | Family::Unsigned
            | Family::Decimal
            | Family::Float
            | Family::Date
            | Family::Moment
            | Family::ZonedMoment
            | Family::Bool
            | Family::Uuid
            | Family::Json
            | Family::Array
            | Family::Other => expr.cast_as(Alias::new("CHAR")),
        },
        Some(Engine::Sqlite) if family == Family::Binary => CaseStatement::new()
            .case(Expr::from(Func::cust("typeof").arg(expr.clone())).eq("blob"), Func::cust("hex").arg(expr.clone()))
            .finally(expr.cast_as(Alias::new("text")))
            .into(),
        Some(Engine::Sqlite | Engine::Http | Engine::Manual) | None => expr.cast_as(Alias::new("text")),
    }
}

/// A column as text, exactly: bytes as hexadecimal digits, moments as they are in China.
pub(crate) fn column_text(catalogues: &Catalogues, at: At<'_>, column: &Column) -> Expr {
    let name = &at.table.name;
    as_text(catalogues.engine(&name.source), catalogues.family(name, column), at.col(column))
}

/// A value as text, wherever in the row it stands.
pub(crate) fn place_text(catalogues: &Catalogues, at: At<'_>, place: &Place) -> Expr {
    match place {
        Place::Column(column) => column_text(catalogues, at, column),
        Place::Json { column, path } => {
            let col = at.col(column);
            match catalogues.engine(&at.table.name.source) {
                Some(Engine::Postgres) => col
                    .cast_as(Alias::new("jsonb"))
                    .binary(BinOper::Custom("#>>"), Expr::val(pg_path(path)).cast_as(Alias::new("text[]"))),
                Some(Engine::Mysql) => {
                    let found = Func::cust("json_unquote")
                        .arg(Func::cust("json_extract").args([col, Expr::val(json_path(path))]));
                    // JSON's null comes out as a word.
                    Expr::from(Func::cust("nullif").args([Expr::from(found), Expr::cust("'null'")]))
                        .cast_as(Alias::new("CHAR"))
                }
                Some(Engine::Sqlite | Engine::Http | Engine::Manual) | None => {
                    Expr::from(Func::cust("json_extract").args([col, Expr::val(json_path(path))]))
                        .cast_as(Alias::new("text"))
                }
            }
        }
    }
}

/// As [`place_text`], for conditions: a row whose JSON is broken is nobody's, and must not keep everyone
/// else's from being found. Shown or changed, it is an error.
pub(crate) fn place_text_if_valid(catalogues: &Catalogues, at: At<'_>, place: &Place) -> Expr {
    let text = place_text(catalogues, at, place);
    match broken(catalogues, at, place) {
        Some(broken) => CaseStatement::new().case(broken, Expr::cust("NULL")).finally(text).into(),
        // PostgreSQL before 16 cannot ask, see [`place_is_one_of`]; a column of the type JSON is always valid.
        None => text,
    }
}

/// Rows whose JSON is none, where the database can be asked.
pub(crate) fn broken(catalogues: &Catalogues, at: At<'_>, place: &Place) -> Option<Expr> {
    match (place, catalogues.engine(&at.table.name.source)) {
        (Place::Json { column, .. }, Some(Engine::Sqlite | Engine::Mysql)) => {
            Some(Expr::from(Func::cust("json_valid").arg(at.col(column))).eq(0))
        }
        (Place::Column(_) | Place::Json { .. }, _) => None,
    }
}

/// As [`place_text_if_valid`], for a value that is one of these. PostgreSQL before 16 cannot ask whether a text is JSON: only
/// a row that has one of them in it is read as such, so that one that is broken is in the way of nobody it does not mention.
pub(crate) fn place_is_one_of(catalogues: &Catalogues, at: At<'_>, place: &Place, texts: &[String]) -> Expr {
    let text = place_text_if_valid(catalogues, at, place);
    let found = match json_in_text(catalogues, at, place) {
        Some(json) => {
            let has = |part: &String| Expr::from(Func::cust("strpos").args([json.clone(), Expr::val(part)])).gt(0);
            let any = parts_of(texts).iter().map(has).reduce(ExprTrait::or).unwrap_or_else(|| Expr::val(false));
            CaseStatement::new().case(any, text).finally(Expr::cust("NULL")).into()
        }
        None => text,
    };
    found.is_in(texts.iter().map(String::as_str))
}

/// The column of a place inside JSON that nothing but reading it can tell from other text.
pub(crate) fn json_in_text(catalogues: &Catalogues, at: At<'_>, place: &Place) -> Option<Expr> {
    let Place::Json { column, .. } = place else { return None };
    let name = &at.table.name;
    let is_text = catalogues.family(name, column) != Family::Json;
    (catalogues.engine(&name.source) == Some(Engine::Postgres) && is_text).then(|| at.col(column))
}

/// What JSON in which one of these stands must have in it: the text as it is, or the beginning of a character of it that is
/// written as an escape. Nothing is compared without regard to case: databases do not agree on which letters have one.
fn parts_of(texts: &[String]) -> BTreeSet<String> {
    let escaped = texts.iter().flat_map(|text| text.encode_utf16()).flat_map(|unit| escapes(unit >> 8));
    let marks = texts.iter().flat_map(|text| text.chars()).filter_map(|mark| match mark {
        '"' | '\\' | '/' => Some(format!("\\{mark}")),
        control if control.is_control() => Some("\\".to_owned()),
        _ => None,
    });
    texts.iter().cloned().chain(escaped).chain(marks).collect()
}

/// How the escape of a character begins, by the first of its two bytes: its digits are written large or small.
fn escapes(byte: u16) -> impl Iterator<Item = String> {
    let digits = |digit: u16| [format!("{digit:x}"), format!("{digit:X}")];
    digits(byte >> 4).into_iter().flat_map(move |first| digits(byte & 0xf).map(|second| format!("\\u{first}{second}")))
}

/// Byte for byte, whatever the collation takes for the same.
pub(crate) fn exact(text: Expr) -> Expr {
    Func::cust("hex").arg(text.cast_as(Alias::new("char character set utf8mb4"))).into()
}

fn pg_path(path: &[String]) -> String {
    format!("{{{}}}", path.join(","))
}

fn json_path(path: &[String]) -> String {
    path.iter().fold("$".to_owned(), |mut all, name| {
        all.push_str(".\"");
        all.push_str(name);
        all.push('"');
        all
    })
}

/// The column with one value inside its JSON replaced, or taken out.
pub(crate) fn json_with(engine: Option<Engine>, json: Expr, path: &[String], value: Option<&str>) -> Expr {
    match (engine, value) {
        (Some(Engine::Postgres), Some(value)) => Func::cust("jsonb_set")
            .args([
                json.cast_as(Alias::new("jsonb")),
                Expr::val(pg_path(path)).cast_as(Alias::new("text[]")),
                Func::cust("to_jsonb").arg(Expr::val(value).cast_as(Alias::new("text"))).into(),
                Expr::val(false),
            ])
            .into(),
        (Some(Engine::Postgres), None) => json
            .cast_as(Alias::new("jsonb"))
            .binary(BinOper::Custom("#-"), Expr::val(pg_path(path)).cast_as(Alias::new("text[]"))),
        (_, Some(value)) => {
            Func::cust("json_replace").args([json, Expr::val(json_path(path)), Expr::val(value)]).into()
        }
        (_, None) => Func::cust("json_remove").args([json, Expr::val(json_path(path))]).into(),
    }
}

pub(crate) fn key_columns(at: At<'_>) -> Vec<Expr> {
    at.table.key.iter().map(|column| at.col(column)).collect()
}

/// The key's columns as text.
pub(crate) fn key_texts(catalogues: &Catalogues, at: At<'_>) -> Vec<Expr> {
    at.table.key.iter().map(|column| column_text(catalogues, at, column)).collect()
}

/// `(k1, k2) > (v1, v2)`, the keyset walk.
pub(crate) fn key_is_after(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Expr {
    let (name, columns) = (&at.table.name, &at.table.key);
    is_after(catalogues, name, key_columns(at), bound(catalogues, name, columns, key))
}

/// As [`key_is_after`], for a table that need not be in the map.
pub(crate) fn is_after(catalogues: &Catalogues, name: &TableName, columns: Vec<Expr>, values: Vec<Expr>) -> Expr {
    if is_spelled_out(catalogues, name, &columns) {
        return spelled_out(columns, values, ExprTrait::gt, ExprTrait::gt);
    }
    Expr::tuple(columns).gt(Expr::tuple(values))
}

pub(crate) fn key_is_up_to(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Expr {
    let (name, columns) = (&at.table.name, key_columns(at));
    let values = bound(catalogues, name, &at.table.key, key);
    if is_spelled_out(catalogues, name, &columns) {
        return spelled_out(columns, values, ExprTrait::lt, ExprTrait::lte);
    }
    Expr::tuple(columns).lte(Expr::tuple(values))
}

/// MySQL finds no index for an order of tuples.
fn is_spelled_out(catalogues: &Catalogues, name: &TableName, columns: &[Expr]) -> bool {
    columns.len() > 1 && catalogues.engine(&name.source) == Some(Engine::Mysql)
}

/// `k1 > v1 OR (k1 = v1 AND (k2 > v2 OR …))`.
fn spelled_out(
    columns: Vec<Expr>,
    values: Vec<Expr>,
    strictly: fn(Expr, Expr) -> Expr,
    last: fn(Expr, Expr) -> Expr,
) -> Expr {
    let mut pairs = columns.into_iter().zip(values).rev();
    let Some((column, value)) = pairs.next() else { return Expr::val(false) };
    pairs.fold(last(column, value), |rest, (column, value)| {
        let equal = column.clone().eq(value.clone()).and(rest);
        strictly(column, value).or(equal)
    })
}

pub(crate) fn key_is(catalogues: &Catalogues, at: At<'_>, key: &Key) -> Expr {
    Expr::tuple(key_columns(at)).eq(Expr::tuple(bound(catalogues, &at.table.name, &at.table.key, key)))
}

/// The row is one of these.
pub(crate) fn key_is_one_of(catalogues: &Catalogues, at: At<'_>, keys: &[Key]) -> Expr {
    together(key_columns(at))
        .is_in(keys.iter().map(|key| together(bound(catalogues, &at.table.name, &at.table.key, key))))
}

/// One value by itself, several as a tuple.
pub(crate) fn together(values: Vec<Expr>) -> Expr {
    match <[Expr; 1]>::try_from(values) {
        Ok([only]) => only,
        Err(several) => Expr::tuple(several),
    }
}

pub(crate) fn bound(catalogues: &Catalogues, name: &TableName, columns: &[Column], key: &Key) -> Vec<Expr> {
    columns.iter().zip(&key.0).map(|(column, value)| bind(catalogues, name, column, value)).collect()
}

/// Whether an anonymisation can write this place at all.
pub(crate) fn is_written(catalogues: &Catalogues, table: &TableName, place: &Place, rule: &Anonymise) -> bool {
    let generated = catalogues.column(table, place.column()).is_some_and(|info| info.generated);
    !generated && *rule != Anonymise::Keep
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every character as an escape, in small digits or in large ones.
    fn escaped(text: &str, large: usize) -> String {
        let one =
            |(n, unit): (usize, u16)| if n % 2 == large { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
        text.encode_utf16().enumerate().map(one).collect()
    }

    proptest! {
        #[test]
        fn json_that_holds_a_text_has_a_part_of_it(text in "\\PC{1,12}|[\\x00-\\x7f]{1,12}", large in 0usize..2) {
            let parts = parts_of(std::slice::from_ref(&text));
            let plain = serde_json::to_string(&text).unwrap();
            let all = escaped(&text, large);
            for json in [plain.replace('/', "\\/"), plain, format!("\"{all}\"")] {
                let read: String = serde_json::from_str(&json).unwrap();
                prop_assert_eq!(&read, &text);
                prop_assert!(parts.iter().any(|part| json.contains(part.as_str())), "{} has none of {:?}", json, parts);
            }
        }
    }

    #[test]
    fn letters_are_looked_for_as_they_are() {
        assert!(parts_of(&["Étienne".to_owned()]).contains("Étienne"), "not every database knows its small letter");
    }
}

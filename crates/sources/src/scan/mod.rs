//! A first draft of a map from a database nobody here has seen: the catalogue, a bounded sample, and
//! what names, comments and values tell. It never shows a sampled value; a person then edits.

mod draft;
mod names;
mod people;
mod values;

use std::collections::BTreeMap;

use domain::map::{Column, Kind, TableName};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Func, Query},
};

pub use draft::draft;
pub use names::{Context, by_name_in};

use crate::{
    Source, SourceError,
    catalogue::{Catalogue, ColumnInfo, Family, TableInfo},
};

/// Rows looked at, from both ends of a table.
const SAMPLE: u64 = 200;
/// Characters of a value looked at.
const SAMPLE_CHARS: i32 = 200;

/// How sure a guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    Maybe,
    Likely,
    Certain,
}

/// What a column seems to hold, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub kind: Kind,
    pub sure: Sure,
    /// In words, without a value: "name contains `mobile`", "comment says 手机", "9 of 10 sampled values are mobile numbers".
    pub because: String,
}

impl Evidence {
    pub(crate) fn is_sure(&self) -> bool {
        self.sure >= Sure::Likely
    }
}

/// Every column of one table with what it seems to hold.
#[derive(Clone, Debug)]
pub struct TableGuess {
    pub name: TableName,
    pub columns: Vec<(Column, Option<Evidence>)>,
}

/// A column by its name and comment alone, without its table.
pub(crate) fn by_name(column: &Column, info: &ColumnInfo) -> Option<Evidence> {
    by_name_in(&Context::default(), column, info)
}

/// What every column of a database seems to hold.
///
/// # Errors
/// A database that cannot be read. A single table that cannot is guessed by its names.
pub async fn guess(source: &Source) -> Result<Vec<TableGuess>, SourceError> {
    let catalogue = source.look_again().await?;
    let mut guesses = Vec::new();
    for (name, info) in &catalogue.tables {
        let samples = match sample(source, &catalogue, name, info).await {
            Ok(samples) => samples,
            Err(error) if error.is_passing() => return Err(error),
            Err(_) => BTreeMap::new(),
        };
        let context = Context::of(name, info);
        let columns = info.order.iter().map(|column| {
            let evidence = info.columns.get(column).and_then(|known| {
                let named = by_name_in(&context, column, known);
                let looked_at = samples.get(column).and_then(|values| values::by_values(&context, column, values));
                values::weigh(named, looked_at)
            });
            (column.clone(), evidence)
        });
        guesses.push(TableGuess { name: name.clone(), columns: columns.collect() });
    }
    people::refine(&catalogue, &mut guesses);
    Ok(guesses)
}

/// Some values of each column that could be telling, as text.
async fn sample(
    source: &Source,
    catalogue: &Catalogue,
    name: &TableName,
    info: &TableInfo,
) -> Result<BTreeMap<Column, Vec<String>>, SourceError> {
    let columns: Vec<&Column> = info
        .order
        .iter()
        .filter(|column| info.columns.get(*column).is_some_and(|known| known.family != Family::Binary))
        .collect();
    let fail = |error| SourceError::from_db(&source.name, Some(name), &error);
    let db = source.reading().await?;
    let mut found: BTreeMap<Column, Vec<String>> = BTreeMap::new();
    let cast = Alias::new(if catalogue.engine == domain::map::Engine::Mysql { "char" } else { "text" });
    let mut select = Query::select();
    for column in &columns {
        let text = Expr::col(Alias::new(column.as_str())).cast_as(cast.clone());
        select.expr(Func::cust("substr").args([text, Expr::val(1), Expr::val(SAMPLE_CHARS)]));
    }
    select.from(crate::select::table_ref(name)).limit(SAMPLE);
    let mut statements = vec![select.clone()];
    if let Some(key) = info.key.first() {
        statements.push(select.order_by(Alias::new(key.as_str()), sea_orm::Order::Desc).to_owned());
    }
    for statement in statements {
        for row in db.query_all(&statement).await.map_err(fail)? {
            for (n, column) in columns.iter().enumerate() {
                let value: Option<String> = row.try_get_by_index(n).unwrap_or_default();
                if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
                    found.entry((*column).clone()).or_default().push(value);
                }
            }
        }
    }
    Ok(found)
}

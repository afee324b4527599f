//! What a company's database really has: tables, columns, keys, and what points at what.

mod family;
mod mysql;
mod postgres;
mod sqlite;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::map::{Column, Engine, SourceName, TableName};
use sea_orm::{DatabaseConnection, DbErr, QueryResult};

pub use family::Family;

use crate::{SourceError, execute::RECEIPTS, lock::LOCKED};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// As the database writes it, fit for a `CAST`.
    pub type_name: String,
    pub family: Family,
    pub nullable: bool,
    /// Unique by itself, without other columns.
    pub unique: bool,
    /// Computed by the database: it follows what it is made from and cannot be written.
    pub generated: bool,
    /// The most characters it takes.
    pub longest: Option<u32>,
    pub comment: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableKind {
    #[default]
    Table,
    /// Shown like a table; what it shows is erased where it comes from.
    View,
}

/// What the database does to a row that points at one that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// Refuses (`NO ACTION`, `RESTRICT`).
    Refuse,
    /// Deletes it too.
    Cascade,
    /// Empties its pointing columns (`SET NULL`, `SET DEFAULT`).
    LetGo,
    /// Nothing: the key is only written down. Its triggers are switched off, or the product keeps no keys.
    Nothing,
}

impl OnDelete {
    /// The rule as the SQL standard words it.
    fn parse(rule: &str) -> Self {
        match rule.to_ascii_uppercase().as_str() {
            "CASCADE" => Self::Cascade,
            "SET NULL" | "SET DEFAULT" => Self::LetGo,
            _ => Self::Refuse,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    pub columns: Vec<Column>,
    pub to: TableName,
    pub on: Vec<Column>,
    pub on_delete: OnDelete,
}

#[derive(Clone, Debug, Default)]
pub struct TableInfo {
    pub kind: TableKind,
    pub comment: String,
    /// In the order of the table.
    pub order: Vec<Column>,
    pub columns: BTreeMap<Column, ColumnInfo>,
    pub key: Vec<Column>,
    /// SQLite's own number of a row, by a name that no column has taken: rows lie in its order, whatever the key is.
    pub row_number: Option<Column>,
    /// Every index, by its columns.
    pub indexes: Vec<Vec<Column>>,
    /// Those that are unique, the key included.
    pub uniques: Vec<Vec<Column>>,
    pub points_at: Vec<ForeignKey>,
    pub triggers: Vec<String>,
    /// The storage engine, where it knows no transactions.
    pub without_transactions: Option<String>,
}

/// One database.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub engine: Engine,
    /// The schema a name without one means.
    pub home: String,
    pub tables: BTreeMap<TableName, TableInfo>,
    pub timed: Timed,
}

/// Whether a statement can say itself how long it may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timed {
    /// `MariaDB` only.
    InItsText,
    #[default]
    Not,
}

impl Catalogue {
    pub fn table(&self, name: &TableName) -> Option<&TableInfo> {
        self.tables.get(&self.short(name))
    }

    /// A name as the catalogue keeps it: without the schema that is meant anyway.
    pub fn short(&self, name: &TableName) -> TableName {
        let schema = name.schema.clone().filter(|schema| *schema != self.home);
        TableName { schema, ..name.clone() }
    }

    /// Foreign keys of any table of this database that point at `name`.
    pub fn pointing_at<'a>(&'a self, name: &TableName) -> impl Iterator<Item = (&'a TableName, &'a ForeignKey)> {
        let name = self.short(name);
        self.tables.iter().flat_map(move |(child, info)| {
            let name = name.clone();
            info.points_at.iter().filter(move |key| key.to == name).map(move |key| (child, key))
        })
    }

    /// Whether an index begins with these columns, in any order.
    pub fn has_index(&self, name: &TableName, columns: &[&Column]) -> bool {
        let wanted: BTreeSet<&Column> = columns.iter().copied().collect();
        self.table(name).is_some_and(|table| {
            table.indexes.iter().chain([&table.key]).any(|index| {
                index.len() >= wanted.len() && index.iter().take(wanted.len()).collect::<BTreeSet<_>>() == wanted
            })
        })
    }
}

#[derive(Clone, Debug, Default)]
pub struct Catalogues(pub BTreeMap<SourceName, Arc<Catalogue>>);

impl Catalogues {
    pub(crate) fn of(&self, source: &SourceName) -> Option<&Catalogue> {
        self.0.get(source).map(Arc::as_ref)
    }

    pub(crate) fn engine(&self, source: &SourceName) -> Option<Engine> {
        self.of(source).map(|catalogue| catalogue.engine)
    }

    pub(crate) fn table(&self, table: &TableName) -> Option<&TableInfo> {
        self.of(&table.source)?.table(table)
    }

    pub(crate) fn column(&self, table: &TableName, column: &Column) -> Option<&ColumnInfo> {
        self.table(table)?.columns.get(column)
    }

    /// What kind of values a column holds; text where nothing is known.
    pub(crate) fn family(&self, table: &TableName, column: &Column) -> Family {
        self.column(table, column).map_or(Family::Text, |info| info.family)
    }
}

pub(crate) async fn read(
    db: &DatabaseConnection,
    engine: Engine,
    source: &SourceName,
) -> Result<Catalogue, SourceError> {
    let read = match engine {
        Engine::Sqlite => sqlite::read(db, source).await,
        Engine::Postgres => postgres::read(db, source).await,
        Engine::Mysql => mysql::read(db, source).await,
        Engine::Http | Engine::Manual => Ok(Draft::new(source, String::new())),
    };
    let draft = read.map_err(|error| SourceError::from_db(source, None, &error))?;
    Ok(draft.finish(engine))
}

/// One column of a foreign key, with what the database calls the key.
struct KeyPart {
    child: TableName,
    id: String,
    key: ForeignKey,
}

/// A catalogue while its rows come in.
struct Draft {
    source: SourceName,
    home: String,
    tables: BTreeMap<TableName, TableInfo>,
    timed: Timed,
}

impl Draft {
    fn new(source: &SourceName, home: String) -> Self {
        Self { source: source.clone(), home, tables: BTreeMap::new(), timed: Timed::Not }
    }

    fn name(&self, schema: &str, table: &str) -> TableName {
        let schema = (schema != self.home).then(|| schema.to_owned());
        TableName { source: self.source.clone(), schema, table: table.to_owned() }
    }

    fn table(&mut self, schema: &str, table: &str) -> &mut TableInfo {
        let name = self.name(schema, table);
        self.tables.entry(name).or_default()
    }

    /// One table's indexes from rows of (schema, table, index, unique, column), columns in order.
    fn indexes(&mut self, rows: impl Iterator<Item = (String, String, String, bool, Option<String>)>) {
        /// Whether it is unique, and its columns; none for an expression or a prefix.
        type Parts = (bool, Vec<Option<Column>>);
        let mut indexes: BTreeMap<(String, String, String), Parts> = BTreeMap::new();
        for (schema, table, index, unique, column) in rows {
            indexes.entry((schema, table, index)).or_insert((unique, Vec::new())).1.push(column.map(Column));
        }
        for ((schema, table, _), (unique, columns)) in indexes {
            // On an expression or a prefix: it says nothing about its other columns by themselves.
            let Some(columns) = columns.into_iter().collect::<Option<Vec<Column>>>() else { continue };
            let table = self.table(&schema, &table);
            if unique {
                table.uniques.push(columns.clone());
            }
            table.indexes.push(columns);
        }
    }

    /// Foreign keys from their columns, those of one key together and in order.
    fn points_at(&mut self, parts: impl IntoIterator<Item = KeyPart>) {
        let mut last = None;
        for KeyPart { child, id, key } in parts {
            let table = self.tables.entry(child.clone()).or_default();
            let this = Some((child, id));
            if let Some(begun) = table.points_at.last_mut().filter(|_| last == this) {
                begun.columns.extend(key.columns);
                // One that names no columns points at the whole key from the start.
                if begun.on.len() < begun.columns.len() {
                    begun.on.extend(key.on);
                }
            } else {
                table.points_at.push(key);
            }
            last = this;
        }
    }

    fn finish(mut self, engine: Engine) -> Catalogue {
        self.tables.retain(|name, table| name.table != RECEIPTS && name.table != LOCKED && !table.columns.is_empty());
        for table in self.tables.values_mut() {
            let alone: Vec<Column> = table
                .uniques
                .iter()
                .chain([&table.key])
                .filter_map(|columns| if let [only] = columns.as_slice() { Some(only.clone()) } else { None })
                .collect();
            for column in alone {
                if let Some(info) = table.columns.get_mut(&column) {
                    info.unique = true;
                }
            }
        }
        Catalogue { engine, home: self.home, tables: self.tables, timed: self.timed }
    }
}

fn text(row: &QueryResult, n: usize) -> Result<String, DbErr> {
    Ok(row.try_get_by_index::<Option<String>>(n)?.unwrap_or_default())
}

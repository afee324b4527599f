//! Everything held about a person: one statement per role of the map, side by side over all
//! sources, one read transaction a source, so that what is shown belongs to one moment.

use domain::{
    Identifier, IdentifierKind, Personal,
    map::{Column, DataMap, Engine, Moment, Reference, Role, RoleName, SourceName, Table, TableName},
};
use futures::future::join_all;
use jiff::civil::Date;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, IsolationLevel, TransactionOptions, TransactionTrait,
    sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query},
};
use serde::{Deserialize, Serialize};

use crate::{
    Key, OnHold, Person, Scope, Source, SourceError, Sources, Terms,
    catalogue::Catalogues,
    reach,
    select::{
        At, Reaches, about, bind, column_text, held, key_columns, key_is, key_is_after, key_texts, place_text, reaches,
    },
};

/// The most rows of one table and role shown on one page.
pub const ROWS_SHOWN: u64 = 200;

/// What one source has, or why it is missing.
#[derive(Debug)]
pub struct Part {
    pub source: SourceName,
    pub found: Result<Vec<Rows>, SourceError>,
    /// Tables in which a proven identifier stands in several people's rows, so that it leads to none.
    pub shared: Vec<(TableName, IdentifierKind)>,
}

/// Rows of one table in which the person has one role.
#[derive(Debug)]
pub struct Rows {
    pub table: TableName,
    pub role: RoleName,
    pub rows: Vec<Row>,
    /// There are more rows than are shown.
    pub more: bool,
}

/// What an erasure does to one row, sooner or later, where it can name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing, or it cannot name the row: nothing in any such row is the person's alone.
    Never,
    /// Nothing: what of such a row was theirs is gone from it, or never stood there.
    Nothing,
    /// It deletes the row, in which nothing is the person's any more.
    EmptyRow,
    Something,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub key: Key,
    /// When the retention period began.
    pub from: Option<Date>,
    /// The person's own fields and what is said to everyone; in the order of the map.
    pub values: Vec<(Column, Option<Personal>)>,
    /// When the row was last given to each recipient that has a column for it.
    pub given: Vec<(String, Option<Date>)>,
    /// A legal hold protects it: it stays until that is lifted, whatever its period.
    pub on_hold: bool,
    pub reach: Reach,
}

/// Every row about the person, in every source, each in its own transaction and time.
pub async fn gather(sources: &Sources, map: &DataMap, identifiers: &[Identifier], holds: &[OnHold]) -> Vec<Part> {
    let sources = &sources.waited_for();
    let (person, missing) = Box::pin(reach::follow(sources, map, identifiers, reach::Sharing::Apart)).await;
    let parts = sources.iter().map(|source| async {
        let cut_off = missing.iter().find(|(name, _)| *name == source.name);
        let found = if let Some((_, error)) = cut_off {
            Err(error.clone())
        } else {
            let found = sources.look(&source.name, gather_source(source, map, &person, holds)).await;
            source.note(&found);
            found
        };
        if let Err(error) = &found {
            tracing::warn!(source = %source.name, code = error.code(), "source missing from a view");
        }
        let shared = person.shared.iter().filter(|(table, _)| table.source == source.name).cloned().collect();
        Part { source: source.name.clone(), found, shared }
    });
    let over_http = sources.https().map(|source| async {
        let found = sources.look(&source.name, source.gather(map, &person)).await;
        if let Err(error) = &found {
            tracing::warn!(source = %source.name, code = error.code(), "source missing from a view");
        }
        Part { source: source.name.clone(), found, shared: Vec::new() }
    });
    let (mut parts, over_http) = futures::join!(join_all(parts), join_all(over_http));
    parts.extend(over_http);
    parts
}

async fn gather_source(
    source: &Source,
    map: &DataMap,
    person: &Person,
    holds: &[OnHold],
) -> Result<Vec<Rows>, SourceError> {
    let snapshot = Snapshot::take(source, map, person, holds).await?;
    let mut found = Vec::new();
    for (table, role) in snapshot.sides() {
        let rows = snapshot.newest(table, &role.name).await?;
        if !rows.rows.is_empty() {
            found.push(rows);
        }
    }
    snapshot.end().await?;
    Ok(found)
}

/// So many rows of one table are about the person in one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    pub table: TableName,
    pub role: RoleName,
    pub rows: u64,
}

/// How many records about the person there are, side by side over all sources that can be asked, before they are read;
/// by the same conditions as everything that is shown. `None` where a source is not done with it in time.
pub async fn count(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    missing: &[SourceName],
    covers: &(impl Fn(&TableName) -> bool + Sync),
) -> Option<u64> {
    let sides = sides(sources, map, person, missing, &|table: &TableName, _: &RoleName| covers(table)).await?;
    Some(sides.into_iter().map(|side| side.rows).sum())
}

/// Likewise, of the sides `covers` says; those without a row are left out.
pub async fn sides(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    missing: &[SourceName],
    covers: &(impl Fn(&TableName, &RoleName) -> bool + Sync),
) -> Option<Vec<Side>> {
    let sources = &sources.waited_for();
    let in_it = |source: &&Source| {
        let tables = map.tables.iter().filter(|table| table.name.source == source.name);
        let mut sides = tables.flat_map(|table| table.roles.iter().map(move |role| (&table.name, &role.name)));
        !missing.contains(&source.name) && sides.any(|(table, role)| covers(table, role))
    };
    let asked = sources.iter().filter(in_it);
    let counted = asked.map(|source| async {
        match sources.look(&source.name, sides_of_source(source, map, person, covers)).await {
            Err(SourceError::Slow { .. }) => None,
            // One that does not answer will be missing from what is read, too.
            counted => Some(counted.unwrap_or_default()),
        }
    });
    let over_http = sources.https().map(|source| async {
        let found = sources.look(&source.name, source.gather(map, person)).await.unwrap_or_default().into_iter();
        let side = |rows: Rows| Side { rows: rows.rows.len() as u64, table: rows.table, role: rows.role };
        found.filter(|rows| covers(&rows.table, &rows.role)).map(side).collect::<Vec<_>>()
    });
    let (counted, over_http) = futures::join!(join_all(counted), join_all(over_http));
    let counted: Option<Vec<Vec<Side>>> = counted.into_iter().collect();
    Some(counted?.into_iter().chain(over_http).flatten().filter(|side| side.rows > 0).collect())
}

async fn sides_of_source(
    source: &Source,
    map: &DataMap,
    person: &Person,
    covers: &(impl Fn(&TableName, &RoleName) -> bool + Sync),
) -> Result<Vec<Side>, SourceError> {
    let snapshot = Snapshot::take(source, map, person, &[]).await?;
    let mut sides = Vec::new();
    for (table, role) in snapshot.sides().filter(|(table, role)| covers(&table.name, &role.name)) {
        let rows = snapshot.count(table, &role.name).await?;
        sides.push(Side { table: table.name.clone(), role: role.name.clone(), rows });
    }
    snapshot.end().await?;
    Ok(sides)
}

/// One source at one moment, read for one person.
pub struct Snapshot<'a> {
    source: &'a Source,
    map: &'a DataMap,
    scope: Scope,
    holds: &'a [OnHold],
    catalogues: Catalogues,
    tx: DatabaseTransaction,
}

impl<'a> Snapshot<'a> {
    /// # Errors
    /// A source that cannot be read.
    pub async fn take(
        source: &'a Source,
        map: &'a DataMap,
        person: &Person,
        holds: &'a [OnHold],
    ) -> Result<Self, SourceError> {
        let catalogues = source.alone().await?;
        let begun = source.reading().await?.begin_with_options(snapshot(source)).await;
        let tx = begun.map_err(|error| SourceError::from_db(&source.name, None, &error))?;
        Ok(Self { source, map, scope: Scope::Person(person.clone()), holds, catalogues, tx })
    }

    /// Parents first: a person recognises their account before its parts.
    pub fn sides(&self) -> impl Iterator<Item = (&'a Table, &'a Role)> + use<'a> {
        let (map, source) = (self.map, self.source);
        let tables = map.tables.iter().rev().filter(move |table| table.name.source == source.name);
        tables.flat_map(|table| table.roles.iter().map(move |role| (table, role)))
    }

    async fn newest(&self, table: &Table, role: &RoleName) -> Result<Rows, SourceError> {
        self.rows(table, role, Window { after: None, most: ROWS_SHOWN, order: Order::Desc }).await
    }

    /// The next rows of a side after a key, in the order of the key.
    ///
    /// # Errors
    /// A source that does not answer.
    pub async fn page(
        &self,
        table: &Table,
        role: &RoleName,
        after: Option<&Key>,
        most: u64,
    ) -> Result<Rows, SourceError> {
        self.rows(table, role, Window { after, most, order: Order::Asc }).await
    }

    async fn rows(&self, table: &Table, role: &RoleName, window: Window<'_>) -> Result<Rows, SourceError> {
        let terms = Terms::to_show(self.map, &self.catalogues, &self.scope);
        let Scope::Person(person) = &self.scope else { return Ok(Rows::none(table, role)) };
        let at = At::outer(table);
        match about(&terms, at, role, person) {
            Some(condition) => {
                let on_hold = held(&Terms { holds: self.holds, ..terms }, at);
                let asked = Asked { condition, on_hold, reaches: reaches(&terms, at, role) };
                select_rows(&self.tx, &self.catalogues, at, role, asked, window).await
            }
            None => Ok(Rows::none(table, role)),
        }
    }

    /// How many rows of a side there are.
    async fn count(&self, table: &Table, role: &RoleName) -> Result<u64, SourceError> {
        let terms = Terms::to_show(self.map, &self.catalogues, &self.scope);
        let Scope::Person(person) = &self.scope else { return Ok(0) };
        let at = At::outer(table);
        let Some(condition) = about(&terms, at, role, person) else { return Ok(0) };
        let fail = |error| SourceError::from_db(&self.source.name, Some(&table.name), &error);
        let select = Query::select().expr(Expr::cust("count(*)")).from(at.from()).cond_where(condition).to_owned();
        let Some(row) = self.tx.query_one(&select).await.map_err(fail)? else { return Ok(0) };
        let rows: i64 = row.try_get_by_index(0).map_err(fail)?;
        Ok(u64::try_from(rows).unwrap_or(0))
    }

    /// # Errors
    /// A source that has gone away meanwhile.
    pub async fn end(self) -> Result<(), SourceError> {
        self.tx.rollback().await.map_err(|error| SourceError::from_db(&self.source.name, None, &error))
    }
}

/// Which rows are read, which of them a hold protects, and what an erasure does to them.
struct Asked {
    condition: Condition,
    on_hold: Option<Condition>,
    reaches: Reaches,
}

/// What a row still says of whose it is.
#[derive(Clone, Copy)]
enum Tells {
    Something,
    Nothing,
}

impl Reaches {
    const fn reach(&self, tells: Tells) -> Reach {
        match (self, tells) {
            (Self::None, _) => Reach::Never,
            (Self::Rows { telling: None }, _) | (Self::Rows { .. } | Self::Telling(_), Tells::Something) => {
                Reach::Something
            }
            (Self::Rows { telling: Some(_) }, Tells::Nothing) => Reach::EmptyRow,
            (Self::Telling(_), Tells::Nothing) => Reach::Nothing,
        }
    }

    fn telling(&self) -> Option<Condition> {
        match self {
            Self::None => None,
            Self::Rows { telling } => telling.clone(),
            Self::Telling(telling) => Some(telling.clone()),
        }
    }
}

/// Which rows of a side are read.
struct Window<'a> {
    after: Option<&'a Key>,
    most: u64,
    order: Order,
}

impl Rows {
    fn none(table: &Table, role: &RoleName) -> Self {
        Self { table: table.name.clone(), role: role.clone(), rows: Vec::new(), more: false }
    }
}

/// One moment for everything that is shown together.
fn snapshot(source: &Source) -> TransactionOptions {
    let isolation_level = match source.engine {
        Engine::Postgres | Engine::Mysql => Some(IsolationLevel::RepeatableRead),
        Engine::Sqlite | Engine::Http | Engine::Manual => None,
    };
    TransactionOptions { isolation_level, ..TransactionOptions::default() }
}

async fn select_rows(
    snapshot: &DatabaseTransaction,
    catalogues: &Catalogues,
    at: At<'_>,
    role: &RoleName,
    asked: Asked,
    window: Window<'_>,
) -> Result<Rows, SourceError> {
    let table = at.table;
    let fail = |error| SourceError::from_db(&table.name.source, Some(&table.name), &error);
    let mut select = Query::select();
    select.from(at.from()).cond_where(asked.condition).limit(window.most + 1);
    if let Some(after) = window.after {
        select.and_where(key_is_after(catalogues, at, after));
    }
    for (n, (column, text)) in key_columns(at).into_iter().zip(key_texts(catalogues, at)).enumerate() {
        select.expr_as(text, Alias::new(format!("k{n}")));
        select.order_by_expr(column, window.order.clone());
    }
    let fields: Vec<_> = table.fields_of(role).collect();
    let given: Vec<_> = table.recipients.iter().filter_map(|shared| Some((&shared.to, shared.at.as_ref()?))).collect();
    let texts = fields
        .iter()
        .map(|field| place_text(catalogues, at, &field.place))
        .chain([column_text(catalogues, at, &table.retention.from)])
        .chain(given.iter().map(|(_, column)| column_text(catalogues, at, column)));
    for (n, text) in texts.enumerate() {
        select.expr_as(text, Alias::new(format!("v{n}")));
    }
    let said = |of: Option<Condition>| of.map_or_else(|| Expr::val(0), |of| Expr::case(of, 1).finally(0).into());
    select.expr_as(said(asked.on_hold), Alias::new("on_hold"));
    // One row in itself: no other is looked at for it.
    select.expr_as(said(asked.reaches.telling()), Alias::new("tells"));
    let mut rows = Vec::new();
    for row in snapshot.query_all(&select).await.map_err(fail)? {
        let keys = table.key.len();
        let mut values = Vec::with_capacity(fields.len());
        for (n, field) in fields.iter().enumerate() {
            let value: Option<String> = row.try_get_by_index(keys + n).map_err(|_| SourceError::Value {
                table: table.name.clone(),
                column: field.column.0.clone(),
                expected: "text",
            })?;
            values.push((field.column.clone(), value.map(Personal::new)));
        }
        let from: Option<String> = row.try_get_by_index(keys + fields.len()).map_err(fail)?;
        let mut times = Vec::with_capacity(given.len());
        for (n, (to, _)) in given.iter().enumerate() {
            let at: Option<String> = row.try_get_by_index(keys + fields.len() + 1 + n).map_err(fail)?;
            times.push(((*to).clone(), at.and_then(|text| Moment::Date.day(&text))));
        }
        let tells = if row.try_get::<i32>("", "tells").map_err(fail)? == 1 { Tells::Something } else { Tells::Nothing };
        rows.push(Row {
            key: crate::plan::read_key(&row, keys).map_err(fail)?,
            from: from.and_then(|text| table.retention.written_as.day(&text)),
            values,
            given: times,
            on_hold: row.try_get::<i32>("", "on_hold").map_err(fail)? == 1,
            reach: asked.reaches.reach(tells),
        });
    }
    let more = rows.len() as u64 > window.most;
    rows.truncate(usize::try_from(window.most).unwrap_or(usize::MAX));
    Ok(Rows { table: table.name.clone(), role: role.clone(), rows, more })
}

/// One row of the person's, if it is theirs: for a correction.
pub async fn one(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    table: &Table,
    role: &RoleName,
    key: &Key,
) -> Result<Option<Row>, SourceError> {
    if let Some(source) = sources.http(&table.name.source) {
        let all = sources.look(&source.name, source.gather(map, person)).await?;
        let theirs = all.into_iter().filter(|rows| rows.table == table.name && rows.role == *role);
        return Ok(theirs.flat_map(|rows| rows.rows).find(|row| row.key == *key));
    }
    let source = sources.get(&table.name.source).ok_or_else(|| SourceError::NotMapped { table: table.name.clone() })?;
    sources.look(&source.name, one_of(source, map, person, (table, role, key))).await
}

async fn one_of(
    source: &Source,
    map: &DataMap,
    person: &Person,
    (table, role, key): (&Table, &RoleName, &Key),
) -> Result<Option<Row>, SourceError> {
    let fail = |error| SourceError::from_db(&source.name, None, &error);
    let catalogues = source.alone().await?;
    let scope = Scope::Person(person.clone());
    let terms = Terms::to_show(map, &catalogues, &scope);
    let at = At::outer(table);
    if key.0.len() != table.key.len() {
        return Ok(None);
    }
    let Some(condition) = about(&terms, at, role, person) else { return Ok(None) };
    let condition = Condition::all().add(key_is(&catalogues, at, key)).add(condition);
    let snapshot = source.reading().await?.begin().await.map_err(fail)?;
    let window = Window { after: None, most: 1, order: Order::Asc };
    let rows = select_rows(
        &snapshot,
        &catalogues,
        at,
        role,
        Asked { condition, on_hold: None, reaches: Reaches::None },
        window,
    )
    .await;
    snapshot.rollback().await.map_err(fail)?;
    Ok(rows?.rows.into_iter().next())
}

/// Whether a row holds this identifier together with a second fact, such as a waybill number.
pub async fn knows(
    sources: &Sources,
    map: &DataMap,
    identifier: &Identifier,
    with: &Reference,
    fact: &Personal,
) -> Result<bool, SourceError> {
    let not_mapped = || SourceError::NotMapped { table: with.table.clone() };
    let source = sources.get(&with.table.source).ok_or_else(not_mapped)?;
    let table = map.table(&with.table).ok_or_else(not_mapped)?;
    let person = reach::person(sources, map, std::slice::from_ref(identifier)).await?;
    let catalogues = sources.look(&source.name, source.alone()).await?;
    let scope = Scope::Person(person.clone());
    let terms = Terms::to_show(map, &catalogues, &scope);
    let at = At::outer(table);
    let roles = table.roles.iter().filter_map(|role| about(&terms, at, &role.name, &person));
    let any = roles.fold(Condition::any(), Condition::add);
    if any.is_empty() {
        return Ok(false);
    }
    let select = Query::select()
        .expr(Expr::val(1))
        .from(at.from())
        .and_where(at.col(&with.column).eq(bind(&catalogues, &table.name, &with.column, fact.reveal())))
        .cond_where(any)
        .limit(1)
        .to_owned();
    let fail = |error| SourceError::from_db(&source.name, Some(&table.name), &error);
    let found = async { source.reading().await?.query_one(&select).await.map_err(fail) };
    Ok(sources.look(&source.name, found).await?.is_some())
}

//! Whom a change of the policy concerns: the e-mail addresses in the rows it is about.

use domain::{
    Email, IdentifierKind,
    map::{DataMap, Place, RoleName, Table, TableName, Way},
};
use sea_orm::{
    ConnectionTrait, Order,
    sea_query::{Alias, Condition, Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::Value;

use crate::{
    SourceError, Sources,
    plan::rows_of,
    select::{At, broken, json_in_text, place_text_if_valid, together},
};

/// Where addresses stand, and for which rows.
pub struct Spot<'a> {
    table: &'a Table,
    place: &'a Place,
    rows: Option<Condition>,
}

/// The places to look in for the people of one table; of every table where none is named.
pub fn spots<'a>(map: &'a DataMap, table: Option<&TableName>) -> Vec<Spot<'a>> {
    let mut found = Vec::new();
    for of in map.tables.iter().filter(|of| table.is_none_or(|table| of.name == *table)) {
        for role in &of.roles {
            // Everyone: each address where it stands, and not again along every path to it.
            let far = if table.is_some() { Far::AlongPaths } else { Far::Here };
            walk(map, of, &role.name, None, far, &mut found);
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Far {
    Here,
    AlongPaths,
}

fn walk<'a>(
    map: &'a DataMap,
    table: &'a Table,
    role: &RoleName,
    rows: Option<&Condition>,
    far: Far,
    found: &mut Vec<Spot<'a>>,
) {
    let Some(role) = table.role(role) else { return };
    for way in &role.ways {
        match way {
            Way::Identified { by: IdentifierKind::Email, place, .. } => {
                found.push(Spot { table, place, rows: rows.cloned() });
            }
            Way::Through(path) if far == Far::AlongPaths => {
                let Some(parent) = map.table(&path.parent) else { continue };
                // Another database cannot be joined: everyone there is told rather than nobody.
                let pointed_at = (parent.name.source == table.name.source).then(|| {
                    let own = At::outer(table);
                    let mut select: SelectStatement = Query::select();
                    select.from(own.from());
                    if let Some(rows) = rows {
                        select.cond_where(rows.clone());
                    }
                    for column in &path.columns {
                        select.expr(own.col(column));
                    }
                    let on = together(path.on.iter().map(|column| At::outer(parent).col(column)).collect());
                    Condition::all().add(on.in_subquery(select))
                });
                walk(map, parent, &path.role, pointed_at.as_ref(), far, found);
            }
            Way::Identified { by: IdentifierKind::Mobile, .. } | Way::Through(_) => {}
        }
    }
}

/// Every place where an identifier of some kind stands, each once.
pub fn identifiers(map: &DataMap) -> Vec<(IdentifierKind, Spot<'_>)> {
    let mut found: Vec<(IdentifierKind, Spot<'_>)> = Vec::new();
    for table in &map.tables {
        for way in table.roles.iter().flat_map(|role| &role.ways) {
            if let Way::Identified { by, place, .. } = way {
                let known = found.iter().any(|(_, spot)| spot.table.name == table.name && spot.place == place);
                if !known {
                    found.push((*by, Spot { table, place, rows: None }));
                }
            }
        }
    }
    found
}

/// Values of a spot, and where to go on.
#[derive(Debug)]
pub struct Page {
    pub texts: Vec<String>,
    pub next: Option<String>,
    /// Rows that were passed over because their JSON is none.
    pub unread: u64,
}

impl Page {
    /// What of it is an address.
    pub fn emails(&self) -> impl Iterator<Item = Email> {
        self.texts.iter().filter_map(|text| Email::parse(text))
    }
}

impl Spot<'_> {
    pub fn table(&self) -> &TableName {
        &self.table.name
    }
}

/// The next values of a spot after `after`, in order. Each comes once; inside JSON that is kept as text, once for each text.
pub async fn texts(sources: &Sources, spot: &Spot<'_>, after: Option<&str>, most: u64) -> Result<Page, SourceError> {
    let name = &spot.table.name;
    // Systems without SQL are not asked for lists of people.
    let Some(source) = sources.get(&name.source) else {
        return Ok(Page { texts: Vec::new(), next: None, unread: 0 });
    };
    let (at, catalogues) = (At::outer(spot.table), source.alone().await?);
    let json = json_in_text(&catalogues, at, spot.place);
    let text = json.clone().unwrap_or_else(|| place_text_if_valid(&catalogues, at, spot.place));
    let mut select = Query::select();
    select
        .distinct()
        .expr_as(text.clone(), Alias::new("found"))
        .from(at.from())
        .and_where(text.clone().is_not_null())
        .order_by(Alias::new("found"), Order::Asc)
        .limit(most);
    if let Some(rows) = &spot.rows {
        select.cond_where(rows.clone());
    }
    if let Some(after) = after {
        select.and_where(text.gt(after));
    }
    let fail = |error| SourceError::from_db(&source.name, Some(name), &error);
    let db = source.reading().await?;
    let rows = db.query_all(&select).await.map_err(fail)?;
    let texts =
        rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>().map_err(fail)?;
    let next = if texts.len() as u64 == most { texts.last().cloned() } else { None };
    if json.is_some() {
        let read: Vec<Option<Value>> = texts.iter().map(|text| serde_json::from_str(text).ok()).collect();
        let unread = read.iter().filter(|read| read.is_none()).count() as u64;
        let texts = read.iter().flatten().filter_map(|json| in_json(json, spot.place)).collect();
        return Ok(Page { texts, next, unread });
    }
    let unread = match broken(&catalogues, at, spot.place).filter(|_| after.is_none()) {
        Some(broken) => {
            let select = Query::select().expr(Expr::cust("count(*)")).from(at.from()).and_where(broken).to_owned();
            rows_of(db, name, &select).await?
        }
        None => 0,
    };
    Ok(Page { texts, next, unread })
}

/// A value inside JSON, as a database gives it.
fn in_json(json: &Value, place: &Place) -> Option<String> {
    let Place::Json { path, .. } = place else { return None };
    match path.iter().try_fold(json, |json, name| json.get(name))? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        // Nobody's address and nobody's number.
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

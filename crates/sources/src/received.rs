//! Which recipients have got something of a person's, and by what they can find it: they are told when it is erased,
//! corrected or stopped.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Personal,
    map::{DataMap, Kind, Role, Shared, Table, TableName},
};
use sea_orm::{
    ConnectionTrait, DbErr, ExprTrait,
    sea_query::{Condition, Expr, Query},
};

use crate::{
    Key, Person, Scope, Source, SourceError, Sources, Terms,
    select::{At, about, key_is, place_text},
};

/// What a row is found by, as far as it was given along with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBy {
    pub kind: Kind,
    pub value: Personal,
}

/// Of which rows.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// All of the person's in these.
    Tables(&'a BTreeSet<TableName>),
    /// Of this table, the one with this key.
    Row(&'a TableName, &'a Key),
}

impl Of<'_> {
    fn is_in(self, table: &Table) -> bool {
        match self {
            Self::Tables(names) => names.contains(&table.name),
            Self::Row(name, _) => *name == table.name,
        }
    }
}

/// Of one person's; a recipient is not asked for more at once.
const MOST: u64 = 200;

/// Recipients of the person's rows in these tables, by their names in the map. Where a column holds when they got a row,
/// only those who got one: telling anybody else would tell them of the person.
///
/// # Errors
/// A database that does not answer: without it nobody knows.
pub async fn recipients(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    of: Of<'_>,
) -> Result<BTreeMap<String, Vec<FoundBy>>, SourceError> {
    let mut all: BTreeMap<String, Vec<FoundBy>> = BTreeMap::new();
    for table in map.tables.iter().filter(|table| of.is_in(table)) {
        for shared in &table.recipients {
            // Systems without SQL cannot be asked row by row.
            let found = match sources.get(&table.name.source) {
                Some(source) => got(source, map, (person, of), table, shared).await?,
                None => Some(Vec::new()),
            };
            let Some(found) = found else { continue };
            let known = all.entry(shared.to.clone()).or_default();
            known.extend(found.into_iter().filter(|one| !known.contains(one)).collect::<Vec<_>>());
        }
    }
    Ok(all)
}

/// `None` where they have got no row of the person's.
async fn got(
    source: &Source,
    map: &DataMap,
    whose: (&Person, Of<'_>),
    table: &Table,
    shared: &Shared,
) -> Result<Option<Vec<FoundBy>>, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&table.name), &error);
    let catalogues = source.alone().await?;
    let scope = Scope::Person(whose.0.clone());
    let terms = Terms::to_show(map, &catalogues, &scope);
    let (db, mut any, mut found) = (source.reading().await?, false, Vec::new());
    for role in &table.roles {
        let Some(theirs) = given(&terms, whose, (table, role), shared) else { continue };
        let is_there =
            Query::select().expr(Expr::val(1)).from(At::outer(table).from()).cond_where(theirs.clone()).to_owned();
        if db.query_one(is_there.clone().limit(1)).await.map_err(fail)?.is_none() {
            continue;
        }
        any = true;
        for field in table.fields_of(&role.name).filter(|field| finds(field.kind)) {
            let at = At::outer(table);
            let value = place_text(&catalogues, at, &field.place);
            let select = Query::select()
                .distinct()
                .expr(value.clone())
                .from(at.from())
                .cond_where(theirs.clone())
                .and_where(value.is_not_null())
                .limit(MOST)
                .to_owned();
            for row in db.query_all(&select).await.map_err(fail)? {
                let value: String = row.try_get_by_index(0).map_err(fail)?;
                found.push(FoundBy { kind: field.kind, value: Personal::new(value) });
            }
        }
    }
    Ok(any.then_some(found))
}

/// Rows in which the person has this role, and which the recipient has got.
fn given(
    terms: &Terms<'_>,
    (person, of): (&Person, Of<'_>),
    (table, role): (&Table, &Role),
    shared: &Shared,
) -> Option<Condition> {
    let at = At::outer(table);
    let theirs = Condition::all().add(about(terms, at, &role.name, person)?);
    let theirs = match of {
        Of::Tables(_) => theirs,
        Of::Row(_, key) => theirs.add(key_is(terms.catalogues, at, key)),
    };
    Some(shared.at.iter().fold(theirs, |theirs, when| theirs.add(at.col(when).is_not_null())))
}

/// A number or an address by which somebody's records are looked up.
const fn finds(kind: Kind) -> bool {
    match kind {
        Kind::Mobile | Kind::Phone | Kind::Email | Kind::Account | Kind::WaybillNo => true,
        Kind::Name
        | Kind::Address
        | Kind::Region
        | Kind::ResidentId
        | Kind::BirthDate
        | Kind::Gender
        | Kind::BankCard
        | Kind::Plate
        | Kind::Uscc
        | Kind::IpAddress
        | Kind::Location
        | Kind::File
        | Kind::Secret
        | Kind::Text
        | Kind::Date
        | Kind::Amount
        | Kind::Plain => false,
    }
}

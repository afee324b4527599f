//! Where a person's identifiers lead across databases: the one found in the shop's accounts has
//! orders in another database that knows only the account's number.

use std::collections::BTreeSet;

use domain::{
    Identifier, IdentifierKind, Rows,
    map::{DataMap, Extent, PerPerson, SourceName, Table, TableName, Through},
};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, Query},
};

use crate::{
    Person, Scope, SourceError, Sources, Terms,
    scope::{self, Found},
    select::{At, about, column_text, could_be_shared},
};

/// More values than this in one statement would be a table of their own.
const MANY: usize = 5_000;

/// The person, with every path between databases followed.
///
/// # Errors
/// The first source on a path that does not answer: half a person would be a lie.
pub async fn person(sources: &Sources, map: &DataMap, identifiers: &[Identifier]) -> Result<Person, SourceError> {
    whole(Box::pin(follow(sources, map, identifiers, Sharing::Apart)).await)
}

/// As [`person`], for what is shown: and the sources that cannot be asked completely, which are shown as missing.
pub async fn as_far_as_it_goes(
    sources: &Sources,
    map: &DataMap,
    identifiers: &[Identifier],
) -> (Person, Vec<SourceName>) {
    let (person, missing) = Box::pin(follow(sources, map, identifiers, Sharing::Apart)).await;
    (person, missing.into_iter().map(|(source, _)| source).collect())
}

/// As [`person`], for a hold: where an identifier is shared, everyone's rows are protected.
pub async fn held(sources: &Sources, map: &DataMap, identifiers: &[Identifier]) -> Result<Person, SourceError> {
    whole(Box::pin(follow(sources, map, identifiers, Sharing::Together)).await)
}

/// As [`held`], as far as the sources that can be asked lead: to show what a hold protects.
pub async fn held_as_far_as_it_goes(sources: &Sources, map: &DataMap, identifiers: &[Identifier]) -> Person {
    Box::pin(follow(sources, map, identifiers, Sharing::Together)).await.0
}

fn whole<T>((found, missing): (T, Vec<(SourceName, SourceError)>)) -> Result<T, SourceError> {
    match missing.into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(found),
    }
}

/// What an identifier that several people's rows hold leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// To none of them.
    Apart,
    /// To all of them.
    Together,
}

/// As [`person`], for a page that shows what there is: also the sources that could not be asked
/// completely, because a source on the way to them did not answer.
pub(crate) async fn follow(
    sources: &Sources,
    map: &DataMap,
    identifiers: &[Identifier],
    sharing: Sharing,
) -> (Person, Vec<(SourceName, SourceError)>) {
    let mut person = Person::new(identifiers.to_vec());
    let mut missing = Vec::new();
    let apart = map.tables.iter().filter(|_| sharing == Sharing::Apart);
    for table in apart {
        match sources.look(&table.name.source, shared(sources, map, &person, table)).await {
            Ok(shared) => person.shared.extend(shared),
            Err(error) => missing.push((table.name.source.clone(), error)),
        }
    }
    let (found, cut_off) = lead(sources, map, &person, Rows::default()).await;
    person.found = found;
    missing.extend(cut_off);
    (person, missing)
}

/// Where paths between databases lead without these rows.
async fn lead(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    without: Rows,
) -> (Found, Vec<(SourceName, SourceError)>) {
    let mut at = Person { found: Found::without(without), otherwise: None, ..person.clone() };
    let mut missing = Vec::new();
    let mut seen = BTreeSet::new();
    // Parents before children, so that a path over two databases finds its beginning.
    for table in map.tables.iter().rev() {
        for path in table.paths().filter(|path| path.parent.source != table.name.source) {
            if !seen.insert(scope::key(path)) {
                continue;
            }
            match sources.look(&path.parent.source, values(sources, map, &at, path)).await {
                Ok(values) => at.found.reaches(path, values),
                Err(error) => missing.push((table.name.source.clone(), error)),
            }
        }
    }
    (at.found, missing)
}

/// Of what they have, no more than this.
///
/// # Errors
/// As [`person`], for a source on a path.
pub async fn within(sources: &Sources, map: &DataMap, person: Person, extent: &Extent) -> Result<Person, SourceError> {
    let record = match extent {
        Extent::Everything => return Ok(person),
        Extent::Only(tables) => return Ok(person.only_in(tables.iter().cloned())),
        Extent::Record(record) => record,
    };
    // Which it was has been forgotten.
    let Some(key) = &record.key else { return Ok(person.only_in([])) };
    let mut without = person.found.without.clone();
    without.extend([(record.table.clone(), key.clone())]);
    let otherwise = whole(lead(sources, map, &person, without).await)?;
    Ok(Person { otherwise: Some(otherwise), ..person.only_in(record.tables.iter().cloned()) })
}

/// Without rows that somebody has found to be another's, and what is only found along them.
///
/// # Errors
/// As [`within`].
pub async fn without(sources: &Sources, map: &DataMap, person: Person, rows: Rows) -> Result<Person, SourceError> {
    if rows.is_empty() {
        return Ok(person);
    }
    let found = whole(lead(sources, map, &person, rows).await)?;
    Ok(Person { found, ..person })
}

/// The identifiers by which a table, each of whose rows is another person, has several rows.
async fn shared(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    table: &Table,
) -> Result<Vec<(TableName, IdentifierKind)>, SourceError> {
    let mut found = Vec::new();
    let roles: Vec<_> = table.roles.iter().filter(|role| role.per_person == PerPerson::OneRow).collect();
    let Some(source) = sources.get(&table.name.source).filter(|_| !roles.is_empty()) else { return Ok(found) };
    let catalogues = source.alone().await?;
    let scope = Scope::Person(person.clone());
    let terms = Terms::to_show(map, &catalogues, &scope);
    let at = At::outer(table);
    for role in roles {
        for (kind, rows) in could_be_shared(&terms, at, role, person) {
            let select = Query::select().expr(Expr::val(1)).from(at.from()).and_where(rows).limit(2).to_owned();
            let fail = |error| SourceError::from_db(&source.name, Some(&table.name), &error);
            if source.reading().await?.query_all(&select).await.map_err(fail)?.len() > 1 {
                found.push((table.name.clone(), kind));
            }
        }
    }
    Ok(found)
}

async fn values(sources: &Sources, map: &DataMap, person: &Person, path: &Through) -> Result<Vec<String>, SourceError> {
    let not_mapped = || SourceError::NotMapped { table: path.parent.clone() };
    let source = sources.get(&path.parent.source).ok_or_else(not_mapped)?;
    let (table, on) = (map.table(&path.parent).ok_or_else(not_mapped)?, path.on.first().ok_or_else(not_mapped)?);
    let catalogues = source.alone().await?;
    let scope = Scope::Person(person.clone());
    let terms = Terms::to_show(map, &catalogues, &scope);
    let at = At::outer(table);
    let Some(condition) = about(&terms, at, &path.role, person) else { return Ok(Vec::new()) };
    let select = Query::select()
        .distinct()
        .expr(column_text(&catalogues, at, on))
        .from(at.from())
        .cond_where(condition)
        .limit(MANY as u64 + 1)
        .to_owned();
    let fail = |error| SourceError::from_db(&source.name, Some(&table.name), &error);
    let rows = source.reading().await?.query_all(&select).await.map_err(fail);
    source.note(&rows);
    let rows = rows?;
    if rows.len() > MANY {
        return Err(SourceError::TooMany { table: table.name.clone(), most: MANY });
    }
    let texts = rows.iter().map(|row| row.try_get_by_index::<Option<String>>(0)).collect::<Result<Vec<_>, _>>();
    Ok(texts.map_err(fail)?.into_iter().flatten().collect())
}

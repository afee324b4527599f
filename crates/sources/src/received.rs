//! Which recipients have got something of a person's that is about to be erased, corrected or stopped, and by what they
//! can find it: they are told afterwards.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Personal,
    given::{FoundBy, Given},
    map::{Field, Kind, RoleName, Shared, Table, TableName},
    plan::{Item, Outcome, Plan},
    said::{Got, Said},
};
use sea_orm::{
    ConnectionTrait, DbErr, ExprTrait,
    sea_query::{Condition, Expr, Query},
};

use crate::{
    Key, Scope, Source, SourceError, Sources, Terms,
    select::{At, What, about, key_is, parts, place_text},
};

/// Recipients by their names in the map.
pub type Recipients = BTreeMap<String, Given>;

/// Of one column; a recipient is not asked for more at once.
const MOST: usize = 200;

/// Rows something is about to be done with.
struct Rows<'a> {
    table: &'a Table,
    roles: Vec<RoleName>,
    which: Condition,
    /// Only who processes for it; none where the rows go.
    purpose: Option<&'a str>,
}

/// Recipients of what a plan takes away from one person or restricts: of those rows and no others, so that what a law or a
/// hold keeps is asked of nobody. Where a column holds when they got a row, only those who got one; elsewhere not those of
/// whom the person has said that they get nothing.
///
/// # Errors
/// A database that does not answer: without it nobody knows.
pub async fn recipients(
    sources: &Sources,
    terms: &Terms<'_>,
    plan: &Plan,
    said: &[Said],
) -> Result<Recipients, SourceError> {
    let all = parts(terms);
    let going = all.iter().filter(|part| match part.what {
        What::Delete | What::Anonymise | What::LockAway => true,
        What::Restrict(_) | What::KeepHeld | What::KeepForFloor | What::KeepNotStarted => false,
    });
    let going = going.map(|part| Rows {
        table: part.table,
        roles: part.roles.clone(),
        which: part.rows.clone(),
        purpose: None,
    });
    let mut recipients = of_rows(sources, terms, going.chain(stopped(terms)), said).await?;
    // Systems without SQL cannot be asked row by row.
    let elsewhere = plan.items.iter().filter(|item| sources.get(&item.table.source).is_none() && goes(item));
    for table in elsewhere.filter_map(|item| terms.map.table(&item.table)) {
        for shared in table.recipients.iter().filter(|shared| may_have_got(terms, said, table, shared)) {
            recipients.entry(shared.to.clone()).or_default().tables.insert(table.name.clone());
        }
    }
    Ok(recipients)
}

fn goes(item: &Item) -> bool {
    matches!(item.outcome, Outcome::ByHand { .. }) || (item.outcome.removes() && item.rows > 0)
}

/// The person's rows that are processed for a purpose they have restricted.
fn stopped<'a>(terms: &Terms<'a>) -> Vec<Rows<'a>> {
    let Scope::Person(person) = terms.scope else { return Vec::new() };
    let purposes: BTreeSet<&str> = person.restricting.iter().map(|what| what.purpose.as_str()).collect();
    let tables = |purpose| terms.map.tables.iter().filter(move |table| table.purposes.iter().any(|of| of == purpose));
    let all = purposes.into_iter().flat_map(|purpose| tables(purpose).map(move |table| (purpose, table)));
    all.flat_map(|(purpose, table)| table.roles.iter().map(move |role| (purpose, table, role)))
        .filter_map(|(purpose, table, role)| {
            let which = Condition::all().add(about(terms, At::outer(table), &role.name, person)?);
            Some(Rows { table, roles: vec![role.name.clone()], which, purpose: Some(purpose) })
        })
        .collect()
}

fn may_have_got(terms: &Terms<'_>, said: &[Said], table: &Table, shared: &Shared) -> bool {
    terms.map.got(said, table, shared, terms.map.noted(table, shared)) != Got::Never
}

/// Recipients of one row in which the person has this role.
///
/// # Errors
/// As [`recipients`].
pub async fn of_row(
    sources: &Sources,
    terms: &Terms<'_>,
    (table, role, key): (&TableName, &RoleName, &Key),
    said: &[Said],
) -> Result<Recipients, SourceError> {
    let row = terms.map.table(table).map(|table| {
        let which = Condition::all().add(key_is(terms.catalogues, At::outer(table), key));
        Rows { table, roles: vec![role.clone()], which, purpose: None }
    });
    of_rows(sources, terms, row.into_iter(), said).await
}

async fn of_rows<'a>(
    sources: &Sources,
    terms: &Terms<'a>,
    rows: impl Iterator<Item = Rows<'a>>,
    said: &[Said],
) -> Result<Recipients, SourceError> {
    let mut all = Recipients::new();
    for rows in rows {
        let Some(source) = sources.get(&rows.table.name.source) else { continue };
        let for_it = |shared: &&Shared| {
            let recipient = terms.map.recipients.get(&shared.to);
            rows.purpose.is_none_or(|purpose| recipient.is_some_and(|to| to.purposes.iter().any(|of| of == purpose)))
        };
        let getting = rows.table.recipients.iter().filter(for_it);
        for shared in getting.filter(|shared| may_have_got(terms, said, rows.table, shared)) {
            if let Some(given) = sources.look(&source.name, given(source, terms, &rows, shared)).await? {
                all.entry(shared.to.clone()).or_default().add(given);
            }
        }
    }
    Ok(all)
}

/// `None` where they have got none of the rows.
async fn given(
    source: &Source,
    terms: &Terms<'_>,
    rows: &Rows<'_>,
    shared: &Shared,
) -> Result<Option<Given>, SourceError> {
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&rows.table.name), &error);
    let (db, at) = (source.reading().await?, At::outer(rows.table));
    let which = shared.at.iter().fold(rows.which.clone(), |which, when| which.add(at.col(when).is_not_null()));
    let mut given = Given { tables: [rows.table.name.clone()].into(), ..Given::default() };
    let theirs = rows.roles.iter().flat_map(|role| rows.table.fields_of(role));
    for field in theirs.filter(|field| finds(shared, field)) {
        let value = place_text(terms.catalogues, at, &field.place);
        let select = Query::select()
            .distinct()
            .expr(value.clone())
            .from(at.from())
            .cond_where(which.clone())
            .and_where(value.is_not_null())
            .limit(MOST as u64 + 1)
            .to_owned();
        let found = db.query_all(&select).await.map_err(fail)?;
        given.more |= found.len() > MOST;
        for row in found.iter().take(MOST) {
            let value: String = row.try_get_by_index(0).map_err(fail)?;
            given.find_by(FoundBy { kind: field.kind, value: Personal::new(value) });
        }
    }
    if !given.found_by.is_empty() {
        return Ok(Some(given));
    }
    let any = Query::select().expr(Expr::val(1)).from(at.from()).cond_where(which).limit(1).to_owned();
    Ok(db.query_one(&any).await.map_err(fail)?.is_some().then_some(given))
}

/// What rows are looked up by, as far as the map says that it was given: a number of the company's own is anyway.
fn finds(shared: &Shared, field: &Field) -> bool {
    match field.kind {
        Kind::WaybillNo => true,
        Kind::Mobile | Kind::Phone | Kind::Email | Kind::Account => shared.with.contains(&field.column),
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

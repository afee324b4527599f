//! A correction: one value of one row, if it is still what the person saw.

use domain::{
    Personal,
    ids::StepId,
    map::{Column, Engine, Place, RoleName, Table},
};
use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{Alias, Condition, Expr, ExprTrait, Query},
};

use super::{Flush, begin, change::back_to_type, receipts::leave_receipt};
use crate::{
    Key, Person, SourceError, Sources, Terms,
    select::{At, about, bind, json_with, key_is, place_text, table_ref},
};

/// A single value of a single row of the person's, changed if it is still what they saw.
#[derive(Debug)]
pub struct Correction<'a> {
    pub table: &'a Table,
    pub role: &'a RoleName,
    pub key: &'a Key,
    pub column: &'a Column,
    pub before: Option<&'a Personal>,
    pub after: &'a Personal,
}

/// Writes a correction. Zero rows when the row is no longer theirs or no longer as they saw it.
pub async fn correct(
    sources: &Sources,
    terms: &Terms<'_>,
    person: &Person,
    correction: &Correction<'_>,
    step: StepId,
) -> Result<u64, SourceError> {
    let name = &correction.table.name;
    if let Some(source) = sources.http(&name.source) {
        return source.correct(person, correction, step).await;
    }
    let source = sources.get(&name.source).ok_or_else(|| SourceError::NotMapped { table: name.clone() })?;
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(name), &error);
    let at = At::outer(correction.table);
    let Some(theirs) = about(terms, at, correction.role, person) else { return Ok(0) };
    let Some(field) = correction.table.field(correction.column) else { return Ok(0) };
    let seen = place_text(terms.catalogues, at, &field.place);
    let as_seen = match correction.before {
        Some(before) => seen.eq(before.reveal()),
        None => seen.is_null(),
    };
    let matching = Condition::all().add(key_is(terms.catalogues, at, correction.key)).add(theirs).add(as_seen);
    let value = correction.after.reveal();
    let value = match &field.place {
        Place::Column(column) => bind(terms.catalogues, name, column, value),
        Place::Json { column, path } => {
            let engine = terms.catalogues.engine(&name.source);
            back_to_type(terms.catalogues, name, column, json_with(engine, at.col(column), path, Some(value)))
        }
    };
    let mut update = Query::update();
    update.table(table_ref(name)).value(Alias::new(field.place.column().as_str()), value);
    let tx = begin(source, Flush::Now).await?;
    match source.engine {
        // MySQL does not let a change look at its own table: the row is found and locked first.
        Engine::Mysql => {
            let find =
                Query::select().expr(Expr::val(1)).from(at.from()).cond_where(matching).lock_exclusive().to_owned();
            if tx.query_one(&find).await.map_err(fail)?.is_none() {
                tx.rollback().await.map_err(fail)?;
                return Ok(0);
            }
            update.and_where(key_is(terms.catalogues, at, correction.key));
        }
        Engine::Sqlite | Engine::Postgres | Engine::Http | Engine::Manual => {
            update.cond_where(matching);
        }
    }
    let rows = tx.execute(&update).await.map_err(fail)?.rows_affected();
    leave_receipt(&tx, step, rows).await.map_err(fail)?;
    tx.commit().await.map_err(fail)?;
    Ok(rows)
}

//! What still stands against closing an account: a parcel on its way, freight nobody has paid.

use domain::map::{Blocker, DataMap, RoleRef};
use futures::future::try_join_all;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};

use crate::{
    Person, Scope, SourceError, Sources, Terms,
    catalogue::Catalogues,
    plan::rows_of,
    select::{At, about, bind},
};

/// How many rows of this person's meet each blocker of the map, in its order; those with none are left out.
///
/// # Errors
/// A database that does not answer: without it nobody knows.
pub async fn blockers<'a>(
    sources: &Sources,
    map: &'a DataMap,
    person: &Person,
) -> Result<Vec<(&'a Blocker, u64)>, SourceError> {
    let found = map
        .account
        .blockers
        .iter()
        .map(|blocker| async move { Ok::<_, SourceError>((blocker, count(sources, map, person, blocker).await?)) });
    Ok(try_join_all(found).await?.into_iter().filter(|(_, rows)| *rows > 0).collect())
}

async fn count(sources: &Sources, map: &DataMap, person: &Person, blocker: &Blocker) -> Result<u64, SourceError> {
    let rows = theirs(sources, map, person, &blocker.of, |at, catalogues| {
        let holds = blocker.when.iter().map(|(column, values)| {
            let name = &at.table.name;
            at.col(column).is_in(values.iter().map(|value| bind(catalogues, name, column, value)))
        });
        let empty = blocker.empty.iter().map(|column| at.col(column).is_null());
        holds.chain(empty).fold(Condition::all(), Condition::add)
    });
    rows.await
}

/// How many rows of this person's in one role meet a condition.
pub(crate) async fn theirs(
    sources: &Sources,
    map: &DataMap,
    person: &Person,
    of: &RoleRef,
    meet: impl FnOnce(At<'_>, &Catalogues) -> Condition,
) -> Result<u64, SourceError> {
    let not_mapped = || SourceError::NotMapped { table: of.table.clone() };
    let table = map.table(&of.table).ok_or_else(not_mapped)?;
    let source = sources.get(&of.table.source).ok_or_else(not_mapped)?;
    let catalogues = sources.look(&source.name, source.alone()).await?;
    let scope = Scope::Person(person.clone());
    let terms = Terms::to_show(map, &catalogues, &scope);
    let at = At::outer(table);
    let Some(theirs) = about(&terms, at, &of.role, person) else { return Ok(0) };
    let mut select = Query::select();
    select.expr(Expr::cust("count(*)")).from(at.from()).cond_where(theirs).cond_where(meet(at, &catalogues));
    sources.look(&source.name, async { rows_of(source.reading().await?, &table.name, &select).await }).await
}

//! What still stands against closing an account: a parcel on its way, freight nobody has paid.

use domain::{
    Personal,
    map::{Blocker, DataMap, Field, RoleRef, Table},
};
use futures::future::try_join_all;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Condition, Expr, ExprTrait, Order, Query, SelectStatement},
};

use crate::{
    Person, Scope, Source, SourceError, Sources, Terms,
    catalogue::Catalogues,
    plan::rows_of,
    select::{At, about, bind, key_columns, place_text},
};

/// So many rows are told apart by name; of more their number is enough.
const NAMED: u64 = 5;

/// Rows of one person's that meet a blocker of the map.
#[derive(Debug)]
pub struct Blocking<'a> {
    pub by: &'a Blocker,
    pub rows: u64,
    /// What the first of them are called, in a field that the person is shown anyway.
    pub named: Option<(&'a Field, Vec<Personal>)>,
}

/// What of this person's meets each blocker of the map, in its order; those with none are left out.
///
/// # Errors
/// A database that does not answer: without it nobody knows.
pub async fn blockers<'a>(
    sources: &Sources,
    map: &'a DataMap,
    person: &Person,
) -> Result<Vec<Blocking<'a>>, SourceError> {
    let found = map.account.blockers.iter().map(|blocker| blocking(sources, map, person, blocker));
    Ok(try_join_all(found).await?.into_iter().flatten().collect())
}

async fn blocking<'a>(
    sources: &Sources,
    map: &'a DataMap,
    person: &Person,
    by: &'a Blocker,
) -> Result<Option<Blocking<'a>>, SourceError> {
    let found = Theirs::find(sources, map, person, &by.of, |at, catalogues| {
        let holds = by.when.iter().map(|(column, values)| {
            let name = &at.table.name;
            at.col(column).is_in(values.iter().map(|value| bind(catalogues, name, column, value)))
        });
        let empty = by.empty.iter().map(|column| at.col(column).is_null());
        holds.chain(empty).fold(Condition::all(), Condition::add)
    });
    let Some(found) = found.await? else { return Ok(None) };
    let rows = found.count().await?;
    if rows == 0 {
        return Ok(None);
    }
    let named = match found.at.table.named_by(&by.of.role) {
        Some(field) => Some((field, found.named(field).await?)),
        None => None,
    };
    Ok(Some(Blocking { by, rows, named }))
}

/// Rows of one person's in one role that meet a condition.
pub(crate) struct Theirs<'a, 'm> {
    sources: &'a Sources,
    source: &'a Source,
    catalogues: Catalogues,
    at: At<'m>,
    rows: Condition,
}

impl<'a, 'm> Theirs<'a, 'm> {
    /// `None` where nothing of theirs can be in this role.
    pub(crate) async fn find(
        sources: &'a Sources,
        map: &'m DataMap,
        person: &Person,
        of: &RoleRef,
        meet: impl FnOnce(At<'_>, &Catalogues) -> Condition,
    ) -> Result<Option<Self>, SourceError> {
        let not_mapped = || SourceError::NotMapped { table: of.table.clone() };
        let table: &Table = map.table(&of.table).ok_or_else(not_mapped)?;
        let source = sources.get(&of.table.source).ok_or_else(not_mapped)?;
        let catalogues = sources.look(&source.name, source.alone()).await?;
        let scope = Scope::Person(person.clone());
        let at = At::outer(table);
        let Some(theirs) = about(&Terms::to_show(map, &catalogues, &scope), at, &of.role, person) else {
            return Ok(None);
        };
        let rows = Condition::all().add(theirs).add(meet(at, &catalogues));
        Ok(Some(Self { sources, source, catalogues, at, rows }))
    }

    pub(crate) async fn count(&self) -> Result<u64, SourceError> {
        let mut select = self.select();
        select.expr(Expr::cust("count(*)"));
        let rows = async { rows_of(self.source.reading().await?, &self.at.table.name, &select).await };
        self.sources.look(&self.source.name, rows).await
    }

    fn select(&self) -> SelectStatement {
        Query::select().from(self.at.from()).cond_where(self.rows.clone()).to_owned()
    }

    /// What the first of them are called.
    async fn named(&self, field: &Field) -> Result<Vec<Personal>, SourceError> {
        let mut select = self.select();
        select.expr_as(place_text(&self.catalogues, self.at, &field.place), Alias::new("name")).limit(NAMED);
        for column in key_columns(self.at) {
            select.order_by_expr(column, Order::Desc);
        }
        let fail = |error| SourceError::from_db(&self.source.name, Some(&self.at.table.name), &error);
        let found = async { self.source.reading().await?.query_all(&select).await.map_err(fail) };
        let found = self.sources.look(&self.source.name, found).await?;
        let names = found.iter().map(|row| row.try_get_by_index::<Option<String>>(0).map_err(fail));
        let names: Vec<Option<String>> = names.collect::<Result<_, _>>()?;
        Ok(names.into_iter().flatten().filter(|name| !name.trim().is_empty()).map(Personal::new).collect())
    }
}

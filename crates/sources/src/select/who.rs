//! Whether a row is about a person: by an identifier in the row, or along a path of keys.

use domain::{
    IdentifierKind,
    map::{Engine, PerPerson, Role, RoleName, Through, Way, When},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};

use super::{
    column::{At, bind, col, exact, together},
    spelling,
};
use crate::{Person, Terms, catalogue::Family};

/// `None` when nothing proven of this person leads here.
pub(crate) fn about(terms: &Terms<'_>, at: At<'_>, role: &RoleName, person: &Person) -> Option<Condition> {
    let role = at.table.role(role)?;
    let ways = role.ways.iter().filter_map(|way| match way {
        // One number, several accounts: it does not tell whose they are.
        Way::Identified { by, .. } if person.shares(&at.table.name, *by) => None,
        Way::Identified { by, place, spelled } => {
            let of_kind: Vec<_> = person.identifiers.iter().filter(|identifier| identifier.kind() == *by).collect();
            spelling::is_one_of(terms.catalogues, at, place, *spelled, &of_kind)
        }
        Way::Through(path) => through(terms, at, path, person),
    });
    any(ways)
}

/// The row is about someone a hold protects, in any role.
pub(crate) fn held(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let of =
        |role: &Role| terms.holds.iter().filter_map(|person| about(terms, at, &role.name, person)).collect::<Vec<_>>();
    any(at.table.roles.iter().flat_map(of).map(Into::into))
}

/// Rows that hold one of these identifiers, for each way of a role that could be shared.
pub(crate) fn could_be_shared(
    terms: &Terms<'_>,
    at: At<'_>,
    role: &Role,
    person: &Person,
) -> Vec<(IdentifierKind, Expr)> {
    if role.per_person == PerPerson::Rows {
        return Vec::new();
    }
    let ways = role.ways.iter().filter_map(|way| match way {
        Way::Identified { by, place, spelled } => {
            let of_kind: Vec<_> = person.identifiers.iter().filter(|identifier| identifier.kind() == *by).collect();
            Some((*by, spelling::is_one_of(terms.catalogues, at, place, *spelled, &of_kind)?))
        }
        Way::Through(_) => None,
    });
    ways.collect()
}

fn through(terms: &Terms<'_>, at: At<'_>, path: &Through, person: &Person) -> Option<Expr> {
    let pointing = points_when(terms, at, &path.when);
    if path.parent.source != at.table.name.source {
        // Another database: what was found there, as values.
        let (values, column) = (person.reached.get(path)?, path.columns.first()?);
        let values: Vec<Expr> =
            values.iter().map(|value| bind(terms.catalogues, &at.table.name, column, value)).collect();
        let mysql_text = terms.catalogues.engine(&at.table.name.source) == Some(Engine::Mysql)
            && terms.catalogues.family(&at.table.name, column) == Family::Text;
        // Two numbers of another database that differ in case are two people's.
        let exactly = mysql_text.then(|| {
            let found = person.reached.get(path).into_iter().flatten();
            exact(at.col(column)).is_in(found.map(|value| exact(Expr::val(value.as_str()))))
        });
        let found = (!values.is_empty()).then(|| pointing.add(at.col(column).is_in(values)))?;
        return Some(exactly.into_iter().fold(found, Condition::add).into());
    }
    let table = terms.map.table(&path.parent)?;
    let alias = at.inner_alias();
    let parent = at.inner(table, &alias);
    let condition = about(terms, parent, &path.role, person)?;
    let mut select = Query::select();
    select.from(parent.from()).cond_where(condition);
    for column in &path.on {
        select.expr(parent.col(column));
    }
    let columns = together(path.columns.iter().map(|column| at.col(column)).collect());
    Some(pointing.add(columns.in_subquery(select)).into())
}

/// Rows of the path's kind only.
fn points_when(terms: &Terms<'_>, at: At<'_>, when: &When) -> Condition {
    when.iter().fold(Condition::all(), |all, (column, values)| {
        let values: Vec<Expr> =
            values.iter().map(|value| bind(terms.catalogues, &at.table.name, column, value)).collect();
        all.add(col(at.alias, column).is_in(values))
    })
}

fn any(conditions: impl IntoIterator<Item = Expr>) -> Option<Condition> {
    let mut conditions = conditions.into_iter().peekable();
    conditions.peek()?;
    Some(conditions.fold(Condition::any(), Condition::add))
}

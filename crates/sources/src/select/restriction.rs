//! Where a row says that one of its people has a purpose restricted.

use domain::{
    map::{Restriction, RoleName, Table},
    plan::{Restricting, Turn},
};
use sea_orm::sea_query::{Alias, Condition, DynIden, Expr, ExprTrait, IntoIden};

use super::{
    column::{At, bind},
    outcome::{Part, What, is_not_true},
    who::about,
};
use crate::{Person, Scope, Terms};

/// The rows that do not say yet what they should, by the role whose word it is. No hold and no floor stands against
/// it: nothing is taken away.
pub(super) fn parts<'a>(terms: &Terms<'a>, at: At<'a>, sides: &[Part<'a>]) -> Vec<Part<'a>> {
    let Scope::Person(person) = terms.scope else { return Vec::new() };
    let roles = at.table.roles.iter().map(|role| &role.name);
    let all = roles.flat_map(|role| person.restricting.iter().map(move |what| (role, what)));
    all.filter_map(|(role, what)| part(terms, at, role, person, what, sides)).collect()
}

fn part<'a>(
    terms: &Terms<'a>,
    at: At<'a>,
    role: &RoleName,
    person: &Person,
    restricting: &'a Restricting,
    sides: &[Part<'a>],
) -> Option<Part<'a>> {
    let columns = columns(at.table, role, restricting);
    let other = columns.fold(Condition::any(), |any, column| any.add(says_otherwise(terms, at, column, restricting)));
    if other.is_empty() {
        return None;
    }
    let rows = Condition::all().add(about(terms, at, role, person)?).add(other);
    // Rows that go, or of which nothing of theirs stays, need not say anything; those a hold or a law keeps do.
    let goes = sides.iter().filter(|side| side.roles.contains(role) && !side.what.is_for_later());
    let rows = goes.fold(rows, |rows, side| rows.add(is_not_true(side.rows.clone())));
    Some(Part {
        table: at.table,
        roles: vec![role.clone()],
        what: What::Restrict(restricting),
        rows: rows.clone(),
        takes: rows.clone(),
        takes_unless_refused: None,
        instead: None,
        roughly: rows,
    })
}

/// What the columns of a role become.
pub(crate) fn restricted(
    terms: &Terms<'_>,
    table: &Table,
    roles: &[RoleName],
    restricting: &Restricting,
) -> Vec<(DynIden, Expr)> {
    let columns = roles.iter().flat_map(|role| columns(table, role, restricting));
    let value = |restriction: &Restriction| {
        let text = match restricting.turn {
            Turn::Restricted => Some(&restriction.restricted),
            Turn::Lifted => restriction.open.as_ref(),
        };
        text.map_or_else(|| Expr::cust("NULL"), |text| bind(terms.catalogues, &table.name, &restriction.column, text))
    };
    columns.map(|column| (Alias::new(column.column.as_str()).into_iden(), value(column))).collect()
}

fn columns<'t>(table: &'t Table, role: &RoleName, restricting: &Restricting) -> impl Iterator<Item = &'t Restriction> {
    table.restrictions.iter().filter(move |restriction| {
        restriction.role == *role
            && restriction.purpose == restricting.purpose
            && restriction.cover == restricting.cover
    })
}

/// Only what says that it is restricted is lifted: what else the company keeps there stays.
fn says_otherwise(terms: &Terms<'_>, at: At<'_>, restriction: &Restriction, restricting: &Restricting) -> Condition {
    let column = || at.col(&restriction.column);
    let value = bind(terms.catalogues, &at.table.name, &restriction.column, &restriction.restricted);
    match restricting.turn {
        Turn::Restricted => Condition::any().add(column().is_null()).add(column().ne(value)),
        Turn::Lifted => Condition::all().add(column().eq(value)),
    }
}

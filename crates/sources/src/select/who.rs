//! Whether a row is about a person: by an identifier in the row, or along a path of keys.

use domain::{
    IdentifierKind, Personal,
    hold::HeldRows,
    map::{Engine, PerPerson, Place, Role, RoleName, Through, Way, When},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};

use super::{
    column::{At, bind, col, exact, key_is_one_of, place_is_one_of, together},
    outcome::is_not_true,
    spelling,
    when::began_between,
};
use crate::{Key, OnHold, Person, Terms, catalogue::Family, scope::Found};

/// `None` when nothing proven of this person leads here.
pub(crate) fn about(terms: &Terms<'_>, at: At<'_>, role: &RoleName, person: &Person) -> Option<Condition> {
    let found = found_by(terms, at, role, person, &person.found)?;
    // Of one record: the row itself, and what is not found without it.
    let otherwise = person.otherwise.as_ref().and_then(|found| found_by(terms, at, role, person, found));
    Some(otherwise.into_iter().fold(found, |found, otherwise| Condition::all().add(found).add(is_not_true(otherwise))))
}

/// By everything that was proven, as far as it leads.
fn found_by(terms: &Terms<'_>, at: At<'_>, role: &RoleName, person: &Person, found: &Found) -> Option<Condition> {
    let role = at.table.role(role)?;
    let ways = role.ways.iter().filter_map(|way| match way {
        // One number, several accounts: it does not tell whose they are.
        Way::Identified { by, .. } if person.shares(&at.table.name, *by) => None,
        Way::Identified { by, place, spelled } => {
            let of_kind: Vec<_> = person.identifiers.iter().filter(|identifier| identifier.kind() == *by).collect();
            spelling::is_one_of(terms.catalogues, at, place, *spelled, &of_kind)
        }
        Way::Through(path) => through(terms, at, path, person, found),
    });
    let all = any(ways)?;
    let without: Vec<Key> = found.without.of(&at.table.name).cloned().collect();
    if without.is_empty() {
        return Some(all);
    }
    Some(Condition::all().add(all).add(key_is_one_of(terms.catalogues, at, &without).not()))
}

/// A hold protects the row: by someone it is about, in any role, or by itself.
pub(crate) fn held(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let of = |held: &OnHold| -> Vec<Expr> {
        let roles = at.table.roles.iter();
        match held {
            OnHold::Person(person) => {
                roles.filter_map(|role| about(terms, at, &role.name, person)).map(Into::into).collect()
            }
            OnHold::Rows(rows) if rows.table == at.table.name => vec![named(terms, at, rows).into()],
            OnHold::Lot(_) => Vec::new(),
            OnHold::Rows(rows) => roles.filter_map(|role| along(terms, at, role, rows)).map(Into::into).collect(),
        }
    };
    any(terms.holds.iter().flat_map(of))
}

/// The rows a hold names.
fn named(terms: &Terms<'_>, at: At<'_>, rows: &HeldRows) -> Condition {
    let begun = rows.begun.into_iter().map(|(first, last)| began_between(terms, at, first, last));
    let with = rows.with.iter().filter_map(|(column, values)| {
        let place = &at.table.field(column)?.place;
        let values = values.iter().map(Personal::reveal);
        Some(match place {
            Place::Column(column) => {
                let name = &at.table.name;
                at.col(column).is_in(values.map(|value| bind(terms.catalogues, name, column, value)))
            }
            Place::Json { .. } => {
                let values: Vec<String> = values.map(str::to_owned).collect();
                place_is_one_of(terms.catalogues, at, place, &values)
            }
        })
    });
    begun.chain(with.map(|with| Condition::all().add(with))).fold(Condition::all(), Condition::add)
}

/// Rows whose role is found along the rows a hold names.
fn along(terms: &Terms<'_>, at: At<'_>, role: &Role, rows: &HeldRows) -> Option<Condition> {
    let paths = role.ways.iter().filter_map(|way| match way {
        Way::Through(path) => Some(path),
        Way::Identified { .. } => None,
    });
    any(paths.filter(|path| path.parent.source == at.table.name.source).filter_map(|path| {
        found(terms, at, path, |parent| {
            if parent.table.name == rows.table {
                return Some(named(terms, parent, rows));
            }
            along(terms, parent, parent.table.role(&path.role)?, rows)
        })
    }))
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

fn through(terms: &Terms<'_>, at: At<'_>, path: &Through, person: &Person, by: &Found) -> Option<Expr> {
    if path.parent.source != at.table.name.source {
        // Another database: what was found there, as values.
        let (values, column) = (by.reached(path)?, path.columns.first()?);
        let values: Vec<Expr> =
            values.iter().map(|value| bind(terms.catalogues, &at.table.name, column, value)).collect();
        let mysql_text = terms.catalogues.engine(&at.table.name.source) == Some(Engine::Mysql)
            && terms.catalogues.family(&at.table.name, column) == Family::Text;
        // Two numbers of another database that differ in case are two people's.
        let exactly = mysql_text.then(|| {
            let found = by.reached(path).into_iter().flatten();
            exact(at.col(column)).is_in(found.map(|value| exact(Expr::val(value.as_str()))))
        });
        let found =
            (!values.is_empty()).then(|| points_when(terms, at, &path.when).add(at.col(column).is_in(values)))?;
        return Some(exactly.into_iter().fold(found, Condition::add).into());
    }
    found(terms, at, path, |parent| found_by(terms, parent, &path.role, person, by))
}

/// Rows a path of keys leads to, from rows of the parent.
fn found(terms: &Terms<'_>, at: At<'_>, path: &Through, rows: impl Fn(At<'_>) -> Option<Condition>) -> Option<Expr> {
    let table = terms.map.table(&path.parent)?;
    let alias = at.inner_alias();
    let parent = at.inner(table, &alias);
    let condition = rows(parent)?;
    let mut select = Query::select();
    select.from(parent.from()).cond_where(condition);
    for column in &path.on {
        select.expr(parent.col(column));
    }
    let columns = together(path.columns.iter().map(|column| at.col(column)).collect());
    Some(points_when(terms, at, &path.when).add(columns.in_subquery(select)).into())
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

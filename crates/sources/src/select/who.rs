//! Whether a row is about a person: by an identifier in the row, or along a path of keys.

use domain::{
    Identifier,
    map::{Role, RoleName, Way},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};

use super::column::{At, bind, table_ref};
use crate::Terms;

/// `None` when no identifier of this person leads here.
pub(crate) fn about(terms: &Terms<'_>, at: At<'_>, role: &RoleName, identifiers: &[Identifier]) -> Option<Condition> {
    let role = at.table.role(role)?;
    let ways = role.ways.iter().flat_map(|way| by_way(terms, at, way, identifiers));
    any(ways)
}

/// The row is about someone a hold protects, in any role.
pub(crate) fn held(terms: &Terms<'_>, at: At<'_>) -> Option<Condition> {
    let of = |role: &Role| {
        terms.holds.iter().filter_map(|person| about(terms, at, &role.name, &person.identifiers)).collect::<Vec<_>>()
    };
    any(at.table.roles.iter().flat_map(of).map(Into::into))
}

fn by_way(terms: &Terms<'_>, at: At<'_>, way: &Way, identifiers: &[Identifier]) -> Vec<Expr> {
    match way {
        Way::Identified { by, column } => {
            let values: Vec<Expr> = identifiers
                .iter()
                .filter(|identifier| identifier.kind() == *by)
                .map(|identifier| bind(terms.catalogues, &at.table.name, column, identifier.reveal()))
                .collect();
            if values.is_empty() { Vec::new() } else { vec![at.col(column).is_in(values)] }
        }
        Way::Through { column, parent, role } => {
            let Some(table) = terms.map.table(parent) else { return Vec::new() };
            let Some(key) = table.key.first() else { return Vec::new() };
            // Aliases grow along the path, so that no inner table hides an outer one.
            let alias = format!("{}p", at.alias);
            let parent_at = At { table, alias: &alias };
            let Some(condition) = about(terms, parent_at, role, identifiers) else { return Vec::new() };
            let select = Query::select()
                .expr(parent_at.col(key))
                .from(table_ref(parent, &alias))
                .cond_where(condition)
                .to_owned();
            vec![at.col(column).in_subquery(select)]
        }
    }
}

fn any(conditions: impl IntoIterator<Item = Expr>) -> Option<Condition> {
    let mut conditions = conditions.into_iter().peekable();
    conditions.peek()?;
    Some(conditions.fold(Condition::any(), Condition::add))
}

//! By what else somebody is known: the identifiers that stand in their own records.

use std::collections::BTreeSet;

use domain::{
    Identifier, IdentifierKind, Personal,
    map::{Column, Field, FieldOf, Kind, RoleName, Table, Way},
    personal::tidy,
};
use sources::gather::{self, Row};

use crate::Portal;

/// What one side of a table's rows says about whose they are.
pub(crate) fn said<'a>(
    table: &'a Table,
    role: &RoleName,
    values: impl Iterator<Item = (&'a Column, &'a Personal)> + Clone + 'a,
) -> impl Iterator<Item = Identifier> + 'a {
    leads(table, role).flat_map(move |(by, column)| {
        let theirs = values.clone().filter(move |(of, _)| *of == column);
        theirs.filter_map(move |(_, value)| Identifier::parse(by, value.reveal()))
    })
}

/// The columns by which somebody is found in this role.
fn leads<'a>(table: &'a Table, role: &RoleName) -> impl Iterator<Item = (IdentifierKind, &'a Column)> + use<'a> {
    let ways = table.role(role).into_iter().flat_map(|role| &role.ways);
    ways.filter_map(|way| match way {
        Way::Identified { by, place, .. } => {
            Some((*by, &table.fields.iter().find(|field| field.place == *place)?.column))
        }
        Way::Through(_) => None,
    })
}

/// By what somebody is found in this column, where they are.
pub(crate) fn found_by(table: &Table, role: &RoleName, column: &Column) -> Option<IdentifierKind> {
    leads(table, role).find(|(_, of)| *of == column).map(|(by, _)| by)
}

/// What people are called in the rows that hold an identifier, in the role it leads to.
#[derive(Debug, Default)]
pub(crate) struct NamesAt(Vec<(Identifier, String)>);

impl NamesAt {
    /// Only of identifiers in `of`; what a row says of others is not theirs.
    pub(crate) fn read(&mut self, of: &[Identifier], table: &Table, role: &RoleName, row: &Row) {
        let values = || row.values.iter().filter_map(|(column, value)| Some((column, value.as_ref()?)));
        let theirs = |field: &Field| field.kind == Kind::Name && field.of == FieldOf::Role(role.clone());
        let names = values().filter(|(column, _)| table.field(column).is_some_and(theirs));
        let names: Vec<String> = names.map(|(_, name)| tidy(name.reveal())).filter(|name| !name.is_empty()).collect();
        for identifier in said(table, role, values()).filter(|identifier| of.contains(identifier)) {
            self.0.extend(names.iter().map(|name| (identifier.clone(), name.clone())));
        }
    }

    /// Where different names stand at one of them: somebody else may have used it.
    pub(crate) fn several(&self) -> Vec<IdentifierKind> {
        let differs = |(one, name): &(Identifier, String)| self.0.iter().any(|(of, other)| of == one && other != name);
        let kinds: BTreeSet<IdentifierKind> = self.0.iter().filter(|at| differs(at)).map(|(of, _)| of.kind()).collect();
        kinds.into_iter().collect()
    }
}

impl Portal {
    /// `identifier` first, and what else leads to the same person by their own records. A source that is down adds nothing.
    pub(crate) async fn also_known(&self, identifier: &Identifier) -> Vec<Identifier> {
        let mut known = vec![identifier.clone()];
        for part in gather::gather(&self.sources, &self.map, std::slice::from_ref(identifier), &[]).await {
            for rows in part.found.unwrap_or_default() {
                let Some(table) = self.map.table(&rows.table) else { continue };
                for row in &rows.rows {
                    let values = row.values.iter().filter_map(|(column, value)| Some((column, value.as_ref()?)));
                    for new in said(table, &rows.role, values) {
                        if !known.contains(&new) {
                            known.push(new);
                        }
                    }
                }
            }
        }
        known
    }
}

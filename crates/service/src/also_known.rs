//! By what else somebody is known: the identifiers that stand in their own records.

use domain::{
    Identifier, Personal,
    map::{Column, RoleName, Table, Way},
};
use sources::gather;

use crate::Portal;

/// What one side of a table's rows says about whose they are.
pub(crate) fn said<'a>(
    table: &'a Table,
    role: &RoleName,
    values: impl Iterator<Item = (&'a Column, &'a Personal)> + Clone + 'a,
) -> impl Iterator<Item = Identifier> + 'a {
    let ways = table.role(role).into_iter().flat_map(|role| &role.ways);
    ways.filter_map(|way| match way {
        Way::Identified { by, place, .. } => {
            Some((*by, table.fields.iter().find(|field| field.place == *place)?.column.clone()))
        }
        Way::Through(_) => None,
    })
    .flat_map(move |(by, column)| {
        let theirs = values.clone().filter(move |(of, _)| **of == column);
        theirs.filter_map(move |(_, value)| Identifier::parse(by, value.reveal()))
    })
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

//! Whose rows can be found where only some of the databases hold what they held when a backup was made.

use super::{DataMap, RoleName, SourceName, TableName, Way};

/// Rows of a restored database of which nobody can say whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfound {
    pub table: TableName,
    pub role: RoleName,
    /// By way of whose table they would be found: it was not restored, and whoever was erased stands there no longer.
    pub by: TableName,
}

impl DataMap {
    /// Sides of tables in these sources that only a table of another source leads to.
    pub fn unfound_within(&self, only: &[SourceName]) -> Vec<Unfound> {
        let restored = self.tables.iter().filter(|table| only.contains(&table.name.source));
        let sides = restored.flat_map(|table| table.roles.iter().map(move |role| (&table.name, &role.name)));
        sides
            .filter_map(|(table, role)| {
                let by = self.lost_by(only, table, role)?;
                Some(Unfound { table: table.clone(), role: role.clone(), by })
            })
            .collect()
    }

    /// The table outside on whose rows every way to such a row depends; none where one way stays inside. A path has no
    /// circles: `resolve` refuses them.
    fn lost_by(&self, only: &[SourceName], table: &TableName, role: &RoleName) -> Option<TableName> {
        if !only.contains(&table.source) {
            return Some(table.clone());
        }
        let ways = &self.table(table)?.role(role)?.ways;
        let lost = ways.iter().map(|way| match way {
            Way::Identified { .. } => None,
            Way::Through(path) => self.lost_by(only, &path.parent, &path.role),
        });
        lost.collect::<Option<Vec<TableName>>>()?.into_iter().next()
    }
}

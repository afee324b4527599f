//! Which tables a path leads from, and so whose rows are found along another's.

use super::{DataMap, Role, TableName, Way};

impl DataMap {
    /// Tables with rows that are found along rows of this one, over any number of others in the same database.
    pub fn found_along<'a>(&'a self, rows_of: &'a TableName) -> impl Iterator<Item = &'a TableName> {
        let same_database = self.tables.iter().filter(|table| table.name.source == rows_of.source);
        let found = same_database.filter(|table| table.roles.iter().any(|role| self.leads(role, rows_of)));
        found.map(|table| &table.name)
    }

    /// It ends: a role never leads back to itself.
    fn leads(&self, role: &Role, to: &TableName) -> bool {
        role.ways.iter().any(|way| match way {
            Way::Identified { .. } => false,
            Way::Through(path) if path.parent.source != to.source => false,
            Way::Through(path) => {
                let parent = || self.table(&path.parent)?.role(&path.role);
                path.parent == *to || parent().is_some_and(|role| self.leads(role, to))
            }
        })
    }
}

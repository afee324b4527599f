//! What a recipient has got, by the map.

use super::{DataMap, Table};

impl DataMap {
    /// Tables of which a recipient gets rows.
    pub fn given_to<'a>(&'a self, recipient: &'a str) -> impl Iterator<Item = &'a Table> {
        self.tables.iter().filter(move |table| table.recipients.iter().any(|shared| shared.to == recipient))
    }
}

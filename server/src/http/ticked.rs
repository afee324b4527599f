//! The tables whose boxes are ticked in a form.

use std::collections::BTreeSet;

use app::components::TABLE;
use domain::map::{DataMap, TableName};

/// Whether the form lists tables at all.
pub(super) const LISTED: &str = "tables";

/// Of the map's tables, those a form has a value for.
pub(super) fn ticked<'f>(map: &DataMap, said: impl Fn(&str) -> &'f str) -> BTreeSet<TableName> {
    let names = map.tables.iter().map(|table| &table.name);
    names.filter(|name| !said(&format!("{TABLE}{name}")).is_empty()).cloned().collect()
}

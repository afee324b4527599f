//! What a form says whose fields depend on the data map; and the tables whose boxes are ticked in it.

use std::collections::BTreeSet;

use app::components::TABLE;
use domain::map::{DataMap, TableName};

/// Whether the form lists tables at all.
pub(super) const LISTED: &str = "tables";

/// What a form says by a name; nothing where it does not.
pub(super) fn said<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(said, _)| said == name).map_or("", |(_, value)| value.as_str())
}

/// Of the map's tables, those a form has a value for.
pub(super) fn ticked<'f>(map: &DataMap, said: impl Fn(&str) -> &'f str) -> BTreeSet<TableName> {
    let names = map.tables.iter().map(|table| &table.name);
    names.filter(|name| !said(&format!("{TABLE}{name}")).is_empty()).cloned().collect()
}

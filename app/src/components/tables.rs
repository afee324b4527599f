//! Kinds of records to tick, and their names in a sentence.

use domain::map::{DataMap, Table, TableName};
use leptos::prelude::*;

use crate::text::Text;

/// What a ticked table is called in a form.
pub const TABLE: &str = "table:";

pub fn table_boxes<'a>(
    t: Text,
    tables: impl Iterator<Item = &'a Table>,
    ticked: impl Fn(&TableName) -> bool,
) -> AnyView {
    let boxes: Vec<_> = tables
        .enumerate()
        .map(|(n, table)| {
            let (id, name) = (format!("table-{n}"), table.name.to_string());
            let checked = ticked(&table.name);
            view! {
                <div class="radio">
                    <input type="checkbox" id=id.clone() name=format!("{TABLE}{name}") value="on" checked=checked/>
                    <label for=id>{table.words.in_lang(t.lang()).to_owned()}</label>
                </div>
            }
        })
        .collect();
    boxes.into_any()
}

/// In the order of the map.
pub fn table_names(t: Text, map: &DataMap, of: impl Fn(&TableName) -> bool) -> String {
    let tables = map.tables.iter().filter(|table| of(&table.name));
    let names: Vec<_> = tables.map(|table| table.words.in_lang(t.lang()).to_owned()).collect();
    names.join(t.represent_people_and())
}

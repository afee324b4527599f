//! Of which records a copy is that an officer agrees to: those that were asked for, and may be handed out.

use domain::map::DataMap;
use leptos::prelude::*;
use service::{copies::may_hand_out, requests::Followed};

use crate::{
    components::{Typed, is_given_back, table_boxes},
    text::Text,
};

/// All ticked at first; nothing where nothing is handed out.
pub(super) fn extent(t: Text, map: &DataMap, followed: &Followed, typed: &Typed) -> Option<AnyView> {
    may_hand_out(map, followed.request.kind)?;
    let extent = &followed.extent;
    let error = typed.error("tables");
    let unticked = typed.value("unticked");
    let unticked: Vec<&str> = unticked.split(' ').collect();
    let offered = map.tables.iter().filter(|table| extent.covers(&table.name));
    let boxes = table_boxes(t, offered, |name| !unticked.contains(&name.to_string().as_str()));
    let open = error.is_some() || unticked != [""] || is_given_back("tables");
    let message = error.map(|message| view! { <p class="field-error">{message}</p> });
    Some(
        view! {
            <details open=open>
                <summary>{t.case_extent_open()}</summary>
                <fieldset class="field" id="tables">
                    <legend>{t.case_extent()}</legend>
                    <p class="hint">{t.case_extent_hint()}</p>
                    {message}
                    <input type="hidden" name="tables" value="listed"/>
                    {boxes}
                </fieldset>
            </details>
        }
        .into_any(),
    )
}

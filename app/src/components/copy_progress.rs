//! How far the writing of a copy has come: as a bar and in words, for the page as it is when it is loaded.

use leptos::prelude::*;
use service::store::copies::StoredCopy;

use crate::{
    format,
    text::{Text, named},
};

/// What was counted beforehand is about right: the company's databases are in use.
pub fn copy_progress(t: Text, copy: &StoredCopy) -> AnyView {
    let Some(expected) = copy.expected.filter(|expected| *expected > 0) else {
        let said = t.copy_progress(format::count(copy.records));
        return view! {
            <p><progress aria-label=said.clone()></progress></p>
            <p role="status">{said}</p>
        }
        .into_any();
    };
    let written = Ord::min(copy.records, expected);
    let said = t.copy_progress_of(named::CopyProgressOf { n: format::count(written), all: format::count(expected) });
    view! {
        <p><progress aria-label=said.clone() value=written.to_string() max=expected.to_string()></progress></p>
        <p role="status">{said}</p>
    }
    .into_any()
}

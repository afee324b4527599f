//! Whoever has signed in one way does not find what they asked for when signed in another.

use domain::{Identifier, IdentifierKind};
use leptos::prelude::*;

use crate::{paths, text::Text};

/// Which requests are not in this list, and how to see them: nobody looks for a second way of signing in.
pub(super) fn other_way(t: Text, proven: &[Identifier]) -> Option<AnyView> {
    let has = |kind| proven.iter().any(|identifier| identifier.kind() == kind);
    let (what, path, how) = match (has(IdentifierKind::Email), has(IdentifierKind::Mobile)) {
        (true, true) => return None,
        (true, false) => (t.requests_not_by_mobile(), paths::SIGN_IN_PARCEL, t.requests_also_by_mobile()),
        (false, _) => (t.requests_not_by_email(), paths::SIGN_IN, t.requests_also_by_email()),
    };
    Some(view! { <p class="hint">{what} " " <a href=path>{how}</a></p> }.into_any())
}

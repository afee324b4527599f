//! The first of two officers agrees that something is handed out; another writes to the person and hands it out.

use leptos::prelude::*;
use service::requests::Case;

use super::heed::heed;
use crate::{
    components::{Typed, button},
    paths,
    text::Text,
};

pub(super) fn agree_to_hand_out(t: Text, case: &Case, typed: &Typed) -> AnyView {
    view! {
        <form method="post" action=paths::case_action(&case.followed.request.number, "agree") novalidate=true>
            <p>{t.case_agree_what()}</p>
            {nobody_else(t, case)}
            {heed(t, case.to_heed.as_ref(), typed)}
            {button(t.case_agree())}
        </form>
    }
    .into_any()
}

/// Where two are needed and there is one, or it would wait for ever and nobody would know for what.
pub(super) fn nobody_else(t: Text, case: &Case) -> Option<impl IntoView + use<>> {
    case.colleagues.is_empty().then(|| view! { <p><strong>{t.decide_nobody_else()}</strong></p> })
}

//! The press beside one masked value. It leads to the question why, and only then is the value shown.

use domain::{ids::RequestNumber, look::Spot};
use leptos::prelude::*;

use crate::{paths, text::Text};

/// Inside a form about something else, which keeps what was ticked and typed in it.
pub fn reveal_button(t: Text, number: &RequestNumber, spot: &Spot, name: &str) -> AnyView {
    let path = paths::case_action(number, "reveal");
    view! {
        <button class="link show-one" type="submit" formaction=path name="spot" value=spot.to_string() aria-label=t.reveal_one_of(name)>
            {t.reveal_one()}
        </button>
    }
    .into_any()
}

/// Where there is no other form.
pub fn reveal_form(t: Text, number: &RequestNumber, spot: &Spot, name: &str) -> AnyView {
    view! {
        <form class="show-one" method="post" action=paths::case_action(number, "reveal")>
            {reveal_button(t, number, spot, name)}
        </form>
    }
    .into_any()
}

//! A member of staff changes their own password.

use leptos::prelude::*;
use service::sign_in::SHORTEST_PASSWORD;

use super::sign_in::totp_field;
use crate::{
    components::{Field, Typed, button, error_summary, field, notice},
    page::Page,
    paths,
    text::Text,
};

/// Whether it has just been changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    JustNow,
    NotYet,
}

pub fn own_password(t: Text, changed: Changed, typed: &Typed) -> Page {
    let done = match changed {
        Changed::JustNow => Some(notice(t.staff_changed(), view! { <p>{t.staff_changed_what()}</p> })),
        Changed::NotYet => None,
    };
    let hint = t.staff_new_hint(SHORTEST_PASSWORD);
    let one = |id, label, hint, autocomplete| {
        field(Field { id, label, hint, kind: "password", input_mode: "text", autocomplete }, typed)
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.staff_change_title()}</h1>
        {done}
        <p>{t.staff_change_lead()}</p>
        <form method="post" action=paths::OWN_PASSWORD novalidate=true>
            {one("current", t.staff_current(), "", "current-password")}
            {one("password", t.staff_new(), &hint, "new-password")}
            {one("again", t.staff_again(), "", "new-password")}
            {totp_field(t, typed)}
            {button(t.staff_change_go())}
        </form>
    };
    Page::new(t.staff_change_title(), body).failed_if(typed.failed())
}

//! From one officer to another: the form, and what whoever it was given to reads.

use leptos::prelude::*;
use service::requests::{Case, HeldBy};

use crate::{
    components::{Typed, is_given_back, notice, select, text_area},
    format, paths,
    text::Text,
};

/// For an officer who has it, or while nobody does.
pub(super) fn pass_on(t: Text, case: &Case, typed: &Typed) -> Option<AnyView> {
    let request = &case.followed.request;
    let owner = match case.held_by {
        HeldBy::Nobody => String::new(),
        HeldBy::Themselves => request.owner.map(|owner| owner.to_string()).unwrap_or_default(),
        HeldBy::Colleague(_) => return None,
    };
    if !request.stage.is_open() {
        return None;
    }
    let open = ["to", "why"].iter().any(|field| typed.error(field).is_some()) || is_given_back("why");
    let form = if case.colleagues.is_empty() {
        view! { <p class="hint">{t.desk_nobody_else()}</p> }.into_any()
    } else {
        let officers = case.colleagues.iter().map(|officer| (officer.id.to_string(), officer.name.clone()));
        let officers = [(String::new(), t.represent_choose().to_owned())].into_iter().chain(officers).collect();
        view! {
            <form method="post" action=paths::case_action(&request.number, "pass-on") novalidate=true>
                <input type="hidden" name="owner" value=owner/>
                {select("to", t.desk_pass_to(), officers, typed)}
                {text_area("why", t.desk_pass_why(), t.desk_note_hint(), typed)}
                <button type="submit">{t.desk_pass_go()}</button>
            </form>
        }
        .into_any()
    };
    Some(view! { <details open=open><summary>{t.desk_pass()}</summary>{form}</details> }.into_any())
}

/// Said first to whoever it was passed on to.
pub(super) fn passed_on(t: Text, case: &Case) -> Option<AnyView> {
    let note = case.passed_on.as_ref().filter(|_| case.held_by == HeldBy::Themselves)?;
    let name = case.names.get(&note.by).map_or(t.desk_somebody(), String::as_str);
    let words = note.words.reveal().to_owned();
    let at = format::moment(t.lang(), note.at);
    Some(notice(t.desk_passed(name), view! { <blockquote>{words}</blockquote> <p class="hint">{at}</p> }))
}

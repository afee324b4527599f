//! Who works on a case, and what officers tell each other about it. The person never sees this.

use leptos::prelude::*;
use service::requests::{Case, HeldBy};

use super::{May, pass_on::pass_on};
use crate::{
    components::{Typed, is_given_back, text_area},
    format, paths,
    text::{Text, named},
};

pub(super) fn colleagues(t: Text, case: &Case, may: May, typed: &Typed) -> AnyView {
    let number = &case.followed.request.number;
    let notes: Vec<_> = case
        .notes
        .iter()
        .map(|note| {
            let name = case.names.get(&note.by).map_or(t.desk_somebody(), String::as_str);
            let at = format::moment(t.lang(), note.at);
            let by = match note.passed_to.map(|to| case.names.get(&to).map_or(t.desk_somebody(), String::as_str)) {
                Some(to) => t.desk_by_passing(named::DeskByPassing { name, at, to }),
                None => t.desk_by(named::DeskBy { name, at }),
            };
            view! { <li><p>{note.words.reveal().to_owned()}</p> <p class="hint">{by}</p></li> }
        })
        .collect();
    let notes = if notes.is_empty() {
        view! { <p class="hint">{t.desk_none()}</p> }.into_any()
    } else {
        view! { <ul class="plain">{notes}</ul> }.into_any()
    };
    let action = |name| paths::case_action(number, name);
    let open = typed.error("note").is_some() || is_given_back("note");
    let forms = (may == May::Decide).then(|| {
        let take = |words: String, owner: String| {
            view! {
                <form method="post" action=action("take")>
                    <input type="hidden" name="owner" value=owner/>
                    <button type="submit">{words}</button>
                </form>
            }
        };
        let give_back = || {
            view! {
                <form method="post" action=action("give-back")><button type="submit">{t.desk_give_back()}</button></form>
            }
        };
        let actions = match case.held_by {
            HeldBy::Nobody => take(t.desk_take().to_owned(), String::new()).into_any(),
            HeldBy::Themselves => give_back().into_any(),
            HeldBy::Colleague(owner) => {
                let name = case.names.get(&owner).map_or(t.desk_somebody(), String::as_str);
                view! { {take(t.desk_take_over(name), owner.to_string())} {give_back()} }.into_any()
            }
        };
        view! {
            <div class="actions">{actions}</div>
            {pass_on(t, case, typed)}
            <details open=open>
                <summary>{t.desk_note()}</summary>
                <form method="post" action=action("note") novalidate=true>
                    {text_area("note", t.desk_note(), t.desk_note_hint(), typed)}
                    <button type="submit">{t.desk_note_add()}</button>
                </form>
            </details>
        }
    });
    view! {
        <section aria-labelledby="colleagues-title">
            <h2 id="colleagues-title">{t.desk_title()}</h2>
            <h3>{t.desk_notes()}</h3>
            {notes}
            {forms}
        </section>
    }
    .into_any()
}

//! Asking for somebody else: what is asked, who one is to them, how they are found, and what shows it.

use domain::request::{Capacity, RequestKind};
use leptos::prelude::*;
use service::Portal;

use super::asking::{self, Place};
use crate::{
    components::{Typed, error_summary, file_field, radio_group, text_area},
    page::Page,
    paths,
    text::Text,
};

fn place(t: Text) -> Place {
    Place {
        title: t.represent_title(),
        lead: t.represent_lead(),
        question: t.represent_kind(),
        path: paths::FOR_ANOTHER,
        back: (paths::RIGHTS, t.wish_back()),
    }
}

/// What is asked.
pub fn represent_which(t: Text, portal: &Portal, typed: &Typed) -> Page {
    asking::which(t, portal, place(t), typed)
}

/// All that belongs to it.
pub fn represent(t: Text, portal: &Portal, kind: Option<RequestKind>, typed: &Typed) -> Page {
    let lang = t.lang();
    let capacities = Capacity::ALL.map(|capacity| {
        let name = capacity.words().in_lang(lang).to_owned();
        (capacity.as_str().to_owned(), name, t.represent_next_upload(capacity.shown_by().in_lang(lang)))
    });
    let (label, hint) = words(t, kind);
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.represent_title()}</h1>
        <form method="post" action=paths::FOR_ANOTHER novalidate=true>
            {asking::chosen(t, portal, place(t), kind, typed)}
            {asking::before(t, &portal.map, kind)}
            {radio_group("capacity", t.represent_capacity(), capacities.to_vec(), typed)}
            {asking::about_field(t, &portal.map, kind, typed)}
            {asking::records_field(t, &portal.map, kind, typed)}
            {asking::who(t, typed)}
            {text_area("words", label, hint, typed)}
            {asking::to_check(t)}
        </form>
        <p><a href=paths::RIGHTS>{t.wish_back()}</a></p>
    };
    Page::new(t.represent_title(), body).failed_if(typed.failed())
}

/// Everything once more, and the evidence.
pub fn represent_check(t: Text, portal: &Portal, kind: RequestKind, typed: &Typed) -> Page {
    let lang = t.lang();
    let capacity = Capacity::parse(&typed.value("capacity"));
    let keep = portal.map.portal.keep_evidence.say(lang);
    let shown_by = capacity.map(|capacity| {
        view! { <p>{t.represent_check_shown_by(capacity.shown_by().in_lang(lang))}</p> }
    });
    let mut lines = asking::said(t, &portal.map, kind, typed);
    lines.extend(capacity.map(|capacity| (t.represent_line_capacity(), capacity.words().in_lang(lang).to_owned())));
    let words = typed.value("words");
    lines.extend((!words.is_empty()).then(|| (t.represent_line_words(), words)));
    let files = view! {
        {shown_by}
        {file_field("evidence", t.represent_evidence(), &t.represent_evidence_hint(keep), typed)}
    };
    asking::check(t, place(t), lines, typed, files.into_any(), t.represent_submit())
}

/// Nobody needs a reason to withdraw (PIPL art. 15), nor to close an account (E-Commerce Law art. 24).
fn words(t: Text, kind: Option<RequestKind>) -> (&'static str, &'static str) {
    match kind {
        Some(RequestKind::Withdraw | RequestKind::CancelAccount) => (t.represent_words_more(), t.wish_hint()),
        Some(RequestKind::Correct) => (t.represent_words_correct(), t.represent_words_correct_hint()),
        Some(_) | None => (t.represent_words(), t.represent_words_hint()),
    }
}

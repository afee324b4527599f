//! Asking for somebody else: who one is to them, what is asked, how they are found, and what shows it.

use domain::{
    consent::Cover,
    map::DataMap,
    request::{Capacity, RequestKind},
};
use leptos::prelude::*;
use service::{Portal, requests::may_be_asked_for};

use super::restrict::value;
use crate::{
    components::{
        Field, Typed, button, error_summary, field, file_field, radio_group, restriction_name, select, text_area,
    },
    page::Page,
    paths,
    text::Text,
};

pub fn represent(t: Text, portal: &Portal, typed: &Typed) -> Page {
    let lang = t.lang();
    let map: &DataMap = &portal.map;
    let capacities = Capacity::ALL.map(|capacity| {
        let name = capacity.words().in_lang(lang).to_owned();
        (capacity.as_str().to_owned(), name, capacity.shown_by().in_lang(lang).to_owned())
    });
    let keep = map.portal.keep_evidence.say(lang);
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.represent_title()}</h1>
        <p class="lead">{t.represent_lead()}</p>
        <form method="post" action=paths::FOR_ANOTHER enctype="multipart/form-data" novalidate=true>
            {radio_group("capacity", t.represent_capacity(), capacities.to_vec(), typed)}
            {select("kind", t.represent_kind(), kinds(t, portal), typed)}
            {select("about", t.represent_about(), purposes(t, map), typed)}
            {who(t, typed)}
            {text_area("words", t.represent_words(), t.represent_words_hint(), typed)}
            {file_field("evidence", t.represent_evidence(), &t.represent_evidence_hint(keep), typed)}
            {button(t.represent_submit())}
        </form>
        <p><a href=paths::RIGHTS>{t.wish_back()}</a></p>
    };
    Page::new(t.represent_title(), body).failed_if(typed.failed())
}

/// What can be asked for in words, with nothing chosen first.
pub(crate) fn kinds(t: Text, portal: &Portal) -> Vec<(String, String)> {
    let kinds = RequestKind::ALL.into_iter().filter(|kind| may_be_asked_for(*kind) && portal.serves(*kind));
    let kinds = kinds.map(|kind| (kind.slug(), kind.name(t.lang())));
    [(String::new(), t.represent_choose().to_owned())].into_iter().chain(kinds).collect()
}

/// What a restriction or an objection can be about; nothing, where one does not know what the company calls it.
pub(crate) fn purposes(t: Text, map: &DataMap) -> Vec<(String, String)> {
    let all = map.purposes.keys().map(|purpose| (purpose.as_str(), Cover::Purpose));
    let parts = map.restrictions().into_iter().filter(|(_, cover)| *cover != Cover::Purpose);
    let options =
        all.chain(parts).map(|(purpose, cover)| (value(purpose, cover), restriction_name(t, map, purpose, cover)));
    [(String::new(), t.represent_about_none().to_owned())].into_iter().chain(options).collect()
}

/// The identifiers of the person it is about.
pub(crate) fn who(t: Text, typed: &Typed) -> AnyView {
    let one = |id, label, kind, input_mode| {
        field(Field { id, label, hint: "", kind, input_mode, autocomplete: "off" }, typed)
    };
    view! {
        <fieldset class="field">
            <legend>{t.represent_who()}</legend>
            <p class="hint">{t.represent_who_hint()}</p>
            {one("email", t.represent_email(), "email", "email")}
            {one("mobile", t.represent_mobile(), "tel", "tel")}
        </fieldset>
    }
    .into_any()
}

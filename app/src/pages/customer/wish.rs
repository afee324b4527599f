//! What is asked in one's own words: one question about what, one in words.

use domain::{consent::Cover, map::DataMap, plan::Turn, request::RequestKind};
use jiff::civil::Date;
use leptos::prelude::*;
use service::requests::{About, Origin, Wish, about};

use crate::{
    components::{Field, Typed, attach, button, error_summary, field, radio_group, restriction_name, text_area},
    format,
    page::Page,
    paths,
    text::Text,
};

pub fn wish(t: Text, map: &DataMap, kind: RequestKind, due: Date, typed: &Typed) -> Page {
    let title = kind.name(t.lang());
    let (lead, words) = texts(t, kind);
    let choose = match about(kind) {
        // One's own consent is withdrawn on a page of its own.
        About::Nothing | About::Consent => None,
        About::Purpose => Some((t.wish_about_purpose(), purposes(t, map))),
        About::Decision => Some((t.wish_about_decision(), decisions(t, map))),
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <p class="lead">{lead}</p>
        <p class="hint">{kind.statute().in_lang(t.lang()).to_owned()}</p>
        <form method="post" action=paths::wish(kind) enctype="multipart/form-data" novalidate=true>
            {choose.map(|(legend, options)| radio_group("about", legend, options, typed))}
            {to_whom(t, kind, typed)}
            {text_area("words", words, t.wish_hint(), typed)}
            {attach(t, typed)}
            <p>{t.wish_next(format::weekday(t.lang(), due))}</p>
            {button(t.wish_submit())}
        </form>
        <p><a href=paths::RIGHTS>{t.wish_back()}</a></p>
    };
    Page::new(title, body).failed_if(typed.failed())
}

/// A transfer names the other company first.
fn to_whom(t: Text, kind: RequestKind, typed: &Typed) -> Option<AnyView> {
    let one = |id, label, hint| Field { id, label, hint, kind: "text", input_mode: "text", autocomplete: "off" };
    (kind == RequestKind::Transfer).then(|| {
        view! {
            {field(one("company", t.wish_transfer_company(), ""), typed)}
            {field(one("reach", t.wish_transfer_reach(), t.wish_transfer_reach_hint()), typed)}
        }
        .into_any()
    })
}

fn purposes(t: Text, map: &DataMap) -> Vec<(String, String, String)> {
    let option = |(id, purpose): (&String, &domain::map::written::Purpose)| {
        (id.clone(), purpose.name.in_lang(t.lang()).to_owned(), purpose.why.in_lang(t.lang()).to_owned())
    };
    map.purposes.iter().map(option).collect()
}

pub(super) fn decisions(t: Text, map: &DataMap) -> Vec<(String, String, String)> {
    let option = |(id, made): (&String, &domain::map::written::Automated)| {
        (id.clone(), made.name.in_lang(t.lang()).to_owned(), made.effect.in_lang(t.lang()).to_owned())
    };
    map.automated.iter().map(option).collect()
}

/// What it means, and the label of the words.
fn texts(t: Text, kind: RequestKind) -> (&'static str, &'static str) {
    match kind {
        RequestKind::Complete => (t.wish_complete_lead(), t.wish_complete_words()),
        RequestKind::Transfer => (t.wish_transfer_lead(), t.wish_transfer_words()),
        RequestKind::ExplainRules => (t.wish_explain_rules_lead(), t.wish_explain_rules_words()),
        RequestKind::ExplainDecision => (t.wish_explain_decision_lead(), t.wish_explain_decision_words()),
        RequestKind::RefuseDecision => (t.wish_refuse_decision_lead(), t.wish_refuse_decision_words()),
        RequestKind::Complaint => (t.wish_complaint_lead(), t.wish_complaint_words()),
        // These have pages of their own.
        RequestKind::Copy
        | RequestKind::Delete
        | RequestKind::CancelAccount
        | RequestKind::Withdraw
        | RequestKind::Restrict
        | RequestKind::Object
        | RequestKind::Lift
        | RequestKind::Correct => (t.rights_lead(), t.wish_complaint_words()),
    }
}

/// What the person did, where the request came of a word of consent: they have asked for nothing by that name.
pub(super) fn by_consent(t: Text, map: &DataMap, kind: RequestKind, wish: &Wish) -> Option<String> {
    let said = wish.restricting(kind)?;
    let name = restriction_name(t, map, &said.purpose, said.cover);
    match wish.origin {
        Origin::Asked => None,
        Origin::Unsaid => Some(t.consent_goes_on(name)),
        Origin::Consent => Some(match said.turn {
            Turn::Lifted => t.consent_agreed_again(name),
            Turn::Restricted => t.consent_no_longer(name),
        }),
    }
}

/// What was asked, on the request's page and on the officer's; nothing where its words are another's to read.
pub(crate) fn asked(t: Text, map: &DataMap, wish: &Wish) -> Option<AnyView> {
    if wish.about.is_none() && wish.words.is_empty() {
        return None;
    }
    let about = wish.about.as_ref().map(|name| {
        let purpose = map.purposes.get(name).map(|purpose| &purpose.name);
        let decision = || map.automated.get(name).map(|made| &made.name);
        let words = purpose.or_else(decision).map_or_else(|| name.clone(), |words| words.in_lang(t.lang()).to_owned());
        let words = match wish.cover {
            Cover::Purpose => words,
            Cover::Sensitive | Cover::Provision | Cover::Abroad => restriction_name(t, map, name, wish.cover),
        };
        view! { <p>{t.wish_about(words)}</p> }
    });
    let said = (!wish.words.is_empty()).then(|| view! { <blockquote>{wish.words.clone()}</blockquote> });
    Some(view! { <h2>{t.wish_asked()}</h2> {about} {said} }.into_any())
}

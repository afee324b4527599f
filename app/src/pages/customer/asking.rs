//! What is asked for somebody else, by a representative or by staff who write it down: one thing a page. First what, then
//! what belongs to that, then everything once more.

use std::collections::BTreeSet;

use domain::{
    consent::Cover,
    map::{DataMap, TableName},
    request::RequestKind,
};
use leptos::prelude::*;
use service::{
    Portal,
    requests::{About, about, may_be_asked_for, may_be_of_some, with_along},
};

use super::{restrict::value, wish::decisions};
use crate::{
    components::{Field, Typed, error_summary, field, radio_group, restriction_name, select, table_boxes, table_names},
    page::Page,
    text::Text,
};

/// Where it is asked, and in which words.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    /// What is asked.
    pub(crate) question: &'static str,
    pub(crate) path: &'static str,
    /// Where else to go, and what that is called.
    pub(crate) back: (&'static str, &'static str),
}

/// Says that the page of choices was sent: without one chosen, its address alone would not tell.
pub const CHOOSE: &str = "choose";

/// First: what is asked.
pub(crate) fn which(t: Text, portal: &Portal, place: Place, typed: &Typed) -> Page {
    let body = view! {
        {error_summary(t, typed)}
        <h1>{place.title}</h1>
        <p class="lead">{place.lead}</p>
        <form method="get" action=place.path novalidate=true>
            {radio_group("kind", place.question, kinds(t, portal), typed)}
            <input type="hidden" name="step" value=CHOOSE/>
            <button class="primary" type="submit">{t.represent_continue()}</button>
        </form>
        <p><a href=place.back.0>{place.back.1}</a></p>
    };
    Page::new(place.title, body).failed_if(typed.failed())
}

/// All that can be asked for somebody else.
fn kinds(t: Text, portal: &Portal) -> Vec<(String, String, String)> {
    let kinds = RequestKind::ALL.into_iter().filter(|kind| may_be_asked_for(*kind) && portal.serves(*kind));
    kinds.map(|kind| (kind.slug(), kind.name(t.lang()), what(t, kind).to_owned())).collect()
}

fn what(t: Text, kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Copy => t.represent_copy_what(),
        RequestKind::Delete => t.represent_delete_what(),
        RequestKind::Withdraw => t.represent_withdraw_what(),
        RequestKind::Correct => t.represent_correct_what(),
        RequestKind::Complete => t.represent_complete_what(),
        RequestKind::Transfer => t.represent_transfer_what(),
        RequestKind::Restrict => t.represent_restrict_what(),
        RequestKind::Object => t.represent_object_what(),
        RequestKind::ExplainRules => t.represent_rules_what(),
        RequestKind::ExplainDecision => t.represent_explain_what(),
        RequestKind::RefuseDecision => t.represent_refuse_what(),
        RequestKind::Complaint => t.represent_complaint_what(),
        RequestKind::CancelAccount => t.represent_cancel_what(),
        RequestKind::Lift => "",
    }
}

/// Then: that it is this, and the way to something else. Where a form came without it, all there is to choose from.
pub(crate) fn chosen(t: Text, portal: &Portal, place: Place, kind: Option<RequestKind>, typed: &Typed) -> AnyView {
    let Some(kind) = kind else { return radio_group("kind", place.question, kinds(t, portal), typed) };
    view! {
        <input type="hidden" name="kind" value=kind.slug()/>
        <p>
            {t.represent_chosen(kind.name(t.lang()))} " " <a href=place.path>{t.represent_chosen_other()}</a>
        </p>
    }
    .into_any()
}

/// What is to be known before an account is closed, by what the map says: of whom it is asked nothing is said.
pub(crate) fn before(t: Text, map: &DataMap, kind: Option<RequestKind>) -> Option<AnyView> {
    if kind != Some(RequestKind::CancelAccount) {
        return None;
    }
    let lang = t.lang();
    let open = map.account.blockers.iter().map(|open| {
        view! { <li>{open.words.in_lang(lang).to_owned()}</li> }
    });
    let open = (!map.account.blockers.is_empty()).then(|| {
        view! { <p>{t.cancel_others()}</p> <ul>{open.collect_view()}</ul> }
    });
    Some(view! { {open} <p class="hint">{t.cancel_others_then(map.account.cool_off.say(lang))}</p> }.into_any())
}

/// What a request of this kind is about: a use or an automated decision, where it may be about one, and a consent, where it
/// is withdrawn.
pub(crate) fn about_field(t: Text, map: &DataMap, kind: Option<RequestKind>, typed: &Typed) -> Option<AnyView> {
    match about(kind?) {
        About::Purpose => Some(select("about", t.represent_about(), purposes(t, map), typed)),
        About::Consent => Some(radio_group("about", t.represent_about_consent(), consents(t, map), typed)),
        About::Decision => Some(radio_group("about", t.represent_about_decision(), which_decision(t, map), typed)),
        About::Nothing => None,
    }
}

/// As on one's own form; and nothing, where one does not know what the company calls it.
fn which_decision(t: Text, map: &DataMap) -> Vec<(String, String, String)> {
    let unknown = (String::new(), t.represent_about_none().to_owned(), String::new());
    decisions(t, map).into_iter().chain([unknown]).collect()
}

/// What a restriction or an objection can be about; nothing, where one does not know what the company calls it.
fn purposes(t: Text, map: &DataMap) -> Vec<(String, String)> {
    let all = map.purposes.keys().map(|purpose| (purpose.as_str(), Cover::Purpose));
    let parts = map.restrictions().into_iter().filter(|(_, cover)| *cover != Cover::Purpose);
    let options =
        all.chain(parts).map(|(purpose, cover)| (value(purpose, cover), restriction_name(t, map, purpose, cover)));
    [(String::new(), t.represent_about_none().to_owned())].into_iter().chain(options).collect()
}

fn consents(t: Text, map: &DataMap) -> Vec<(String, String, String)> {
    let say = |words: &domain::Words| words.in_lang(t.lang()).to_owned();
    map.consents().map(|(id, purpose)| (id.clone(), say(&purpose.name), say(&purpose.why))).collect()
}

/// Which records, where it can be of some: by what the map has, so that nothing is said of what is held.
pub(crate) fn records_field(t: Text, map: &DataMap, kind: Option<RequestKind>, typed: &Typed) -> Option<AnyView> {
    kind.filter(|kind| may_be_of_some(*kind))?;
    let chosen = typed.value("records");
    let chosen: Vec<&str> = chosen.split(' ').filter(|name| !name.is_empty()).collect();
    let offered = map.tables.iter().filter(|table| !table.roles.is_empty());
    let boxes = table_boxes(t, offered, |name| chosen.contains(&name.to_string().as_str()));
    Some(
        view! {
            <details open=!chosen.is_empty()>
                <summary>{t.represent_records_open()}</summary>
                <fieldset class="field" id="records">
                    <legend>{t.represent_records()}</legend>
                    <p class="hint">{t.represent_records_hint()}</p>
                    {boxes}
                </fieldset>
            </details>
        }
        .into_any(),
    )
}

/// As they will be filed: what was chosen, and what of a deletion goes along with it.
fn records_said(t: Text, map: &DataMap, kind: RequestKind, typed: &Typed) -> Vec<Line> {
    if !may_be_of_some(kind) {
        return Vec::new();
    }
    let chosen: BTreeSet<TableName> = typed.value("records").split(' ').filter_map(TableName::parse).collect();
    if chosen.is_empty() {
        return vec![(t.represent_line_records(), t.represent_records_all().to_owned())];
    }
    let along: BTreeSet<TableName> = with_along(map, kind, &chosen).difference(&chosen).cloned().collect();
    let names = |of: &BTreeSet<TableName>| table_names(t, map, |table| of.contains(table));
    let along = (!along.is_empty()).then(|| (t.represent_line_along(), names(&along)));
    [Some((t.represent_line_records(), names(&chosen))), along].into_iter().flatten().collect()
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

/// A line of what is looked at once more: what it is called, and what was said.
pub(crate) type Line = (&'static str, String);

/// What both ways of asking have in common, as it was said.
pub(crate) fn said(t: Text, map: &DataMap, kind: RequestKind, typed: &Typed) -> Vec<Line> {
    let lang = t.lang();
    let about = typed.value("about");
    let (purpose, cover) =
        about.rsplit_once(':').and_then(|(p, c)| Some((p, Cover::parse(c)?))).unwrap_or((&about, Cover::Purpose));
    let name = || match map.automated.get(purpose).filter(|_| self::about(kind) == About::Decision) {
        Some(made) => made.name.in_lang(lang).to_owned(),
        None => restriction_name(t, map, purpose, cover),
    };
    let about = (!purpose.is_empty()).then(|| (t.represent_line_about(), name()));
    let records = records_said(t, map, kind, typed);
    let given = |name, field| Some((name, typed.value(field))).filter(|(_, value)| !value.is_empty());
    let what = [Some((t.represent_people_asked(), kind.name(lang))), about].into_iter().flatten();
    let whom = [given(t.represent_email(), "email"), given(t.represent_mobile(), "mobile")].into_iter().flatten();
    what.chain(records).chain(whom).collect()
}

/// At last: everything once more, and what is handed in with it. What was typed goes along unseen.
pub(crate) fn check(
    t: Text,
    place: Place,
    lines: Vec<Line>,
    typed: &Typed,
    files: AnyView,
    submit: &'static str,
) -> Page {
    let kept = typed
        .values
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.to_string() value=value.clone()/> });
    let lines =
        lines.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd class="said">{value}</dd></div> });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.represent_check_answers()}</h1>
        <dl class="facts">{lines.collect_view()}</dl>
        <form method="post" action=place.path enctype="multipart/form-data" novalidate=true>
            {kept.collect_view()}
            {files}
            <div class="actions">
                <button class="primary" type="submit">{submit}</button>
                <button type="submit" name="step" value="change">{t.represent_change()}</button>
            </div>
        </form>
    };
    Page::new(t.represent_check_answers(), body).failed_if(typed.failed())
}

/// Shown to be looked at once more before it is sent.
pub(crate) fn to_check(t: Text) -> AnyView {
    view! { <button class="primary" type="submit" name="step" value="check">{t.represent_continue()}</button> }
        .into_any()
}

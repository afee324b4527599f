//! Whose data it is about and who asks, masked until shown one by one, beside what was handed in; who has compared each point can confirm.

use domain::{
    Personal,
    ids::RequestNumber,
    look::Spot,
    request::{Capacity, Checked, Point, Requester, StageName},
};
use leptos::prelude::*;
use service::{
    Portal,
    requests::{Known, OfPerson, People},
};

use super::intake::requester;
use crate::{
    components::{Typed, button, checkbox_group, error_summary, file_list, reveal_form},
    page::Page,
    paths,
    text::{Text, named},
};

pub fn people(t: Text, portal: &Portal, number: &RequestNumber, people: &People, typed: &Typed) -> Page {
    let to_confirm = match people.requester {
        Requester::Representative { capacity, checked: Checked::NotYet } => Some(capacity),
        Requester::Representative { checked: Checked::Confirmed { .. }, .. }
        | Requester::Staff { .. }
        | Requester::Subject => None,
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.represent_people()}</h1>
        <p class="lead">{t.represent_people_what()}</p>
        <dl class="facts">
            <div><dt>{t.represent_people_asked()}</dt><dd>{people.kind.name(t.lang())}</dd></div>
            {requester(t, people.requester)}
            {known(t, portal, number, t.case_who(), &people.subject)}
            {known(t, portal, number, t.represent_people_asker(), &people.asker)}
        </dl>
        {to_confirm.map(|capacity| {
            view! { <p>{t.represent_check_shown_by(capacity.shown_by().in_lang(t.lang()))}</p> }
        })}
        {file_list(t, &people.evidence, &paths::case(number))}
        {to_confirm.map(|capacity| confirm(t, number, people.stage, capacity, typed))}
        <p><a href=paths::case(number)>{t.represent_people_back()}</a></p>
    };
    Page::new(t.represent_people(), body).failed_if(typed.failed())
}

/// Addresses, numbers and the names in the records; that there are none is worth knowing too.
fn known(t: Text, portal: &Portal, number: &RequestNumber, who: &'static str, known: &Known) -> AnyView {
    let lang = t.lang();
    let identifiers = known.identifiers.iter().map(|one| {
        view! { <div>{shown_of_person(one)} {show_one(t, number, one)}</div> }
    });
    let names = known.names.iter().map(|name| {
        let of: Vec<_> = name.of.iter().map(|of| of.in_lang(lang)).collect();
        let line = t.represent_people_name(named::RepresentPeopleName {
            name: shown_of_person(&name.name),
            record: of.join(t.represent_people_and()),
        });
        view! { <div>{line} {show_one(t, number, &name.name)}</div> }
    });
    let missing = known.missing.iter().map(|source| {
        let line = t.represent_people_missing(portal.map.source_name(source, lang));
        view! { <br/> <span class="hint">{line}</span> }
    });
    let several = (!known.several_names.is_empty())
        .then(|| view! { <br/> <span class="hint">{t.represent_people_several()}</span> });
    let nobody = (known.names.is_empty() && known.missing.is_empty())
        .then(|| view! { <br/> <span class="hint">{t.represent_people_no_name()}</span> });
    view! {
        <div>
            <dt>{who}</dt>
            <dd>{identifiers.collect_view()} {names.collect_view()} {several} {missing.collect_view()} {nobody}</dd>
        </div>
    }
    .into_any()
}

fn shown_of_person(one: &OfPerson) -> String {
    one.full.as_ref().map_or(one.masked.as_str(), Personal::reveal).to_owned()
}

/// Where there is more of it than is shown.
fn show_one(t: Text, number: &RequestNumber, one: &OfPerson) -> Option<AnyView> {
    let spot = Spot::Person { token: one.token.clone() };
    (one.is_hidden && one.full.is_none()).then(|| reveal_form(t, number, &spot, &one.masked))
}

/// Each point on its own; where one is missing, what else there is to do.
fn confirm(t: Text, number: &RequestNumber, stage: StageName, capacity: Capacity, typed: &Typed) -> AnyView {
    let points =
        Point::ALL.map(|point| (point.as_str().to_owned(), point.words(capacity).in_lang(t.lang()).to_owned()));
    let case = paths::case(number);
    // One question waits at a time.
    let ask = (stage != StageName::Asked)
        .then(|| view! { <li><a href=format!("{case}?ask#question")>{t.represent_else_ask()}</a></li> });
    let refuse = format!("{case}?refuse#reason");
    let by_article_49 = (capacity == Capacity::NearRelative)
        .then(|| view! { <li><a href=refuse.clone()>{t.represent_else_relative()}</a></li> });
    view! {
        <form method="post" action=paths::case_action(number, "confirm") novalidate=true>
            {checkbox_group("point", t.represent_points(), points.to_vec(), typed)}
            <p class="hint">{t.represent_points_means()}</p>
            {button(t.represent_check_confirm())}
        </form>
        <h2>{t.represent_else()}</h2>
        <ul>
            {ask}
            <li><a href=refuse.clone()>{t.represent_else_refuse()}</a></li>
            {by_article_49}
        </ul>
    }
    .into_any()
}

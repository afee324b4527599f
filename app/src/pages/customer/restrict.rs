//! To have a purpose stopped, or to let it go on again (PIPL art. 44): one question, and a word if one likes.

use domain::{consent::Cover, map::DataMap, request::RequestKind};
use jiff::civil::Date;
use leptos::prelude::*;
use service::requests::{LiftedBy, Processing, Stoppable, Use};

use crate::{
    components::{Typed, button, empty, error_summary, radio_group, restriction_name, text_area},
    format,
    page::Page,
    paths,
    text::Text,
};

/// Restriction or objection, about any purpose there is.
pub fn restrict(t: Text, map: &DataMap, kind: RequestKind, stoppable: &[Stoppable], due: Date, typed: &Typed) -> Page {
    let title = kind.name(t.lang());
    let lead = if kind == RequestKind::Object { t.wish_object_lead() } else { t.wish_restrict_lead() };
    let stopped = stoppable.iter().any(|one| one.processing == Processing::Restricted);
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <p class="lead">{lead}</p>
        <p class="hint">{kind.statute().in_lang(t.lang()).to_owned()}</p>
        {stopped.then(|| view! { <p><a href=paths::wish(RequestKind::Lift)>{t.restrict_where()}</a></p> })}
        <form method="post" action=paths::wish(kind) novalidate=true>
            {radio_group("about", t.restrict_which(), options(t, map, stoppable), typed)}
            {text_area("words", t.restrict_words(), t.wish_hint(), typed)}
            <p>{t.restrict_next(format::weekday(t.lang(), due))}</p>
            {button(t.restrict_submit())}
        </form>
        <p><a href=paths::MINE_CONSENT>{t.restrict_or_withdraw()}</a></p>
        <p><a href=paths::RIGHTS>{t.wish_back()}</a></p>
    };
    Page::new(title, body).failed_if(typed.failed())
}

/// What the person has stopped, and may let go on.
pub fn lift(t: Text, map: &DataMap, stopped: &[(Use, LiftedBy)], typed: &Typed) -> Page {
    let title = RequestKind::Lift.name(t.lang());
    let option = |(of, by): &(Use, LiftedBy)| {
        let hint = match by {
            LiftedBy::Executor => "",
            LiftedBy::Officer => t.restrict_lift_by_officer(),
        };
        (value(&of.purpose, of.cover), restriction_name(t, map, &of.purpose, of.cover), hint.to_owned())
    };
    let stopped: Vec<(String, String, String)> = stopped.iter().map(option).collect();
    let form = if stopped.is_empty() {
        empty(t.restrict_lift_nothing(), t.restrict_lift_nothing_what()).into_any()
    } else {
        view! {
            <p class="lead">{t.restrict_lift_lead()}</p>
            <form method="post" action=paths::wish(RequestKind::Lift) novalidate=true>
                {radio_group("about", t.restrict_which(), stopped, typed)}
                <p>{t.restrict_lift_next()}</p>
                {button(t.restrict_lift_submit())}
            </form>
        }
        .into_any()
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        {form}
        <p><a href=paths::MINE_CONSENT>{t.restrict_lift_consent()}</a></p>
        <p><a href=paths::RIGHTS>{t.wish_back()}</a></p>
    };
    Page::new(title, body).failed_if(typed.failed())
}

/// Each purpose, and after it what of it can be stopped on its own.
fn options(t: Text, map: &DataMap, stoppable: &[Stoppable]) -> Vec<(String, String, String)> {
    let mut options = Vec::new();
    for purpose in map.purposes.keys() {
        options.push(option(t, map, stoppable, purpose, Cover::Purpose));
        let parts = stoppable.iter().filter(|one| one.purpose == *purpose && one.cover != Cover::Purpose);
        options.extend(parts.map(|one| option(t, map, stoppable, purpose, one.cover)));
    }
    options
}

fn option(t: Text, map: &DataMap, stoppable: &[Stoppable], purpose: &str, cover: Cover) -> (String, String, String) {
    let known = stoppable.iter().find(|one| one.purpose == purpose && one.cover == cover);
    let hint = match known.map(|one| one.processing) {
        Some(Processing::GoesOn) => t.restrict_at_once(),
        Some(Processing::Restricted | Processing::NotAgreed) => t.restrict_already(),
        Some(Processing::Nowhere) | None => t.restrict_by_officer(),
    };
    (value(purpose, cover), restriction_name(t, map, purpose, cover), hint.to_owned())
}

/// As the form sends it: `marketing`, `marketing:provision`.
pub(crate) fn value(purpose: &str, cover: Cover) -> String {
    match cover {
        Cover::Purpose => purpose.to_owned(),
        Cover::Sensitive | Cover::Provision | Cover::Abroad => format!("{purpose}:{}", cover.as_str()),
    }
}

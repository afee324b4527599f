use domain::{breaker::Why, map::DataMap};
use leptos::prelude::*;
use service::{
    Progress,
    store::{
        breaker::{Release, Waiting},
        runs::{Run, RunKind},
    },
};

use super::night::{Age, night};
use crate::{
    components::{self, Bar, Look, bars, empty, notice, why_held_up},
    format,
    page::{Page, Script},
    paths,
    text::{Text, named},
};

/// The rules that were held up, and who reads of it.
#[derive(Clone, Copy, Debug)]
pub struct HeldUp<'a> {
    pub rules: &'a [Waiting],
    pub may: MayRelease,
}

/// Whether the reader may let a rule go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayRelease {
    Yes,
    No,
}

/// A rule that would have taken too much.
fn waits(t: Text, map: &DataMap, waiting: &Waiting, may: MayRelease) -> AnyView {
    let tripped = &waiting.tripped;
    let (name, rows) = (map.table_words(&tripped.table, t.lang()), format::count(tripped.rows));
    let title = if waiting.is_released() {
        t.nights_waited(named::NightsWaited { name, rows })
    } else {
        t.nights_waits(named::NightsWaits { name, rows })
    };
    let counted_by_another = waiting.map != map.hash;
    let look = may == MayRelease::Yes && !waiting.is_released() && tripped.why != Why::Follows && !counted_by_another;
    let look = look.then(|| {
        let href = paths::night_rule(&tripped.table, tripped.outcome.word());
        view! { <p><a href=href>{t.nights_look()}</a></p> }
    });
    let release = match &waiting.release {
        Release::NotAsked => None,
        Release::Asked { reason, .. } => Some((t.nights_release_asked(), Some(reason.clone()))),
        Release::Released { reason } => Some((t.nights_released(), reason.clone())),
    };
    let released = release.map(|(said, reason)| {
        let reason = reason.map(|reason| view! { <blockquote>{reason}</blockquote> });
        view! { <p><strong>{said}</strong></p> {reason} }
    });
    let anew = counted_by_another.then(|| view! { <p>{t.nights_counted_anew()}</p> });
    let why = (!waiting.is_released()).then(|| {
        let why = why_held_up(t, &tripped.outcome, tripped.rows, tripped.why);
        view! { <p>{why}</p> }
    });
    notice(title, view! { {why} {anew} {look} {released} })
}

/// What the night job did, newest first; drawn, with the table beside it.
pub fn nights(t: Text, map: &DataMap, runs: &[Run], under_way: Option<Progress>, held_up: HeldUp<'_>) -> Page {
    let nights: Vec<&Run> = runs.iter().filter(|run| run.kind == RunKind::Retention).collect();
    let drawing = (!nights.is_empty()).then(|| drawing(t, &nights));
    let ages = std::iter::once(Age::Newest).chain(std::iter::repeat(Age::Older));
    let list = nights.iter().zip(ages).map(|(run, age)| night(t, map, run, age));
    let list: Vec<_> = list.collect();
    let body = view! {
        <h1>{t.nights_title()}</h1>
        <p class="lead">{t.nights_lead()}</p>
        <p class="links">
            <a href=paths::REGISTER>{t.register_link()}</a>
            <a href=paths::SIMULATE>{t.simulate_link()}</a>
        </p>
        {nights.is_empty().then(|| empty(t.nights_none(), t.nights_none_what()))}
        {under_way.map(|progress| components::progress(t, paths::NIGHTS_PROGRESS, progress))}
        {held_up.rules.iter().map(|waiting| waits(t, map, waiting, held_up.may)).collect::<Vec<_>>()}
        {drawing}
        {list}
    };
    let page = Page::new(t.nights_title(), body);
    if under_way.is_some() { page.with(Script::Islands) } else { page }
}

fn drawing(t: Text, nights: &[&Run]) -> AnyView {
    let bar = |run: &&Run| {
        let value = run.night().map_or(0, |report| report.changed);
        vec![Bar { name: format::day(t.lang(), run.as_of), value, look: Look::Full }]
    };
    bars(t.nights_drawing(), nights.iter().rev().map(bar).collect())
}

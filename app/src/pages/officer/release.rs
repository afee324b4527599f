//! A rule that the night held up, looked at before it is let go.

use domain::map::Table;
use leptos::prelude::*;
use service::{night::Releasing, store::breaker::Waiting};

use crate::{
    components::{Tense, Typed, button, error_summary, notice, outcome_word, text_area, why_held_up},
    format,
    page::Page,
    paths, policy,
    text::{Text, named},
};

/// A rule that waits, and what whoever looks at it can do.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    pub waiting: &'a Waiting,
    pub releasing: &'a Releasing,
}

pub fn release(t: Text, table: &Table, look: Look<'_>, typed: &Typed) -> Page {
    let Look { waiting, releasing } = look;
    let (lang, tripped) = (t.lang(), &waiting.tripped);
    let title = t.nights_release_title(table.words.in_lang(lang));
    let what = t.nights_release_rows(named::NightsReleaseRows {
        outcome: outcome_word(t, Tense::Planned, &tripped.outcome),
        rows: format::count(tripped.rows),
    });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <p class="lead">{t.nights_release_lead()}</p>
        <dl class="facts">
            <div><dt>{t.nights_release_what()}</dt><dd>{what}</dd></div>
            <div><dt>{t.nights_release_why()}</dt><dd>{why_held_up(t, &tripped.outcome, tripped.rows, tripped.why)}</dd></div>
            <div><dt>{t.nights_release_rule()}</dt><dd>{policy::rule(t, &table.retention)}</dd></div>
            <div><dt>{t.nights_release_law()}</dt><dd>{policy::floors(t, &table.retention)}</dd></div>
            <div><dt>{t.nights_release_map()}</dt><dd><code>{waiting.map.short().to_owned()}</code></dd></div>
            <div><dt>{t.nights_release_counted()}</dt><dd>{format::moment(lang, waiting.counted)}</dd></div>
        </dl>
        <p><a href=paths::simulate_table(&table.name)>{t.nights_release_simulate()}</a></p>
        <p class="hint">{t.nights_release_more()}</p>
        {decision(t, waiting, releasing, typed)}
        <p><a href=paths::NIGHTS>{t.page_nights()}</a></p>
    };
    Page::new(&title, body).failed_if(typed.failed())
}

/// What whoever looks at it can do.
fn decision(t: Text, waiting: &Waiting, releasing: &Releasing, typed: &Typed) -> AnyView {
    let why = |reason: &str| view! { <blockquote>{reason.to_owned()}</blockquote> };
    let form = |fields: AnyView, label: &'static str| {
        let tripped = &waiting.tripped;
        view! {
            <form method="post" action=paths::NIGHTS_RELEASE novalidate=true>
                <input type="hidden" name="table" value=tripped.table.to_string()/>
                <input type="hidden" name="outcome" value=tripped.outcome.word()/>
                <input type="hidden" name="rows" value=tripped.rows.to_string()/>
                <input type="hidden" name="map" value=waiting.map.0.clone()/>
                <input type="hidden" name="counted" value=waiting.counted.as_millisecond().to_string()/>
                {fields}
                {button(label)}
            </form>
        }
        .into_any()
    };
    let reason = || text_area("why", t.nights_reason(), t.nights_reason_hint(), typed);
    match releasing {
        Releasing::Alone => form(reason(), t.nights_release()),
        Releasing::Ask => view! { <p>{t.nights_release_two()}</p> {form(reason(), t.nights_release_ask())} }.into_any(),
        Releasing::WaitsForAnother { reason } => notice(t.nights_release_asked(), why(reason)),
        Releasing::Agree { reason, .. } => {
            let agree = form(().into_any(), t.nights_release());
            notice(t.nights_release_agree(), view! { {why(reason)} {agree} })
        }
    }
}

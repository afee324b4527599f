//! A rule that the night held up, looked at before it is let go.

use domain::{map::DataMap, map::Table};
use leptos::prelude::*;
use service::store::breaker::Waiting;

use super::nights::why;
use crate::{
    components::{Tense, button, outcome_word},
    format,
    page::Page,
    paths, policy,
    text::{Text, named},
};

pub fn release(t: Text, map: &DataMap, table: &Table, waiting: &Waiting) -> Page {
    let (lang, tripped) = (t.lang(), &waiting.tripped);
    let title = t.nights_release_title(table.words.in_lang(lang));
    let what = t.nights_release_rows(named::NightsReleaseRows {
        outcome: outcome_word(t, Tense::Planned, &tripped.outcome),
        rows: format::count(tripped.rows),
    });
    let body = view! {
        <h1>{title.clone()}</h1>
        <p class="lead">{t.nights_release_lead()}</p>
        <dl class="facts">
            <div><dt>{t.nights_release_what()}</dt><dd>{what}</dd></div>
            <div><dt>{t.nights_release_why()}</dt><dd>{why(t, tripped)}</dd></div>
            <div><dt>{t.nights_release_rule()}</dt><dd>{policy::rule(t, &table.retention)}</dd></div>
            <div><dt>{t.nights_release_law()}</dt><dd>{policy::floors(t, &table.retention)}</dd></div>
            <div><dt>{t.nights_release_map()}</dt><dd><code>{map.hash.short().to_owned()}</code></dd></div>
        </dl>
        <p><a href=paths::simulate_table(&table.name)>{t.nights_release_simulate()}</a></p>
        <p class="hint">{t.nights_release_more()}</p>
        <form method="post" action=paths::NIGHTS_RELEASE>
            <input type="hidden" name="table" value=tripped.table.to_string()/>
            <input type="hidden" name="outcome" value=tripped.outcome.word()/>
            <input type="hidden" name="rows" value=tripped.rows.to_string()/>
            {button(t.nights_release())}
        </form>
        <p><a href=paths::NIGHTS>{t.page_nights()}</a></p>
    };
    Page::new(&title, body)
}

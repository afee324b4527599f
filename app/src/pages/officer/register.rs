//! The register of destruction, a month at a time: drawn, in sum, and each time.

use ::document::{Span, Table as Grid};
use domain::map::DataMap;
use jiff::{ToSpan, civil::Date};
use leptos::prelude::*;
use service::register::{Cause, Entry, Month};

use crate::{
    components::{Bar, Look, Tense, bars, document, empty, outcome_word},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

pub fn register(t: Text, map: &DataMap, month: &Month, today: Date) -> Page {
    let first = month.first;
    let name = named(t, first);
    let later = first.saturating_add(1.month());
    let later = (later <= today).then(|| view! { <a href=paths::register(later)>{t.register_later()}</a> });
    let earlier = first.saturating_sub(1.month());
    let shown = if month.rules.is_empty() {
        empty(t.register_none(), t.register_none_what())
    } else {
        view! {
            {drawing(t, month)}
            <h2>{t.register_summary()}</h2>
            {summary(t, map, month)}
            <p class="hint">{t.register_stays()}</p>
            <h2>{t.register_entries()}</h2>
            {entries(t, map, month)}
            <p><a href=paths::register_csv(first)>{t.register_download()}</a></p>
        }
        .into_any()
    };
    let body = view! {
        <h1>{t.register_title()}</h1>
        <p class="lead">{t.register_lead()}</p>
        <p class="links"><strong>{name}</strong><a href=paths::register(earlier)>{t.register_earlier()}</a>{later}</p>
        {shown}
        <p><a href=paths::NIGHTS>{t.page_nights()}</a></p>
    };
    Page::new(t.register_title(), body)
}

fn named(t: Text, first: Date) -> String {
    t.register_of(named::RegisterOf { year: first.year(), month: format!("{:02}", first.month()) })
}

fn drawing(t: Text, month: &Month) -> AnyView {
    let bar =
        |(day, rows): &(Date, u64)| vec![Bar { name: format::day(t.lang(), *day), value: *rows, look: Look::Full }];
    bars(t.register_drawing(), month.days.iter().map(bar).collect())
}

fn summary(t: Text, map: &DataMap, month: &Month) -> AnyView {
    let rows = month.rules.iter().map(|rule| {
        let counts = [rule.due, rule.done, rule.held, rule.stopped, rule.left].map(format::count);
        let cells = std::iter::once(map.table_words(&rule.table, t.lang())).chain(counts);
        cells.map(|cell| vec![Span::text(cell)]).collect()
    });
    let head = [
        t.outcome_where(),
        t.register_due(),
        t.outcome_done(),
        t.register_held(),
        t.register_stopped(),
        t.register_left(),
    ];
    document::table(&Grid::new(t.register_summary(), &head, rows.collect())).into_any()
}

fn entries(t: Text, map: &DataMap, month: &Month) -> AnyView {
    let rows = month.entries.iter().map(|entry| line(t, map, entry).map(|cell| vec![Span::text(cell)]).to_vec());
    document::table(&Grid::new(t.register_entries(), &head(t), rows.collect())).into_any()
}

/// The columns of the register, on the page and in the file.
pub fn head(t: Text) -> [&'static str; 6] {
    [t.register_on(), t.outcome_where(), t.outcome_what(), t.holds_count(), t.register_cause(), t.register_verified()]
}

pub fn line(t: Text, map: &DataMap, entry: &Entry) -> [String; 6] {
    let cause = match &entry.cause {
        Cause::Night(number) => t.register_night(number),
        Cause::Request(number) => t.register_request(number),
        Cause::Replay(number) => t.register_replay(number),
    };
    let verified = if entry.verified { t.register_yes() } else { t.register_no() };
    [
        entry.on.to_string(),
        map.table_words(&entry.table, t.lang()),
        outcome_word(t, Tense::Done, &entry.outcome).to_owned(),
        entry.rows.to_string(),
        cause,
        verified.to_owned(),
    ]
}

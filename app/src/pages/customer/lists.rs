//! The policy's two lists, with what concerns this person: how much is held, who got it last.

use std::collections::BTreeMap;

use ::document::{Span, Table};
use domain::map::{DataMap, Sensitivity};
use jiff::civil::Date;
use leptos::prelude::*;
use service::mine::{Held, Until};

use crate::{
    components::{being_erased, document::table, empty, left_behind, missing_sources},
    format,
    page::Page,
    paths,
    text::Text,
};

#[derive(Default)]
struct Kind {
    times: u64,
    records: Vec<String>,
    first: Option<Date>,
    starts: Option<String>,
    is_sensitive: bool,
    /// Some that is past its period waits until somebody has looked.
    waits: bool,
    /// Some is under a legal hold.
    held: bool,
}

pub fn lists(t: Text, map: &DataMap, held: &Held, today: Date) -> Page {
    let kinds = kinds(t, held);
    let lists = if kinds.is_empty() && (held.erasing || !held.left_behind.is_empty()) {
        ().into_any()
    } else if kinds.is_empty() {
        empty(t.lists_none(), t.lists_none_what())
    } else {
        view! {
            <section id="collected"><h2>{t.lists_collected()}</h2>{chart(t, &kinds)}{table(&collected(t, &kinds, today))}</section>
            <section id="shared"><h2>{t.lists_shared()}</h2>{shared(t, map, held)}</section>
        }
        .into_any()
    };
    let body = view! {
        <h1>{t.lists_title()}</h1>
        <p class="lead">{t.lists_lead()}</p>
        {left_behind(t, map, held)}
        {being_erased(t, held)}
        {missing_sources(t, map, &held.missing)}
        {lists}
        <p><a href=paths::MINE>{t.lists_back()}</a></p>
    };
    Page::new(t.lists_title(), body)
}

/// Every kind of information that is really there, by its name.
fn kinds(t: Text, held: &Held) -> BTreeMap<String, Kind> {
    let lang = t.lang();
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    for record in &held.records {
        for value in record.values.iter().filter(|value| !value.is_empty && value.kind.is_personal()) {
            let kind = kinds.entry(value.words.in_lang(lang).to_owned()).or_default();
            kind.times += 1;
            kind.is_sensitive |= value.sensitivity == Sensitivity::Sensitive;
            let name = record.table_words.in_lang(lang).to_owned();
            if !kind.records.contains(&name) {
                kind.records.push(name);
            }
            match &record.until {
                Until::On { date, .. } => kind.first = Some(kind.first.map_or(*date, |first| first.min(*date))),
                Until::Waits { .. } => kind.waits = true,
                Until::Held => kind.held = true,
                Until::After { starts, .. } => kind.starts = Some(starts.in_lang(lang).to_owned()),
            }
        }
    }
    kinds
}

fn collected(t: Text, kinds: &BTreeMap<String, Kind>, today: Date) -> Table {
    let lang = t.lang();
    let rows = kinds.iter().map(|(name, kind)| {
        let name = if kind.is_sensitive { Span::strong(t.lists_sensitive(name)) } else { Span::text(name) };
        let goes = match (kind.first, &kind.starts) {
            _ if kind.waits => t.lists_waits().to_owned(),
            (Some(first), _) if first <= today => t.lists_tonight().to_owned(),
            (Some(first), _) => format::day(lang, first),
            (None, _) if kind.held => t.lists_held().to_owned(),
            (None, Some(starts)) => t.lists_goes_after(starts),
            (None, None) => String::new(),
        };
        vec![
            vec![name],
            vec![Span::text(format::count(kind.times))],
            vec![Span::text(kind.records.join(t.record_comma()))],
            vec![Span::text(goes)],
        ]
    });
    let head = [t.lists_kind(), t.lists_times(), t.lists_records(), t.lists_goes()];
    Table::new(t.lists_collected(), &head, rows.collect())
}

const BAR: usize = 22;

/// Drawn for those who would rather look; the table beside it says the same.
fn chart(t: Text, kinds: &BTreeMap<String, Kind>) -> AnyView {
    let most = kinds.values().map(|kind| kind.times).max().unwrap_or(1).max(1);
    let bars: Vec<_> = kinds
        .iter()
        .enumerate()
        .map(|(n, (name, kind))| {
            let (y, width) = (n * BAR, (kind.times * 150 / most).max(2));
            let label = format!("{name} {}", format::count(kind.times));
            let class = if kind.is_sensitive { "bar sensitive" } else { "bar" };
            view! {
                <rect class=class x="0" y=(y + 3).to_string() width=width.to_string() height=(BAR - 8).to_string()></rect>
                <text x=(width + 6).to_string() y=(y + 14).to_string()>{label}</text>
            }
        })
        .collect();
    view! {
        <figure class="bars list-bars">
            <svg viewBox=format!("0 0 360 {}", kinds.len() * BAR) role="img" aria-label=t.lists_chart()>{bars}</svg>
        </figure>
    }
    .into_any()
}

fn shared(t: Text, map: &DataMap, held: &Held) -> AnyView {
    let lang = t.lang();
    let mut given: BTreeMap<&str, (Vec<String>, Option<Date>)> = BTreeMap::new();
    for record in &held.records {
        for to in &record.recipients {
            let entry = given.entry(to).or_default();
            let name = record.table_words.in_lang(lang).to_owned();
            if !entry.0.contains(&name) {
                entry.0.push(name);
            }
            let at = record.given.iter().filter(|(of, _)| of == to).filter_map(|(_, at)| *at).max();
            entry.1 = entry.1.max(at);
        }
    }
    if given.is_empty() {
        return view! { <p>{t.lists_nobody()}</p> }.into_any();
    }
    let rows = given.into_iter().filter_map(|(id, (records, last))| {
        let recipient = map.recipients.get(id)?;
        let last = last.map_or_else(|| t.lists_not_known().to_owned(), |last| format::day(lang, last));
        Some(vec![
            vec![Span::text(recipient.name.in_lang(lang))],
            vec![Span::text(records.join(t.record_comma()))],
            vec![Span::text(last)],
            vec![Span::text(&recipient.contact)],
        ])
    });
    let columns = [t.lists_recipient(), t.lists_what(), t.lists_last(), t.policy_contact()];
    table(&Table::new(t.lists_shared(), &columns, rows.collect()))
}

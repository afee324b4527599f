//! The policy's two lists, with what concerns this person: what is held for which purpose, who got it last.

use ::document::{Span, Table};
use domain::map::{Column, DataMap, Sensitivity};
use jiff::civil::Date;
use leptos::prelude::*;
use service::{
    mine::{Held, Record, Until, by_purpose},
    requests::{Consent, given_no_more},
};

use super::{mine::shortened, recipients::recipients};
use crate::{
    components::{being_erased, by_hand, document::table, empty, left_behind, missing_sources},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

pub fn lists(t: Text, map: &DataMap, held: &Held, consents: &[Consent], today: Date) -> Page {
    let no_more = given_no_more(map, consents, &held.said);
    let nothing = held.records.is_empty() && no_more.is_empty();
    let lists = if nothing && (held.erasing || !held.left_behind.is_empty()) {
        ().into_any()
    } else if nothing {
        empty(t.lists_none(), t.lists_none_what())
    } else {
        view! {
            <section id="collected"><h2>{t.lists_collected()}</h2>{collected(t, map, held, today)}</section>
            <section id="shared"><h2>{t.lists_shared()}</h2>{recipients(t, map, held, &no_more)}</section>
        }
        .into_any()
    };
    let body = view! {
        <h1>{t.lists_title()}</h1>
        <p class="lead">{t.lists_lead()}</p>
        {left_behind(t, map, held)}
        {being_erased(t, held)}
        {missing_sources(t, map, &held.missing)}
        {shortened(t, map, &held.cut)}
        {lists}
        {by_hand(t, map)}
        <p><a href=paths::MINE>{t.lists_back()}</a></p>
    };
    Page::new(t.lists_title(), body)
}

/// The records of one kind: what is in them, and when the first of them goes.
struct Kept<'a> {
    first: &'a Record,
    records: Vec<&'a Record>,
}

fn kept<'a>(records: &[&'a Record]) -> Vec<Kept<'a>> {
    let mut all: Vec<Kept<'a>> = Vec::new();
    for record in records {
        match all.iter_mut().find(|kept| kept.first.table == record.table) {
            Some(kept) => kept.records.push(record),
            None => all.push(Kept { first: record, records: vec![record] }),
        }
    }
    all
}

fn collected(t: Text, map: &DataMap, held: &Held, today: Date) -> AnyView {
    let groups = by_purpose(map, &held.records);
    let kept: Vec<(&str, Vec<Kept<'_>>)> = groups.iter().map(|(id, records)| (*id, kept(records))).collect();
    let tables = kept.iter().map(|(id, kept)| {
        let name = map.purpose_name(id, t.lang());
        let rows = kept.iter().map(|kept| row(t, kept, today)).collect();
        let columns = [t.lists_record(), t.lists_kinds(), t.lists_goes()];
        let list = table(&Table::new(&name, &columns, rows));
        view! { <h3>{name}</h3> {list} }
    });
    let tables: Vec<_> = tables.collect();
    view! { {chart(t, &kept)} {tables} }.into_any()
}

fn row(t: Text, kept: &Kept<'_>, today: Date) -> Vec<Vec<Span>> {
    let name = kept.first.table_words.in_lang(t.lang());
    let name = t.lists_record_rows(named::ListsRecordRows { name, n: kept.records.len() });
    vec![vec![Span::text(name)], kinds(t, kept), vec![Span::text(goes(t, kept, today))]]
}

/// Everything that stands in them, in the order of the map; all of it is about the person, whatever its kind.
fn kinds(t: Text, kept: &Kept<'_>) -> Vec<Span> {
    let mut kinds: Vec<(&Column, Span, u64)> = Vec::new();
    let values = kept.records.iter().flat_map(|record| &record.values);
    for value in values.filter(|value| !value.is_empty) {
        let name = value.words.in_lang(t.lang());
        match kinds.iter_mut().find(|(column, ..)| **column == value.column) {
            Some((.., times)) => *times += 1,
            None if value.sensitivity == Sensitivity::Sensitive => {
                kinds.push((&value.column, Span::strong(t.lists_sensitive(name)), 1));
            }
            None => kinds.push((&value.column, Span::text(name), 1)),
        }
    }
    let mut all = Vec::new();
    for (_, name, times) in kinds {
        if !all.is_empty() {
            all.push(Span::text(t.record_comma()));
        }
        all.extend([name, Span::text(format!(" {}", format::count(times)))]);
    }
    all
}

/// By these records alone: another kind has another period.
fn goes(t: Text, kept: &Kept<'_>, today: Date) -> String {
    let untils = || kept.records.iter().map(|record| &record.until);
    let first = untils().filter_map(|until| if let Until::On { date, .. } = until { Some(*date) } else { None }).min();
    let starts = untils().find_map(|until| if let Until::After { starts, .. } = until { Some(starts) } else { None });
    match (first, starts) {
        _ if untils().any(|until| matches!(until, Until::Waits { .. })) => t.lists_waits().to_owned(),
        (Some(first), _) if first <= today => t.lists_tonight().to_owned(),
        (Some(first), _) => format::day(t.lang(), first),
        (None, _) if untils().any(|until| *until == Until::Held) => t.lists_held().to_owned(),
        (None, Some(starts)) => t.lists_goes_after(starts.in_lang(t.lang())),
        (None, None) => String::new(),
    }
}

const BAR: usize = 22;

/// Drawn for those who would rather look; the tables beside it say the same.
fn chart(t: Text, kept: &[(&str, Vec<Kept<'_>>)]) -> AnyView {
    let all: Vec<&Kept<'_>> = kept.iter().flat_map(|(_, kept)| kept).collect();
    let most = all.iter().map(|kept| kept.records.len()).max().unwrap_or(1).max(1);
    let bars: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(n, kept)| {
            let (y, width) = (n * BAR, (kept.records.len() * 150 / most).max(2));
            let label = format!("{} {}", kept.first.table_words.in_lang(t.lang()), kept.records.len());
            view! {
                <rect class="bar" x="0" y=(y + 3).to_string() width=width.to_string() height=(BAR - 8).to_string()></rect>
                <text x=(width + 6).to_string() y=(y + 14).to_string()>{label}</text>
            }
        })
        .collect();
    view! {
        <figure class="bars list-bars">
            <svg viewBox=format!("0 0 360 {}", all.len() * BAR) role="img" aria-label=t.lists_chart()>{bars}</svg>
        </figure>
    }
    .into_any()
}

//! A year of requests: drawn, in numbers, and as a file.

use ::document::{Span, Table as Grid};
use domain::request::{Statistics, Tally};
use leptos::prelude::*;

use crate::{
    components::{Bar, Look, bars, document, empty},
    format,
    page::Page,
    paths,
    text::Text,
};

pub fn statistics(t: Text, year: i16, this_year: i16, of: &Statistics) -> Page {
    let later = (year < this_year).then(|| view! { <a href=paths::statistics(year + 1)>{t.statistics_later()}</a> });
    let shown = if of.all.received == 0 {
        empty(t.statistics_none(), t.statistics_none_what())
    } else {
        view! {
            {facts(t, &of.all)}
            {drawing(t, of)}
            <h2>{t.statistics_by_kind()}</h2>
            {document::table(&Grid::new(t.statistics_by_kind(), &head(t), cells(by_kind(t, of))))}
            <h2>{t.statistics_by_month()}</h2>
            {document::table(&Grid::new(t.statistics_by_month(), &head(t), cells(by_month(t, year, of))))}
            {refusals(t, of)}
            <p><a href=paths::statistics_csv(year)>{t.register_download()}</a></p>
        }
        .into_any()
    };
    let body = view! {
        <h1>{t.statistics_title()}</h1>
        <p class="links">
            <strong>{year.to_string()}</strong>
            <a href=paths::statistics(year - 1)>{t.statistics_earlier()}</a>
            {later}
        </p>
        {shown}
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(t.statistics_title(), body)
}

fn facts(t: Text, all: &Tally) -> AnyView {
    let facts = [
        (t.statistics_received(), format::count(all.received)),
        (t.statistics_on_time(), percent(t, all)),
        (t.statistics_median(), median(t, all)),
        (t.statistics_open(), format::count(all.open)),
    ];
    let facts: Vec<_> =
        facts.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect();
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

fn drawing(t: Text, of: &Statistics) -> AnyView {
    let bar = |(month, tally): (usize, &Tally)| {
        let name = t.statistics_month(month + 1);
        vec![
            Bar { name: format!("{name} {}", t.statistics_received()), value: tally.received, look: Look::Faint },
            Bar { name: format!("{name} {}", t.statistics_answered()), value: tally.answers(), look: Look::Full },
        ]
    };
    bars(t.statistics_drawing(), of.by_month.iter().enumerate().map(bar).collect())
}

fn percent(t: Text, tally: &Tally) -> String {
    tally.percent_on_time().map_or_else(|| t.statistics_nothing().to_owned(), |percent| format!("{percent} %"))
}

fn median(t: Text, tally: &Tally) -> String {
    tally.median_days().map_or_else(|| t.statistics_nothing().to_owned(), |days| t.statistics_days(days))
}

fn refusals(t: Text, of: &Statistics) -> Option<AnyView> {
    let rows: Vec<_> = of
        .refusals
        .iter()
        .map(|(code, times)| {
            let words = code.words().in_lang(t.lang()).to_owned();
            let statute = code.statute().in_lang(t.lang()).to_owned();
            [words, statute, format::count(*times)].map(|cell| vec![Span::text(cell)]).to_vec()
        })
        .collect();
    let head = [t.case_reason(), t.case_statute(), t.statistics_times()];
    let title = t.statistics_refusals();
    (!rows.is_empty()).then(|| view! { <h2>{title}</h2> {document::table(&Grid::new(title, &head, rows))} }.into_any())
}

/// The columns, on the page and in the file.
pub fn head(t: Text) -> [&'static str; 8] {
    [
        t.statistics_what(),
        t.statistics_received(),
        t.statistics_open(),
        t.statistics_on_time(),
        t.statistics_late(),
        t.statistics_refused(),
        t.statistics_cancelled(),
        t.statistics_median(),
    ]
}

fn line(t: Text, name: String, tally: &Tally) -> [String; 8] {
    let counts = [tally.received, tally.open].map(format::count);
    let [received, open] = counts;
    let on_time = match tally.percent_on_time() {
        Some(percent) => format!("{} ({percent} %)", format::count(tally.on_time)),
        None => format::count(tally.on_time),
    };
    let [late, refused, cancelled] = [tally.late, tally.refused, tally.cancelled].map(format::count);
    [name, received, open, on_time, late, refused, cancelled, median(t, tally)]
}

/// One line a kind.
pub fn by_kind(t: Text, of: &Statistics) -> Vec<[String; 8]> {
    of.by_kind.iter().map(|(kind, tally)| line(t, kind.name(t.lang()), tally)).collect()
}

/// One line a month in which something was received.
pub fn by_month(t: Text, year: i16, of: &Statistics) -> Vec<[String; 8]> {
    let months = of.by_month.iter().enumerate().filter(|(_, tally)| tally.received > 0);
    months.map(|(month, tally)| line(t, format!("{year}-{:02}", month + 1), tally)).collect()
}

fn cells(lines: Vec<[String; 8]>) -> Vec<Vec<Vec<Span>>> {
    lines.into_iter().map(|line| line.map(|cell| vec![Span::text(cell)]).to_vec()).collect()
}

//! A year of requests: drawn, in numbers, and as a file.

use ::document::{Span, Table as Grid};
use domain::request::{Statistics, Tally};
use leptos::prelude::*;

use crate::{
    components::{Bar, Look, Words, chart, document, empty},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

pub fn statistics(t: Text, year: i16, this_year: i16, of: &Statistics) -> Page {
    let later = (year < this_year).then(|| view! { <a href=paths::statistics(year + 1)>{t.statistics_later()}</a> });
    let shown = if of.all.received == 0 {
        empty(t.statistics_none(), t.statistics_none_what())
    } else {
        view! {
            {facts(t, &of.all)}
            {drawing(t, year, of)}
            {folded(t.statistics_by_kind(), &head(t), cells(by_kind(t, of)))}
            {folded(t.statistics_by_month(), &head(t), cells(by_month(t, year, of)))}
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
    let [on_time, answered, overdue] = [all.on_time, all.answers(), all.overdue].map(format::count);
    let how = t.statistics_on_time_how(named::StatisticsOnTimeHow { on_time, answered, overdue });
    view! { <dl class="facts">{facts}</dl> <p class="hint">{how}</p> }.into_any()
}

fn drawing(t: Text, year: i16, of: &Statistics) -> AnyView {
    let legend = vec![(Look::Faint, t.statistics_received()), (Look::Full, t.statistics_answered())];
    let month = |n: usize| format::month(t.lang(), i8::try_from(n + 1).unwrap_or_default());
    let group = |(n, tally): (usize, &Tally)| {
        let bar = |(look, what), value| {
            let name = t.statistics_bar(named::StatisticsBar { month: month(n), what, n: format::count(value) });
            Bar { name, value, look }
        };
        let bars = legend.iter().copied().zip([tally.received, tally.answers()]).map(|(of, value)| bar(of, value));
        ((n + 1).to_string(), bars.collect())
    };
    let groups = of.by_month.iter().enumerate().map(group).collect();
    // Of several the first.
    let most = of.by_month.iter().enumerate().rev().max_by_key(|(_, tally)| tally.received);
    let (most_in, most) = most.map_or((0, 0), |(n, tally)| (n, tally.received));
    let summary = t.statistics_summary(named::StatisticsSummary {
        received: format::count(of.all.received),
        answered: format::count(of.all.answers()),
        month: month(most_in),
        most: format::count(most),
    });
    let title = t.statistics_drawing(year);
    let (across, upward) = (t.statistics_axis_month(), t.statistics_axis_number());
    chart(&Words { title, summary, across, upward, legend }, groups)
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
    (!rows.is_empty()).then(|| folded(title, &head, rows))
}

/// Folded up: on a telephone each row is a card, and a year of them is many screens.
fn folded(title: &str, head: &[&str], rows: Vec<Vec<Vec<Span>>>) -> AnyView {
    let summary = format!("{title} ({})", rows.len());
    view! { <details class="fold"><summary>{summary}</summary>{document::table(&Grid::new(title, head, rows))}</details> }
        .into_any()
}

/// The columns, on the page and in the file.
pub fn head(t: Text) -> [&'static str; 9] {
    [
        t.statistics_what(),
        t.statistics_received(),
        t.statistics_open(),
        t.statistics_overdue(),
        t.statistics_on_time(),
        t.statistics_late(),
        t.statistics_refused(),
        t.statistics_cancelled(),
        t.statistics_median(),
    ]
}

fn line(t: Text, name: String, tally: &Tally) -> [String; 9] {
    let [received, open, overdue] = [tally.received, tally.open, tally.overdue].map(format::count);
    let on_time = match tally.percent_on_time() {
        Some(percent) => format!("{} ({percent} %)", format::count(tally.on_time)),
        None => format::count(tally.on_time),
    };
    let [late, refused, cancelled] = [tally.late, tally.refused, tally.cancelled].map(format::count);
    [name, received, open, overdue, on_time, late, refused, cancelled, median(t, tally)]
}

/// One line a kind.
pub fn by_kind(t: Text, of: &Statistics) -> Vec<[String; 9]> {
    of.by_kind.iter().map(|(kind, tally)| line(t, kind.name(t.lang()), tally)).collect()
}

/// One line a month in which something was received.
pub fn by_month(t: Text, year: i16, of: &Statistics) -> Vec<[String; 9]> {
    let months = of.by_month.iter().enumerate().filter(|(_, tally)| tally.received > 0);
    months.map(|(month, tally)| line(t, format!("{year}-{:02}", month + 1), tally)).collect()
}

fn cells(lines: Vec<[String; 9]>) -> Vec<Vec<Vec<Span>>> {
    lines.into_iter().map(|line| line.map(|cell| vec![Span::text(cell)]).to_vec()).collect()
}

//! What another period would mean: asked for in a form, drawn, with the table beside it.

use ::document::{Span, Table as Grid};
use domain::{
    map::{DataMap, Table},
    period::Period,
};
use leptos::prelude::*;
use service::night::By;

use crate::{
    components::{Bar, Field, Look, Typed, bars, button, document, error_summary, field, select, table_options},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

pub struct Simulation<'a> {
    pub table: &'a Table,
    pub keep: Period,
    pub by: Vec<By>,
}

pub fn simulate(t: Text, map: &DataMap, typed: &Typed, found: Option<&Simulation<'_>>) -> Page {
    let keep = Field {
        id: "keep",
        label: t.simulate_keep(),
        hint: t.simulate_keep_hint(),
        kind: "text",
        input_mode: "numeric",
        autocomplete: "off",
    };
    let units = [("years", t.simulate_years()), ("months", t.simulate_months()), ("days", t.simulate_days())]
        .map(|(unit, words)| (unit.to_owned(), words.to_owned()));
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.simulate_title()}</h1>
        <p class="lead">{t.simulate_lead()}</p>
        <form method="get" action=paths::SIMULATE novalidate=true>
            {select("table", t.simulate_table(), table_options(t, map), typed)}
            {field(keep, typed)}
            {select("unit", t.simulate_unit(), units.to_vec(), typed)}
            {button(t.simulate_count())}
        </form>
        {found.map(|found| result(t, found))}
        <p><a href=paths::NIGHTS>{t.page_nights()}</a></p>
    };
    Page::new(t.simulate_title(), body).failed_if(typed.failed())
}

fn result(t: Text, found: &Simulation<'_>) -> AnyView {
    let lang = t.lang();
    let retention = &found.table.retention;
    let (rule, other) = (retention.keep.say(lang), found.keep.say(lang));
    let title =
        t.simulate_result(named::SimulateResult { table: found.table.words.in_lang(lang), rule: &rule, keep: &other });
    let rows = found.by.iter().enumerate().map(|(n, by)| {
        let day = if n == 0 { t.simulate_tonight().to_owned() } else { format::day(lang, by.day) };
        let difference = if by.other >= by.rule {
            format!("+{}", format::count(by.other - by.rule))
        } else {
            format!("−{}", format::count(by.rule - by.other))
        };
        let cells = [day, format::count(by.rule), format::count(by.other), difference];
        cells.map(|cell| vec![Span::text(cell)]).to_vec()
    });
    let (rule_head, other_head) = (t.simulate_rule(&rule), t.simulate_other(&other));
    let head = [t.simulate_by(), rule_head.as_str(), other_head.as_str(), t.simulate_difference()];
    let table = document::table(&Grid::new(&title, &head, rows.collect()));
    let floor = retention.longest_floor().filter(|floor| found.keep < floor.keep).map(|floor| {
        let said = t.simulate_floor(floor.keep.say(lang));
        view! { <p class="hint">{said}</p> }
    });
    view! { <h2>{title.clone()}</h2> {floor} {drawing(t, &found.by)} {table} }.into_any()
}

fn drawing(t: Text, by: &[By]) -> AnyView {
    let pair = |by: &By| {
        let bar = |value, look| Bar { name: format::day(t.lang(), by.day), value, look };
        vec![bar(by.rule, Look::Faint), bar(by.other, Look::Full)]
    };
    bars(t.simulate_drawing(), by.iter().map(pair).collect())
}

//! An officer looks through what a deletion would touch, and leaves out what is somebody else's.

use domain::{ids::RequestNumber, look::Spot, map::DataMap};
use leptos::prelude::*;
use service::{
    mine::{Record, Value},
    requests::ToLeaveOut,
};

use crate::{
    components::{Typed, button, empty, error_summary, missing_sources, reveal_button, shown_value, text_area},
    page::Page,
    paths,
    text::Text,
};

/// What a ticked record is called in the form; its value is a token.
pub const ROW: &str = "row";

/// Which records are ticked.
#[derive(Clone, Copy)]
pub enum Ticks<'a> {
    /// Those that are left out by now.
    AsKept,
    /// Those of a form that could not be taken.
    Sent(&'a [String]),
}

pub fn leave_out(t: Text, map: &DataMap, to: &ToLeaveOut, ticks: Ticks<'_>, typed: &Typed) -> Page {
    let number = &to.request.number;
    let ticked = |record: &Record| match ticks {
        Ticks::AsKept => to.is_left_out(record),
        Ticks::Sent(tokens) => tokens.contains(&record.token),
    };
    let rows: Vec<_> = to.held.records.iter().map(|record| row(t, map, number, record, ticked(record))).collect();
    let cut = to.held.cut.iter().map(|table| {
        view! { <p class="hint">{t.leave_out_cut(map.table_words(table, t.lang()))}</p> }
    });
    let revealed = to.held.records.iter().flat_map(|record| &record.values).any(|value| value.full.is_some());
    let form = if rows.is_empty() {
        empty(t.leave_out_nothing(), t.leave_out_nothing_what())
    } else {
        view! {
            <form method="post" action=paths::case_action(number, "leave-out") novalidate=true>
                <fieldset class="field" id="rows">
                    <legend>{t.leave_out_which()}</legend>
                    {typed.error("rows").map(|message| view! { <p class="field-error">{message}</p> })}
                    <div class="cards">{rows}</div>
                </fieldset>
                {text_area("why", t.leave_out_why(), t.leave_out_why_hint(), typed)}
                <div class="actions">{button(t.leave_out_submit())}</div>
            </form>
        }
        .into_any()
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.leave_out_title()}</h1>
        <p class="lead">{t.leave_out_lead()}</p>
        <dl class="facts"><div><dt>{t.case_who()}</dt><dd>{to.who.clone()}</dd></div></dl>
        {revealed.then(|| view! { <p class="due">{t.reveal_visit()}</p> })}
        {missing_sources(t, map, &to.held.missing)}
        {cut.collect_view()}
        {form}
        <p><a href=paths::case(number)>{t.work_out_back()}</a></p>
    };
    Page::new(t.leave_out_title(), body).failed_if(typed.failed())
}

/// What tells it from others of its kind.
fn row(t: Text, map: &DataMap, number: &RequestNumber, record: &Record, checked: bool) -> AnyView {
    let lang = t.lang();
    let id = format!("row-{}", record.token);
    // Of several people in one row, which.
    let several = map.table(&record.table).is_some_and(|table| table.roles.len() > 1);
    let role = several.then(|| view! { <span class="role">{record.role_words.in_lang(lang).to_owned()}</span> });
    let value = |value: &Value| {
        let name = value.words.in_lang(lang);
        let spot = Spot::Record { token: record.token.clone(), column: value.column.clone() };
        let offered = value.is_hidden && value.full.is_none();
        let show = offered.then(|| reveal_button(t, number, &spot, name));
        view! { <div><dt>{name.to_owned()}</dt><dd>{shown_value(t, value)} " " {show}</dd></div> }
    };
    let values = record.values.iter().filter(|value| !value.is_empty).map(value);
    view! {
        <div class="card">
            <div class="radio">
                <input type="checkbox" id=id.clone() name=ROW value=record.token.clone() checked=checked/>
                <label for=id>{record.table_words.in_lang(lang).to_owned()} " " {role}</label>
            </div>
            <dl>{values.collect_view()}</dl>
        </div>
    }
    .into_any()
}

//! An officer works out, from words and records, what is to be corrected for somebody.

use std::collections::BTreeMap;

use domain::{
    Words,
    map::{Correctable, DataMap},
};
use leptos::prelude::*;
use service::{
    mine::{Record, Value},
    requests::ToWorkOut,
};

use super::super::customer::asked;
use crate::{
    components::{Typed, button, empty, error_summary, missing_sources, shown_value, typed_as},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

/// What a value is called in the form.
pub fn new_value(record: &Record, value: &Value) -> String {
    format!("new:{}:{}", record.token, value.column)
}

/// So many records are shown open; of more, each says what it is and opens when asked.
const OPEN: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Folded {
    Yes,
    No,
}

pub fn work_out(t: Text, map: &DataMap, to: &ToWorkOut, typed: &Typed) -> Page {
    let number = &to.request.number;
    let some: Vec<&Record> = to.held.records.iter().filter(|record| record.values.iter().any(may_change)).collect();
    let folded = if some.len() > OPEN { Folded::Yes } else { Folded::No };
    let cut = to.held.cut.iter().map(|table| {
        view! { <p class="hint">{t.work_out_cut(map.table_words(table, t.lang()))}</p> }
    });
    let form = if some.is_empty() {
        empty(t.work_out_nothing(), t.work_out_nothing_what())
    } else {
        view! {
            <form method="post" action=paths::case_action(number, "correct") novalidate=true>
                <div class="cards" id="values">
                    {some.iter().map(|one| record(t, map, one, folded, typed)).collect_view()}
                </div>
                <div class="actions">{button(t.work_out_submit())}</div>
            </form>
        }
        .into_any()
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.work_out_title()}</h1>
        <p class="lead">{t.work_out_lead()}</p>
        <dl class="facts"><div><dt>{t.case_who()}</dt><dd>{to.who.clone()}</dd></div></dl>
        {asked(t, map, &to.wish)}
        {missing_sources(t, map, &to.held.missing)}
        {cut.collect_view()}
        {form}
        <p><a href=paths::case(number)>{t.work_out_back()}</a></p>
    };
    Page::new(t.work_out_title(), body).failed_if(typed.failed())
}

const fn may_change(value: &Value) -> bool {
    match value.correctable {
        Correctable::Now | Correctable::Review => true,
        Correctable::No => false,
    }
}

/// What tells it from others of its kind, and an empty field for each value that may change.
fn record(t: Text, map: &DataMap, record: &Record, folded: Folded, typed: &Typed) -> AnyView {
    let lang = t.lang();
    // Of several people in one row, which.
    let several = map.table(&record.table).is_some_and(|table| table.roles.len() > 1);
    let role = several.then(|| view! { <span class="role">{record.role_words.in_lang(lang).to_owned()}</span> });
    let name = view! { {record.table_words.in_lang(lang).to_owned()} " " {role} };
    let shown = |value: &Value| format::value(t, value.kind, &value.masked);
    let known = record.values.iter().filter(|value| !may_change(value) && !value.is_empty).map(|value| {
        view! { <div><dt>{value.words.in_lang(lang).to_owned()}</dt><dd>{shown(value)}</dd></div> }
    });
    let fields = record.values.iter().filter(|value| may_change(value)).map(|value| {
        let may_be = map.table(&record.table).and_then(|table| table.field(&value.column)).map(|field| &field.values);
        field(t, record, value, may_be.filter(|values| !values.is_empty()), typed)
    });
    let body = view! { <dl>{known.collect_view()}</dl> {fields.collect_view()} };
    if folded == Folded::Yes {
        let told = record.values.iter().filter(|value| !value.is_empty).take(3).map(shown).collect::<Vec<_>>();
        let open = record.values.iter().any(|value| !typed.value(&new_value(record, value)).is_empty());
        return view! {
            <details class="card" open=open>
                <summary>{name} <span class="hint">{told.join(" · ")}</span></summary>
                {body}
            </details>
        }
        .into_any();
    }
    view! {
        <section class="card" role="group" aria-labelledby=record.token.clone()>
            <h3 id=record.token.clone()>{name}</h3>
            {body}
        </section>
    }
    .into_any()
}

fn field(t: Text, record: &Record, value: &Value, choices: Option<&BTreeMap<String, Words>>, typed: &Typed) -> AnyView {
    let id = new_value(record, value);
    let now = shown_value(t, value);
    let error = typed.error(&id);
    let described = error.is_some().then(|| format!("{id}-error"));
    let message = error.as_ref().map(|text| {
        view! { <p class="field-error" id=format!("{id}-error")>{text.clone()}</p> }
    });
    let (given, invalid) = (typed.value(&id), error.is_some().then_some("true"));
    let entry = match choices {
        Some(choices) => {
            let options = choices.iter().map(|(stored, words)| {
                let selected = *stored == given;
                view! { <option value=stored.clone() selected=selected>{words.in_lang(t.lang()).to_owned()}</option> }
            });
            view! {
                <select id=id.clone() name=id.clone() aria-describedby=described aria-invalid=invalid>
                    <option value="">{t.work_out_keep()}</option>
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        None => view! {
            <input
                id=id.clone()
                name=id.clone()
                type="text"
                inputmode=typed_as(value.kind).1
                autocomplete="off"
                value=given
                aria-describedby=described
                aria-invalid=invalid
            />
        }
        .into_any(),
    };
    view! {
        <div class="field" class:field-wrong=error.is_some()>
            <label for=id.clone()>{t.work_out_now(named::WorkOutNow { name: value.words.in_lang(t.lang()), value: now })}</label>
            {message}
            {entry}
        </div>
    }
    .into_any()
}

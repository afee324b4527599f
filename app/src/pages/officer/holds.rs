//! Legal holds: those in force, one of them, and placing another.

use ::document::{Span, Table as Grid};
use domain::{
    hold::{HeldRows, HoldOn},
    map::{DataMap, Kind, Table, TableName},
};
use jiff::{ToSpan, civil::Date};
use leptos::prelude::*;
use service::{holds::NewHold, store::holds::Hold, subject::masked};

use crate::{
    components::{Field, Typed, button, document, empty, error_summary, field, select, table_options, text_area},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

/// Whether the reader may place and lift holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayKeep {
    Yes,
    No,
}

pub fn holds(t: Text, map: &DataMap, holds: &[Hold], today: Date, may: MayKeep) -> Page {
    let cards: Vec<_> = holds.iter().map(|hold| card(t, map, hold, today)).collect();
    let body = view! {
        <h1>{t.holds_title()}</h1>
        <p class="lead">{t.holds_lead()}</p>
        {(may == MayKeep::Yes).then(|| view! { <p><a class="button primary" href=paths::HOLDS_NEW>{t.holds_place()}</a></p> })}
        {holds.is_empty().then(|| empty(t.holds_none(), t.holds_none_what()))}
        <ul class="versions">{cards}</ul>
    };
    Page::new(t.holds_title(), body)
}

fn card(t: Text, map: &DataMap, hold: &Hold, today: Date) -> AnyView {
    let due = (hold.review_on <= today).then(|| view! { <span class="tag">{t.holds_review_due()}</span> });
    let review = format!("{} {}", t.holds_review(), format::day(t.lang(), hold.review_on));
    view! {
        <li class="version">
            <p><strong>{hold.reason.clone()}</strong> {due}</p>
            <p>{said(t, map, &hold.on)}</p>
            <p class="hint">{hold.owner.clone()}" · "{review}</p>
            <p class="links"><a href=paths::hold(hold.id)>{t.holds_see()}</a></p>
        </li>
    }
    .into_any()
}

/// What a hold protects, in a line.
fn said(t: Text, map: &DataMap, on: &HoldOn) -> String {
    match on {
        HoldOn::Person(subject) => masked(subject),
        HoldOn::Rows(rows) => said_rows(t, map, rows),
    }
}

fn said_rows(t: Text, map: &DataMap, rows: &HeldRows) -> String {
    let words = map.table_words(&rows.table, t.lang());
    let begun = rows.begun.map(|(first, last)| {
        t.holds_between(named::HoldsBetween { first: format::day(t.lang(), first), last: format::day(t.lang(), last) })
    });
    let with = rows.with.as_ref().map(|(column, values)| {
        let field = map.table(&rows.table).and_then(|table| table.field(column));
        let field = field.map_or(column.as_str(), |field| field.words.in_lang(t.lang()));
        t.holds_with(named::HoldsWith { field, n: values.len() })
    });
    let narrowed: Vec<String> = begun.into_iter().chain(with).collect();
    if narrowed.is_empty() {
        t.holds_all(words)
    } else {
        format!("{} · {}", t.holds_some(words), narrowed.join(" · "))
    }
}

/// One hold, the rows it protects now, and what may be done with it.
pub fn hold(
    t: Text,
    map: &DataMap,
    hold: &Hold,
    protects: &[(TableName, u64)],
    today: Date,
    may: MayKeep,
    typed: &Typed,
) -> Page {
    let rows = facts(t, map, &hold.on, &hold.owner, &hold.reason, hold.review_on);
    let may = (may == MayKeep::Yes).then(|| {
        let action = |name| paths::hold_action(hold.id, name);
        view! {
            <form method="post" action=action("review") novalidate=true>
                {review_field(t, today, typed)}
                <button type="submit">{t.holds_reviewed()}</button>
            </form>
            <h2>{t.holds_lift()}</h2>
            <p>{t.holds_lift_what()}</p>
            <form method="post" action=action("lift")><button class="danger" type="submit">{t.holds_lift()}</button></form>
        }
    });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{hold.reason.clone()}</h1>
        {rows}
        {protected(t, map, protects)}
        {may}
        <p><a href=paths::HOLDS>{t.holds_title()}</a></p>
    };
    Page::new(hold.reason.clone(), body).failed_if(typed.failed())
}

fn facts(t: Text, map: &DataMap, on: &HoldOn, owner: &str, reason: &str, review_on: Date) -> AnyView {
    let rows = [
        (t.holds_what(), said(t, map, on)),
        (t.holds_owner(), owner.to_owned()),
        (t.holds_reason(), reason.to_owned()),
        (t.holds_review(), format::day(t.lang(), review_on)),
    ];
    let rows = rows.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    view! { <dl class="facts">{rows.into_iter().collect_view()}</dl> }.into_any()
}

fn protected(t: Text, map: &DataMap, protects: &[(TableName, u64)]) -> AnyView {
    let found: Vec<_> = protects.iter().filter(|(_, rows)| *rows > 0).collect();
    let table = (!found.is_empty()).then(|| {
        let rows = found.iter().map(|(name, rows)| {
            let cells = [map.table_words(name, t.lang()), format::count(*rows)];
            cells.map(|cell| vec![Span::text(cell)]).to_vec()
        });
        document::table(&Grid::new(t.holds_protects(), &[t.holds_where(), t.holds_count()], rows.collect()))
    });
    view! {
        <h2>{t.holds_protects()}</h2>
        {found.is_empty().then(|| view! { <p>{t.holds_protects_none()}</p> })}
        {table}
    }
    .into_any()
}

/// What should be kept: a person's data or rows of a table.
pub fn new_hold(t: Text, map: &DataMap) -> Page {
    let body = view! {
        <h1>{t.holds_place()}</h1>
        <h2>{t.holds_person()}</h2>
        <p>{t.holds_person_what()}</p>
        <p><a class="button" href=format!("{}?on=person", paths::HOLDS_NEW)>{t.holds_person()}</a></p>
        <h2>{t.holds_rows()}</h2>
        <p>{t.holds_rows_what()}</p>
        <form method="get" action=paths::HOLDS_NEW>
            {select("on", t.simulate_table(), table_options(t, map), &Typed::default())}
            <button type="submit">{t.holds_next()}</button>
        </form>
    };
    Page::new(t.holds_place(), body)
}

/// The form for a person, or for rows of a table.
pub fn hold_form(t: Text, table: Option<&Table>, today: Date, typed: &Typed) -> Page {
    let title = match table {
        None => t.holds_of_person().to_owned(),
        Some(table) => t.holds_of_rows(table.words.in_lang(t.lang())),
    };
    let what = match table {
        None => text_area("who", t.holds_who(), t.holds_who_hint(), typed),
        Some(table) => rows_fields(t, table, typed),
    };
    let on = table.map_or_else(|| "person".to_owned(), |table| table.name.to_string());
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <form method="post" action=paths::HOLDS_NEW novalidate=true>
            <input type="hidden" name="on" value=on/>
            {what}
            {field(plain("owner", t.holds_owner(), t.holds_owner_hint()), typed)}
            {field(plain("reason", t.holds_reason(), t.holds_reason_hint()), typed)}
            {review_field(t, today, typed)}
            {button(t.holds_check())}
        </form>
    };
    Page::new(title, body).failed_if(typed.failed())
}

fn rows_fields(t: Text, table: &Table, typed: &Typed) -> AnyView {
    let starts = t.holds_since_hint(table.retention.starts.in_lang(t.lang()));
    let shown = table.fields.iter().filter(|field| field.kind != Kind::Secret);
    let fields = shown.map(|field| (field.column.to_string(), field.words.in_lang(t.lang()).to_owned()));
    let fields = std::iter::once((String::new(), t.holds_field_any().to_owned())).chain(fields).collect();
    view! {
        {field(day("since", t.holds_since(), &starts), typed)}
        {field(day("until", t.holds_until(), ""), typed)}
        {select("field", t.holds_field(), fields, typed)}
        {text_area("values", t.holds_values(), t.holds_values_hint(), typed)}
    }
    .into_any()
}

const fn plain<'a>(id: &'static str, label: &'a str, hint: &'a str) -> Field<'a> {
    Field { id, label, hint, kind: "text", input_mode: "text", autocomplete: "off" }
}

const fn day<'a>(id: &'static str, label: &'a str, hint: &'a str) -> Field<'a> {
    Field { id, label, hint, kind: "date", input_mode: "numeric", autocomplete: "off" }
}

fn review_field(t: Text, today: Date, typed: &Typed) -> AnyView {
    let hint = t.holds_review_hint(example(today).to_string());
    field(day("review_on", t.holds_review(), &hint), typed)
}

/// A quarter from now.
pub fn example(today: Date) -> Date {
    today.saturating_add(90.days())
}

/// Everything once more, with what it would protect, before it is placed.
pub fn check_hold(t: Text, map: &DataMap, new: &NewHold, protects: &[(TableName, u64)], typed: &Typed) -> Page {
    let kept = typed.values.iter().map(|(name, value)| {
        view! { <input type="hidden" name=name.to_string() value=value.clone()/> }
    });
    let body = view! {
        <h1>{t.holds_check_title()}</h1>
        {facts(t, map, &new.on, &new.owner, &new.reason, new.review_on)}
        {protected(t, map, protects)}
        <form method="post" action=paths::HOLDS_NEW>
            {kept.collect_view()}
            <div class="actions">
                <button class="primary" type="submit" name="step" value="place">{t.holds_confirm()}</button>
                <button type="submit" name="step" value="change">{t.holds_change()}</button>
            </div>
        </form>
    };
    Page::new(t.holds_check_title(), body)
}

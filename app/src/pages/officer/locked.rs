//! What is locked away for a request, and opening it.

use ::document::{Span, Table as Grid};
use domain::map::{Column, DataMap, TableName};
use leptos::prelude::*;
use service::{
    requests::{By, LockedAway, Opening},
    sources::execute::unlock::{Locked, Unlocked},
    store::unlock::Unlocking,
};

use super::May;
use crate::{
    components::{Typed, button, document, empty, error_summary, notice, numbered, text_area},
    format,
    page::Page,
    paths,
    text::Text,
};

pub fn locked(t: Text, map: &DataMap, away: &LockedAway, may: May, open: Option<&[Unlocked]>, typed: &Typed) -> Page {
    let body = if away.locked.is_empty() {
        empty(t.locked_none(), t.locked_none_what())
    } else {
        view! {
            <p class="lead">{t.locked_lead()}</p>
            {amounts(t, map, &away.locked)}
            {(may == May::Decide).then(|| opening(t, away, typed))}
            {open.map(|rows| rows.iter().map(|row| opened(t, map, row)).collect_view())}
        }
        .into_any()
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.locked_title()}" "<span class="role">{numbered(away.number.as_str())}</span></h1>
        {body}
        <p><a href=paths::case(&away.number)>{t.locked_back()}</a></p>
    };
    Page::new(t.locked_title(), body).failed_if(typed.failed())
}

fn amounts(t: Text, map: &DataMap, locked: &[Locked]) -> AnyView {
    let rows = locked.iter().map(|locked| {
        let (words, rows) = (map.table_words(&locked.table, t.lang()), format::count(locked.rows));
        [words, rows, format::day(t.lang(), locked.until)].map(|cell| vec![Span::text(cell)]).to_vec()
    });
    let head = [t.holds_where(), t.holds_count(), t.locked_until()];
    document::table(&Grid::new(t.locked_title(), &head, rows.collect())).into_any()
}

fn opening(t: Text, away: &LockedAway, typed: &Typed) -> AnyView {
    let action = |name| paths::case_action(&away.number, name);
    match &away.opening {
        Opening::Shut => view! {
            <h2>{t.locked_ask_title()}</h2>
            <p>{t.locked_ask_what()}</p>
            <form method="post" action=action("locked/ask") novalidate=true>
                {text_area("why", t.locked_reason(), t.locked_reason_hint(), typed)}
                {button(t.locked_ask())}
            </form>
        }
        .into_any(),
        Opening::Asked { unlocking, by } => {
            let grant = (*by == By::Another).then(|| {
                view! {
                    <form method="post" action=action("locked/grant")>
                        <button class="danger" type="submit">{t.locked_grant()}</button>
                    </form>
                }
            });
            notice(t.locked_asked(), view! { {why(t, unlocking)} {grant} })
        }
        Opening::Open { unlocking, until } => {
            let show = view! {
                <form method="post" action=action("locked/show")><button type="submit">{t.locked_show()}</button></form>
            };
            let title = t.locked_open(format::moment(t.lang(), *until));
            notice(title, view! { {why(t, unlocking)} {show} })
        }
    }
}

fn why(t: Text, unlocking: &Unlocking) -> AnyView {
    let (reason, at) = (unlocking.reason.reveal().to_owned(), format::moment(t.lang(), unlocking.asked_at));
    view! { <blockquote>{reason}</blockquote> <p class="hint">{t.locked_asked_at(at)}</p> }.into_any()
}

fn opened(t: Text, map: &DataMap, row: &Unlocked) -> AnyView {
    let lang = t.lang();
    let values: Vec<_> = row
        .values
        .iter()
        .map(|(column, value)| {
            let name = field_words(map, &row.table, column, t);
            let field = map.table(&row.table).and_then(|table| table.field(column));
            let value = value.as_ref().map_or_else(
                || t.locked_empty_value().to_owned(),
                |stored| match field.and_then(|field| field.means(stored.reveal())) {
                    Some(means) => means.in_lang(lang).to_owned(),
                    None => stored.reveal().to_owned(),
                },
            );
            view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
        })
        .collect();
    view! {
        <section class="card">
            <h2>{map.table_words(&row.table, lang)}</h2>
            <dl>{values}</dl>
            <p class="hint">{t.locked_until()}" "{format::day(lang, row.until)}</p>
        </section>
    }
    .into_any()
}

fn field_words(map: &DataMap, table: &TableName, column: &Column, t: Text) -> String {
    let field = map.table(table).and_then(|table| table.field(column));
    field.map_or_else(|| column.to_string(), |field| field.words.in_lang(t.lang()).to_owned())
}

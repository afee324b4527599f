//! A deletion is asked for while a company's database cannot be read: what would go cannot be listed, and the request is
//! received all the same.

use std::collections::BTreeSet;

use domain::map::{DataMap, Extent, SourceName};
use jiff::civil::Date;
use leptos::prelude::*;
use service::requests::Unread;

use super::delete::{Already, address, choose_among};
use crate::{
    components::{Typed, chosen_record, closes_soon, empty, error_summary, notice, table_names, under_way},
    format,
    page::Page,
    paths,
    text::Text,
};

pub fn delete_unread(
    t: Text,
    map: &DataMap,
    source: &SourceName,
    unread: &Unread,
    already: &Already,
    due: Date,
    typed: &Typed,
) -> Page {
    let Unread { extent, record } = unread;
    let chosen = match (record, extent) {
        (Some(record), _) => {
            let name = map.table_words(&record.table, t.lang());
            Some(notice(t.delete_record_chosen(name), chosen_record(t, map, record)))
        }
        (None, Extent::Everything) => None,
        (None, Extent::Only(_) | Extent::Record(_)) => {
            let names = table_names(t, map, |table| extent.covers(table));
            let all = view! { <p><a href=paths::MINE_DELETE>{t.delete_some_all()}</a></p> };
            Some(notice(t.delete_some_chosen(names), all))
        }
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.delete_title()}</h1>
        {already.closes.as_ref().map(|closes| closes_soon(t, closes, t.delete_already_closing()))}
        {under_way(t, map, &already.deletions, extent)}
        {notice(t.mine_missing(map.source_name(source, t.lang())), view! { <p>{t.delete_unread_what()}</p> })}
        {chosen}
        <h2>{t.delete_next()}</h2>
        <ol>
            <li>{t.delete_next_number()}</li>
            <li>{t.delete_unread_next()}</li>
            <li>{t.delete_next_check(format::weekday(t.lang(), due))}</li>
            <li>{t.delete_next_cancel()}</li>
            <li>{t.delete_next_answer()}</li>
        </ol>
        <form method="post" action=paths::MINE_DELETE>
            {choose_among(t, map.tables.iter().collect(), extent, &BTreeSet::new(), typed)}
            {already.send(t, extent)}
        </form>
        <p><a href=paths::MINE>{t.delete_back()}</a></p>
    };
    Page::new(t.delete_title(), body).failed_if(typed.failed()).at(address(extent, typed))
}

/// Which record is meant only its database says.
pub fn record_unread(t: Text, map: &DataMap, source: &SourceName) -> Page {
    let missing = t.mine_missing(map.source_name(source, t.lang()));
    let body = view! {
        <h1>{t.delete_title()}</h1>
        {empty(t.delete_record_unread(), format!("{missing}{}{}", t.policy_colon(), t.delete_record_unread_what()))}
        <p><a class="button" href=paths::MINE_DELETE>{t.delete_some_all()}</a></p>
        <p><a href=paths::MINE>{t.delete_record_gone_back()}</a></p>
    };
    Page::new(t.delete_title(), body)
}

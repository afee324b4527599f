use domain::{Identifier, map::DataMap};
use leptos::prelude::*;
use service::{requests::MyRequests, store::requests::Request};

use super::{other_way::other_way, request::status_word, wish::by_consent};
use crate::{components::empty, format, page::Page, paths, text::Text};

/// Which page of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Newest,
    Earlier,
}

pub fn requests(t: Text, map: &DataMap, proven: &[Identifier], mine: &MyRequests, shown: Shown) -> Page {
    let lang = t.lang();
    let name = |request: &Request| {
        let wish = mine.by_consent.get(&request.id);
        let said = wish.and_then(|wish| by_consent(t, map, request.kind, wish));
        said.unwrap_or_else(|| request.kind.name(lang))
    };
    let rows: Vec<_> = mine
        .requests
        .iter()
        .map(|request| {
            view! {
                <li class="card">
                    <h2><a href=paths::request(&request.number)>{name(request)}</a></h2>
                    <p class="why">
                        <span>{request.number.to_string()}</span>
                        <span>{status_word(t, request)}</span>
                        {request.stage.is_open().then(|| view! { <span>{t.request_due_short(format::day(lang, request.due))}</span> })}
                    </p>
                </li>
            }
        })
        .collect();
    let empty = match shown {
        Shown::Newest => rows.is_empty().then(|| empty(t.requests_none(), t.requests_none_what())),
        // What was here has been forgotten since.
        Shown::Earlier => rows.is_empty().then(|| empty(t.requests_no_more(), t.requests_no_more_what())),
    };
    let back = (shown == Shown::Earlier).then(|| view! { <p><a href=paths::REQUESTS>{t.requests_newest()}</a></p> });
    let next = mine.next.as_ref().map(|next| {
        view! { <p><a href=format!("{}?after={next}", paths::REQUESTS) rel="next">{t.requests_earlier()}</a></p> }
    });
    let body = view! {
        <h1>{t.requests_title()}</h1>
        {back}
        {empty}
        <ul class="plain">{rows}</ul>
        {next}
        {other_way(t, proven)}
        <p><a href=paths::MINE>{t.requests_mine()}</a></p>
    };
    Page::new(t.requests_title(), body)
}

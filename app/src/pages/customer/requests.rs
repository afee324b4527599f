use leptos::prelude::*;
use service::store::requests::Request;

use super::request::stage_word;
use crate::{components::empty, format, page::Page, paths, text::Text};

pub fn requests(t: Text, requests: &[Request]) -> Page {
    let lang = t.lang();
    let rows: Vec<_> = requests
        .iter()
        .map(|request| {
            view! {
                <li class="card">
                    <h2><a href=paths::request(&request.number)>{request.kind.name(lang)}</a></h2>
                    <p class="why">
                        <span>{request.number.to_string()}</span>
                        <span>{stage_word(t, request.stage.name())}</span>
                        {request.stage.is_open().then(|| view! { <span>{t.request_due_short(format::day(lang, request.due))}</span> })}
                    </p>
                </li>
            }
        })
        .collect();
    let body = view! {
        <h1>{t.requests_title()}</h1>
        {requests.is_empty().then(|| empty(t.requests_none(), t.requests_none_what()))}
        <ul class="plain">{rows}</ul>
        <p><a href=paths::MINE>{t.requests_mine()}</a></p>
    };
    Page::new(t.requests_title(), body)
}

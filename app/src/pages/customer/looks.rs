//! Who looked at what is held about somebody: all of it in one list.

use domain::map::DataMap;
use leptos::prelude::*;
use service::{requests::MyLooks, store::looks::Look};

use super::requests::Shown;
use crate::{
    components::{empty, look_line, numbered},
    format,
    page::Page,
    paths,
    text::Text,
};

pub fn looks(t: Text, map: &DataMap, mine: &MyLooks, page: Shown) -> Page {
    let lines: Vec<_> = mine.looks.iter().map(|look| line(t, map, look)).collect();
    let empty = lines.is_empty().then(|| match page {
        Shown::Newest => empty(t.looks_none(), t.looks_none_what()),
        Shown::Earlier => empty(t.looks_no_more(), t.looks_no_more_what()),
    });
    let back = (page == Shown::Earlier).then(|| view! { <p><a href=paths::MINE_LOOKS>{t.looks_newest()}</a></p> });
    let next = mine.next.map(|next| {
        view! { <p><a href=format!("{}?before={next}", paths::MINE_LOOKS) rel="next">{t.looks_earlier()}</a></p> }
    });
    let body = view! {
        <h1>{t.looks_all()}</h1>
        <p class="lead">{t.looks_lead()}</p>
        {back}
        {empty}
        <ul class="plain">{lines}</ul>
        {next}
        <p><a href=paths::MINE>{t.requests_mine()}</a></p>
    };
    Page::new(t.looks_all(), body)
}

fn line(t: Text, map: &DataMap, look: &Look) -> AnyView {
    let request = look.number.as_ref().map(|number| {
        let name = numbered(t.looks_of_request(number));
        view! { " " <a href=paths::request(number)>{name}</a> }
    });
    view! {
        <li>
            <span class="hint">{format::moment(t.lang(), look.at)}{request}</span>
            <br/>
            {look_line(t, map, look)}
        </li>
    }
    .into_any()
}

//! What another handler sees who was given the address of a transfer.

use domain::map::DataMap;
use leptos::prelude::*;

use crate::{components::button, page::Page, paths, text::Text};

pub fn transfer(t: Text, map: &DataMap, secret: &str) -> Page {
    let handler = map.handler.name.in_lang(t.lang()).to_owned();
    let body = view! {
        <h1>{t.transfer_title()}</h1>
        <p class="lead">{t.transfer_lead(handler)}</p>
        <p>{t.transfer_what()}</p>
        <form method="post" action=paths::transfer(secret)>{button(t.transfer_fetch())}</form>
    };
    Page::new(t.transfer_title(), body)
}

pub fn transfer_gone(t: Text) -> Page {
    let body = view! { <h1>{t.transfer_gone()}</h1> <p class="lead">{t.transfer_gone_what()}</p> };
    Page::new(t.transfer_gone(), body)
}

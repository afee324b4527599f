//! What another handler sees who was given the address of a transfer.

use domain::map::DataMap;
use leptos::prelude::*;
use service::store::copies::StoredCopy;

use crate::{
    components::{button, copy_progress},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

pub fn transfer(t: Text, map: &DataMap, secret: &str, copy: &StoredCopy) -> Page {
    let handler = map.handler.name.in_lang(t.lang()).to_owned();
    let body = view! {
        <h1>{t.transfer_title()}</h1>
        <p class="lead">{t.transfer_lead(handler)}</p>
        <p>{t.transfer_what()}</p>
        <p>{t.transfer_tries(named::TransferTries { size: format::bytes(copy.size), n: copy.tries_left() })}</p>
        <form method="post" action=paths::transfer(secret)>{button(t.transfer_fetch())}</form>
    };
    Page::new(t.transfer_title(), body)
}

/// An address that was made before what it leads to is whole.
pub fn transfer_preparing(t: Text, map: &DataMap, secret: &str, copy: &StoredCopy) -> Page {
    let handler = map.handler.name.in_lang(t.lang()).to_owned();
    let body = view! {
        <h1>{t.transfer_preparing()}</h1>
        <p class="lead">{t.transfer_lead(handler)}</p>
        <p>{t.transfer_preparing_what()}</p>
        {copy_progress(t, copy)}
        <p><a class="button" href=paths::transfer(secret)>{t.copy_look_again()}</a></p>
    };
    Page::new(t.transfer_preparing(), body)
}

pub fn transfer_gone(t: Text) -> Page {
    let body = view! { <h1>{t.transfer_gone()}</h1> <p class="lead">{t.transfer_gone_what()}</p> };
    Page::new(t.transfer_gone(), body)
}

//! The address of a transfer, shown once.

use domain::ids::RequestNumber;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{format, page::Page, paths, text::Text};

pub fn transfer_link(t: Text, number: &RequestNumber, url: &str, until: Timestamp) -> Page {
    let body = view! {
        <h1>{t.transfer_link()}</h1>
        <p class="lead">{t.transfer_link_what(format::moment(t.lang(), until))}</p>
        <div class="field">
            <label for="address">{t.transfer_link_copy()}</label>
            <textarea id="address" class="secret" rows="4" readonly=true>{url.to_owned()}</textarea>
        </div>
        <p>{t.transfer_link_care()}</p>
        <p><a href=paths::request(number)>{t.transfer_back()}</a></p>
    };
    Page::new(t.transfer_link(), body)
}

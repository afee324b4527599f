//! From the company's own app.

use leptos::prelude::*;

use crate::{components::button, page::Page, paths, text::Text};

pub fn arrive(t: Text, secret: &str, who: String) -> Page {
    let body = view! {
        <h1>{t.doors_arrive()}</h1>
        <p class="lead">{t.doors_arrive_as(who)}</p>
        <form method="post" action=paths::arrive(secret)>{button(t.doors_arrive_go())}</form>
        <p class="hint">{t.doors_arrive_not()}</p>
    };
    Page::new(t.doors_arrive(), body)
}

pub fn arrive_gone(t: Text) -> Page {
    let body = view! {
        <h1>{t.doors_arrive_gone()}</h1>
        <p class="lead">{t.doors_arrive_gone_what()}</p>
        <p><a href=paths::SIGN_IN>{t.page_sign_in()}</a></p>
    };
    Page::new(t.doors_arrive_gone(), body)
}

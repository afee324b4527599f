//! What whoever looks after staff accounts sees: what the role is for, and what it keeps out of.

use leptos::prelude::*;

use crate::{page::Page, paths, text::Text};

pub fn security(t: Text) -> Page {
    let body = view! {
        <h1>{t.staff_security()}</h1>
        <p class="lead">{t.staff_security_what()}</p>
        <p>{t.staff_security_how()} " " <code>"qingdan staff"</code></p>
        <p>{t.staff_security_not()}</p>
        <p><a href=paths::VERIFY>{t.page_verify()}</a></p>
    };
    Page::new(t.staff_security(), body)
}

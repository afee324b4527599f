use leptos::prelude::*;

use crate::{
    components::{button, notice},
    page::Page,
    paths,
    text::Text,
};

/// What a copy is, before it is taken.
pub fn copy(t: Text) -> Page {
    let inside = [t.copy_inside_html(), t.copy_inside_csv(), t.copy_inside_json(), t.copy_inside_manifest()];
    let inside: Vec<_> = inside.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    let body = view! {
        <h1>{t.copy_title()}</h1>
        <p class="lead">{t.copy_lead()}</p>
        <h2>{t.copy_inside()}</h2>
        <ul>{inside}</ul>
        {notice(t.copy_careful(), view! { <p>{t.copy_careful_what()}</p> })}
        <form method="post" action=paths::MINE_COPY_FILE>{button(t.copy_download())}</form>
        <p><a href=paths::MINE>{t.copy_back()}</a></p>
    };
    Page::new(t.copy_title(), body)
}

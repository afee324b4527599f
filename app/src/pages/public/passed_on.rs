use domain::map::DataMap;
use leptos::prelude::*;
use service::{
    portal::day_in_china,
    requests::{recipients::Passed, tasks::Show},
    store::notified::Knows,
};

use crate::{
    components::{Typed, button, error_summary, notice, passed_facts, passed_words, text_area},
    format,
    page::Page,
    paths,
    text::Text,
};

/// For a recipient: what was done here, about whom, and the confirmation that they did likewise.
pub fn passed_on(t: Text, map: &DataMap, passed: &Passed, link: &str, show: Show, typed: &Typed) -> Page {
    let lang = t.lang();
    let title = t.passed_title(passed.number.as_str());
    let body = match &passed.notified.knows {
        Knows::Confirmed { at, .. } => {
            let what = t.passed_confirmed_what(format::day(lang, day_in_china(*at)));
            notice(t.task_confirmed(), view! { <p>{what}</p> })
        }
        Knows::NotYet | Knows::Told { .. } => open(t, link, show, typed),
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{title.clone()}</h1>
        <p class="lead">{passed_words(t, passed.kind)}</p>
        {passed_facts(t, map, passed)}
        {body}
    };
    Page::new(title, body)
}

fn open(t: Text, link: &str, show: Show, typed: &Typed) -> AnyView {
    let reveal = match show {
        Show::Masked => view! {
            <form method="post" action=format!("{}/show", paths::passed_on(link))>
                <button type="submit">{t.task_show()}</button>
            </form>
        }
        .into_any(),
        Show::Full => view! { <p class="hint">{t.task_shown()}</p> }.into_any(),
    };
    view! {
        {reveal}
        <h2>{t.task_confirm()}</h2>
        <p>{t.passed_confirm_hint()}</p>
        <form method="post" action=paths::passed_on(link) novalidate="">
            {text_area("note", t.task_note(), "", typed)}
            {button(t.task_done())}
        </form>
    }
    .into_any()
}

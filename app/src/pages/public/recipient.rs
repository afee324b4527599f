use domain::{china, map::DataMap};
use leptos::prelude::*;
use service::{
    requests::{recipients::ToTell, tasks::Show},
    store::notified::Knows,
};

use super::task::reveal;
use crate::{
    components::{Typed, button, error_summary, notice, notified_facts, notified_words, numbered, text_area},
    format,
    page::Page,
    paths,
    text::Text,
};

/// For a recipient: what was done here, about whom, and the confirmation that they did likewise.
pub fn recipient(t: Text, map: &DataMap, telling: &ToTell, link: &str, typed: &Typed) -> Page {
    let lang = t.lang();
    let title = t.notified_title(telling.number.as_str());
    let body = match &telling.notified.knows {
        Knows::Confirmed { at, .. } => {
            let what = t.notified_confirmed_what(format::day(lang, china::day(*at)));
            notice(t.task_confirmed(), view! { <p>{what}</p> })
        }
        Knows::NotYet | Knows::Told { .. } => open(t, telling, link, typed),
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{numbered(&title)}</h1>
        <p class="lead">{notified_words(t, telling.kind)}</p>
        {notified_facts(t, map, telling)}
        {body}
    };
    Page::new(title, body)
}

fn open(t: Text, telling: &ToTell, link: &str, typed: &Typed) -> AnyView {
    // Where nothing is masked there is nothing more to show, and it was a look.
    let show = if telling.is_masked { Show::Masked } else { Show::Full };
    let reveal = (!telling.person.is_empty()).then(|| reveal(t, &paths::recipient(link), show));
    view! {
        {reveal}
        <h2>{t.task_confirm()}</h2>
        <p>{t.notified_confirm_hint()}</p>
        <form method="post" action=paths::recipient(link) novalidate="">
            {text_area("note", t.task_note(), "", typed)}
            {button(t.task_done())}
        </form>
    }
    .into_any()
}

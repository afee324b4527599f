use domain::{china, map::DataMap};
use leptos::prelude::*;
use service::requests::tasks::{Asked, Show};

use crate::{
    components::{Field, Typed, button, error_summary, field, notice, numbered, text_area},
    format,
    page::Page,
    paths,
    text::{Text, named},
};

/// For the owner of a system only people can reach: what to do, about whom, and the confirmation.
pub fn task(t: Text, map: &DataMap, asked: &Asked, link: &str, show: Show, typed: &Typed) -> Page {
    let lang = t.lang();
    let task = &asked.task;
    let title = t.task_title(asked.number.as_str());
    let system =
        map.sources.get(&task.source).map_or_else(|| task.source.to_string(), |s| s.name.in_lang(lang).to_owned());
    let records = map.table_words(&task.table, lang);
    let body = match &task.confirmed {
        Some(confirmed) => {
            let at = format::day(lang, china::day(confirmed.at));
            let what = t.task_confirmed_what(named::TaskConfirmedWhat { at, n: format::count(confirmed.rows) });
            notice(t.task_confirmed(), view! { <p>{what}</p> })
        }
        None => open(t, link, show, typed),
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{numbered(&title)}</h1>
        <p class="lead">{t.task_lead()}</p>
        <dl class="facts">
            <div><dt>{t.task_system()}</dt><dd>{system}</dd></div>
            <div><dt>{t.task_records()}</dt><dd>{records}</dd></div>
            <div><dt>{t.task_due()}</dt><dd>{format::weekday(lang, task.due)}</dd></div>
            <div><dt>{t.task_person()}</dt><dd>{asked.person.join(" · ")}</dd></div>
        </dl>
        {body}
    };
    Page::new(title, body)
}

/// The press that shows in full what stands masked, for whoever holds the link.
pub(super) fn reveal(t: Text, path: &str, show: Show) -> AnyView {
    match show {
        Show::Masked => view! {
            <form method="post" action=format!("{path}/show")>
                <button type="submit">{t.task_show()}</button>
            </form>
        }
        .into_any(),
        Show::Full => view! { <p class="hint">{t.task_shown()}</p> }.into_any(),
    }
}

fn open(t: Text, link: &str, show: Show, typed: &Typed) -> AnyView {
    let rows =
        Field { id: "rows", label: t.task_rows(), hint: "", kind: "text", input_mode: "numeric", autocomplete: "off" };
    view! {
        {reveal(t, &paths::task(link), show)}
        <h2>{t.task_confirm()}</h2>
        <form method="post" action=paths::task(link) novalidate="">
            {field(rows, typed)}
            {text_area("note", t.task_note(), "", typed)}
            {button(t.task_done())}
        </form>
    }
    .into_any()
}

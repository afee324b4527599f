use domain::{
    map::DataMap,
    plan::{Item, Plan},
};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::{
    components::{button, empty, outcome_list},
    format,
    page::Page,
    paths,
    text::Text,
};

/// Check your answers: what will go, what must stay until when under which statute.
pub fn delete(t: Text, map: &DataMap, plan: &Plan, due: Date) -> Page {
    let lang = t.lang();
    let (going, staying): (Vec<Item>, Vec<Item>) = plan.items.iter().cloned().partition(Item::changes);
    if plan.items.is_empty() {
        let body = view! {
            <h1>{t.delete_title()}</h1>
            {empty(t.delete_nothing(), t.delete_nothing_what())}
            <p><a href=paths::MINE>{t.delete_back()}</a></p>
        };
        return Page::new(t.delete_title(), body);
    }
    let staying_part = (!staying.is_empty()).then(|| {
        view! {
            <h2>{t.delete_staying()}</h2>
            <p>{t.delete_staying_means()}</p>
            {outcome_list(t, map, &staying)}
        }
    });
    let going_part = if going.is_empty() {
        view! { <p>{t.delete_nothing_now()}</p> }.into_any()
    } else {
        outcome_list(t, map, &going).into_any()
    };
    let body = view! {
        <h1>{t.delete_title()}</h1>
        <p class="lead">{t.delete_lead()}</p>
        <h2>{t.delete_going()}</h2>
        {going_part}
        {staying_part}
        <h2>{t.delete_next()}</h2>
        <ol>
            <li>{t.delete_next_number()}</li>
            <li>{t.delete_next_check(format::weekday(lang, due))}</li>
            <li>{t.delete_next_cancel()}</li>
            <li>{t.delete_next_answer()}</li>
        </ol>
        <form method="post" action=paths::MINE_DELETE>{button(t.delete_submit())}</form>
        <p><a href=paths::MINE>{t.delete_back()}</a></p>
    };
    Page::new(t.delete_title(), body)
}

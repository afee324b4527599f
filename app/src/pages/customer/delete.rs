use domain::{
    map::DataMap,
    plan::{Because, Item, Outcome},
};
use jiff::civil::Date;
use leptos::prelude::*;
use service::requests::{Deletion, StillOpen};

use crate::{
    components::{Tense, Told, beside_deletion, button, empty, notice, outcome_list},
    format,
    page::Page,
    paths,
    text::Text,
};

/// Check your answers: what will go, what must stay until when under which statute.
pub fn delete(t: Text, map: &DataMap, deletion: &Deletion, due: Date) -> Page {
    let (lang, plan) = (t.lang(), &deletion.plan);
    let (going, staying): (Vec<Item>, Vec<Item>) = plan.items.iter().cloned().partition(|item| !item.outcome.stays());
    if plan.items.is_empty() {
        let body = view! {
            <h1>{t.delete_title()}</h1>
            {empty(t.delete_nothing(), t.delete_nothing_what())}
            <p><a href=paths::MINE>{t.delete_back()}</a></p>
        };
        return Page::new(t.delete_title(), body);
    }
    let because = |item: &Item| match &item.outcome {
        Outcome::Kept { because } => Some(because.clone()),
        Outcome::Deleted
        | Outcome::Anonymised
        | Outcome::LockedAway { .. }
        | Outcome::Destroyed
        | Outcome::Corrected { .. }
        | Outcome::Restricted { .. }
        | Outcome::ByHand { .. } => None,
    };
    let on_hold = !staying.is_empty() && staying.iter().all(|item| because(item) == Some(Because::Hold));
    // What is open says it already, and what to do about it.
    let under_way = deletion.open.is_empty()
        && staying.iter().any(|item| matches!(because(item), Some(Because::NotStarted { .. })));
    let open = StillOpen::Known(deletion.open.clone());
    let staying_part = (!staying.is_empty()).then(|| {
        view! {
            <h2>{t.delete_staying()}</h2>
            <p>{if on_hold { t.delete_held() } else { t.delete_staying_means() }}</p>
            {outcome_list(t, map, Tense::Planned, &staying)}
        }
    });
    let going_part = if going.is_empty() {
        view! { <p>{t.delete_nothing_now()}</p> }.into_any()
    } else {
        outcome_list(t, map, Tense::Planned, &going).into_any()
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
        {beside_deletion(t, map, Some(plan), &open, Told::Person)}
        {under_way.then(|| notice(t.delete_under_way(), view! { <p>{t.delete_under_way_what()}</p> }))}
        <form method="post" action=paths::MINE_DELETE>{button(t.delete_submit())}</form>
        <p><a href=paths::MINE>{t.delete_back()}</a></p>
    };
    Page::new(t.delete_title(), body)
}

use domain::{map::DataMap, plan::Item};
use leptos::prelude::*;
use service::requests::Cancellation;

use crate::{
    components::{Tense, button, notice, outcome_list},
    format,
    page::Page,
    paths,
    text::Text,
};

/// What stands against it, or what will happen.
pub fn cancel(t: Text, map: &DataMap, cancellation: &Cancellation) -> Page {
    let title = t.cancel_title();
    let body = if cancellation.blockers.is_empty() { free(t, map, cancellation) } else { blocked(t, cancellation) };
    let body = view! {
        <h1>{title}</h1>
        <p class="lead">{t.cancel_lead()}</p>
        {body}
        <p><a href=paths::MINE>{t.delete_back()}</a></p>
    };
    Page::new(title, body)
}

fn blocked(t: Text, cancellation: &Cancellation) -> AnyView {
    let lang = t.lang();
    let rows: Vec<_> = cancellation
        .blockers
        .iter()
        .map(|(what, remedy, rows)| {
            let what = t.cancel_blocked_row(what.in_lang(lang), format::count(*rows));
            view! { <li><strong>{what}</strong><br/>{remedy.in_lang(lang).to_owned()}</li> }
        })
        .collect();
    let body = view! {
        <ul>{rows}</ul>
        <p>{t.cancel_blocked_what()} " " <a href=paths::MINE_DELETE>{t.delete_title()}</a></p>
    };
    notice(t.cancel_blocked(), body)
}

fn free(t: Text, map: &DataMap, cancellation: &Cancellation) -> AnyView {
    let (going, staying): (Vec<Item>, Vec<Item>) =
        cancellation.plan.items.iter().cloned().partition(|item| !item.outcome.stays());
    let staying = (!staying.is_empty()).then(|| {
        view! { <h2>{t.delete_staying()}</h2> <p>{t.delete_staying_means()}</p> {outcome_list(t, map, Tense::Planned, &staying)} }
    });
    let until = format::moment(t.lang(), cancellation.until);
    view! {
        <p>{t.cancel_kept()}</p>
        <h2>{t.delete_going()}</h2>
        {outcome_list(t, map, Tense::Planned, &going)}
        {staying}
        {notice(t.cancel_cooling(until), view! { <p>{t.cancel_cooling_what()}</p> })}
        <form method="post" action=paths::MINE_CANCEL>{button(t.cancel_submit())}</form>
    }
    .into_any()
}

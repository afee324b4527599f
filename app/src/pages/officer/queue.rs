use leptos::prelude::*;
use service::{requests::QueueRow, store::requests::QueueView};

use crate::{
    components::{days_left, empty, notice},
    format,
    islands::QueueKeys,
    page::{Page, Script},
    pages::customer_stage_word,
    paths,
    text::Text,
};

/// Soonest due first.
pub fn queue(t: Text, rows: &[QueueRow], view: QueueView, next: Option<String>, drift: usize, reviews: usize) -> Page {
    let lang = t.lang();
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let open = row.request.stage.is_open();
            let class = match row.days_left {
                _ if !open => "closed",
                days if days < 0 => "late",
                0..=3 => "soon",
                _ => "fine",
            };
            let left = if open { days_left(t, row.days_left) } else { String::new() };
            view! {
                <tr class=class>
                    <td>
                        <a href=paths::case(&row.request.number) data-queue-row="">{row.request.number.to_string()}</a>
                    </td>
                    <td>{row.request.kind.name(lang)}</td>
                    <td>{row.who.clone()}</td>
                    <td>{customer_stage_word(t, row.request.stage.name())}</td>
                    <td>{format::day(lang, row.request.due)}</td>
                    <td class="left">{left}</td>
                </tr>
            }
        })
        .collect();
    let (open, closed) = match view {
        QueueView::Open => (Some("page"), None),
        QueueView::Closed => (None, Some("page")),
    };
    let body = view! {
        <h1>{t.queue_title()}</h1>
        {(drift > 0)
            .then(|| {
                let see = view! { <p>{t.drift_notice_what()}{" "}<a href=paths::DRIFT>{t.drift_see()}</a></p> };
                notice(t.drift_notice(drift), see)
            })}
        {(reviews > 0)
            .then(|| {
                let see = view! { <p>{t.holds_due_what()}{" "}<a href=paths::HOLDS>{t.drift_see()}</a></p> };
                notice(t.holds_due(reviews), see)
            })}
        <nav class="tabs" aria-label=t.queue_views()>
            <a href=paths::OFFICER aria-current=open>{t.queue_open()}</a>
            <a href=format!("{}?view=closed", paths::OFFICER) aria-current=closed>{t.queue_closed()}</a>
        </nav>
        {rows.is_empty().then(|| empty(t.queue_empty(), t.queue_empty_what()))}
        {(!rows.is_empty()).then(|| view! {
            <p class="hint keys">{t.queue_keys()}</p>
            <div class="scroll" tabindex="0" role="region" aria-label=t.queue_title()>
                <table class="queue">
                    <thead>
                        <tr>
                            <th scope="col">{t.queue_number()}</th>
                            <th scope="col">{t.queue_kind()}</th>
                            <th scope="col">{t.queue_who()}</th>
                            <th scope="col">{t.queue_stage()}</th>
                            <th scope="col">{t.queue_due()}</th>
                            <th scope="col">{t.queue_left()}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            <QueueKeys/>
        })}
        {next.map(|href| view! { <p><a href=href>{t.queue_more()}</a></p> })}
    };
    Page::new(t.queue_title(), body).with(Script::Islands)
}

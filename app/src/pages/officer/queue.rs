//! The queue: soonest due first, by kind and by whose work it is; and a person's requests, found by what they proved.

use std::collections::BTreeMap;

use domain::{ids::StaffId, request::RequestKind};
use leptos::prelude::*;
use service::{
    requests::{BulkAction, QueueRow},
    store::{
        requests::{Filter, QueueView, Request},
        views::SavedView,
    },
};

use super::{May, bulk::action_word};
use crate::{
    components::{Field, Typed, button, days_left, empty, error_summary, field, notice, select},
    format,
    islands::QueueKeys,
    page::{Page, Script},
    pages::customer_status_word,
    paths,
    text::Text,
};

/// What the page shows beside the rows.
pub struct Desk {
    pub view: QueueView,
    pub filter: Filter,
    /// The next page.
    pub next: Option<String>,
    /// Errors of the map against the databases.
    pub drift: usize,
    /// Holds to be looked at again.
    pub reviews: usize,
    /// A year whose calendar is needed and not known.
    pub missing_year: Option<i16>,
    pub names: BTreeMap<StaffId, String>,
    pub may: May,
    /// Those this officer has saved.
    pub saved: Vec<SavedView>,
}

pub fn queue(t: Text, rows: &[QueueRow], desk: &Desk, typed: &Typed) -> Page {
    let (open, closed) = match desk.view {
        QueueView::Open => (Some("page"), None),
        QueueView::Closed => (None, Some("page")),
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.queue_title()}</h1>
        {(desk.drift > 0)
            .then(|| {
                let see = view! { <p>{t.drift_notice_what()}{" "}<a href=paths::DRIFT>{t.drift_see()}</a></p> };
                notice(t.drift_notice(desk.drift), see)
            })}
        {(desk.reviews > 0)
            .then(|| {
                let see = view! { <p>{t.holds_due_what()}{" "}<a href=paths::HOLDS>{t.drift_see()}</a></p> };
                notice(t.holds_due(desk.reviews), see)
            })}
        {desk.missing_year.map(|year| {
            notice(t.queue_year_missing(year), view! { <p>{t.queue_year_missing_what(year)}</p> })
        })}
        <nav class="tabs" aria-label=t.queue_views()>
            <a href=paths::OFFICER aria-current=open>{t.queue_open()}</a>
            <a href=format!("{}?view=closed", paths::OFFICER) aria-current=closed>{t.queue_closed()}</a>
            <a href=paths::FIND>{t.queue_find()}</a>
            {(desk.may == May::Decide).then(|| view! { <a href=paths::INTAKE>{t.represent_intake()}</a> })}
            <a href=paths::STATISTICS>{t.statistics_link()}</a>
        </nav>
        {filters(t, desk)}
        {saved(t, desk, typed)}
        {rows.is_empty().then(|| empty(t.queue_empty(), t.queue_empty_what()))}
        {(!rows.is_empty()).then(|| view! {
            <p class="hint keys">{t.queue_keys()}</p>
            {chosen(t, rows, desk)}
            <QueueKeys/>
        })}
        {desk.next.clone().map(|href| view! { <p><a href=href>{t.queue_more()}</a></p> })}
    };
    Page::new(t.queue_title(), body).with(Script::Islands).failed_if(typed.failed())
}

/// A person's requests, or the one with a number. What is looked for stands in no address.
pub fn find(t: Text, found: Option<&[QueueRow]>, names: &BTreeMap<StaffId, String>, typed: &Typed) -> Page {
    let input = Field {
        id: "wanted",
        label: t.queue_wanted(),
        hint: t.queue_wanted_hint(),
        kind: "text",
        input_mode: "text",
        autocomplete: "off",
    };
    let result = found.map(|rows| {
        if rows.is_empty() {
            empty(t.queue_not_found(), t.queue_not_found_what())
        } else {
            table(t, rows, names, May::Read)
        }
    });
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.queue_find()}</h1>
        <form method="post" action=paths::FIND novalidate=true>
            {field(input, typed)}
            {button(t.queue_find_go())}
        </form>
        {result}
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(t.queue_find(), body).failed_if(typed.failed())
}

/// A view as it stands in an address.
pub fn view_query(view: QueueView, filter: Filter) -> String {
    let kind = filter.kind.map(RequestKind::slug).unwrap_or_default();
    format!("view={}&kind={kind}&whose={}", view.as_str(), filter.whose.as_str())
}

/// The views this officer has given a name, and a name for this one.
fn saved(t: Text, desk: &Desk, typed: &Typed) -> AnyView {
    let lines: Vec<_> = desk
        .saved
        .iter()
        .map(|saved| {
            let href = format!("{}?{}", paths::OFFICER, view_query(saved.view, saved.filter));
            view! {
                <li>
                    <a href=href>{saved.name.clone()}</a>
                    <form method="post" action=paths::forget_view(saved.id)>
                        <button type="submit">
                            {t.bulk_forget()} <span class="unseen">" – "{saved.name.clone()}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect();
    let views =
        (!lines.is_empty()).then(|| view! { <nav aria-label=t.bulk_views()><ul class="views">{lines}</ul></nav> });
    let name = Field {
        id: "name",
        label: t.bulk_save_name(),
        hint: "",
        kind: "text",
        input_mode: "text",
        autocomplete: "off",
    };
    let open = typed.error("name").is_some();
    view! {
        {views}
        <details open=open>
            <summary>{t.bulk_save()}</summary>
            <form method="post" action=format!("{}?{}", paths::VIEWS, view_query(desk.view, desk.filter)) novalidate=true>
                {field(name, typed)}
                <button type="submit">{t.bulk_save()}</button>
            </form>
        </details>
    }
    .into_any()
}

fn filters(t: Text, desk: &Desk) -> AnyView {
    let lang = t.lang();
    let kinds = RequestKind::ALL.map(|kind| (kind.slug(), kind.name(lang)));
    let kinds = [(String::new(), t.queue_any_kind().to_owned())].into_iter().chain(kinds).collect();
    let whose = [("", t.queue_anyones()), ("mine", t.queue_mine()), ("nobodys", t.queue_nobodys())];
    let whose = whose.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec();
    let chosen = desk.filter.whose.as_str();
    let kind = desk.filter.kind.map(RequestKind::slug).unwrap_or_default();
    let typed = Typed::default().keep("kind", kind).keep("whose", chosen);
    view! {
        <form method="get" action=paths::OFFICER class="filters">
            <input type="hidden" name="view" value=desk.view.as_str()/>
            {select("kind", t.queue_kind(), kinds, &typed)}
            {select("whose", t.queue_whose(), whose, &typed)}
            <button type="submit">{t.queue_filter()}</button>
        </form>
    }
    .into_any()
}

/// The rows with a box before each, and what can be done with those chosen.
fn chosen(t: Text, rows: &[QueueRow], desk: &Desk) -> AnyView {
    if desk.may == May::Read || desk.view == QueueView::Closed {
        return table(t, rows, &desk.names, May::Read);
    }
    let actions = BulkAction::ALL.map(|action| (action.as_str().to_owned(), action_word(t, action).to_owned()));
    view! {
        <form method="post" action=paths::BULK_PREVIEW>
            {table(t, rows, &desk.names, May::Decide)}
            <div class="filters">
                {select("action", t.bulk_choose(), actions.to_vec(), &Typed::default())}
                <button type="submit">{t.bulk_preview()}</button>
            </div>
        </form>
    }
    .into_any()
}

/// With a box before each row for whoever may decide.
fn table(t: Text, rows: &[QueueRow], names: &BTreeMap<StaffId, String>, may: May) -> AnyView {
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
                        {(may == May::Decide).then(|| pick(t, &row.request))}
                        <a href=paths::case(&row.request.number) data-queue-row="">{row.request.number.to_string()}</a>
                    </td>
                    <td>{row.request.kind.name(lang)}</td>
                    <td>{row.who.clone()}</td>
                    <td>{customer_status_word(t, &row.request)}</td>
                    <td>{owner(t, row.request.owner, names)}</td>
                    <td>{format::day(lang, row.request.due)}</td>
                    <td class="left">{left}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t.queue_title()>
            <table class="queue">
                <thead>
                    <tr>
                        <th scope="col">{t.queue_number()}</th>
                        <th scope="col">{t.queue_kind()}</th>
                        <th scope="col">{t.queue_who()}</th>
                        <th scope="col">{t.queue_stage()}</th>
                        <th scope="col">{t.queue_owner()}</th>
                        <th scope="col">{t.queue_due()}</th>
                        <th scope="col">{t.queue_left()}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn pick(t: Text, request: &Request) -> AnyView {
    let number = request.number.to_string();
    view! {
        <label class="pick">
            <input type="checkbox" name="number" value=number.clone()/>
            <span class="unseen">{t.bulk_pick(number)}</span>
        </label>
    }
    .into_any()
}

/// Who works on it, by name.
pub(super) fn owner(t: Text, owner: Option<StaffId>, names: &BTreeMap<StaffId, String>) -> String {
    owner.and_then(|staff| names.get(&staff).cloned()).unwrap_or_else(|| t.queue_nobody().to_owned())
}

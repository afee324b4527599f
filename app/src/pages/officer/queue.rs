//! The queue: soonest due first, by kind and by whose work it is; and a person's requests, found by what they proved.

use std::collections::BTreeMap;

use domain::ids::{RequestNumber, StaffId};
use leptos::prelude::*;
use service::{
    requests::{BulkAction, QueueRow},
    store::{
        queue::{Due, Filter, MANY, Soon, Whose, Workload},
        requests::QueueView,
        views::SavedView,
    },
};

use super::{
    May,
    bulk::action_word,
    filters::{self, view_query},
    rows::{Shown, table},
};
use crate::{
    components::{Field, Typed, button, empty, error_summary, field, notice, numbered, select},
    format,
    islands::QueueKeys,
    page::{Page, Script},
    paths,
    text::Text,
};

/// What the page shows beside the rows.
pub struct Desk {
    pub view: QueueView,
    pub filter: Filter,
    /// The next page.
    pub next: Option<String>,
    /// How much there is to do, where that is asked.
    pub workload: Option<Workload>,
    /// Whoever looks.
    pub own: StaffId,
    /// Errors of the map against the databases.
    pub drift: usize,
    /// Holds to be looked at again.
    pub reviews: usize,
    /// Rules of the night that wait until an officer has looked.
    pub stopped: usize,
    /// Requests of which a recipient waits for a call.
    pub to_tell: Vec<RequestNumber>,
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
        {(desk.stopped > 0)
            .then(|| {
                let what =
                    if desk.may == May::Decide { t.nights_desk_what() } else { t.nights_desk_what_read() };
                let see = view! { <p>{what}{" "}<a href=paths::NIGHTS>{t.drift_see()}</a></p> };
                notice(t.nights_desk(desk.stopped), see)
            })}
        {(!desk.to_tell.is_empty()).then(|| {
            let links: Vec<_> = desk
                .to_tell
                .iter()
                .map(|number| view! { <li><a href=paths::case(number)>{numbered(number.as_str())}</a></li> })
                .collect();
            notice(t.notified_desk(desk.to_tell.len()), view! { <p>{t.notified_desk_why()}</p> <ul>{links}</ul> })
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
        {desk.workload.map(|of| workload(t, desk, of))}
        {filters::form(t, desk.view, desk.filter, typed)}
        {saved(t, desk, typed)}
        {rows.is_empty().then(|| nothing(t, desk))}
        {(!rows.is_empty()).then(|| view! {
            <p class="hint keys">{t.queue_keys()}</p>
            <p class="hint">{t.queue_marks()}</p>
            {chosen(t, rows, desk, typed)}
            <QueueKeys/>
        })}
        {desk.next.clone().map(|href| view! { <p><a href=href>{t.queue_more()}</a></p> })}
    };
    Page::new(t.queue_title(), body).with(Script::Islands).failed_if(typed.failed())
}

/// A person's requests, or the one with a number. What is looked for stands in no address.
pub fn find(t: Text, found: Option<&[QueueRow]>, names: &BTreeMap<StaffId, String>, may: May, typed: &Typed) -> Page {
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
            let intake = (may == May::Decide)
                .then(|| view! { <p><a class="button" href=paths::INTAKE>{t.represent_intake()}</a></p> });
            view! { {empty(t.queue_not_found(), t.queue_not_found_what())} {intake} }.into_any()
        } else {
            table(t, rows, names, Shown::Both, May::Read)
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

/// How much there is, and ways to one's own and to what nobody has taken yet.
fn workload(t: Text, desk: &Desk, of: Workload) -> AnyView {
    let Workload { open, overdue, own, nobodys } = of;
    let number = |n: u64| if n < MANY { format::count(n) } else { t.queue_many(format::count(MANY)) };
    let of = |filter| format!("{}?{}", paths::OFFICER, view_query(QueueView::Open, filter));
    let to = |whose| of(Filter { whose, ..Filter::default() });
    let late = of(Filter { due: Due { soon: Soon::Overdue, ..Due::default() }, ..Filter::default() });
    view! {
        <ul class="workload">
            <li><a href=to(Whose::Anyones)>{t.queue_count_open(number(open))}</a></li>
            <li class:late={overdue > 0}><a href=late>{t.queue_count_overdue(number(overdue))}</a></li>
            {(desk.may == May::Decide)
                .then(|| view! { <li><a href=to(Whose::Of(desk.own))>{t.queue_count_own(number(own))}</a></li> })}
            <li><a href=to(Whose::Nobodys)>{t.queue_count_nobodys(number(nobodys))}</a></li>
        </ul>
    }
    .into_any()
}

/// Why there is nothing, and what to do about it.
fn nothing(t: Text, desk: &Desk) -> AnyView {
    if desk.filter != Filter::default() {
        return view! {
            {empty(t.queue_no_match(), t.queue_no_match_of(filters::chosen(t, desk.filter)))}
            <p><a class="button" href=filters::cleared(desk.view)>{t.queue_clear()}</a></p>
        }
        .into_any();
    }
    match (desk.view, desk.may) {
        (QueueView::Open, May::Decide) => view! {
            {empty(t.queue_empty(), t.queue_empty_decide())}
            <p><a class="button" href=paths::INTAKE>{t.represent_intake()}</a></p>
        }
        .into_any(),
        (QueueView::Open, May::Read) => empty(t.queue_empty(), t.queue_empty_what()),
        (QueueView::Closed, May::Decide | May::Read) => empty(t.queue_empty_closed(), t.queue_empty_closed_what()),
    }
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

/// The rows with a box before each, and what can be done with those chosen.
fn chosen(t: Text, rows: &[QueueRow], desk: &Desk, typed: &Typed) -> AnyView {
    if desk.view == QueueView::Closed {
        return table(t, rows, &desk.names, Shown::Closed, May::Read);
    }
    if desk.may == May::Read {
        return table(t, rows, &desk.names, Shown::Open, May::Read);
    }
    let hidden: Vec<_> = filters::parameters(desk.view, desk.filter)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let actions = BulkAction::ALL.map(|action| (action.as_str().to_owned(), action_word(t, action).to_owned()));
    view! {
        <form method="post" action=paths::BULK_PREVIEW>
            {hidden}
            {table(t, rows, &desk.names, Shown::Open, May::Decide)}
            <div class="filters">
                {select("action", t.bulk_choose(), actions.to_vec(), typed)}
                <button type="submit">{t.bulk_preview()}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Who works on it, by name.
pub(super) fn owner(t: Text, owner: Option<StaffId>, names: &BTreeMap<StaffId, String>) -> String {
    owner.and_then(|staff| names.get(&staff).cloned()).unwrap_or_else(|| t.queue_nobody().to_owned())
}

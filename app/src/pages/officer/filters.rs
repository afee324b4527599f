//! What narrows the queue: as a form, as it stands in an address, and in words.

use domain::request::{RequestKind, StageName, Status};
use jiff::civil::Date;
use leptos::prelude::*;
use service::store::{
    queue::{Asked, Filter, Received, Soon, Whose},
    requests::QueueView,
};

use crate::{
    components::{Typed, day_field, select},
    format,
    pages::customer_status_word,
    paths,
    text::{Text, named},
};

/// A view as it stands in an address.
pub fn view_query(view: QueueView, filter: Filter) -> String {
    let pairs = parameters(view, filter).into_iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

/// The same view with everything in it.
pub(super) fn cleared(view: QueueView) -> String {
    format!("{}?view={}", paths::OFFICER, view.as_str())
}

pub(super) fn parameters(view: QueueView, filter: Filter) -> Vec<(&'static str, String)> {
    let all = [
        ("view", view.as_str().to_owned()),
        ("kind", filter.kind.map(RequestKind::slug).unwrap_or_default()),
        ("whose", filter.whose.as_str().to_owned()),
        ("asked", filter.asked.as_str().to_owned()),
        ("state", filter.state.map(StageName::as_str).unwrap_or_default().to_owned()),
        ("due_in", filter.due.soon.as_str().to_owned()),
        ("from", written(filter.received.from)),
        ("to", written(filter.received.to)),
    ];
    all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn written(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

pub(super) fn form(t: Text, view: QueueView, filter: Filter, typed: &Typed) -> AnyView {
    let kept = |typed: Typed, (name, value): (&'static str, String)| typed.keep(name, value);
    let typed = parameters(view, filter).into_iter().fold(typed.clone(), kept);
    let Filter { whose, asked, received, .. } = filter;
    let more = whose != Whose::default() || asked != Asked::default() || received != Received::default();
    let open = more || typed.error("from").is_some() || typed.error("to").is_some();
    view! {
        <form method="get" action=paths::OFFICER>
            <input type="hidden" name="view" value=view.as_str()/>
            <div class="filters">
                {select("state", t.queue_stage(), states(t, view), &typed)}
                {(view == QueueView::Open).then(|| select("due_in", t.queue_due_in(), soon(t), &typed))}
                {select("kind", t.queue_kind(), kinds(t), &typed)}
                <button type="submit">{t.queue_filter()}</button>
                {(filter != Filter::default()).then(|| view! { <a href=cleared(view)>{t.queue_clear()}</a> })}
            </div>
            <details open=open>
                <summary>{t.queue_more_filters()}</summary>
                <div class="filters">
                    {select("whose", t.queue_whose(), owners(t), &typed)}
                    {select("asked", t.queue_asked(), askers(t), &typed)}
                    {day_field("from", t.queue_from(), &typed)}
                    {day_field("to", t.queue_to(), &typed)}
                </div>
            </details>
        </form>
    }
    .into_any()
}

type Options = Vec<(String, String)>;

fn states(t: Text, view: QueueView) -> Options {
    let of_view = StageName::ALL.into_iter().filter(|state| QueueView::of_state(*state) == view);
    let states = of_view.map(|state| (state.as_str().to_owned(), state_word(t, state).to_owned()));
    [(String::new(), t.queue_any_state().to_owned())].into_iter().chain(states).collect()
}

fn kinds(t: Text) -> Options {
    let kinds = RequestKind::ALL.map(|kind| (kind.slug(), kind.name(t.lang())));
    [(String::new(), t.queue_any_kind().to_owned())].into_iter().chain(kinds).collect()
}

fn soon(t: Text) -> Options {
    Soon::ALL.map(|soon| (soon.as_str().to_owned(), soon_word(t, soon).to_owned())).to_vec()
}

fn owners(t: Text) -> Options {
    let whose = [("", t.queue_anyones()), ("mine", t.queue_mine()), ("nobodys", t.queue_nobodys())];
    whose.map(|(value, words)| (value.to_owned(), words.to_owned())).to_vec()
}

fn askers(t: Text) -> Options {
    Asked::ALL.map(|asked| (asked.as_str().to_owned(), asked_word(t, asked).to_owned())).to_vec()
}

/// What is chosen, in words.
pub(super) fn chosen(t: Text, filter: Filter) -> String {
    let lang = t.lang();
    let whose = match filter.whose {
        Whose::Anyones => None,
        Whose::Of(_) => Some(t.queue_mine()),
        Whose::Nobodys => Some(t.queue_nobodys()),
    };
    let due = (filter.due.soon != Soon::AnyTime).then(|| soon_word(t, filter.due.soon).to_owned());
    let asked = (filter.asked != Asked::ByAnyone).then(|| asked_word(t, filter.asked).to_owned());
    let said = [
        (t.queue_stage(), filter.state.map(|state| state_word(t, state).to_owned())),
        (t.queue_due_in(), due),
        (t.queue_kind(), filter.kind.map(|kind| kind.name(lang))),
        (t.queue_whose(), whose.map(str::to_owned)),
        (t.queue_asked(), asked),
        (t.queue_from(), filter.received.from.map(|day| format::day(lang, day))),
        (t.queue_to(), filter.received.to.map(|day| format::day(lang, day))),
    ];
    let said =
        said.into_iter().filter_map(|(what, value)| Some(t.queue_said(named::QueueSaid { what, value: value? })));
    said.collect::<Vec<_>>().join(t.queue_and())
}

fn state_word(t: Text, state: StageName) -> &'static str {
    customer_status_word(t, Status::At(state))
}

fn soon_word(t: Text, soon: Soon) -> &'static str {
    match soon {
        Soon::AnyTime => t.queue_due_any(),
        Soon::Overdue => t.queue_due_overdue(),
        Soon::Within5 => t.queue_due_within_5(),
        Soon::Within3 => t.queue_due_within_3(),
        Soon::Within1 => t.queue_due_within_1(),
    }
}

fn asked_word(t: Text, asked: Asked) -> &'static str {
    match asked {
        Asked::ByAnyone => t.queue_asked_by_anyone(),
        Asked::BySubject => t.queue_asked_by_subject(),
        Asked::ByAnother => t.queue_asked_by_another(),
    }
}

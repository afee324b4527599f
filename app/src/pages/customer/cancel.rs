use domain::{
    map::{DataMap, SourceName},
    plan::Item,
    request::Requester,
};
use leptos::prelude::*;
use service::requests::{Cancellation, Closes, NoAccount};

use crate::{
    components::{
        ClosingDays, Tense, button, closes_soon, closing_days, closing_title, empty, notice, outcome_list, reach,
        unsettled_list,
    },
    page::Page,
    paths,
    text::Text,
};

/// What stands against it, or what will happen; and that somebody else has asked for it.
pub fn cancel(t: Text, map: &DataMap, cancellation: &Cancellation, closes: Option<&Closes>) -> Page {
    let title = t.cancel_title();
    let free = cancellation.blockers.is_empty();
    let body = if free { self::free(t, map, cancellation) } else { blocked(t, map, cancellation) };
    let body = view! {
        <h1>{title}</h1>
        {closes.map(|closes| closes_soon(t, closes, t.cancel_soon_mine()))}
        {free.then(|| view! { <p class="lead">{t.cancel_lead()}</p> })}
        {body}
        <p><a href=paths::MINE>{if free { t.cancel_back() } else { t.represent_people_back() }}</a></p>
    };
    Page::new(title, body)
}

/// What would go, and what stands against it, cannot be seen: both are looked at on the day.
pub fn cancel_unread(t: Text, map: &DataMap, source: &SourceName, days: ClosingDays, closes: Option<&Closes>) -> Page {
    let title = t.cancel_title();
    let unread = view! { <p>{t.cancel_unread_what()}</p> };
    let body = view! {
        <h1>{title}</h1>
        {closes.map(|closes| closes_soon(t, closes, t.cancel_soon_mine()))}
        {notice(t.mine_missing(map.source_name(source, t.lang())), unread)}
        <p>{t.cancel_kept()}</p>
        {notice(closing_title(t, days), closing_days(t, map, days))}
        <form method="post" action=paths::MINE_CANCEL>{button(t.cancel_submit())}</form>
        <p><a href=paths::MINE>{t.cancel_back()}</a></p>
    };
    Page::new(title, body)
}

/// They have asked for it already.
pub fn closes_already(t: Text, closes: &Closes) -> Page {
    let title = t.cancel_title();
    let body = view! {
        <h1>{title}</h1>
        {closes_soon(t, closes, t.cancel_soon_already())}
        <p><a href=paths::MINE>{t.represent_people_back()}</a></p>
    };
    Page::new(title, body)
}

/// Nothing to close under what was proven: why that may be, and what can be done all the same.
pub fn no_account(t: Text, why: NoAccount) -> Page {
    let title = t.cancel_title();
    let (what, means) = match why {
        NoAccount::NotFound => (t.cancel_none(), t.cancel_none_means()),
        NoAccount::Several => (t.cancel_several(), t.cancel_several_means()),
    };
    let because = (why == NoAccount::NotFound).then(|| {
        view! {
            <h2>{t.cancel_none_why()}</h2>
            <ul>
                <li>{t.cancel_none_parcels()}</li>
                <li>{t.cancel_none_closed()}</li>
                <li>{t.cancel_none_other()}</li>
            </ul>
        }
    });
    let delete = (why == NoAccount::NotFound).then(|| {
        view! { <li>{t.cancel_none_delete()} " " <a href=paths::MINE_DELETE>{t.delete_title()}</a></li> }
    });
    let body = view! {
        <h1>{title}</h1>
        {empty(what, means)}
        {because}
        <h2>{t.cancel_none_what()}</h2>
        <ul>
            {delete}
            <li><a href=paths::SIGN_IN>{t.mine_more_email()}</a></li>
            <li><a href=paths::SIGN_IN_PARCEL>{t.mine_more_mobile()}</a></li>
        </ul>
        <p><a href=paths::MINE>{t.mine_title()}</a></p>
    };
    Page::new(title, body)
}

fn blocked(t: Text, map: &DataMap, cancellation: &Cancellation) -> AnyView {
    let body = view! {
        {unsettled_list(t, &cancellation.blockers)}
        <p>{t.cancel_blocked_where()} " " <a href=paths::MINE>{t.mine_title()}</a></p>
        <p>{reach(t, map)}</p>
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
    let days = ClosingDays { at: cancellation.until, due: cancellation.due, requester: Requester::Subject };
    view! {
        <p>{t.cancel_kept()}</p>
        <h2>{t.delete_going()}</h2>
        {outcome_list(t, map, Tense::Planned, &going)}
        {staying}
        {notice(closing_title(t, days), closing_days(t, map, days))}
        <form method="post" action=paths::MINE_CANCEL>{button(t.cancel_submit())}</form>
    }
    .into_any()
}

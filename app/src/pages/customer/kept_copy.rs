//! A copy that waits to be downloaded: how far it is, and what can be done with it.

use domain::{china, map::DataMap};
use jiff::SignedDuration;
use leptos::prelude::*;
use service::store::copies::{CopyState, StoredCopy};

use crate::{
    components::{before_download, button, copy_progress, notice},
    format,
    islands::Follow,
    page::{Page, Script},
    paths,
    text::{Text, named},
};

/// What the page asks for; another answer shows it anew. A word and a count, nothing of the person.
pub fn copy_word(copy: &StoredCopy) -> String {
    let expected = copy.expected.map(|expected| format!(" of {expected}")).unwrap_or_default();
    format!("{} {}{expected}", copy.state.as_str(), copy.records)
}

/// Where there is one to look at, on other pages.
pub(super) fn waiting(t: Text, copies: &[StoredCopy]) -> Vec<AnyView> {
    let link = |copy: &StoredCopy| {
        let title = match copy.state {
            CopyState::Preparing => t.copy_preparing(),
            CopyState::Ready => t.copy_ready(),
            CopyState::Taken | CopyState::Spent | CopyState::Failed => return None,
        };
        let href = paths::my_copy(copy.id);
        Some(notice(title, view! { <p><a href=href>{t.copy_see()}</a></p> }))
    };
    copies.iter().filter_map(link).collect()
}

pub fn kept_copy(t: Text, map: &DataMap, copy: &StoredCopy) -> Page {
    let (title, body) = match copy.state {
        CopyState::Preparing => (t.copy_preparing(), preparing(t, copy)),
        CopyState::Ready if copy.tries_left() == 0 => (t.copy_spent(), another(t, t.copy_taken_what())),
        CopyState::Ready => (t.copy_ready(), ready(t, map, copy)),
        CopyState::Taken => (t.copy_taken(), another(t, t.copy_taken_what())),
        CopyState::Spent => (t.copy_spent(), another(t, t.copy_taken_what())),
        CopyState::Failed => (t.copy_failed(), another(t, t.copy_failed_what())),
    };
    let body = view! {
        <h1>{title}</h1>
        {body}
        <p><a href=paths::MINE>{t.copy_back()}</a></p>
    };
    let page = Page::new(title, body);
    // Only what is still written moves on by itself.
    match copy.state {
        CopyState::Preparing => page.with(Script::Islands),
        CopyState::Ready | CopyState::Taken | CopyState::Spent | CopyState::Failed => page,
    }
}

fn preparing(t: Text, copy: &StoredCopy) -> AnyView {
    view! {
        <p class="lead">{t.copy_preparing_what(format::moment(t.lang(), copy.asked_at))}</p>
        {copy_progress(t, copy)}
        <p><a class="button" href=paths::my_copy(copy.id)>{t.copy_look_again()}</a></p>
        <Follow url=paths::my_copy_action(copy.id, "progress") stage=copy_word(copy)/>
        {remove(copy, t.copy_stop())}
    }
    .into_any()
}

fn ready(t: Text, map: &DataMap, copy: &StoredCopy) -> AnyView {
    let lang = t.lang();
    let last = china::day(copy.ends_at - SignedDuration::from_secs(1));
    let what = t.copy_ready_what(named::CopyReadyWhat {
        n: format::count(copy.records),
        size: format::bytes(copy.size),
        until: format::day(lang, last),
    });
    view! {
        <p class="lead">{what}</p>
        {missing(t, map, copy)}
        <p>{t.copy_once(copy.tries_left())}</p>
        {before_download(t)}
        <form method="post" action=paths::my_copy_action(copy.id, "download")>{button(t.copy_download())}</form>
        {remove(copy, t.copy_delete())}
    }
    .into_any()
}

/// What could not be read, and is not in it.
pub(super) fn missing(t: Text, map: &DataMap, copy: &StoredCopy) -> Vec<AnyView> {
    let line = |name| view! { <p class="notice">{t.copy_missing_now(map.source_name(name, t.lang()))}</p> }.into_any();
    copy.missing.iter().map(line).collect()
}

fn remove(copy: &StoredCopy, words: &'static str) -> AnyView {
    view! {
        <form method="post" action=paths::my_copy_action(copy.id, "remove")>
            <button class="danger" type="submit">{words}</button>
        </form>
    }
    .into_any()
}

fn another(t: Text, what: &'static str) -> AnyView {
    view! {
        <p class="lead">{what}</p>
        <p><a class="button" href=paths::MINE_COPY>{t.copy_again()}</a></p>
    }
    .into_any()
}

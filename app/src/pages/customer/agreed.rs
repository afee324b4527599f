//! What an officer has agreed to, on the page of its request: how far it is, and how it is had.

use domain::{
    map::DataMap,
    request::{RequestKind, Stage},
};
use jiff::SignedDuration;
use leptos::prelude::*;
use service::{
    copies::{Again, HandingOut},
    portal::day_in_china,
    requests::Followed,
    store::{copies::StoredCopy, requests::Request},
};

use super::{copy_word, kept_copy::missing};
use crate::{
    components::{button, copy_progress, notice},
    format, paths,
    text::Text,
};

/// What the page asks for while it waits; another answer shows it anew.
pub fn request_word(followed: &Followed) -> String {
    let stage = followed.request.stage.name().as_str();
    match &followed.handing_out {
        HandingOut::Preparing(copy) => format!("{stage} {}", copy_word(copy)),
        HandingOut::Nothing | HandingOut::Ready(_) | HandingOut::Again { .. } | HandingOut::Spent => stage.to_owned(),
    }
}

/// Whether the page will have more to say by itself.
pub(super) fn moves_on(followed: &Followed) -> Option<String> {
    let waits = followed.request.stage.is_open() || matches!(followed.handing_out, HandingOut::Preparing(_));
    waits.then(|| request_word(followed))
}

pub(super) fn agreed(t: Text, map: &DataMap, followed: &Followed) -> Option<AnyView> {
    let request = &followed.request;
    let body = match &followed.handing_out {
        HandingOut::Nothing => return None,
        HandingOut::Preparing(copy) => preparing(t, request, copy),
        HandingOut::Ready(copy) => ready(t, map, request, copy),
        HandingOut::Again { why, until } => {
            let title = match why {
                Again::NotWritten => t.agreed_not_written(),
                Again::Fetched => t.agreed_fetched(),
                Again::TriesOver => t.agreed_tries_over(),
                Again::Gone => t.agreed_gone(),
            };
            let again = if request.kind == RequestKind::Transfer {
                press(request, "transfer", t.agreed_again_address())
            } else {
                press(request, "prepare", t.agreed_again())
            };
            view! {
                <h2>{title}</h2>
                <p>{t.agreed_again_what(format::moment(t.lang(), *until))}</p>
                {again}
            }
            .into_any()
        }
        HandingOut::Spent => view! { <h2>{t.agreed_tries_over()}</h2> <p>{t.agreed_spent_what()}</p> }.into_any(),
    };
    let stop = (!matches!(followed.handing_out, HandingOut::Spent)).then(|| stop(t, request));
    Some(view! { <section class="panel-plain">{body}</section> {stop} }.into_any())
}

fn press(request: &Request, action: &str, words: &'static str) -> AnyView {
    view! { <form method="post" action=paths::request_action(&request.number, action)>{button(words)}</form> }
        .into_any()
}

fn preparing(t: Text, request: &Request, copy: &StoredCopy) -> AnyView {
    let at = if let Stage::Answered { at, .. } = request.stage { at } else { copy.asked_at };
    let address = (request.kind == RequestKind::Transfer)
        .then(|| view! { <p>{t.agreed_address_already()}</p> {press(request, "transfer", t.transfer_make())} });
    view! {
        <h2>{t.agreed_preparing()}</h2>
        <p>{t.agreed_preparing_what(format::moment(t.lang(), at))}</p>
        {copy_progress(t, copy)}
        <p><a class="button" href=paths::request(&request.number)>{t.copy_look_again()}</a></p>
        {address}
    }
    .into_any()
}

fn ready(t: Text, map: &DataMap, request: &Request, copy: &StoredCopy) -> AnyView {
    let lang = t.lang();
    let last = format::day(lang, day_in_china(copy.ends_at - SignedDuration::from_secs(1)));
    let (records, size) = (format::count(copy.records), format::bytes(copy.size));
    if request.kind == RequestKind::Transfer {
        return view! {
            <h2>{t.transfer_agreed()}</h2>
            <p>{t.transfer_agreed_what()}</p>
            <p>{t.agreed_kept(records, size, last)}</p>
            {missing(t, map, copy)}
            {press(request, "transfer", t.transfer_make())}
        }
        .into_any();
    }
    view! {
        <h2>{t.represent_copy_waits()}</h2>
        <p>{t.copy_ready_what(records, size, last)} " " {t.represent_copy_code()}</p>
        {missing(t, map, copy)}
        <p>{t.copy_once(copy.tries_left())}</p>
        {notice(t.copy_careful(), view! { <p>{t.copy_careful_what()}</p> })}
        {press(request, "copy", t.represent_copy_take())}
    }
    .into_any()
}

/// It can still be stopped, by whoever asked and by whom it is about.
fn stop(t: Text, request: &Request) -> AnyView {
    view! {
        <details>
            <summary>{t.represent_stop_open()}</summary>
            <p>{t.represent_stop_means()}</p>
            <form method="post" action=paths::request_action(&request.number, "stop")>
                <button class="danger" type="submit">{t.represent_stop()}</button>
            </form>
        </details>
    }
    .into_any()
}

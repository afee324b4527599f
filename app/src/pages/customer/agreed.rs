//! What an officer has agreed to, on the page of its request: how far it is, and how it is had.

use domain::{
    china,
    map::{DataMap, Extent},
    request::{RequestKind, Stage},
};
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;
use service::{
    copies::{Again, HandingOut, Over},
    requests::Followed,
    store::{copies::StoredCopy, requests::Request},
};

use super::{copy_word, kept_copy::missing};
use crate::{
    components::{before_download, button, copy_progress, notice, table_names},
    format, paths,
    text::{Text, named},
};

/// What the page asks for while it waits; another answer shows it anew.
pub fn request_word(followed: &Followed) -> String {
    let stage = followed.request.stage.name().as_str();
    match &followed.handing_out {
        HandingOut::Preparing(copy) => format!("{stage} {}", copy_word(copy)),
        HandingOut::Nothing | HandingOut::Ready(_) | HandingOut::Again { .. } | HandingOut::Over(_) => stage.to_owned(),
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
        HandingOut::Over(over) => return Some(notice(over_title(t, request.kind, *over), over_next(t, *over))),
        theirs if !followed.standing.is_handed() => handed_to_asker(t, theirs),
        HandingOut::Preparing(copy) => preparing(t, followed, copy),
        HandingOut::Ready(copy) => ready(t, map, followed, copy),
        HandingOut::Again { why, until } => again(t, request, *why, *until),
    };
    let of = covered(t, map, &followed.extent);
    Some(view! { <section class="panel-plain">{body} {of}</section> {stop(t, followed)} }.into_any())
}

/// Of which records, where it is not all of them: known before anybody is given it.
fn covered(t: Text, map: &DataMap, extent: &Extent) -> Option<AnyView> {
    if *extent == Extent::Everything {
        return None;
    }
    let names = table_names(t, map, |table| extent.covers(table));
    Some(view! { <p class="hint">{t.agreed_of(names)}</p> }.into_any())
}

fn over_title(t: Text, kind: RequestKind, over: Over) -> String {
    let at = |at| format::moment(t.lang(), at);
    match over {
        Over::Taken { at: taken } => t.agreed_taken(at(taken)),
        Over::Spent => t.agreed_tries_over().to_owned(),
        Over::Stopped { at: stopped } if kind == RequestKind::Transfer => t.agreed_stopped_address(at(stopped)),
        Over::Stopped { at: stopped } => t.agreed_stopped(at(stopped)),
        Over::Late => t.agreed_late().to_owned(),
    }
}

fn over_next(t: Text, over: Over) -> AnyView {
    let words = match over {
        Over::Taken { .. } => t.agreed_taken_what(),
        Over::Spent | Over::Stopped { .. } | Over::Late => t.agreed_spent_what(),
    };
    view! { <p>{words}</p> }.into_any()
}

/// What the person it is about sees of it: how far it is, and where they have their own.
fn handed_to_asker(t: Text, handing_out: &HandingOut) -> AnyView {
    let title = match handing_out {
        HandingOut::Preparing(_) => t.agreed_theirs_preparing(),
        HandingOut::Ready(_) => t.agreed_theirs_ready(),
        HandingOut::Again { .. } | HandingOut::Nothing | HandingOut::Over(_) => t.agreed_theirs_again(),
    };
    view! {
        <h2>{title}</h2>
        <p>{t.agreed_theirs_what()}</p>
        <p><a href=paths::MINE_COPY>{t.agreed_theirs_own()}</a></p>
    }
    .into_any()
}

fn again(t: Text, request: &Request, why: Again, until: Timestamp) -> AnyView {
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
        <p>{t.agreed_again_what(format::moment(t.lang(), until))}</p>
        {again}
    }
    .into_any()
}

fn press(request: &Request, action: &str, words: &'static str) -> AnyView {
    view! { <form method="post" action=paths::request_action(&request.number, action)>{button(words)}</form> }
        .into_any()
}

/// The first address for the other company; or another, which ends the one that is out there.
fn make_address(t: Text, followed: &Followed) -> AnyView {
    let Some(until) = followed.address else { return press(&followed.request, "transfer", t.transfer_make()) };
    view! {
        <p><strong>{t.transfer_made(format::moment(t.lang(), until))}</strong></p>
        <details>
            <summary>{t.transfer_lost()}</summary>
            <p>{t.transfer_another_means()}</p>
            {press(&followed.request, "transfer", t.transfer_another())}
        </details>
    }
    .into_any()
}

fn preparing(t: Text, followed: &Followed, copy: &StoredCopy) -> AnyView {
    let request = &followed.request;
    let at = if let Stage::Answered { at, .. } = request.stage { at } else { copy.asked_at };
    let address = (request.kind == RequestKind::Transfer)
        .then(|| view! { <p>{t.agreed_address_already()}</p> {make_address(t, followed)} });
    view! {
        <h2>{t.agreed_preparing()}</h2>
        <p>{t.agreed_preparing_what(format::moment(t.lang(), at))}</p>
        {copy_progress(t, copy)}
        <p><a class="button" href=paths::request(&request.number)>{t.copy_look_again()}</a></p>
        {address}
    }
    .into_any()
}

fn ready(t: Text, map: &DataMap, followed: &Followed, copy: &StoredCopy) -> AnyView {
    let (lang, request) = (t.lang(), &followed.request);
    let last = format::day(lang, china::day(copy.ends_at - SignedDuration::from_secs(1)));
    let (records, size) = (format::count(copy.records), format::bytes(copy.size));
    if request.kind == RequestKind::Transfer {
        return view! {
            <h2>{t.transfer_agreed()}</h2>
            <p>{t.transfer_agreed_what()}</p>
            <p>{t.agreed_kept(named::AgreedKept { n: records, size, until: last })}</p>
            {missing(t, map, copy)}
            {make_address(t, followed)}
        }
        .into_any();
    }
    view! {
        <h2>{t.represent_copy_waits()}</h2>
        <p>{t.copy_ready_what(named::CopyReadyWhat { n: records, size, until: last })} " " {t.represent_copy_code()}</p>
        {missing(t, map, copy)}
        <p>{t.copy_once(copy.tries_left())}</p>
        {before_download(t)}
        {press(request, "copy", t.represent_copy_take())}
    }
    .into_any()
}

/// It can still be stopped, by whoever asked and by whom it is about: they need not look for it.
fn stop(t: Text, followed: &Followed) -> AnyView {
    let open = !followed.standing.is_handed();
    view! {
        <details open=open>
            <summary>{t.represent_stop_open()}</summary>
            <p>{t.represent_stop_means()}</p>
            <form method="post" action=paths::request_action(&followed.request.number, "stop")>
                <button class="danger" type="submit">{t.represent_stop()}</button>
            </form>
        </details>
    }
    .into_any()
}

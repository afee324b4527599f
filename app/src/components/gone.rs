//! That there was nothing left to erase, and by what it had gone.

use domain::{
    ids::RequestNumber,
    request::{Gone, GoneBy},
};
use leptos::prelude::*;

use super::{Tense, notice, numbered};
use crate::{
    format, paths,
    text::{Text, named},
};

/// One of them, in a sentence.
pub fn gone_by(t: Text, by: &GoneBy) -> String {
    match by {
        GoneBy::Request { number, on } => {
            t.gone_by_request(named::GoneByRequest { number, day: format::day(t.lang(), *on) })
        }
        GoneBy::Night { on } => t.gone_by_night(format::day(t.lang(), *on)),
        GoneBy::Nights { first, last } => t.gone_by_nights(named::GoneByNights {
            first: format::day(t.lang(), *first),
            last: format::day(t.lang(), *last),
        }),
    }
}

/// All of it, for whoever can open those requests.
pub fn gone_before(t: Text, gone: &Gone, tense: Tense) -> AnyView {
    let (title, means) = match tense {
        Tense::Planned => (t.gone_now(), t.gone_now_what()),
        Tense::Done => (t.gone_then(), t.gone_then_what()),
    };
    notice(title, view! { <p>{means}</p> {gone_list(t, gone, paths::request)} })
}

/// With a way to each request.
pub fn gone_list(t: Text, gone: &Gone, path: fn(&RequestNumber) -> String) -> AnyView {
    let line = |by: &GoneBy| {
        let words = numbered(gone_by(t, by));
        match by {
            GoneBy::Request { number, .. } => view! { <li><a href=path(number)>{words}</a></li> }.into_any(),
            GoneBy::Night { .. } | GoneBy::Nights { .. } => view! { <li>{words}</li> }.into_any(),
        }
    };
    (!gone.0.is_empty()).then(|| view! { <ul>{gone.0.iter().map(line).collect_view()}</ul> }).into_any()
}

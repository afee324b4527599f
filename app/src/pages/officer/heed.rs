//! What a decision must not pass over, above it, with a tick of whoever decides that they have read it.

use domain::request::Side;
use leptos::prelude::*;
use service::requests::{ToHeed, Unheeded};

use crate::{
    components::{Typed, checkbox_group, notice},
    format,
    text::Text,
};

/// In the form that grants: nothing where nothing waits.
pub(super) fn heed(t: Text, to_heed: Option<&ToHeed>, typed: &Typed) -> Option<AnyView> {
    let ToHeed { at, what, words } = to_heed?;
    let moment = format::moment(t.lang(), *at);
    let (title, tick) = match what {
        Unheeded::Question { whom: Side::Asker } => (t.heed_question(moment), t.heed_question_tick()),
        Unheeded::Question { whom: Side::Subject } => (t.heed_question_subject(moment), t.heed_question_tick()),
        Unheeded::SubjectSaid => (t.heed_subject(moment), t.heed_subject_tick()),
    };
    let words = words.as_ref().map(|words| view! { <blockquote>{words.reveal().to_owned()}</blockquote> });
    let option = (at.as_millisecond().to_string(), tick.to_owned());
    Some(view! { {notice(title, words)} {checkbox_group("heeded", t.heed_legend(), vec![option], typed)} }.into_any())
}

//! What a decision must not pass over, above it, with a tick of whoever decides that they have read it.

use domain::request::Side;
use leptos::prelude::*;
use service::requests::{Heedable, ToHeed, Unheeded};

use crate::{
    components::{Typed, checkbox_group, notice},
    format,
    text::Text,
};

/// In the form that grants: nothing where nothing waits.
pub(super) fn heed(t: Text, to_heed: Option<&ToHeed>, typed: &Typed) -> Option<AnyView> {
    let ToHeed { at, all } = to_heed?;
    let notices: Vec<_> = all.iter().map(|one| said(t, one)).collect();
    let question = all.iter().any(|one| matches!(one.what, Unheeded::Question { .. }));
    let subject = all.iter().any(|one| one.what == Unheeded::SubjectSaid);
    let tick = match (subject, question) {
        (true, true) => t.heed_both_tick(),
        (true, false) => t.heed_subject_tick(),
        (false, _) => t.heed_question_tick(),
    };
    let option = (at.as_millisecond().to_string(), tick.to_owned());
    Some(view! { {notices} {checkbox_group("heeded", t.heed_legend(), vec![option], typed)} }.into_any())
}

fn said(t: Text, one: &Heedable) -> AnyView {
    let moment = format::moment(t.lang(), one.at);
    let title = match one.what {
        Unheeded::Question { whom: Side::Asker } => t.heed_question(moment),
        Unheeded::Question { whom: Side::Subject } => t.heed_question_subject(moment),
        Unheeded::SubjectSaid => t.heed_subject(moment),
    };
    let words = one.words.as_ref().map(|words| view! { <blockquote>{words.reveal().to_owned()}</blockquote> });
    notice(title, words)
}

//! A question to whoever asks, or to the person it is about where that is somebody else.

use domain::request::{Capacity, Checked, Requester, Side, Template};
use leptos::prelude::*;
use service::requests::Case;

use super::case::templates;
use crate::{
    components::{Typed, attach, is_given_back, radio_group, text_area},
    paths,
    text::Text,
};

pub(super) fn ask(t: Text, case: &Case, typed: &Typed) -> AnyView {
    let request = &case.followed.request;
    let wrong = ["question", "whom"].iter().any(|field| typed.error(field).is_some());
    let open = wrong || !typed.value("question").is_empty() || typed.chose("open", "ask") || is_given_back("question");
    let whom = request.requester.may_be_written_to(Side::Subject).then(|| {
        let only = t.case_whom_only().to_owned();
        let sides = Side::ALL.map(|side| (side.as_str().to_owned(), side_word(t, side).to_owned(), only.clone()));
        radio_group("whom", t.case_whom(), sides.to_vec(), typed)
    });
    let (summary, hint) = to_whom(t, request.requester);
    view! {
        <details open=open>
            <summary>{summary}</summary>
            <form
                method="post"
                action=paths::case_action(&request.number, "ask")
                enctype="multipart/form-data"
                novalidate=true
            >
                {whom}
                {text_area("question", t.case_ask(), hint, typed)}
                {templates(t, Template::QUESTIONS)}
                {attach(t, typed)}
                <button type="submit">{t.case_ask_send()}</button>
            </form>
        </details>
    }
    .into_any()
}

/// What the question is called, and who reads it: whoever asks is not always the person.
fn to_whom(t: Text, requester: Requester) -> (&'static str, &'static str) {
    match requester {
        Requester::Subject => (t.case_ask_open(), t.case_ask_hint()),
        Requester::Staff { .. } => (t.case_ask_open(), t.case_ask_hint_staff()),
        Requester::Representative { capacity, checked } => {
            let hint = match (capacity, checked) {
                (Capacity::NearRelative, Checked::NotYet | Checked::Confirmed { .. }) => t.case_ask_hint_relative(),
                (Capacity::Agent | Capacity::Guardian, Checked::NotYet) => t.case_ask_hint_not_checked(),
                (Capacity::Agent | Capacity::Guardian, Checked::Confirmed { .. }) => t.case_ask_hint_chosen(),
            };
            (t.case_ask_first(), hint)
        }
    }
}

fn side_word(t: Text, side: Side) -> &'static str {
    match side {
        Side::Asker => t.case_whom_asker(),
        Side::Subject => t.case_whom_subject(),
    }
}

//! A request somebody made by telephone, letter or in person, and who asks where it is not the subject.

use domain::{
    Lang,
    calendar::DAYS_BACK,
    request::{Channel, Checked, Requester},
};
use jiff::ToSpan;
use leptos::prelude::*;
use service::{Portal, requests::Case};

use super::May;
use crate::{
    components::{DateField, Typed, button, date_input, error_summary, file_field, radio_group, select, text_area},
    format,
    page::Page,
    pages::customer::{kinds, purposes, who},
    paths,
    text::Text,
};

/// The day a request was received.
pub const RECEIVED: DateField =
    DateField { id: "received", year: "received-year", month: "received-month", day: "received-day" };

pub fn intake(t: Text, portal: &Portal, typed: &Typed) -> Page {
    let lang = t.lang();
    let earliest = format::day(lang, portal.clock.today().saturating_sub(DAYS_BACK.days()));
    let keep = portal.map.portal.keep_evidence.say(lang);
    let channels = Channel::ALL
        .map(|channel| (channel.as_str().to_owned(), channel.words().in_lang(lang).to_owned(), String::new()));
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.represent_intake()}</h1>
        <p class="lead">{t.represent_intake_lead()}</p>
        <form method="post" action=paths::INTAKE enctype="multipart/form-data" novalidate=true>
            {radio_group("channel", t.represent_intake_channel(), channels.to_vec(), typed)}
            {date_input(t, RECEIVED, t.represent_intake_received(), &t.represent_intake_received_hint(earliest), typed)}
            {select("kind", t.represent_intake_kind(), kinds(t, portal), typed)}
            {select("about", t.represent_about(), purposes(t, &portal.map), typed)}
            {who(t, typed)}
            {select("lang", t.represent_intake_lang(), langs(), typed)}
            {text_area("words", t.represent_intake_words(), t.represent_intake_words_hint(), typed)}
            {file_field("evidence", t.represent_intake_files(), &t.represent_intake_files_hint(keep), typed)}
            {button(t.represent_intake_submit())}
        </form>
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(t.represent_intake(), body).failed_if(typed.failed())
}

/// Each in its own words; Chinese, which most read, comes first.
fn langs() -> Vec<(String, String)> {
    Lang::ALL.map(|lang| (lang.tag().to_owned(), lang.own_name().to_owned())).to_vec()
}

/// Who asks, in a word; nothing where it is the subject.
pub(super) fn requester(t: Text, requester: Requester) -> Option<AnyView> {
    let lang = t.lang();
    let words = match requester {
        Requester::Subject => return None,
        Requester::Representative { capacity, .. } => {
            t.represent_by_representative(capacity.words().in_lang(lang), capacity.statute().in_lang(lang))
        }
        Requester::Staff { channel, .. } => t.represent_by_staff(channel.words().in_lang(lang)),
    };
    Some(view! { <div><dt>{t.represent_by()}</dt><dd>{words}</dd></div> }.into_any())
}

/// What an officer does before anything else with a representative's request.
pub(super) fn check(t: Text, case: &Case, may: May) -> Option<AnyView> {
    let request = &case.followed.request;
    let Requester::Representative { capacity, checked } = request.requester else { return None };
    match checked {
        Checked::Confirmed { .. } => Some(view! { <p><strong>{t.represent_checked()}</strong></p> }.into_any()),
        Checked::NotYet if request.stage.is_open() && may == May::Decide => Some(
            view! {
                <section class="panel-plain" aria-labelledby="check-title">
                    <h2 id="check-title">{t.represent_check()}</h2>
                    <p>{t.represent_check_what()}</p>
                    <p>{t.represent_check_shown_by(capacity.shown_by().in_lang(t.lang()))}</p>
                    <form method="post" action=paths::case_action(&request.number, "people")>
                        {button(t.represent_people_show())}
                    </form>
                    <p class="hint">{t.represent_check_else()}</p>
                </section>
            }
            .into_any(),
        ),
        Checked::NotYet => None,
    }
}

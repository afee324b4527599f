//! A request somebody made by telephone, letter or in person, and who asks where it is not the subject.

use domain::{
    Lang,
    calendar::DAYS_BACK,
    request::{Channel, Checked, RequestKind, Requester},
};
use jiff::ToSpan;
use leptos::prelude::*;
use service::{
    Portal,
    requests::{Against, Case, NoAccount},
};

use super::May;
use crate::{
    components::{
        DateField, Typed, TypedDate, button, date_input, error_summary, file_field, nothing_to_close, radio_group,
        select, text_area, unsettled_list,
    },
    format,
    page::Page,
    pages::customer::asking::{self, Place},
    paths,
    text::{Text, named},
};

/// The day a request was received.
pub const RECEIVED: DateField =
    DateField { id: "received", year: "received-year", month: "received-month", day: "received-day" };

fn place(t: Text) -> Place {
    Place {
        title: t.represent_intake(),
        lead: t.represent_intake_lead(),
        question: t.represent_intake_kind(),
        path: paths::INTAKE,
        back: (paths::OFFICER, t.case_back()),
    }
}

/// What is asked.
pub fn intake_which(t: Text, portal: &Portal, typed: &Typed) -> Page {
    asking::which(t, portal, place(t), typed)
}

/// All that belongs to it.
pub fn intake(t: Text, portal: &Portal, kind: Option<RequestKind>, typed: &Typed) -> Page {
    let lang = t.lang();
    let earliest = format::day(lang, portal.clock.today().saturating_sub(DAYS_BACK.days()));
    let channels = Channel::ALL
        .map(|channel| (channel.as_str().to_owned(), channel.words().in_lang(lang).to_owned(), String::new()));
    let words = if kind == Some(RequestKind::Correct) {
        t.represent_intake_words_correct()
    } else {
        t.represent_intake_words()
    };
    let body = view! {
        {error_summary(t, typed)}
        <h1>{t.represent_intake()}</h1>
        <form method="post" action=paths::INTAKE novalidate=true>
            {asking::chosen(t, portal, place(t), kind, typed)}
            {asking::before(t, &portal.map, kind)}
            {radio_group("channel", t.represent_intake_channel(), channels.to_vec(), typed)}
            {date_input(t, RECEIVED, t.represent_intake_received(), &t.represent_intake_received_hint(earliest), typed)}
            {asking::about_field(t, &portal.map, kind, typed)}
            {asking::records_field(t, &portal.map, kind, typed)}
            {asking::who(t, typed)}
            {select("lang", t.represent_intake_lang(), langs(), typed)}
            {text_area("words", words, t.represent_intake_words_hint(), typed)}
            {asking::to_check(t)}
        </form>
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(t.represent_intake(), body).failed_if(typed.failed())
}

/// Everything once more, and scans where there are any.
pub fn intake_check(t: Text, portal: &Portal, kind: RequestKind, typed: &Typed) -> Page {
    let lang = t.lang();
    let keep = portal.map.portal.keep_evidence.say(lang);
    let channel = Channel::parse(&typed.value("channel")).map(|channel| channel.words().in_lang(lang).to_owned());
    let (year, month, day) = (typed.value(RECEIVED.year), typed.value(RECEIVED.month), typed.value(RECEIVED.day));
    let received = match RECEIVED.read(|name| match name {
        name if name == RECEIVED.year => &year,
        name if name == RECEIVED.month => &month,
        _ => &day,
    }) {
        TypedDate::Date(day) => day,
        TypedDate::Nothing | TypedDate::Wrong => portal.clock.today(),
    };
    let reads = Lang::from_tag(&typed.value("lang")).unwrap_or_default();
    let mut lines = asking::said(t, &portal.map, kind, typed);
    lines.extend(channel.map(|channel| (t.represent_line_channel(), channel)));
    lines.push((t.represent_line_received(), format::weekday(lang, received)));
    lines.push((t.represent_line_lang(), reads.own_name().to_owned()));
    lines.push((t.represent_line_words(), typed.value("words")));
    let files = file_field("evidence", t.represent_intake_files(), &t.represent_intake_files_hint(keep), typed);
    asking::check(t, place(t), lines, typed, files, t.represent_intake_submit())
}

/// The account they want closed cannot be, as it is now: what there is to tell them. What was typed goes along.
pub fn intake_against(t: Text, against: &Against, typed: &Typed) -> Page {
    let kept = typed
        .values
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.to_string() value=value.clone()/> });
    let (title, body) = match against {
        Against::Open(open) => {
            let body = view! { <p>{t.case_open_reads()}</p> {unsettled_list(t, open)} <p>{t.cancel_intake_ask()}</p> };
            (t.cancel_against(), body.into_any())
        }
        Against::NoAccount(why) => {
            let means = match why {
                NoAccount::NotFound => t.cancel_intake_none(),
                NoAccount::Several => t.cancel_intake_several(),
            };
            (nothing_to_close(t, *why).0, view! { <p>{means}</p> }.into_any())
        }
    };
    let delete = format!("{}?kind={}", paths::INTAKE, RequestKind::Delete.slug());
    let body = view! {
        <h1 tabindex="-1" autofocus=true>{title}</h1>
        {body}
        <p>{t.cancel_intake_delete()} " " <a href=delete>{t.cancel_intake_delete_link()}</a></p>
        <form method="post" action=paths::INTAKE enctype="multipart/form-data" novalidate=true>
            {kept.collect_view()}
            <div class="actions">
                <button type="submit" name="step" value="change">{t.represent_change()}</button>
            </div>
        </form>
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(title, body)
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
        Requester::Representative { capacity, .. } => t.represent_by_representative(named::RepresentByRepresentative {
            capacity: capacity.words().in_lang(lang),
            statute: capacity.statute().in_lang(lang),
        }),
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

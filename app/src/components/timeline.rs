//! What happened, what is now, who acts next.

use domain::request::{Audience, RefusalCode, Side, Stage, StageName, Status};
use jiff::civil::Date;
use leptos::prelude::*;
use store_event::Event;

use super::numbered;
use crate::{
    format,
    text::{Text, named},
};

use service::{requests::Followed, store::history as store_event};

pub fn timeline(t: Text, followed: &Followed) -> AnyView {
    timeline_below(t, followed, &[])
}

/// Likewise, where the words of some of it stand above already.
pub fn timeline_below(t: Text, followed: &Followed, above: &[&Event]) -> AnyView {
    let lang = t.lang();
    let done: Vec<_> = followed
        .events
        .iter()
        .filter_map(|event| {
            let is_above = above.iter().any(|shown| std::ptr::eq(*shown, event));
            let what = is_above.then(|| seen_above(t, event)).flatten().or_else(|| words(t, event))?;
            let body = event.body.as_ref().filter(|_| !is_above).map(|body| {
                let text = body.reveal().to_owned();
                view! { <blockquote>{text}</blockquote> }
            });
            Some(view! {
                <li class="done">
                    <p><strong>{numbered(what)}</strong> <time datetime=event.at.to_string()>{format::moment(lang, event.at)}</time></p>
                    {body}
                </li>
            })
        })
        .collect();
    let next = next(t, followed);
    view! {
        <ol class="timeline">
            {done}
            {next.map(|next| view! { <li class="now"><p><strong>{t.timeline_now()}</strong>{next}</p></li> })}
        </ol>
    }
    .into_any()
}

/// Of what needs its words, that they stand above.
fn seen_above(t: Text, event: &Event) -> Option<String> {
    match event.what.as_str() {
        "request_settled" => Some(to(t, event, t.timeline_settled_above())),
        "request_refused" => Some(to(t, event, t.timeline_refused_above())),
        _ => None,
    }
}

/// Who acts next, and on what.
fn next(t: Text, followed: &Followed) -> Option<&'static str> {
    Some(match followed.status {
        Status::EvidenceWaits => t.timeline_next_evidence(),
        Status::At(StageName::Received) => t.timeline_next_officer(),
        Status::At(StageName::ApprovedOnce) => t.timeline_next_second(),
        Status::At(StageName::Differs) => t.timeline_next_again(),
        Status::At(StageName::Asked) if matches!(followed.request.stage, Stage::Asked { whom: Side::Subject, .. }) => {
            t.timeline_next_subject()
        }
        Status::At(StageName::Asked) => t.timeline_next_customer(),
        Status::Cooling => t.timeline_next_closing(),
        Status::Closing => t.timeline_next_closing_late(),
        Status::At(StageName::Approved | StageName::Running) => t.timeline_next_machine(),
        Status::At(StageName::Completed | StageName::Answered | StageName::Refused | StageName::Cancelled) => {
            return None;
        }
    })
}

fn words(t: Text, event: &Event) -> Option<String> {
    let words = match event.what.as_str() {
        "filed" => match event.data.get("received").and_then(|day| day.as_str()?.parse::<Date>().ok()) {
            Some(received) => t.timeline_filed_received(format::day(t.lang(), received)),
            None => t.timeline_filed().to_owned(),
        },
        "requester_confirmed" => t.timeline_requester_confirmed().to_owned(),
        "transfer_opened" => t.timeline_transfer_opened().to_owned(),
        "transfer_fetched" => t.timeline_transfer_fetched().to_owned(),
        "request_merged" => t.bulk_merged(event.data.get("into").and_then(|into| into.as_str()).unwrap_or_default()),
        "handing_out_stopped" => by(t, event, t.timeline_handing_out_stopped()),
        "copy_begun" => by(t, event, t.timeline_copy_begun()),
        "copy_taken" => by(t, event, t.timeline_copy_taken()),
        "copy_ended" => match event.data.get("why").and_then(|why| why.as_str()) {
            Some("erasure") => t.timeline_copy_erasure().to_owned(),
            Some("time_over") => t.timeline_copy_time_over().to_owned(),
            Some("tries_over") => t.timeline_copy_tries_over().to_owned(),
            Some("not_written") => t.timeline_copy_not_written().to_owned(),
            Some(_) | None => return None,
        },
        "request_asked" => to(t, event, t.timeline_asked()),
        "request_answered" => by(t, event, t.timeline_answered()),
        "correction_worked_out" => t.timeline_worked_out().to_owned(),
        "records_left_out" => match event.data.get("rows").and_then(serde_json::Value::as_u64) {
            Some(rows @ 1..) => to(t, event, &t.timeline_left_out(format::count(rows))),
            Some(0) | None => t.timeline_left_out_none().to_owned(),
        },
        "request_approved_once" => t.timeline_approved_once().to_owned(),
        "request_approved" => t.timeline_approved().to_owned(),
        "approved_by_rule" => t.timeline_approved_by_rule().to_owned(),
        "request_settled" => to(t, event, t.timeline_settled()),
        "due_moved" => t.timeline_due_moved().to_owned(),
        "started" => t.timeline_started().to_owned(),
        "left_to_officer" => t.timeline_left_to_officer().to_owned(),
        "blocked_on_day" => t.timeline_blocked_on_day().to_owned(),
        "unread_at_its_turn" => t.timeline_unread_at_its_turn().to_owned(),
        "differs" => t.timeline_differs().to_owned(),
        "completed" => t.timeline_completed().to_owned(),
        "request_cancelled" => by(t, event, t.timeline_cancelled()),
        "request_refused" => {
            let code = event.data.get("code").and_then(|code| code.as_str()).and_then(RefusalCode::parse)?;
            let (reason, statute) = (code.words(), code.statute());
            to(
                t,
                event,
                &t.timeline_refused(named::TimelineRefused {
                    reason: reason.in_lang(t.lang()),
                    statute: statute.in_lang(t.lang()),
                }),
            )
        }
        // An officer's own bookkeeping, such as a plan made anew.
        _ => return None,
    };
    Some(words)
}

/// To whom it was said, for whoever reads what is said with both sides.
fn to(t: Text, event: &Event, words: &str) -> String {
    match event.audience {
        Audience::Only(Side::Subject) => t.timeline_to_subject(words),
        Audience::Only(Side::Asker) => t.timeline_to_asker(words),
        Audience::Everyone => words.to_owned(),
    }
}

/// Whose word it was, where there are two sides.
fn by(t: Text, event: &Event, words: &str) -> String {
    match event.said_as() {
        Some(Side::Subject) => t.timeline_by_subject(words),
        Some(Side::Asker) => t.timeline_by_asker(words),
        None => words.to_owned(),
    }
}

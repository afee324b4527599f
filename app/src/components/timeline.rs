//! What happened, what is now, who acts next.

use domain::request::{Addressee, Audience, Happened, RefusalCode, Side, Stage, StageName, Status};
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
    if event.what == Happened::RequestSettled {
        return Some(to(t, event, t.timeline_settled_above()));
    }
    (event.what == Happened::RequestRefused).then(|| to(t, event, t.timeline_refused_above()))
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
    let words = match event.what {
        Happened::Filed => match event.data.get("received").and_then(|day| day.as_str()?.parse::<Date>().ok()) {
            Some(received) => t.timeline_filed_received(format::day(t.lang(), received)),
            None => t.timeline_filed().to_owned(),
        },
        Happened::RequesterConfirmed => t.timeline_requester_confirmed().to_owned(),
        Happened::TransferOpened => t.timeline_transfer_opened().to_owned(),
        Happened::TransferFetched => t.timeline_transfer_fetched().to_owned(),
        Happened::RequestMerged => {
            t.bulk_merged(event.data.get("into").and_then(|into| into.as_str()).unwrap_or_default())
        }
        Happened::HandingOutStopped => by(t, event, t.timeline_handing_out_stopped()),
        Happened::CopyBegun => by(t, event, t.timeline_copy_begun()),
        Happened::CopyTaken => by(t, event, t.timeline_copy_taken()),
        Happened::CopyEnded => match event.data.get("why").and_then(|why| why.as_str()) {
            Some("erasure") => t.timeline_copy_erasure().to_owned(),
            Some("time_over") => t.timeline_copy_time_over().to_owned(),
            Some("tries_over") => t.timeline_copy_tries_over().to_owned(),
            Some("not_written") => t.timeline_copy_not_written().to_owned(),
            Some(_) | None => return None,
        },
        Happened::RequestAsked => to(t, event, t.timeline_asked()),
        Happened::RequestAnswered => by(t, event, t.timeline_answered()),
        Happened::CorrectionWorkedOut => t.timeline_worked_out().to_owned(),
        Happened::RecordsLeftOut => match event.data.get("rows").and_then(serde_json::Value::as_u64) {
            Some(rows @ 1..) => to(t, event, &t.timeline_left_out(format::count(rows))),
            Some(0) | None => t.timeline_left_out_none().to_owned(),
        },
        Happened::RequestApprovedOnce => t.timeline_approved_once().to_owned(),
        Happened::RequestApproved => t.timeline_approved().to_owned(),
        Happened::ApprovedByRule => t.timeline_approved_by_rule().to_owned(),
        Happened::RequestSettled => to(t, event, t.timeline_settled()),
        Happened::DueMoved => t.timeline_due_moved().to_owned(),
        Happened::Started => t.timeline_started().to_owned(),
        Happened::LeftToOfficer => t.timeline_left_to_officer().to_owned(),
        Happened::BlockedOnDay => t.timeline_blocked_on_day().to_owned(),
        Happened::UnreadAtItsTurn => t.timeline_unread_at_its_turn().to_owned(),
        Happened::Differs => t.timeline_differs().to_owned(),
        Happened::Completed => t.timeline_completed().to_owned(),
        Happened::RequestCancelled => by(t, event, t.timeline_cancelled()),
        Happened::RequestRefused => {
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
        Happened::NotDelivered => match Addressee::of(&event.data) {
            Some(Addressee::Person) => t.timeline_not_delivered().to_owned(),
            // Whom an officer has to tell is theirs to see.
            Some(Addressee::Recipient | Addressee::Owner) | None => return None,
        },
        // An officer's own bookkeeping, and what is listed by itself.
        Happened::PeopleCompared | Happened::PlannedAnew | Happened::TaskConfirmed | Happened::Rescanned => {
            return None;
        }
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

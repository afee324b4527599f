//! Requests as rows: what, whose and who asked, how far it is or how it ended, and until when.

use std::collections::BTreeMap;

use domain::{
    china,
    ids::StaffId,
    map::Extent,
    request::{Capacity, Checked, RequestKind, Requester, Stage},
};
use leptos::prelude::*;
use service::{requests::QueueRow, store::requests::Request};

use super::{May, queue::owner};
use crate::{
    components::days_left,
    format,
    pages::customer_status_word,
    paths,
    text::{Text, named},
};

/// Which requests are among the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Open,
    Closed,
    Both,
}

/// With a box before each row for whoever may decide.
pub(super) fn table(t: Text, rows: &[QueueRow], names: &BTreeMap<StaffId, String>, shown: Shown, may: May) -> AnyView {
    let (stage, when) = match shown {
        Shown::Open => (t.queue_stage(), t.queue_due()),
        Shown::Closed => (t.queue_ended(), t.queue_when()),
        Shown::Both => (t.queue_stage(), t.queue_due_or_when()),
    };
    let lines: Vec<_> = rows.iter().map(|row| line(t, row, names, may)).collect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=t.queue_title()>
            <table class="queue">
                <thead>
                    <tr>
                        <th scope="col">{t.queue_number()}</th>
                        <th scope="col">{t.queue_kind()}</th>
                        <th scope="col">{t.queue_who()}</th>
                        <th scope="col">{stage}</th>
                        <th scope="col">{t.queue_owner()}</th>
                        <th scope="col">{when}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(t: Text, row: &QueueRow, names: &BTreeMap<StaffId, String>, may: May) -> AnyView {
    let request = &row.request;
    let class = match row.days_left {
        _ if !request.stage.is_open() => "closed",
        days if days < 0 => "late",
        0..=3 => "soon",
        _ => "fine",
    };
    view! {
        <tr class=class>
            <td>
                {(may == May::Decide).then(|| pick(t, request))}
                <a href=paths::case(&request.number) data-queue-row="">{request.number.to_string()}</a>
            </td>
            <td>{request.kind.name(t.lang())} {part(t, &row.extent)}</td>
            <td>{row.who.marked.clone()} {asked_by(t, request)}</td>
            <td>{customer_status_word(t, row.status)} {why(t, &request.stage)}</td>
            <td>{whose(t, request, names)} {passed_by(t, request, names)}</td>
            <td class="when">{when(t, row)}</td>
        </tr>
    }
    .into_any()
}

/// What is asked for, and of which records where it is not of all.
pub(super) fn kind_words(t: Text, kind: RequestKind, extent: &Extent) -> String {
    let name = kind.name(t.lang());
    match part_word(t, extent) {
        Some(part) => t.queue_kind_part(named::QueueKindPart { kind: name, part }),
        None => name,
    }
}

fn part(t: Text, extent: &Extent) -> Option<AnyView> {
    part_word(t, extent).map(|part| view! { <span class="by">{part}</span> }.into_any())
}

fn part_word(t: Text, extent: &Extent) -> Option<&'static str> {
    match extent {
        Extent::Everything => None,
        Extent::Only(_) => Some(t.queue_some_records()),
        Extent::Record(_) => Some(t.queue_one_record()),
    }
}

/// Not the person: somebody for them, or staff who wrote it down. It is worked on in another way.
fn asked_by(t: Text, request: &Request) -> Option<AnyView> {
    let (who, checked) = match request.requester {
        Requester::Subject => return None,
        Requester::Staff { .. } => (t.queue_by_staff(), None),
        Requester::Representative { capacity, checked } => {
            let who = match capacity {
                Capacity::Agent => t.queue_by_agent(),
                Capacity::Guardian => t.queue_by_guardian(),
                Capacity::NearRelative => t.queue_by_relative(),
            };
            let checked = match checked {
                // Once it is over there is nothing left to check.
                Checked::NotYet => request.stage.is_open().then(|| t.queue_not_checked()),
                Checked::Confirmed { .. } => None,
            };
            (who, checked)
        }
    };
    Some(
        view! {
            <span class="by">{who}</span>
            {checked.map(|words| view! { " " <span class="by">{words}</span> })}
        }
        .into_any(),
    )
}

/// On what ground it was refused.
fn why(t: Text, stage: &Stage) -> Option<AnyView> {
    let Stage::Refused { code, .. } = stage else { return None };
    let words = code.words().in_lang(t.lang()).to_owned();
    Some(view! { <span class="hint">{words}</span> }.into_any())
}

/// Who works on it; once it is over, who decided it.
fn whose(t: Text, request: &Request, names: &BTreeMap<StaffId, String>) -> String {
    let decided = match &request.stage {
        Stage::Answered { by, .. } | Stage::Refused { by, .. } => Some(*by),
        Stage::Completed { .. } | Stage::Cancelled { .. } => request.owner,
        Stage::Received { .. }
        | Stage::Asked { .. }
        | Stage::ApprovedOnce { .. }
        | Stage::Approved { .. }
        | Stage::Running { .. }
        | Stage::Differs { .. } => return owner(t, request.owner, names),
    };
    decided.and_then(|staff| names.get(&staff).cloned()).unwrap_or_default()
}

/// Which colleague gave it to whoever works on it.
fn passed_by(t: Text, request: &Request, names: &BTreeMap<StaffId, String>) -> Option<AnyView> {
    let by = request.passed_by.filter(|_| request.stage.is_open())?;
    let name = names.get(&by).map_or(t.desk_somebody(), String::as_str);
    Some(view! { <span class="by">{t.desk_passed_by(name)}</span> }.into_any())
}

/// Until when and how long that is; or when it ended.
fn when(t: Text, row: &QueueRow) -> AnyView {
    let (lang, due) = (t.lang(), format::day(t.lang(), row.request.due));
    if row.request.stage.is_open() {
        return view! { {due} <span class="left">{days_left(t, row.days_left)}</span> }.into_any();
    }
    let closed = china::day(row.request.stage.at());
    view! {
        {t.queue_closed_on(format::day(lang, closed))}
        <span class="hint">{t.queue_was_due(due)}</span>
    }
    .into_any()
}

fn pick(t: Text, request: &Request) -> AnyView {
    let number = request.number.to_string();
    view! {
        <label class="pick">
            <input type="checkbox" name="number" value=number.clone()/>
            <span class="unseen">{t.bulk_pick(number)}</span>
        </label>
    }
    .into_any()
}

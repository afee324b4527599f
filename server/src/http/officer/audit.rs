//! The auditor's reading room: the log, as a page and as a file for a spreadsheet.

use app::{
    components::Typed,
    pages::officer::{self, Log},
    text::Text,
};
use axum::{extract::Query, http::StatusCode, response::Response};
use domain::{
    audit::{Group, SoughtActor},
    ids::RequestNumber,
};
use serde::Deserialize;
use store::audit::{Sought, Walk};

use super::{
    super::{cx::Cx, failure::Failure},
    days::days,
    sheet::sheet,
};

const ENTRIES: u64 = 100;
/// Of a file: a spreadsheet still opens it.
const IN_FILE: u64 = 20_000;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct AuditQuery {
    group: String,
    number: String,
    by: String,
    from: String,
    to: String,
    before: Option<i64>,
    /// The whole log is to be walked once more.
    again: String,
}

/// What is looked for, and what was typed that cannot be.
fn read(t: Text, query: &AuditQuery) -> (Sought, Typed) {
    let mut typed = Typed::default();
    let number = RequestNumber::parse(&query.number.trim().to_ascii_uppercase());
    // What was typed instead is not shown again: it may be anything.
    if number.is_none() && !query.number.trim().is_empty() {
        typed = typed.wrong("number", t.audit_number_wrong());
    }
    let ((from, to), typed) = days(t, &query.from, &query.to, typed);
    let (group, actor) = (Group::parse(&query.group), SoughtActor::parse(&query.by));
    (Sought { group, number, actor, from, to }, typed)
}

pub(in super::super) async fn page(cx: Cx, Query(query): Query<AuditQuery>) -> Result<Response, Failure> {
    let t = cx.text();
    let (sought, typed) = read(t, &query);
    let log = log(&cx, sought, query.before, ENTRIES).await?;
    let walk = if query.again.is_empty() { Walk::New } else { Walk::Whole };
    let verified = match cx.portal().store.verify_audit(walk).await? {
        Ok(n) => t.audit_intact(n),
        Err(broken) => t.audit_broken(broken),
    };
    let status = if typed.failed() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(cx.page_with(status, |t| officer::audit(t, &log, &verified, &typed)))
}

pub(in super::super) async fn file(cx: Cx, Query(query): Query<AuditQuery>) -> Result<Response, Failure> {
    let t = cx.text();
    let (sought, typed) = read(t, &query);
    if typed.failed() {
        return page(cx, Query(query)).await;
    }
    let log = log(&cx, sought, query.before, IN_FILE).await?;
    let head = officer::audit_head(t).map(str::to_owned);
    let lines = log.entries.iter().map(|entry| officer::audit_line(t, &log, entry));
    sheet("audit.csv", [head].into_iter().chain(lines))
}

async fn log(cx: &Cx, sought: Sought, before: Option<i64>, most: u64) -> Result<Log, Failure> {
    let (permit, reader) = (cx.actor.read_audit()?, cx.actor.read_requests()?);
    let portal = cx.portal();
    let entries = portal.store.audit_sought(permit, &sought, before, most).await?;
    let names = portal.staff_names(&reader).await?;
    let next = entries.last().filter(|_| entries.len() as u64 == most).map(|entry| entry.seq);
    Ok(Log { entries, names, map: portal.map.clone(), sought, before, next })
}

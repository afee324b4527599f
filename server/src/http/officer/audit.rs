//! The auditor's reading room: the log, as a page and as a file for a spreadsheet.

use app::{
    components::Typed,
    pages::officer::{self, Log},
};
use axum::{extract::Query, http::StatusCode, response::Response};
use domain::{audit::Group, ids::RequestNumber};
use serde::Deserialize;
use store::audit::Sought;

use super::{
    super::{cx::Cx, failure::Failure},
    sheet::sheet,
};

const ENTRIES: u64 = 100;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct AuditQuery {
    group: String,
    number: String,
    before: Option<i64>,
}

impl AuditQuery {
    fn number(&self) -> Option<RequestNumber> {
        RequestNumber::parse(&self.number.trim().to_ascii_uppercase())
    }
}

pub(in super::super) async fn page(cx: Cx, Query(query): Query<AuditQuery>) -> Result<Response, Failure> {
    let log = log(&cx, &query).await?;
    let t = cx.text();
    let verified = match cx.portal().store.verify_audit().await? {
        Ok(n) => t.audit_intact(n),
        Err(broken) => t.audit_broken(broken),
    };
    // What was typed instead is not shown again: it may be anything.
    let (status, typed) = if query.number.trim().is_empty() || log.sought.number.is_some() {
        (StatusCode::OK, Typed::default())
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, Typed::default().wrong("number", t.audit_number_wrong()))
    };
    Ok(cx.page_with(status, |t| officer::audit(t, &log, &verified, &typed)))
}

pub(in super::super) async fn file(cx: Cx, Query(query): Query<AuditQuery>) -> Result<Response, Failure> {
    let log = log(&cx, &query).await?;
    let t = cx.text();
    let head = officer::audit_head(t).map(str::to_owned);
    let lines = log.entries.iter().map(|entry| officer::audit_line(t, &log, entry));
    sheet("audit.csv", [head].into_iter().chain(lines))
}

async fn log(cx: &Cx, query: &AuditQuery) -> Result<Log, Failure> {
    let (permit, reader) = (cx.actor.read_audit()?, cx.actor.read_requests()?);
    let (portal, before) = (cx.portal(), query.before);
    let sought = Sought { group: Group::parse(&query.group), number: query.number() };
    let entries = portal.store.audit_sought(permit, &sought, before, ENTRIES).await?;
    let names = portal.staff_names(&reader).await?;
    let next = entries.last().filter(|_| entries.len() as u64 == ENTRIES).map(|entry| entry.seq);
    Ok(Log { entries, names, sought, before, next })
}

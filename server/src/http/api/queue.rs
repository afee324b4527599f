//! The officers' queue for programs, narrowed as on its page.

#![expect(unused_qualifications, reason = "utoipa's macro writes them")]

use axum::{Json, extract::Query};
use domain::{ids::StaffId, request::StageName};
use jiff::civil::Date;
use serde::Deserialize;
use store::{
    queue::{After, Asked, Filter, Received, Soon, Whose},
    requests::QueueView as View,
};
use utoipa::IntoParams;

use super::{
    caller::Caller,
    officers::{kind, limit},
    problem::{Problem, Problems},
    view::{QueueView, RowView},
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// `open` (the default) or `closed`.
    view: Option<String>,
    /// Only this kind, as in `DELETE`.
    kind: Option<String>,
    /// `subject`, or `another`: a representative, or staff who wrote it down.
    asked_by: Option<String>,
    /// Whose work: `mine`, the program's own, or `nobodys`; anybody's unless told.
    whose: Option<String>,
    /// How far it is, as in `stage` of a request. It is of one view only, so `view` is left out.
    state: Option<String>,
    /// `overdue`, or due within so many working days: `5`, `3` or `1`.
    due_in: Option<String>,
    /// Received on this day or later.
    #[param(value_type = Option<String>, format = Date)]
    received_from: Option<Date>,
    /// Received on this day or before.
    #[param(value_type = Option<String>, format = Date)]
    received_to: Option<Date>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 100; 50 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// Requests: open ones soonest due first, closed ones latest due first.
#[utoipa::path(get, path = "/requests", tag = "requests", params(Page),
    responses((status = 200, body = QueueView), Problems))]
pub(super) async fn queue(
    caller: Caller,
    query: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<QueueView>, Problem> {
    let permit = caller.actor().read_requests()?;
    let Query(page) = query.map_err(|_| Problem::malformed("the query"))?;
    let state = page.state.as_deref().map(state).transpose()?;
    let view = view(page.view.as_deref(), state)?;
    let kind = page.kind.as_deref().map(kind).transpose()?;
    let asked = page.asked_by.as_deref().map(asked).transpose()?.unwrap_or_default();
    let limit = limit(page.limit)?;
    let after = page.after.as_deref().map(after).transpose()?;
    let whose = page.whose.as_deref().map(|text| whose(text, permit.staff())).transpose()?.unwrap_or_default();
    let soon = page.due_in.as_deref().map(soon).transpose()?.unwrap_or_default();
    let due = soon.on(caller.portal.clock.today(), &caller.portal.calendar());
    let received = Received { from: page.received_from, to: page.received_to };
    let filter = Filter { kind, whose, asked, state, due, received };
    let rows = caller.portal.queue(&permit, view, filter, after.as_ref(), limit).await?;
    let last = rows.last().filter(|_| rows.len() as u64 == limit);
    Ok(Json(QueueView {
        next: last.map(|row| format!("{}.{}", row.request.due, row.request.number)),
        requests: rows.iter().map(RowView::from).collect(),
    }))
}

fn view(text: Option<&str>, state: Option<StageName>) -> Result<View, Problem> {
    let told =
        text.map(|text| View::parse(text).ok_or_else(|| Problem::malformed("view: open or closed"))).transpose()?;
    match (told, state.map(View::of_state)) {
        (Some(told), Some(of)) if told != of => Err(Problem::malformed("state: it is of the other view")),
        (_, Some(of)) => Ok(of),
        (told, None) => Ok(told.unwrap_or(View::Open)),
    }
}

fn state(text: &str) -> Result<StageName, Problem> {
    StageName::parse(text).ok_or_else(|| Problem::malformed("state: as stage of a request says"))
}

fn soon(text: &str) -> Result<Soon, Problem> {
    let known = Soon::parse(text).filter(|soon| *soon != Soon::AnyTime);
    known.ok_or_else(|| Problem::malformed("due_in: overdue, 5, 3 or 1"))
}

/// A place in the queue: a day and a number.
fn after(text: &str) -> Result<After, Problem> {
    let wrong = || Problem::malformed("after: send the next of the page before");
    let (due, number) = text.split_once('.').ok_or_else(wrong)?;
    Ok(After { due: due.parse::<Date>().map_err(|_| wrong())?, number: number.to_owned() })
}

fn asked(text: &str) -> Result<Asked, Problem> {
    let known = Asked::parse(text).filter(|asked| *asked != Asked::ByAnyone);
    known.ok_or_else(|| Problem::malformed("asked_by: subject or another"))
}

fn whose(text: &str, staff: StaffId) -> Result<Whose, Problem> {
    let known = Some(Whose::parse(text, staff)).filter(|whose| *whose != Whose::Anyones);
    known.ok_or_else(|| Problem::malformed("whose: mine or nobodys"))
}

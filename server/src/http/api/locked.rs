//! What is locked away for a request, and looking through what is outside the map.

use axum::{Json, extract::Path, http::StatusCode};
use domain::request::Happened;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use service::{
    requests::{Case, Opening},
    rescan::{Mention, Rescan},
};
use utoipa::ToSchema;

use super::{
    ask::number,
    caller::Caller,
    problem::{Problem, Problems},
};

/// Rows of one table, destroyed on one day.
#[derive(Serialize, ToSchema)]
struct LockedView {
    table: String,
    #[schema(value_type = String, format = Date)]
    until: Date,
    rows: u64,
}

/// What is locked away for a request. What it says is looked at by people: one asks, another agrees.
#[derive(Serialize, ToSchema)]
pub(super) struct LockedAwayView {
    locked: Vec<LockedView>,
    /// `shut`, `asked`: one officer wants to see it, or `open`.
    opening: &'static str,
    /// Until when it may be looked at, where it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    open_until: Option<Timestamp>,
}

/// How much is locked away for a request, and until when.
#[utoipa::path(get, path = "/requests/{number}/locked", tag = "requests", params(("number" = String, Path)),
    responses((status = 200, body = LockedAwayView), Problems))]
pub(super) async fn locked(caller: Caller, Path(text): Path<String>) -> Result<Json<LockedAwayView>, Problem> {
    let permit = caller.actor().read_requests()?;
    let away = caller.portal.locked_away(&permit, &number(&text)?).await?;
    let (opening, open_until) = match away.opening {
        Opening::Shut => ("shut", None),
        Opening::Asked { .. } => ("asked", None),
        Opening::Open { until, .. } => ("open", Some(until)),
    };
    let locked = away.locked.iter();
    let locked = locked.map(|of| LockedView { table: of.table.to_string(), until: of.until, rows: of.rows });
    Ok(Json(LockedAwayView { locked: locked.collect(), opening, open_until }))
}

/// Asks for a look through everything outside the data map for whom a completed erasure was about. It may take hours;
/// `rescan` of the request says what came of it.
#[utoipa::path(post, path = "/requests/{number}/rescan", tag = "requests", params(("number" = String, Path)),
    responses((status = 204), Problems))]
pub(super) async fn rescan(caller: Caller, Path(text): Path<String>) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    caller.portal.ask_rescan(&permit, &reader, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A column that still mentions the person.
#[derive(Serialize, ToSchema)]
struct MentionView {
    table: String,
    column: String,
    rows: u64,
}

impl From<&Mention> for MentionView {
    fn from(of: &Mention) -> Self {
        Self { table: of.table.to_string(), column: of.column.to_string(), rows: of.rows }
    }
}

/// What the last look through everything outside the data map found.
#[derive(Serialize, ToSchema)]
pub(super) struct RescanView {
    /// One is under way, or waits for its turn.
    under_way: bool,
    /// When the last one ended; absent before the first.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    columns: u64,
    rows: u64,
    found: Vec<MentionView>,
    /// Tables that could not be read: nothing is known of them.
    unread: Vec<String>,
}

impl RescanView {
    pub(super) fn of(case: &Case) -> Option<Self> {
        let last = case.followed.events.iter().rfind(|event| event.what == Happened::Rescanned);
        let last = last.and_then(|event| Some((event.at, serde_json::from_value::<Rescan>(event.data.clone()).ok()?)));
        let (at, found) = match last {
            Some((at, found)) => (Some(at), found),
            None if case.rescanning => (None, Rescan::default()),
            None => return None,
        };
        Some(Self {
            under_way: case.rescanning,
            at,
            columns: found.columns,
            rows: found.rows,
            found: found.found.iter().map(Into::into).collect(),
            unread: found.unread.iter().map(ToString::to_string).collect(),
        })
    }
}

//! What a night held up because it was too much to go unseen: looked at, and let go as it was looked at.

use axum::{Json, http::StatusCode};
use domain::{
    breaker::Why,
    map::{MapHash, TableName},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::breaker::{Release, Seen, Waiting};
use utoipa::ToSchema;

use super::{
    ask::{Ask, words},
    caller::Caller,
    problem::{Kind, Problem, Problems},
};

/// A rule that waits, or was let go and has not had its night yet.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitingView {
    table: String,
    outcome: String,
    rows: u64,
    /// The version of the data map by which they were counted.
    map: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    counted: Timestamp,
    /// `share`: more than so much of the table; `forecast`: far more than a recent night took; `follows`: another rule
    /// that waits has to come first, and this one goes with it.
    why: &'static str,
    /// `not_asked`; `asked`: one officer wants it let go, and another has to agree; `released`.
    release: &'static str,
    /// Why it may go, where somebody has said so.
    reason: Option<String>,
}

impl From<&Waiting> for WaitingView {
    fn from(waiting: &Waiting) -> Self {
        let (release, reason) = match &waiting.release {
            Release::NotAsked => ("not_asked", None),
            Release::Asked { by: _, reason } => ("asked", Some(reason.clone())),
            Release::Released { reason } => ("released", reason.clone()),
        };
        Self {
            table: waiting.tripped.table.to_string(),
            outcome: waiting.tripped.outcome.word().to_owned(),
            rows: waiting.tripped.rows,
            map: waiting.map.to_string(),
            counted: waiting.counted,
            why: match waiting.tripped.why {
                Why::Share { .. } => "share",
                Why::Forecast { .. } => "forecast",
                Why::Follows => "follows",
            },
            release,
            reason,
        }
    }
}

/// What the nights hold up until somebody has looked.
#[utoipa::path(get, path = "/nights/waiting", tag = "retention",
    responses((status = 200, body = Vec<WaitingView>), Problems))]
pub(super) async fn waiting(caller: Caller) -> Result<Json<Vec<WaitingView>>, Problem> {
    let permit = caller.actor().read_reports()?;
    let all = caller.portal.store.rules_to_release(permit).await?;
    Ok(Json(all.iter().map(Into::into).collect()))
}

/// A rule as it was looked at: all of it as `/nights/waiting` says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Releasing {
    table: String,
    outcome: String,
    rows: u64,
    map: String,
    #[schema(value_type = String, format = DateTime)]
    counted: Timestamp,
    /// Why it may go; stands in the night's report.
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

/// Lets the next night take what one held up, and no more than a tenth beyond; or, where two are needed for a deletion,
/// asks another to agree. Needs decide-requests. `overtaken` where it no longer waits as it was looked at; `second_person`
/// where it is another's to agree: that is a person, on the pages, and never a program.
#[utoipa::path(post, path = "/nights/release", tag = "retention", request_body = Releasing,
    responses((status = 204), Problems))]
pub(super) async fn release(caller: Caller, Ask(releasing): Ask<Releasing>) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let permit = actor.decide()?;
    let table = TableName::parse(&releasing.table).ok_or_else(|| Problem::from(Kind::NotFound))?;
    let (why, map) = (words(&releasing.words)?, MapHash(releasing.map));
    let Releasing { outcome, rows, counted, .. } = releasing;
    let seen = Seen { table: &table, outcome: &outcome, rows, map: &map, counted };
    caller.portal.release_rule(&permit, &actor, seen, why.reveal()).await?;
    Ok(StatusCode::NO_CONTENT)
}

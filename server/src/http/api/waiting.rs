//! What a night held up because it was too much to go unseen. People let it go, on the pages.

use axum::Json;
use domain::breaker::Why;
use jiff::Timestamp;
use serde::Serialize;
use store::breaker::{Release, Waiting};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    problem::{Problem, Problems},
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

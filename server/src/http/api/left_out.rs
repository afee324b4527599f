//! What a deletion would touch and is not the person's.

use axum::{Json, extract::Path, http::StatusCode};
use domain::Personal;
use serde::{Deserialize, Serialize};
use service::requests::LeavingOut;
use utoipa::ToSchema;

use super::{
    ask::{Ask, number, words},
    caller::Caller,
    problem::{Problem, Problems},
    records::RecordsView,
};

/// What a deletion would touch.
#[derive(Serialize, ToSchema)]
pub(super) struct TouchedView {
    #[serde(flatten)]
    records: RecordsView,
    /// The tokens of those that are left out by now.
    left_out: Vec<String>,
}

/// The records a deletion would touch, masked, and which of them are left out. The look is entered in the audit log.
#[utoipa::path(get, path = "/requests/{number}/left-out", tag = "requests", params(("number" = String, Path)),
    responses((status = 200, body = TouchedView), Problems))]
pub(super) async fn touched(caller: Caller, Path(text): Path<String>) -> Result<Json<TouchedView>, Problem> {
    let actor = caller.actor();
    let to = caller.portal.to_leave_out(&actor.decide()?, &actor, &number(&text)?).await?;
    let left_out = to.held.records.iter().filter(|record| to.is_left_out(record));
    Ok(Json(TouchedView {
        left_out: left_out.map(|record| record.token.clone()).collect(),
        records: RecordsView::of(&to.held, &caller.portal.map, to.request.lang),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LeavingOutRows {
    /// Of records from the same address; those of them that are not named are part of the deletion again.
    #[schema(max_items = 300)]
    tokens: Vec<String>,
    /// Why they are not the person's, who reads it. Needed where any is named.
    #[schema(min_length = 1, max_length = 2000)]
    words: Option<String>,
}

/// Leaves out what is not the person's, with what is found only through it, and makes the plan anew: whoever had read the one
/// before approves another.
#[utoipa::path(post, path = "/requests/{number}/left-out", tag = "requests", params(("number" = String, Path)),
    request_body = LeavingOutRows, responses((status = 204), Problems))]
pub(super) async fn leave_out(
    caller: Caller,
    Path(text): Path<String>,
    Ask(rows): Ask<LeavingOutRows>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let why = match &rows.words {
        Some(said) => words(said)?,
        None if rows.tokens.is_empty() => Personal::new(""),
        None => return Err(Problem::malformed("words: needed where any is left out")),
    };
    let tokens = rows.tokens.into_iter().collect();
    match caller.portal.leave_out(&actor.decide()?, &actor, &number(&text)?, &tokens, &why).await? {
        LeavingOut::Frozen => Ok(StatusCode::NO_CONTENT),
        LeavingOut::TooMany { most } => Err(Problem::malformed(format!("tokens: at most {most}"))),
        LeavingOut::Unknown => Err(Problem::malformed("tokens: not of a record the deletion would touch")),
    }
}

//! The same asked twice, put into the one that came first.

use axum::{extract::Path, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ask::{Ask, number},
    caller::Caller,
    problem::{Problem, Problems},
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merging {
    /// The number of the older one: of `alike` of the request.
    into: String,
}

/// Closes a request as the same as an older one of the same person that is open; they are told, and read where it goes on.
/// `not_found` for two that do not ask for the same, or where the other is the younger.
#[utoipa::path(post, path = "/requests/{number}/merge", tag = "requests", params(("number" = String, Path)),
    request_body = Merging, responses((status = 204), Problems))]
pub(super) async fn merge(
    caller: Caller,
    Path(text): Path<String>,
    Ask(merging): Ask<Merging>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.merge(&actor.decide()?, &actor, &number(&text)?, &number(&merging.into)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

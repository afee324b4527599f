//! A person's own copy for programs: prepared first, looked at, downloaded once. By the rules of the pages.

use axum::{Json, extract::Path, http::StatusCode, response::Response};
use domain::ids::CopyId;
use jiff::Timestamp;
use serde::Serialize;
use service::copies::HandingOut;
use store::copies::{CopyState, StoredCopy};
use utoipa::ToSchema;

use super::{
    ask::Ask,
    caller::Caller,
    problem::{Kind, Problem, Problems},
    subjects::{Who, actor},
};
use crate::copy::handed_out;

/// A copy that is prepared, or was.
#[derive(Serialize, ToSchema)]
pub(super) struct CopyView {
    id: String,
    /// `preparing`, `ready`, `taken` (downloaded as a whole), `spent` (begun as often as it may be) or `failed`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// When it goes, downloaded or not.
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    /// Written so far; all of them once it is ready.
    records: u64,
    /// About how many there are to write; absent where they could not be counted.
    expected: Option<u64>,
    /// Bytes of the archive, once it is ready.
    size: Option<u64>,
    /// Databases that could not be read: what they have is not in it.
    missing: Vec<String>,
    /// How often a download may still be begun.
    tries_left: u64,
}

impl From<&StoredCopy> for CopyView {
    fn from(copy: &StoredCopy) -> Self {
        let state = match copy.state {
            CopyState::Ready if copy.tries_left() == 0 => CopyState::Spent,
            state @ (CopyState::Preparing
            | CopyState::Ready
            | CopyState::Taken
            | CopyState::Spent
            | CopyState::Failed) => state,
        };
        Self {
            id: copy.id.to_string(),
            state: state.as_str().to_owned(),
            asked_at: copy.asked_at,
            ends_at: copy.ends_at,
            records: copy.records,
            expected: copy.expected,
            size: (state == CopyState::Ready).then_some(copy.size),
            missing: copy.missing.iter().map(ToString::to_string).collect(),
            tries_left: if state == CopyState::Ready { copy.tries_left() } else { 0 },
        }
    }
}

impl CopyView {
    /// What an officer has agreed to, while there is anything of it.
    pub(super) fn handed_out(of: &HandingOut) -> Option<Self> {
        match of {
            HandingOut::Preparing(copy) | HandingOut::Ready(copy) => Some(copy.into()),
            HandingOut::Nothing | HandingOut::Again { .. } | HandingOut::Over(_) => None,
        }
    }
}

fn id(text: &str) -> Result<CopyId, Problem> {
    text.parse().map_err(|_| Kind::NotFound.into())
}

/// Has a copy of everything prepared, sealed until it is downloaded. Needs a fresh proof; the person is told when it is
/// ready. Where one is being prepared or waits already, that one is answered. While an erasure of theirs is carried out
/// there is none, and the answer is `too_late`; ten may be asked for in a day.
#[utoipa::path(post, path = "/subjects/copies", tag = "subjects", request_body = Who,
    responses((status = 201, body = CopyView), Problems))]
pub(super) async fn prepare(caller: Caller, Ask(who): Ask<Who>) -> Result<(StatusCode, Json<CopyView>), Problem> {
    let actor = actor(&caller, &who.subject)?;
    let permit = actor.own_fresh()?;
    let copy = caller.portal.ask_for_copy(&permit, &actor, who.lang.into()).await?;
    Ok((StatusCode::CREATED, Json((&copy).into())))
}

/// Their copies that have not gone, newest first.
#[utoipa::path(post, path = "/subjects/copies/list", tag = "subjects", request_body = Who,
    responses((status = 200, body = Vec<CopyView>), Problems))]
pub(super) async fn list(caller: Caller, Ask(who): Ask<Who>) -> Result<Json<Vec<CopyView>>, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let copies = caller.portal.my_copies(&actor.own()?).await?;
    Ok(Json(copies.iter().map(CopyView::from).collect()))
}

/// How far one of them is.
#[utoipa::path(post, path = "/subjects/copies/{id}", tag = "subjects", params(("id" = String, Path)),
    request_body = Who, responses((status = 200, body = CopyView), Problems))]
pub(super) async fn look(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<Json<CopyView>, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let copy = caller.portal.my_copy(&actor.own()?, id(&text)?).await?;
    Ok(Json((&copy).into()))
}

/// The archive (HTML, CSV, JSON, a PDF summary in builds that set one, a signed manifest), once. Needs a fresh proof of
/// everything it was asked for with; the person is told. It goes with its last piece; one that breaks off may be begun
/// again, three times in all, and the one begun last is given the whole. Before it is ready the answer is `not_found`.
#[utoipa::path(post, path = "/subjects/copies/{id}/download", tag = "subjects", params(("id" = String, Path)),
    request_body = Who, responses((status = 200, content_type = "application/zip", body = Vec<u8>), Problems))]
pub(super) async fn download(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<Response, Problem> {
    let actor = actor(&caller, &who.subject)?;
    // One proof is for all that is sent: it is fresh for everything the copy was asked for with, or for nothing.
    let permit = actor.own_fresh()?;
    let handed = caller.portal.hand_out_copy(&permit, &actor, who.lang.into(), id(&text)?).await?;
    Ok(handed_out(caller.portal.clone(), handed))
}

/// They do not want it any more: nothing of it is kept.
#[utoipa::path(post, path = "/subjects/copies/{id}/remove", tag = "subjects", params(("id" = String, Path)),
    request_body = Who, responses((status = 204), Problems))]
pub(super) async fn remove(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &who.subject)?;
    caller.portal.remove_copy(&actor.own()?, &actor, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

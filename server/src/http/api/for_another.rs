//! Asking for somebody else, for whom the program has signed in; and what an officer has agreed to hand out.

use axum::{Json, extract::Path, http::StatusCode, response::Response};
use domain::request::{Capacity, RequestKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::requests::{ForAnother, Wish, may_be_of_some};
use utoipa::ToSchema;

use super::{
    ask::{Ask, Language, Subject, capacities, kinds, number, words},
    caller::Caller,
    deletion::extent,
    files::FileIn,
    officers::kind,
    problem::{Problem, Problems},
    subjects::{Who, actor},
    view::RequestView,
};
use crate::copy::handed_out;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Representing {
    /// Who asks. Needs a fresh proof.
    subject: Subject,
    /// Whose data it is about, as the company knows them; nobody asks what they have proven.
    of: Subject,
    /// `guardian`, `agent` or `near_relative` of somebody who has died.
    #[schema(schema_with = capacities)]
    capacity: String,
    /// Any but `LIFT`, which is the person's own.
    #[schema(schema_with = kinds)]
    kind: String,
    /// As in `POST /requests`.
    about: Option<String>,
    /// Of `DELETE` and `COPY`: of which tables; all unless told.
    #[schema(min_items = 1, max_items = 1000)]
    tables: Option<Vec<String>>,
    /// Needed but for `WITHDRAW` and `CANCEL_ACCOUNT`, which nobody has to explain (PIPL art. 15, E-Commerce Law art. 24).
    #[schema(min_length = 1, max_length = 2000)]
    words: Option<String>,
    /// What shows that they may. People look at it, on the pages, and it is not handed out again.
    #[schema(min_items = 1, max_items = 5)]
    evidence: Vec<FileIn>,
    #[serde(default)]
    lang: Language,
}

/// Files a request for somebody else. Nothing is planned and nobody told before an officer has looked at the evidence; five
/// may be filed in a day.
#[utoipa::path(post, path = "/subjects/for-another", tag = "subjects", request_body = Representing,
    responses((status = 201, body = RequestView), Problems))]
pub(super) async fn file(
    caller: Caller,
    Ask(asking): Ask<Representing>,
) -> Result<(StatusCode, Json<RequestView>), Problem> {
    let (actor, portal) = (actor(&caller, &asking.subject)?, &caller.portal);
    let permit = actor.own_fresh()?;
    let wrong = || Problem::malformed("capacity: guardian, agent or near_relative");
    let (capacity, kind) = (Capacity::parse(&asking.capacity).ok_or_else(wrong)?, kind(&asking.kind)?);
    let unexplained = matches!(kind, RequestKind::Withdraw | RequestKind::CancelAccount);
    let said = match &asking.words {
        None if unexplained => String::new(),
        said => words(said.as_deref().unwrap_or_default())?.reveal().to_owned(),
    };
    let wish = Wish::new(&said).about(asking.about.as_deref().unwrap_or_default());
    if !portal.serves(kind) || !portal.can_be_asked(kind, &wish) {
        return Err(Problem::malformed("kind, about: not what can be asked for somebody else"));
    }
    if asking.tables.is_some() && !may_be_of_some(kind) {
        return Err(Problem::malformed("tables: of a deletion or a copy only"));
    }
    let (subject, extent) = (asking.of.identifiers()?, extent(&caller, asking.tables.as_deref())?);
    if asking.evidence.is_empty() {
        return Err(Problem::malformed("evidence: what shows that they may"));
    }
    let evidence = FileIn::all(asking.evidence)?;
    let asked = ForAnother { kind, capacity, subject: &subject, wish: &wish, extent: &extent, evidence: &evidence };
    let request = portal.file_for_another(&permit, &actor, &asked, asking.lang.into()).await?;
    Ok((StatusCode::CREATED, Json((&request).into())))
}

/// The copy of somebody else's that an officer has agreed to, once. Needs a fresh proof; the person it is about is told.
/// `too_late` where it is not ready, was taken or has gone: `handing_out` of the request says which.
#[utoipa::path(post, path = "/subjects/requests/{number}/copy", tag = "subjects", params(("number" = String, Path)),
    request_body = Who, responses((status = 200, content_type = "application/zip", body = Vec<u8>), Problems))]
pub(super) async fn copy(caller: Caller, Path(text): Path<String>, Ask(who): Ask<Who>) -> Result<Response, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let handed = caller.portal.take_agreed(&actor.own_fresh()?, &actor, &number(&text)?).await?;
    Ok(handed_out(caller.portal.clone(), handed))
}

/// Has what was agreed to prepared once more, where nothing of it is here any longer. Needs a fresh proof.
#[utoipa::path(post, path = "/subjects/requests/{number}/prepare", tag = "subjects", params(("number" = String, Path)),
    request_body = Who, responses((status = 204), Problems))]
pub(super) async fn prepare(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &who.subject)?;
    caller.portal.prepare_agreed_again(&actor.own_fresh()?, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub(super) struct AddressView {
    /// Whoever has it fetches what was agreed to, once.
    url: String,
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Makes the address at which another company fetches a transfer that an officer has agreed to. One made before works no
/// more. Needs a fresh proof.
#[utoipa::path(post, path = "/subjects/requests/{number}/transfer", tag = "subjects", params(("number" = String, Path)),
    request_body = Who, responses((status = 201, body = AddressView), Problems))]
pub(super) async fn transfer(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<(StatusCode, Json<AddressView>), Problem> {
    let actor = actor(&caller, &who.subject)?;
    let (secret, until) = caller.portal.open_transfer(&actor.own_fresh()?, &actor, &number(&text)?).await?;
    let url = format!("{}{}", caller.app.public_url, app::paths::transfer(secret.reveal()));
    Ok((StatusCode::CREATED, Json(AddressView { url, until })))
}

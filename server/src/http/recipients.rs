//! What a recipient of somebody's data sees and confirms once it was erased, corrected or stopped here. The link is the
//! right to do so.

use app::{components::Typed, pages::public, paths};
use axum::{
    Form,
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use service::requests::tasks::Show;

use super::{cx::Cx, failure::Failure, tasks::note};

pub(super) async fn page(cx: Cx, Path(link): Path<String>) -> Result<Response, Failure> {
    shown(&cx, &link, Show::Masked).await
}

/// The person's contact in full, and an entry in the audit log.
pub(super) async fn reveal(cx: Cx, Path(link): Path<String>) -> Result<Response, Failure> {
    shown(&cx, &link, Show::Full).await
}

async fn shown(cx: &Cx, link: &str, show: Show) -> Result<Response, Failure> {
    let telling = cx.portal().asked_of_recipient(link, show).await?;
    Ok(cx.page(|t| public::recipient(t, &cx.portal().map, &telling, link, &Typed::default())))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ConfirmForm {
    note: String,
}

pub(super) async fn confirm(
    cx: Cx,
    Path(link): Path<String>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Failure> {
    cx.portal().confirm_as_recipient(&link, note(&form.note).as_deref()).await?;
    Ok(Redirect::to(&paths::recipient(&link)).into_response())
}

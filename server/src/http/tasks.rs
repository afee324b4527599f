//! What the owner of a system without an interface sees and confirms. The link is the right to do so.

use app::{components::Typed, pages::public, paths};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use service::requests::tasks::Show;
use store::tasks::Confirmation;

use super::{cx::Cx, failure::Failure};

const LONGEST_NOTE: usize = 500;

/// What whoever holds a link wrote, cut to what is kept; nothing where they wrote nothing.
pub(super) fn note(text: &str) -> Option<String> {
    let note: String = text.trim().chars().take(LONGEST_NOTE).collect();
    (!note.is_empty()).then_some(note)
}

pub(super) async fn page(cx: Cx, Path(link): Path<String>) -> Result<Response, Failure> {
    shown(&cx, &link, StatusCode::OK, Show::Masked, &Typed::default()).await
}

/// The person's contact in full, and an entry in the audit log.
pub(super) async fn reveal(cx: Cx, Path(link): Path<String>) -> Result<Response, Failure> {
    shown(&cx, &link, StatusCode::OK, Show::Full, &Typed::default()).await
}

async fn shown(cx: &Cx, link: &str, status: StatusCode, show: Show, typed: &Typed) -> Result<Response, Failure> {
    let asked = cx.portal().task(link, show).await?;
    Ok(cx.page_with(status, |t| public::task(t, &cx.portal().map, &asked, link, show, typed)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ConfirmForm {
    rows: String,
    note: String,
}

pub(super) async fn confirm(
    cx: Cx,
    Path(link): Path<String>,
    Form(form): Form<ConfirmForm>,
) -> Result<Response, Failure> {
    let note = note(&form.note);
    let Ok(rows) = form.rows.trim().parse::<u32>() else {
        let typed = Typed::default().keep("rows", form.rows).keep("note", note.unwrap_or_default());
        let typed = typed.wrong("rows", cx.text().task_rows_wrong());
        return shown(&cx, &link, StatusCode::UNPROCESSABLE_ENTITY, Show::Masked, &typed).await;
    };
    let said = Confirmation { rows: u64::from(rows), note };
    cx.portal().confirm_task(&link, &said).await?;
    Ok(Redirect::to(&paths::task(&link)).into_response())
}

//! What is locked away for a request. Opening it takes two officers.

use app::{components::Typed, pages::officer, paths};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::Personal;
use serde::Deserialize;
use service::sources::execute::unlock::Unlocked;

use super::{
    super::{
        cx::Cx,
        failure::Failure,
        requests::{number, wrong_words},
    },
    may,
};

pub(in super::super) async fn page(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    show_page(&cx, &text, StatusCode::OK, None, &Typed::default()).await
}

async fn show_page(
    cx: &Cx,
    text: &str,
    status: StatusCode,
    open: Option<&[Unlocked]>,
    typed: &Typed,
) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let may = may(cx);
    let portal = cx.portal();
    let away = portal.locked_away(&permit, &number(text)?).await?;
    Ok(cx.page_with(status, |t| officer::locked(t, &portal.map, &away, may, open, typed)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct AskForm {
    why: String,
}

pub(in super::super) async fn ask(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<AskForm>,
) -> Result<Response, Failure> {
    let (permit, reader) = (cx.actor.decide()?, cx.actor.read_requests()?);
    let t = cx.text();
    let wrong = wrong_words(t, &form.why, t.locked_reason_missing());
    if let Some(message) = wrong {
        let typed = Typed::default().keep("why", form.why).wrong("why", message);
        return show_page(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, None, &typed).await;
    }
    let reason = Personal::new(form.why.trim());
    cx.portal().ask_unlock(&permit, &reader, &cx.actor, &number(&text)?, &reason).await?;
    back(&text)
}

pub(in super::super) async fn grant(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let (permit, reader) = (cx.actor.decide()?, cx.actor.read_requests()?);
    cx.portal().grant_unlock(&permit, &reader, &cx.actor, &number(&text)?).await?;
    back(&text)
}

pub(in super::super) async fn show(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let (permit, reader) = (cx.actor.decide()?, cx.actor.read_requests()?);
    let open = cx.portal().unlocked(&permit, &reader, &cx.actor, &number(&text)?).await?;
    show_page(&cx, &text, StatusCode::OK, Some(&open), &Typed::default()).await
}

fn back(text: &str) -> Result<Response, Failure> {
    Ok(Redirect::to(&paths::case_action(&number(text)?, "locked")).into_response())
}

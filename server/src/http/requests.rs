//! A person's own requests.

use app::{
    components::Typed,
    pages::customer::{self, Arrival, Shown, Visit},
    paths,
    text::Text,
};
use axum::{
    extract::{Path, Query, RawQuery, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{ids::RequestNumber, request::LONGEST_WORDS};
use serde::Deserialize;
use service::{ServiceError, requests::Message};
use store::own::Earlier;

use super::{cx::Cx, failure::Failure, handed::Handed};

/// On a page of the list.
const ROWS: u64 = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ListQuery {
    after: String,
}

pub(super) async fn list(cx: Cx, Query(query): Query<ListQuery>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let after = match query.after.as_str() {
        "" => None,
        text => Some(Earlier::parse(text).ok_or(Failure::NotFound)?),
    };
    let shown = if after.is_some() { Shown::Earlier } else { Shown::Newest };
    let mine = cx.portal().my_requests(&permit, after.as_ref(), ROWS).await?;
    let turns = cx.portal().my_turns(&permit).await?;
    Ok(cx.page(|t| customer::requests(t, &cx.portal().map, permit.proven(), &mine, &turns, shown)))
}

pub(super) fn number(text: &str) -> Result<RequestNumber, Failure> {
    RequestNumber::parse(text).ok_or(Failure::NotFound)
}

/// What is handed out; a press that comes too late, or is not theirs to make, leads to the page that says why.
pub(super) fn or_see<T>(number: &RequestNumber, handed: Result<T, ServiceError>) -> Result<T, Failure> {
    match handed {
        Err(ServiceError::NotHandedOut) => Err(Failure::Elsewhere(paths::request(number))),
        handed => Ok(handed?),
    }
}

pub(super) async fn page(cx: Cx, Path(text): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let arrival = if query.as_deref() == Some("filed") { Arrival::JustFiled } else { Arrival::Later };
    show(&cx, &text, arrival, StatusCode::OK, &Typed::default()).await
}

async fn show(cx: &Cx, text: &str, arrival: Arrival, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let followed = cx.portal().my_request(&permit, &number(text)?).await?;
    let looks = cx.portal().looks(&permit, &followed.request.number).await?;
    let today = cx.portal().clock.today();
    let changed = cx.portal().own_changes(&cx.actor, &followed);
    let visit = Visit { arrival, looks: &looks, changed };
    Ok(cx.page_with(status, |t| customer::request(t, cx.portal(), &followed, visit, today, typed)))
}

/// One word for the island that waits for a change.
pub(super) async fn stage(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let followed = cx.portal().my_request(&permit, &number(&text)?).await?;
    Ok(customer::request_word(&followed).into_response())
}

pub(super) async fn cancel(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let number = number(&text)?;
    cx.portal().cancel(&permit, &cx.actor, &number).await?;
    Ok(Redirect::to(&paths::request(&number)).into_response())
}

/// Nothing that was agreed to is handed out any more.
pub(super) async fn stop(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let number = number(&text)?;
    cx.portal().stop_handing_out(&permit, &cx.actor, &number).await?;
    Ok(Redirect::to(&paths::request(&number)).into_response())
}

/// What is wrong with what somebody wrote: nothing there, or too much of it.
pub(super) fn wrong_words(t: Text, words: &str, missing: &str) -> Option<String> {
    match words.trim().chars().count() {
        0 => Some(missing.to_owned()),
        _ => too_long(t, words),
    }
}

pub(super) fn too_long(t: Text, words: &str) -> Option<String> {
    (words.trim().chars().count() > LONGEST_WORDS).then(|| t.form_words_long(LONGEST_WORDS))
}

pub(super) async fn answer(cx: Cx, Path(text): Path<String>, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let handed = Handed::take(&cx, request).await?;
    let missing = cx.text().form_answer_missing();
    let (words, files) = match handed.message(cx.text(), "answer", missing) {
        Ok(message) => message,
        Err(typed) => return show(&cx, &text, Arrival::Later, StatusCode::UNPROCESSABLE_ENTITY, &typed).await,
    };
    let number = number(&text)?;
    let message = Message { words: &words, files: &files };
    cx.portal().answer(&permit, &cx.actor, &number, message).await?;
    Ok(Redirect::to(&paths::request(&number)).into_response())
}

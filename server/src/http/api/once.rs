//! An `Idempotency-Key` makes a change happen once, however often a program has to ask.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use store::{Store, StoreError, answered::Known, errand::Errand};

use super::{
    caller::Caller,
    files::Largest,
    problem::{Kind, Problem},
};

const KEY: &str = "idempotency-key";
const LONGEST_KEY: usize = 200;

pub(super) async fn once(caller: Caller, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(KEY).cloned() else { return next.run(request).await };
    let key = match key.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= LONGEST_KEY => key.to_owned(),
        Ok(_) | Err(_) => {
            return Problem::malformed("Idempotency-Key: 1 to 200 visible ASCII characters").into_response();
        }
    };
    let largest = Largest::of(&request);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, largest).await else { return Problem::from(Kind::TooLarge).into_response() };
    let (store, id) = (&caller.portal.store, caller.program.id);
    // Keyed: what is asked may be a number somebody could try to guess.
    let asked = [parts.method.as_str(), parts.uri.path(), &hex::encode(&body)].join(" ");
    let asked = store.vault().index_text("asked", &asked);
    let errand = match store.take_key(id, &key, &asked, caller.portal.clock.now()).await {
        Ok(Known::New(errand)) => errand,
        Ok(Known::Answered { status, body }) => return again(status, body),
        Ok(Known::Underway) => return Problem::from(Kind::KeyBusy).into_response(),
        Ok(Known::Lost) => return Problem::from(Kind::AnswerLost).into_response(),
        Ok(Known::OtherQuestion) => return Problem::from(Kind::KeyTaken).into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    // On its own: a caller that hangs up must not leave it half done and the key taken.
    let done = tokio::spawn(async move {
        let mut parts = parts;
        let portal = Arc::new(caller.portal.on(errand.clone()));
        parts.extensions.insert(Caller { portal, ..caller.clone() });
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        match keep(&caller.portal.store, &errand, parts.status, &body).await {
            Ok(()) => Response::from_parts(parts, Body::from(body)),
            // Another has the key, and does it; or nobody could.
            Err(StoreError::Conflict { .. }) => Problem::from(Kind::KeyBusy).into_response(),
            Err(error) => Problem::from(error).into_response(),
        }
    });
    done.await.unwrap_or_else(|_| Problem::from(Kind::PortalDown).into_response())
}

async fn keep(store: &Store, errand: &Errand, status: StatusCode, body: &[u8]) -> Result<(), StoreError> {
    if Kind::did_nothing_for_now(status) {
        errand.nothing_done(store).await
    } else {
        errand.answer(store, status.as_u16(), body).await
    }
}

/// As it was answered before.
fn again(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    (status, [(header::CONTENT_TYPE, kind), (header::HeaderName::from_static("idempotent-replayed"), "true")], body)
        .into_response()
}

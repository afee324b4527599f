//! Arriving from the company's own app. The address holds nothing but chance and works once; a button, because a link
//! alone must not sign anybody in as somebody else.

use app::{
    pages::public::{arrive, arrive_gone},
    paths,
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use service::subject::masked;

use super::{
    cx::{Cx, Held},
    failure::Failure,
};

fn gone(cx: &Cx) -> Response {
    cx.page_with(StatusCode::GONE, arrive_gone)
}

pub(super) async fn page(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    Ok(match cx.portal().arriving(&secret).await? {
        Some(who) => cx.page(|t| arrive(t, &secret, masked(&who.proven))),
        None => gone(&cx),
    })
}

pub(super) async fn go(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    let Some(who) = cx.portal().arrive(&secret).await? else { return Ok(gone(&cx)) };
    let proven = who.proven.iter().map(|one| (one.kind(), one.reveal().to_owned(), who.proven_at)).collect();
    // Nothing of whoever was signed in here before.
    cx.rotate().await?;
    cx.keep(&Held { proven, ..Held::default() }).await?;
    Ok(Redirect::to(paths::MINE).into_response())
}

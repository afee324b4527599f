//! The policy's versions: two officers, one after the other.

use app::{
    pages::officer::{self, Refused},
    paths,
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use service::ServiceError;

use crate::http::{cx::Cx, failure::Failure};

pub(in crate::http) async fn list(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let portal = cx.portal();
    let (open, effective) = (portal.open_versions(&permit).await?, portal.effective().await?);
    Ok(cx.page(|t| officer::versions(t, &portal.map, effective, &open)))
}

pub(in crate::http) async fn page(cx: Cx, Path(hash): Path<String>) -> Result<Response, Failure> {
    show(&cx, &hash, StatusCode::OK, None).await
}

async fn show(cx: &Cx, hash: &str, status: StatusCode, refused: Option<Refused>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let portal = cx.portal();
    let (open, effective) = (portal.open_version(&permit, hash).await?, portal.effective().await?);
    let today = portal.clock.today();
    Ok(cx.page_with(status, |t| officer::version(t, &portal.map, effective, &open, today, refused)))
}

pub(in crate::http) async fn approve(cx: Cx, Path(hash): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    match cx.portal().approve_version(&permit, &cx.actor, &hash).await {
        Ok(_) => {
            // At once where the page is looked at next; other processes follow within seconds.
            cx.app.live.refresh().await?;
            Ok(Redirect::to(paths::VERSIONS).into_response())
        }
        Err(ServiceError::SecondPerson) => show(&cx, &hash, StatusCode::CONFLICT, Some(Refused::SamePerson)).await,
        Err(error) => Err(error.into()),
    }
}

pub(in crate::http) async fn withdraw(cx: Cx, Path(hash): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    cx.portal().withdraw_version(&permit, &cx.actor, &hash).await?;
    Ok(Redirect::to(paths::VERSIONS).into_response())
}

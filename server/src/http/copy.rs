//! A person's copy: downloaded at once where there is little, otherwise prepared first and then downloaded once.

use app::{
    pages::customer::{self, CopyWay},
    paths,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    ids::CopyId,
    permit::{Denied, OwnFresh},
};
use service::ServiceError;
use store::copies::CopyState;

use super::{cx::Cx, failure::Failure, policy::OFFERED};
use crate::copy;

pub(super) async fn page(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let portal = cx.portal();
    let copies = portal.my_copies(permit.own()).await?;
    let way = match portal.may_copy(&permit).await {
        Ok(()) if portal.is_small_copy(&permit).await? => CopyWay::Small,
        Ok(()) => CopyWay::Large,
        Err(ServiceError::TooLate { .. }) => CopyWay::Erasing,
        Err(error) => return Err(error.into()),
    };
    Ok(cx.page(|t| customer::copy(t, &portal.map, way, &copies, OFFERED)))
}

/// At once, as it is read.
pub(super) async fn file(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let Ok(turn) = cx.app.copies.clone().try_acquire_owned() else { return Err(Failure::Busy) };
    let portal = cx.shared_portal();
    portal.begin_copy(&permit, &cx.actor, cx.lang).await?;
    Ok(copy::stream(portal, cx.text(), permit.into(), turn))
}

pub(super) async fn prepare(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let id = cx.portal().ask_for_copy(&permit, &cx.actor, cx.lang).await?.id;
    Ok(Redirect::to(&paths::my_copy(id)).into_response())
}

/// How far it is; once it is ready, after a fresh code.
pub(super) async fn kept(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let copy = cx.portal().my_copy(&permit, id(&text)?).await?;
    if copy.state == CopyState::Ready {
        fresh(&cx, copy.id).await?;
    }
    Ok(cx.page(|t| customer::kept_copy(t, &cx.portal().map, &copy)))
}

/// With a fresh code for everything it was asked for with: each address and number opens what it leads to.
async fn fresh(cx: &Cx, id: CopyId) -> Result<OwnFresh, Failure> {
    let permit = cx.actor.own_fresh()?;
    match cx.portal().my_copy(permit.own(), id).await {
        Ok(_) => Ok(permit),
        Err(ServiceError::NotFound) => Err(Denied::FreshCode.into()),
        Err(error) => Err(error.into()),
    }
}

/// As one line, for the page that waits.
pub(super) async fn progress(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let copy = cx.portal().my_copy(&permit, id(&text)?).await?;
    Ok(customer::copy_word(&copy).into_response())
}

pub(super) async fn download(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let id = id(&text)?;
    cx.portal().my_copy(&cx.actor.own()?, id).await?;
    let permit = fresh(&cx, id).await?;
    let portal = cx.shared_portal();
    match portal.hand_out_copy(&permit, &cx.actor, cx.lang, id).await {
        Ok(handed) => Ok(copy::handed_out(portal, handed)),
        // It was here a moment ago: its page says what became of it.
        Err(ServiceError::NotFound) => Ok(Redirect::to(&paths::my_copy(id)).into_response()),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    cx.portal().remove_copy(&permit, &cx.actor, id(&text)?).await?;
    Ok(Redirect::to(paths::MINE).into_response())
}

fn id(text: &str) -> Result<CopyId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

//! An address at which another handler fetches what somebody has transferred.

use std::sync::Arc;

use app::pages::{
    customer,
    public::{transfer, transfer_gone},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{copy::stream, cx::Cx, failure::Failure, requests::number};

/// Makes the address, and shows it this once.
pub(super) async fn open(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let number = number(&text)?;
    let (secret, until) = cx.portal().open_transfer(&permit, &cx.actor, &number).await?;
    let url = format!("{}{}", cx.app.public_url, app::paths::transfer(secret.reveal()));
    Ok(cx.page(|t| customer::transfer_link(t, &number, &url, until)))
}

pub(super) async fn page(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    Ok(match cx.portal().transferred(&secret).await? {
        Some(_) => cx.page(|t| transfer(t, &cx.portal().map, &secret)),
        None => cx.page_with(StatusCode::GONE, transfer_gone),
    })
}

pub(super) async fn fetch(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    let portal = cx.shared_portal();
    let Some(granted) = portal.transferred(&secret).await? else {
        return Ok(cx.page_with(StatusCode::GONE, transfer_gone));
    };
    let Ok(turn) = cx.app.copies.clone().try_acquire_owned() else { return Err(Failure::Busy) };
    let (granted, teller) = (Arc::new(granted), portal.clone());
    let arrived = granted.clone();
    let done = async move {
        if teller.transfer_arrived(&arrived).await.is_err() {
            tracing::warn!("that a transfer was fetched could not be written down");
        }
    };
    Ok(stream(portal, cx.text(), granted.copy.clone(), turn, done).into_response())
}

//! An address at which another handler fetches what somebody has transferred.

use app::pages::{
    customer,
    public::{transfer, transfer_gone},
};
use axum::{extract::Path, http::StatusCode, response::Response};

use crate::copy::stream;

use super::{cx::Cx, failure::Failure, requests::number};

/// Makes the address, and shows it this once.
pub(super) async fn open(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let number = number(&text)?;
    let (secret, until) = cx.portal().open_transfer(&permit, &cx.actor, &number).await?;
    let url = format!("{}{}", cx.app.public_url, app::paths::transfer(secret.reveal()));
    Ok(cx.page(|t| customer::transfer_link(t, &number, &url, until)))
}

pub(super) async fn page(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    Ok(if cx.portal().is_transferred(&secret).await? {
        cx.page(|t| transfer(t, &cx.portal().map, &secret))
    } else {
        cx.page_with(StatusCode::GONE, transfer_gone)
    })
}

pub(super) async fn fetch(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    let Ok(turn) = cx.app.copies.clone().try_acquire_owned() else { return Err(Failure::Busy) };
    let portal = cx.shared_portal();
    Ok(match portal.fetch_transfer(&secret).await? {
        Some(permit) => stream(portal, cx.text(), permit, turn, async {}),
        None => cx.page_with(StatusCode::GONE, transfer_gone),
    })
}

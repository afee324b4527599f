//! An address at which another handler fetches what somebody has transferred.

use app::pages::{
    customer,
    public::{transfer, transfer_gone, transfer_preparing},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use service::requests::{Address, Fetched};

use crate::copy::handed_out;

use super::{
    cx::Cx,
    failure::Failure,
    requests::{number, or_see},
};

/// Makes the address, and shows it this once.
pub(super) async fn open(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let number = number(&text)?;
    let (secret, until) = or_see(&number, cx.portal().open_transfer(&permit, &cx.actor, &number).await)?;
    let url = format!("{}{}", cx.app.public_url, app::paths::transfer(secret.reveal()));
    Ok(cx.page(|t| customer::transfer_link(t, &number, &url, until)))
}

pub(super) async fn page(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    let map = &cx.portal().map;
    Ok(match cx.portal().at_address(&secret).await? {
        Address::Gone => cx.page_with(StatusCode::GONE, transfer_gone),
        Address::Preparing(copy) => cx.page(|t| transfer_preparing(t, map, &secret, &copy)),
        Address::Ready(copy) => cx.page(|t| transfer(t, map, &secret, &copy)),
    })
}

pub(super) async fn fetch(cx: Cx, Path(secret): Path<String>) -> Result<Response, Failure> {
    Ok(match cx.portal().fetch_transfer(&secret).await? {
        Fetched::Here(handed) => handed_out(cx.shared_portal(), *handed),
        // A program takes a page of 200 for the archive.
        Fetched::Preparing(copy) => {
            cx.page_with(StatusCode::CONFLICT, |t| transfer_preparing(t, &cx.portal().map, &secret, &copy))
        }
        Fetched::Gone => cx.page_with(StatusCode::GONE, transfer_gone),
    })
}

//! Other software: whom the portal tells of changes.

use app::{
    components::Typed,
    pages::officer::{self, Doors},
    paths,
};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use service::webhooks::{WrongUrl, check_url};
use uuid::Uuid;

use super::super::{cx::Cx, failure::Failure};

pub(in super::super) async fn page(cx: Cx) -> Result<Response, Failure> {
    show(&cx, StatusCode::OK, None, &Typed::default()).await
}

async fn show(cx: &Cx, status: StatusCode, secret: Option<String>, typed: &Typed) -> Result<Response, Failure> {
    let (webhooks, deliveries) = cx.portal().webhooks(&cx.actor.configure()?).await?;
    let mut programs = cx.portal().store.programs().await?;
    programs.retain(|program| program.removed_at.is_none());
    let doors = Doors { webhooks, deliveries, programs, secret };
    Ok(cx.page_with(status, |t| officer::doors(t, &doors, typed)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct AddForm {
    url: String,
}

pub(in super::super) async fn add(cx: Cx, Form(form): Form<AddForm>) -> Result<Response, Failure> {
    let permit = cx.actor.configure()?;
    let (t, url) = (cx.text(), form.url.trim());
    if let Err(wrong) = check_url(url) {
        let message = match wrong {
            WrongUrl::NotHttps => t.doors_not_https(),
            WrongUrl::NotAnAddress => t.doors_not_address(),
        };
        let typed = Typed::default().keep("url", url).wrong("url", message);
        return show(&cx, StatusCode::UNPROCESSABLE_ENTITY, None, &typed).await;
    }
    let secret = cx.portal().add_webhook(&permit, &cx.actor, url).await?;
    show(&cx, StatusCode::OK, Some(secret.reveal().to_owned()), &Typed::default()).await
}

fn id(text: &str) -> Result<Uuid, Failure> {
    Uuid::try_parse(text).map_err(|_| Failure::NotFound)
}

pub(in super::super) async fn remove(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    cx.portal().remove_webhook(&cx.actor.configure()?, &cx.actor, id(&text)?).await?;
    Ok(Redirect::to(paths::DOORS).into_response())
}

pub(in super::super) async fn again(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    cx.portal().deliver_again(&cx.actor.configure()?, &cx.actor, id(&text)?).await?;
    Ok(Redirect::to(paths::DOORS).into_response())
}

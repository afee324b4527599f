//! Restriction, objection, and lifting them again. In force at once where the executor can do it: the person sees it done.

use app::{components::Typed, pages::customer, paths};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{permit::Own, request::RequestKind};
use service::requests::Wish;

use super::{cx::Cx, failure::Failure, requests::too_long, wish::WishForm};

async fn show(
    cx: &Cx,
    permit: &Own,
    kind: RequestKind,
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Failure> {
    let portal = cx.portal();
    if kind == RequestKind::Lift {
        let stopped = portal.stopped(permit).await?;
        return Ok(cx.page_with(status, |t| customer::lift(t, &portal.map, &stopped, typed)));
    }
    let stoppable = portal.stoppable(permit).await?;
    let due = portal.calendar().due(portal.clock.today()).due;
    Ok(cx.page_with(status, |t| customer::restrict(t, &portal.map, kind, &stoppable, due, typed)))
}

/// A fresh code even to look: what is typed is not lost to being asked for one (risk tier T2).
pub(super) async fn page(cx: &Cx, kind: RequestKind) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    show(cx, permit.own(), kind, StatusCode::OK, &Typed::default()).await
}

pub(super) async fn file(cx: &Cx, kind: RequestKind, form: WishForm) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let t = cx.text();
    let mut typed = Typed::default().keep("about", form.about.clone()).keep("words", form.words.clone());
    let wish = Wish::new(&form.words).about(&form.about);
    if !cx.portal().may_be_about(kind, &wish) {
        typed = typed.wrong("about", t.wish_about_missing());
    }
    if let Some(message) = too_long(t, &form.words) {
        typed = typed.wrong("words", message);
    }
    if typed.failed() {
        return show(cx, permit.own(), kind, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    let request = cx.portal().file_restriction(&permit, &cx.actor, kind, &wish, cx.lang).await?;
    cx.portal().work_now(request.id).await?;
    Ok(Redirect::to(&format!("{}?filed", paths::request(&request.number))).into_response())
}

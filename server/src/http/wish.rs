//! What a person asks for in their own words.

use app::{components::Typed, pages::customer, paths};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    consent::Cover,
    request::{Handling, RequestKind},
};
use service::requests::{About, Wish, about};

use super::{cx::Cx, failure::Failure, handed::Handed, requests::wrong_words, restrict};

fn kind(cx: &Cx, slug: &str) -> Result<RequestKind, Failure> {
    let kind = RequestKind::from_slug(slug).filter(|kind| match kind.handling() {
        Handling::Answer => *kind != RequestKind::Copy,
        Handling::Restriction => true,
        Handling::Erasure | Handling::Correction => false,
    });
    kind.filter(|kind| cx.portal().serves(*kind)).ok_or(Failure::NotFound)
}

fn show(cx: &Cx, kind: RequestKind, status: StatusCode, typed: &Typed) -> Response {
    let due = cx.portal().calendar().due(cx.portal().clock.today()).due;
    cx.page_with(status, |t| customer::wish(t, &cx.portal().map, kind, due, typed))
}

pub(super) async fn page(cx: Cx, Path(slug): Path<String>) -> Result<Response, Failure> {
    cx.actor.own()?;
    let kind = kind(&cx, &slug)?;
    if kind.handling() == Handling::Restriction {
        return restrict::page(&cx, kind).await;
    }
    Ok(show(&cx, kind, StatusCode::OK, &Typed::default()))
}

/// What is said in words, and about what.
pub(super) struct WishForm {
    pub(super) about: String,
    pub(super) words: String,
}

pub(super) async fn file(cx: Cx, Path(slug): Path<String>, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let kind = kind(&cx, &slug)?;
    let handed = Handed::take(&cx, request).await?;
    let form = WishForm { about: handed.text("about").to_owned(), words: handed.text("words").to_owned() };
    if kind.handling() == Handling::Restriction {
        return restrict::file(&cx, kind, form).await;
    }
    let t = cx.text();
    let mut typed = Typed::default().keep("about", form.about.clone()).keep("words", form.words.clone());
    let about = (about(kind) != About::Nothing).then_some(form.about);
    let wish = Wish {
        about,
        cover: Cover::Purpose,
        words: form.words.trim().to_owned(),
        origin: service::requests::Origin::Asked,
    };
    if !cx.portal().may_be_about(kind, &wish) {
        typed = typed.wrong("about", t.wish_about_missing());
    }
    if let Some(message) = wrong_words(t, &form.words, t.wish_words_missing()) {
        typed = typed.wrong("words", message);
    }
    let files = match handed.files(t) {
        Ok(files) => files,
        Err(message) => {
            typed = typed.wrong("files", message);
            Vec::new()
        }
    };
    if typed.failed() {
        return Ok(show(&cx, kind, StatusCode::UNPROCESSABLE_ENTITY, &typed));
    }
    let request = cx.portal().file_wish(&permit, &cx.actor, kind, &wish, &files, cx.lang).await?;
    Ok(Redirect::to(&format!("{}?filed", paths::request(&request.number))).into_response())
}

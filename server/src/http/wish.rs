//! What a person asks for in their own words.

use app::{
    components::Typed,
    pages::customer,
    paths,
    text::{Text, named},
};
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

use super::{
    cx::Cx,
    failure::Failure,
    handed::Handed,
    requests::{too_long, wrong_words},
    restrict,
};

fn kind(cx: &Cx, slug: &str) -> Result<RequestKind, Failure> {
    let kind = RequestKind::from_slug(slug).filter(|kind| match kind.handling() {
        Handling::Answer => *kind != RequestKind::Copy,
        Handling::Restriction => true,
        Handling::Erasure | Handling::Withdrawal | Handling::Correction => false,
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
    /// To whom a transfer goes, and how they are reached.
    company: String,
    reach: String,
}

impl WishForm {
    fn of(handed: &Handed) -> Self {
        let text = |field| handed.text(field).to_owned();
        Self { about: text("about"), words: text("words"), company: text("company"), reach: text("reach") }
    }

    /// What an officer reads. A transfer is asked for in three parts, each with its name.
    fn as_words(&self, t: Text, kind: RequestKind) -> String {
        if kind != RequestKind::Transfer {
            return self.words.trim().to_owned();
        }
        let (company, reach, what) = (self.company.trim(), self.reach.trim(), self.words.trim());
        t.wish_transfer_asked(named::WishTransferAsked { company, reach, what })
    }

    /// As it was typed, with what is missing.
    fn typed(&self, t: Text, kind: RequestKind) -> Typed {
        let typed = Typed::default().keep("about", self.about.clone()).keep("words", self.words.clone());
        if kind != RequestKind::Transfer {
            return match wrong_words(t, &self.words, t.wish_words_missing()) {
                Some(message) => typed.wrong("words", message),
                None => typed,
            };
        }
        let parts = [
            ("company", &self.company, t.wish_transfer_company_missing()),
            ("reach", &self.reach, t.wish_transfer_reach_missing()),
            ("words", &self.words, t.wish_transfer_what_missing()),
        ];
        let typed = typed.keep("company", self.company.clone()).keep("reach", self.reach.clone());
        let typed =
            parts.into_iter().fold(typed, |typed, (field, said, missing)| match wrong_words(t, said, missing) {
                Some(message) => typed.wrong(field, message),
                None => typed,
            });
        match too_long(t, &self.as_words(t, kind)) {
            Some(message) if !typed.failed() => typed.wrong("words", message),
            Some(_) | None => typed,
        }
    }
}

pub(super) async fn file(cx: Cx, Path(slug): Path<String>, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let kind = kind(&cx, &slug)?;
    let handed = Handed::take(&cx, request).await?;
    let form = WishForm::of(&handed);
    if kind.handling() == Handling::Restriction {
        return restrict::file(&cx, kind, form).await;
    }
    let t = cx.text();
    let mut typed = form.typed(t, kind);
    let words = form.as_words(t, kind);
    let about = (about(kind) != About::Nothing).then_some(form.about);
    let wish = Wish { about, cover: Cover::Purpose, words, origin: service::requests::Origin::Asked };
    if !cx.portal().may_be_about(kind, &wish) {
        typed = typed.wrong("about", t.wish_about_missing());
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

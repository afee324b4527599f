//! A request somebody made by telephone, letter or in person.

use app::{components::Typed, pages::officer, paths};
use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Lang, request::Channel};
use service::requests::WrittenDown;

use super::super::{
    cx::Cx,
    failure::Failure,
    handed::Handed,
    represent::{kind, who, wish},
    requests::wrong_words,
};

pub(in super::super) async fn page(cx: Cx) -> Result<Response, Failure> {
    cx.actor.decide()?;
    Ok(cx.page(|t| officer::intake(t, cx.portal(), &Typed::default())))
}

pub(in super::super) async fn file(cx: Cx, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let handed = Handed::take(&cx, request).await?;
    let t = cx.text();
    let channel = Channel::parse(handed.text("channel"));
    let words = handed.text("words").trim().to_owned();
    // The officer may read another language than whoever is written to.
    let lang = Lang::from_tag(handed.text("lang")).unwrap_or(Lang::Zh);
    let typed = Typed::default().keep("channel", handed.text("channel")).keep("lang", lang.tag());
    let mut typed = typed.keep("words", words.clone());
    if channel.is_none() {
        typed = typed.wrong("channel", t.represent_intake_channel_missing());
    }
    let (kind, typed) = kind(&cx, &handed, typed);
    let (wish, typed) = wish(&cx, kind, &handed, typed);
    let (subject, mut typed) = who(&cx, &handed, typed);
    if let Some(message) = wrong_words(t, &words, t.represent_intake_words_missing()) {
        typed = typed.wrong("words", message);
    }
    let (Some(channel), Some(kind), false) = (channel, kind, typed.failed()) else {
        let page = |t| officer::intake(t, cx.portal(), &typed);
        return Ok(cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, page));
    };
    let asked = WrittenDown { kind, channel, subject: &subject, wish: &wish };
    let request = cx.portal().write_down(&permit, &cx.actor, &asked, lang).await?;
    Ok(Redirect::to(&paths::case(&request.number)).into_response())
}

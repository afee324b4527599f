//! A request somebody made by telephone, letter or in person.

use app::{
    components::{Typed, TypedDate},
    format,
    pages::officer::{self, RECEIVED},
    paths,
};
use axum::{
    extract::{Query, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Lang,
    calendar::{NotReceived, Receipt},
    request::{Channel, RequestKind},
};
use service::requests::WrittenDown;

use super::super::{
    cx::Cx,
    failure::Failure,
    handed::Handed,
    represent::{Step, Which, kind, records, who, wish},
    requests::wrong_words,
};

pub(in super::super) async fn page(cx: Cx, Query(which): Query<Which>) -> Result<Response, Failure> {
    cx.actor.decide()?;
    Ok(match which.read(&cx) {
        Ok(kind) => {
            let typed = RECEIVED.filled(Typed::default(), cx.portal().clock.today());
            cx.page(|t| officer::intake(t, cx.portal(), Some(kind), &typed))
        }
        Err((status, typed)) => cx.page_with(status, |t| officer::intake_which(t, cx.portal(), &typed)),
    })
}

pub(in super::super) async fn file(cx: Cx, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let handed = Handed::take(&cx, request).await?;
    let (t, step) = (cx.text(), Step::of(&handed));
    let channel = Channel::parse(handed.text("channel"));
    let words = handed.text("words").trim().to_owned();
    // The officer may read another language than whoever is written to.
    let lang = Lang::from_tag(handed.text("lang")).unwrap_or(Lang::Zh);
    let typed = Typed::default().keep("channel", handed.text("channel")).keep("lang", lang.tag());
    let mut typed = typed.keep("words", words.clone());
    if channel.is_none() {
        typed = typed.wrong("channel", t.represent_intake_channel_missing());
    }
    let (received, typed) = received(&cx, &handed, typed);
    let (kind, typed) = kind(&cx, &handed, typed);
    let (wish, typed) = wish(&cx, kind, &handed, typed);
    let (extent, typed) = records(&cx, kind, &handed, typed);
    let (subject, mut typed) = who(&cx, &handed, typed);
    if let Some(message) = wrong_words(t, &words, t.represent_intake_words_missing()) {
        typed = typed.wrong("words", message);
    }
    let (Some(channel), Some(kind), false) = (channel, kind, typed.failed()) else {
        let typed = if step == Step::Change { typed.forgiven() } else { typed };
        return Ok(cx.page_with(step.status(), |t| officer::intake(t, cx.portal(), kind, &typed)));
    };
    if step == Step::Change {
        return Ok(cx.page(|t| officer::intake(t, cx.portal(), Some(kind), &typed)));
    }
    let check =
        |status, typed: &Typed| Ok(cx.page_with(status, |t| officer::intake_check(t, cx.portal(), kind, typed)));
    if kind == RequestKind::CancelAccount
        && let Some(against) = cx.portal().look_before_closing(&permit, &cx.actor, &subject).await?
    {
        return Ok(cx.page_with(StatusCode::CONFLICT, |t| officer::intake_against(t, &against, &typed)));
    }
    if step == Step::Check {
        return check(StatusCode::OK, &typed);
    }
    let evidence = match handed.files(t) {
        Ok(files) => files,
        Err(message) => return check(StatusCode::UNPROCESSABLE_ENTITY, &typed.wrong("evidence", message)),
    };
    let asked =
        WrittenDown { kind, channel, subject: &subject, wish: &wish, extent: &extent, received, evidence: &evidence };
    let request = cx.portal().write_down(&permit, &cx.actor, &asked, lang).await?;
    Ok(Redirect::to(&paths::case(&request.number)).into_response())
}

/// The day it was received; today where none is given.
fn received(cx: &Cx, handed: &Handed, typed: Typed) -> (Receipt, Typed) {
    let (t, today) = (cx.text(), cx.portal().clock.today());
    let field = |name: &str| handed.text(name);
    let typed = RECEIVED.keep(typed, field);
    let received = match RECEIVED.read(field) {
        TypedDate::Nothing => Ok(Receipt::Now),
        TypedDate::Wrong => Err(t.represent_intake_received_wrong().to_owned()),
        TypedDate::Date(day) => Receipt::on(day, today).map_err(|why| match why {
            NotReceived::Later => t.represent_intake_received_later().to_owned(),
            NotReceived::TooLongAgo { earliest } => t.represent_intake_received_early(format::day(t.lang(), earliest)),
        }),
    };
    match received {
        Ok(receipt) => (receipt, typed),
        Err(message) => (Receipt::Now, typed.wrong(RECEIVED.id, message)),
    }
}

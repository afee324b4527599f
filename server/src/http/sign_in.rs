//! The doors of customers.

use app::{
    components::Typed,
    pages::public::{self, Often, Received, SentTo},
    paths,
};
use axum::{
    Form,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Email, Identifier, IdentifierKind, Mobile, Personal,
    actor::Actor,
    ids::{ChallengeId, RequestNumber},
    personal::tidy,
};
use jiff::Timestamp;
use serde::Deserialize;
use service::{
    sign_in::{Asked, Entered},
    subject::masked,
};

use super::{
    cx::{Cx, Held},
    failure::Failure,
    local::LocalPath,
    provider::doors,
};

pub(super) async fn email_page(cx: Cx) -> Response {
    cx.page(|t| public::email(t, cx.held.next.as_deref(), &Typed::default(), &doors(&cx)))
}

pub(super) async fn parcel_page(cx: Cx) -> Response {
    cx.page(|t| public::parcel(t, cx.held.next.as_deref(), &Typed::default()))
}

/// Whoever asks or tries too often is told until when, known here or not.
fn no_more(cx: &Cx, often: Often, until: Timestamp) -> Response {
    let code = if cx.held.challenge.is_some() { Received::Perhaps } else { Received::None };
    cx.page_with(StatusCode::TOO_MANY_REQUESTS, |t| public::no_more(t, &cx.portal().map, often, until, code))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct EmailForm {
    email: String,
}

pub(super) async fn email(cx: Cx, Form(form): Form<EmailForm>) -> Result<Response, Failure> {
    let t = cx.text();
    let again = |message: &str| {
        let typed = Typed::default().keep("email", form.email.clone()).wrong("email", message);
        cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| {
            public::email(t, cx.held.next.as_deref(), &typed, &doors(&cx))
        })
    };
    let Some(email) = Email::parse(&form.email) else { return Ok(again(t.form_email_wrong())) };
    ask(&cx, &Identifier::Email(email), None, cx.held.next.clone()).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ParcelForm {
    mobile: String,
    waybill: String,
}

pub(super) async fn parcel(cx: Cx, Form(form): Form<ParcelForm>) -> Result<Response, Failure> {
    let t = cx.text();
    let waybill = tidy(&form.waybill).to_ascii_uppercase();
    let mut typed = Typed::default().keep("mobile", form.mobile.clone()).keep("waybill", form.waybill.clone());
    let mobile = Mobile::parse(&form.mobile);
    if mobile.is_none() {
        typed = typed.wrong("mobile", t.form_mobile_wrong());
    }
    let as_printed = (8..=30).contains(&waybill.len()) && waybill.bytes().all(|b| b.is_ascii_alphanumeric());
    let fits = as_printed || RequestNumber::parse(&waybill).is_some();
    if !fits {
        typed = typed.wrong("waybill", t.form_waybill_wrong());
    }
    let (Some(mobile), true) = (mobile, fits) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(cx.page_with(status, |t| public::parcel(t, cx.held.next.as_deref(), &typed)));
    };
    // The number of a request is given to read its answer.
    let next = RequestNumber::parse(&waybill).map(|number| paths::request(&number)).or(cx.held.next.clone());
    ask(&cx, &Identifier::Mobile(mobile), Some(&Personal::new(waybill)), next).await
}

async fn ask(
    cx: &Cx,
    identifier: &Identifier,
    fact: Option<&Personal>,
    next: Option<String>,
) -> Result<Response, Failure> {
    match cx.portal().ask_for_code(identifier, fact, cx.lang, &cx.network).await? {
        Asked::Sent(challenge) => {
            cx.keep(&Held { challenge: Some(challenge), next, ..cx.held.clone() }).await?;
            Ok(Redirect::to(paths::SIGN_IN_CODE).into_response())
        }
        Asked::TooOften { until } => Ok(no_more(cx, Often::Asked, until)),
    }
}

pub(super) async fn code_page(cx: Cx) -> Result<Response, Failure> {
    let Some(challenge) = cx.held.challenge else { return Ok(Redirect::to(paths::SIGN_IN).into_response()) };
    let sent = sent_to(&cx, challenge).await?;
    Ok(cx.page(|t| public::code(t, sent.as_ref(), &Typed::default())))
}

/// Where the code went; nothing once that is forgotten.
async fn sent_to(cx: &Cx, challenge: ChallengeId) -> Result<Option<SentTo>, Failure> {
    let identifier = cx.portal().code_goes_to(challenge).await?;
    Ok(identifier.map(|identifier| {
        let theirs = cx.actor.own().is_ok_and(|own| own.proven().contains(&identifier));
        let typed_at = match identifier.kind() {
            // It was chosen here, not typed.
            _ if theirs => None,
            IdentifierKind::Email => Some(paths::SIGN_IN),
            IdentifierKind::Mobile => Some(paths::SIGN_IN_PARCEL),
        };
        SentTo { masked: masked(&[identifier]), typed_at }
    }))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct CodeForm {
    code: String,
}

/// A code as it was typed.
pub(super) fn six_digits(typed: &str) -> Option<Personal> {
    let digits: String = tidy(typed).chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| Personal::new(digits))
}

pub(super) async fn code(cx: Cx, Form(form): Form<CodeForm>) -> Result<Response, Failure> {
    let t = cx.text();
    let Some(challenge) = cx.held.challenge else { return Err(Failure::Elsewhere(paths::SIGN_IN.to_owned())) };
    let sent = sent_to(&cx, challenge).await?;
    let again = |message: String| {
        let typed = Typed::default().wrong("code", message);
        cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| public::code(t, sent.as_ref(), &typed))
    };
    let Some(digits) = six_digits(&form.code) else { return Ok(again(t.form_code_format().to_owned())) };
    match cx.portal().enter_code(challenge, &digits, &cx.network).await? {
        Entered::Proven(identifier) => proven(&cx, &identifier).await,
        Entered::Wrong { tries_left } => Ok(again(t.form_code_wrong(tries_left))),
        Entered::Spent => Ok(again(t.form_code_spent().to_owned())),
        Entered::TooOften { until } => Ok(no_more(&cx, Often::Tried, until)),
    }
}

async fn proven(cx: &Cx, identifier: &Identifier) -> Result<Response, Failure> {
    let mut held = cx.held.clone();
    let (kind, value) = (identifier.kind(), identifier.reveal().to_owned());
    held.proven.retain(|(other, text, _)| (*other, text) != (kind, &value));
    held.proven.push((kind, value, cx.portal().clock.now()));
    held.challenge = None;
    held.staff = None;
    let next = held.next.take().as_deref().and_then(LocalPath::parse_with_query).map(LocalPath::into_string);
    cx.rotate().await?;
    cx.keep(&held).await?;
    Ok(Redirect::to(next.as_deref().unwrap_or(paths::MINE)).into_response())
}

pub(super) async fn confirm_page(cx: Cx) -> Result<Response, Failure> {
    cx.actor.own()?;
    Ok(cx.page(public::confirm))
}

/// One more code, to an address or number the person signed in with: the first that is not fresh, so that whoever needs
/// several proves one after another. No second fact is needed: it was given when they signed in.
pub(super) async fn confirm(cx: Cx) -> Result<Response, Failure> {
    let own = cx.actor.own()?;
    let fresh = cx.actor.own_fresh().ok();
    let is_fresh = |identifier| fresh.as_ref().is_some_and(|fresh| fresh.own().proven().contains(identifier));
    let stale = own.proven().iter().find(|identifier| !is_fresh(identifier));
    let Some(identifier) = stale.or_else(|| own.proven().first()) else { return Err(Failure::NotFound) };
    match cx.portal().ask_again(identifier, &own, cx.lang, &cx.network).await? {
        Asked::Sent(challenge) => {
            cx.keep(&Held { challenge: Some(challenge), ..cx.held.clone() }).await?;
            Ok(Redirect::to(paths::SIGN_IN_CODE).into_response())
        }
        Asked::TooOften { until } => Ok(no_more(&cx, Often::Asked, until)),
    }
}

pub(super) async fn sign_out(cx: Cx) -> Result<Response, Failure> {
    let to = if matches!(cx.actor, Actor::Staff(_)) { paths::OFFICER_SIGN_IN } else { paths::HOME };
    cx.session.flush().await.map_err(|_| Failure::PortalDown)?;
    Ok(Redirect::to(to).into_response())
}

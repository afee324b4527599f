//! Two factors, one page each.

use app::{components::Typed, pages::officer, paths};
use axum::{
    Form,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Personal,
    actor::{Staff, StaffRole},
    personal::tidy,
};
use jiff::Timestamp;
use serde::Deserialize;
use service::sign_in::{FirstFactor, SecondFactor};

use super::super::{
    cx::{Cx, Held, Pending, StaffHeld},
    failure::Failure,
};

pub(in super::super) async fn password_page(cx: Cx) -> Response {
    cx.page(|t| officer::password(t, &Typed::default()))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct PasswordForm {
    login: String,
    password: String,
}

pub(in super::super) async fn password(cx: Cx, Form(form): Form<PasswordForm>) -> Result<Response, Failure> {
    let t = cx.text();
    let (login, since) = (tidy(&form.login), cx.portal().clock.now());
    let message = match cx.portal().staff_password(&login, Personal::new(form.password), &cx.network).await? {
        FirstFactor::Right(id) => {
            cx.keep(&Held { pending: Some(Pending { id, secret: None, since }), ..cx.held.clone() }).await?;
            return Ok(Redirect::to(paths::OFFICER_SECOND).into_response());
        }
        FirstFactor::Enrol(id) => {
            let secret = cx.portal().staff_new_secret(id).await?.map(|new| new.secret.reveal().to_owned());
            cx.keep(&Held { pending: Some(Pending { id, secret, since }), ..cx.held.clone() }).await?;
            return Ok(Redirect::to(paths::OFFICER_ENROL).into_response());
        }
        FirstFactor::Wrong => t.form_login_wrong(),
        FirstFactor::TooOften => t.form_too_often(),
    };
    let typed = Typed::default().keep("login", form.login).wrong("login", message);
    Ok(cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| officer::password(t, &typed)))
}

fn start_over() -> Failure {
    Failure::Elsewhere(paths::OFFICER_SIGN_IN.to_owned())
}

pub(in super::super) async fn second_page(cx: Cx) -> Result<Response, Failure> {
    if cx.held.pending.is_none() {
        return Err(start_over());
    }
    Ok(cx.page(|t| officer::second_factor(t, &Typed::default())))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct TotpForm {
    code: String,
}

pub(in super::super) async fn second(cx: Cx, Form(form): Form<TotpForm>) -> Result<Response, Failure> {
    let Some(Pending { id, secret: None, since }) = cx.held.pending.clone() else { return Err(start_over()) };
    match cx.portal().staff_second_factor(id, &form.code).await? {
        SecondFactor::SignedIn(staff) => signed_in(&cx, &staff, since).await,
        SecondFactor::Wrong => {
            let typed = Typed::default().wrong("code", cx.text().form_totp_wrong());
            Ok(cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| officer::second_factor(t, &typed)))
        }
    }
}

pub(in super::super) async fn enrol_page(cx: Cx) -> Result<Response, Failure> {
    show_enrol(&cx, StatusCode::OK, &Typed::default()).await
}

async fn show_enrol(cx: &Cx, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let Some(Pending { id, secret: Some(secret), .. }) = &cx.held.pending else { return Err(start_over()) };
    let secret = Personal::new(secret.clone());
    let Some(url) = cx.portal().staff_secret_url(*id, &secret).await? else { return Err(start_over()) };
    Ok(cx.page_with(status, |t| officer::enrol(t, url.reveal(), secret.reveal(), typed)))
}

pub(in super::super) async fn enrol(cx: Cx, Form(form): Form<TotpForm>) -> Result<Response, Failure> {
    let Some(Pending { id, secret: Some(secret), since }) = cx.held.pending.clone() else { return Err(start_over()) };
    match cx.portal().staff_enrol(id, &Personal::new(secret), &form.code).await? {
        SecondFactor::SignedIn(staff) => signed_in(&cx, &staff, since).await,
        SecondFactor::Wrong => {
            let typed = Typed::default().wrong("code", cx.text().form_totp_wrong());
            show_enrol(&cx, StatusCode::UNPROCESSABLE_ENTITY, &typed).await
        }
    }
}

/// `since` is when they gave their password: one that is changed before they give the code lets nobody in.
async fn signed_in(cx: &Cx, staff: &Staff, since: Timestamp) -> Result<Response, Failure> {
    let seen = cx.portal().clock.now();
    let held = Held { staff: Some(StaffHeld { id: staff.id, role: staff.role, since, seen }), ..Held::default() };
    // Back to where their session had ended; who only keeps accounts is at home elsewhere.
    let next = match staff.role {
        StaffRole::Officer | StaffRole::Auditor => cx.held.next.clone(),
        StaffRole::SecurityAdmin | StaffRole::SystemAdmin => None,
    };
    let next = next.filter(|next| next.starts_with(paths::OFFICER));
    cx.rotate().await?;
    cx.keep(&held).await?;
    Ok(Redirect::to(next.as_deref().unwrap_or(paths::staff_home(staff.role))).into_response())
}

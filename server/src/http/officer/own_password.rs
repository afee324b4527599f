//! A member of staff changes their own password. Nothing that was typed is shown again.

use app::{
    components::Typed,
    pages::officer::{self, Changed},
    paths,
};
use axum::{
    Form,
    extract::RawQuery,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::Personal;
use serde::Deserialize;
use service::sign_in::{NewPassword, PasswordChange, SHORTEST_PASSWORD};

use super::super::{
    cx::{Cx, Held, StaffHeld},
    failure::Failure,
};

pub(in super::super) async fn page(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    cx.actor.own_account()?;
    let changed = if query.as_deref() == Some("changed") { Changed::JustNow } else { Changed::NotYet };
    Ok(cx.page(|t| officer::own_password(t, changed, &Typed::default())))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct ChangeForm {
    current: String,
    password: String,
    again: String,
    code: String,
}

pub(in super::super) async fn change(cx: Cx, Form(form): Form<ChangeForm>) -> Result<Response, Failure> {
    let permit = cx.actor.own_account()?;
    let t = cx.text();
    let mut typed = Typed::default();
    if form.current.is_empty() {
        typed = typed.wrong("current", t.staff_current_missing());
    }
    let new = NewPassword::parse(&form.password);
    if new.is_none() {
        typed = typed.wrong("password", t.staff_new_short(SHORTEST_PASSWORD));
    }
    if form.password != form.again {
        typed = typed.wrong("again", t.staff_again_wrong());
    }
    if form.code.trim().is_empty() {
        typed = typed.wrong("code", t.staff_code_missing());
    }
    let (Some(new), false) = (new, typed.failed()) else { return Ok(refused(&cx, &typed)) };
    let current = Personal::new(form.current);
    let (field, message) = match cx.portal().change_password(&permit, &cx.actor, current, new, &form.code).await? {
        PasswordChange::Changed => return changed(&cx).await,
        PasswordChange::WrongPassword => ("current", t.staff_current_wrong()),
        PasswordChange::WrongCode => ("code", t.form_totp_wrong()),
        PasswordChange::Same => ("password", t.staff_new_same()),
        PasswordChange::TooOften => ("current", t.staff_change_often()),
    };
    Ok(refused(&cx, &Typed::default().wrong(field, message)))
}

fn refused(cx: &Cx, typed: &Typed) -> Response {
    cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| officer::own_password(t, Changed::NotYet, typed))
}

/// This session has shown both factors again: it goes on, under another id.
async fn changed(cx: &Cx) -> Result<Response, Failure> {
    let now = cx.portal().clock.now();
    let staff = cx.held.staff.as_ref().map(|staff| StaffHeld { since: now, seen: now, ..staff.clone() });
    cx.rotate().await?;
    cx.keep(&Held { staff, ..cx.held.clone() }).await?;
    Ok(Redirect::to(&format!("{}?changed", paths::OWN_PASSWORD)).into_response())
}

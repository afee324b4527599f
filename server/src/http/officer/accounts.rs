//! Accounts of staff. A first password is shown in the answer to the form, and in no address.

use app::{components::Typed, pages::officer, paths};
use axum::{
    Form,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{actor::StaffRole, ids::StaffId, personal::tidy};
use serde::Deserialize;
use service::sign_in::{FirstPassword, Opened};

use super::super::{cx::Cx, failure::Failure};

pub(super) const LONGEST: usize = 50;

pub(in super::super) async fn page(cx: Cx) -> Result<Response, Failure> {
    show(&cx, StatusCode::OK, None, &Typed::default()).await
}

async fn show(cx: &Cx, status: StatusCode, first: Option<&FirstPassword>, typed: &Typed) -> Result<Response, Failure> {
    let (permit, own) = (cx.actor.keep_accounts()?, cx.actor.own_account()?.staff());
    let all = cx.portal().accounts(&permit).await?;
    Ok(cx.page_with(status, |t| officer::accounts(t, &all, own, first, typed)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct NewForm {
    name: String,
    login: String,
    role: String,
}

pub(in super::super) async fn open(cx: Cx, Form(form): Form<NewForm>) -> Result<Response, Failure> {
    let permit = cx.actor.keep_accounts()?;
    let (t, name, login) = (cx.text(), tidy(&form.name), form.login.trim().to_owned());
    let fields = [("name", &form.name), ("login", &form.login), ("role", &form.role)];
    let mut typed = fields.into_iter().fold(Typed::default(), |typed, (id, value)| typed.keep(id, value.as_str()));
    if name.is_empty() || name.chars().count() > LONGEST {
        typed = typed.wrong("name", t.accounts_name_missing());
    }
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-');
    if !(2..=LONGEST).contains(&login.len()) || !login.chars().all(plain) {
        typed = typed.wrong("login", t.accounts_login_wrong());
    }
    let role = form.role.parse::<StaffRole>();
    if role.is_err() {
        typed = typed.wrong("role", t.accounts_role_missing());
    }
    let (Ok(role), false) = (role, typed.failed()) else {
        return show(&cx, StatusCode::UNPROCESSABLE_ENTITY, None, &typed).await;
    };
    match cx.portal().open_account(&permit, &cx.actor, &login, &name, role).await? {
        Opened::Now(first) => show(&cx, StatusCode::OK, Some(&first), &Typed::default()).await,
        Opened::Taken => {
            let typed = typed.wrong("login", t.accounts_login_taken());
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, None, &typed).await
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct Whose {
    id: String,
}

impl Whose {
    pub(super) fn id(&self) -> Result<StaffId, Failure> {
        self.id.parse().map_err(|_| Failure::NotFound)
    }
}

pub(in super::super) async fn close(cx: Cx, Form(whose): Form<Whose>) -> Result<Response, Failure> {
    let permit = cx.actor.keep_accounts()?;
    cx.portal().close_account(&permit, &cx.actor, whose.id()?).await?;
    Ok(Redirect::to(paths::ACCOUNTS).into_response())
}

pub(in super::super) async fn renew(cx: Cx, Form(whose): Form<Whose>) -> Result<Response, Failure> {
    let permit = cx.actor.keep_accounts()?;
    let first = cx.portal().renew_account(&permit, &cx.actor, whose.id()?).await?;
    show(&cx, StatusCode::OK, Some(&first), &Typed::default()).await
}

//! Keys of programs. A new one is shown in the answer to the form, and in no address.

use app::{components::Typed, pages::officer, paths};
use axum::{
    Form,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Personal, actor::Scope, personal::tidy};
use store::programs::Program;

use super::{
    super::{cx::Cx, failure::Failure},
    accounts::{LONGEST, Whose},
};

pub(in super::super) async fn page(cx: Cx) -> Result<Response, Failure> {
    show(&cx, StatusCode::OK, None, &Typed::default()).await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    given: Option<&(Program, Personal)>,
    typed: &Typed,
) -> Result<Response, Failure> {
    cx.actor.keep_accounts()?;
    let mut all = cx.portal().store.programs().await?;
    all.retain(|program| program.removed_at.is_none());
    Ok(cx.page_with(status, |t| officer::programs(t, &all, given, typed)))
}

/// A name, and a field `may` for each box that is ticked.
pub(in super::super) async fn add(cx: Cx, Form(form): Form<Vec<(String, String)>>) -> Result<Response, Failure> {
    let (permit, t) = (cx.actor.keep_accounts()?, cx.text());
    let said =
        |field: &'static str| form.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.as_str());
    let name = tidy(said("name").next().unwrap_or_default());
    let scopes: Vec<Scope> = said("may").filter_map(|scope| scope.parse().ok()).collect();
    let typed = Typed::default().keep("name", name.as_str());
    let mut typed = scopes.iter().fold(typed, |typed, scope| typed.keep("may", scope.as_str()));
    if name.is_empty() || name.chars().count() > LONGEST {
        typed = typed.wrong("name", t.programs_name_missing());
    }
    if scopes.is_empty() {
        typed = typed.wrong("may", t.programs_may_missing());
    }
    if typed.failed() {
        return show(&cx, StatusCode::UNPROCESSABLE_ENTITY, None, &typed).await;
    }
    let given = cx.portal().add_program(&permit, &cx.actor, &name, &scopes).await?;
    show(&cx, StatusCode::OK, Some(&given), &Typed::default()).await
}

pub(in super::super) async fn remove(cx: Cx, Form(whose): Form<Whose>) -> Result<Response, Failure> {
    let permit = cx.actor.keep_accounts()?;
    if !cx.portal().remove_program(&permit, &cx.actor, whose.id()?).await? {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to(paths::PROGRAMS).into_response())
}

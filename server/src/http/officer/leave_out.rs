//! What a deletion would touch and is not the person's.

use std::collections::BTreeSet;

use app::{
    components::Typed,
    pages::officer::{self, ROW, Ticks},
    paths,
};
use axum::{
    Form,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::Personal;
use service::requests::LeavingOut;

use super::super::{
    cx::Cx,
    failure::Failure,
    requests::{number, too_long, wrong_words},
    ticked::said,
};

async fn show(cx: &Cx, text: &str, status: StatusCode, ticks: Ticks<'_>, typed: &Typed) -> Result<Response, Failure> {
    let to = cx.portal().to_leave_out(&cx.actor.decide()?, &cx.actor, &number(text)?).await?;
    Ok(cx.page_with(status, |t| officer::leave_out(t, &cx.portal().map, &to, ticks, typed)))
}

pub(in super::super) async fn page(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    show(&cx, &text, StatusCode::OK, Ticks::AsKept, &Typed::default()).await
}

pub(super) fn ticked_rows(form: &[(String, String)]) -> Vec<String> {
    form.iter().filter(|(name, _)| name == ROW).map(|(_, token)| token.clone()).collect()
}

pub(in super::super) async fn file(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (permit, number, t) = (cx.actor.decide()?, number(&text)?, cx.text());
    let rows = ticked_rows(&form);
    let why = said(&form, "why").trim();
    let typed = Typed::default().keep("why", why);
    let wrong = if rows.is_empty() { too_long(t, why) } else { wrong_words(t, why, t.leave_out_why_missing()) };
    if let Some(message) = wrong {
        let typed = typed.wrong("why", message);
        return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, Ticks::Sent(&rows), &typed).await;
    }
    let tokens: BTreeSet<String> = rows.iter().cloned().collect();
    let message = match cx.portal().leave_out(&permit, &cx.actor, &number, &tokens, &Personal::new(why)).await? {
        LeavingOut::Frozen => return Ok(Redirect::to(&paths::case(&number)).into_response()),
        LeavingOut::TooMany { most } => t.leave_out_many(most),
        LeavingOut::Unknown => t.leave_out_unknown().to_owned(),
    };
    let typed = typed.wrong("rows", message);
    show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, Ticks::Sent(&rows), &typed).await
}

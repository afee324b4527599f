//! A decision: what it would do is read first, then it is made. What was typed goes along in the form and stands in no
//! address.

use app::{
    components::Typed,
    pages::officer::{self, May, Refusal},
};
use axum::{Form, extract::Path, http::StatusCode, response::Response};
use domain::{Personal, request::RefusalCode};
use futures::future::join;
use serde::Deserialize;
use service::ServiceError;

use super::{
    super::{
        cx::Cx,
        failure::Failure,
        requests::{number, wrong_words},
    },
    case::{back, heeded, or_heed, show},
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct ApproveForm {
    plan: String,
    heeded: String,
}

pub(in super::super) async fn check_approval(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<ApproveForm>,
) -> Result<Response, Failure> {
    let (permit, reader, portal) = (cx.actor.decide()?, cx.actor.read_requests()?, cx.portal());
    let number = number(&text)?;
    let foreseen = portal.foresee_approval(&permit, &cx.actor, &number, &form.plan, heeded(&form.heeded));
    // Side by side: a company's database that hangs is waited for once.
    let (foreseen, case) = join(foreseen, Box::pin(portal.case(&reader, &cx.actor, &number))).await;
    let foreseen = match foreseen {
        Err(ServiceError::NotHeeded) => {
            return or_heed(&cx, &text, Err(ServiceError::NotHeeded), Typed::default()).await;
        }
        foreseen => foreseen?,
    };
    let case = case?;
    let followed = &case.followed;
    // Whoever approves values has read them: two masks may look the same.
    let values = portal.changes_shown(&permit, &cx.actor, followed).await?;
    if values.iter().any(|change| change.is_hidden) {
        let (status, today) = (StatusCode::UNPROCESSABLE_ENTITY, portal.clock.today());
        let typed = Typed::default().keep("heeded", form.heeded).wrong("changes", cx.text().reveal_first());
        return Ok(cx.page_with(status, |t| officer::case(t, portal, &case, May::Decide, values, today, &typed)));
    }
    Ok(cx.page(|t| officer::check_approval(t, portal, &case, &foreseen, values, &form.heeded)))
}

pub(in super::super) async fn approve(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<ApproveForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let done = cx.portal().approve(&permit, &cx.actor, &number(&text)?, &form.plan, heeded(&form.heeded)).await;
    or_heed(&cx, &text, done, Typed::default()).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct AgreeForm {
    heeded: String,
}

pub(in super::super) async fn agree(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<AgreeForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let done = cx.portal().agree_to_hand_out(&permit, &cx.actor, &number(&text)?, heeded(&form.heeded)).await;
    or_heed(&cx, &text, done, Typed::default()).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct RefuseForm {
    reason: String,
    words: String,
}

impl RefuseForm {
    fn typed(&self) -> Typed {
        Typed::default().keep("reason", self.reason.clone()).keep("words", self.words.clone())
    }

    /// Why and in which words; what is wrong with them, where something is.
    fn refusal(&self, cx: &Cx) -> Result<(RefusalCode, Personal), Typed> {
        let (t, mut typed) = (cx.text(), self.typed());
        let code = RefusalCode::parse(&self.reason);
        if code.is_none() {
            typed = typed.wrong("reason", t.form_reason_missing());
        }
        if let Some(message) = wrong_words(t, &self.words, t.form_words_missing()) {
            typed = typed.wrong("words", message);
        }
        match (code, typed.failed()) {
            (Some(code), false) => Ok((code, Personal::new(self.words.trim()))),
            (Some(_), true) | (None, _) => Err(typed),
        }
    }
}

pub(in super::super) async fn check_refusal(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<RefuseForm>,
) -> Result<Response, Failure> {
    let (permit, reader, portal) = (cx.actor.decide()?, cx.actor.read_requests()?, cx.portal());
    let number = number(&text)?;
    let (code, words) = match form.refusal(&cx) {
        Ok(refusal) => refusal,
        Err(typed) => return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await,
    };
    portal.foresee_refusal(&permit, &cx.actor, &number, code).await?;
    let case = portal.case(&reader, &cx.actor, &number).await?;
    Ok(cx.page(|t| officer::check_refusal(t, &portal.map, &case, &Refusal { code, words: &words })))
}

pub(in super::super) async fn refuse(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<RefuseForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let (code, words) = match form.refusal(&cx) {
        Ok(refusal) => refusal,
        Err(typed) => return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await,
    };
    cx.portal().refuse(&permit, &cx.actor, &number(&text)?, code, &words).await?;
    back(&text)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct ChangeForm {
    heeded: String,
    reason: String,
    words: String,
}

/// Back in the form of the case, with what had been typed.
pub(in super::super) async fn change(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, Failure> {
    cx.actor.decide()?;
    cx.portal().still_undecided(&cx.actor.read_requests()?, &number(&text)?).await?;
    let open = if form.words.is_empty() { "" } else { "refuse" };
    let typed = RefuseForm { reason: form.reason, words: form.words }.typed();
    show(&cx, &text, StatusCode::OK, &typed.keep("heeded", form.heeded).keep("open", open)).await
}

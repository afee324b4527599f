//! A person corrects a value of theirs. A number or an address they are found by is theirs only once a code that went there
//! says so.

use app::{components::Typed, pages::customer, paths, text::Text};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Identifier, Personal, formats::Malformed, permit::Own};
use serde::Deserialize;
use service::{
    requests::{Corrected, Correcting, CorrectionForm, Proof, Refused},
    sign_in::{Asked, WrongCode},
};

use super::{
    cx::{Cx, Held},
    failure::Failure,
    handed::Handed,
    sign_in::six_digits,
};

#[derive(Deserialize)]
pub(super) struct Target {
    token: String,
    column: String,
}

pub(super) async fn page(cx: Cx, Path(target): Path<Target>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    if let Some(running) = cx.portal().running_deletion(&permit).await? {
        return Ok(Redirect::to(&paths::request(&running.number)).into_response());
    }
    let form = cx.portal().correction_form(&permit, &target.token, &target.column).await?;
    Ok(cx.page(|t| customer::correct(t, &form, &Typed::default())))
}

struct CorrectForm {
    after: String,
    /// In its place, where the map lists what may stand there.
    choice: String,
    evidence: String,
    /// From the page that asks for it.
    code: Option<String>,
    step: String,
}

/// What was pressed on the page that asks for the code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Back to what was typed.
    Change,
    /// One more code.
    Again,
    Send,
}

impl CorrectForm {
    fn of(handed: &Handed) -> Self {
        let said = |field: &str| handed.text(field).to_owned();
        Self {
            after: said("after"),
            choice: said("choice"),
            evidence: said("evidence"),
            code: handed.has("code").then(|| said("code")),
            step: said("step"),
        }
    }

    fn step(&self) -> Step {
        match self.step.as_str() {
            "change" => Step::Change,
            "again" => Step::Again,
            _ => Step::Send,
        }
    }

    fn after(&self) -> &str {
        if self.choice.is_empty() { &self.after } else { &self.choice }
    }

    fn typed(&self) -> Typed {
        let typed = Typed::default().keep("after", self.after.clone()).keep("choice", self.choice.clone());
        typed.keep("evidence", self.evidence.clone())
    }
}

pub(super) async fn file(cx: Cx, Path(target): Path<Target>, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    let portal = cx.portal();
    // What is being erased is no longer corrected.
    if let Some(running) = portal.running_deletion(&permit).await? {
        return Ok(Redirect::to(&paths::request(&running.number)).into_response());
    }
    let form = portal.correction_form(&permit, &target.token, &target.column).await?;
    let handed = Handed::take(&cx, request).await?;
    let said = CorrectForm::of(&handed);
    if said.step() == Step::Change {
        return Ok(cx.page(|t| customer::correct(t, &form, &said.typed())));
    }
    let code = said.code.as_deref().filter(|_| said.step() == Step::Send).map(six_digits);
    let proof = match (&code, cx.held.new_contact) {
        (Some(Some(code)), Some(challenge)) => Proof::Code { challenge, code, network: &cx.network },
        (Some(_) | None, _) => Proof::None,
    };
    let (after, evidence) = (Personal::new(said.after()), Personal::new(said.evidence.clone()));
    let t = cx.text();
    let files = match handed.files(t) {
        Ok(files) => files,
        Err(message) => {
            let typed = said.typed().wrong("files", message);
            return Ok(match code {
                None => cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| customer::correct(t, &form, &typed)),
                Some(_) => ask(&cx, &form, &typed),
            });
        }
    };
    let asked = Correcting { after: &after, evidence: Some(&evidence), files: &files, proof };
    match portal.file_correction(&permit, &cx.actor, &form, &asked, cx.lang).await? {
        Corrected::Filed(request) => {
            if cx.held.new_contact.is_some() {
                cx.keep(&Held { new_contact: None, ..cx.held.clone() }).await?;
            }
            // Where the map applies it at once, the person should see it applied.
            portal.work_now(request.id).await?;
            Ok(Redirect::to(&format!("{}?filed", paths::request(&request.number))).into_response())
        }
        Corrected::Refused(refused) => {
            let typed = refused.into_iter().fold(said.typed(), |typed, refused| {
                let (field, message) = value_words(t, refused);
                let field = if field == "after" && !form.choices.is_empty() { "choice" } else { field };
                typed.wrong(field, message)
            });
            Ok(cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| customer::correct(t, &form, &typed)))
        }
        // It was sent before, and what was typed is no code.
        Corrected::Unproven(_) if code == Some(None) && cx.held.new_contact.is_some() => {
            Ok(ask(&cx, &form, &said.typed().wrong("code", t.form_code_format())))
        }
        Corrected::Unproven(new) => send(&cx, &permit, &form, &new, &said).await,
        Corrected::WrongCode(wrong) => {
            let message = match wrong {
                WrongCode::Wrong { tries_left } => t.form_code_wrong(tries_left),
                WrongCode::Spent => t.correct_code_spent().to_owned(),
                WrongCode::TooOften => t.form_too_often().to_owned(),
            };
            Ok(ask(&cx, &form, &said.typed().wrong("code", message)))
        }
    }
}

/// Sends a code to what is to be theirs, and asks for it.
async fn send(
    cx: &Cx,
    permit: &Own,
    form: &CorrectionForm,
    new: &Identifier,
    said: &CorrectForm,
) -> Result<Response, Failure> {
    match cx.portal().code_to_new(permit, new, cx.lang, &cx.network).await? {
        Asked::Sent(challenge) => {
            cx.keep(&Held { new_contact: Some(challenge), ..cx.held.clone() }).await?;
            Ok(ask(cx, form, &said.typed()))
        }
        Asked::TooOften { .. } => {
            let typed = said.typed().wrong("after", cx.text().form_too_often());
            Ok(cx.page_with(StatusCode::TOO_MANY_REQUESTS, |t| customer::correct(t, form, &typed)))
        }
    }
}

fn ask(cx: &Cx, form: &CorrectionForm, typed: &Typed) -> Response {
    let status = if typed.failed() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    cx.page_with(status, |t| customer::correct_code(t, form, typed))
}

/// Why a value is not taken, and at which field.
pub(super) fn value_words(t: Text, refused: Refused) -> (&'static str, String) {
    match refused {
        Refused::Value(Malformed::Empty) => ("after", t.form_value_empty().to_owned()),
        Refused::Value(Malformed::TooLong { most }) => ("after", t.form_value_long(most)),
        Refused::Value(Malformed::ControlCharacter) => ("after", t.form_value_control().to_owned()),
        Refused::Value(Malformed::NotListed) => ("after", t.form_value_list().to_owned()),
        Refused::Value(Malformed::NotA(kind)) => ("after", t.form_value_not(kind.words().in_lang(t.lang()))),
        Refused::Same => ("after", t.form_value_same().to_owned()),
        Refused::TwoValues => ("after", t.form_value_two().to_owned()),
        Refused::EvidenceMissing => ("evidence", t.form_evidence_missing().to_owned()),
        Refused::EvidenceTooLong { most } => ("evidence", t.form_words_long(most)),
    }
}

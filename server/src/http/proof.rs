//! Certificates, and the page on which anyone checks one.

use app::{components::Typed, pages::public::proof as pages, paths};
use axum::{
    Form,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    ids::{NightNumber, RequestNumber},
    proof::Document,
};
use serde::Deserialize;

use super::{cx::Cx, failure::Failure, policy::OFFERED, requests::number};

pub(super) async fn verify_page(cx: Cx) -> Response {
    let key = cx.portal().public_key();
    cx.page(|t| pages::verify(t, &key, &Typed::default(), None))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct VerifyForm {
    number: String,
    document: String,
}

pub(super) async fn verify(cx: Cx, Form(form): Form<VerifyForm>) -> Result<Response, Failure> {
    let (t, key) = (cx.text(), cx.portal().public_key());
    let failed =
        |typed: Typed| cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| pages::verify(t, &key, &typed, None));
    let text = form.document.trim();
    if !text.is_empty() {
        let checked = Document::parse(text).and_then(|document| document.check(&key));
        let typed = Typed::default().keep("document", text);
        return Ok(cx.page(|t| pages::verify(t, &key, &typed, Some(&checked))));
    }
    let wanted = form.number.trim().to_uppercase();
    if wanted.is_empty() {
        return Ok(failed(Typed::default().wrong("document", t.proof_missing())));
    }
    let typed = Typed::default().keep("number", form.number.clone()).wrong("number", t.proof_unknown());
    let Some(number) = RequestNumber::parse(&wanted) else { return Ok(failed(typed)) };
    match cx.portal().certificate(&number).await {
        Ok(_) => Ok(Redirect::to(&paths::certificate(number.as_str())).into_response()),
        Err(service::ServiceError::NotFound) => Ok(failed(typed)),
        Err(error) => Err(error.into()),
    }
}

/// `/verify/QD-…`, with `.json` or `.pdf` behind it as a file.
pub(super) async fn certificate(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let (name, file) = name_and_file(&text)?;
    let document = cx.portal().certificate(&number(name)?).await?;
    show(&cx, name, file, &document).await
}

/// `/officer/nights/QN-…`, likewise.
pub(super) async fn night(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    let (name, file) = name_and_file(&text)?;
    let number = NightNumber::parse(name).ok_or(Failure::NotFound)?;
    let document = cx.portal().night_proof(permit, &number).await?;
    show(&cx, name, file, &document).await
}

#[derive(Clone, Copy)]
enum File {
    Page,
    Json,
    Pdf,
}

fn name_and_file(text: &str) -> Result<(&str, File), Failure> {
    match text.split_once('.') {
        None => Ok((text, File::Page)),
        Some((name, "json")) => Ok((name, File::Json)),
        Some((name, "pdf")) => Ok((name, File::Pdf)),
        Some(_) => Err(Failure::NotFound),
    }
}

async fn show(cx: &Cx, name: &str, file: File, proof: &Document) -> Result<Response, Failure> {
    match file {
        File::Page => {
            let key = cx.portal().public_key();
            Ok(cx.page(|t| pages::certificate(t, proof, &key, OFFERED)))
        }
        File::Json => {
            let json = serde_json::to_string_pretty(proof).map_err(|_| Failure::PortalDown)?;
            let disposition = format!("attachment; filename=\"{name}.json\"");
            let kind = "application/json; charset=utf-8".to_owned();
            Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], json).into_response())
        }
        File::Pdf => pdf(cx, name, proof).await,
    }
}

#[cfg(not(feature = "pdf"))]
#[expect(clippy::unused_async, reason = "with the feature it sets pages")]
async fn pdf(_: &Cx, _: &str, _: &Document) -> Result<Response, Failure> {
    Err(Failure::NotFound)
}

#[cfg(feature = "pdf")]
async fn pdf(cx: &Cx, name: &str, proof: &Document) -> Result<Response, Failure> {
    let certificate = proof.check(&cx.portal().public_key()).map_err(|_| Failure::PortalDown)?;
    let (document, number) = (pages::written(cx.text(), &certificate), name.to_owned());
    let day = domain::china::day(certificate.completed_at);
    let set = tokio::task::spawn_blocking(move || document::pdf::set(&document, day, &number)).await;
    let Ok(Ok(bytes)) = set else { return Err(Failure::PortalDown) };
    let disposition = format!("inline; filename=\"{name}.pdf\"");
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

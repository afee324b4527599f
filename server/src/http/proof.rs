//! Certificates, and the page on which anyone checks one.

use app::{components::Typed, pages::public::proof as pages, paths};
use axum::{
    Form,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{ids::RequestNumber, proof::Document};
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
    let (name, suffix) = text.split_once('.').map_or((text.as_str(), None), |(name, suffix)| (name, Some(suffix)));
    let number = number(name)?;
    let document = cx.portal().certificate(&number).await?;
    match suffix {
        None => {
            let key = cx.portal().public_key();
            Ok(cx.page(|t| pages::certificate(t, &document, &key, OFFERED)))
        }
        Some("json") => {
            let json = serde_json::to_string_pretty(&document).map_err(|_| Failure::PortalDown)?;
            let disposition = format!("attachment; filename=\"{number}.json\"");
            let kind = "application/json; charset=utf-8".to_owned();
            Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], json).into_response())
        }
        #[cfg(feature = "pdf")]
        Some("pdf") => pdf(&cx, &number, &document).await,
        Some(_) => Err(Failure::NotFound),
    }
}

#[cfg(feature = "pdf")]
async fn pdf(cx: &Cx, number: &RequestNumber, proof: &Document) -> Result<Response, Failure> {
    let certificate = proof.check(&cx.portal().public_key()).map_err(|_| Failure::PortalDown)?;
    let (document, name) = (pages::written(cx.text(), &certificate), number.to_string());
    let day = service::portal::day_in_china(certificate.completed_at);
    let set = tokio::task::spawn_blocking(move || document::pdf::set(&document, day, &name)).await;
    let Ok(Ok(bytes)) = set else { return Err(Failure::PortalDown) };
    let disposition = format!("inline; filename=\"{number}.pdf\"");
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

//! The policy: in force, earlier, coming; what changed; the rules behind it.

use app::pages::public::policy::{self as pages, Pdf};
use axum::{extract::Path, response::Response};

use super::{cx::Cx, failure::Failure};

pub(super) const OFFERED: Pdf = if cfg!(feature = "pdf") { Pdf::Offered } else { Pdf::No };

pub(super) async fn in_force(cx: Cx) -> Result<Response, Failure> {
    let portal = cx.portal();
    let (effective, coming) = (portal.effective().await?, portal.upcoming().await?);
    Ok(cx.page(|t| pages::in_force(t, &portal.map, effective, coming.as_ref(), OFFERED)))
}

pub(super) async fn minors(cx: Cx) -> Result<Response, Failure> {
    let effective = cx.portal().effective().await?;
    Ok(cx.page(|t| pages::minors(t, &cx.portal().map, effective)))
}

pub(super) async fn versions(cx: Cx) -> Result<Response, Failure> {
    let portal = cx.portal();
    let versions = portal.versions().await?;
    Ok(cx.page(|t| pages::versions(t, &versions, &portal.map.hash, portal.clock.today())))
}

pub(super) async fn version(cx: Cx, Path(hash): Path<String>) -> Result<Response, Failure> {
    let (version, _) = cx.portal().version(&hash).await?;
    Ok(cx.page(|t| pages::version(t, &version)))
}

pub(super) async fn changes(cx: Cx, Path(hash): Path<String>) -> Result<Response, Failure> {
    let (version, before) = cx.portal().version(&hash).await?;
    let before = before.ok_or(Failure::NotFound)?;
    Ok(cx.page(|t| pages::changes(t, &before, &version)))
}

pub(super) async fn rules(cx: Cx) -> Result<Response, Failure> {
    let last = cx.portal().last_runs().await?;
    Ok(cx.page(|t| pages::rules(t, &cx.portal().map, &last)))
}

#[cfg(not(feature = "pdf"))]
pub(super) async fn pdf(_: Cx) -> Failure {
    Failure::NotFound
}

/// Set once a version and language, then kept.
#[cfg(feature = "pdf")]
pub(super) async fn pdf(cx: Cx) -> Result<Response, Failure> {
    use axum::{http::header, response::IntoResponse};
    let portal = cx.portal();
    let effective = portal.effective().await?;
    let key = format!("{}.{}", portal.map.hash, cx.lang.tag());
    let known = cx.app.printed.lock().await.get(&key).cloned();
    let bytes = if let Some(bytes) = known {
        bytes
    } else {
        let document = app::policy::policy(cx.text(), &portal.map, effective);
        let (name, day) = (key.clone(), effective);
        let set = tokio::task::spawn_blocking(move || document::pdf::set(&document, day, &name)).await;
        let bytes = match set {
            Ok(Ok(bytes)) => std::sync::Arc::new(bytes),
            Ok(Err(error)) => {
                tracing::error!(%error, "the policy could not be set as PDF");
                return Err(Failure::PortalDown);
            }
            Err(_) => return Err(Failure::PortalDown),
        };
        cx.app.printed.lock().await.insert(key.clone(), bytes.clone());
        bytes
    };
    let name = format!("inline; filename=\"policy-{}-{}.pdf\"", portal.map.hash.short(), cx.lang.tag());
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], bytes.to_vec())
        .into_response())
}

//! To an identity provider of the company's and back. Both ways are links: the cookie of the session (`SameSite=Lax`)
//! travels with the way back, and no `form-action` stands in the way there.

use app::{
    pages::public::{Door, NotSignedIn, not_signed_in},
    paths,
};
use axum::{
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Lang, actor::Actor};
use serde::Deserialize;
use store::{handovers::Arriving, throttle::Pace};

use super::{
    cx::{Cx, Held},
    failure::Failure,
    local::LocalPath,
};
use crate::oidc::{Provider, Trouble};

pub(super) fn doors(cx: &Cx) -> Vec<Door> {
    cx.app.providers.iter().map(|provider| door(provider, cx.lang)).collect()
}

fn door(provider: &Provider, lang: Lang) -> Door {
    Door { name: provider.name().in_lang(lang).to_owned(), path: paths::provider(provider.id()) }
}

fn find<'a>(cx: &'a Cx, id: &str) -> Result<&'a Provider, Failure> {
    cx.app.providers.iter().find(|provider| provider.id() == id).ok_or(Failure::NotFound)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    /// The company's app may lead straight to a page here.
    next: Option<String>,
}

pub(super) async fn go(
    cx: Cx,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let provider = find(&cx, &id)?;
    // A link on another site must not end the session of whoever is signed in here: they press the button themselves.
    let from_elsewhere = headers.get("sec-fetch-site").is_some_and(|from| from == "cross-site" || from == "same-site");
    if from_elsewhere && !matches!(cx.actor, Actor::Visitor) {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    }
    if cx.portal().pace_arrivals(&cx.network).await? != Pace::Fine {
        return Ok(refused(&cx, provider, NotSignedIn::Often));
    }
    match provider.begin(&cx.portal().chance, cx.portal().clock.now(), cx.lang).await {
        Ok((url, underway)) => {
            let next = wanted.next.as_deref().and_then(LocalPath::parse).map(LocalPath::into_string);
            let next = next.or_else(|| cx.held.next.clone());
            cx.keep(&Held { underway: Some(underway), next, ..cx.held.clone() }).await?;
            Ok(Redirect::to(url.as_str()).into_response())
        }
        Err(trouble) => Ok(troubled(&cx, provider, trouble)),
    }
}

/// What the provider sends people back with (RFC 6749, 4.1.2; RFC 9207).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Brought {
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

pub(super) async fn back(cx: Cx, Path(id): Path<String>, Query(brought): Query<Brought>) -> Result<Response, Failure> {
    let provider = find(&cx, &id)?;
    let now = cx.portal().clock.now();
    let underway = cx.held.underway.clone().filter(|one| one.belongs(provider.id(), &brought.state, now));
    // Not begun here: whoever made this address could sign somebody in as themselves.
    let Some(underway) = underway else { return Ok(refused(&cx, provider, NotSignedIn::Late)) };
    // Once, whatever comes of it.
    cx.keep(&Held { underway: None, ..cx.held.clone() }).await?;
    if cx.portal().pace_arrivals(&cx.network).await? != Pace::Fine {
        return Ok(refused(&cx, provider, NotSignedIn::Often));
    }
    let finished = match (&brought.error, &brought.code) {
        (None, Some(code)) => provider.finish(code, brought.iss.as_deref(), &underway, now).await,
        (Some(error), _) if error == "access_denied" => return Ok(refused(&cx, provider, NotSignedIn::Declined)),
        (Some(_), _) => Err(Trouble::Unreachable("it sent the person back with an error")),
        (None, None) => Err(Trouble::NotBelieved("it sent the person back with nothing")),
    };
    match finished {
        Ok(who) => arrived(&cx, provider, &who).await,
        Err(trouble) => Ok(troubled(&cx, provider, trouble)),
    }
}

async fn arrived(cx: &Cx, provider: &Provider, who: &Arriving) -> Result<Response, Failure> {
    cx.portal().arrived_from(provider.id(), who).await?;
    count("arrived");
    let proven = who.proven.iter().map(|one| (one.kind(), one.reveal().to_owned(), who.proven_at)).collect();
    let next = cx.held.next.as_deref().and_then(LocalPath::parse).map(LocalPath::into_string);
    // Nothing of whoever was signed in here before.
    cx.rotate().await?;
    cx.keep(&Held { proven, ..Held::default() }).await?;
    Ok(Redirect::to(next.as_deref().unwrap_or(paths::MINE)).into_response())
}

fn troubled(cx: &Cx, provider: &Provider, trouble: Trouble) -> Response {
    tracing::warn!(provider = provider.id(), reason = trouble.reason(), "nobody arrived from an identity provider");
    let why = match trouble {
        Trouble::Unreachable(_) => NotSignedIn::Down,
        Trouble::NotBelieved(_) => NotSignedIn::Doubt,
        Trouble::Late => NotSignedIn::Late,
        Trouble::NothingProven => NotSignedIn::Unverified,
        Trouble::NoChance => return Failure::PortalDown.into_response(),
    };
    refused(cx, provider, why)
}

fn refused(cx: &Cx, provider: &Provider, why: NotSignedIn) -> Response {
    let (status, result) = match why {
        NotSignedIn::Down => (StatusCode::SERVICE_UNAVAILABLE, "down"),
        NotSignedIn::Declined => (StatusCode::OK, "declined"),
        NotSignedIn::Late => (StatusCode::GONE, "late"),
        NotSignedIn::Doubt => (StatusCode::FORBIDDEN, "not_believed"),
        NotSignedIn::Unverified => (StatusCode::FORBIDDEN, "not_verified"),
        NotSignedIn::Often => (StatusCode::TOO_MANY_REQUESTS, "too_often"),
    };
    count(result);
    cx.page_with(status, |t| not_signed_in(t, why, &door(provider, cx.lang)))
}

fn count(result: &'static str) {
    metrics::counter!("qingdan_provider_sign_ins_total", "result" => result).increment(1);
}

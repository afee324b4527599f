//! From a request to a page: who asks, in which language, what they may, what went wrong.

mod api;
mod arrive;
mod assets;
mod copy;
mod correct;
mod customer;
mod cx;
mod delete;
mod failure;
mod handed;
mod health;
mod local;
mod looks;
mod officer;
mod origin;
mod policy;
mod proof;
mod provider;
mod public;
mod recipients;
mod represent;
mod requests;
mod restrict;
mod routes;
mod session_store;
mod sign_in;
mod tasks;
#[cfg(test)]
mod tests;
mod ticked;
mod token;
mod transfer;
mod unsent;
mod wish;

use std::{net::IpAddr, sync::Arc};

use app::{pages::public::Problem, paths};
use axum::{
    Router,
    http::{Method, StatusCode, Uri},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use service::Live;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    csrf::CsrfLayer,
    limit::RequestBodyLimitLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{
    config::Config,
    mail::Folder,
    oidc::{self, Provider},
};

pub(crate) use health::metrics_router;

/// Whether this is the demonstration. Only `qingdan demo` makes a [`Demo::Yes`], so the mailbox
/// page cannot exist anywhere else.
#[derive(Clone)]
pub(crate) enum Demo {
    No,
    Yes(Folder),
}

pub(crate) struct App {
    live: Arc<Live>,
    demo: Demo,
    trusted_proxies: Vec<IpAddr>,
    copies: Arc<tokio::sync::Semaphore>,
    /// Forms with files that are read at the same time.
    uploads: tokio::sync::Semaphore,
    /// Where people reach the portal from outside.
    public_url: String,
    issuer: Option<token::Issuer>,
    /// Where customers may be signed in already.
    providers: Vec<Provider>,
    /// Of the assets, for their addresses.
    version: String,
    /// Documents set as PDF, by version and language.
    #[cfg(feature = "pdf")]
    printed: tokio::sync::Mutex<std::collections::BTreeMap<String, Arc<Vec<u8>>>>,
}

type AppState = axum::extract::State<Arc<App>>;

/// What the company's app posts.
const LARGEST_TOKEN: usize = 16 * 1024;
const SESSION_IDLE: time::Duration = time::Duration::minutes(60);

/// # Errors
/// Files the configuration names that cannot be read.
pub(crate) fn router(live: Arc<Live>, config: &Config, demo: Demo) -> anyhow::Result<Router> {
    let app = Arc::new(App {
        issuer: token::Issuer::new(config)?,
        providers: oidc::providers(config, paths::provider_back)?,
        demo,
        trusted_proxies: config.trusted_proxies.clone(),
        uploads: tokio::sync::Semaphore::new(handed::AT_ONCE),
        public_url: config.public_url.clone(),
        copies: Arc::new(tokio::sync::Semaphore::new(crate::copy::AT_ONCE)),
        version: assets::version(),
        #[cfg(feature = "pdf")]
        printed: tokio::sync::Mutex::default(),
        live: live.clone(),
    });
    let sessions = SessionManagerLayer::new(session_store::Sessions::new(live.current()))
        .with_name("__Host-qingdan")
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(SESSION_IDLE));
    let pages = routes::router(&app.demo)
        .fallback(async || failure::problem(Problem::NotFound))
        .method_not_allowed_fallback(above)
        .layer(CsrfLayer::new().with_rejection_response(|_| failure::problem(Problem::OtherSite)))
        .layer(middleware::from_fn(origin::require_origin))
        .layer(middleware::from_fn_with_state(app.clone(), cx::with_cx))
        .layer(sessions);
    Ok(Router::new()
        .merge(pages)
        .route(paths::ARRIVE, post(token::take).layer(RequestBodyLimitLayer::new(LARGEST_TOKEN)))
        .merge(health::router(live))
        .merge(api::router(&app))
        .merge(assets::router())
        // An archive is compressed already.
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::new("application/zip"))),
        )
        .layer(middleware::from_fn(health::count))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| -> Response {
            (StatusCode::INTERNAL_SERVER_ERROR, "出了点问题，请稍后再试。 Something went wrong; try again later.")
                .into_response()
        }))
        .with_state(app))
}

/// The page a form stands on is above where it is sent. Whoever reloads the answer, opens it anew or changes the
/// language there comes back to it.
async fn above(method: Method, uri: Uri) -> Response {
    match (method, uri.path().rsplit_once('/')) {
        (Method::GET | Method::HEAD, Some((above, _))) if !above.is_empty() => Redirect::to(above).into_response(),
        _ => failure::problem(Problem::NotFound),
    }
}

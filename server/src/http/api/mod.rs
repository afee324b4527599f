//! The door for other software: `/api/v1`, described by the OpenAPI document it serves itself. Nothing here knows of
//! sessions or pages; a program shows its key, and what it may do is what the same permits allow.

mod ask;
mod bulk;
mod caller;
mod changes;
mod closing;
mod consents;
mod copies;
mod deletion;
mod files;
mod for_another;
mod foreseen;
mod holds;
mod left_out;
mod locked;
mod looks;
mod merge;
mod nights;
mod officers;
mod once;
mod people;
mod policy;
mod problem;
mod queue;
mod recipients;
mod records;
mod register;
mod said;
mod subjects;
mod view;
mod waiting;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::IntoResponse,
    routing::get,
};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::App;
use problem::{Kind, Problem};

/// Words and identifiers, where no files are taken.
const LARGEST_BODY: usize = 64 * 1024;

const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Qingdan",
        description = "Rights of data subjects (PIPL art. 44–50) for other software of the company. A program is given \
                       a key with `qingdan program add`; its scopes say what it may do. Times are RFC 3339, days \
                       `YYYY-MM-DD` in China. Changes take an `Idempotency-Key`: the same key with the same question \
                       is answered the same for a day and does nothing twice."
    ),
    modifiers(&Key),
    security(("key" = [])),
    tags(
        (name = "requests", description = "The officers' desk. Scopes read-requests and decide-requests."),
        (name = "retention", description = "Nights, the register of destruction, legal holds. Scopes read-retention and \
                                            manage-holds; what is let go takes decide-requests."),
        (name = "policy", description = "Versions of the policy. Any key; what waits for officers takes decide-requests."),
        (name = "subjects", description = "For a person the program has itself signed in. Scope act-for-subjects."),
    )
)]
struct Document;

struct Key;

impl Modify for Key {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("`qd_…`")).build();
        document.components.get_or_insert_default().add_security_scheme("key", SecurityScheme::Http(scheme));
    }
}

fn reading() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(queue::queue))
        .routes(routes!(officers::search))
        .routes(routes!(officers::case))
        .routes(routes!(officers::officers))
        .routes(routes!(officers::records))
        .routes(routes!(left_out::touched))
        .routes(routes!(changes::changes))
        .routes(routes!(officers::statistics))
        .routes(routes!(bulk::preview))
        .routes(routes!(foreseen::check))
        .routes(routes!(people::people))
        .routes(routes!(people::value))
        .routes(routes!(recipients::tell))
        .routes(routes!(locked::locked))
        .routes(routes!(files::of_case))
        .routes(routes!(nights::nights))
        .routes(routes!(nights::night))
        .routes(routes!(nights::simulation))
        .routes(routes!(nights::drift))
        .routes(routes!(waiting::waiting))
        .routes(routes!(register::month))
        .routes(routes!(holds::list))
        .routes(routes!(holds::one))
        .routes(routes!(policy::versions))
        .routes(routes!(policy::version))
        .routes(routes!(policy::open))
        .routes(routes!(subjects::records))
        .routes(routes!(subjects::deletion_preview))
        .routes(routes!(subjects::requests))
        .routes(routes!(subjects::request))
        .routes(routes!(consents::consents))
        .routes(routes!(consents::history))
        .routes(routes!(consents::uses))
        .routes(routes!(looks::looks))
        .routes(routes!(subjects::copy))
        .routes(routes!(copies::list))
        .routes(routes!(copies::look))
        .routes(routes!(copies::download))
        .routes(routes!(closing::preview))
        .routes(routes!(files::of_subject))
        .routes(routes!(for_another::copy))
}

fn changing() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(officers::take))
        .routes(routes!(officers::give_back))
        .routes(routes!(officers::pass_on))
        .routes(routes!(recipients::told))
        .routes(routes!(officers::note))
        .routes(routes!(officers::work_out))
        .routes(routes!(left_out::leave_out))
        .routes(routes!(officers::refuse))
        .routes(routes!(officers::plan))
        .routes(routes!(officers::approve))
        .routes(routes!(subjects::hand_over))
        .routes(routes!(consents::agree))
        .routes(routes!(subjects::cancel))
        .routes(routes!(subjects::stop))
        .routes(routes!(copies::prepare))
        .routes(routes!(copies::remove))
        .routes(routes!(merge::merge))
        .routes(routes!(bulk::carry_out))
        .routes(routes!(locked::rescan))
        .routes(routes!(holds::place))
        .routes(routes!(holds::review))
        .routes(routes!(holds::lift))
        .routes(routes!(consents::refuse))
        .routes(routes!(for_another::prepare))
        .routes(routes!(for_another::transfer))
}

/// Changes that files may go with.
fn filing() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(officers::write_down))
        .routes(routes!(said::ask))
        .routes(routes!(said::settle))
        .routes(routes!(subjects::file))
        .routes(routes!(subjects::correct))
        .routes(routes!(subjects::answer))
        .routes(routes!(for_another::file))
}

pub(super) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let changing = changing().layer(middleware::from_fn(once::once));
    let filing = filing()
        .layer(middleware::from_fn(once::once))
        .layer(middleware::from_fn_with_state(app.clone(), files::with_files));
    let api = OpenApiRouter::new().nest(BASE, reading().merge(changing).merge(filing));
    let (api, mut document) = api.split_for_parts();
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    let document = Arc::new(document);
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    api.layer(middleware::from_fn_with_state(app.clone(), caller::with_caller))
        .route("/api/v1/openapi.json", get(async move || Json(&*document).into_response()))
        .route("/api/{*rest}", axum::routing::any(async || Problem::from(Kind::NotFound)))
        .method_not_allowed_fallback(async || Problem::from(Kind::Method))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
}

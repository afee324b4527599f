use app::pages::public::Problem;
use axum::{
    extract::Request,
    http::{Method, header},
    middleware::Next,
    response::Response,
};

use super::failure::problem;

/// A write that does not say where it comes from is refused. The layer behind this one compares
/// origins, but lets a request through that has none.
pub(super) async fn require_origin(request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let origin = request.headers().get(header::ORIGIN).is_some_and(|value| !value.is_empty() && value != "null");
    let same = request.headers().get("sec-fetch-site").is_some_and(|value| value == "same-origin");
    if reading || origin || same { next.run(request).await } else { problem(Problem::OtherSite) }
}

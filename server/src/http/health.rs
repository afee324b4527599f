//! For those who run it: alive, ready, and numbers on an address of their own.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use service::{Live, Portal};

use super::App;

pub(super) fn router(live: Arc<Live>) -> Router<Arc<App>> {
    Router::new().route("/healthz", get(async || "ok")).route("/readyz", get(move || ready(live.current())))
}

/// Ready when the portal's own database answers. A company database that is down takes only its
/// own part away and is told in the metrics.
async fn ready(portal: Arc<Portal>) -> Response {
    if portal.store.is_ready().await {
        "ready".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the portal's database does not answer").into_response()
    }
}

pub(crate) fn metrics_router(handle: PrometheusHandle, live: Arc<Live>) -> Router {
    Router::new().route("/metrics", get(measure)).with_state((handle, live))
}

async fn measure(State((handle, live)): State<(PrometheusHandle, Arc<Live>)>) -> String {
    let portal = live.current();
    if let Ok((open, overdue)) = portal.store.queue_counts(portal.clock.today()).await {
        gauge("qingdan_requests_open", open);
        gauge("qingdan_requests_overdue", overdue);
    }
    if let Ok((waiting, given_up)) = portal.store.outbox_counts().await {
        gauge("qingdan_outbox_waiting", waiting);
        gauge("qingdan_outbox_given_up", given_up);
    }
    if let Ok(waiting) = portal.store.jobs_waiting().await {
        gauge("qingdan_jobs_waiting", waiting);
    }
    for source in portal.sources.iter() {
        let up = u64::from(source.reading().await.is_ok());
        metrics::gauge!("qingdan_source_up", "source" => source.name.to_string()).set(precise(up));
    }
    handle.run_upkeep();
    handle.render()
}

fn gauge(name: &'static str, value: u64) {
    metrics::gauge!(name).set(precise(value));
}

/// Counts of rows are far below 2⁵², where doubles stop being exact.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
const fn precise(value: u64) -> f64 {
    value as f64
}

/// Counts requests by route, never by address: a request number is nobody's business.
pub(super) async fn count(request: Request, next: Next) -> Response {
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("qingdan_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    metrics::histogram!("qingdan_http_seconds", "route" => route).record(began.elapsed().as_secs_f64());
    response
}

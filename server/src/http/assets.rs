//! Style, script and pictures: embedded in the binary, pre-compressed in a release, kept by
//! browsers for as long as their address does not change.

use std::sync::Arc;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::App;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../style"]
struct Style;

/// What `tools/build-web.sh` makes: the modules and their glue.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../site"]
#[allow_missing = true]
struct Site;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/assets/{file}", get(asset))
}

async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Response {
    // The modules and their glue are the only files that are not in `style/`.
    let find = |name: &str| Style::get(name).or_else(|| Site::get(name));
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if let Some(found) = accepts.contains(encoding).then(|| find(&format!("{file}.{ending}"))).flatten() {
            return answer(&file, found, Some(encoding));
        }
    }
    match find(&file) {
        Some(found) => answer(&file, found, None),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(name: &str, file: EmbeddedFile, encoding: Option<&'static str>) -> Response {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let mut response = ([(header::CONTENT_TYPE, kind.as_ref().to_owned())], file.data.into_owned()).into_response();
    let headers = response.headers_mut();
    let fixed = [
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "Accept-Encoding"),
    ];
    for (name, value) in fixed {
        headers.insert(name, header::HeaderValue::from_static(value));
    }
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(encoding));
    }
    response
}

/// Changes when any asset does.
pub(super) fn version() -> String {
    let mut hasher = Sha256::new();
    for name in Style::iter().chain(Site::iter()) {
        if let Some(file) = Style::get(&name).or_else(|| Site::get(&name)) {
            hasher.update(name.as_bytes());
            hasher.update(file.metadata.sha256_hash());
        }
    }
    hex::encode(hasher.finalize()).chars().take(10).collect()
}

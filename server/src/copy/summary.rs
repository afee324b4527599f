//! The summary as PDF/UA. A build without the typesetter has none, and its archives name none.

use app::{copy::Contents, text::Text};
use domain::{Identifier, map::DataMap};
use jiff::civil::Date;

pub(super) const NAME: &str = "summary.pdf";

#[cfg(not(feature = "pdf"))]
#[expect(clippy::unused_async, reason = "with the feature it sets pages")]
pub(super) async fn set(_: Text, _: &DataMap, _: &[Identifier], _: &Contents<'_>, _: Date) -> Option<Vec<u8>> {
    None
}

/// `None` where it cannot be set: everything else in the copy is worth having without it.
#[cfg(feature = "pdf")]
pub(super) async fn set(
    text: Text,
    map: &DataMap,
    of: &[Identifier],
    contents: &Contents<'_>,
    day: Date,
) -> Option<Vec<u8>> {
    let document = app::summary::summary(text, map, of, contents);
    // Its identity is drawn from what it says, and not from who it is about.
    let name = format!("copy {} {}", map.hash, contents.made);
    let set = tokio::task::spawn_blocking(move || document::pdf::set(&document, day, &name)).await;
    match set {
        Ok(Ok(bytes)) => Some(bytes),
        Ok(Err(error)) => {
            tracing::error!(%error, "the summary of a copy could not be set as PDF");
            None
        }
        Err(_) => None,
    }
}

//! Into the portal's database, sealed piece after piece; and out of it again.

use std::{pin::Pin, sync::Arc};

use app::text::Text;
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use futures::stream;
use service::{
    Portal,
    copies::{HandedOut, Order, Shelf, Unwritten, Writer, Written},
    copy::Read,
};

use super::{
    archive::write,
    line::headers,
    sink::{Sink, Unsent},
};

type Writing<'a> = Pin<Box<dyn Future<Output = Result<(Shelf, Read), Unsent>> + Send + 'a>>;

/// Writes what the worker is asked for.
pub(crate) struct Archivist;

impl Writer for Archivist {
    async fn write(&self, portal: &Portal, order: &Order, empty: Shelf) -> Result<Written, Unwritten> {
        // By its name only, or whoever waits for it would have to know all it is made of.
        let work: Writing<'_> = Box::pin(write(portal, Text::of(order.lang), &order.permit, empty));
        match work.await {
            Ok((full, read)) => Ok(Written { shelf: full, read }),
            Err(Unsent::Gone) => Err(Unwritten::Shape),
            Err(Unsent::Portal(error)) => Err(Unwritten::Portal(error)),
        }
    }
}

impl Sink for Shelf {
    async fn take(&mut self, bytes: Vec<u8>, records: u64) -> Result<(), Unsent> {
        self.put(&bytes, records).await.map_err(Unsent::Portal)
    }
}

/// Opened piece after piece, as fast as it is taken.
pub(crate) fn handed_out(portal: Arc<Portal>, handed: HandedOut) -> Response {
    let size = [(header::CONTENT_LENGTH, handed.size.to_string())];
    let headers = headers(portal.clock.today());
    let pieces = stream::try_unfold(handed, move |mut handed| {
        let portal = portal.clone();
        async move {
            match portal.next_piece(&mut handed).await {
                Ok(piece) => Ok(piece.map(|piece| (Bytes::from(piece), handed))),
                Err(error) => {
                    tracing::warn!(code = error.code(), "a download of a copy broke off");
                    Err(std::io::Error::other("the copy broke off"))
                }
            }
        }
    });
    (headers, size, Body::from_stream(pieces)).into_response()
}

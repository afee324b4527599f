//! Into the portal's database, sealed piece after piece; and out of it again.

use std::pin::Pin;

use app::text::Text;
use service::{
    Portal,
    copies::{Order, Shelf, Unwritten, Writer, Written},
    copy::Read,
};

use super::{
    archive::write,
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

//! To a browser or a program, as it is read; nothing of it is kept here.

use std::{sync::Arc, time::Duration};

use app::text::Text;
use axum::{
    body::{Body, Bytes},
    http::header,
    response::{IntoResponse, Response},
};
use domain::permit::TakeCopy;
use futures::{Stream, stream};
use service::Portal;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::{
    archive::write,
    sink::{Sink, Unsent},
};

/// Pieces on their way to the browser.
const AHEAD: usize = 4;
/// A browser that takes nothing for so long is gone; the company's database must not wait for it.
const PATIENCE: Duration = Duration::from_mins(1);
/// And however slowly it takes it: a transaction that stays open keeps a database from cleaning up.
const LONGEST: Duration = Duration::from_mins(15);
/// Copies that are read at the same time: each holds one of a source's few connections.
pub(crate) const AT_ONCE: usize = 2;

/// Writes it while it is read.
pub(crate) fn stream(portal: Arc<Portal>, text: Text, permit: TakeCopy, turn: OwnedSemaphorePermit) -> Response {
    let (send, receive) = mpsc::channel(AHEAD);
    let today = portal.clock.today();
    tokio::spawn(async move {
        let _turn = turn;
        let line = Line(send.clone());
        let work = Box::pin(write(&portal, text, &permit, line));
        if let Ok(Ok(_)) = tokio::time::timeout(LONGEST, work).await {
            let _ = send.send(Piece::End).await;
        } else {
            tracing::warn!("a copy broke off");
        }
    });
    (headers(today), Body::from_stream(pieces(receive))).into_response()
}

pub(super) fn headers(today: jiff::civil::Date) -> [(header::HeaderName, String); 2] {
    let name = format!("attachment; filename=\"qingdan-{today}.zip\"");
    [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, name)]
}

/// A piece of the archive, or that there is no more: one that breaks off must not look complete.
enum Piece {
    Of(Bytes),
    End,
}

fn pieces(receive: mpsc::Receiver<Piece>) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::unfold(Some(receive), async |receive| {
        let mut receive = receive?;
        match receive.recv().await {
            Some(Piece::Of(bytes)) => Some((Ok(bytes), Some(receive))),
            Some(Piece::End) => None,
            None => Some((Err(std::io::Error::other("the copy broke off")), None)),
        }
    })
}

struct Line(mpsc::Sender<Piece>);

impl Sink for Line {
    /// As fast as it is taken.
    async fn take(&mut self, bytes: Vec<u8>, _: u64) -> Result<(), Unsent> {
        Ok(tokio::time::timeout(PATIENCE, self.0.send(Piece::Of(bytes.into()))).await??)
    }
}

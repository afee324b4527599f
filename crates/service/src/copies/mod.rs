//! Copies that wait to be downloaded. A large one takes longer to send over a poor line than a company's database
//! should be kept open for, and a download that breaks off would have to be read again: so the worker writes it once,
//! sealed in pieces, and it goes when it was downloaded, or when its time is over.
//!
//! ```text
//! agreed    an officer agreed to one for somebody else, or to a transfer
//! ask       somebody wants one, sees how far it is, or wants it no more
//! extent    of which tables
//! prepare   the worker writes it
//! shelf     where it is written: sealed, piece after piece
//! told      whoever waits for it is told
//! hand_out  it is downloaded, once
//! end       its time is over, or an erasure withdraws it
//! ```

mod agreed;
mod ask;
mod end;
mod extent;
mod hand_out;
mod prepare;
mod shelf;
mod told;

pub use agreed::{Again, HandingOut, Over};
pub use extent::may_hand_out;
pub(crate) use extent::{chosen, read, written};
pub use hand_out::HandedOut;
pub use prepare::{Order, Unwritten, Writer, Written};
pub use shelf::Shelf;

use domain::{actor::Actor, audit::Action, ids::CopyId, request::Happened};
use store::{
    Tx,
    copies::{CopyFor, Going},
    history::Event,
};
use uuid::Builder;

use crate::{Portal, ServiceError};

/// As it stands in the audit log.
fn object(id: CopyId) -> String {
    format!("copy:{id}")
}

/// Why one has gone, as it stands in the audit log.
#[derive(Clone, Copy, Debug)]
enum Gone {
    Delivered,
    TimeOver,
    TriesOver,
    Unwanted,
    /// What an officer had agreed to was stopped.
    Stopped,
    Erasure,
    NotWritten,
}

impl Gone {
    const fn why(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::TimeOver => "time_over",
            Self::TriesOver => "tries_over",
            Self::Unwanted => "unwanted",
            Self::Stopped => "stopped",
            Self::Erasure => "erasure",
            Self::NotWritten => "not_written",
        }
    }

    fn detail(self) -> serde_json::Value {
        serde_json::json!({ "why": self.why() })
    }

    /// As it stands in a request's history.
    fn is(self, event: &Event) -> bool {
        let why = event.data.get("why").and_then(serde_json::Value::as_str);
        event.what == Happened::CopyEnded && why == Some(self.why())
    }
}

fn new_id(portal: &Portal) -> Result<CopyId, ServiceError> {
    Ok(CopyId(Builder::from_random_bytes(portal.chance.bytes()?).into_uuid()))
}

impl Portal {
    /// Enters that one has gone, and says so on the page of the request it was agreed to by.
    async fn copy_went(&self, tx: &Tx, copy: Going, gone: Gone) -> Result<(), ServiceError> {
        let now = self.clock.now();
        tx.audit(now, &Actor::System, Action::CopyEnded, object(copy.id), gone.detail()).await?;
        match copy.made_for {
            CopyFor::Oneself => Ok(()),
            CopyFor::Request(request) => {
                Ok(tx.add_event(request, now, &Actor::System, Happened::CopyEnded, gone.detail(), None).await?)
            }
        }
    }
}

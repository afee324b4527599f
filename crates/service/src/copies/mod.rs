//! Copies that wait to be downloaded. A large one takes longer to send over a poor line than a company's database
//! should be kept open for, and a download that breaks off would have to be read again: so the worker writes it once,
//! sealed in pieces, and it goes when it was downloaded, or when its time is over.
//!
//! ```text
//! ask       somebody wants one, sees how far it is, or wants it no more
//! prepare   the worker writes it
//! shelf     where it is written: sealed, piece after piece
//! hand_out  it is downloaded, once
//! end       its time is over, or an erasure withdraws it
//! ```

mod ask;
mod end;
mod hand_out;
mod prepare;
mod shelf;

pub use hand_out::HandedOut;
pub use prepare::{Order, Unwritten, Writer, Written};
pub use shelf::Shelf;

use domain::ids::CopyId;

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
    Erasure,
    NotWritten,
}

impl Gone {
    fn detail(self) -> serde_json::Value {
        let why = match self {
            Self::Delivered => "delivered",
            Self::TimeOver => "time_over",
            Self::TriesOver => "tries_over",
            Self::Unwanted => "unwanted",
            Self::Erasure => "erasure",
            Self::NotWritten => "not_written",
        };
        serde_json::json!({ "why": why })
    }
}

//! What had taken the records of an erasure before its turn came.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::RequestNumber;

/// There was nothing left to erase. By what it had gone, as far as the ledger knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gone(pub Vec<GoneBy>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum GoneBy {
    /// An earlier one of the same person. It has a certificate of its own, by which its part can be checked.
    Request { number: RequestNumber, on: Date },
    /// A night took records of these kinds whose period was over: which they were, nobody keeps.
    Night { on: Date },
    /// Several nights did, of which any may have been it.
    Nights { first: Date, last: Date },
}

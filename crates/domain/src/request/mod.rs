//! What a person asks for, how far it has come, and why it may be refused.

mod addressee;
mod comparison;
mod gone;
mod happened;
mod kind;
mod refusal;
mod requester;
mod side;
mod stage;
mod statistics;
mod template;
mod two;

pub use addressee::Addressee;
pub use comparison::{Compared, Point};
pub use gone::{Gone, GoneBy};
pub use happened::Happened;
pub use kind::{HandedOut, Handling, RequestKind};
pub use refusal::RefusalCode;
pub use requester::{Capacity, Channel, Checked, Requester};
pub use side::{Audience, Side, Standing};
pub use stage::{DecidedBy, Event, Impossible, Stage, StageName, Status, Waiting};
pub use statistics::{Counted, Statistics, Tally};
pub use template::Template;
pub use two::{ForTwo, Tier};

/// What one side writes to the other, in characters.
pub const LONGEST_WORDS: usize = 2_000;

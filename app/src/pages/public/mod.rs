//! What anyone may read, and the doors.

mod arrive;
mod errors;
mod home;
mod mailbox;
mod no_more;
pub mod policy;
pub mod proof;
mod provider;
mod recipient;
mod rights;
mod sign_in;
mod task;
mod transfer;
mod why_here;

pub use arrive::{arrive, arrive_gone};
pub(crate) use errors::problem_words;
pub use errors::{Problem, problem, signed_out};
pub use home::home;
pub use mailbox::{Message, mailbox};
pub use no_more::{Often, Received, no_more};
pub use provider::{Door, NotSignedIn, not_signed_in};
pub use recipient::recipient;
pub use rights::{Closing, rights};
pub use sign_in::{SentTo, code, confirm, email, parcel};
pub use task::task;
pub use transfer::{transfer, transfer_gone, transfer_preparing};

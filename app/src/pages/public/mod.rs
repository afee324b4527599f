//! What anyone may read, and the doors.

mod errors;
mod home;
mod mailbox;
mod policy;
mod sign_in;

pub use errors::{Problem, problem};
pub use home::home;
pub use mailbox::{Message, mailbox};
pub use policy::policy;
pub use sign_in::{code, confirm, email, parcel};

//! The few things HTML alone cannot do. Each page works without them.

pub mod check_file;
pub mod follow;
pub mod queue_keys;

pub use check_file::{CheckFile, Verdicts};
pub use follow::Follow;
pub use queue_keys::QueueKeys;

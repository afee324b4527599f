//! The few things HTML alone cannot do. Each page works without them.

pub mod follow;
pub mod queue_keys;

pub use follow::Follow;
pub use queue_keys::QueueKeys;

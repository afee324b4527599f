//! A request from filing to its answer.

mod correct;
mod decide;
mod delete;
mod execute;
mod file;
mod follow;
pub mod tasks;
mod unlock;

pub use correct::{Corrected, CorrectionDetails, CorrectionForm, Refused};
pub use decide::{Case, QueueRow};
pub use follow::Followed;
pub use unlock::{By, LockedAway, Opening};

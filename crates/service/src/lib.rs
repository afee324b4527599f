//! What the product does, one use case a file.
//!
//! ```text
//! sign_in/   customers by one-time code, staff by password and second factor
//! mine       everything held about a person
//! copy       everything held, to take away
//! copies/    copies that wait to be downloaded
//! requests/  file, follow, decide, carry out
//! night/     the purge of what is past its period
//! proof      certificates, and what others check them with
//! replay     erasures and corrections again, after a backup was restored
//! rescan     whether what no rule reaches still mentions someone who was erased
//! programs   what other software of the company's may do here
//! webhooks   telling other software of changes
//! calendar   years announced since this was built, reminders before dates pass
//! policy/    versions, notices of change, renewed consent, drift
//! live       the portal by the version in force
//! run        the one driver of the executor: ledger, steps, second look
//! worker     takes jobs and carries them out
//! ```

mod also_known;
pub mod calendar;
pub mod copies;
pub mod copy;
pub mod error;
pub mod holds;
mod left_behind;
pub mod live;
pub mod mine;
pub mod night;
pub mod notice;
pub mod policy;
pub mod portal;
pub mod programs;
pub mod proof;
pub mod register;
pub mod replay;
pub mod requests;
pub mod rescan;
mod run;
pub mod sign_in;
mod statistics;
pub mod subject;
pub mod webhooks;
pub mod worker;

pub use error::ServiceError;
pub use live::Live;
pub use notice::Notice;
pub use policy::in_force as policy_in_force;
pub use portal::{Chance, Clock, Portal, Settings};
pub use run::Progress;

// What pages need of the layers below, under one roof.
pub use sources;
pub use store;

//! The company's databases: the one place that compiles the data map to SQL, and the one place
//! that writes to them.
//!
//! ```text
//! select/   who a row is about, when its time is up, what else points at it   (pure: SQL as values)
//! gather    everything held about a person, read-only, one snapshot a source
//! plan      what an erasure or a night would do, counted
//! execute   the executor: the only statements that change a company's rows
//! check     the map against the live catalogue
//! ```

pub mod account;
pub mod affected;
pub mod blockers;
pub mod catalogue;
pub mod check;
pub mod connect;
pub mod error;
pub mod execute;
pub mod fault;
pub mod gather;
pub mod http;
mod indexes;
pub mod lock;
pub mod pace;
mod patience;
pub mod plan;
pub mod pressure;
pub mod reach;
pub mod received;
pub mod rescan;
pub mod scan;
pub mod scope;
mod select;
pub mod size;
pub mod system;

pub use connect::{NoUrl, Source, Sources};
pub use domain::Key;
pub use error::SourceError;
pub use scope::{OnHold, Person, Scope, Terms};
pub use select::{Common, points_at};

//! The data map: one directory of TOML files that is the policy customers read, the page where
//! they see their data, the plan an erasure follows and the rule the nightly purge executes.
//!
//! [`written`] is the grammar as people type it, [`resolve`] turns it into a [`DataMap`] whose
//! references all hold, and every [`Problem`] names file, line, what is wrong and what to write
//! instead. `docs/MAP.md` explains the format with examples.

mod account;
pub mod again;
mod along;
pub mod diff;
pub mod draft;
mod extent;
mod found;
mod kind;
mod load;
mod problem;
mod resolve;
mod resolved;
pub mod written;

pub use extent::{Extent, OneRecord};
pub use found::Unfound;
pub use kind::{Kind, Sensitivity};
pub use load::{MapFile, load, load_dir, restore, schema};
pub use problem::{Problem, Severity};
pub use resolved::{
    Account, Anonymise, Blocker, Coarse, Column, Correctable, DataMap, Disposal, Engine, Field, FieldOf, MapHash,
    Meanwhile, Moment, OWN, PerPerson, Place, Reference, Restriction, Retention, Role, RoleName, RoleRef, Shared,
    SourceName, Spelled, Table, TableName, Through, Way, When,
};
pub use written::{Basis, Floor, MinorsAre, RecipientAs};

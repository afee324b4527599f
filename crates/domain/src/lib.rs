//! The law and the data map as pure types: no clock, no randomness, no input or output.
//!
//! Everything here also builds for wasm32, so that a browser can check what a server claims.

#[macro_use]
mod all;

pub mod actor;
pub mod audit;
pub mod breaker;
pub mod calendar;
pub mod china;
pub mod consent;
pub mod file;
pub mod formats;
pub mod given;
pub mod hold;
pub mod ids;
pub mod json;
pub mod lang;
pub mod look;
pub mod map;
pub mod mask;
pub mod mentions;
pub mod period;
pub mod permit;
pub mod personal;
pub mod plan;
pub mod policy;
pub mod proof;
pub mod report;
pub mod request;
pub mod row;
pub mod said;

pub use lang::{Lang, Words};
pub use personal::{Email, Identifier, IdentifierKind, Mobile, Personal};
pub use row::{Key, Rows};

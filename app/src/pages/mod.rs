//! Pages, by who they are for.

pub mod customer;
pub mod officer;
pub mod public;

pub(crate) use customer::status_word as customer_status_word;

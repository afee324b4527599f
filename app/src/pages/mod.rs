//! Pages, by who they are for.

pub mod customer;
pub mod officer;
pub mod public;

pub(crate) use customer::{stage_word as customer_stage_word, status_word as customer_status_word};

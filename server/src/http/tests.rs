//! The portal through its public surface: actors as values, a frozen clock, what they see.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod abroad;
mod access;
mod account;
mod agreed;
mod api;
mod bad_input;
mod calendar;
mod copies;
mod delete;
mod desk;
mod holds;
mod identity_provider;
mod locked;
mod messages;
mod nights;
mod officers;
mod own;
#[cfg(feature = "pdf")]
mod pdf;
mod policy;
mod proof;
mod provider;
mod queue;
mod register;
mod represent;
mod requests;
mod rescan;
mod restrict;
mod rights;
mod sides;
mod systems;
mod unsent;
mod uses;
mod webhooks;
mod world;

use world::World;

//! The portal through its public surface: actors as values, a frozen clock, what they see.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod abroad;
mod access;
mod account;
mod accounts;
mod agreed;
mod api;
mod audit_log;
mod bad_input;
mod calendar;
mod closing;
mod colleagues;
mod copies;
mod corrections;
mod decide;
mod delete;
mod desk;
mod duplicates;
mod for_others;
mod for_others_by_program;
mod half_way;
mod holds;
mod identity_provider;
mod intake;
mod left_behind;
mod left_out;
mod lists;
mod locked;
mod messages;
mod nights;
mod nothing_left;
mod officers;
mod one_record;
mod orientation;
mod other_names;
mod own;
mod own_password;
#[cfg(feature = "pdf")]
mod pdf;
mod policy;
mod programs;
mod proof;
mod provider;
mod queue;
mod recipients;
mod register;
mod replayed;
mod represent;
mod requests;
mod rescan;
mod restrict;
mod rights;
mod separate;
mod sides;
mod sign_in;
mod slow_database;
mod systems;
mod under_way;
mod unsent;
mod uses;
mod values;
mod webhooks;
mod world;

use world::World;

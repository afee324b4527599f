//! Runs of the executor through the service: interrupted, replayed, cut short.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, unreachable_pub, reason = "tests")]

mod accounted;
mod at_work;
mod faults;
mod given_back;
mod grown;
mod lost;
mod night;
mod overtaken;
mod partitions;
mod pointed_at;
mod power;
mod race;
mod replay;
mod resumed;
mod world;

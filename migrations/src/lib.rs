//! The portal's own database, step by step. A migration that has been released is never edited.
//!
//! Moments are milliseconds since 1970 in UTC (`*_at`), days are `YYYY-MM-DD` text (`*_on`), so
//! that `SQLite` and `PostgreSQL` hold the same. Columns named `*_sealed` are encrypted; columns named
//! `*_index` are keyed hashes to search by.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

mod m0001_portal;
mod m0002_policy;
mod m0003_engine;
mod m0004_unlock;
mod m0005_desk;
mod m0006_calendar;
mod m0007_requesters;
mod m0008_doors;
mod m0009_consents;
mod m0010_transfers;
mod m0011_views;
mod m0012_copies;
mod m0013_sides;
mod m0014_leases;
mod m0015_filed_as;
mod m0016_agreed_copies;
mod m0017_transfer_index;
mod m0019_colleagues;
mod m0020_notified;
mod m0022_reminded;
mod m0023_left;
mod m0024_untold;
mod m0027_audit_sought;
mod m0029_set_aside_why;
mod m0030_said_by_request;
mod m0031_codes_first;
mod m0032_release_asked;
mod m0035_looks;
mod m0036_night_of;
mod m0037_unsaid;
mod m0039_queue;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_portal::Migration),
            Box::new(m0002_policy::Migration),
            Box::new(m0003_engine::Migration),
            Box::new(m0004_unlock::Migration),
            Box::new(m0005_desk::Migration),
            Box::new(m0006_calendar::Migration),
            Box::new(m0007_requesters::Migration),
            Box::new(m0008_doors::Migration),
            Box::new(m0009_consents::Migration),
            Box::new(m0010_transfers::Migration),
            Box::new(m0011_views::Migration),
            Box::new(m0012_copies::Migration),
            Box::new(m0013_sides::Migration),
            Box::new(m0014_leases::Migration),
            Box::new(m0015_filed_as::Migration),
            Box::new(m0016_agreed_copies::Migration),
            Box::new(m0017_transfer_index::Migration),
            Box::new(m0019_colleagues::Migration),
            Box::new(m0020_notified::Migration),
            Box::new(m0022_reminded::Migration),
            Box::new(m0023_left::Migration),
            Box::new(m0024_untold::Migration),
            Box::new(m0027_audit_sought::Migration),
            Box::new(m0029_set_aside_why::Migration),
            Box::new(m0030_said_by_request::Migration),
            Box::new(m0031_codes_first::Migration),
            Box::new(m0032_release_asked::Migration),
            Box::new(m0035_looks::Migration),
            Box::new(m0036_night_of::Migration),
            Box::new(m0037_unsaid::Migration),
            Box::new(m0039_queue::Migration),
        ]
    }
}

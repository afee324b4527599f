//! What staff see.

mod accounts;
mod acted;
mod ask;
mod audit;
mod bulk;
mod case;
mod check;
mod colleagues;
mod doors;
mod drift;
mod extent;
mod heed;
mod holds;
mod intake;
mod locked;
mod nights;
mod notified;
mod own_password;
mod pass_on;
mod people;
mod queue;
mod register;
mod release;
mod rescan;
mod rows;
mod sign_in;
mod simulate;
mod statistics;
mod versions;
mod words;
mod work_out;

pub use accounts::accounts;
pub use audit::{Log, audit, audit_head, audit_line};
pub use bulk::{bulk_done, bulk_preview};
pub use case::{May, Revealed, case};
pub use check::{Refusal, check_approval, check_refusal};
pub use doors::{Doors, doors};
pub use drift::drift;
pub use holds::{MayKeep, check_hold, example, hold, hold_form, holds, new_hold};
pub use intake::{RECEIVED, intake, intake_against, intake_check, intake_which};
pub use locked::locked;
pub use nights::{MayRelease, nights};
pub use notified::tell;
pub use own_password::{Changed, own_password};
pub use people::people;
pub use queue::{Desk, find, queue, view_query};
pub use register::{head as register_head, line as register_line, register};
pub use release::release;
pub use sign_in::{enrol, password, second_factor};
pub use simulate::{Simulation, simulate};
pub use statistics::{
    by_kind as statistics_by_kind, by_month as statistics_by_month, head as statistics_head, statistics,
};
pub use versions::{Refused, version, versions};
pub use work_out::{new_value, work_out};

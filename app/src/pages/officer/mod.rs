//! What staff see.

mod audit;
mod case;
mod colleagues;
mod drift;
mod holds;
mod locked;
mod nights;
mod queue;
mod register;
mod rescan;
mod sign_in;
mod simulate;
mod versions;

pub use audit::audit;
pub use case::{May, Revealed, case};
pub use drift::drift;
pub use holds::{MayKeep, check_hold, example, hold, hold_form, holds, new_hold};
pub use locked::locked;
pub use nights::{MayRelease, nights};
pub use queue::{Desk, find, queue};
pub use register::{head as register_head, line as register_line, register};
pub use sign_in::{enrol, password, second_factor};
pub use simulate::{Simulation, simulate};
pub use versions::{Refused, version, versions};

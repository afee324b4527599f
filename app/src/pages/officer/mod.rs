//! What staff see.

mod audit;
mod case;
mod nights;
mod queue;
mod sign_in;

pub use audit::audit;
pub use case::{May, Revealed, case};
pub use nights::nights;
pub use queue::queue;
pub use sign_in::{enrol, password, second_factor};

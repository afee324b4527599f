//! The policy: versions that two people publish, whom they are told to, who must agree again, and whether
//! the databases still are as the map says.

mod consent;
mod drift;
mod publish;
mod tell;

pub use consent::Reconsent;
pub(crate) use consent::Spoken;
pub use publish::{Open, Published, in_force};

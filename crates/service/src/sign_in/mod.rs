//! Who is at the door.

mod accounts;
mod change;
mod code;
mod handover;
mod new_contact;
mod passwords;
mod provider;
mod staff;

pub use accounts::{FirstPassword, Opened};
pub use change::{NewPassword, PasswordChange, SHORTEST_PASSWORD};
pub use code::{Asked, Entered};
pub use new_contact::WrongCode;
pub use passwords::Passwords;
pub use staff::{Enrolled, FirstFactor, SecondFactor};

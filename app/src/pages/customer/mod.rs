//! What a signed-in person sees of themselves.

mod correct;
mod delete;
mod mine;
mod request;
mod requests;

pub use correct::correct;
pub use delete::delete;
pub use mine::mine;
pub use request::{Arrival, request};
pub(crate) use request::{change, change_list, stage_word};
pub use requests::requests;

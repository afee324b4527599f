//! What a signed-in person sees of themselves.

mod consent;
mod correct;
mod delete;
mod lists;
mod mine;
mod request;
mod requests;

pub use consent::consent;
pub use correct::correct;
pub use delete::delete;
pub use lists::lists;
pub use mine::mine;
pub use request::{Arrival, request};
pub(crate) use request::{change, change_list, stage_word};
pub use requests::requests;

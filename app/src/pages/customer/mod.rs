//! What a signed-in person sees of themselves.

mod agreed;
pub(crate) mod asking;
mod between;
mod cancel;
mod consent;
mod copy;
mod correct;
mod delete;
mod delete_unread;
mod done;
mod elsewhere;
mod kept_copy;
mod lists;
mod mine;
mod other_way;
mod recipients;
mod represent;
mod request;
mod requests;
mod restrict;
mod transfer;
mod uses;
mod wish;

pub use agreed::request_word;
pub use asking::CHOOSE;
pub use cancel::{cancel, cancel_unread, closes_already, no_account};
pub use consent::{Spoken, consent};
pub use copy::{CopyWay, copy};
pub use correct::{correct, correct_code};
pub use delete::{Already, RECORD, delete, record_gone, shown};
pub use delete_unread::{delete_unread, record_unread};
pub(crate) use done::left_out;
pub use kept_copy::{copy_word, kept_copy};
pub use lists::lists;
pub use mine::{OnTop, mine};
pub use represent::{represent, represent_check, represent_which};
pub use request::{Arrival, Visit, request};
pub(crate) use request::{
    change_list, changes, copy_of, one_record, only_of, refused_because, status_word, undecided_deletion,
};
pub use requests::{Shown, Turns, requests};
pub use restrict::{lift, restrict};
pub use transfer::transfer_link;
pub(crate) use wish::asked;
pub use wish::wish;

//! The map as conditions. Nothing here talks to a database.

mod coarse;
mod column;
mod outcome;
mod pointer;
mod restriction;
mod spelling;
mod when;
mod who;

pub use coarse::Common;
pub(crate) use coarse::{ToFind, coarsened, common_groups};
pub(crate) use column::{
    At, as_text, bind, bound, broken, col, column_text, is_after, is_written, json_in_text, json_with, key_columns,
    key_is, key_is_after, key_is_one_of, key_is_up_to, key_texts, place_text, place_text_if_valid, table_as, table_ref,
    together,
};
pub(crate) use outcome::{ERASED, Instead, Part, Reaches, What, is_written_to, parts, reaches};
pub use pointer::points_at;
pub(crate) use pointer::{Pointer, going_rows, pointers};
pub(crate) use restriction::restricted;
pub(crate) use spelling::index_expression;
pub(crate) use when::first_kept_day;
pub(crate) use who::{about, could_be_shared, held};

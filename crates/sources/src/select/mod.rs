//! The map as conditions. Nothing here talks to a database.

mod column;
mod outcome;
mod when;
mod who;

pub(crate) use column::{At, bind, cast_text, column_text, key_columns, key_is, key_is_after, key_is_up_to, table_ref};
pub(crate) use outcome::{ERASED, Part, What, is_not_true, parts};
pub(crate) use who::about;

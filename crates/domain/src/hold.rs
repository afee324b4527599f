//! What a legal hold protects. A hold beats every erasure, until somebody with authority lifts it.

use jiff::civil::Date;

use crate::{
    Identifier, Personal,
    map::{Column, TableName},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldOn {
    /// Everything about a person.
    Person(Vec<Identifier>),
    /// Rows of a table, and what is found along them in the same database. What was locked away cannot be looked
    /// into: there all of these tables is protected.
    Rows(HeldRows),
}

/// All rows of a table, or those of them that meet both conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRows {
    pub table: TableName,
    /// Whose period began between these days, both included.
    pub begun: Option<(Date, Date)>,
    /// With one of these values in a field. One the map no longer has narrows nothing: rather too much is
    /// protected than too little.
    pub with: Option<(Column, Vec<Personal>)>,
}

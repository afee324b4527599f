//! What a statement is about: a person, what is due, or rows set aside earlier.

use domain::{
    Identifier,
    map::{DataMap, RoleName, TableName},
};
use jiff::civil::Date;

use crate::catalogue::Catalogues;

/// The values of a row's key columns, as text. Pseudonymous: says nothing without the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub Vec<String>);

#[derive(Clone, Debug)]
pub enum Scope {
    /// Everything about the person with these identifiers.
    Person(Vec<Identifier>),
    /// Everything whose period has ended.
    Expired,
    /// Rows an earlier erasure had to leave because a floor was still running.
    SetAside { table: TableName, roles: Vec<RoleName>, keys: Vec<Key> },
}

/// Someone whose data a hold protects.
#[derive(Clone, Debug)]
pub struct HeldPerson {
    pub identifiers: Vec<Identifier>,
}

/// Everything a statement is compiled from.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub map: &'a DataMap,
    pub catalogues: &'a Catalogues,
    pub scope: &'a Scope,
    pub holds: &'a [HeldPerson],
    /// The day periods are measured against, in China.
    pub as_of: Date,
}

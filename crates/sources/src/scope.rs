//! What a statement is about: a person, what is due, or rows set aside earlier.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Identifier, IdentifierKind, Key, Rows,
    hold::HeldRows,
    map::{DataMap, RoleName, TableName, Through},
    plan::Restricting,
};
use jiff::civil::Date;

use crate::{Common, catalogue::Catalogues};

/// Somebody, by what they proved and by where that leads in other databases.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub identifiers: Vec<Identifier>,
    /// How their rows are found.
    pub(crate) found: Found,
    /// How they would be found without the one record this is about: what is found so does not hang on it.
    pub(crate) otherwise: Option<Found>,
    /// Where an identifier stood in several people's rows when it was looked up, and so leads to none.
    pub(crate) shared: BTreeSet<(TableName, IdentifierKind)>,
    /// The only tables it is about; all where there is none.
    pub(crate) only: Option<BTreeSet<TableName>>,
    /// What is stopped for them, or goes on again.
    pub(crate) restricting: Vec<Restricting>,
}

impl Person {
    /// By identifiers alone, for maps without paths between databases.
    pub fn new(identifiers: Vec<Identifier>) -> Self {
        Self { identifiers, ..Self::default() }
    }

    /// What was shared when a plan was made stays shared while it is carried out: when one of the two
    /// accounts is gone, the number must not lead to the other.
    #[must_use]
    pub fn knowing(mut self, shared: &[(TableName, IdentifierKind)]) -> Self {
        self.shared.extend(shared.iter().cloned());
        self
    }

    /// What they have in these tables, and nothing else.
    #[must_use]
    pub fn only_in(mut self, tables: impl IntoIterator<Item = TableName>) -> Self {
        self.only = Some(tables.into_iter().collect());
        self
    }

    /// Of what they have, only what is in these tables.
    #[must_use]
    pub fn within(mut self, tables: impl IntoIterator<Item = TableName>) -> Self {
        let tables = tables.into_iter().filter(|table| self.covers(table)).collect();
        self.only = Some(tables);
        self
    }

    /// Also where rows say whether a purpose is restricted for them.
    #[must_use]
    pub fn restricting(mut self, what: impl IntoIterator<Item = Restricting>) -> Self {
        self.restricting = what.into_iter().collect();
        self
    }

    /// Whether it is about rows of this table at all.
    pub(crate) fn covers(&self, table: &TableName) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(table))
    }

    pub(crate) fn shares(&self, table: &TableName, kind: IdentifierKind) -> bool {
        self.shared.contains(&(table.clone(), kind))
    }
}

/// What leads to rows beside what was proven.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Rows that are taken for nobody's, nor for a step on a path.
    pub(crate) without: Rows,
    /// What paths between databases lead to, as values of the columns pointed at.
    reached: BTreeMap<(TableName, RoleName, String), Vec<String>>,
}

impl Found {
    pub(crate) fn without(rows: Rows) -> Self {
        Self { without: rows, ..Self::default() }
    }

    pub(crate) fn reached(&self, path: &Through) -> Option<&Vec<String>> {
        self.reached.get(&key(path)?)
    }

    /// A path leads to these values.
    pub(crate) fn reaches(&mut self, path: &Through, values: Vec<String>) {
        self.reached.extend(key(path).map(|key| (key, values)));
    }
}

/// Paths with the same key lead to the same values.
pub(crate) fn key(path: &Through) -> Option<(TableName, RoleName, String)> {
    Some((path.parent.clone(), path.role.clone(), path.on.first()?.0.clone()))
}

/// What a hold protects, with a person's paths followed.
#[derive(Clone, Debug)]
pub enum OnHold {
    Person(Person),
    Rows(HeldRows),
    /// What was locked away for the request of someone who is held.
    Lot(String),
}

impl OnHold {
    /// Of the person, where it is one.
    pub fn identifiers(&self) -> &[Identifier] {
        match self {
            Self::Person(person) => &person.identifiers,
            Self::Rows(_) | Self::Lot(_) => &[],
        }
    }
}

#[derive(Clone, Debug)]
pub enum Scope {
    /// Everything about this person.
    Person(Person),
    /// Everything whose period has ended.
    Expired,
    /// Rows an earlier erasure had to leave because a floor was still running.
    SetAside { table: TableName, roles: Vec<RoleName>, keys: Vec<Key> },
}

impl<'a> Terms<'a> {
    /// For showing what is there: nothing is held and no period counts.
    pub(crate) fn to_show(map: &'a DataMap, catalogues: &'a Catalogues, scope: &'a Scope) -> Self {
        Self { map, catalogues, scope, holds: &[], as_of: Date::MAX, common: None }
    }

    /// A hold protects this very person.
    pub(crate) fn is_held(&self, person: &Person) -> bool {
        self.holds.iter().flat_map(OnHold::identifiers).any(|held| person.identifiers.contains(held))
    }
}

/// Everything a statement is compiled from.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub map: &'a DataMap,
    pub catalogues: &'a Catalogues,
    pub scope: &'a Scope,
    /// What holds protect.
    pub holds: &'a [OnHold],
    /// The day periods are measured against, in China.
    pub as_of: Date,
    /// What may stay of values that are cut down, where it was looked up. A step's own look is another's wait.
    pub common: Option<&'a Common>,
}

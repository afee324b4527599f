//! Whether somebody has an account: a row of theirs in the role the map calls one.

use domain::map::{DataMap, RoleRef, Way};
use sea_orm::sea_query::Condition;

use crate::{Person, SourceError, Sources, blockers::Theirs};

/// What is known of somebody's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// The map does not say which rows are accounts.
    NotSaid,
    Found,
    /// What they proved stands in several, and leads to none.
    Shared,
    NotFound,
}

/// # Errors
/// A database that does not answer: without it nobody knows.
pub async fn account(sources: &Sources, map: &DataMap, person: &Person) -> Result<Account, SourceError> {
    let Some(of) = &map.account.of else { return Ok(Account::NotSaid) };
    let rows = match Theirs::find(sources, map, person, of, |_, _| Condition::all()).await? {
        Some(theirs) => theirs.count().await?,
        None => 0,
    };
    Ok(match rows {
        0 if is_shared(map, person, of) => Account::Shared,
        0 => Account::NotFound,
        _ => Account::Found,
    })
}

/// Something they proved stands in several people's rows on the way to this role.
fn is_shared(map: &DataMap, person: &Person, of: &RoleRef) -> bool {
    let ways = map.table(&of.table).and_then(|table| table.role(&of.role)).map(|role| role.ways.as_slice());
    ways.unwrap_or_default().iter().any(|way| match way {
        Way::Identified { by, .. } => person.shares(&of.table, *by),
        Way::Through(path) => is_shared(map, person, &RoleRef { table: path.parent.clone(), role: path.role.clone() }),
    })
}

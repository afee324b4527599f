//! What may stay of values that are cut down, looked up before a step begins: with its locks held it would read the
//! whole table, and all others would wait for that.

use domain::plan::{Item, Outcome};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::{
    SourceError, Sources, Terms,
    select::{Common, ToFind, common_groups},
};

/// Values a statement may name; SQLite takes 32,766 of them.
const MOST_NAMED: usize = 30_000;

/// What enough rows share of the table of an item. `None` where nothing is cut down, and where it has more groups than
/// a statement can name, which then looks itself. A walk goes by it to its end: what too few share by then, the next
/// night finds.
///
/// # Errors
/// What the database says.
pub async fn common(sources: &Sources, terms: &Terms<'_>, item: &Item) -> Result<Option<Common>, SourceError> {
    match item.outcome {
        Outcome::Anonymised | Outcome::LockedAway { .. } => {}
        // Nothing of these is cut down.
        Outcome::Deleted
        | Outcome::Destroyed
        | Outcome::Restricted { .. }
        | Outcome::Corrected { .. }
        | Outcome::ByHand { .. }
        | Outcome::Kept { .. } => return Ok(None),
    }
    let (Some(source), Some(table)) = (sources.get(&item.table.source), terms.map.table(&item.table)) else {
        return Ok(None);
    };
    let Some(ToFind { mut groups, fields }) = common_groups(terms, table, &item.roles) else { return Ok(None) };
    // Each of the fields is compared with all groups twice: is it to be changed, and into what.
    let most = MOST_NAMED / (2 * fields * fields);
    let fail = |error: DbErr| SourceError::from_db(&source.name, Some(&item.table), &error);
    let rows = source.reading().await?.query_all(groups.limit(most as u64 + 1)).await.map_err(fail)?;
    let group = |row: &QueryResult| (0..fields).map(|n| row.try_get_by_index(n)).collect::<Result<_, _>>();
    let groups: Vec<Vec<String>> = rows.iter().map(group).collect::<Result<_, _>>().map_err(fail)?;
    let are_named = groups.len() <= most;
    Ok(are_named.then(|| Common { table: item.table.clone(), roles: item.roles.clone(), groups }))
}

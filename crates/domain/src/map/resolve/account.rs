//! What has to be settled before an account can be cancelled.

use super::{Found, table::when};
use crate::{
    map::{
        Account, Blocker, Column, Engine, Problem, RoleName, RoleRef, TableName,
        written::{self, Map},
    },
    period::Period,
};

pub(super) fn resolve(map: &Map, found: &mut Vec<Found>) -> Account {
    let blockers = map.account.blocker.iter().filter_map(|(name, blocker)| match resolve_blocker(map, blocker) {
        Ok(blocker) => Some(blocker),
        Err((key, problem)) => {
            found.push((path!["account", "blocker", name, key], problem));
            None
        }
    });
    let blockers = blockers.collect();
    let of = map.account.of.as_deref().and_then(|of| match role_named(map, of) {
        Ok(of) => Some(of),
        Err(problem) => {
            found.push((path!["account", "of"], problem));
            None
        }
    });
    if map.account.cool_off > Period::days(15) {
        let wrong = "does not end within the 15 working days of an answer";
        found.push((path!["account", "cool_off"], Problem::error(wrong, "write \"3 days\", or 15 at the most")));
    }
    if map.portal.keep_evidence > Period::days(30) {
        let wrong = "keeps what shows who somebody is longer than it serves (GB/T 35273 §8.5)";
        let problem = Problem::error(wrong, "write \"30 days\", or less");
        found.push((path!["portal", "keep_evidence"], problem));
    }
    if map.portal.keep_copies > Period::days(30) {
        let wrong = "keeps copies longer than anybody needs to download one";
        found.push((path!["portal", "keep_copies"], Problem::error(wrong, "write \"7 days\", or 30 at the most")));
    }
    Account { of, cool_off: map.account.cool_off, blockers }
}

/// A role whose rows can be looked at: `source.table.role`.
fn role_named(map: &Map, of: &str) -> Result<RoleRef, Problem> {
    let wrong = || {
        let what = format!("“{of}” names no role of a mapped table");
        Problem::error(what, "write source.table.role, as in \"company.waybills.sender\"")
    };
    let (table, role) = of.rsplit_once('.').ok_or_else(wrong)?;
    map.table.get(table).filter(|table| table.role.contains_key(role)).ok_or_else(wrong)?;
    let table = TableName::parse(table).ok_or_else(wrong)?;
    let engine = map.source.get(table.source.as_str()).map(|source| source.engine);
    if matches!(engine, Some(Engine::Http | Engine::Manual)) {
        let what = format!("{table} is in a system that cannot be asked");
        return Err(Problem::error(what, "name a table of a database"));
    }
    Ok(RoleRef { table, role: RoleName(role.to_owned()) })
}

fn resolve_blocker(map: &Map, blocker: &written::Blocker) -> Result<Blocker, (&'static str, Problem)> {
    let of = role_named(map, &blocker.of).map_err(|problem| ("of", problem))?;
    if blocker.when.is_empty() && blocker.empty.is_empty() {
        let what = "would stand against it for ever: every row of the person's meets it";
        return Err((
            "when",
            Problem::error(what, "write when = { status = [\"in_transit\"] } or empty = [\"paid_at\"]"),
        ));
    }
    Ok(Blocker {
        words: blocker.name.clone(),
        remedy: blocker.remedy.clone(),
        of,
        when: when(&blocker.when),
        empty: blocker.empty.iter().cloned().map(Column).collect(),
    })
}

//! Where the company's programs look whether somebody has restricted a purpose.

use super::{Found, unknown};
use crate::map::{
    Column, Problem, Restriction, RoleName,
    written::{self, Map},
};

pub(super) fn resolve(name: &str, table: &written::Table, map: &Map, found: &mut Vec<Found>) -> Vec<Restriction> {
    let resolved = table.restriction.iter().map(|(key, written)| {
        let wrong = problems(name, table, map, written);
        found.extend(wrong.map(|(field, problem)| (path!["table", name, "restriction", key, field], problem)));
        Restriction {
            purpose: written.purpose.clone(),
            cover: written.cover,
            role: RoleName(written.of.clone()),
            column: Column(written.column.clone()),
            restricted: written.restricted.clone(),
            open: written.open.clone(),
        }
    });
    resolved.collect()
}

fn problems(
    name: &str,
    table: &written::Table,
    map: &Map,
    written: &written::Restriction,
) -> impl Iterator<Item = (&'static str, Problem)> {
    let purpose =
        (!map.purpose.contains_key(&written.purpose)).then(|| unknown("purpose", &written.purpose, map.purpose.keys()));
    let of = (!table.role.contains_key(&written.of)).then(|| unknown("role", &written.of, table.role.keys()));
    let key = table.key.contains(&written.column).then(|| {
        Problem::error("is part of the key and cannot be written", "name a column that says nothing but this")
    });
    let alike = (written.open.as_ref() == Some(&written.restricted)).then(|| {
        let instead = "write what stands there while it is not restricted, or leave it out";
        Problem::error("says the same whether the purpose is restricted or not", instead)
    });
    let source = name.split('.').next().and_then(|source| map.source.get(source));
    let reached = source.is_none_or(|source| source.engine.has_sql());
    let engine = (!reached).then(|| {
        let instead = "leave it out: an officer has it done there, and says so in the answer";
        Problem::error("is in a system that has no columns to write", instead)
    });
    [("purpose", purpose), ("of", of), ("column", key), ("open", alike), ("column", engine)]
        .into_iter()
        .filter_map(|(field, problem)| problem.map(|problem| (field, problem)))
}

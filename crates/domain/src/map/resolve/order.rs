//! In which order tables are erased.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use crate::map::{Problem, RoleName, Table, TableName, Way};

type Node = (TableName, RoleName);

/// Children before the tables they point at, so that what identifies a person goes last. Tables may
/// point at each other and at themselves; only a role that leads back to itself has no beginning.
pub(super) fn children_first(mut tables: Vec<Table>, found: &mut Vec<Found>) -> Vec<Table> {
    let depths = depths(&tables, found);
    let depth = |table: &Table, role: &RoleName| depths.get(&(table.name.clone(), role.clone())).copied().unwrap_or(0);
    for table in &mut tables {
        let name = table.name.clone();
        table.roles.sort_by_key(|role| {
            (std::cmp::Reverse(depths.get(&(name.clone(), role.name.clone())).copied().unwrap_or(0)), role.name.clone())
        });
    }
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let pointed_at: BTreeSet<TableName> = tables
            .iter()
            .flat_map(|table| table.paths().filter(|path| path.parent != table.name).map(|path| path.parent.clone()))
            .collect();
        let (free, rest): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| !pointed_at.contains(&table.name));
        tables = rest;
        if free.is_empty() {
            // Tables in a circle: the one whose people are furthest from their identifiers first.
            let furthest = |table: &Table| table.roles.iter().map(|role| depth(table, &role.name)).max();
            let Some(n) = (0..tables.len()).max_by_key(|n| tables.get(*n).and_then(furthest)) else { break };
            ordered.push(tables.remove(n));
        }
        ordered.extend(free);
    }
    ordered
}

/// How many steps a role is away from an identifier.
fn depths(tables: &[Table], found: &mut Vec<Found>) -> BTreeMap<Node, usize> {
    let mut depths = BTreeMap::new();
    for table in tables {
        for role in &table.roles {
            let node = (table.name.clone(), role.name.clone());
            if depth(tables, &node, &mut Vec::new(), &mut depths).is_none() {
                found.push((
                    path!["table", table.name, "role", role.name],
                    Problem::error(
                        "leads back to itself, so that it never reaches a person",
                        "let one of the roles on the way use identified_by",
                    ),
                ));
            }
        }
    }
    depths
}

/// `None` for a way that comes back to where it began.
fn depth(
    tables: &[Table],
    node: &Node,
    on_the_way: &mut Vec<Node>,
    known: &mut BTreeMap<Node, usize>,
) -> Option<usize> {
    if let Some(depth) = known.get(node) {
        return Some(*depth);
    }
    if on_the_way.contains(node) {
        return None;
    }
    let role = tables.iter().find(|table| table.name == node.0).and_then(|table| table.role(&node.1))?;
    on_the_way.push(node.clone());
    let mut deepest = 0;
    for way in &role.ways {
        if let Way::Through(path) = way {
            deepest = deepest.max(1 + depth(tables, &(path.parent.clone(), path.role.clone()), on_the_way, known)?);
        }
    }
    on_the_way.pop();
    known.insert(node.clone(), deepest);
    Some(deepest)
}

/// A row other rows point at, or several people share, may have to stay: then there must be
/// something in it to empty.
pub(super) fn emptiable(tables: &[Table], found: &mut Vec<Found>) {
    for table in tables {
        let referenced = tables.iter().flat_map(Table::paths).any(|path| path.parent == table.name);
        let roles = table.role_names();
        if (referenced || table.is_shared()) && table.fields_to_anonymise(&roles).next().is_none() {
            found.push((
                path!["table", table.name, "field"],
                Problem::error(
                    "may have to be anonymised (other rows point at it, or several people share it), but no field would change",
                    "give its personal fields a kind",
                ),
            ));
        }
    }
}

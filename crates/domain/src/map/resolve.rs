//! From what is written to what holds: every reference followed, every contradiction named.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{
    Anonymise, Column, DataMap, Field, FieldOf, MapHash, Problem, Reference, Retention, Role, RoleName, SourceName,
    Table, TableName, Way, written,
};
use crate::Email;

/// A problem and the keys that lead to it in the file.
pub(super) type Found = (Vec<String>, Problem);

macro_rules! path {
    ($($part:expr),*) => { vec![$($part.to_string()),*] };
}

pub(super) fn resolve(map: written::Map) -> Result<DataMap, Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    let hash = hash(&map);
    let identifiers = identifiers(&map, &mut found);
    check_names(&map, &mut found);

    let mut tables = Vec::new();
    for (name, table) in &map.table {
        tables.extend(resolve_table(name, table, &map, &mut found));
    }
    let tables = children_first(tables, &mut found);
    reachable(&tables, &mut found);

    let Some(handler) = map.handler else {
        found.push((
            path!["handler"],
            Problem::error("the map does not say who the handler is", "add a [handler] with name, address and officer"),
        ));
        return Err(found);
    };
    if Email::parse(&handler.officer.email).is_none() {
        found.push((
            path!["handler", "officer", "email"],
            Problem::error("is not an e-mail address", "write one that customers can reach, as in privacy@example.com"),
        ));
    }
    if found.is_empty() {
        let sources = map.source.into_iter().map(|(name, source)| (SourceName(name), source)).collect();
        Ok(DataMap { hash, handler, identifiers, purposes: map.purpose, recipients: map.recipient, sources, tables })
    } else {
        Err(found)
    }
}

fn hash(map: &written::Map) -> MapHash {
    // BTreeMaps and struct order make this canonical.
    let bytes = serde_json::to_vec(map).unwrap_or_default();
    MapHash(hex::encode(Sha256::digest(bytes)))
}

fn identifiers(map: &written::Map, found: &mut Vec<Found>) -> BTreeMap<crate::IdentifierKind, Option<Reference>> {
    let mut resolved = BTreeMap::new();
    for (kind, sign_in) in &map.identifier {
        let with = match &sign_in.with {
            None => None,
            Some(text) => {
                if let Some(reference) = reference(text, map) {
                    Some(reference)
                } else {
                    found.push((
                        path!["identifier", kind.as_str(), "with"],
                        Problem::error(
                            format!("“{text}” names no column of a mapped table"),
                            "write source.table.column, as in \"company.waybills.waybill_no\"",
                        ),
                    ));
                    None
                }
            }
        };
        resolved.insert(*kind, with);
    }
    if resolved.is_empty() {
        found.push((
            path!["identifier"],
            Problem::error("nobody could sign in: no identifier is named", "add [identifier.email]"),
        ));
    }
    resolved
}

fn reference(text: &str, map: &written::Map) -> Option<Reference> {
    let (table, column) = text.rsplit_once('.')?;
    map.table.get(table)?;
    Some(Reference { table: TableName::parse(table)?, column: Column(column.to_owned()) })
}

fn check_names(map: &written::Map, found: &mut Vec<Found>) {
    for (name, recipient) in &map.recipient {
        for purpose in &recipient.purposes {
            if !map.purpose.contains_key(purpose) {
                found.push((path!["recipient", name, "purposes"], unknown("purpose", purpose, map.purpose.keys())));
            }
        }
        let abroad = recipient.country.as_deref().is_some_and(|country| country != "CN");
        if abroad && recipient.mechanism.is_none() {
            found.push((
                path!["recipient", name, "country"],
                Problem::error(
                    "a recipient abroad needs a mechanism (PIPL art. 38)",
                    "add mechanism = { zh-CN = \"标准合同\", en = \"standard contract\" } or the one that applies",
                ),
            ));
        }
    }
    for (name, source) in &map.source {
        let ways = [&source.url, &source.url_env, &source.url_file].into_iter().flatten().count();
        if ways != 1 {
            found.push((
                path!["source", name],
                Problem::error(
                    "must say in exactly one way where the database is",
                    "write one of url, url_env or url_file",
                ),
            ));
        }
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a String>) -> Problem {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let near = known.iter().max_by(|a, b| strsim::jaro(name, a).total_cmp(&strsim::jaro(name, b)));
    let instead = match near {
        Some(near) if strsim::jaro(name, near) > 0.7 => format!("did you mean “{near}”?"),
        Some(_) => format!("write one of {}, or define it", known.join(", ")),
        None => format!("define [{what}.{name}]"),
    };
    Problem::error(format!("{what} “{name}” is not defined"), instead)
}

fn resolve_table(name: &str, table: &written::Table, map: &written::Map, found: &mut Vec<Found>) -> Option<Table> {
    let Some(parsed) = TableName::parse(name) else {
        found.push((
            path!["table", name],
            Problem::error("is not a table name", "write \"source.table\" or \"source.schema.table\""),
        ));
        return None;
    };
    if !map.source.contains_key(parsed.source.as_str()) {
        found.push((path!["table", name], unknown("source", parsed.source.as_str(), map.source.keys())));
    }
    if table.key.is_empty() {
        found.push((
            path!["table", name, "key"],
            Problem::error("has no key column", "name the columns of the primary key, as in key = [\"id\"]"),
        ));
    }
    if table.purposes.is_empty() {
        found.push((
            path!["table", name, "purposes"],
            Problem::error("has no purpose (PIPL art. 6)", "name at least one, or stop keeping this table"),
        ));
    }
    for purpose in table.purposes.iter().filter(|purpose| !map.purpose.contains_key(*purpose)) {
        found.push((path!["table", name, "purposes"], unknown("purpose", purpose, map.purpose.keys())));
    }
    for recipient in table.recipients.iter().filter(|recipient| !map.recipient.contains_key(*recipient)) {
        found.push((path!["table", name, "recipients"], unknown("recipient", recipient, map.recipient.keys())));
    }
    let sensitive = table.field.iter().find(|(_, field)| {
        field.sensitivity.unwrap_or_else(|| field.kind.sensitivity()) == super::Sensitivity::Sensitive
    });
    let explained = table.purposes.iter().filter_map(|id| map.purpose.get(id)).any(|p| p.necessity.is_some());
    if let (Some((column, _)), false) = (sensitive, explained) {
        found.push((
            path!["table", name, "field", column],
            Problem::error(
                "is sensitive, but no purpose of the table says why it is necessary and what it means (PIPL art. 30)",
                "add necessity = { zh-CN = \"…\", en = \"…\" } to the purpose",
            ),
        ));
    }
    if table.role.is_empty() {
        found.push((
            path!["table", name, "role"],
            Problem::error("says of nobody that a row is about them", "add [table.\"…\".role.holder]"),
        ));
    }
    Some(Table {
        key: table.key.iter().cloned().map(Column).collect(),
        words: table.name.clone(),
        purposes: table.purposes.clone(),
        recipients: table.recipients.clone(),
        retention: retention(name, table, found),
        roles: table.role.iter().map(|(role, written)| resolve_role(name, role, written, map, found)).collect(),
        fields: table.field.iter().map(|(column, field)| resolve_field(name, column, field, table, found)).collect(),
        name: parsed,
    })
}

fn retention(name: &str, table: &written::Table, found: &mut Vec<Found>) -> Retention {
    let written = &table.retention;
    let mut floors = written.floor.clone();
    floors.sort_by_key(|floor| std::cmp::Reverse(floor.keep));
    if let Some(floor) = floors.first().filter(|floor| floor.keep > written.keep) {
        found.push((
            path!["table", name, "retention", "keep"],
            Problem::error(
                format!("keeps {} although {} prescribes {}", written.keep, floor.law.en, floor.keep),
                format!("write keep = \"{}\" or more", floor.keep),
            ),
        ));
    }
    if written.then == written::Disposal::Anonymise {
        let nothing = table.field.values().all(|field| anonymise(field) == Anonymise::Keep);
        if nothing {
            found.push((
                path!["table", name, "retention", "then"],
                Problem::error(
                    "anonymises, but no field would change",
                    "give the telling fields an anonymise rule, or write then = \"delete\"",
                ),
            ));
        }
    }
    Retention {
        from: Column(written.from.clone()),
        starts: written.starts.clone(),
        keep: written.keep,
        then: written.then,
        floors,
    }
}

fn resolve_role(table: &str, name: &str, role: &written::Role, map: &written::Map, found: &mut Vec<Found>) -> Role {
    let mut ways: Vec<Way> = Vec::new();
    for (kind, column) in &role.identified_by {
        if !map.identifier.contains_key(kind) {
            found.push((
                path!["table", table, "role", name, "identified_by"],
                Problem::error(
                    format!("nobody can prove a {}", kind.as_str()),
                    format!("add [identifier.{}]", kind.as_str()),
                ),
            ));
        }
        ways.push(Way::Identified { by: *kind, column: Column(column.clone()) });
    }
    for (column, target) in &role.through {
        match through(table, column, target, map) {
            Ok(way) => ways.push(way),
            Err(problem) => found.push((path!["table", table, "role", name, "through", column], problem)),
        }
    }
    if ways.is_empty() {
        found.push((
            path!["table", table, "role", name],
            Problem::error("cannot be found by anyone", "add identified_by or through"),
        ));
    }
    Role { name: RoleName(name.to_owned()), words: role.name.clone(), ways }
}

fn through(table: &str, column: &str, target: &str, map: &written::Map) -> Result<Way, Problem> {
    let wrong = || {
        Problem::error(
            format!("“{target}” names no role of a mapped table"),
            "write source.table.role, as in \"company.customers.holder\"",
        )
    };
    let (parent, role) = target.rsplit_once('.').ok_or_else(wrong)?;
    let parent_table = map.table.get(parent).filter(|table| table.role.contains_key(role)).ok_or_else(wrong)?;
    let parent = TableName::parse(parent).ok_or_else(wrong)?;
    if parent_table.key.len() != 1 {
        return Err(Problem::error(
            format!("{parent} has a key of {} columns, which one column cannot point at", parent_table.key.len()),
            "find this person by identified_by, or by a path over a table with a key of one column",
        ));
    }
    if TableName::parse(table).is_some_and(|own| own.source != parent.source) {
        return Err(Problem::error(
            format!("{parent} is in another database"),
            "a path stays within one source; use identified_by here",
        ));
    }
    Ok(Way::Through { column: Column(column.to_owned()), parent, role: RoleName(role.to_owned()) })
}

fn anonymise(field: &written::Field) -> Anonymise {
    field.anonymise.clone().unwrap_or(if field.kind.is_personal() { Anonymise::Null } else { Anonymise::Keep })
}

fn resolve_field(
    table: &str,
    column: &str,
    field: &written::Field,
    written: &written::Table,
    found: &mut Vec<Found>,
) -> Field {
    let of = if field.of == "everyone" {
        FieldOf::Everyone
    } else {
        if !written.role.contains_key(&field.of) {
            found.push((path!["table", table, "field", column], unknown("role", &field.of, written.role.keys())));
        }
        FieldOf::Role(RoleName(field.of.clone()))
    };
    if of == FieldOf::Everyone && written.role.len() > 1 && field.kind.is_personal() {
        found.push((
            path!["table", table, "field", column],
            Problem::error(
                "shows one person's data to everyone in the row",
                "write the role it is about, as in of = \"sender\"",
            ),
        ));
    }
    let rule = anonymise(field);
    if rule == Anonymise::Keep && field.kind.is_personal() {
        found.push((
            path!["table", table, "field", column, "anonymise"],
            Problem::error("keeps a value that tells who someone is", "write \"null\", { text = \"…\" } or \"unique\""),
        ));
    }
    if written.key.iter().any(|key| key == column) && rule != Anonymise::Keep {
        found.push((
            path!["table", table, "field", column],
            Problem::error("is part of the key and cannot be anonymised", "write then = \"delete\" for this table"),
        ));
    }
    Field {
        column: Column(column.to_owned()),
        of,
        kind: field.kind,
        words: field.name.clone().unwrap_or_else(|| field.kind.words()),
        sensitivity: field.sensitivity.unwrap_or_else(|| field.kind.sensitivity()),
        mask: field.mask,
        correctable: field.correctable,
        anonymise: rule,
    }
}

/// Children before the tables they point at. A circle has no such order and is refused.
fn children_first(mut tables: Vec<Table>, found: &mut Vec<Found>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let pointed_at: BTreeSet<TableName> = tables
            .iter()
            .flat_map(|table| table.roles.iter().flat_map(|role| &role.ways))
            .filter_map(|way| match way {
                Way::Through { parent, .. } => Some(parent.clone()),
                Way::Identified { .. } => None,
            })
            .collect();
        let (free, rest): (Vec<_>, Vec<_>) = tables.into_iter().partition(|table| !pointed_at.contains(&table.name));
        if free.is_empty() {
            for table in &rest {
                found.push((
                    path!["table", table.name, "role"],
                    Problem::error("is part of a circle of paths", "break it: let one of its tables use identified_by"),
                ));
            }
            return ordered;
        }
        ordered.extend(free);
        tables = rest;
    }
    ordered
}

/// A table that only deletes rows must not be pointed at from a shared row that outlives it, and
/// an anonymised parent needs something to anonymise. Only the second can be seen without data.
fn reachable(tables: &[Table], found: &mut Vec<Found>) {
    for table in tables {
        let referenced = tables
            .iter()
            .flat_map(|child| &child.roles)
            .flat_map(|role| &role.ways)
            .any(|way| matches!(way, Way::Through { parent, .. } if *parent == table.name));
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

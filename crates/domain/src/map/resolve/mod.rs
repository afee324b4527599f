//! From what is written to what holds: every reference followed, every contradiction named.

macro_rules! path {
    ($($part:expr),*) => { vec![$($part.to_string()),*] };
}

mod account;
mod order;
mod restriction;
mod table;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Column, DataMap, Engine, MapHash, OWN, Problem, Reference, SourceName, TableName, written};
use crate::Email;
use table::resolve_table;

/// A problem and the keys that lead to it in the file.
pub(super) type Found = (Vec<String>, Problem);

pub(super) fn resolve(map: written::Map) -> Result<DataMap, Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    let (body, hash) = (body(&map), hash(&map));
    let identifiers = identifiers(&map, &mut found);
    check_names(&map, &mut found);

    let mut tables = Vec::new();
    for (name, table) in &map.table {
        tables.extend(resolve_table(name, table, &map, &mut found));
    }
    let tables = order::children_first(tables, &mut found);
    order::emptiable(&tables, &mut found);

    let account = account::resolve(&map, &mut found);
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
        Ok(DataMap {
            hash,
            body,
            handler,
            identifiers,
            purposes: map.purpose,
            recipients: map.recipient,
            automated: map.automated,
            sdks: map.sdk,
            permissions: map.permission,
            minors: map.minors,
            portal: map.portal,
            account,
            texts: map.text,
            sources,
            tables,
        })
    } else {
        Err(found)
    }
}

/// Of the content in one canonical form. In which order a record's fields are read changes no promise.
fn hash(map: &written::Map) -> MapHash {
    let mut map = map.clone();
    map.table.values_mut().for_each(|table| table.field.sort_unstable_keys());
    MapHash(hex::encode(Sha256::digest(body(&map))))
}

/// The map's content: `BTreeMap`s see to its order, but for that of fields, which is people's. Where a
/// database is and how much of it we take is the administrators' affair and changes no promise.
fn body(map: &written::Map) -> String {
    let mut map = map.clone();
    for source in map.source.values_mut() {
        (source.url, source.url_env, source.url_file, source.write) = (None, None, None, None);
        (source.key_env, source.key_file) = (None, None);
        source.limits = written::Limits::default();
    }
    crate::json::text(&map)
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
    if map.source.contains_key(OWN) {
        let wrong = format!("“{OWN}” is what this portal calls its own tables");
        found.push((path!["source", OWN], Problem::error(wrong, "give the source another name")));
    }
    for (name, recipient) in &map.recipient {
        for purpose in &recipient.purposes {
            if !map.purpose.contains_key(purpose) {
                found.push((path!["recipient", name, "purposes"], unknown("purpose", purpose, map.purpose.keys())));
            }
        }
        if recipient.tell.as_deref().is_some_and(|to| Email::parse(to).is_none()) {
            let problem = Problem::error("is no e-mail address", "write privacy@example.com, or leave it out");
            found.push((path!["recipient", name, "tell"], problem));
        }
        let abroad = recipient.is_abroad();
        if abroad && recipient.mechanism.is_none() {
            found.push((
                path!["recipient", name, "country"],
                Problem::error(
                    "a recipient abroad needs a mechanism (PIPL art. 38)",
                    "add mechanism = { zh-CN = \"标准合同\", en = \"standard contract\" } or the one that applies",
                ),
            ));
        }
        if abroad && recipient.exercise.is_none() {
            found.push((
                path!["recipient", name, "country"],
                Problem::error(
                    "people must be told how to exercise their rights with a recipient abroad (PIPL art. 39)",
                    "add exercise = { zh-CN = \"…\", en = \"…\" }",
                ),
            ));
        }
    }
    for (name, automated) in &map.automated {
        if !map.purpose.contains_key(&automated.purpose) {
            let problem = unknown("purpose", &automated.purpose, map.purpose.keys());
            found.push((path!["automated", name, "purpose"], problem));
        }
    }
    for section in map.text.keys().filter(|section| !written::SECTIONS.contains(&section.as_str())) {
        found.push((
            path!["text", section],
            Problem::error(
                format!("the policy has no section “{section}”"),
                format!("write one of {}", written::SECTIONS.join(", ")),
            ),
        ));
    }
    for (name, source) in &map.source {
        source_is_whole(name, source, found);
    }
}

fn source_is_whole(name: &str, source: &written::Source, found: &mut Vec<Found>) {
    let mut wrong = |wrong: &str, instead: &str| found.push((path!["source", name], Problem::error(wrong, instead)));
    let ways = |address: [&Option<String>; 3]| address.into_iter().flatten().count();
    let own = ways([&source.url, &source.url_env, &source.url_file]);
    match source.engine {
        Engine::Manual => match &source.owner {
            None => wrong(
                "nobody is named who could do it by hand",
                "add owner = { name = { zh-CN = \"…\", en = \"…\" }, email = \"…\", days = 5 }",
            ),
            Some(owner) if Email::parse(&owner.email).is_none() => {
                wrong("the owner's e-mail address is none", "write one that reaches them");
            }
            Some(owner) if !(1..=15).contains(&owner.days) => {
                wrong("the owner's days are not within the 15 working days of a request", "write 1 to 15");
            }
            Some(_) => {}
        },
        Engine::Sqlite | Engine::Postgres | Engine::Mysql | Engine::Http if own != 1 => {
            wrong("must say in exactly one way where the database is", "write one of url, url_env or url_file");
        }
        Engine::Http if source.key_env.is_some() == source.key_file.is_some() => {
            wrong("must say in exactly one way which secret requests are signed with", "add key_env or key_file");
        }
        Engine::Sqlite | Engine::Postgres | Engine::Mysql | Engine::Http => {}
    }
    if source.write.as_ref().is_some_and(|write| ways([&write.url, &write.url_env, &write.url_file]) != 1) {
        wrong("write must say in exactly one way where the database is", "write one of url, url_env or url_file");
    }
    if source.limits.connections == 0 || source.limits.statement == 0 {
        wrong("limits of zero would stop everything", "write at least 1, or leave limits out");
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

//! One table of the map.

use std::collections::BTreeMap;

use super::{Found, restriction, unknown};
use crate::map::{
    Anonymise, Column, Engine, Field, FieldOf, Place, Problem, Retention, Role, RoleName, Sensitivity, Shared, Spelled,
    Table, TableName, Through, Way, When, written,
};

pub(super) fn resolve_table(
    name: &str,
    table: &written::Table,
    map: &written::Map,
    found: &mut Vec<Found>,
) -> Option<Table> {
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
    let recipients: Vec<Shared> = table.recipients.iter().map(shared).collect();
    for shared in recipients.iter().filter(|shared| !map.recipient.contains_key(&shared.to)) {
        found.push((path!["table", name, "recipients"], unknown("recipient", &shared.to, map.recipient.keys())));
    }
    for field in
        recipients.iter().flat_map(|shared| &shared.with).filter(|with| !table.field.contains_key(with.as_str()))
    {
        found.push((path!["table", name, "recipients"], unknown("field", field.as_str(), table.field.keys())));
    }
    let sensitive = table
        .field
        .iter()
        .find(|(_, field)| field.sensitivity.unwrap_or_else(|| field.kind.sensitivity()) == Sensitivity::Sensitive);
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
        recipients,
        retention: retention(name, table, found),
        roles: table.role.iter().map(|(role, written)| resolve_role(name, role, written, map, found)).collect(),
        restrictions: restriction::resolve(name, table, map, found),
        fields: table.field.iter().map(|(column, field)| resolve_field(name, column, field, table, found)).collect(),
        name: parsed,
    })
}

fn shared(written: &written::Shared) -> Shared {
    match written {
        written::Shared::Name(to) => Shared { to: to.clone(), at: None, with: Vec::new() },
        written::Shared::Given { to, at, with } => {
            Shared { to: to.clone(), at: at.clone().map(Column), with: with.iter().cloned().map(Column).collect() }
        }
    }
}

pub(super) fn when(written: &BTreeMap<String, Vec<String>>) -> When {
    written.iter().map(|(column, values)| (Column(column.clone()), values.clone())).collect()
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
    let nothing = || table.field.values().all(|field| anonymise(field) == Anonymise::Keep);
    if written.meanwhile == written::Meanwhile::Locked && (floors.is_empty() || nothing()) {
        found.push((
            path!["table", name, "retention", "meanwhile"],
            Problem::error(
                "locks away, but there is no floor to wait for, or no field to empty",
                "add a floor and fields with an anonymise rule, or leave meanwhile out",
            ),
        ));
    }
    if written.then == written::Disposal::Anonymise && nothing() {
        found.push((
            path!["table", name, "retention", "then"],
            Problem::error(
                "anonymises, but no field would change",
                "give the telling fields an anonymise rule, or write then = \"delete\"",
            ),
        ));
    }
    Retention {
        from: Column(written.from.clone()),
        written_as: written.written_as,
        when: when(&written.when),
        starts: written.starts.clone(),
        keep: written.keep,
        then: written.then,
        floors,
        meanwhile: written.meanwhile,
    }
}

fn resolve_role(table: &str, name: &str, role: &written::Role, map: &written::Map, found: &mut Vec<Found>) -> Role {
    let mut ways: Vec<Way> = Vec::new();
    for (kind, spot) in &role.identified_by {
        if !map.identifier.contains_key(kind) {
            found.push((
                path!["table", table, "role", name, "identified_by"],
                Problem::error(
                    format!("nobody can prove a {}", kind.as_str()),
                    format!("add [identifier.{}]", kind.as_str()),
                ),
            ));
        }
        let (column, spelled) = match spot {
            written::Spot::Column(column) => (column, Spelled::default()),
            written::Spot::Spelled { column, spelled } => (column, *spelled),
        };
        // The name of a field inside JSON stands for the value there.
        let place = map
            .table
            .get(table)
            .and_then(|table| table.field.get(column))
            .map_or_else(|| Place::Column(Column(column.clone())), |field| place(column, field));
        ways.push(Way::Identified { by: *kind, place, spelled });
    }
    for (columns, target) in &role.through {
        match through(table, columns, target, map) {
            Ok(way) => ways.push(Way::Through(way)),
            Err(problem) => found.push((path!["table", table, "role", name, "through", columns], problem)),
        }
    }
    let by_hand = TableName::parse(table)
        .and_then(|name| map.source.get(name.source.as_str()))
        .is_some_and(|source| matches!(source.engine, Engine::Manual | Engine::Http));
    // The other system finds people itself.
    if ways.is_empty() && !by_hand {
        found.push((
            path!["table", table, "role", name],
            Problem::error("cannot be found by anyone", "add identified_by or through"),
        ));
    }
    Role { name: RoleName(name.to_owned()), words: role.name.clone(), ways, per_person: role.per_person }
}

fn through(table: &str, columns: &str, target: &written::Path, map: &written::Map) -> Result<Through, Problem> {
    let (target, on, when) = match target {
        written::Path::Role(role) => (role, None, &BTreeMap::new()),
        written::Path::On { role, on, when } => (role, on.clone(), when),
    };
    let wrong = || {
        Problem::error(
            format!("“{target}” names no role of a mapped table"),
            "write source.table.role, as in \"company.customers.holder\"",
        )
    };
    let (parent, role) = target.rsplit_once('.').ok_or_else(wrong)?;
    let parent_table = map.table.get(parent).filter(|table| table.role.contains_key(role)).ok_or_else(wrong)?;
    let parent = TableName::parse(parent).ok_or_else(wrong)?;
    let columns: Vec<Column> = columns.split(',').map(|column| Column(column.trim().to_owned())).collect();
    let on: Vec<Column> = on.unwrap_or_else(|| parent_table.key.clone()).into_iter().map(Column).collect();
    if columns.len() != on.len() {
        return Err(Problem::error(
            format!("points with {} columns at {} of {parent} ({})", columns.len(), on.len(), join(&on)),
            "name as many columns, separated by commas, as in through = { \"tenant_id, customer_no\" = \"…\" }",
        ));
    }
    let own = TableName::parse(table);
    if own.as_ref().is_some_and(|own| own.source != parent.source) && columns.len() != 1 {
        return Err(Problem::error(
            format!("{parent} is in another database"),
            "a path between databases goes over one column",
        ));
    }
    Ok(Through { columns, parent, role: RoleName(role.to_owned()), on, when: self::when(when) })
}

fn join(columns: &[Column]) -> String {
    columns.iter().map(Column::as_str).collect::<Vec<_>>().join(", ")
}

fn place(name: &str, field: &written::Field) -> Place {
    let column = Column(field.column.clone().unwrap_or_else(|| name.to_owned()));
    match &field.json {
        Some(path) => Place::Json { column, path: path.split('.').map(str::to_owned).collect() },
        None => Place::Column(column),
    }
}

fn anonymise(field: &written::Field) -> Anonymise {
    field.anonymise.clone().unwrap_or(if field.kind.is_personal() { Anonymise::Null } else { Anonymise::Keep })
}

fn coarse_problem(field: &written::Field, rule: &written::Coarse) -> Option<Problem> {
    if field.json.is_some() {
        return Some(Problem::error("stands inside JSON, where no part of a value can stay", "write \"null\""));
    }
    if rule.up_to.as_deref() == Some("") {
        return Some(Problem::error("cuts at nothing", "write up_to = \"市\", or leave it out"));
    }
    if rule.at_least < 2 {
        let wrong = "what one row has alone points at its person";
        return Some(Problem::error(wrong, "write at_least = 5 or more"));
    }
    if rule.up_to.is_none() && field.kind.is_personal() {
        let wrong = "keeps a value that tells who someone is, however many share it";
        return Some(Problem::error(wrong, "write \"null\", or what of it may stay, as in up_to = \"市\""));
    }
    None
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
    if let Anonymise::Coarse(rule) = &rule {
        found.extend(coarse_problem(field, rule).map(|problem| (path!["table", table, "field", column], problem)));
    }
    if written.key.iter().any(|key| key == field.column.as_deref().unwrap_or(column)) && rule != Anonymise::Keep {
        found.push((
            path!["table", table, "field", column],
            Problem::error("is part of the key and cannot be anonymised", "write then = \"delete\" for this table"),
        ));
    }
    values(table, column, field, found);
    let place = place(column, field);
    if let Place::Json { path, .. } = &place
        && path.iter().any(|name| name.is_empty() || name.contains(['"', '\'', '\\', '{', '}', '[', ']', ',', '$']))
    {
        found.push((
            path!["table", table, "field", column, "json"],
            Problem::error("is not a way into JSON", "write the names on the way, as in json = \"contact.phone\""),
        ));
    }
    Field {
        place,
        column: Column(column.to_owned()),
        of,
        kind: field.kind,
        words: field.name.clone().unwrap_or_else(|| field.kind.words()),
        sensitivity: field.sensitivity.unwrap_or_else(|| field.kind.sensitivity()),
        mask: field.mask,
        correctable: field.correctable,
        anonymise: rule,
        values: field.values.clone(),
    }
}

/// What stored values mean can be said of what is chosen from a list, and in both languages.
fn values(table: &str, column: &str, field: &written::Field, found: &mut Vec<Found>) {
    if !field.values.is_empty() && !field.kind.is_listed() {
        found.push((
            path!["table", table, "field", column, "values"],
            Problem::error(
                format!("says what values mean, but “{}” is not chosen from a list", field.kind.written()),
                "write kind = \"plain\", \"gender\" or \"region\", or leave values out",
            ),
        ));
    }
    for (stored, words) in &field.values {
        let at = || path!["table", table, "field", column, "values", stored];
        if stored.trim().is_empty() {
            let wrong = "says what an empty value means, which is shown as empty";
            found.push((at(), Problem::error(wrong, "leave it out")));
        }
        if words.zh.trim().is_empty() || words.en.trim().is_empty() {
            let wrong = format!("says nothing of “{stored}” in one of the languages");
            found.push((at(), Problem::error(wrong, "write both, as in { zh-CN = \"已签收\", en = \"Delivered\" }")));
        }
    }
}

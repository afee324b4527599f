//! The map against the live catalogue: drift, rules the constraints do not allow, columns that look
//! personal and are nobody's, paths without an index.

mod durable;
mod restriction;

use domain::map::{
    Anonymise, Column, Correctable, DataMap, Engine, Field, Moment, Place, Problem, SourceName, Table, Way,
};

use crate::{
    Source, SourceError, Sources,
    catalogue::{Catalogue, ColumnInfo, Family, OnDelete, TableInfo, TableKind},
    execute::UNIQUE_LENGTH,
    indexes,
    scan::{self, Evidence},
};

/// What is wrong, per source; a source that cannot be reached is one problem of its own.
pub async fn check(sources: &Sources, map: &DataMap) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in sources.iter() {
        match check_source(source, map).await {
            Ok(found) => problems.extend(found),
            Err(error) => {
                let instead = "start it, or correct the URL in the map; nothing was changed";
                problems.push(Problem::error(error.to_string(), instead).at(source.name.as_str(), 0));
            }
        }
    }
    problems
}

async fn check_source(source: &Source, map: &DataMap) -> Result<Vec<Problem>, SourceError> {
    let catalogue = source.look_again().await?;
    let tables = map.tables.iter().filter(|table| table.name.source == source.name);
    let mut problems: Vec<Problem> = tables.flat_map(|table| check_table(map, table, &catalogue)).collect();
    problems.extend(unmapped(map, &source.name, &catalogue));
    problems.extend(durable::of_server(source).await?);
    Ok(problems)
}

fn check_table(map: &DataMap, table: &Table, catalogue: &Catalogue) -> Vec<Problem> {
    let place = table.name.to_string();
    let Some(info) = catalogue.table(&table.name) else {
        return vec![
            Problem::error("the database has no such table", "correct the name, or take it out of the map")
                .at(place, 0),
        ];
    };
    let mut problems = Vec::new();
    problems.extend(missing_columns(table, info));
    problems.extend(key_problem(table, info));
    problems.extend(may_have_no_key(table, info));
    problems.extend(from_problem(table, info, catalogue.engine));
    for field in &table.fields {
        problems.extend(field_problems(field, info));
    }
    problems.extend(restriction::problems(table, info));
    problems.extend(durable::of_table(info));
    problems.extend(blocker_columns(map, table, info));
    problems.extend(foreign_keys(map, table, catalogue));
    problems.extend(indexes::missing(table, catalogue));
    problems.extend(look_at(table, info));
    problems.into_iter().map(|problem| problem.at(&place, 0)).collect()
}

fn missing_columns(table: &Table, info: &TableInfo) -> Vec<Problem> {
    let gone = named(table).into_iter().filter(|column| !info.columns.contains_key(column));
    gone.map(|column| {
        let near = info.columns.keys().max_by_key(|other| common_prefix(&other.0, &column.0));
        let instead = match near {
            Some(near) if common_prefix(&near.0, &column.0) > 2 => format!("did you mean `{near}`?"),
            Some(_) | None => "correct the name, or take it out of the map".to_owned(),
        };
        Problem::error(format!("the table has no column `{column}`"), instead)
    })
    .collect()
}

/// A key that is not unique would let one row's step take another.
fn key_problem(table: &Table, info: &TableInfo) -> Option<Problem> {
    let is_unique = info
        .uniques
        .iter()
        .chain([&info.key])
        .any(|unique| !unique.is_empty() && unique.iter().all(|column| table.key.contains(column)));
    if is_unique || info.kind == TableKind::View {
        return None;
    }
    let instead = match info.key.as_slice() {
        [] => "name columns a unique index is on, or add one".to_owned(),
        key => format!("write key = [{}]", key.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", ")),
    };
    let key: Vec<&str> = table.key.iter().map(Column::as_str).collect();
    Some(Problem::error(format!("`{}` is not unique in this table", key.join(", ")), instead))
}

/// A row without its key can be shown to nobody, and nothing be done with it.
fn may_have_no_key(table: &Table, info: &TableInfo) -> Vec<Problem> {
    let of_table = table.key.iter().filter(|_| info.kind == TableKind::Table);
    let nullable = of_table.filter(|column| info.columns.get(*column).is_some_and(|column| column.nullable));
    nullable
        .map(|column| {
            let wrong = format!("`{column}` is part of the key and may be empty: whoever such a row is about sees and erases nothing here");
            Problem::warning(wrong, "make the column NOT NULL, or name another key")
        })
        .collect()
}

fn from_problem(table: &Table, info: &TableInfo, engine: Engine) -> Option<Problem> {
    let retention = &table.retention;
    let column = info.columns.get(&retention.from)?;
    let fits = match retention.written_as {
        Moment::Date => column.family.is_time() || column.family == Family::Text || engine == Engine::Sqlite,
        Moment::Seconds | Moment::Millis => column.family.is_number(),
        Moment::Compact => column.family == Family::Text || column.family.is_number(),
        Moment::Slashes => column.family == Family::Text,
    };
    let wrong = format!("`{}` is of type {}, from which no period can be counted", retention.from, column.type_name);
    let instead = if column.family.is_number() {
        "write as = \"epoch seconds\", \"epoch milliseconds\" or \"yyyymmdd\", whichever it is"
    } else {
        "name a column that holds dates (YYYY-MM-DD) or timestamps, or say how it writes them with as = \"…\""
    };
    (!fits).then(|| Problem::error(wrong, instead))
}

/// What stands against closing an account is asked of columns that must be there.
fn blocker_columns(map: &DataMap, table: &Table, info: &TableInfo) -> Vec<Problem> {
    let of_table = map.account.blockers.iter().filter(|blocker| blocker.of.table == table.name);
    let columns = of_table.flat_map(|blocker| blocker.when.iter().map(|(column, _)| column).chain(&blocker.empty));
    let missing = columns.filter(|column| !info.columns.contains_key(*column));
    missing
        .map(|column| {
            let wrong = format!("has no column `{column}`, which a blocker of [account] asks for");
            Problem::error(wrong, "correct its name in [account.blocker]")
        })
        .collect()
}

fn field_problems(field: &Field, info: &TableInfo) -> Vec<Problem> {
    let Some(column) = info.columns.get(field.place.column()) else { return Vec::new() };
    let name = &field.column;
    let mut problems = Vec::new();
    let changes = field.anonymise != Anonymise::Keep;
    let in_json = matches!(field.place, Place::Json { .. });
    if column.generated {
        if field.correctable != Correctable::No {
            let wrong = format!("`{name}` is computed by the database and cannot be corrected");
            problems.push(Problem::error(wrong, "let the columns it is made from be corrected"));
        }
        return problems;
    }
    if info.kind == TableKind::View || in_json || !changes {
        return problems;
    }
    match &field.anonymise {
        Anonymise::Coarse(_) if !column.nullable => {
            let wrong = format!("`{name}` may not be empty, but becomes so where too few rows share what stays of it");
            problems.push(Problem::error(wrong, "let the column be empty, or write another rule"));
        }
        Anonymise::Coarse(_) if column.family != Family::Text => {
            let wrong = format!("`{name}` is of type {}, of which no part can stay", column.type_name);
            problems.push(Problem::error(wrong, "write \"null\" or { text = \"…\" }"));
        }
        Anonymise::Null if !column.nullable => {
            let rule =
                if column.unique { "\"unique\"".to_owned() } else { format!("{{ text = \"{}\" }}", filler(column)) };
            let wrong = format!("`{name}` may not be empty, so anonymising would fail");
            problems.push(Problem::error(wrong, format!("write {name} = {{ …, anonymise = {rule} }}")));
        }
        Anonymise::Text(text) => {
            if column.unique {
                let wrong = format!("`{name}` must be unique, so a second anonymised row would fail");
                problems.push(Problem::error(wrong, "write anonymise = \"unique\""));
            }
            if column.longest.is_some_and(|longest| text.chars().count() > longest as usize) {
                let wrong = format!("`{name}` takes {} characters, the text has more", column.longest.unwrap_or(0));
                problems.push(Problem::error(wrong, "write a shorter one"));
            }
            if column.family.is_number() && text.parse::<f64>().is_err() {
                let wrong = format!("`{name}` holds numbers, “{text}” is none");
                problems.push(Problem::error(wrong, "write anonymise = { text = \"0\" }"));
            }
        }
        Anonymise::Unique if column.family != Family::Text => {
            let wrong = format!("`{name}` is of type {}, which takes no unique text", column.type_name);
            problems.push(Problem::error(wrong, "write \"null\" or { text = \"…\" }"));
        }
        Anonymise::Unique if column.longest.is_some_and(|longest| longest < UNIQUE_LENGTH / 2) => {
            let wrong = format!("`{name}` is too short for a value nobody else has");
            problems.push(Problem::error(wrong, "let the column take 20 characters or more"));
        }
        Anonymise::Null | Anonymise::Unique | Anonymise::Coarse(_) | Anonymise::Keep => {}
    }
    problems
}

fn filler(column: &ColumnInfo) -> &'static str {
    match column.family {
        Family::Integer | Family::Unsigned | Family::Decimal | Family::Float | Family::Bit => "0",
        Family::Date | Family::Moment | Family::ZonedMoment => "1900-01-01",
        Family::Json | Family::Array => "{}",
        Family::Bool => "false",
        Family::Text | Family::Uuid | Family::Binary | Family::Other => "",
    }
}

/// Foreign keys the map does not know.
fn foreign_keys(map: &DataMap, table: &Table, catalogue: &Catalogue) -> Vec<Problem> {
    catalogue
        .pointing_at(&table.name)
        .filter_map(|(child, key)| {
            let mapped = map.tables.iter().find(|other| catalogue.short(&other.name) == *child);
            let columns = key.columns.iter().map(Column::as_str).collect::<Vec<_>>().join(", ");
            match (mapped, key.on_delete) {
                (Some(_), _) | (None, OnDelete::LetGo) => None,
                (None, OnDelete::Cascade) => Some(Problem::warning(
                    format!("{child} ({columns}) is deleted together with rows of this table, but is not in the map"),
                    "map it, so that what goes is counted; until then rows it points at are emptied and not deleted",
                )),
                (None, OnDelete::Refuse | OnDelete::Nothing) => Some(Problem::warning(
                    format!("{child} ({columns}) points at this table and is not in the map"),
                    "map it if it is about people; rows it points at are emptied and not deleted",
                )),
            }
        })
        .collect()
}

/// What someone should know before the first night.
fn look_at(table: &Table, info: &TableInfo) -> Vec<Problem> {
    let mut problems = Vec::new();
    if info.kind == TableKind::View {
        problems.push(Problem::warning(
            "is a view: it is shown to people and never written to",
            "make sure that the tables it is made from are in the map",
        ));
    }
    for trigger in &info.triggers {
        problems.push(Problem::warning(
            format!("trigger `{trigger}` runs when rows change"),
            "make sure that it copies nothing personal to a table outside the map",
        ));
    }
    let mapped = named(table);
    for column in info.order.iter().filter(|column| !mapped.contains(column)) {
        let evidence = info.columns.get(column).and_then(|known| scan::by_name(column, known));
        problems.push(match evidence {
            Some(Evidence { kind, because, .. }) if kind.is_personal() => Problem::warning(
                format!(
                    "column `{column}` looks like {} ({because}), but nobody sees or erases it",
                    kind.words().en.to_lowercase()
                ),
                format!("add field.{column} = {{ of = \"…\", kind = \"{}\" }}", kind.written()),
            ),
            Some(_) | None => Problem::warning(
                format!("column `{column}` is not in the map, so nobody sees or erases it"),
                "add it as a field, or make sure it says nothing about a person",
            ),
        });
    }
    problems
}

/// Tables outside the map that look as if they were about people.
fn unmapped(map: &DataMap, source: &SourceName, catalogue: &Catalogue) -> Vec<Problem> {
    let outside = catalogue.tables.iter().filter(|(name, info)| {
        info.kind == TableKind::Table && !map.tables.iter().any(|table| catalogue.short(&table.name) == **name)
    });
    outside
        .filter_map(|(name, info)| {
            let personal: Vec<&str> = info
                .order
                .iter()
                .filter(|column| {
                    let known = info.columns.get(*column).and_then(|known| scan::by_name(column, known));
                    known.is_some_and(|evidence| evidence.kind.is_personal() && evidence.is_sure())
                })
                .map(Column::as_str)
                .collect();
            (!personal.is_empty()).then(|| {
                Problem::warning(
                    format!("is not in the map, but has columns that look personal: {}", personal.join(", ")),
                    format!("run `qingdan map scan` on {source} and take its draft of this table"),
                )
                .at(name.to_string(), 0)
            })
        })
        .collect()
}

/// Every column the map names of this table.
pub(crate) fn named(table: &Table) -> Vec<Column> {
    let ways = table.roles.iter().flat_map(|role| &role.ways).flat_map(|way| match way {
        Way::Identified { place, .. } => vec![place.column()],
        Way::Through(path) => path.columns.iter().chain(path.when.iter().map(|(column, _)| column)).collect(),
    });
    let mut columns: Vec<Column> = table
        .key
        .iter()
        .chain(ways)
        .chain(table.fields.iter().map(|field| field.place.column()))
        .chain(table.restrictions.iter().map(|restriction| &restriction.column))
        .chain(table.recipients.iter().filter_map(|shared| shared.at.as_ref()))
        .chain(table.retention.when.iter().map(|(column, _)| column))
        .chain([&table.retention.from])
        .cloned()
        .collect();
    columns.sort();
    columns.dedup();
    columns
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

//! The map against the live catalogue: drift, and rules the constraints do not allow.

use domain::map::{Anonymise, Column, DataMap, Problem, Table, Way};

use crate::{Source, SourceError, Sources, catalogue::Catalogue};

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
    let catalogue = source.catalogue().await?;
    let tables = map.tables.iter().filter(|table| table.name.source == source.name);
    Ok(tables.flat_map(|table| check_table(table, catalogue)).collect())
}

fn check_table(table: &Table, catalogue: &Catalogue) -> Vec<Problem> {
    let place = table.name.to_string();
    let Some(columns) = catalogue.tables.get(&table.name) else {
        return vec![
            Problem::error("the database has no such table", "correct the name, or take it out of the map")
                .at(place, 0),
        ];
    };
    let mut problems = Vec::new();
    for column in named(table) {
        if !columns.contains_key(&column) {
            let near = columns.keys().max_by_key(|other| common_prefix(&other.0, &column.0));
            let instead = match near {
                Some(near) if common_prefix(&near.0, &column.0) > 2 => format!("did you mean `{near}`?"),
                Some(_) | None => "correct the name, or take it out of the map".to_owned(),
            };
            problems.push(Problem::error(format!("the table has no column `{column}`"), instead).at(&place, 0));
        }
    }
    let from = &table.retention.from;
    if let Some(info) = columns.get(from).filter(|info| !info.holds_dates(catalogue.engine)) {
        let wrong = format!("`{from}` is of type {}, from which no period can be counted", info.type_name);
        problems.push(Problem::error(wrong, "name a column that holds dates (YYYY-MM-DD) or timestamps").at(&place, 0));
    }
    for field in &table.fields {
        let Some(info) = columns.get(&field.column) else { continue };
        if field.anonymise == Anonymise::Null && !info.nullable {
            let instead = format!(
                "write {} = {{ …, anonymise = {} }}",
                field.column,
                if info.unique { "\"unique\"" } else { "{ text = \"\" }" }
            );
            let wrong = format!("`{}` may not be empty, so anonymising would fail", field.column);
            problems.push(Problem::error(wrong, instead).at(&place, 0));
        }
        if matches!(field.anonymise, Anonymise::Text(_)) && info.unique {
            let wrong = format!("`{}` must be unique, so a second anonymised row would fail", field.column);
            problems.push(Problem::error(wrong, "write anonymise = \"unique\"").at(&place, 0));
        }
    }
    let mapped = named(table);
    for column in columns.keys().filter(|column| !mapped.contains(column)) {
        let wrong = format!("column `{column}` is not in the map, so nobody sees or erases it");
        problems.push(
            Problem::warning(wrong, "add it as a field, or make sure it says nothing about a person").at(&place, 0),
        );
    }
    problems
}

/// Every column the map names of this table.
fn named(table: &Table) -> Vec<Column> {
    let ways = table.roles.iter().flat_map(|role| &role.ways).map(|way| match way {
        Way::Identified { column, .. } | Way::Through { column, .. } => column,
    });
    let mut columns: Vec<Column> = table
        .key
        .iter()
        .chain(ways)
        .chain(table.fields.iter().map(|field| &field.column))
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

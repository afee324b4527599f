//! What only the whole database tells: which tables are about people, and along which columns.

use domain::map::{Column, Kind, TableName};

use super::{Sure, TableGuess, names};
use crate::catalogue::{Catalogue, TableInfo, TableKind};

/// Free text and places say something about a person only in a row that is about one.
pub(super) fn refine(catalogue: &Catalogue, guesses: &mut [TableGuess]) {
    let about: Vec<bool> = guesses.iter().map(|guess| is_about_people(catalogue, guess)).collect();
    for (guess, about) in guesses.iter_mut().zip(about) {
        for (_, evidence) in &mut guess.columns {
            let loose = evidence.as_ref().is_some_and(|evidence| {
                evidence.sure == Sure::Maybe
                    || matches!(evidence.kind, Kind::Text | Kind::Region | Kind::Address | Kind::Phone | Kind::File)
                        && evidence.sure < Sure::Certain
            });
            if loose && !about {
                *evidence = None;
            }
        }
    }
}

fn is_about_people(catalogue: &Catalogue, guess: &TableGuess) -> bool {
    let Some(info) = catalogue.table(&guess.name) else { return false };
    let context = names::Context::of(&guess.name, info);
    let strong = guess.columns.iter().filter_map(|(_, evidence)| evidence.as_ref()).any(|evidence| {
        evidence.is_sure()
            && matches!(
                evidence.kind,
                Kind::Name
                    | Kind::Mobile
                    | Kind::Email
                    | Kind::ResidentId
                    | Kind::Account
                    | Kind::BirthDate
                    | Kind::Secret
                    | Kind::BankCard
            )
    });
    strong
        || context.is_about_people()
        || !paths(catalogue, &guess.name, info).is_empty()
        || is_where_people_live(catalogue, guess)
}

/// A table of addresses that a table of people points at.
fn is_where_people_live(catalogue: &Catalogue, guess: &TableGuess) -> bool {
    let places = guess.columns.iter().filter_map(|(_, evidence)| evidence.as_ref());
    let places = places.filter(|evidence| matches!(evidence.kind, Kind::Address | Kind::Region | Kind::Phone)).count();
    let pointed_at = || {
        catalogue.pointing_at(&guess.name).any(|(child, _)| {
            catalogue.table(child).is_some_and(|info| names::Context::of(child, info).is_about_people())
        })
    };
    places > 1 && pointed_at()
}

/// Columns that point at a table of people, by a foreign key or by name.
pub(super) fn paths(
    catalogue: &Catalogue,
    name: &TableName,
    info: &TableInfo,
) -> Vec<(Vec<Column>, TableName, String)> {
    let mut found: Vec<(Vec<Column>, TableName, String)> = Vec::new();
    for key in info.points_at.iter().filter(|key| key.to != *name) {
        found.push((key.columns.clone(), key.to.clone(), "foreign key".to_owned()));
    }
    for column in &info.order {
        if found.iter().any(|(columns, ..)| columns.contains(column)) || info.key == [column.clone()] {
            continue;
        }
        let words = names::words(column.as_str());
        let Some((last, stem)) = words.split_last() else { continue };
        if !matches!(last.as_str(), "id" | "no" | "code" | "sn") || stem.is_empty() {
            continue;
        }
        let target = catalogue.tables.iter().find(|(other, other_info)| {
            **other != *name
                && other_info.kind == TableKind::Table
                && other_info.key.len() == 1
                && is_called(other, stem)
        });
        if let Some((other, _)) = target {
            found.push((vec![column.clone()], other.clone(), format!("`{column}` is named after {}", other.table)));
        }
    }
    // Only those that lead to people.
    found.retain(|(_, to, _)| {
        catalogue.table(to).is_some_and(|info| names::Context::of(to, info).is_about_people() || has_identifier(info))
    });
    found
}

fn has_identifier(info: &TableInfo) -> bool {
    info.columns.iter().any(|(column, known)| {
        super::by_name(column, known)
            .is_some_and(|evidence| evidence.is_sure() && matches!(evidence.kind, Kind::Mobile | Kind::Email))
    })
}

/// `member` is `ums_member`, `members`, `t_member`.
fn is_called(table: &TableName, stem: &[String]) -> bool {
    let words = names::words(&table.table);
    let words: Vec<&str> = words.iter().map(|word| names::singular(word)).collect();
    let stem: Vec<&str> = stem.iter().map(|word| names::singular(word)).collect();
    words.ends_with(&stem) && words.len() <= stem.len() + 1
}

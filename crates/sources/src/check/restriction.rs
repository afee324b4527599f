//! Columns that say whether a purpose is restricted: they must take what is written there.

use domain::map::{Problem, Restriction, Table};

use crate::catalogue::{ColumnInfo, TableInfo};

pub(super) fn problems(table: &Table, info: &TableInfo) -> Vec<Problem> {
    let known = |restriction: &Restriction| info.columns.get(&restriction.column).cloned();
    let with = table.restrictions.iter().filter_map(|restriction| Some((restriction, known(restriction)?)));
    with.flat_map(|(restriction, column)| of_column(restriction, &column)).collect()
}

fn of_column(restriction: &Restriction, column: &ColumnInfo) -> Vec<Problem> {
    let name = &restriction.column;
    let mut problems = Vec::new();
    if column.generated {
        let wrong = format!("`{name}` is computed by the database and cannot be written");
        problems.push(Problem::error(wrong, "name the column it is made from"));
    }
    if column.unique {
        let wrong = format!("`{name}` must be unique, so only one person could restrict the purpose");
        problems.push(Problem::error(wrong, "name a column that says nothing but this"));
    }
    if restriction.open.is_none() && !column.nullable {
        let wrong = format!("`{name}` may not be empty, so a restriction could not be lifted");
        problems.push(Problem::error(wrong, "write open = \"…\": what stands there while nothing is restricted"));
    }
    for text in [Some(&restriction.restricted), restriction.open.as_ref()].into_iter().flatten() {
        if column.longest.is_some_and(|longest| text.chars().count() > longest as usize) {
            let wrong = format!("`{name}` takes {} characters, “{text}” has more", column.longest.unwrap_or(0));
            problems.push(Problem::error(wrong, "write what the company's programs write there"));
        }
        if column.family.is_number() && text.parse::<f64>().is_err() {
            let wrong = format!("`{name}` holds numbers, “{text}” is none");
            problems.push(Problem::error(wrong, "write \"1\" or \"0\", or what the company's programs write there"));
        }
    }
    problems
}

//! Whether what is erased stays erased: on the disk before it is said to be, and in steps that can be taken back.

use domain::map::{Engine, Problem};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{Source, SourceError, catalogue::TableInfo};

/// A setting, and the values with which a power cut takes back nothing.
type Setting = (&'static str, &'static [&'static str]);

/// `synchronous_commit` is none of them: our connections set their own.
const POSTGRES: &[Setting] = &[("fsync", &["on"]), ("full_page_writes", &["on"])];
const MYSQL: &[Setting] = &[("innodb_flush_log_at_trx_commit", &["1"]), ("innodb_doublewrite", &["1", "ON"])];

pub(super) async fn of_server(source: &Source) -> Result<Vec<Problem>, SourceError> {
    let (backend, ask, settings) = match source.engine {
        Engine::Postgres => (DbBackend::Postgres, "SELECT current_setting('NAME', true)", POSTGRES),
        Engine::Mysql => (DbBackend::MySql, "SELECT CAST(@@NAME AS CHAR)", MYSQL),
        // We open the file ourselves, and say how it is written.
        Engine::Sqlite | Engine::Http | Engine::Manual => return Ok(Vec::new()),
    };
    let db = source.reading().await?;
    let mut problems = Vec::new();
    for (name, safe) in settings {
        // A database that only speaks their language may not have it.
        let Ok(row) = db.query_one_raw(Statement::from_string(backend, ask.replace("NAME", name))).await else {
            continue;
        };
        let value: Option<String> = row.and_then(|row| row.try_get_by_index(0).ok()).flatten();
        let Some(value) = value.filter(|value| !safe.contains(&value.as_str())) else { continue };
        let wrong = format!("`{name}` is {value}: after a power cut what was erased may be back");
        let instead = format!("set it to {}, or run `qingdan replay` after every power cut", safe.join(" or "));
        problems.push(Problem::warning(wrong, instead).at(source.name.as_str(), 0));
    }
    Ok(problems)
}

pub(super) fn of_table(info: &TableInfo) -> Option<Problem> {
    let engine = info.without_transactions.as_ref()?;
    let wrong = format!("its engine {engine} takes no step back that fails half-way, and loses rows when it crashes");
    Some(Problem::error(wrong, "ALTER TABLE … ENGINE = InnoDB"))
}

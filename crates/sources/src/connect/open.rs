//! One pool, as each engine wants it.

use std::time::Duration;

use domain::map::Engine;
use futures::future::BoxFuture;
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection,
    sqlx::{
        AssertSqlSafe, Executor,
        mysql::{MySqlConnectOptions, MySqlSslMode},
        postgres::{PgConnectOptions, PgSslMode},
        sqlite::SqliteSynchronous,
    },
};

use super::{For, Source};
use crate::SourceError;

const CONNECT_SECONDS: u64 = 5;

/// A step never pauses inside its transaction. Where its worker stands still or its machine is gone, the company's rows
/// are free again when another worker takes over, which is after as long.
const IDLE_SECONDS: u64 = 15;

/// Reading goes on for as long as somebody downloads: 0 is no limit.
const fn idle_seconds(purpose: For) -> u64 {
    match purpose {
        For::Reading => 0,
        For::Writing | For::WritingBack => IDLE_SECONDS,
    }
}

/// Boxed, and of no type of its own: every statement comes through here, and sqlx connects in more layers than the
/// compiler looks into.
pub(super) fn open(source: &Source, purpose: For) -> BoxFuture<'_, Result<DatabaseConnection, SourceError>> {
    Box::pin(connect(source, purpose))
}

async fn connect(source: &Source, purpose: For) -> Result<DatabaseConnection, SourceError> {
    let url = match purpose {
        For::Reading => &source.read_url,
        For::Writing | For::WritingBack => &source.write_url,
    };
    let mut options = match source.engine {
        Engine::Sqlite => sqlite(source, purpose, url)?,
        Engine::Postgres => postgres(source, purpose, url),
        Engine::Mysql => mysql(source, purpose, url),
        Engine::Http | Engine::Manual => {
            return Err(SourceError::Unreachable { source_name: source.name.clone() });
        }
    };
    options
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
        .acquire_timeout(Duration::from_secs(CONNECT_SECONDS));
    let opened = Database::connect(options).await.map_err(|error| {
        tracing::warn!(source = %source.name, "cannot connect");
        SourceError::from_db(&source.name, None, &error)
    });
    source.note(&opened);
    opened
}

fn sqlite(source: &Source, purpose: For, url: &str) -> Result<ConnectOptions, SourceError> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = source.base.join(path);
    // A missing file would be created empty, and an empty company holds nothing about anyone.
    if !path.is_file() {
        return Err(SourceError::Unreachable { source_name: source.name.clone() });
    }
    let lock = Duration::from_secs(source.limits.lock);
    let mut options = ConnectOptions::new("sqlite:company");
    // One writer: SQLite has one write lock, and two of ours would only wait for each other.
    options.max_connections(if purpose == For::Reading { source.limits.connections } else { 1 });
    options.map_sqlx_sqlite_opts(move |sqlite| {
        // The journal mode is the company's own choice and stays as it is.
        sqlite
            .filename(&path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(lock)
            // Without a log a commit is the removal of a journal. FULL does not wait until the folder is on the disk too,
            // and a power cut brought back what the ledger had called done.
            .synchronous(SqliteSynchronous::Extra)
            // Deleted content is overwritten with zeros, not only unlinked.
            .pragma("secure_delete", "ON")
            // Not a file opened for reading: where a program died in a transaction, nobody could read until another one
            // had written the journal back.
            .pragma("query_only", if purpose == For::Reading { "ON" } else { "OFF" })
            // In KiB. A step goes through many pages once; with the usual 2 MB it reads its indexes' again and again.
            .pragma("cache_size", if purpose == For::Writing { "-16384" } else { "-2000" })
            // No step stops to write the log back; `execute::wal` and what is tidied up afterwards do.
            .pragma("wal_autocheckpoint", if purpose == For::Writing { "0" } else { "1000" })
    });
    Ok(options)
}

fn postgres(source: &Source, purpose: For, url: &str) -> ConnectOptions {
    let (lock, idle) = (source.limits.lock * 1000, idle_seconds(purpose) * 1000);
    let encrypt = must_encrypt(url);
    let mut options = ConnectOptions::new(url);
    pool::hand_out_clean(&mut options);
    pool::wait_for_disk(&mut options);
    options
        .max_connections(source.limits.connections)
        .set_application_name("qingdan")
        .statement_timeout(Duration::from_secs(source.limits.statement))
        .map_sqlx_postgres_opts(move |postgres: PgConnectOptions| {
            let postgres = if encrypt { postgres.ssl_mode(PgSslMode::Require) } else { postgres };
            postgres.options([
                ("lock_timeout", lock.to_string().as_str()),
                ("idle_in_transaction_session_timeout", idle.to_string().as_str()),
                ("datestyle", "ISO"),
                ("timezone", "Asia/Shanghai"),
                ("default_transaction_read_only", if purpose == For::Reading { "on" } else { "off" }),
            ])
        });
    options
}

fn mysql(source: &Source, purpose: For, url: &str) -> ConnectOptions {
    let encrypt = must_encrypt(url);
    let (statement, lock) = (source.limits.statement, source.limits.lock);
    // Strict: a value that does not fit is an error, not something else, and so is a row that would point at
    // nothing. Times as they are in China.
    let session = format!(
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO', time_zone = '+08:00', foreign_key_checks = 1, \
         innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}"
    );
    // The two products name the limit differently, and count it differently. MySQL ends no idle transaction.
    let idle = idle_seconds(purpose);
    let limits = [
        format!("SET SESSION max_statement_time = {statement}"),
        format!("SET SESSION max_execution_time = {}", statement * 1000),
        format!("SET SESSION idle_transaction_timeout = {idle}"),
    ];
    let mut options = ConnectOptions::new(url.replacen("mariadb://", "mysql://", 1));
    pool::hand_out_clean(&mut options);
    options
        .max_connections(source.limits.connections)
        .map_sqlx_mysql_opts(move |mysql: MySqlConnectOptions| {
            // The session is set up below, whole.
            let mysql = mysql.pipes_as_concat(false).timezone(None::<String>).charset("utf8mb4");
            if encrypt { mysql.ssl_mode(MySqlSslMode::Required) } else { mysql }
        })
        .map_sqlx_mysql_pool_opts(move |pool| {
            let (session, limits) = (session.clone(), limits.clone());
            pool.after_connect(move |connection, _| {
                let (session, limits) = (session.clone(), limits.clone());
                Box::pin(async move {
                    connection.execute(AssertSqlSafe(session)).await?;
                    for limit in limits {
                        // Each product knows one of the two.
                        let _ = connection.execute(AssertSqlSafe(limit)).await;
                    }
                    if purpose == For::Reading {
                        connection.execute("SET SESSION TRANSACTION READ ONLY").await?;
                    }
                    Ok(())
                })
            })
        });
    options
}

/// Over a network personal data travels encrypted, unless the URL says how itself.
fn must_encrypt(url: &str) -> bool {
    let says = ["sslmode", "ssl-mode", "ssl_mode"].iter().any(|word| url.contains(word));
    let after = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host
        .strip_prefix('[')
        .and_then(|v6| v6.split(']').next())
        .unwrap_or_else(|| host.split(':').next().unwrap_or_default());
    let local = host.is_empty() || host == "localhost" || host == "::1" || host.starts_with("127.");
    !says && !local
}

#[cfg(test)]
mod tests {
    use super::must_encrypt;

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for url in ["postgres://u:p@db.example.com/x", "mysql://10.0.0.8:3306/shop", "mysql://u@[2001:db8::1]/x"] {
            assert!(must_encrypt(url), "{url}");
        }
        for url in [
            "postgres://u:p@localhost:5432/x",
            "mysql://u@127.0.0.1/x",
            "mysql://u@[::1]:3306/x",
            "postgres://db.example.com/x?sslmode=disable",
        ] {
            assert!(!must_encrypt(url), "{url}");
        }
    }
}

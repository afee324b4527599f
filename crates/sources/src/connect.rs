//! Connections to the company's databases: reading and writing apart, bounded in number and time.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::map::{DataMap, Engine, SourceName, TableName, written};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tokio::sync::OnceCell;

use crate::{
    SourceError, catalogue,
    catalogue::{Catalogue, Catalogues},
};

/// No statement of ours may run longer in a company's database.
pub const STATEMENT_SECONDS: u64 = 30;
/// How long a lock of the company's own programs is waited for.
const LOCK_SECONDS: u64 = 5;
const CONNECT_SECONDS: u64 = 5;

/// One of the company's databases. Connected on first use, so that one that is down at start
/// only takes its own part away.
pub struct Source {
    pub name: SourceName,
    pub engine: Engine,
    url: String,
    base: PathBuf,
    tables: Vec<TableName>,
    read: OnceCell<DatabaseConnection>,
    write: OnceCell<DatabaseConnection>,
    catalogue: OnceCell<Catalogue>,
}

/// All of them, by the names the map gives them.
pub struct Sources {
    by_name: BTreeMap<SourceName, Source>,
}

/// A URL the map refers to that is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("source {name}: {wrong}")]
pub struct NoUrl {
    name: SourceName,
    wrong: String,
}

impl Sources {
    /// Reads the URLs; connects to nothing. Relative `SQLite` paths are relative to `base`.
    pub fn open(map: &DataMap, base: &Path) -> Result<Self, NoUrl> {
        let mut by_name = BTreeMap::new();
        for (name, written) in &map.sources {
            let url = url(name, written)?;
            let tables =
                map.tables.iter().filter(|table| table.name.source == *name).map(|table| table.name.clone()).collect();
            let source = Source {
                name: name.clone(),
                engine: written.engine,
                url,
                base: base.to_owned(),
                tables,
                read: OnceCell::new(),
                write: OnceCell::new(),
                catalogue: OnceCell::new(),
            };
            by_name.insert(name.clone(), source);
        }
        Ok(Self { by_name })
    }

    pub fn get(&self, name: &SourceName) -> Option<&Source> {
        self.by_name.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.by_name.values()
    }

    /// The catalogues of all sources.
    ///
    /// # Errors
    /// The first source that cannot be reached: a plan over half the data would be a lie.
    pub async fn catalogues(&self) -> Result<Catalogues, SourceError> {
        let mut all = Catalogues::default();
        for source in self.iter() {
            all.0.insert(source.name.clone(), source.catalogue().await?.clone());
        }
        Ok(all)
    }
}

fn url(name: &SourceName, written: &written::Source) -> Result<String, NoUrl> {
    let wrong = |wrong: String| NoUrl { name: name.clone(), wrong };
    if let Some(url) = &written.url {
        return Ok(url.clone());
    }
    if let Some(variable) = &written.url_env {
        return std::env::var(variable)
            .map_err(|_| wrong(format!("the environment variable {variable} is not set; set it to the database URL")));
    }
    let file = written.url_file.as_deref().unwrap_or_default();
    std::fs::read_to_string(file)
        .map(|text| text.trim().to_owned())
        .map_err(|error| wrong(format!("the file {file} cannot be read: {error}")))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Reading,
    Writing,
}

impl Source {
    pub async fn reading(&self) -> Result<&DatabaseConnection, SourceError> {
        self.read.get_or_try_init(|| self.connect(For::Reading)).await
    }

    /// Only the executor asks for this one (invariant 3).
    pub(crate) async fn writing(&self) -> Result<&DatabaseConnection, SourceError> {
        self.write.get_or_try_init(|| self.connect(For::Writing)).await
    }

    pub async fn catalogue(&self) -> Result<&Catalogue, SourceError> {
        self.catalogue
            .get_or_try_init(|| async { catalogue::read(self.reading().await?, self.engine, &self.tables).await })
            .await
    }

    async fn connect(&self, purpose: For) -> Result<DatabaseConnection, SourceError> {
        let mut options = match self.engine {
            Engine::Sqlite => self.sqlite(purpose)?,
            Engine::Postgres => self.postgres(),
        };
        options
            .sqlx_logging(false)
            .record_stmt_in_spans(false)
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .acquire_timeout(Duration::from_secs(CONNECT_SECONDS));
        Database::connect(options).await.map_err(|error| {
            tracing::warn!(source = %self.name, "cannot connect");
            SourceError::from_db(&self.name, None, &error)
        })
    }

    fn sqlite(&self, purpose: For) -> Result<ConnectOptions, SourceError> {
        let path = self.url.trim_start_matches("sqlite:").trim_start_matches("//");
        let path = self.base.join(path);
        // A missing file would be created empty, and an empty company holds nothing about anyone.
        if !path.is_file() {
            return Err(SourceError::Unreachable { source_name: self.name.clone() });
        }
        let mut options = ConnectOptions::new("sqlite:company");
        // One writer: SQLite has one write lock, and two of ours would only wait for each other.
        options.max_connections(if purpose == For::Writing { 1 } else { 4 });
        options.map_sqlx_sqlite_opts(move |sqlite| {
            // The journal mode is the company's own choice and stays as it is.
            sqlite
                .filename(&path)
                .create_if_missing(false)
                .read_only(purpose == For::Reading)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(LOCK_SECONDS))
                // Deleted content is overwritten with zeros, not only unlinked.
                .pragma("secure_delete", "ON")
        });
        Ok(options)
    }

    fn postgres(&self) -> ConnectOptions {
        let mut options = ConnectOptions::new(self.url.clone());
        options
            .max_connections(4)
            .set_application_name("qingdan")
            .statement_timeout(Duration::from_secs(STATEMENT_SECONDS))
            .map_sqlx_postgres_opts(|postgres| {
                postgres.options([
                    ("lock_timeout", &*format!("{}", LOCK_SECONDS * 1000)),
                    ("datestyle", "ISO"),
                    ("timezone", "Asia/Shanghai"),
                ])
            });
        options
    }
}

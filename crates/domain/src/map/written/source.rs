//! Where data is: databases, systems behind HTTP, systems only people reach.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    Sqlite,
    Postgres,
    /// `MySQL` 8 or `MariaDB` 10.6 and newer.
    #[serde(alias = "mariadb")]
    Mysql,
    /// A system that answers signed requests, see `docs/sources.openapi.yaml`.
    Http,
    /// A system only people can reach: a task for a named owner.
    Manual,
}

impl Engine {
    /// Whether it is asked in SQL, row by row. A system over HTTP is not, and neither are people.
    pub const fn has_sql(self) -> bool {
        match self {
            Self::Sqlite | Self::Postgres | Self::Mysql => true,
            Self::Http | Self::Manual => false,
        }
    }
}

/// Where a database is, in exactly one of three ways.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub url: Option<String>,
    /// An environment variable that holds the URL.
    pub url_env: Option<String>,
    /// A file that holds the URL.
    pub url_file: Option<String>,
}

/// How much of a company database we may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections for reading, and again for writing.
    pub connections: u32,
    /// Seconds no statement of ours may exceed.
    pub statement: u64,
    /// Seconds a lock of the company's own programs is waited for.
    pub lock: u64,
    /// Seconds a replica may be behind before the night waits for it.
    pub lag: u32,
    /// Sessions of the company's own that may wait for a lock before the night stands back.
    pub waiting: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 4, statement: 30, lock: 5, lag: 10, waiting: 3 }
    }
}

/// Who does by hand what no program can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    pub name: Words,
    pub email: String,
    /// Working days they have, well inside the 15 of the request.
    pub days: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: Words,
    pub engine: Engine,
    /// The database, without secrets. A relative `SQLite` path is relative to the configuration file.
    pub url: Option<String>,
    /// An environment variable that holds the URL.
    pub url_env: Option<String>,
    /// A file that holds the URL.
    pub url_file: Option<String>,
    /// Other credentials for erasing and correcting. Left out: the same as for reading.
    pub write: Option<Address>,
    #[serde(default)]
    pub limits: Limits,
    /// `http`: an environment variable that holds the secret requests are signed with.
    pub key_env: Option<String>,
    /// `http`: a file that holds it.
    pub key_file: Option<String>,
    /// `manual`: who is asked.
    pub owner: Option<Owner>,
    /// Where the data is stored.
    pub stored_in: Words,
}

impl Source {
    /// A database at a URL, with the same access for everything and the usual limits.
    pub fn at(name: Words, engine: Engine, url: String, stored_in: Words) -> Self {
        Self {
            name,
            engine,
            url: Some(url),
            url_env: None,
            url_file: None,
            write: None,
            limits: Limits::default(),
            key_env: None,
            key_file: None,
            owner: None,
            stored_in,
        }
    }
}

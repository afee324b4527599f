//! Connections to the company's databases: reading and writing apart, bounded in number and time.

mod breaker;
mod open;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicI64},
    time::Instant,
};

use domain::map::{DataMap, Engine, SourceName, written};
use futures::future::BoxFuture;
use sea_orm::DatabaseConnection;
use tokio::sync::{OnceCell, RwLock};

use crate::{
    SourceError, catalogue,
    catalogue::{Catalogue, Catalogues},
    fault::Faults,
    http::HttpSource,
    pace::Paces,
    patience::Patience,
};
use breaker::Breaker;

/// One of the company's databases. Connected on first use, so that one that is down at start
/// only takes its own part away.
pub struct Source {
    pub name: SourceName,
    pub engine: Engine,
    limits: written::Limits,
    read_url: String,
    write_url: String,
    base: PathBuf,
    read: OnceCell<DatabaseConnection>,
    write: OnceCell<DatabaseConnection>,
    write_back: OnceCell<DatabaseConnection>,
    catalogue: RwLock<Option<Arc<Catalogue>>>,
    breaker: Breaker,
    /// SQLite's count of other connections' commits, when last looked at; -1 before.
    pub(crate) data_version: AtomicI64,
    /// The write-ahead log of an SQLite file that has one. It cannot change while somebody is connected.
    pub(crate) log: OnceCell<Option<PathBuf>>,
}

/// All of them, by the names the map gives them.
#[derive(Clone)]
pub struct Sources {
    by_name: Arc<BTreeMap<SourceName, Source>>,
    http: Arc<BTreeMap<SourceName, HttpSource>>,
    patience: Patience,
    /// How large a step of a table may be.
    pub paces: Arc<Paces>,
    /// What a test lets fail.
    pub faults: Faults,
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
        let (mut by_name, mut http) = (BTreeMap::new(), BTreeMap::new());
        for (name, written) in &map.sources {
            match written.engine {
                Engine::Sqlite | Engine::Postgres | Engine::Mysql => {
                    by_name.insert(name.clone(), Source::new(name, written, base)?);
                }
                Engine::Http => {
                    let (url_env, url_file) = (written.key_env.clone(), written.key_file.clone());
                    let key = url(name, &written::Address { url: None, url_env, url_file })?;
                    http.insert(name.clone(), HttpSource::new(name, written, &url(name, &own_address(written))?, key));
                }
                // Reached by people only.
                Engine::Manual => {}
            }
        }
        Ok(Self {
            by_name: Arc::new(by_name),
            http: Arc::new(http),
            patience: Patience::default(),
            paces: Arc::default(),
            faults: Faults::default(),
        })
    }

    /// The same, for somebody who waits for the answer.
    #[must_use]
    pub fn waited_for(&self) -> Self {
        Self { patience: self.patience.limited(), ..self.clone() }
    }

    /// Every look into a source that somebody may wait for goes through here.
    pub(crate) fn look<'a, T: Send + 'a>(
        &'a self,
        source: &'a SourceName,
        work: impl Future<Output = Result<T, SourceError>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, SourceError>> {
        // Boxed: the types of all that look would grow by all of it, deeper than the compiler looks.
        Box::pin(self.patience.look(source, work))
    }

    pub fn get(&self, name: &SourceName) -> Option<&Source> {
        self.by_name.get(name)
    }

    pub fn http(&self, name: &SourceName) -> Option<&HttpSource> {
        self.http.get(name)
    }

    pub fn https(&self) -> impl Iterator<Item = &HttpSource> {
        self.http.values()
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
            all.0.insert(source.name.clone(), self.look(&source.name, source.catalogue()).await?);
        }
        Ok(all)
    }
}

fn own_address(written: &written::Source) -> written::Address {
    let (url, url_env, url_file) = (written.url.clone(), written.url_env.clone(), written.url_file.clone());
    written::Address { url, url_env, url_file }
}

fn url(name: &SourceName, address: &written::Address) -> Result<String, NoUrl> {
    let wrong = |wrong: String| NoUrl { name: name.clone(), wrong };
    if let Some(url) = &address.url {
        return Ok(url.clone());
    }
    if let Some(variable) = &address.url_env {
        return std::env::var(variable).map_err(|_| {
            wrong(format!("the environment variable {variable} is not set; set it to the URL or secret of this source"))
        });
    }
    let file = address.url_file.as_deref().unwrap_or_default();
    std::fs::read_to_string(file)
        .map(|text| text.trim().to_owned())
        .map_err(|error| wrong(format!("the file {file} cannot be read: {error}")))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Reading,
    Writing,
    /// SQLite's log, back into its file.
    WritingBack,
}

impl Source {
    /// # Errors
    /// An environment variable or file that is not there.
    pub fn new(name: &SourceName, written: &written::Source, base: &Path) -> Result<Self, NoUrl> {
        let read_url = url(name, &own_address(written))?;
        let write_url = written.write.as_ref().map_or(Ok(read_url.clone()), |address| url(name, address))?;
        Ok(Self {
            name: name.clone(),
            engine: written.engine,
            limits: written.limits,
            read_url,
            write_url,
            base: base.to_owned(),
            read: OnceCell::new(),
            write: OnceCell::new(),
            write_back: OnceCell::new(),
            catalogue: RwLock::new(None),
            breaker: Breaker::default(),
            data_version: AtomicI64::new(-1),
            log: OnceCell::new(),
        })
    }

    pub async fn reading(&self) -> Result<&DatabaseConnection, SourceError> {
        self.pass()?;
        self.read.get_or_try_init(|| open::open(self, For::Reading)).await
    }

    /// Only the executor asks for this one (invariant 3).
    pub(crate) async fn writing(&self) -> Result<&DatabaseConnection, SourceError> {
        self.pass()?;
        self.write.get_or_try_init(|| open::open(self, For::Writing)).await
    }

    /// For SQLite's log alone.
    pub(crate) async fn checkpoints(&self) -> Result<&DatabaseConnection, SourceError> {
        self.pass()?;
        self.write_back.get_or_try_init(|| open::open(self, For::WritingBack)).await
    }

    pub(crate) const fn limits(&self) -> written::Limits {
        self.limits
    }

    /// Steps that may go on side by side. SQLite has one write lock.
    pub fn lanes(&self) -> usize {
        match self.engine {
            Engine::Postgres | Engine::Mysql => usize::try_from(self.limits.connections).unwrap_or(1),
            // While one's steps are written into the ledger, the company's programs get the one lock there is. With two lanes
            // it is taken again at once: a tenth quicker, and others waited 0.7 s.
            Engine::Sqlite | Engine::Http | Engine::Manual => 1,
        }
    }

    /// What the database has, as it was when last looked at; -1 before.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>, SourceError> {
        if let Some(catalogue) = self.catalogue.read().await.as_ref() {
            return Ok(catalogue.clone());
        }
        // Boxed: every use case comes through here, and their types would grow by all of it.
        Box::pin(self.look_again()).await
    }

    /// The catalogue by itself, for statements that stay in this database.
    pub(crate) async fn alone(&self) -> Result<Catalogues, SourceError> {
        Ok(Catalogues([(self.name.clone(), self.catalogue().await?)].into()))
    }

    /// Reads the catalogue anew: tables change while we run.
    pub async fn look_again(&self) -> Result<Arc<Catalogue>, SourceError> {
        let catalogue = Arc::new(catalogue::read(self.reading().await?, self.engine, &self.name).await?);
        *self.catalogue.write().await = Some(catalogue.clone());
        Ok(catalogue)
    }

    /// Remembers how a call went, so that a source that does not answer is left alone for a while.
    pub(crate) fn note<T>(&self, result: &Result<T, SourceError>) {
        match result {
            Err(SourceError::Unreachable { .. } | SourceError::Slow { .. }) => self.breaker.failed(Instant::now()),
            Ok(_) | Err(_) => self.breaker.answered(),
        }
    }

    fn pass(&self) -> Result<(), SourceError> {
        if self.breaker.allows(Instant::now()) {
            Ok(())
        } else {
            Err(SourceError::Unreachable { source_name: self.name.clone() })
        }
    }
}

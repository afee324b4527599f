//! The portal as it is now. When a version of the map comes into force, a new portal takes the place of the
//! old one; what is under way is finished by the one it began with.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{actor::Actor, audit::Action, map::DataMap};
use sources::Sources;

use crate::{Portal, ServiceError, policy_in_force};

pub struct Live {
    current: RwLock<Arc<Portal>>,
    /// The map on disk, for where databases are.
    disk: RwLock<DataMap>,
    base: PathBuf,
}

impl Live {
    pub fn new(portal: Arc<Portal>, disk: DataMap, base: PathBuf) -> Self {
        Self { current: RwLock::new(portal), disk: RwLock::new(disk), base }
    }

    pub fn current(&self) -> Arc<Portal> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The map on disk was read anew: versions that come into force find their databases by it.
    pub fn know(&self, disk: DataMap) {
        *self.disk.write().unwrap_or_else(PoisonError::into_inner) = disk;
    }

    /// Takes up the version in force, if it is another than the one worked by.
    ///
    /// # Errors
    /// A store or a version that cannot be read; the portal then stays as it was.
    pub async fn refresh(&self) -> Result<(), ServiceError> {
        let now = self.current();
        now.learn_years().await?;
        let in_force = now.store.version_in_force(now.clock.today()).await?;
        if in_force.is_none_or(|version| version.hash == now.map.hash) {
            return Ok(());
        }
        let disk = self.disk.read().unwrap_or_else(PoisonError::into_inner).clone();
        let map = policy_in_force(&now.store, &now.clock, &disk).await?;
        let sources = Sources::open(&map, &self.base)?;
        let next = Portal { sources: Arc::new(sources), map: Arc::new(map), ..Portal::clone(&now) };
        next.map_in_force().await?;
        tracing::info!(map = next.map.hash.short(), "a new version of the map is in force");
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(())
    }
}

impl Portal {
    /// The first time a version of the map is worked by is in the audit log.
    pub async fn map_in_force(&self) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        if tx.map_in_force(&self.map.hash, now).await? {
            let hash = self.map.hash.as_str();
            tx.audit(now, &Actor::System, Action::MapInForce, format!("map:{hash}"), serde_json::json!({})).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

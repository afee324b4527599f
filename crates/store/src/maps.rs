//! Which version of the data map was in force from when.

use domain::map::MapHash;
use jiff::Timestamp;
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::{StoreError, Tx, entity::map_version};

impl Tx {
    /// Remembers the first time a version came into force. True when it is new.
    pub async fn map_in_force(&self, hash: &MapHash, now: Timestamp) -> Result<bool, StoreError> {
        if map_version::Entity::find_by_id(hash.as_str()).one(&self.inner).await?.is_some() {
            return Ok(false);
        }
        let row = map_version::Model { hash: hash.0.clone(), in_force_at: now.as_millisecond() };
        map_version::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(true)
    }
}

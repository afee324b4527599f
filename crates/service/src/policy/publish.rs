//! Proposed, read by two officers, published. The map in force is the last published version whose day has
//! come; there is no other, so that map and policy cannot differ.

use std::collections::BTreeMap;

use domain::{
    actor::Actor,
    audit::Action,
    map::{self, DataMap, MapHash, SourceName, diff, written},
    permit::Decide,
    policy::{NotPossible, VersionEvent, VersionStage},
};
use jiff::civil::Date;
use store::{Store, jobs::JobKind, policies::Version};

use crate::{Clock, Portal, ServiceError, error::overtaken};

/// A published version, readable for ever.
#[derive(Clone, Debug)]
pub struct Published {
    pub hash: MapHash,
    pub effective: Date,
    pub map: DataMap,
}

/// A version that waits for approval, and what it would change.
#[derive(Debug)]
pub struct Open {
    pub version: Version,
    pub map: DataMap,
    pub changes: Vec<diff::Change>,
}

/// The map to work by: what is in force, or on the first start the one on disk. A map on disk that is not
/// known yet is proposed.
///
/// # Errors
/// A store that cannot be read, or a stored version that cannot.
pub async fn in_force(store: &Store, clock: &Clock, disk: &DataMap) -> Result<DataMap, ServiceError> {
    let now = clock.now();
    let known = store.version_in_force(clock.today()).await?;
    let tx = store.begin().await?;
    if tx.propose_version(&disk.hash, &disk.body, now).await? {
        let object = format!("map:{}", disk.hash);
        if known.is_none() {
            tx.publish_first(&disk.hash, disk.handler.effective.min(clock.today()), now).await?;
            tx.audit(now, &Actor::System, Action::PolicyPublished, object, serde_json::json!({ "first": true }))
                .await?;
        } else {
            tx.audit(now, &Actor::System, Action::PolicyProposed, object, serde_json::json!({})).await?;
        }
    }
    tx.commit().await?;
    match known {
        Some(version) if version.hash != disk.hash => restore(&version, &disk.sources),
        Some(_) | None => Ok(disk.clone()),
    }
}

fn restore(version: &Version, addresses: &BTreeMap<SourceName, written::Source>) -> Result<DataMap, ServiceError> {
    let damaged = |_| store::StoreError::Inconsistent { what: "a policy version" };
    Ok(map::restore(&version.body, addresses).map_err(damaged)?)
}

impl Portal {
    /// Every published version, the latest first.
    pub async fn versions(&self) -> Result<Vec<Published>, ServiceError> {
        Ok(self.store.published_versions().await?.iter().filter_map(|version| self.published(version)).collect())
    }

    /// `None` where an older grammar wrote it: it must not take the other versions with it.
    pub(super) fn published(&self, version: &Version) -> Option<Published> {
        let map = restore(version, &self.map.sources);
        if map.is_err() {
            tracing::error!(version = version.hash.short(), "a published version cannot be read");
        }
        Some(Published { hash: version.hash.clone(), effective: version.effective()?, map: map.ok()? })
    }

    /// One published version by its hash, or the beginning of it, and the one before.
    pub async fn version(&self, hash: &str) -> Result<(Published, Option<Published>), ServiceError> {
        let versions = self.store.published_versions().await?;
        let mut versions = versions.iter();
        // Eight digits name a version; fewer could mean several.
        let this = versions.find(|v| hash.len() >= 8 && v.hash.as_str().starts_with(hash));
        let this = this.and_then(|version| self.published(version)).ok_or(ServiceError::NotFound)?;
        Ok((this, versions.find_map(|version| self.published(version))))
    }

    /// From when the version in force is.
    pub async fn effective(&self) -> Result<Date, ServiceError> {
        let version = self.store.version(self.map.hash.as_str()).await?;
        Ok(version.and_then(|version| version.effective()).unwrap_or(self.map.handler.effective))
    }

    /// A published version whose day has not come yet.
    pub async fn upcoming(&self) -> Result<Option<Published>, ServiceError> {
        let today = self.clock.today();
        // Only the last one: what was published before it will not come into force any more.
        let versions = self.store.published_versions().await?;
        let last = versions.iter().find_map(|version| self.published(version));
        Ok(last.filter(|version| version.effective > today))
    }

    /// Versions that wait for approval.
    pub async fn open_versions(&self, permit: &Decide) -> Result<Vec<Open>, ServiceError> {
        let mut open = Vec::new();
        for version in self.store.open_versions(permit).await? {
            let map = restore(&version, &self.map.sources)?;
            let changes = diff::diff(&self.map, &map);
            open.push(Open { version, map, changes });
        }
        Ok(open)
    }

    pub async fn open_version(&self, permit: &Decide, hash: &str) -> Result<Open, ServiceError> {
        let open = self.open_versions(permit).await?;
        open.into_iter().find(|open| open.version.hash.as_str() == hash).ok_or(ServiceError::NotFound)
    }

    /// Approves a version: the first of two people, or the second, which publishes it.
    pub async fn approve_version(
        &self,
        permit: &Decide,
        actor: &Actor,
        hash: &str,
    ) -> Result<VersionStage, ServiceError> {
        let open = self.open_version(permit, hash).await?;
        let (now, today) = (self.clock.now(), self.clock.today());
        let event = VersionEvent::Approve { by: permit.staff(), wanted: open.map.handler.effective, today };
        let stage = open.version.stage.next(event, now).map_err(not_possible)?;
        let published = matches!(stage, VersionStage::Published { .. });
        let tx = self.store.begin().await?;
        tx.move_version(permit, &open.version, &stage).await.map_err(overtaken)?;
        let action = if published { Action::PolicyPublished } else { Action::PolicyApproved };
        let detail = serde_json::json!({ "changes": open.changes.len() });
        tx.audit(now, actor, action, format!("map:{hash}"), detail).await?;
        if published && !open.changes.is_empty() {
            tx.enqueue(JobKind::TellOfChange, hash, now).await?;
        }
        tx.commit().await?;
        Ok(stage)
    }

    pub async fn withdraw_version(&self, permit: &Decide, actor: &Actor, hash: &str) -> Result<(), ServiceError> {
        let open = self.open_version(permit, hash).await?;
        let now = self.clock.now();
        let stage =
            open.version.stage.next(VersionEvent::Withdraw { by: permit.staff() }, now).map_err(not_possible)?;
        let tx = self.store.begin().await?;
        tx.move_version(permit, &open.version, &stage).await.map_err(overtaken)?;
        tx.audit(now, actor, Action::PolicyWithdrawn, format!("map:{hash}"), serde_json::json!({})).await?;
        tx.commit().await?;
        Ok(())
    }
}

const fn not_possible(why: NotPossible) -> ServiceError {
    match why {
        NotPossible::SamePerson => ServiceError::SecondPerson,
        NotPossible::Settled => ServiceError::Overtaken,
    }
}

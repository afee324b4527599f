//! Versions of the map and of the policy made from it: immutable, addressed by hash.

use domain::{
    Identifier, json,
    map::MapHash,
    permit::Decide,
    policy::{Publishers, VersionStage},
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use crate::{
    Store, StoreError, Tx,
    entity::{change_notice, policy_version},
    moment,
};

/// One version and where it stands.
#[derive(Clone, Debug)]
pub struct Version {
    pub hash: MapHash,
    /// The map as it was written, without addresses of databases.
    pub body: String,
    pub stage: VersionStage,
    pub proposed_at: Timestamp,
}

impl Version {
    /// From which day it is, or was, in force.
    pub const fn effective(&self) -> Option<Date> {
        match &self.stage {
            VersionStage::Published { effective, .. } => Some(*effective),
            VersionStage::Proposed | VersionStage::ApprovedOnce { .. } | VersionStage::Withdrawn { .. } => None,
        }
    }
}

fn read(row: policy_version::Model) -> Result<Version, StoreError> {
    Ok(Version {
        hash: MapHash(row.hash),
        body: row.body,
        stage: serde_json::from_str(&row.stage).map_err(|_| StoreError::Inconsistent { what: "a policy version" })?,
        proposed_at: moment(row.proposed_at)?,
    })
}

impl Tx {
    /// A version nobody has approved yet. False when it is known already.
    pub async fn propose_version(&self, hash: &MapHash, body: &str, now: Timestamp) -> Result<bool, StoreError> {
        if policy_version::Entity::find_by_id(hash.as_str()).one(&self.inner).await?.is_some() {
            return Ok(false);
        }
        let stage = VersionStage::Proposed;
        let row = policy_version::Model {
            hash: hash.0.clone(),
            body: body.to_owned(),
            stage: json::text(&stage),
            stage_name: stage.name().to_owned(),
            effective_on: None,
            published_at: None,
            proposed_at: now.as_millisecond(),
        };
        policy_version::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(true)
    }

    /// The version a new portal starts with. There is no other to compare it to.
    pub async fn publish_first(&self, hash: &MapHash, today: Date, now: Timestamp) -> Result<(), StoreError> {
        let stage = VersionStage::Published { by: Publishers::FirstStart, at: now, effective: today };
        self.set_stage(hash, VersionStage::Proposed.name(), &stage).await
    }

    /// Moves a version, if it still stands where it was seen.
    pub async fn move_version(&self, _: &Decide, seen: &Version, to: &VersionStage) -> Result<(), StoreError> {
        self.set_stage(&seen.hash, seen.stage.name(), to).await
    }

    async fn set_stage(&self, hash: &MapHash, from: &str, to: &VersionStage) -> Result<(), StoreError> {
        let (effective, published) = match to {
            VersionStage::Published { at, effective, .. } => (Some(effective.to_string()), Some(at.as_millisecond())),
            VersionStage::Proposed | VersionStage::ApprovedOnce { .. } | VersionStage::Withdrawn { .. } => (None, None),
        };
        let moved = policy_version::Entity::update_many()
            .col_expr(policy_version::Column::Stage, Expr::value(json::text(to)))
            .col_expr(policy_version::Column::StageName, Expr::value(to.name()))
            .col_expr(policy_version::Column::EffectiveOn, Expr::value(effective))
            .col_expr(policy_version::Column::PublishedAt, Expr::value(published))
            .filter(policy_version::Column::Hash.eq(hash.as_str()))
            .filter(policy_version::Column::StageName.eq(from))
            .exec(&self.inner)
            .await?;
        if moved.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "a policy version" }) }
    }

    /// True the first time an address is told of a version.
    pub async fn is_news_to(&self, hash: &MapHash, to: &Identifier, now: Timestamp) -> Result<bool, StoreError> {
        let address_index = self.vault.index(to);
        let key = (hash.0.clone(), address_index.clone());
        if change_notice::Entity::find_by_id(key).one(&self.inner).await?.is_some() {
            return Ok(false);
        }
        let row = change_notice::Model { hash: hash.0.clone(), address_index, told_at: now.as_millisecond() };
        change_notice::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([change_notice::Column::Hash, change_notice::Column::AddressIndex])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await?;
        Ok(true)
    }
}

impl Store {
    /// The version in force on a day: of those whose day has come, the one published last.
    pub async fn version_in_force(&self, today: Date) -> Result<Option<Version>, StoreError> {
        let row = policy_version::Entity::find()
            .filter(policy_version::Column::StageName.eq("published"))
            .filter(policy_version::Column::EffectiveOn.lte(today.to_string()))
            .order_by_desc(policy_version::Column::PublishedAt)
            .one(&self.db)
            .await?;
        row.map(read).transpose()
    }

    /// Every published version, the latest first. Anyone may read them.
    pub async fn published_versions(&self) -> Result<Vec<Version>, StoreError> {
        let rows = policy_version::Entity::find()
            .filter(policy_version::Column::StageName.eq("published"))
            .order_by_desc(policy_version::Column::PublishedAt)
            .all(&self.db)
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Versions waiting for approval, the newest first.
    pub async fn open_versions(&self, _: &Decide) -> Result<Vec<Version>, StoreError> {
        let rows = policy_version::Entity::find()
            .filter(policy_version::Column::StageName.is_in(["proposed", "approved_once"]))
            .order_by_desc(policy_version::Column::ProposedAt)
            .all(&self.db)
            .await?;
        rows.into_iter().map(read).collect()
    }

    pub async fn version(&self, hash: &str) -> Result<Option<Version>, StoreError> {
        policy_version::Entity::find_by_id(hash).one(&self.db).await?.map(read).transpose()
    }
}

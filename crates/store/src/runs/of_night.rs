//! What belongs to a night beside its own plan: runs of rows set aside, and what it has forgotten of the portal's own.
//! And runs that were interrupted.

use std::collections::BTreeMap;

use domain::{
    ids::{RequestId, RunId},
    map::TableName,
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use super::{Run, RunKind, read, unfinished};
use crate::{
    Store, StoreError, Tx,
    entity::{forgotten, run},
};

impl Tx {
    /// An interrupted run of rows set aside goes on in this night, whose report has it from now on.
    pub async fn goes_on_in(&self, id: RunId, night: RunId) -> Result<(), StoreError> {
        run::Entity::update_many()
            .col_expr(run::Column::NightId, Expr::value(night.to_string()))
            .filter(run::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    /// With the change itself: a night that dies says afterwards what it had forgotten.
    pub async fn note_forgotten(&self, night: RunId, table: &TableName, rows: u64) -> Result<(), StoreError> {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        let row = forgotten::Model { run_id: night.to_string(), table_name: table.to_string(), rows };
        let more = Expr::col((forgotten::Entity, forgotten::Column::Rows)).add(rows);
        let known = OnConflict::columns([forgotten::Column::RunId, forgotten::Column::TableName])
            .value(forgotten::Column::Rows, more)
            .to_owned();
        forgotten::Entity::insert(row.into_active_model())
            .on_conflict(known)
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    /// What a night has forgotten of the portal's own so far, by table.
    pub async fn forgotten_in(&self, night: RunId) -> Result<BTreeMap<TableName, u64>, StoreError> {
        let own = forgotten::Entity::find().filter(forgotten::Column::RunId.eq(night.to_string()));
        let damaged = || StoreError::Inconsistent { what: "what a night has forgotten" };
        own.all(&self.db)
            .await?
            .into_iter()
            .map(|row| {
                let table = TableName::parse(&row.table_name).ok_or_else(damaged)?;
                Ok((table, u64::try_from(row.rows).unwrap_or(0)))
            })
            .collect()
    }

    /// Runs of rows set aside that are in this night's report, in their order.
    pub async fn set_aside_runs(&self, night: RunId) -> Result<Vec<Run>, StoreError> {
        let of = run::Entity::find().filter(run::Column::NightId.eq(night.to_string()));
        let rows = of.order_by_asc(run::Column::StartedAt).order_by_asc(run::Column::Id).all(&self.db).await?;
        rows.into_iter().map(read).collect()
    }

    /// Runs of rows set aside that were interrupted.
    pub async fn interrupted_set_aside(&self) -> Result<Vec<Run>, StoreError> {
        let open = unfinished(RunKind::SetAside).order_by_asc(run::Column::Id);
        open.all(&self.db).await?.into_iter().map(read).collect()
    }

    /// Likewise, of these rows.
    pub async fn interrupted_run_of(&self, set_aside: Uuid) -> Result<Option<Run>, StoreError> {
        let of = unfinished(RunKind::SetAside).filter(run::Column::SetAsideId.eq(set_aside.to_string()));
        of.order_by_asc(run::Column::Id).one(&self.db).await?.map(read).transpose()
    }

    /// Runs after a backup was restored that were interrupted, of a request.
    pub async fn interrupted_replays(&self, request: RequestId) -> Result<Vec<Run>, StoreError> {
        let of = unfinished(RunKind::Replay).filter(run::Column::RequestId.eq(request.to_string()));
        of.order_by_asc(run::Column::Id).all(&self.db).await?.into_iter().map(read).collect()
    }
}

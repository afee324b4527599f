//! Programs of the company's that may use the API: of their keys only a digest is kept.

use domain::{actor::Scope, ids::StaffId, json};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr};

use crate::{Store, StoreError, Tx, entity::program, moment};

#[derive(Clone, Debug)]
pub struct Program {
    pub id: StaffId,
    pub name: String,
    pub key_digest: String,
    pub scopes: Vec<Scope>,
    pub created_at: Timestamp,
    pub removed_at: Option<Timestamp>,
}

fn read(row: program::Model) -> Result<Program, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a program" };
    Ok(Program {
        id: row.id.parse().map_err(|_| damaged())?,
        name: row.name,
        key_digest: row.key_digest,
        scopes: serde_json::from_str(&row.scopes).map_err(|_| damaged())?,
        created_at: moment(row.created_at)?,
        removed_at: row.removed_at.map(moment).transpose()?,
    })
}

impl Tx {
    pub async fn add_program(&self, new: &Program) -> Result<(), StoreError> {
        let row = program::Model {
            id: new.id.to_string(),
            name: new.name.clone(),
            key_digest: new.key_digest.clone(),
            scopes: json::text(&new.scopes),
            created_at: new.created_at.as_millisecond(),
            removed_at: None,
        };
        program::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// False when there is no such program, or no more.
    pub async fn remove_program(&self, id: StaffId, now: Timestamp) -> Result<bool, StoreError> {
        let removed = program::Entity::update_many()
            .col_expr(program::Column::RemovedAt, Expr::value(now.as_millisecond()))
            .filter(program::Column::Id.eq(id.to_string()))
            .filter(program::Column::RemovedAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(removed.rows_affected == 1)
    }
}

impl Store {
    /// Also those whose key is worth nothing any more: their names stand in histories.
    pub async fn programs(&self) -> Result<Vec<Program>, StoreError> {
        let rows = program::Entity::find().order_by_asc(program::Column::CreatedAt).all(self.read()).await?;
        rows.into_iter().map(read).collect()
    }

    pub async fn program(&self, id: StaffId) -> Result<Option<Program>, StoreError> {
        let row = program::Entity::find_by_id(id.to_string())
            .filter(program::Column::RemovedAt.is_null())
            .one(self.read())
            .await?;
        row.map(read).transpose()
    }
}

//! Rules of the night that wait for a person, and what was let go.

use domain::{
    breaker::Tripped,
    map::MapHash,
    permit::{Decide, ReadReports},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use crate::{Store, StoreError, Tx, entity::breaker};

/// A rule that waits, or was let go up to so many rows.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub tripped: Tripped,
    pub map: MapHash,
    pub is_released: bool,
}

impl Tx {
    /// Stops a rule, or renews what is said about one that waits.
    pub async fn trip(&self, tripped: &Tripped, map: &MapHash, now: Timestamp) -> Result<(), StoreError> {
        let row = breaker::Model {
            table_name: tripped.table.to_string(),
            outcome: tripped.outcome.word().to_owned(),
            map_hash: map.0.clone(),
            tripped: serde_json::to_string(tripped).unwrap_or_default(),
            rows: i64::try_from(tripped.rows).unwrap_or(i64::MAX),
            tripped_at: now.as_millisecond(),
            released_by: None,
            released_at: None,
        };
        let new = [
            breaker::Column::MapHash,
            breaker::Column::Tripped,
            breaker::Column::Rows,
            breaker::Column::TrippedAt,
            breaker::Column::ReleasedBy,
            breaker::Column::ReleasedAt,
        ];
        breaker::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([breaker::Column::TableName, breaker::Column::Outcome])
                    .update_columns(new)
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }

    /// Lets a rule go, as it was seen: so many rows. False when it no longer waits, or for other rows.
    pub async fn release_rule(
        &self,
        permit: &Decide,
        table: &str,
        outcome: &str,
        rows: u64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let released = breaker::Entity::update_many()
            .col_expr(breaker::Column::ReleasedBy, Expr::value(permit.staff().to_string()))
            .col_expr(breaker::Column::ReleasedAt, Expr::value(now.as_millisecond()))
            .filter(breaker::Column::TableName.eq(table))
            .filter(breaker::Column::Outcome.eq(outcome))
            .filter(breaker::Column::Rows.eq(i64::try_from(rows).unwrap_or(i64::MAX)))
            .filter(breaker::Column::ReleasedAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(released.rows_affected == 1)
    }

    /// It went, or no longer has to.
    pub async fn forget_rule(&self, tripped: &Tripped) -> Result<(), StoreError> {
        breaker::Entity::delete_many()
            .filter(breaker::Column::TableName.eq(tripped.table.to_string()))
            .filter(breaker::Column::Outcome.eq(tripped.outcome.word()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    pub async fn waiting_rules(&self) -> Result<Vec<Waiting>, StoreError> {
        let rows = breaker::Entity::find().order_by_asc(breaker::Column::TrippedAt).all(self.read()).await?;
        let damaged = |_| StoreError::Inconsistent { what: "a rule that waits" };
        rows.into_iter()
            .map(|row| {
                Ok(Waiting {
                    tripped: serde_json::from_str(&row.tripped).map_err(damaged)?,
                    map: MapHash(row.map_hash),
                    is_released: row.released_at.is_some(),
                })
            })
            .collect()
    }

    /// For the page of the nights.
    pub async fn rules_to_release(&self, _permit: ReadReports) -> Result<Vec<Waiting>, StoreError> {
        self.waiting_rules().await
    }
}

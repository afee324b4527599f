//! Rules of the night that wait for a person, and what was let go.

use domain::{
    breaker::Tripped,
    ids::StaffId,
    json,
    map::{MapHash, TableName},
    permit::{Decide, ReadReports},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Condition, Expr, OnConflict},
};

use crate::{Store, StoreError, Tx, entity::breaker};

/// A rule that waits, or was let go up to so many rows.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub tripped: Tripped,
    pub map: MapHash,
    /// When a night counted it.
    pub counted: Timestamp,
    pub release: Release,
}

/// How far letting a rule go is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    NotAsked,
    /// One officer wants it, for this reason, and another has to agree.
    Asked {
        by: StaffId,
        reason: String,
    },
    /// `None` where that was before reasons were kept.
    Released {
        reason: Option<String>,
    },
}

impl Waiting {
    pub const fn is_released(&self) -> bool {
        matches!(self.release, Release::Released { .. })
    }

    pub fn as_seen(&self) -> Seen<'_> {
        let Tripped { table, outcome, rows, why: _ } = &self.tripped;
        Seen { table, outcome: outcome.word(), rows: *rows, map: &self.map, counted: self.counted }
    }
}

/// The rule that is let go, as it was seen: as many rows by another map, or in another night, are other rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    pub table: &'a TableName,
    pub outcome: &'a str,
    pub rows: u64,
    pub map: &'a MapHash,
    pub counted: Timestamp,
}

impl Seen<'_> {
    /// While nobody has let it go, and for no other rows.
    fn waits(self) -> Condition {
        Condition::all()
            .add(breaker::Column::TableName.eq(self.table.to_string()))
            .add(breaker::Column::Outcome.eq(self.outcome))
            .add(breaker::Column::Rows.eq(i64::try_from(self.rows).unwrap_or(i64::MAX)))
            .add(breaker::Column::MapHash.eq(self.map.0.as_str()))
            .add(breaker::Column::TrippedAt.eq(self.counted.as_millisecond()))
            .add(breaker::Column::ReleasedAt.is_null())
    }
}

impl Tx {
    /// Stops a rule, or renews what is said about one that waits, with what was asked about it.
    pub async fn trip(
        &self,
        tripped: &Tripped,
        map: &MapHash,
        asked: &Release,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (asked_by, reason) = match asked {
            Release::Asked { by, reason } => (Some(by.to_string()), Some(reason.clone())),
            Release::NotAsked | Release::Released { .. } => (None, None),
        };
        let row = breaker::Model {
            table_name: tripped.table.to_string(),
            outcome: tripped.outcome.word().to_owned(),
            map_hash: map.0.clone(),
            tripped: json::text(tripped),
            rows: i64::try_from(tripped.rows).unwrap_or(i64::MAX),
            tripped_at: now.as_millisecond(),
            released_by: None,
            released_at: None,
            asked_by,
            reason,
        };
        let new = [
            breaker::Column::MapHash,
            breaker::Column::Tripped,
            breaker::Column::Rows,
            breaker::Column::TrippedAt,
            breaker::Column::ReleasedBy,
            breaker::Column::ReleasedAt,
            breaker::Column::AskedBy,
            breaker::Column::Reason,
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

    /// Wants a rule let go, as it was seen. False when it no longer waits, or somebody has asked before.
    pub async fn ask_release(&self, permit: &Decide, seen: Seen<'_>, reason: &str) -> Result<bool, StoreError> {
        let asked = breaker::Entity::update_many()
            .col_expr(breaker::Column::AskedBy, Expr::value(permit.staff().to_string()))
            .col_expr(breaker::Column::Reason, Expr::value(reason))
            .filter(seen.waits())
            .filter(breaker::Column::AskedBy.is_null())
            .exec(&self.inner)
            .await?;
        Ok(asked.rows_affected == 1)
    }

    /// Lets a rule go for a reason, where one officer may. False when it no longer waits, or for other rows.
    pub async fn release_rule(
        &self,
        permit: &Decide,
        seen: Seen<'_>,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let released = breaker::Entity::update_many()
            .col_expr(breaker::Column::Reason, Expr::value(reason))
            .col_expr(breaker::Column::ReleasedBy, Expr::value(permit.staff().to_string()))
            .col_expr(breaker::Column::ReleasedAt, Expr::value(now.as_millisecond()))
            .filter(seen.waits())
            .exec(&self.inner)
            .await?;
        Ok(released.rows_affected == 1)
    }

    /// Agrees to what this other officer asked. False when they no longer do, or it is the same one.
    pub async fn agree_to_release(
        &self,
        permit: &Decide,
        seen: Seen<'_>,
        asked_by: StaffId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let staff = permit.staff().to_string();
        let released = breaker::Entity::update_many()
            .col_expr(breaker::Column::ReleasedBy, Expr::value(staff.as_str()))
            .col_expr(breaker::Column::ReleasedAt, Expr::value(now.as_millisecond()))
            .filter(seen.waits())
            .filter(breaker::Column::AskedBy.eq(asked_by.to_string()))
            .filter(breaker::Column::AskedBy.ne(staff))
            .exec(&self.inner)
            .await?;
        Ok(released.rows_affected == 1)
    }

    /// As [`Store::waiting_rules`]; nobody lets one go until this transaction ends.
    pub async fn waiting_rules(&self) -> Result<Vec<Waiting>, StoreError> {
        let find = breaker::Entity::find().order_by_asc(breaker::Column::TrippedAt).lock_exclusive();
        find.all(&self.inner).await?.into_iter().map(waiting).collect()
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
        rows.into_iter().map(waiting).collect()
    }

    /// For the page of the nights.
    pub async fn rules_to_release(&self, _permit: ReadReports) -> Result<Vec<Waiting>, StoreError> {
        self.waiting_rules().await
    }
}

fn waiting(row: breaker::Model) -> Result<Waiting, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a rule that waits" };
    let release = match (row.released_at, row.asked_by, row.reason) {
        (Some(_), _, reason) => Release::Released { reason },
        (None, Some(by), Some(reason)) => Release::Asked { by: by.parse().map_err(|_| damaged())?, reason },
        (None, _, _) => Release::NotAsked,
    };
    Ok(Waiting {
        tripped: serde_json::from_str(&row.tripped).map_err(|_| damaged())?,
        map: MapHash(row.map_hash),
        counted: Timestamp::from_millisecond(row.tripped_at).map_err(|_| damaged())?,
        release,
    })
}

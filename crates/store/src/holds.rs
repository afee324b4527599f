//! Legal holds. A hold beats every erasure.

use domain::{
    Personal,
    hold::{HeldRows, HoldOn},
    ids::HoldId,
    json,
    map::{Column, TableName},
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Store, StoreError, Tx,
    entity::hold,
    moment,
    vault::{read_identifiers, write_identifiers},
};

#[derive(Clone, Debug)]
pub struct Hold {
    pub id: HoldId,
    pub on: HoldOn,
    pub owner: String,
    pub reason: String,
    pub review_on: Date,
    pub placed_at: Timestamp,
}

fn place(id: &str) -> String {
    format!("hold.subject:{id}")
}

/// Rows as they are written inside the sealed value; a person is written as everywhere.
#[derive(Serialize, Deserialize)]
struct Rows {
    table: TableName,
    begun: Option<(Date, Date)>,
    with: Option<(Column, Vec<String>)>,
}

fn write(on: &HoldOn) -> Zeroizing<Vec<u8>> {
    match on {
        HoldOn::Person(subject) => write_identifiers(subject),
        HoldOn::Rows(rows) => {
            let with = rows.with.as_ref().map(|(column, values)| {
                (column.clone(), values.iter().map(|value| value.reveal().to_owned()).collect())
            });
            Zeroizing::new(json::bytes(&Rows { table: rows.table.clone(), begun: rows.begun, with }))
        }
    }
}

fn read(plain: &[u8]) -> Result<HoldOn, StoreError> {
    // A person is a list, rows are an object.
    let Ok(rows) = serde_json::from_slice::<Rows>(plain) else { return read_identifiers(plain).map(HoldOn::Person) };
    let with = rows.with.map(|(column, values)| (column, values.into_iter().map(Personal::new).collect()));
    Ok(HoldOn::Rows(HeldRows { table: rows.table, begun: rows.begun, with }))
}

impl Tx {
    pub async fn place_hold(&self, hold: &Hold) -> Result<(), StoreError> {
        let id = hold.id.to_string();
        let row = hold::Model {
            subject_sealed: self.vault.seal(&place(&id), &write(&hold.on))?.0,
            id,
            owner: hold.owner.clone(),
            reason: hold.reason.clone(),
            review_on: hold.review_on.to_string(),
            placed_at: hold.placed_at.as_millisecond(),
            released_at: None,
        };
        hold::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// Looked at, and to be looked at again on another day. False when there is no such hold in force.
    pub async fn review_hold(&self, id: HoldId, review_on: Date) -> Result<bool, StoreError> {
        let reviewed = hold::Entity::update_many()
            .col_expr(hold::Column::ReviewOn, Expr::value(review_on.to_string()))
            .filter(hold::Column::Id.eq(id.to_string()))
            .filter(hold::Column::ReleasedAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(reviewed.rows_affected == 1)
    }

    /// False when there is no such hold, or it was released before.
    pub async fn release_hold(&self, id: HoldId, now: Timestamp) -> Result<bool, StoreError> {
        let released = hold::Entity::update_many()
            .col_expr(hold::Column::ReleasedAt, Expr::value(now.as_millisecond()))
            .filter(hold::Column::Id.eq(id.to_string()))
            .filter(hold::Column::ReleasedAt.is_null())
            .exec(&self.inner)
            .await?;
        Ok(released.rows_affected == 1)
    }
}

/// Tells whether any hold was placed or released since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldsMark(i64, Option<i64>);

impl Store {
    /// Cheap enough to ask before every step.
    pub async fn holds_mark(&self) -> Result<HoldsMark, StoreError> {
        let released = Expr::col(hold::Column::ReleasedAt).max();
        let found: Option<(i64, Option<i64>)> = hold::Entity::find()
            .select_only()
            .expr(Expr::col(hold::Column::Id).count())
            .expr(released)
            .into_tuple()
            .one(self.read())
            .await?;
        Ok(found.map_or(HoldsMark(0, None), |(count, released)| HoldsMark(count, released)))
    }

    pub async fn active_holds(&self) -> Result<Vec<Hold>, StoreError> {
        let rows = hold::Entity::find()
            .filter(hold::Column::ReleasedAt.is_null())
            .order_by_asc(hold::Column::PlacedAt)
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "a hold" };
        rows.into_iter()
            .map(|row| {
                Ok(Hold {
                    on: read(&self.vault().open(&place(&row.id), &row.subject_sealed)?)?,
                    id: row.id.parse().map_err(|_| damaged())?,
                    owner: row.owner,
                    reason: row.reason,
                    review_on: row.review_on.parse().map_err(|_| damaged())?,
                    placed_at: moment(row.placed_at)?,
                })
            })
            .collect()
    }
}

//! What a look at the company's databases found that the map does not say.

use domain::{
    json,
    permit::{ReadReports, Work},
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError, Tx, entity::drift, moment};

/// One problem, as `map check` says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub is_error: bool,
    pub place: String,
    pub wrong: String,
    pub instead: String,
}

#[derive(Clone, Debug)]
pub struct Drift {
    pub looked_at: Timestamp,
    pub found: Vec<Found>,
}

impl Tx {
    pub async fn set_drift(&self, _: &Work, day: Date, found: &[Found], now: Timestamp) -> Result<(), StoreError> {
        let row = drift::Model { day: day.to_string(), problems: json::text(found), looked_at: now.as_millisecond() };
        drift::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(drift::Column::Day)
                    .update_columns([drift::Column::Problems, drift::Column::LookedAt])
                    .to_owned(),
            )
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }
}

impl Store {
    /// The last look.
    pub async fn last_drift(&self, _: ReadReports) -> Result<Option<Drift>, StoreError> {
        let row = drift::Entity::find().order_by_desc(drift::Column::Day).one(&self.db).await?;
        let damaged = |_| StoreError::Inconsistent { what: "a report of drift" };
        row.map(|row| {
            let found = serde_json::from_str(&row.problems).map_err(damaged)?;
            Ok(Drift { looked_at: moment(row.looked_at)?, found })
        })
        .transpose()
    }
}

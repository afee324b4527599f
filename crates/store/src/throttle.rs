//! Counters that slow guessing down. Kept in the database, so that several processes and a
//! restart share them. Buckets are keyed hashes.

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict};

use crate::{StoreError, Tx, entity::throttle};

#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub times: i64,
    pub within: SignedDuration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Fine,
    /// Too often; may be tried again at this moment.
    Slower {
        until: Timestamp,
    },
}

impl Tx {
    /// Counts one more time for `bucket`.
    pub async fn pace(&self, bucket: &str, limit: Limit, now: Timestamp) -> Result<Pace, StoreError> {
        let now_ms = now.as_millisecond();
        let window = i64::try_from(limit.within.as_millis()).unwrap_or(i64::MAX);
        let row = throttle::Entity::find_by_id(bucket).one(&self.inner).await?;
        let (began, count) = match row {
            Some(row) if row.window_at + window > now_ms => (row.window_at, row.count + 1),
            Some(_) | None => (now_ms, 1),
        };
        let row = throttle::Model { bucket: bucket.to_owned(), window_at: began, count };
        let columns = [throttle::Column::WindowAt, throttle::Column::Count];
        throttle::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(throttle::Column::Bucket).update_columns(columns).to_owned())
            .exec_without_returning(&self.inner)
            .await?;
        if count > limit.times { Ok(Pace::Slower { until: crate::moment(began + window)? }) } else { Ok(Pace::Fine) }
    }

    /// Forgets counters nobody has touched for a day.
    pub async fn forget_paces(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = now.as_millisecond() - 24 * 3_600_000;
        let gone =
            throttle::Entity::delete_many().filter(throttle::Column::WindowAt.lt(before)).exec(&self.inner).await?;
        Ok(gone.rows_affected)
    }
}

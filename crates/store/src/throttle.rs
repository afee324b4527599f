//! Counters that slow guessing down. Kept in the database, so that several processes and a
//! restart share them. Buckets are keyed hashes.

use jiff::{SignedDuration, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

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

impl Pace {
    /// Until when it is too often.
    pub const fn until(self) -> Option<Timestamp> {
        match self {
            Self::Fine => None,
            Self::Slower { until } => Some(until),
        }
    }
}

impl Tx {
    /// Counts one more time for `bucket`.
    pub async fn pace(&self, bucket: &str, limit: Limit, now: Timestamp) -> Result<Pace, StoreError> {
        let now_ms = now.as_millisecond();
        let window = i64::try_from(limit.within.as_millis()).unwrap_or(i64::MAX);
        // One statement: side by side, reading and then writing would lose counts.
        let sql = "INSERT INTO throttle (bucket, window_at, count) VALUES ($1, $2, 1) \
                   ON CONFLICT (bucket) DO UPDATE SET \
                   count = CASE WHEN throttle.window_at + $3 > $2 THEN throttle.count + 1 ELSE 1 END, \
                   window_at = CASE WHEN throttle.window_at + $3 > $2 THEN throttle.window_at ELSE $2 END \
                   RETURNING window_at, count";
        let values = [bucket.into(), now_ms.into(), window.into()];
        let statement = Statement::from_sql_and_values(self.inner.get_database_backend(), sql, values);
        let row = self.inner.query_one_raw(statement).await?;
        let row = row.ok_or(StoreError::Inconsistent { what: "a counter" })?;
        let (began, count): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
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

//! How a year's requests went.

use domain::{
    permit::ReadRequests,
    request::{Counted, Statistics},
};
use jiff::{Timestamp, civil::date, tz};

use crate::{Portal, ServiceError};

/// Requests read in one go; a million take some seconds and no memory to speak of.
const AT_ONCE: u64 = 5_000;

impl Portal {
    /// Of requests received in this year, in China.
    pub async fn statistics(&self, permit: &ReadRequests, year: i16) -> Result<Statistics, ServiceError> {
        let begins = |year| tz::offset(8).to_timestamp(date(year, 1, 1).at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
        let (from, to) = (begins(year), begins(year.saturating_add(1)));
        let calendar = self.calendar();
        let mut statistics = Statistics::default();
        let mut after = None;
        loop {
            let some = self.store.received_between(permit, from, to, after.as_ref(), AT_ONCE).await?;
            let Some(last) = some.last() else { return Ok(statistics) };
            after = Some((last.received_at, last.id));
            for request in some {
                let counted = Counted {
                    kind: request.kind,
                    received_at: request.received_at,
                    due: request.due,
                    stage: request.stage,
                };
                statistics.add(&counted, &calendar);
            }
        }
    }
}

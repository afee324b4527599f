//! How a year's requests went.

use domain::{
    china,
    permit::ReadRequests,
    request::{Counted, Statistics},
};
use jiff::civil::date;

use crate::{Portal, ServiceError};

/// Requests read in one go; a million take some seconds and no memory to speak of.
const AT_ONCE: u64 = 5_000;

impl Portal {
    /// Of requests received in this year, in China.
    pub async fn statistics(&self, permit: &ReadRequests, year: i16) -> Result<Statistics, ServiceError> {
        let begins = |year| china::midnight(date(year, 1, 1));
        let (from, to) = (begins(year), begins(year.saturating_add(1)));
        let (calendar, today) = (self.calendar(), self.clock.today());
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
                statistics.add(&counted, &calendar, today);
            }
        }
    }
}

//! What another period would mean, counted in the live data with the same plan as a night. Nothing is changed.

use std::sync::Arc;

use domain::{
    map::{DataMap, TableName},
    period::Period,
    permit::ReadReports,
};
use jiff::{ToSpan, civil::Date};
use sources::{Scope, Terms, plan};

use crate::{Portal, ServiceError, portal::Ground};

/// Rows of a table that would have gone by a day, under the rule and under another period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    pub day: Date,
    pub rule: u64,
    pub other: u64,
}

impl Portal {
    /// Tonight, in a month, in a year. Floors and holds count as they always do, so that a period below a floor
    /// changes nothing.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for a table the map does not have.
    pub async fn simulate(
        &self,
        _permit: ReadReports,
        table: &TableName,
        keep: Period,
    ) -> Result<Vec<By>, ServiceError> {
        let mut other: DataMap = (*self.map).clone();
        let changed = other.tables.iter_mut().find(|of| of.name == *table).ok_or(ServiceError::NotFound)?;
        changed.retention.keep = keep;
        let other = Arc::new(other);
        let ground = Ground::of(self).await?;
        let today = self.clock.today();
        let mut all = Vec::new();
        for day in [today, today.saturating_add(30.days()), today.saturating_add(1.year())] {
            let count = async |map: &DataMap| {
                let terms = Terms {
                    map,
                    catalogues: &ground.catalogues,
                    scope: &Scope::Expired,
                    holds: &ground.holds,
                    as_of: day,
                    common: None,
                };
                plan::due_in(&self.sources, &terms, table).await
            };
            all.push(By { day, rule: count(&self.map).await?, other: count(&other).await? });
        }
        Ok(all)
    }
}

//! After the steps: receipts the ledger has taken over, and what storage remembers of rows that are gone.

use domain::{
    ids::StepId,
    map::{Engine, SourceName, TableName},
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use store::{
    jobs::{Claimed, JobKind},
    runs::Run,
};
use uuid::Builder;

use super::sources_of;
use crate::{Portal, ServiceError};

/// Erasures within the same while share one tidying up. PostgreSQL's statistics are renewed by a sample of each
/// table, which is worth a minute's patience; an SQLite file of the size that is written anew is small.
const fn while_of(engine: Engine) -> i64 {
    match engine {
        Engine::Sqlite => 2_000,
        Engine::Postgres | Engine::Mysql | Engine::Http | Engine::Manual => 60_000,
    }
}

/// Longer than any worker sleeps that is thought dead, with a transaction it has begun.
const VOID_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Portal {
    /// At once, for a night.
    pub(super) async fn tidy_up(&self, run: &Run) -> Result<(), ServiceError> {
        let steps = self.store.steps(run.id).await?;
        for name in sources_of(run) {
            // One that was interrupted may be made up for beside the next.
            if self.is_walked(&name, Some(run.as_of)).await? {
                self.tidy_up_soon(&[name]).await?;
                continue;
            }
            let own: Vec<StepId> = steps.iter().filter(|step| step.source == name).map(|step| step.id).collect();
            let items = run.plan.items.iter().filter(|item| item.changes() && item.table.source == name);
            let mut changed: Vec<TableName> = items.map(|item| item.table.clone()).collect();
            changed.dedup();
            self.sources.system(&name)?.tidy_up(&own, self.oldest_void(), &changed).await?;
        }
        Ok(())
    }

    /// When the while is over in which these sources were changed.
    pub(crate) async fn tidy_up_soon(&self, sources: &[SourceName]) -> Result<(), ServiceError> {
        let now = self.clock.now().as_millisecond();
        let tx = self.store.begin().await?;
        for name in sources {
            let Some(source) = self.sources.get(name) else { continue };
            let length = while_of(source.engine);
            let number = now / length;
            let end = Timestamp::from_millisecond((number + 1) * length).unwrap_or(Timestamp::MAX);
            tx.enqueue(JobKind::Settle, &format!("{name}@{number}"), end + SignedDuration::from_millis(1)).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The job: receipts of steps that have ended, storage of the source, and of the portal itself.
    pub(crate) async fn settle_source(&self, job: &Claimed) -> Result<(), ServiceError> {
        let name = SourceName(job.object.split('@').next().unwrap_or_default().to_owned());
        if self.is_walked(&name, None).await? {
            self.tidy_up_soon(&[name]).await?;
            return self.drop_job(job).await;
        }
        if let Ok(system) = self.sources.system(&name) {
            let ended = self.store.ended_steps(&system.receipts().await?).await?;
            let tables = self.map.tables.iter().filter(|table| table.name.source == name);
            let tables: Vec<TableName> = tables.map(|table| table.name.clone()).collect();
            system.tidy_up(&ended, self.oldest_void(), &tables).await?;
        }
        self.store.settle().await?;
        self.drop_job(job).await
    }

    /// The first step there could have been within the time that void receipts are kept.
    fn oldest_void(&self) -> StepId {
        let millis = (self.clock.now() - VOID_FOR).as_millisecond();
        StepId(Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or(0), &[0; 10]).into_uuid())
    }

    /// A night other than that of `but` may be walking by the numbers of rows: a file that is written anew has them
    /// numbered anew. Of whatever day it is: one begun before midnight goes on as of the day before.
    async fn is_walked(&self, name: &SourceName, but: Option<Date>) -> Result<bool, ServiceError> {
        let is_file = self.sources.get(name).is_some_and(|source| source.engine == Engine::Sqlite);
        Ok(is_file && self.store.nights_in_hand().await?.into_iter().any(|day| Some(day) != but))
    }
}

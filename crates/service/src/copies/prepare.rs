use std::time::Duration;

use domain::{
    Identifier, Lang,
    actor::Actor,
    audit::Action,
    china,
    ids::CopyId,
    permit::{TakeCopy, Work},
};
use store::{
    copies::{CopyState, Finished, Going, StoredCopy},
    jobs::{Claimed, Lane},
    sealing::CopyKey,
};

use super::{Gone, Shelf, object, told::News};
use crate::{
    Portal, ServiceError,
    copy::Read,
    run::Heartbeat,
    worker::{Worked, wait},
};

/// However long it takes to read: a transaction that stays open keeps a company's database from cleaning up.
const LONGEST: Duration = Duration::from_hours(1);

/// Tries before the person is told that it does not work.
const TRIES: i64 = 5;

/// What is to be written.
pub struct Order {
    pub lang: Lang,
    pub permit: TakeCopy,
}

/// All of it is on the shelf.
pub struct Written {
    pub shelf: Shelf,
    pub read: Read,
}

/// Why it is not.
pub enum Unwritten {
    /// What cannot be written today cannot be written at all.
    Shape,
    Portal(ServiceError),
}

/// Writes the archive of a copy, the same as one that is downloaded at once.
pub trait Writer: Sync {
    fn write(
        &self,
        portal: &Portal,
        order: &Order,
        shelf: Shelf,
    ) -> impl Future<Output = Result<Written, Unwritten>> + Send;
}

impl Portal {
    /// Writes the next copy that somebody waits for, if there is one. Beside all other work: it takes as long as it
    /// takes, and nobody's code waits for it.
    pub async fn prepare_next<W: Writer>(&self, writer: &W) -> Result<Worked, ServiceError> {
        let Some(job) = self.store.claim(Lane::Copies, self.clock.now()).await? else { return Ok(Worked::Nothing) };
        let heartbeat = Heartbeat::start(self, &job);
        let kind = job.kind.as_str();
        match Box::pin(self.prepare(writer, &job)).await {
            Ok(()) => metrics::counter!("qingdan_jobs_total", "kind" => kind, "result" => "done").increment(1),
            // Somebody else writes it now; there is nothing to put right.
            Err(ServiceError::LeaseLost) => {}
            // Taken back or withdrawn while it was written.
            Err(ServiceError::Overtaken) => self.drop_job(&job).await?,
            Err(error) => {
                metrics::counter!("qingdan_jobs_total", "kind" => kind, "result" => "failed").increment(1);
                tracing::warn!(job = %job.id, code = error.code(), attempts = job.attempts, "a copy was not written");
                if job.attempts < TRIES {
                    let tx = self.store.begin().await?;
                    tx.retry_job(&job, self.clock.now() + wait(job.attempts), error.code()).await?;
                    tx.commit().await?;
                } else {
                    self.give_up(&job).await?;
                }
            }
        }
        drop(heartbeat);
        Ok(Worked::Did)
    }

    async fn prepare<W: Writer>(&self, writer: &W, job: &Claimed) -> Result<(), ServiceError> {
        let work = Actor::System.work()?;
        let id: CopyId = job.object.parse().map_err(|_| store::StoreError::Inconsistent { what: "a job" })?;
        let key = CopyKey::generate()?;
        let tx = self.store.begin().await?;
        tx.still_holds(job).await.map_err(|_| ServiceError::LeaseLost)?;
        let begun = tx.begin_copy(&work, id, &key).await?;
        tx.commit().await?;
        // Taken back, withdrawn, or past its time before its turn.
        let Some((copy, people)) = begun else { return self.drop_job(job).await };
        let extent = self.extent_of_copy(&work, &copy).await?;
        let permit = TakeCopy::prepared(&work, people.clone(), extent);
        let permit = permit.ok_or(ServiceError::Inconsistent { what: "whom a copy is of" })?;
        if let Some(expected) = self.count_copy(&permit).await {
            let tx = self.store.begin().await?;
            tx.still_holds(job).await.map_err(|_| ServiceError::LeaseLost)?;
            tx.expect_records(&work, id, expected).await?;
            tx.commit().await?;
        }
        let order = Order { lang: copy.lang, permit };
        let empty = Shelf::new(self.store.clone(), job.clone(), id, &key)?;
        let written = tokio::time::timeout(LONGEST, writer.write(self, &order, empty)).await;
        let written = match written {
            Ok(Ok(written)) => written,
            Ok(Err(Unwritten::Portal(error))) => return Err(error),
            Ok(Err(Unwritten::Shape)) | Err(_) => return Err(ServiceError::NotFound),
        };
        self.put_out(&work, job, &copy, &people, written).await
    }

    /// Whole from this transaction on, and not before it. An erasure of theirs that began meanwhile has it withdrawn.
    async fn put_out(
        &self,
        work: &Work,
        job: &Claimed,
        copy: &StoredCopy,
        people: &[Identifier],
        Written { shelf: full, read }: Written,
    ) -> Result<(), ServiceError> {
        let ((pieces, size), records) = (full.close().await?, read.records);
        let now = self.clock.now();
        let (id, ends_at) = (copy.id, self.copy_ends(now));
        let found: Vec<Identifier> = read.found.iter().cloned().collect();
        let finished = Finished { pieces, size, records, missing: &read.missing, found: &found, ends_at };
        let everybody: Vec<Identifier> = people.iter().chain(&found).cloned().collect();
        let waits = self.who_waits(work, copy, people).await?;
        let tx = self.store.begin().await?;
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        if tx.finish_copy(work, id, &finished).await? {
            if tx.erased_or_being(work, &everybody, copy.asked_at).await? {
                tx.remove_copy(id).await?;
                self.copy_went(&tx, Going { id, made_for: copy.made_for }, Gone::Erasure).await?;
            } else {
                let detail = serde_json::json!({ "records": records, "bytes": size, "missing": read.missing });
                tx.audit(now, &Actor::System, Action::CopyPrepared, object(id), detail).await?;
                let until = china::day(ends_at - jiff::SignedDuration::from_secs(1));
                self.tell_of_copy(&tx, copy, &waits, News::Ready { until }).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }

    async fn give_up(&self, job: &Claimed) -> Result<(), ServiceError> {
        let work = Actor::System.work()?;
        let tx = self.store.begin().await?;
        if let Ok(id) = job.object.parse::<CopyId>() {
            let begun = tx.begin_copy(&work, id, &CopyKey::generate()?).await?;
            if let Some((copy, people)) = begun
                && tx.end_copy(id, CopyState::Failed).await?
            {
                self.copy_went(&tx, Going { id, made_for: copy.made_for }, Gone::NotWritten).await?;
                let waits = self.who_waits(&work, &copy, &people).await?;
                self.tell_of_copy(&tx, &copy, &waits, News::Failed).await?;
            }
        }
        tx.finish_job(job).await.map_err(|_| ServiceError::LeaseLost)?;
        tx.commit().await?;
        Ok(())
    }
}

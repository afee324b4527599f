//! Work for the worker. A job is written with the change that makes it necessary and names one
//! object; it is leased, kept alive by heartbeats, and fenced: a worker whose lease was taken over
//! can no longer finish it.

use std::time::Duration;

use domain::ids::JobId;
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Cond, Expr, LockBehavior, LockType, OnConflict},
};
use uuid::Uuid;

use crate::{Store, StoreError, Tx, entity::job};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Carry out the approved plan of a request. Object: the request.
    ExecuteRequest,
    /// Check the second fact and send a one-time code. Object: the challenge.
    SendCode,
    /// Likewise, to a number or an address that somebody gives as theirs from now on. Object: the challenge.
    SendCodeToNew,
    /// The night's purge. Object: the day.
    Retain,
    /// Tell those affected of a new version of the policy. Object: its hash.
    TellOfChange,
    /// Erase or correct again after a backup was restored. Object: the request.
    Replay,
    /// What storage remembers of erased rows. Object: the source and a while of time, so that many erasures share one.
    Settle,
    /// Look through everything outside the map for someone who was erased. Object: the request.
    Rescan,
    /// Remind officers of dates that come close. Object: the day.
    Remind,
    /// Write once more to recipients that do not answer. Object: the day.
    RemindRecipients,
    /// Tell recipients of the part an erasure took before its request ended otherwise. Object: the request.
    TellOfPart,
    /// Look whether the databases still are as the map says. Object: the day.
    LookForDrift,
    /// Write a copy that somebody has asked for. Object: the copy.
    PrepareCopy,
    /// Sign how far the audit log has come. Object: the day.
    SignHead,
    /// Make the plan of a request that was received while a database could not be read. Object: the request.
    PlanRequest,
}

impl JobKind {
    pub const ALL: [Self; 15] = domain::all![
        ExecuteRequest,
        SendCode,
        SendCodeToNew,
        Retain,
        TellOfChange,
        Replay,
        Settle,
        Rescan,
        Remind,
        RemindRecipients,
        TellOfPart,
        LookForDrift,
        PrepareCopy,
        SignHead,
        PlanRequest
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExecuteRequest => "execute_request",
            Self::SendCode => "send_code",
            Self::SendCodeToNew => "send_code_to_new",
            Self::Retain => "retain",
            Self::TellOfChange => "tell_of_change",
            Self::Replay => "replay",
            Self::Settle => "settle",
            Self::Rescan => "rescan",
            Self::Remind => "remind",
            Self::RemindRecipients => "remind_recipients",
            Self::TellOfPart => "tell_of_part",
            Self::LookForDrift => "look_for_drift",
            Self::PrepareCopy => "prepare_copy",
            Self::SignHead => "sign_head",
            Self::PlanRequest => "plan_request",
        }
    }

    pub const fn lane(self) -> Lane {
        match self {
            Self::SendCode | Self::SendCodeToNew => Lane::Codes,
            Self::ExecuteRequest
            | Self::Replay
            | Self::Remind
            | Self::RemindRecipients
            | Self::TellOfPart
            | Self::PlanRequest => Lane::Requests,
            Self::Retain | Self::TellOfChange | Self::Settle | Self::Rescan | Self::LookForDrift | Self::SignHead => {
                Lane::Long
            }
            Self::PrepareCopy => Lane::Copies,
        }
    }
}

/// Work that goes on beside other work: nobody waits for a code behind a look through whole databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody is in front of the sign-in.
    Codes,
    /// A request, or mail about some.
    Requests,
    /// Hours, where databases are large.
    Long,
    Copies,
}

impl Lane {
    /// A copy is written with what only a server has.
    pub const BUT_COPIES: [Self; 3] = [Self::Codes, Self::Requests, Self::Long];

    /// By their names: what a newer version of this program has left to do waits for that version.
    fn kinds(self) -> Vec<&'static str> {
        JobKind::ALL.into_iter().filter(|kind| kind.lane() == self).map(JobKind::as_str).collect()
    }
}

/// How long a worker may be silent before another takes over: with the look for work, within 15 seconds.
pub(crate) const LEASE: Duration = Duration::from_secs(12);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub id: JobId,
    pub kind: JobKind,
    pub object: String,
    pub attempts: i64,
    lease: i64,
}

impl Tx {
    /// Once per object: a second call while the job waits changes nothing.
    pub async fn enqueue(&self, kind: JobKind, object: &str, run_at: Timestamp) -> Result<(), StoreError> {
        let row = job::Model {
            id: Uuid::now_v7().to_string(),
            kind: kind.as_str().to_owned(),
            object: object.to_owned(),
            run_at: run_at.as_millisecond(),
            lease_until_at: None,
            lease: 0,
            attempts: 0,
            last_error: None,
            created_at: run_at.as_millisecond(),
        };
        job::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::columns([job::Column::Kind, job::Column::Object]).do_nothing().to_owned())
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }

    async fn claim_where(&self, filter: Cond, now: Timestamp, lease: Duration) -> Result<Option<Claimed>, StoreError> {
        let now_ms = now.as_millisecond();
        let row = job::Entity::find()
            .filter(filter)
            .filter(Cond::any().add(job::Column::LeaseUntilAt.is_null()).add(job::Column::LeaseUntilAt.lt(now_ms)))
            .order_by_asc(job::Column::RunAt)
            .limit(1u64)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .one(&self.inner)
            .await?;
        let Some(row) = row else { return Ok(None) };
        job::Entity::update_many()
            .col_expr(job::Column::LeaseUntilAt, Expr::value((now + lease).as_millisecond()))
            .col_expr(job::Column::Lease, Expr::value(row.lease + 1))
            .col_expr(job::Column::Attempts, Expr::value(row.attempts + 1))
            .filter(job::Column::Id.eq(&row.id))
            .exec(&self.inner)
            .await?;
        let kind = JobKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        let damaged = || StoreError::Inconsistent { what: "a job" };
        Ok(Some(Claimed {
            id: row.id.parse().map_err(|_| damaged())?,
            kind: kind.ok_or_else(damaged)?,
            object: row.object,
            attempts: row.attempts + 1,
            lease: row.lease + 1,
        }))
    }

    /// Fails when the job's lease has gone to another worker, and keeps it from going until this transaction ends:
    /// what is written with it is written by the one who does the work.
    pub async fn still_holds(&self, job: &Claimed) -> Result<(), StoreError> {
        let row = job::Entity::find_by_id(job.id.to_string())
            .filter(job::Column::Lease.eq(job.lease))
            .lock(LockType::Share)
            .one(&self.inner)
            .await?;
        row.map(|_| ()).ok_or(StoreError::Conflict { what: "the job" })
    }

    /// Ends a job. Fails when its lease has gone to another worker.
    pub async fn finish_job(&self, job: &Claimed) -> Result<(), StoreError> {
        let gone = job::Entity::delete_many()
            .filter(job::Column::Id.eq(job.id.to_string()))
            .filter(job::Column::Lease.eq(job.lease))
            .exec(&self.inner)
            .await?;
        if gone.rows_affected == 0 {
            return Err(StoreError::Conflict { what: "the job" });
        }
        Ok(())
    }

    /// Gives a job back, to be tried again at `run_at`.
    pub async fn retry_job(&self, job: &Claimed, run_at: Timestamp, error: &str) -> Result<(), StoreError> {
        job::Entity::update_many()
            .col_expr(job::Column::LeaseUntilAt, Expr::value(Option::<i64>::None))
            .col_expr(job::Column::RunAt, Expr::value(run_at.as_millisecond()))
            .col_expr(job::Column::LastError, Expr::value(error))
            .filter(job::Column::Id.eq(job.id.to_string()))
            .filter(job::Column::Lease.eq(job.lease))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

fn this(kind: JobKind, object: &str) -> Cond {
    Cond::all().add(job::Column::Kind.eq(kind.as_str())).add(job::Column::Object.eq(object))
}

impl Store {
    /// The next job of a lane that is due and that nobody holds.
    pub async fn claim(&self, lane: Lane, now: Timestamp) -> Result<Option<Claimed>, StoreError> {
        let due = job::Column::RunAt.lte(now.as_millisecond());
        self.claim_one(Cond::all().add(job::Column::Kind.is_in(lane.kinds())).add(due), now).await
    }

    /// This job, if nobody holds it: for work that a person is waiting for.
    pub async fn claim_object(
        &self,
        kind: JobKind,
        object: &str,
        now: Timestamp,
    ) -> Result<Option<Claimed>, StoreError> {
        let due = job::Column::RunAt.lte(now.as_millisecond());
        self.claim_one(this(kind, object).add(due), now).await
    }

    /// This job for whoever asks, unless somebody has it in hand: written and claimed in one transaction, or a worker
    /// would have it before its writer. One that failed does not wait any longer for its next try.
    pub async fn take(&self, kind: JobKind, object: &str, now: Timestamp) -> Result<Option<Claimed>, StoreError> {
        let tx = self.begin().await?;
        tx.enqueue(kind, object, now).await?;
        let job = tx.claim_where(this(kind, object), now, self.lease).await?;
        tx.commit().await?;
        Ok(job)
    }

    async fn claim_one(&self, filter: Cond, now: Timestamp) -> Result<Option<Claimed>, StoreError> {
        let tx = self.begin().await?;
        let job = tx.claim_where(filter, now, self.lease).await?;
        tx.commit().await?;
        Ok(job)
    }

    /// Still at it. False when the lease has gone to another worker, who now does the work.
    pub async fn heartbeat(&self, job: &Claimed, now: Timestamp) -> Result<bool, StoreError> {
        let tx = self.begin().await?;
        let kept = job::Entity::update_many()
            .col_expr(job::Column::LeaseUntilAt, Expr::value((now + self.lease).as_millisecond()))
            .filter(job::Column::Id.eq(job.id.to_string()))
            .filter(job::Column::Lease.eq(job.lease))
            .exec(&tx.inner)
            .await?;
        tx.commit().await?;
        Ok(kept.rows_affected == 1)
    }

    /// The days whose night somebody has in hand, or died with it in hand.
    pub async fn nights_in_hand(&self) -> Result<Vec<Date>, StoreError> {
        let jobs = job::Entity::find()
            .filter(job::Column::Kind.eq(JobKind::Retain.as_str()))
            .filter(job::Column::LeaseUntilAt.is_not_null())
            .all(self.read())
            .await?;
        let damaged = |_| StoreError::Inconsistent { what: "a job" };
        jobs.into_iter().map(|job| job.object.parse().map_err(damaged)).collect()
    }

    pub async fn jobs_waiting(&self) -> Result<u64, StoreError> {
        Ok(job::Entity::find().count(self.read()).await?)
    }

    pub async fn is_waiting(&self, kind: JobKind, object: &str) -> Result<bool, StoreError> {
        Ok(job::Entity::find().filter(this(kind, object)).count(self.read()).await? > 0)
    }

    /// The last error of a job that is being tried again, by its object.
    pub async fn job_error(&self, kind: JobKind, object: &str) -> Result<Option<String>, StoreError> {
        let row = job::Entity::find().filter(this(kind, object)).one(self.read()).await?;
        Ok(row.and_then(|row| row.last_error))
    }
}

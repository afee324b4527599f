//! The ledger: what the executor is about to do, and what it did.

mod of_night;
mod report;

use std::{collections::BTreeSet, time::Duration};

use domain::{
    ids::{RequestId, RequestNumber, RunId, StepId},
    json,
    map::{SourceName, TableName},
    permit::{ReadReports, Work},
    plan::Plan,
    report::{NightReport, Report, RunReport, SentBack},
    request::StageName,
};
use jiff::{Timestamp, civil::Date};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Cond, Expr, ExprTrait, OnConflict, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Store, StoreError, Tx,
    entity::{request, run, step},
    moment,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    Erasure,
    Correction,
    /// A purpose stopped for somebody, or going on again.
    Restriction,
    Retention,
    /// Rows an erasure had set aside, whose floor is now over.
    SetAside,
    /// What a restored backup had brought back.
    Replay,
}

impl RunKind {
    const ALL: [Self; 6] = domain::all![Erasure, Correction, Restriction, Retention, SetAside, Replay];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::Correction => "correction",
            Self::Restriction => "restriction",
            Self::Retention => "retention",
            Self::SetAside => "set_aside",
            Self::Replay => "replay",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Running,
    /// Done, and a second look found nothing left.
    Verified,
    /// A second look found rows that should be gone, or nobody could look.
    NotVerified,
    /// Its window closed first: what is left is for another night.
    WindowClosed,
    /// Stopped: the data, or the map, was no longer what it had been begun by.
    Differs,
}

impl RunStatus {
    const ALL: [Self; 5] = domain::all![Running, Verified, NotVerified, WindowClosed, Differs];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Verified => "verified",
            Self::NotVerified => "not_verified",
            Self::WindowClosed => "window_closed",
            Self::Differs => "differs",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Run {
    pub id: RunId,
    pub kind: RunKind,
    pub request: Option<RequestId>,
    pub as_of: Date,
    pub status: RunStatus,
    pub plan: Plan,
    /// Of a run that has come to its end.
    pub report: Option<Report>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Of rows set aside: the night in whose report they are.
    pub night: Option<RunId>,
    /// Which rows set aside it is about, in a night or after a backup was restored.
    pub set_aside: Option<Uuid>,
}

impl Run {
    /// What became of its plan, item by item.
    pub fn done(&self) -> Option<&RunReport> {
        match self.report.as_ref()? {
            Report::Run(report) => Some(report),
            Report::Night(_) | Report::SentBack(_) | Report::Abandoned {} => None,
        }
    }

    pub fn night(&self) -> Option<&NightReport> {
        match self.report.as_ref()? {
            Report::Night(report) => Some(report),
            Report::Run(_) | Report::SentBack(_) | Report::Abandoned {} => None,
        }
    }

    pub fn sent_back(&self) -> Option<&SentBack> {
        match self.report.as_ref()? {
            Report::SentBack(why) => Some(why),
            Report::Run(_) | Report::Night(_) | Report::Abandoned {} => None,
        }
    }
}

/// The request a run is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfRequest {
    pub number: RequestNumber,
    /// Its last run found nothing left at a second look.
    pub is_completed: bool,
}

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub id: StepId,
    /// Which item of the plan.
    pub item: usize,
    pub source: SourceName,
    /// `None` until it is known to have been done.
    pub rows: Option<u64>,
    /// How long its transaction was open in the company's database.
    pub held: Duration,
    pub began_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

impl Tx {
    pub async fn add_run(&self, _permit: &Work, new: &Run) -> Result<(), StoreError> {
        let row = run::Model {
            id: new.id.to_string(),
            kind: new.kind.as_str().to_owned(),
            request_id: new.request.map(|id| id.to_string()),
            as_of_on: new.as_of.to_string(),
            status: new.status.as_str().to_owned(),
            map_hash: new.plan.map.0.clone(),
            plan: json::text(&new.plan),
            report: None,
            started_at: new.started_at.as_millisecond(),
            finished_at: None,
            night_id: new.night.map(|id| id.to_string()),
            set_aside_id: new.set_aside.map(|id| id.to_string()),
        };
        run::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(run::Column::Id).do_nothing().to_owned())
            .exec_without_returning(&self.inner)
            .await?;
        Ok(())
    }

    /// Before the step: what is about to be done.
    pub async fn step_begins(&self, run: RunId, new: &Step) -> Result<(), StoreError> {
        let row = step::Model {
            id: new.id.to_string(),
            run_id: run.to_string(),
            item: i64::try_from(new.item).unwrap_or(i64::MAX),
            source: new.source.0.clone(),
            status: "begun".to_owned(),
            rows: 0,
            held_us: 0,
            began_at: new.began_at.as_millisecond(),
            ended_at: None,
        };
        step::Entity::insert(row.into_active_model()).exec_without_returning(&self.inner).await?;
        Ok(())
    }

    /// After the step: what was done. A step that turns out not to have happened has zero rows.
    pub async fn step_ended(&self, id: StepId, rows: u64, held: Duration, now: Timestamp) -> Result<(), StoreError> {
        step::Entity::update_many()
            .col_expr(step::Column::Status, Expr::value("done"))
            .col_expr(step::Column::Rows, Expr::value(i64::try_from(rows).unwrap_or(i64::MAX)))
            .col_expr(step::Column::HeldUs, Expr::value(i64::try_from(held.as_micros()).unwrap_or(i64::MAX)))
            .col_expr(step::Column::EndedAt, Expr::value(now.as_millisecond()))
            .filter(step::Column::Id.eq(id.to_string()))
            .filter(step::Column::Status.eq("begun"))
            .exec(&self.inner)
            .await?;
        Ok(())
    }

    pub async fn finish_run(
        &self,
        id: RunId,
        status: RunStatus,
        report: &Report,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        run::Entity::update_many()
            .col_expr(run::Column::Status, Expr::value(status.as_str()))
            .col_expr(run::Column::Report, Expr::value(json::text(report)))
            .col_expr(run::Column::FinishedAt, Expr::value(now.as_millisecond()))
            .filter(run::Column::Id.eq(id.to_string()))
            .exec(&self.inner)
            .await?;
        Ok(())
    }
}

/// Of these steps, as the ledger has them.
async fn rows_of(db: &DatabaseConnection, steps: Expr) -> Result<u64, StoreError> {
    let sum = Expr::col(step::Column::Rows).sum().cast_as("bigint");
    let rows: Option<Option<i64>> =
        step::Entity::find().select_only().expr(sum).filter(steps).into_tuple().one(db).await?;
    Ok(rows.flatten().and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0))
}

/// Runs that were begun and have not come to their end.
fn unfinished(kind: RunKind) -> Select<run::Entity> {
    run::Entity::find().filter(run::Column::Kind.eq(kind.as_str())).filter(run::Column::FinishedAt.is_null())
}

impl Store {
    pub async fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        run::Entity::find_by_id(id.to_string()).one(self.read()).await?.map(read).transpose()
    }

    /// The run of this kind and day that was begun and not ended, to be resumed.
    pub async fn unfinished_run(&self, kind: RunKind, as_of: Date) -> Result<Option<Run>, StoreError> {
        let of_day = unfinished(kind).filter(run::Column::AsOfOn.eq(as_of.to_string()));
        of_day.one(self.read()).await?.map(read).transpose()
    }

    /// The newest runs of the night job.
    pub async fn nights(&self, _permit: ReadReports, most: u64) -> Result<Vec<Run>, StoreError> {
        let kinds = [RunKind::Retention.as_str(), RunKind::SetAside.as_str()];
        let rows = run::Entity::find()
            .filter(run::Column::Kind.is_in(kinds))
            .order_by_desc(run::Column::StartedAt)
            .limit(most)
            .all(self.read())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Nights that began before a moment, the newest first; rows set aside are in their night's report.
    pub async fn nights_before(
        &self,
        _permit: ReadReports,
        before: Option<Timestamp>,
        most: u64,
    ) -> Result<Vec<Run>, StoreError> {
        let begun = before.map_or(i64::MAX, Timestamp::as_millisecond);
        let rows = run::Entity::find()
            .filter(run::Column::Kind.eq(RunKind::Retention.as_str()))
            .filter(run::Column::StartedAt.lt(begun))
            .order_by_desc(run::Column::StartedAt)
            .limit(most)
            .all(self.read())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// The newest nights that came to their end.
    pub async fn finished_nights(&self, most: u64) -> Result<Vec<Run>, StoreError> {
        let rows = run::Entity::find()
            .filter(run::Column::Kind.eq(RunKind::Retention.as_str()))
            .filter(run::Column::FinishedAt.is_not_null())
            .filter(run::Column::Report.is_not_null())
            .order_by_desc(run::Column::StartedAt)
            .limit(most)
            .all(self.read())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Runs that came to their end after `after` and before `to`, oldest first, with the request each is of.
    pub async fn finished_runs(
        &self,
        _permit: ReadReports,
        after: (Timestamp, Option<RunId>),
        to: Timestamp,
        most: u64,
    ) -> Result<Vec<(Run, Option<OfRequest>)>, StoreError> {
        let (at, last) = (after.0.as_millisecond(), after.1);
        let rows = run::Entity::find()
            .filter(
                Cond::any().add(run::Column::FinishedAt.gt(at)).add(
                    run::Column::FinishedAt
                        .eq(at)
                        .and(run::Column::Id.gt(last.map(|id| id.to_string()).unwrap_or_default())),
                ),
            )
            .filter(run::Column::FinishedAt.lt(to.as_millisecond()))
            .filter(run::Column::Report.is_not_null())
            .order_by_asc(run::Column::FinishedAt)
            .order_by_asc(run::Column::Id)
            .limit(most)
            .all(self.read())
            .await?;
        let ids = rows.iter().filter_map(|row| row.request_id.clone());
        let numbers: Vec<(String, String, String)> = request::Entity::find()
            .select_only()
            .columns([request::Column::Id, request::Column::Number, request::Column::StageName])
            .filter(request::Column::Id.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        let number = |id: &Option<String>| {
            let (_, number, stage) = numbers.iter().find(|(known, _, _)| Some(known) == id.as_ref())?;
            let is_completed = stage == StageName::Completed.as_str();
            Some(OfRequest { number: RequestNumber::parse(number)?, is_completed })
        };
        let pair = |row: run::Model| {
            let number = number(&row.request_id);
            Ok((read(row)?, number))
        };
        rows.into_iter().map(pair).collect()
    }

    /// The last night that came to its end. What it did is public.
    pub async fn last_night(&self) -> Result<Option<Run>, StoreError> {
        Ok(self.finished_nights(1).await?.into_iter().next())
    }

    /// Rows a run has changed so far.
    pub async fn rows_done(&self, run: RunId) -> Result<u64, StoreError> {
        rows_of(self.read(), step::Column::RunId.eq(run.to_string())).await
    }

    /// Rows all runs of a request have changed so far.
    pub async fn rows_done_for(&self, request: RequestId) -> Result<u64, StoreError> {
        let runs = Query::select()
            .column(run::Column::Id)
            .from(run::Entity)
            .and_where(run::Column::RequestId.eq(request.to_string()))
            .to_owned();
        rows_of(&self.db, step::Column::RunId.in_subquery(runs)).await
    }

    /// In which tables runs of a request have changed any.
    pub async fn tables_done_for(&self, request: RequestId) -> Result<BTreeSet<TableName>, StoreError> {
        let mut tables = BTreeSet::new();
        for run in self.runs_for(request).await? {
            tables.extend(self.tables_done(&run).await?);
        }
        Ok(tables)
    }

    /// In which tables a run has changed any.
    pub async fn tables_done(&self, run: &Run) -> Result<BTreeSet<TableName>, StoreError> {
        let done = self.items_done(run.id).await?.into_iter();
        Ok(done.filter_map(|item| Some(run.plan.items.get(item)?.table.clone())).collect())
    }

    /// Runs of the nights that came to their end since then, oldest first.
    pub async fn nights_since(&self, since: Timestamp) -> Result<Vec<Run>, StoreError> {
        let kinds = [RunKind::Retention.as_str(), RunKind::SetAside.as_str()];
        let rows = run::Entity::find()
            .filter(run::Column::Kind.is_in(kinds))
            .filter(run::Column::FinishedAt.gte(since.as_millisecond()))
            .order_by_asc(run::Column::FinishedAt)
            .all(self.read())
            .await?;
        rows.into_iter().map(read).collect()
    }

    /// Which items of this plan runs of a request have changed anything by.
    pub async fn items_done_by(&self, request: RequestId, plan: &Plan) -> Result<BTreeSet<usize>, StoreError> {
        let digest = plan.digest();
        let mut done = BTreeSet::new();
        for run in self.runs_for(request).await? {
            if run.plan.digest() == digest {
                done.extend(self.items_done(run.id).await?);
            }
        }
        Ok(done)
    }

    /// All runs of a request.
    pub async fn runs_for(&self, request: RequestId) -> Result<Vec<Run>, StoreError> {
        let runs = run::Entity::find().filter(run::Column::RequestId.eq(request.to_string())).all(&self.db).await?;
        runs.into_iter().map(read).collect()
    }

    /// By which items of its plan a run has changed anything.
    async fn items_done(&self, run: RunId) -> Result<BTreeSet<usize>, StoreError> {
        let items: Vec<i64> = step::Entity::find()
            .select_only()
            .column(step::Column::Item)
            .filter(step::Column::RunId.eq(run.to_string()))
            .filter(step::Column::Rows.gt(0))
            .distinct()
            .into_tuple()
            .all(&self.db)
            .await?;
        Ok(items.into_iter().filter_map(|item| usize::try_from(item).ok()).collect())
    }

    /// Which of these the ledger knows to have ended.
    pub async fn ended_steps(&self, steps: &[StepId]) -> Result<Vec<StepId>, StoreError> {
        let mut ended = Vec::new();
        for some in steps.chunks(500) {
            let ids: Vec<String> = step::Entity::find()
                .select_only()
                .column(step::Column::Id)
                .filter(step::Column::Id.is_in(some.iter().map(ToString::to_string)))
                .filter(step::Column::Status.eq("done"))
                .into_tuple()
                .all(self.read())
                .await?;
            ended.extend(ids.iter().filter_map(|id| id.parse::<StepId>().ok()));
        }
        Ok(ended)
    }

    pub async fn steps(&self, run: RunId) -> Result<Vec<Step>, StoreError> {
        let rows = step::Entity::find()
            .filter(step::Column::RunId.eq(run.to_string()))
            .order_by_asc(step::Column::BeganAt)
            .order_by_asc(step::Column::Id)
            .all(self.read())
            .await?;
        let damaged = || StoreError::Inconsistent { what: "a step of the ledger" };
        rows.into_iter()
            .map(|row| {
                Ok(Step {
                    id: row.id.parse().map_err(|_| damaged())?,
                    item: usize::try_from(row.item).map_err(|_| damaged())?,
                    source: SourceName(row.source),
                    rows: (row.status == "done").then(|| u64::try_from(row.rows).unwrap_or(0)),
                    held: Duration::from_micros(u64::try_from(row.held_us).unwrap_or(0)),
                    began_at: moment(row.began_at)?,
                    ended_at: row.ended_at.map(moment).transpose()?,
                })
            })
            .collect()
    }
}

fn read(row: run::Model) -> Result<Run, StoreError> {
    let damaged = || StoreError::Inconsistent { what: "a run" };
    let id = row.id.parse().map_err(|_| damaged())?;
    let kind = RunKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind).ok_or_else(damaged)?;
    let status = RunStatus::ALL.into_iter().find(|status| status.as_str() == row.status).ok_or_else(damaged)?;
    Ok(Run {
        id,
        kind,
        request: row.request_id.map(|id| id.parse()).transpose().map_err(|_| damaged())?,
        as_of: row.as_of_on.parse().map_err(|_| damaged())?,
        status,
        plan: serde_json::from_str(&row.plan).map_err(|_| damaged())?,
        report: row.report.map(|report| report::read(id, kind, status, &report)).transpose()?,
        started_at: moment(row.started_at)?,
        finished_at: row.finished_at.map(moment).transpose()?,
        night: row.night_id.map(|id| id.parse()).transpose().map_err(|_| damaged())?,
        set_aside: row.set_aside_id.map(|id| Uuid::try_parse(&id)).transpose().map_err(|_| damaged())?,
    })
}

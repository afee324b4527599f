//! The nights for programs: what they did, and what another period would mean.

#![expect(unused_qualifications, reason = "utoipa's macro writes them")]

use axum::{
    Json,
    extract::{Path, Query},
};
use domain::{
    ids::NightNumber,
    map::TableName,
    period::Period,
    report::{Origin, Sum},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use store::runs::{Run, RunStatus};
use utoipa::{IntoParams, ToSchema};

use super::{
    caller::Caller,
    officers::limit,
    problem::{Kind, Problem, Problems},
};

/// A night.
#[derive(Serialize, ToSchema)]
pub(super) struct NightView {
    #[schema(example = "QN-20261126-7K3MQ")]
    number: String,
    /// The day it took for today.
    #[schema(value_type = String, format = Date)]
    as_of: Date,
    /// `running`; `verified`; `not_verified`: a second look found rows that should be gone, or nobody could look;
    /// `window_closed`: what is left is for another night; `differs`: it was stopped, as the data map had changed.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// What became of each table's rows; empty until it is finished.
    tables: Vec<SumView>,
}

/// What became of one table's rows: all that was due went, was kept, was held up, or is left.
#[derive(Serialize, ToSchema)]
struct SumView {
    table: String,
    /// An erasure had left them until now.
    set_aside: bool,
    /// `deleted`, `anonymised`, `locked_away` or `destroyed`; empty where all was kept.
    outcomes: Vec<String>,
    due: u64,
    done: u64,
    /// Kept under a legal hold.
    held: u64,
    /// Kept because a law prescribes a period that still runs.
    by_law: u64,
    /// Too much to go unseen.
    held_up: u64,
    /// Found by the second look.
    left: u64,
}

impl From<&Sum> for SumView {
    fn from(sum: &Sum) -> Self {
        Self {
            table: sum.table.to_string(),
            set_aside: sum.origin == Origin::SetAside,
            outcomes: sum.outcomes.iter().map(|outcome| outcome.word().to_owned()).collect(),
            due: sum.due,
            done: sum.done,
            held: sum.held,
            by_law: sum.by_law,
            held_up: sum.held_up,
            left: sum.left,
        }
    }
}

impl From<&Run> for NightView {
    fn from(run: &Run) -> Self {
        Self {
            number: NightNumber::of(run.as_of, run.id).to_string(),
            as_of: run.as_of,
            status: match run.status {
                RunStatus::Running => "running",
                RunStatus::Verified => "verified",
                RunStatus::NotVerified => "not_verified",
                RunStatus::WindowClosed => "window_closed",
                RunStatus::Differs => "differs",
            },
            started_at: run.started_at,
            finished_at: run.finished_at,
            tables: run.night().map(|night| night.sums().iter().map(Into::into).collect()).unwrap_or_default(),
        }
    }
}

/// How far the night is that is under way.
#[derive(Serialize, ToSchema)]
struct UnderWayView {
    done: u64,
    planned: u64,
}

#[derive(Serialize, ToSchema)]
pub(super) struct NightsView {
    nights: Vec<NightView>,
    under_way: Option<UnderWayView>,
    /// What to send as `before` for earlier ones; absent on the last page.
    #[schema(value_type = Option<String>, format = DateTime)]
    next: Option<Timestamp>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The `next` of the page before.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// 1 to 100; 50 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// What the nights did, the newest first.
#[utoipa::path(get, path = "/nights", tag = "retention", params(Page),
    responses((status = 200, body = NightsView), Problems))]
pub(super) async fn nights(
    caller: Caller,
    query: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<NightsView>, Problem> {
    let permit = caller.actor().read_reports()?;
    let Query(page) = query.map_err(|_| Problem::malformed("the query"))?;
    let limit = limit(page.limit)?;
    let nights = caller.portal.store.nights_before(permit, page.before, limit).await?;
    let under_way = caller.portal.night_under_way(permit).await?;
    Ok(Json(NightsView {
        next: nights.last().filter(|_| nights.len() as u64 == limit).map(|night| night.started_at),
        nights: nights.iter().map(Into::into).collect(),
        under_way: under_way.map(|progress| UnderWayView { done: progress.done, planned: progress.planned }),
    }))
}

/// Something signed (Ed25519), with the text that was signed as it was.
#[derive(Serialize, ToSchema)]
pub(super) struct NightProofView {
    /// The report with its signature, its entry in the audit log and the path to the log's root: the file that
    /// `/verify` and `docs/verify.mjs` check.
    document: serde_json::Value,
}

/// A finished night's signed report: of any night, by its number.
#[utoipa::path(get, path = "/nights/{night}", tag = "retention", params(("night" = String, Path)),
    responses((status = 200, body = NightProofView), Problems))]
pub(super) async fn night(caller: Caller, Path(text): Path<String>) -> Result<Json<NightProofView>, Problem> {
    let permit = caller.actor().read_reports()?;
    let number = NightNumber::parse(&text).ok_or_else(|| Problem::from(Kind::NotFound))?;
    let proof = caller.portal.night_proof(permit, &number).await?;
    Ok(Json(NightProofView { document: domain::json::value(&proof) }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Simulating {
    /// A table of the data map.
    table: String,
    /// As the data map writes a period: `30 days`, `6 months`, `3 years`.
    keep: String,
}

/// Rows that would have gone by a day.
#[derive(Serialize, ToSchema)]
pub(super) struct ByView {
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// By the period in force.
    now: u64,
    /// By the other one.
    then: u64,
}

/// What another period of a table would mean: tonight, in a month, in a year. Nothing is changed; floors and holds count.
#[utoipa::path(get, path = "/nights/simulation", tag = "retention", params(Simulating),
    responses((status = 200, body = Vec<ByView>), Problems))]
pub(super) async fn simulation(
    caller: Caller,
    query: Result<Query<Simulating>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Vec<ByView>>, Problem> {
    let permit = caller.actor().read_reports()?;
    let Query(asked) = query.map_err(|_| Problem::malformed("the query"))?;
    let table = TableName::parse(&asked.table).ok_or_else(|| Problem::malformed("table: of the data map"))?;
    let keep: Period = asked.keep.parse().map_err(|_| Problem::malformed("keep: a period, as in 6 months"))?;
    let all = caller.portal.simulate(permit, &table, keep).await?;
    Ok(Json(all.iter().map(|by| ByView { day: by.day, now: by.rule, then: by.other }).collect()))
}

/// Something in a database that the data map does not say.
#[derive(Serialize, ToSchema)]
struct DriftView {
    is_error: bool,
    place: String,
    wrong: String,
    instead: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct LookedView {
    #[schema(value_type = String, format = DateTime)]
    looked_at: Timestamp,
    found: Vec<DriftView>,
}

/// What the last look at the company's databases found that the data map does not say; `null` before the first.
#[utoipa::path(get, path = "/drift", tag = "retention", responses((status = 200, body = Option<LookedView>), Problems))]
pub(super) async fn drift(caller: Caller) -> Result<Json<Option<LookedView>>, Problem> {
    let drift = caller.portal.drift(caller.actor().read_reports()?).await?;
    Ok(Json(drift.map(|drift| {
        LookedView {
            looked_at: drift.looked_at,
            found: drift
                .found
                .into_iter()
                .map(|of| DriftView { is_error: of.is_error, place: of.place, wrong: of.wrong, instead: of.instead })
                .collect(),
        }
    })))
}

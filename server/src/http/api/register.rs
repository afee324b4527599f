//! The register of destruction for programs.

use axum::{Json, extract::Path};
use jiff::civil::Date;
use serde::Serialize;
use service::register::{Cause, Entry, Month, Rule};
use utoipa::ToSchema;

use super::{
    caller::Caller,
    problem::{Problem, Problems},
};
use crate::http::officer::register::begins;

/// What became of one table's rows in the month.
#[derive(Serialize, ToSchema)]
struct RuleView {
    table: String,
    due: u64,
    done: u64,
    /// What a hold kept in the month's last night.
    held: u64,
    /// What was too much to go unseen in the month's last night.
    held_up: u64,
    /// What a second look found that should have gone.
    left: u64,
}

impl From<&Rule> for RuleView {
    fn from(rule: &Rule) -> Self {
        Self {
            table: rule.table.to_string(),
            due: rule.due,
            done: rule.done,
            held: rule.held,
            held_up: rule.stopped,
            left: rule.left,
        }
    }
}

/// Rows of one table that went in one run.
#[derive(Serialize, ToSchema)]
struct EntryView {
    #[schema(value_type = String, format = Date)]
    on: Date,
    table: String,
    /// `deleted`, `anonymised`, `locked_away` or `destroyed`.
    outcome: String,
    rows: u64,
    /// `night`, `request`, or `replay`: a restored backup had brought back what a request had erased.
    cause: &'static str,
    /// Of the night or the request, by which that is certified.
    number: String,
    /// A second look found nothing left.
    verified: bool,
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        let (cause, number) = match &entry.cause {
            Cause::Night(number) => ("night", number.to_string()),
            Cause::Request(number) => ("request", number.to_string()),
            Cause::Replay(number) => ("replay", number.to_string()),
        };
        Self {
            on: entry.on,
            table: entry.table.to_string(),
            outcome: entry.outcome.word().to_owned(),
            rows: entry.rows,
            cause,
            number,
            verified: entry.verified,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct MonthView {
    rules: Vec<RuleView>,
    /// The newest first.
    entries: Vec<EntryView>,
}

impl From<&Month> for MonthView {
    fn from(month: &Month) -> Self {
        Self {
            rules: month.rules.iter().map(Into::into).collect(),
            entries: month.entries.iter().map(Into::into).collect(),
        }
    }
}

/// What was destroyed in a month, when, why, and whether it was seen to be gone.
#[utoipa::path(get, path = "/register/{month}", tag = "retention",
    params(("month" = String, Path, example = "2026-11", pattern = r"^[0-9]{4}-(0[1-9]|1[0-2])$")),
    responses((status = 200, body = MonthView), Problems))]
pub(super) async fn month(caller: Caller, Path(text): Path<String>) -> Result<Json<MonthView>, Problem> {
    let permit = caller.actor().read_reports()?;
    let first = begins(&text).map_err(|_| Problem::malformed("month: as in 2026-11"))?;
    Ok(Json((&caller.portal.register(permit, first).await?).into()))
}

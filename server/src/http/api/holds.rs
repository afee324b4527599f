//! Legal holds for programs.

use axum::{Json, extract::Path, http::StatusCode};
use domain::{
    Personal,
    hold::{HeldRows, HoldOn},
    ids::HoldId,
    map::{Column, DataMap, TableName},
    personal::tidy,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use service::{ServiceError, holds::NewHold, subject::masked};
use store::holds::Hold;
use utoipa::ToSchema;

use super::{
    ask::{Ask, Subject},
    caller::Caller,
    problem::{Kind, Problem, Problems},
};
use crate::http::officer::holds::LONGEST;

/// A hold in force.
#[derive(Serialize, ToSchema)]
pub(super) struct HoldView {
    id: String,
    /// Whose data is kept, masked; absent where it is on rows.
    person: Option<String>,
    rows: Option<HeldRowsView>,
    owner: String,
    reason: String,
    /// When it is to be looked at again.
    #[schema(value_type = String, format = Date)]
    review_on: Date,
    #[schema(value_type = String, format = DateTime)]
    placed_at: Timestamp,
}

/// Rows of a table that are kept.
#[derive(Serialize, ToSchema)]
struct HeldRowsView {
    table: String,
    /// Whose period began on this day or later.
    #[schema(value_type = Option<String>, format = Date)]
    since: Option<Date>,
    /// And on this day or earlier.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// With one of some values in this column.
    column: Option<String>,
    /// How many values.
    values: Option<usize>,
}

impl From<&Hold> for HoldView {
    fn from(hold: &Hold) -> Self {
        let (person, rows) = match &hold.on {
            HoldOn::Person(subject) => (Some(masked(subject)), None),
            HoldOn::Rows(rows) => (None, Some(rows.into())),
        };
        Self {
            id: hold.id.to_string(),
            person,
            rows,
            owner: hold.owner.clone(),
            reason: hold.reason.clone(),
            review_on: hold.review_on,
            placed_at: hold.placed_at,
        }
    }
}

impl From<&HeldRows> for HeldRowsView {
    fn from(rows: &HeldRows) -> Self {
        Self {
            table: rows.table.to_string(),
            since: rows.begun.map(|(since, _)| since),
            until: rows.begun.map(|(_, until)| until),
            column: rows.with.as_ref().map(|(column, _)| column.to_string()),
            values: rows.with.as_ref().map(|(_, values)| values.len()),
        }
    }
}

/// Rows of a table that a hold protects now.
#[derive(Serialize, ToSchema)]
struct ProtectedView {
    table: String,
    rows: u64,
}

impl ProtectedView {
    fn all(protects: Vec<(TableName, u64)>) -> Vec<Self> {
        let some = protects.into_iter().filter(|(_, rows)| *rows > 0);
        some.map(|(table, rows)| Self { table: table.to_string(), rows }).collect()
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct OneHoldView {
    #[serde(flatten)]
    hold: HoldView,
    protects: Vec<ProtectedView>,
}

/// Holds in force, the one to be looked at next first. Needs read-requests.
#[utoipa::path(get, path = "/holds", tag = "retention", responses((status = 200, body = Vec<HoldView>), Problems))]
pub(super) async fn list(caller: Caller) -> Result<Json<Vec<HoldView>>, Problem> {
    let holds = caller.portal.holds(&caller.actor().read_requests()?).await?;
    Ok(Json(holds.iter().map(Into::into).collect()))
}

fn id(text: &str) -> Result<HoldId, Problem> {
    text.parse().map_err(|_| Kind::NotFound.into())
}

/// One of them, with how many rows it protects now. Needs read-requests.
#[utoipa::path(get, path = "/holds/{hold}", tag = "retention", params(("hold" = String, Path)),
    responses((status = 200, body = OneHoldView), Problems))]
pub(super) async fn one(caller: Caller, Path(text): Path<String>) -> Result<Json<OneHoldView>, Problem> {
    let (permit, id, portal) = (caller.actor().read_requests()?, id(&text)?, &caller.portal);
    let hold = portal.holds(&permit).await?.into_iter().find(|hold| hold.id == id);
    let hold = hold.ok_or_else(|| Problem::from(Kind::NotFound))?;
    let protects = portal.protected_by(&permit, &hold.on).await?;
    Ok(Json(OneHoldView { hold: (&hold).into(), protects: ProtectedView::all(protects) }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Placing {
    /// Whose data is to stay; or `rows`.
    person: Option<Subject>,
    rows: Option<RowsToHold>,
    /// Who answers for it.
    #[schema(min_length = 1, max_length = 200)]
    owner: String,
    /// Without personal data: it is shown in lists.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// A day to come on which it is looked at again.
    #[schema(value_type = String, format = Date)]
    review_on: Date,
}

/// All rows of a table, or those of them that meet both conditions.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RowsToHold {
    table: String,
    /// Whose period began between these days, both included; neither or both.
    #[schema(value_type = Option<String>, format = Date)]
    since: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// With one of `values` in this column.
    column: Option<String>,
    #[schema(min_items = 1, max_items = 1000)]
    values: Option<Vec<String>>,
}

const MOST_VALUES: usize = 1_000;

impl RowsToHold {
    fn read(self, map: &DataMap) -> Result<HeldRows, Problem> {
        let table = TableName::parse(&self.table).and_then(|name| map.table(&name));
        let table = table.ok_or_else(|| Problem::malformed("table: of the data map"))?;
        let begun = match (self.since, self.until) {
            (None, None) => None,
            (Some(since), Some(until)) if since <= until => Some((since, until)),
            (Some(_) | None, Some(_) | None) => return Err(Problem::malformed("since, until: a day and a later one")),
        };
        let with = match (self.column.map(Column), self.values) {
            (None, None) => None,
            (Some(column), Some(values)) if table.field(&column).is_some() && is_list(&values) => {
                Some((column, values.iter().map(|value| Personal::new(value.trim())).collect()))
            }
            (Some(_) | None, Some(_) | None) => {
                return Err(Problem::malformed("column, values: a column of the table and what stands in it"));
            }
        };
        Ok(HeldRows { table: table.name.clone(), begun, with })
    }
}

/// As a page takes them, one a line: a space about one would hold nothing.
fn is_list(values: &[String]) -> bool {
    (1..=MOST_VALUES).contains(&values.len()) && values.iter().all(|value| !value.trim().is_empty())
}

fn line(text: &str, wrong: &str) -> Result<String, Problem> {
    let line = tidy(text);
    let fits = (1..=LONGEST).contains(&line.chars().count());
    if fits { Ok(line) } else { Err(Problem::malformed(format!("{wrong}: 1 to {LONGEST} characters"))) }
}

fn to_come(day: Date, today: Date) -> Result<Date, Problem> {
    if day > today { Ok(day) } else { Err(Problem::malformed("review_on: a day to come")) }
}

/// Places a hold: nothing of what it is on goes until it is lifted, by a night, a request or anybody. Answers what it
/// protects now. Needs manage-holds and read-requests. `refused` where the database cannot compare the values.
#[utoipa::path(post, path = "/holds", tag = "retention", request_body = Placing,
    responses((status = 201, body = OneHoldView), Problems))]
pub(super) async fn place(
    caller: Caller,
    Ask(placing): Ask<Placing>,
) -> Result<(StatusCode, Json<OneHoldView>), Problem> {
    let (actor, portal) = (caller.actor(), &caller.portal);
    let (permit, reader) = (actor.keep_holds()?, actor.read_requests()?);
    let on = match (placing.person, placing.rows) {
        (Some(person), None) => HoldOn::Person(person.identifiers()?),
        (None, Some(rows)) => HoldOn::Rows(rows.read(&portal.map)?),
        (Some(_), Some(_)) | (None, None) => return Err(Problem::malformed("person or rows")),
    };
    let (owner, reason) = (line(&placing.owner, "owner")?, line(&placing.reason, "reason")?);
    let review_on = to_come(placing.review_on, portal.clock.today())?;
    let protects = match portal.protected_by(&reader, &on).await {
        // The database itself said that it cannot compare.
        Err(ServiceError::Source(error)) if matches!(on, HoldOn::Rows(_)) && !error.is_passing() => {
            return Err(Problem::refused("values: not of the kind this column holds"));
        }
        protects => protects?,
    };
    let placed_at = portal.clock.now();
    let new = NewHold { on: on.clone(), owner: owner.clone(), reason: reason.clone(), review_on };
    let id = portal.place_hold(permit, &actor, new).await?;
    let hold = Hold { id, on, owner, reason, review_on, placed_at };
    Ok((StatusCode::CREATED, Json(OneHoldView { hold: (&hold).into(), protects: ProtectedView::all(protects) })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reviewing {
    #[schema(value_type = String, format = Date)]
    review_on: Date,
}

/// It is still needed, and is looked at again on another day. Needs manage-holds.
#[utoipa::path(post, path = "/holds/{hold}/review", tag = "retention", params(("hold" = String, Path)),
    request_body = Reviewing, responses((status = 204), Problems))]
pub(super) async fn review(
    caller: Caller,
    Path(text): Path<String>,
    Ask(reviewing): Ask<Reviewing>,
) -> Result<StatusCode, Problem> {
    let (actor, portal) = (caller.actor(), &caller.portal);
    let permit = actor.keep_holds()?;
    let review_on = to_come(reviewing.review_on, portal.clock.today())?;
    portal.review_hold(permit, &actor, id(&text)?, review_on).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts it: what it stopped is selected again the next night. Needs manage-holds.
#[utoipa::path(post, path = "/holds/{hold}/lift", tag = "retention", params(("hold" = String, Path)),
    responses((status = 204), Problems))]
pub(super) async fn lift(caller: Caller, Path(text): Path<String>) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.release_hold(actor.keep_holds()?, &actor, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

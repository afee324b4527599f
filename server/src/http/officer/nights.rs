//! The nights: what they did, what they held up, and what another period would mean.

use app::{
    components::{Typed, progress_word},
    pages::{
        officer::{self, HeldUp, Look, MayRelease, Simulation},
        public::Problem,
    },
    paths,
};
use axum::{
    Form,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    map::{MapHash, TableName},
    period::Period,
    permit::Decide,
    personal::tidy,
};
use jiff::Timestamp;
use serde::Deserialize;
use service::{ServiceError, store::breaker::Seen};

use crate::http::{cx::Cx, failure::Failure, requests::wrong_words};

pub(in crate::http) async fn nights(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    let runs = cx.portal().nights(permit, 31).await?;
    let waiting = cx.portal().store.rules_to_release(permit).await?;
    let may = if cx.actor.decide().is_ok() { MayRelease::Yes } else { MayRelease::No };
    let under_way = cx.portal().night_under_way(permit).await?;
    let held_up = HeldUp { rules: &waiting, may };
    Ok(cx.page(|t| officer::nights(t, &cx.portal().map, &runs, under_way, held_up)))
}

/// A word for the island that waits for a change.
pub(in crate::http) async fn night_progress(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    Ok(progress_word(cx.portal().night_under_way(permit).await?).into_response())
}

#[derive(Deserialize)]
pub(in crate::http) struct Release {
    table: String,
    outcome: String,
    rows: u64,
    /// By which map, and when: what was opened before this was asked for has seen neither.
    #[serde(default)]
    map: String,
    #[serde(default)]
    counted: i64,
    #[serde(default)]
    why: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::http) struct Rule {
    table: String,
    outcome: String,
}

/// What it would do, before it may.
pub(in crate::http) async fn look(cx: Cx, Query(rule): Query<Rule>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let name = TableName::parse(&rule.table).ok_or(Failure::NotFound)?;
    show(&cx, &permit, (&name, &rule.outcome), StatusCode::OK, &Typed::default()).await
}

async fn show(
    cx: &Cx,
    permit: &Decide,
    (name, outcome): (&TableName, &str),
    status: StatusCode,
    typed: &Typed,
) -> Result<Response, Failure> {
    let portal = cx.portal();
    let waiting = portal.waiting_rule(permit, name, outcome).await?;
    let releasing = portal.releasing(permit, &waiting);
    let table = portal.map.table(name).ok_or(Failure::NotFound)?;
    let look = Look { waiting: &waiting, releasing: &releasing };
    Ok(cx.page_with(status, |t| officer::release(t, table, look, typed)))
}

/// A rule that waited has been looked at.
pub(in crate::http) async fn release(cx: Cx, Form(release): Form<Release>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let (t, portal) = (cx.text(), cx.portal());
    let table = TableName::parse(&release.table).ok_or(Failure::NotFound)?;
    let rule = (&table, release.outcome.as_str());
    let (map, counted) = (MapHash(release.map), Timestamp::from_millisecond(release.counted).unwrap_or_default());
    let seen = Seen { table: &table, outcome: &release.outcome, rows: release.rows, map: &map, counted };
    let gives_reason = match portal.waiting_rule(&permit, &table, &release.outcome).await {
        Ok(waiting) if waiting.as_seen() != seen => return changed(&cx, &permit, rule).await,
        // Whoever comes too late is told so below.
        Ok(waiting) => portal.releasing(&permit, &waiting).gives_reason(),
        Err(ServiceError::NotFound) => return Err(Failure::RuleChanged),
        Err(error) => return Err(error.into()),
    };
    let wrong = wrong_words(t, &release.why, t.nights_reason_missing()).filter(|_| gives_reason);
    if let Some(message) = wrong {
        let typed = Typed::default().keep("why", release.why).wrong("why", message);
        return show(&cx, &permit, rule, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    match portal.release_rule(&permit, &cx.actor, seen, release.why.trim()).await {
        Ok(()) => Ok(Redirect::to(paths::NIGHTS).into_response()),
        Err(ServiceError::Overtaken) => changed(&cx, &permit, rule).await,
        Err(error) => Err(error.into()),
    }
}

/// The rule as it is now, with what was written.
async fn changed(cx: &Cx, permit: &Decide, rule: (&TableName, &str)) -> Result<Response, Failure> {
    let cx = cx.giving_back(Some(cx.said.on_its_page(Problem::RuleChanged)));
    match show(&cx, permit, rule, StatusCode::CONFLICT, &Typed::default()).await {
        Err(Failure::NotFound) => Err(Failure::RuleChanged),
        shown => shown,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::http) struct Simulate {
    table: String,
    keep: String,
    unit: String,
}

/// What another period would mean.
pub(in crate::http) async fn simulate(cx: Cx, Query(asked): Query<Simulate>) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    let (t, map) = (cx.text(), &cx.portal().map);
    let fields = [("table", &asked.table), ("keep", &asked.keep), ("unit", &asked.unit)];
    let typed = fields.into_iter().fold(Typed::default(), |typed, (name, value)| typed.keep(name, value.as_str()));
    // Nothing was asked yet; a link chooses the table.
    if asked.keep.is_empty() && asked.unit.is_empty() {
        return Ok(cx.page(|t| officer::simulate(t, map, &typed, None)));
    }
    let table = TableName::parse(&asked.table).and_then(|name| map.table(&name));
    let keep = format!("{} {}", tidy(&asked.keep), asked.unit).parse::<Period>();
    let (Some(table), Ok(keep)) = (table, &keep) else {
        let typed = if table.is_none() { typed.wrong("table", t.simulate_table_wrong()) } else { typed };
        let typed = if keep.is_err() { typed.wrong("keep", t.simulate_keep_wrong()) } else { typed };
        return Ok(cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| officer::simulate(t, map, &typed, None)));
    };
    let keep = *keep;
    // Large tables are what somebody simulates: counting them takes the time it takes.
    let by = cx.shared_portal().simulate(permit, &table.name, keep).await?;
    let found = Simulation { table, keep, by };
    Ok(cx.page(|t| officer::simulate(t, map, &typed, Some(&found))))
}

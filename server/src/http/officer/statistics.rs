//! A year of requests, as a page and as a file for a spreadsheet.

use app::pages::officer;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use serde::Deserialize;

use super::{
    super::{cx::Cx, failure::Failure},
    sheet::sheet,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct Asked {
    year: String,
}

fn year(text: &str) -> Result<i16, Failure> {
    text.parse().ok().filter(|year| (2000..=2200).contains(year)).ok_or(Failure::NotFound)
}

pub(in super::super) async fn page(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let this_year = cx.portal().clock.today().year();
    let year = if asked.year.is_empty() { this_year } else { year(&asked.year)? };
    let statistics = cx.portal().statistics(&permit, year).await?;
    Ok(cx.page(|t| officer::statistics(t, year, this_year, &statistics)))
}

/// `2026.csv`: kinds, then months.
pub(in super::super) async fn file(cx: Cx, Path(name): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let year = year(name.strip_suffix(".csv").ok_or(Failure::NotFound)?)?;
    let statistics = cx.portal().statistics(&permit, year).await?;
    let t = cx.text();
    let head = officer::statistics_head(t).map(str::to_owned);
    let kinds = officer::statistics_by_kind(t, &statistics);
    let months = officer::statistics_by_month(t, year, &statistics);
    sheet(&format!("{year}.csv"), [head].into_iter().chain(kinds).chain(months))
}

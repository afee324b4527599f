//! The register of destruction, as a page and as a file for a spreadsheet.

use app::pages::officer;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use jiff::civil::Date;
use serde::Deserialize;

use super::{
    super::{cx::Cx, failure::Failure},
    sheet::sheet,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct Asked {
    month: String,
}

pub(in super::super) async fn page(cx: Cx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    let portal = cx.portal();
    let today = portal.clock.today();
    let first = if asked.month.is_empty() { today.first_of_month() } else { begins(&asked.month)? };
    let month = portal.register(permit, first).await?;
    Ok(cx.page(|t| officer::register(t, &portal.map, &month, today)))
}

/// `2026-11.csv`, in UTF-8 with a mark that spreadsheets know it by.
pub(in super::super) async fn file(cx: Cx, Path(name): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    let first = begins(name.strip_suffix(".csv").ok_or(Failure::NotFound)?)?;
    let (t, portal) = (cx.text(), cx.portal());
    let month = portal.register(permit, first).await?;
    let head = officer::register_head(t).map(str::to_owned);
    let lines = month.entries.iter().map(|entry| officer::register_line(t, &portal.map, entry));
    sheet(&name, [head].into_iter().chain(lines))
}

/// `2026-11`: the day the month begins.
pub(in crate::http) fn begins(month: &str) -> Result<Date, Failure> {
    format!("{month}-01").parse().map_err(|_| Failure::NotFound)
}

//! A year of requests, as a page and as a file for a spreadsheet.

use app::pages::officer;
use axum::{
    extract::{Path, Query},
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::super::{cx::Cx, failure::Failure};

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
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let lines = officer::statistics_by_kind(t, &statistics).into_iter();
    let mut lines = lines.chain(officer::statistics_by_month(t, year, &statistics));
    let written = writer
        .write_record(officer::statistics_head(t))
        .and_then(|()| lines.try_for_each(|line| writer.write_record(line)));
    let (Ok(()), Ok(text)) = (written, writer.into_inner()) else { return Err(Failure::PortalDown) };
    let disposition = format!("attachment; filename=\"{year}.csv\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], text).into_response())
}

//! The register of destruction, as a page and as a file for a spreadsheet.

use app::pages::officer;
use axum::{
    extract::{Path, Query},
    http::header,
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use serde::Deserialize;

use super::super::{cx::Cx, failure::Failure};

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
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let mut lines = month.entries.iter().map(|entry| officer::register_line(t, &portal.map, entry));
    let written = writer
        .write_record(officer::register_head(t))
        .and_then(|()| lines.try_for_each(|line| writer.write_record(line)));
    let (Ok(()), Ok(text)) = (written, writer.into_inner()) else { return Err(Failure::PortalDown) };
    let disposition = format!("attachment; filename=\"{}\"", name.replace('"', ""));
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], text).into_response())
}

/// `2026-11`: the day the month begins.
fn begins(month: &str) -> Result<Date, Failure> {
    format!("{month}-01").parse().map_err(|_| Failure::NotFound)
}

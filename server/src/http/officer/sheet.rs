//! A file for a spreadsheet, as it is downloaded.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use exchange::sheet;

use super::super::failure::Failure;

pub(super) fn sheet<R>(name: &str, rows: impl IntoIterator<Item = R>) -> Result<Response, Failure>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let Ok(text) = sheet::csv(rows) else { return Err(Failure::PortalDown) };
    let disposition = format!("attachment; filename=\"{}\"", name.replace('"', ""));
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], text).into_response())
}

//! Who looked at one's data.

use app::pages::customer::{self, Shown};
use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::{cx::Cx, failure::Failure};

/// On a page of the list.
const LOOKS: u64 = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LooksQuery {
    before: Option<i64>,
}

pub(super) async fn page(cx: Cx, Query(query): Query<LooksQuery>) -> Result<Response, Failure> {
    let mine = cx.portal().my_looks(&cx.actor.own()?, query.before, LOOKS).await?;
    let shown = if query.before.is_some() { Shown::Earlier } else { Shown::Newest };
    Ok(cx.page(|t| customer::looks(t, &cx.portal().map, &mine, shown)))
}

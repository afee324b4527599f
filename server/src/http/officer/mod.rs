//! The officer's desk, the auditor's reading room.

pub(super) mod accounts;
pub(super) mod audit;
pub(super) mod bulk;
pub(super) mod case;
mod days;
pub(super) mod decide;
pub(super) mod doors;
pub(super) mod holds;
pub(super) mod intake;
pub(super) mod leave_out;
pub(super) mod locked;
pub(super) mod nights;
pub(super) mod own_password;
pub(super) mod people;
pub(super) mod programs;
pub(super) mod register;
pub(super) mod reveal;
mod sheet;
pub(super) mod sign_in;
pub(super) mod statistics;
pub(super) mod versions;
pub(super) mod work_out;

use std::collections::BTreeMap;

use app::{
    components::Typed,
    pages::officer::{self, Desk, May, view_query},
    paths,
};
use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    actor::{Actor, Staff, StaffRole},
    ids::StaffId,
    request::{RequestKind, StageName},
};
use serde::Deserialize;
use service::requests::Wanted;
use store::{
    queue::{After, Asked, Filter, Received, Soon, Whose},
    requests::QueueView,
};

use super::{cx::Cx, failure::Failure};

/// Whether whoever looks may decide.
fn may(cx: &Cx) -> May {
    if cx.actor.decide().is_ok() { May::Decide } else { May::Read }
}

const ROWS: u64 = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct QueueQuery {
    view: String,
    kind: String,
    whose: String,
    asked: String,
    state: String,
    due_in: String,
    from: String,
    to: String,
    due: Option<jiff::civil::Date>,
    after: String,
}

impl QueueQuery {
    fn state(&self) -> Option<StageName> {
        StageName::parse(&self.state)
    }

    /// A state is of one view only.
    fn view(&self) -> QueueView {
        let view = self.state().map(QueueView::of_state).or_else(|| QueueView::parse(&self.view));
        view.unwrap_or(QueueView::Open)
    }

    /// What is wanted, and what was typed that cannot be.
    fn filter(&self, cx: &Cx, staff: StaffId, typed: &Typed) -> (Filter, Typed) {
        let ((from, to), typed) = days::days(cx.text(), &self.from, &self.to, typed.clone());
        let portal = cx.portal();
        let soon = Soon::parse(&self.due_in).unwrap_or_default();
        let filter = Filter {
            kind: RequestKind::from_slug(&self.kind),
            whose: Whose::parse(&self.whose, staff),
            asked: Asked::parse(&self.asked).unwrap_or_default(),
            state: self.state(),
            due: soon.on(portal.clock.today(), &portal.calendar()),
            received: Received { from, to },
        };
        (filter, typed)
    }
}

/// The first page of staff. Who reads no requests is led to theirs, or told what their role is for.
pub(super) async fn queue(cx: Cx, Query(query): Query<QueueQuery>) -> Result<Response, Failure> {
    if let Actor::Staff(Staff { role, .. }) = &cx.actor {
        match role {
            StaffRole::Officer | StaffRole::Auditor => {}
            StaffRole::SystemAdmin => return Ok(Redirect::to(paths::staff_home(*role)).into_response()),
            StaffRole::SecurityAdmin => return accounts::page(cx).await,
        }
    }
    show_queue(&cx, query, StatusCode::OK, &Typed::default()).await
}

async fn show_queue(cx: &Cx, query: QueueQuery, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let view = query.view();
    let (filter, typed) = query.filter(cx, permit.staff(), typed);
    let wrong_days = typed.error("from").or(typed.error("to")).is_some();
    let status = if wrong_days { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    let after = query.due.map(|due| After { due, number: query.after });
    let rows = cx.portal().queue(&permit, view, filter, after.as_ref(), ROWS).await?;
    let next = rows.last().filter(|_| rows.len() as u64 == ROWS).map(|last| {
        let (due, after) = (last.request.due, &last.request.number);
        format!("{}?{}&due={due}&after={after}", paths::OFFICER, view_query(view, filter))
    });
    let drift = match cx.actor.read_reports() {
        Ok(permit) => cx.portal().drift(permit).await?,
        Err(_) => None,
    };
    let drift = drift.map_or(0, |drift| drift.found.iter().filter(|found| found.is_error).count());
    let today = cx.portal().clock.today();
    let reviews = cx.portal().holds(&permit).await?.iter().filter(|hold| hold.review_on <= today).count();
    let names = cx.portal().staff_names(&permit).await?;
    let missing_year = cx.portal().calendar().missing(today);
    let saved = cx.portal().store.views(&permit, today, &cx.portal().calendar()).await?;
    let to_tell = cx.portal().waits_for_calls(&permit, ROWS).await?;
    let stopped = cx.portal().rules_to_look_at().await?;
    let workload = match view {
        QueueView::Open => Some(cx.portal().store.workload(&permit, today).await?),
        QueueView::Closed => None,
    };
    let own = permit.staff();
    let desk = Desk {
        workload,
        own,
        view,
        filter,
        next,
        drift,
        reviews,
        stopped,
        to_tell,
        missing_year,
        names,
        may: may(cx),
        saved,
    };
    Ok(cx.page_with(status, |t| officer::queue(t, &rows, &desk, &typed)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ViewForm {
    name: String,
}

const LONGEST_NAME: usize = 30;

/// Gives the view in the address a name.
pub(super) async fn save_view(
    cx: Cx,
    Query(query): Query<QueueQuery>,
    Form(form): Form<ViewForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let typed = Typed::default().keep("name", name).wrong("name", cx.text().bulk_save_missing());
        return show_queue(&cx, query, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    let view = query.view();
    let (filter, typed) = query.filter(&cx, permit.staff(), &Typed::default());
    if typed.failed() {
        return show_queue(&cx, query, StatusCode::UNPROCESSABLE_ENTITY, &Typed::default()).await;
    }
    cx.portal().save_view(&permit, name, view, filter).await?;
    Ok(Redirect::to(&format!("{}?{}", paths::OFFICER, view_query(view, filter))).into_response())
}

pub(super) async fn forget_view(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let id = uuid::Uuid::try_parse(&text).map_err(|_| Failure::NotFound)?;
    cx.portal().forget_view(&permit, id).await?;
    Ok(Redirect::to(paths::OFFICER).into_response())
}

pub(super) async fn find_page(cx: Cx) -> Result<Response, Failure> {
    cx.actor.read_requests()?;
    Ok(cx.page(|t| officer::find(t, None, &BTreeMap::new(), may(&cx), &Typed::default())))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct FindForm {
    wanted: String,
}

/// A form's answer, and no address to come back to: what was looked for stands in no log.
pub(super) async fn find(cx: Cx, Form(form): Form<FindForm>) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let typed = Typed::default().keep("wanted", form.wanted.clone());
    let Some(wanted) = Wanted::parse(&form.wanted) else {
        let typed = typed.wrong("wanted", cx.text().queue_wanted_wrong());
        let names = BTreeMap::new();
        return Ok(cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| officer::find(t, None, &names, may(&cx), &typed)));
    };
    let found = cx.portal().find_requests(&permit, &cx.actor, &wanted).await?;
    let names = cx.portal().staff_names(&permit).await?;
    Ok(cx.page(|t| officer::find(t, Some(&found), &names, may(&cx), &typed)))
}

/// Where the databases are not as the map says.
pub(super) async fn drift(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.read_reports()?;
    let drift = cx.portal().drift(permit).await?;
    Ok(cx.page(|t| officer::drift(t, drift.as_ref())))
}

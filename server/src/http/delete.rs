//! A person has what is held about them deleted, all of it or what they choose.

use app::{
    components::Typed,
    pages::customer::{self, Already},
    paths,
};
use axum::{
    Form,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    map::{Extent, SourceName},
    permit::{Denied, Own, OwnFresh},
};
use service::{
    ServiceError,
    requests::{Chosen, Deletion},
};

use super::{
    cx::{Cx, Held},
    failure::Failure,
    ticked::{LISTED, said, ticked},
};

/// What the form says, by name.
type Said = Vec<(String, String)>;

/// Of which records: everything, where the form does not list them; `None` where none is ticked.
fn wanted(cx: &Cx, form: &[(String, String)]) -> Option<Extent> {
    if said(form, LISTED).is_empty() {
        return Some(Extent::Everything);
    }
    let ticked = ticked(&cx.portal().map, |name| said(form, name));
    (!ticked.is_empty()).then_some(Extent::Only(ticked))
}

/// The one record it is about, by its token.
fn record(form: &[(String, String)]) -> Option<&str> {
    Some(said(form, customer::RECORD)).filter(|token| !token.is_empty())
}

fn address(extent: &Extent) -> String {
    match extent {
        Extent::Only(tables) => paths::delete_some(tables),
        Extent::Everything | Extent::Record(_) => paths::MINE_DELETE.to_owned(),
    }
}

/// Where whoever sent this form had been.
fn back(cx: &Cx, form: &[(String, String)]) -> String {
    match (record(form), wanted(cx, form)) {
        (Some(token), _) => paths::delete_record(token),
        (None, Some(wanted)) => address(&wanted),
        (None, None) => paths::MINE_DELETE.to_owned(),
    }
}

/// Whoever has to prove themselves again comes back to what they had chosen, and not to all of it.
async fn fresh(cx: &Cx, form: &[(String, String)]) -> Result<OwnFresh, Failure> {
    let denied = match cx.actor.own_fresh() {
        Ok(permit) => return Ok(permit),
        Err(denied) => denied,
    };
    let to = match denied {
        Denied::FreshCode => paths::CONFIRM,
        Denied::SignIn => paths::SIGN_IN,
        Denied::StaffSignIn | Denied::NotYours => return Err(denied.into()),
    };
    cx.keep(&Held { next: Some(back(cx, form)), ..cx.held.clone() }).await?;
    Err(Failure::Elsewhere(to.to_owned()))
}

pub(super) async fn page(cx: Cx, Query(form): Query<Said>) -> Result<Response, Failure> {
    let permit = fresh(&cx, &form).await?;
    if let Some(running) = cx.portal().running_deletion(permit.own()).await? {
        return Ok(Redirect::to(&paths::request(&running.number)).into_response());
    }
    match record(&form) {
        Some(token) => show_record(&cx, permit.own(), token).await,
        None => show(&cx, permit.own(), wanted(&cx, &form)).await,
    }
}

async fn show_record(cx: &Cx, permit: &Own, token: &str) -> Result<Response, Failure> {
    let chosen = match chosen(cx, permit, token).await {
        Ok(Some(chosen)) => chosen,
        Ok(None) => return Ok(gone(cx)),
        Err(Failure::SourceDown(source)) => return Ok(record_unread(cx, StatusCode::OK, &source)),
        Err(failure) => return Err(failure),
    };
    let typed = Typed::default().keep(customer::RECORD, token);
    let deletion = match cx.portal().preview_deletion(permit, &chosen).await.map_err(Failure::from) {
        Ok(deletion) => deletion,
        Err(Failure::SourceDown(source)) => {
            return unread(cx, permit, &chosen, &source, (StatusCode::OK, &typed)).await;
        }
        Err(failure) => return Err(failure),
    };
    let already = already(cx, permit).await?;
    let due = cx.portal().calendar().due(cx.portal().clock.today()).due;
    Ok(cx.page(|t| customer::delete(t, &cx.portal().map, &deletion, &already, due, &typed)))
}

/// The record of theirs with this token; `None` where there is none, any more or at all.
async fn chosen(cx: &Cx, permit: &Own, token: &str) -> Result<Option<Chosen>, Failure> {
    match cx.portal().chosen_record(permit, token).await {
        Ok(chosen) => Ok(Some(chosen)),
        Err(ServiceError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What would go cannot be listed: they ask all the same.
async fn unread(
    cx: &Cx,
    permit: &Own,
    wanted: &Chosen,
    source: &SourceName,
    (status, typed): (StatusCode, &Typed),
) -> Result<Response, Failure> {
    let (portal, already) = (cx.portal(), already(cx, permit).await?);
    let (unread, due) = (portal.unread_deletion(wanted), portal.calendar().due(portal.clock.today()).due);
    Ok(cx.page_with(status, |t| customer::delete_unread(t, &portal.map, source, &unread, &already, due, typed)))
}

/// Not even which record it is.
fn record_unread(cx: &Cx, status: StatusCode, source: &SourceName) -> Response {
    cx.page_with(status, |t| customer::record_unread(t, &cx.portal().map, source))
}

fn gone(cx: &Cx) -> Response {
    cx.page_with(StatusCode::NOT_FOUND, customer::record_gone)
}

/// Where nothing is chosen it says so, and offers all of it.
async fn show(cx: &Cx, permit: &Own, wanted: Option<Extent>) -> Result<Response, Failure> {
    let (status, typed) = if wanted.is_some() {
        (StatusCode::OK, Typed::default())
    } else {
        let typed = Typed::default().wrong("tables", cx.text().delete_some_missing());
        (StatusCode::UNPROCESSABLE_ENTITY, typed)
    };
    let wanted = wanted.unwrap_or_default();
    let deletion = match read(cx, permit, &wanted).await {
        Ok(deletion) => deletion,
        Err(Failure::SourceDown(source)) => {
            return unread(cx, permit, &Chosen::from(&wanted), &source, (status, &typed)).await;
        }
        Err(failure) => return Err(failure),
    };
    let already = already(cx, permit).await?;
    let due = cx.portal().calendar().due(cx.portal().clock.today()).due;
    Ok(cx.page_with(status, |t| customer::delete(t, &cx.portal().map, &deletion, &already, due, &typed)))
}

async fn already(cx: &Cx, permit: &Own) -> Result<Already, Failure> {
    let deletions = cx.portal().deletions_under_way(permit).await?;
    Ok(Already { deletions, closes: cx.portal().closing_soon(permit).await? })
}

/// What they read before they ask. Whose ticks leave nothing out reads of everything, and asks for that.
async fn read(cx: &Cx, permit: &Own, wanted: &Extent) -> Result<Deletion, Failure> {
    let deletion = cx.portal().preview_deletion(permit, wanted).await?;
    if *wanted == Extent::Everything || !deletion.is_whole() {
        return Ok(deletion);
    }
    let whole = cx.portal().preview_deletion(permit, &Extent::Everything).await?;
    Ok(Deletion { along: deletion.along, ..whole })
}

/// What is asked for is what was read: whatever was ticked since is shown first.
pub(super) async fn file(cx: Cx, Form(form): Form<Said>) -> Result<Response, Failure> {
    let permit = fresh(&cx, &form).await?;
    if let Some(token) = record(&form) {
        return match chosen(&cx, permit.own(), token).await {
            Ok(Some(chosen)) => filed(&cx, &permit, &chosen).await,
            Ok(None) => Ok(gone(&cx)),
            // Nothing is sent of what nobody can name.
            Err(Failure::SourceDown(source)) => Ok(record_unread(&cx, StatusCode::CONFLICT, &source)),
            Err(failure) => Err(failure),
        };
    }
    let Some(wanted) = wanted(&cx, &form) else { return show(&cx, permit.own(), None).await };
    let (asked, changed) = match &wanted {
        Extent::Everything => (Extent::Everything, false),
        Extent::Only(_) | Extent::Record(_) => match read(&cx, permit.own(), &wanted).await {
            Ok(deletion) => {
                let changed = customer::shown(&deletion.extent) != said(&form, "shown") || !deletion.along.is_empty();
                (deletion.extent, changed)
            }
            // What goes along is known by the map.
            Err(Failure::SourceDown(_)) => {
                let extent = cx.portal().unread_deletion(&wanted).extent;
                let changed = customer::shown(&extent) != said(&form, "shown");
                (extent, changed)
            }
            Err(failure) => return Err(failure),
        },
    };
    if changed || !said(&form, "look").is_empty() {
        return Ok(Redirect::to(&address(&wanted)).into_response());
    }
    filed(&cx, &permit, &Chosen::from(&asked)).await
}

async fn filed(cx: &Cx, permit: &OwnFresh, chosen: &Chosen) -> Result<Response, Failure> {
    let request = cx.portal().file_deletion(permit, &cx.actor, chosen, cx.lang).await?;
    Ok(Redirect::to(&format!("{}?filed", paths::request(&request.number))).into_response())
}

//! Legal holds. What a person is found by travels in forms only, never in an address.

use app::{
    components::Typed,
    pages::officer::{self, MayKeep},
    paths,
    text::Text,
};
use axum::{
    Form,
    extract::{Path, Query},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Identifier, IdentifierKind, Personal,
    hold::{HeldRows, HoldOn},
    ids::HoldId,
    map::{Column, DataMap, Table, TableName},
    permit::ReadRequests,
    personal::tidy,
};
use jiff::civil::Date;
use serde::Deserialize;
use service::{ServiceError, holds::NewHold, store::holds::Hold};

use super::super::{cx::Cx, failure::Failure};

pub(in crate::http) const LONGEST: usize = 200;

fn may_keep(cx: &Cx) -> MayKeep {
    if cx.actor.keep_holds().is_ok() { MayKeep::Yes } else { MayKeep::No }
}

pub(in super::super) async fn list(cx: Cx) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let portal = cx.portal();
    let (holds, today) = (portal.holds(&permit).await?, portal.clock.today());
    Ok(cx.page(|t| officer::holds(t, &portal.map, &holds, today, may_keep(&cx))))
}

pub(in super::super) async fn page(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&cx, &id, StatusCode::OK, &Typed::default()).await
}

async fn find(cx: &Cx, permit: &ReadRequests, id: &str) -> Result<Hold, Failure> {
    let holds = cx.portal().holds(permit).await?;
    holds.into_iter().find(|hold| hold.id.to_string() == id).ok_or(Failure::NotFound)
}

async fn show(cx: &Cx, id: &str, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let portal = cx.portal();
    let hold = find(cx, &permit, id).await?;
    let (protects, today) = (portal.protected_by(&permit, &hold.on).await?, portal.clock.today());
    Ok(cx.page_with(status, |t| officer::hold(t, &portal.map, &hold, &protects, today, may_keep(cx), typed)))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct ReviewForm {
    review_on: String,
}

pub(in super::super) async fn review(
    cx: Cx,
    Path(id): Path<String>,
    Form(form): Form<ReviewForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.keep_holds()?;
    let (t, today) = (cx.text(), cx.portal().clock.today());
    let Some(review_on) = review_day(&form.review_on, today) else {
        let typed = Typed::default().keep("review_on", form.review_on).wrong("review_on", review_wrong(t, today));
        return show(&cx, &id, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    };
    cx.portal().review_hold(permit, &cx.actor, hold_id(&id)?, review_on).await?;
    Ok(Redirect::to(paths::HOLDS).into_response())
}

pub(in super::super) async fn lift(cx: Cx, Path(id): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.keep_holds()?;
    cx.portal().release_hold(permit, &cx.actor, hold_id(&id)?).await?;
    Ok(Redirect::to(paths::HOLDS).into_response())
}

fn hold_id(text: &str) -> Result<HoldId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct NewQuery {
    on: String,
}

/// First what it is on, then the form for it.
pub(in super::super) async fn new_page(cx: Cx, Query(query): Query<NewQuery>) -> Result<Response, Failure> {
    cx.actor.keep_holds()?;
    let portal = cx.portal();
    if query.on.is_empty() {
        return Ok(cx.page(|t| officer::new_hold(t, &portal.map)));
    }
    let (table, today) = (on(&portal.map, &query.on)?, portal.clock.today());
    Ok(cx.page(|t| officer::hold_form(t, table, today, &Typed::default())))
}

/// A table of the map, or nothing for a person.
fn on<'a>(map: &'a DataMap, text: &str) -> Result<Option<&'a Table>, Failure> {
    if text == "person" {
        return Ok(None);
    }
    TableName::parse(text).and_then(|name| map.table(&name)).map(Some).ok_or(Failure::NotFound)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct NewForm {
    on: String,
    who: String,
    since: String,
    until: String,
    field: String,
    values: String,
    owner: String,
    reason: String,
    review_on: String,
    step: String,
}

/// Checked, shown once more, and placed only then.
pub(in super::super) async fn place(cx: Cx, Form(form): Form<NewForm>) -> Result<Response, Failure> {
    let permit = cx.actor.keep_holds()?;
    let reader = cx.actor.read_requests()?;
    let (t, portal) = (cx.text(), cx.portal());
    let today = portal.clock.today();
    let table = on(&portal.map, &form.on)?;
    if form.step == "change" {
        return Ok(cx.page(|t| officer::hold_form(t, table, today, &kept(&form))));
    }
    let again =
        |typed: Typed| cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, |t| officer::hold_form(t, table, today, &typed));
    let new = match read(t, &form, table, today) {
        Ok(new) => new,
        Err(typed) => return Ok(again(typed)),
    };
    let protects = match portal.protected_by(&reader, &new.on).await {
        Ok(protects) => protects,
        // The database itself said that it cannot compare.
        Err(ServiceError::Source(error)) if table.is_some() && !error.is_passing() => {
            return Ok(again(kept(&form).wrong("values", t.holds_values_wrong())));
        }
        Err(error) => return Err(error.into()),
    };
    if form.step == "place" {
        let id = portal.place_hold(permit, &cx.actor, new).await?;
        return Ok(Redirect::to(&paths::hold(id)).into_response());
    }
    Ok(cx.page(|t| officer::check_hold(t, &portal.map, &new, &protects, &kept(&form))))
}

fn kept(form: &NewForm) -> Typed {
    let fields = [
        ("on", &form.on),
        ("who", &form.who),
        ("since", &form.since),
        ("until", &form.until),
        ("field", &form.field),
        ("values", &form.values),
        ("owner", &form.owner),
        ("reason", &form.reason),
        ("review_on", &form.review_on),
    ];
    let filled = fields.into_iter().filter(|(_, value)| !value.is_empty());
    filled.fold(Typed::default(), |typed, (name, value)| typed.keep(name, value.as_str()))
}

/// The form as a hold, or all that is wrong with it.
fn read(t: Text, form: &NewForm, table: Option<&Table>, today: Date) -> Result<NewHold, Typed> {
    let mut typed = kept(form);
    let on = match table {
        None => read_person(t, &form.who).map(HoldOn::Person),
        Some(table) => read_rows(t, form, table).map(HoldOn::Rows),
    };
    if let Err((field, message)) = &on {
        typed = typed.wrong(*field, message.as_str());
    }
    for (field, value, missing) in
        [("owner", &form.owner, t.holds_owner_missing()), ("reason", &form.reason, t.holds_reason_missing())]
    {
        match value.trim().chars().count() {
            0 => typed = typed.wrong(field, missing),
            n if n > LONGEST => typed = typed.wrong(field, t.holds_long(LONGEST)),
            _ => {}
        }
    }
    let review_on = review_day(&form.review_on, today);
    if review_on.is_none() {
        typed = typed.wrong("review_on", review_wrong(t, today));
    }
    match (on, review_on) {
        (Ok(on), Some(review_on)) if !typed.failed() => {
            Ok(NewHold { on, owner: tidy(&form.owner), reason: tidy(&form.reason), review_on })
        }
        _ => Err(typed),
    }
}

fn read_person(t: Text, text: &str) -> Result<Vec<Identifier>, (&'static str, String)> {
    let wrong = |message| ("who", message);
    let read = |line: &str| {
        let kinds = [IdentifierKind::Email, IdentifierKind::Mobile];
        kinds.into_iter().find_map(|kind| Identifier::parse(kind, line)).ok_or_else(|| wrong(t.holds_who_wrong(line)))
    };
    let subject = lines(text).map(read).collect::<Result<Vec<_>, _>>()?;
    if subject.is_empty() { Err(wrong(t.holds_who_missing().to_owned())) } else { Ok(subject) }
}

fn read_rows(t: Text, form: &NewForm, table: &Table) -> Result<HeldRows, (&'static str, String)> {
    let begun = match (tidy(&form.since).as_str(), tidy(&form.until).as_str()) {
        ("", "") => None,
        (since, until) => match (since.parse::<Date>(), until.parse::<Date>()) {
            (Ok(since), Ok(until)) if since <= until => Some((since, until)),
            _ => return Err(("since", t.holds_days_wrong().to_owned())),
        },
    };
    let values: Vec<Personal> = lines(&form.values).map(Personal::new).collect();
    let column = Column(form.field.clone());
    let with = match (table.field(&column), values.is_empty()) {
        (None, true) => None,
        (Some(_), false) => Some((column, values)),
        (Some(_), true) => return Err(("values", t.holds_values_missing().to_owned())),
        (None, false) => return Err(("field", t.holds_values_unasked().to_owned())),
    };
    Ok(HeldRows { table: table.name.clone(), begun, with })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn review_day(text: &str, today: Date) -> Option<Date> {
    tidy(text).parse::<Date>().ok().filter(|day| *day > today)
}

fn review_wrong(t: Text, today: Date) -> String {
    t.holds_review_wrong(officer::example(today).to_string())
}

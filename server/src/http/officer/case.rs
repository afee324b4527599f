//! A case and its decision.

use app::{
    components::{Typed, progress_word},
    pages::officer,
    paths,
};
use axum::{
    Form,
    extract::{Path, RawQuery, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Personal,
    ids::StaffId,
    map::Extent,
    request::{Side, Template},
};
use jiff::Timestamp;
use serde::Deserialize;
use service::{
    ServiceError,
    requests::{Message, PassOn},
};

use super::{
    super::{
        cx::Cx,
        failure::Failure,
        handed::Handed,
        requests::{number, wrong_words},
        ticked::{LISTED, ticked},
    },
    may,
};

/// A link may open one of its forms.
pub(in super::super) async fn page(
    cx: Cx,
    Path(text): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let opened = query.filter(|form| form == "ask" || form == "refuse");
    let typed = opened.into_iter().fold(Typed::default(), |typed, form| typed.keep("open", form));
    show(&cx, &text, StatusCode::OK, &typed).await
}

pub(super) async fn show(cx: &Cx, text: &str, status: StatusCode, typed: &Typed) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    let may = may(cx);
    let case = cx.portal().case(&permit, &cx.actor, &number(text)?).await?;
    let today = cx.portal().clock.today();
    let changed = cx.portal().changes_masked(&case.followed.corrections);
    Ok(cx.page_with(status, |t| officer::case(t, cx.portal(), &case, may, changed, today, typed)))
}

/// A word for the island that waits for a change.
pub(in super::super) async fn progress(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    Ok(progress_word(cx.portal().case_progress(&permit, &number(&text)?).await?).into_response())
}

pub(super) fn back(text: &str) -> Result<Response, Failure> {
    Ok(Redirect::to(&paths::case(&number(text)?)).into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct TakeForm {
    /// Who had it when the page was made; empty for nobody.
    owner: String,
}

pub(in super::super) async fn take(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<TakeForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    cx.portal().take(&permit, &cx.actor, &number(&text)?, owner(&form.owner)?).await?;
    back(&text)
}

/// Who had it when a page was made.
fn owner(text: &str) -> Result<Option<StaffId>, Failure> {
    match text {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Failure::NotFound),
    }
}

pub(in super::super) async fn give_back(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    cx.portal().give_back(&cx.actor.decide()?, &cx.actor, &number(&text)?).await?;
    back(&text)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct PassOnForm {
    /// Who had it when the page was made; empty for nobody.
    owner: String,
    to: String,
    why: String,
}

/// To a colleague, who reads why.
pub(in super::super) async fn pass_on(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<PassOnForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let t = cx.text();
    let mut typed = Typed::default().keep("to", form.to.clone()).keep("why", form.why.clone());
    if form.to.is_empty() {
        typed = typed.wrong("to", t.desk_pass_to_missing());
    }
    if let Some(message) = wrong_words(t, &form.why, t.desk_pass_why_missing()) {
        typed = typed.wrong("why", message);
    }
    if typed.failed() {
        return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    let (from, to) = (owner(&form.owner)?, form.to.parse().map_err(|_| Failure::NotFound)?);
    let pass_on = PassOn { from, to, why: &Personal::new(form.why.trim()) };
    cx.portal().pass_on(&permit, &cx.actor, &number(&text)?, pass_on).await?;
    back(&text)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct NoteForm {
    note: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct ToldForm {
    recipient: String,
}

/// By what a recipient can find what they got, and an entry in the audit log.
pub(in super::super) async fn tell(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<ToldForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let telling = cx.portal().to_tell(&permit, &cx.actor, &number(&text)?, &form.recipient).await?;
    Ok(cx.page(|t| officer::tell(t, &cx.portal().map, &telling)))
}

/// A recipient was told by hand.
pub(in super::super) async fn told(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<ToldForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    cx.portal().told_by_hand(&permit, &cx.actor, &number(&text)?, &form.recipient).await?;
    back(&text)
}

/// For colleagues only.
pub(in super::super) async fn note(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<NoteForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let t = cx.text();
    let wrong = wrong_words(t, &form.note, t.desk_note_missing());
    if let Some(message) = wrong {
        let typed = Typed::default().keep("note", form.note).wrong("note", message);
        return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    }
    cx.portal().note(&permit, &cx.actor, &number(&text)?, &Personal::new(form.note.trim())).await?;
    back(&text)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct MergeForm {
    into: String,
}

/// Closes it as the same as an older one.
pub(in super::super) async fn merge(
    cx: Cx,
    Path(text): Path<String>,
    Form(form): Form<MergeForm>,
) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let into = number(&form.into)?;
    cx.portal().merge(&permit, &cx.actor, &number(&text)?, &into).await?;
    Ok(Redirect::to(&paths::case(&into)).into_response())
}

/// A sentence to begin with, in the language the person reads.
async fn begun(cx: &Cx, text: &str, handed: &Handed, field: &'static str) -> Result<Option<Response>, Failure> {
    let Some(template) = Template::parse(handed.text("template")) else { return Ok(None) };
    let reader = cx.actor.read_requests()?;
    let request = cx.portal().store.request_by_number(&reader, &number(text)?).await?.ok_or(Failure::NotFound)?;
    let lang = request.lang;
    let words = [handed.text(field).trim(), template.words(lang)].join("\n");
    let typed = Typed::default().keep(field, words.trim_start()).keep("whom", handed.text("whom"));
    let typed = typed.keep("heeded", handed.text("heeded"));
    show(cx, text, StatusCode::OK, &typed).await.map(Some)
}

/// When the last word was said that they tick to have read.
pub(super) fn heeded(text: &str) -> Option<Timestamp> {
    Timestamp::from_millisecond(text.parse().ok()?).ok()
}

/// What was done; where something is not heeded, the case again with what they had typed.
pub(super) async fn or_heed(
    cx: &Cx,
    text: &str,
    done: Result<(), ServiceError>,
    typed: Typed,
) -> Result<Response, Failure> {
    match done {
        Err(ServiceError::NotHeeded) => {
            let typed = typed.wrong("heeded", cx.text().heed_missing());
            show(cx, text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await
        }
        done => {
            done?;
            back(text)
        }
    }
}

/// Of which tables, where the form lists them, and those that are not ticked; `None` where none is.
fn extent(cx: &Cx, handed: &Handed) -> (Option<Extent>, String) {
    if handed.text(LISTED).is_empty() {
        return (Some(Extent::Everything), String::new());
    }
    let map = &cx.portal().map;
    let of = ticked(map, |name| handed.text(name));
    let left = map.tables.iter().filter(|table| !of.contains(&table.name));
    let left: Vec<String> = left.map(|table| table.name.to_string()).collect();
    let unticked = left.join(" ");
    let extent = match (of.is_empty(), left.is_empty()) {
        (true, _) => None,
        (false, true) => Some(Extent::Everything),
        (false, false) => Some(Extent::Only(of)),
    };
    (extent, unticked)
}

pub(in super::super) async fn settle(cx: Cx, Path(text): Path<String>, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let handed = Handed::take(&cx, request).await?;
    if let Some(page) = begun(&cx, &text, &handed, "done").await? {
        return Ok(page);
    }
    let (missing, ticked) = (cx.text().form_settle_missing(), handed.text("heeded").to_owned());
    let (extent, unticked) = extent(&cx, &handed);
    let (words, files) = match handed.message(cx.text(), "done", missing) {
        Ok(message) => message,
        Err(typed) => {
            let typed = typed.keep("heeded", ticked).keep("unticked", unticked);
            return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
        }
    };
    let typed = Typed::default().keep("done", words.reveal()).keep("unticked", unticked).keep("heeded", ticked.clone());
    let Some(extent) = extent else {
        let typed = typed.wrong("tables", cx.text().case_extent_missing());
        return show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed).await;
    };
    let message = Message { words: &words, files: &files };
    let done = cx.portal().settle(&permit, &cx.actor, &number(&text)?, message, &extent, heeded(&ticked)).await;
    or_heed(&cx, &text, done, typed).await
}

pub(in super::super) async fn ask(cx: Cx, Path(text): Path<String>, request: Request) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    let handed = Handed::take(&cx, request).await?;
    if let Some(page) = begun(&cx, &text, &handed, "question").await? {
        return Ok(page);
    }
    let (t, said) = (cx.text(), handed.text("whom").to_owned());
    let whom = whom(&cx, &text, &said).await?;
    let typed = match (handed.message(t, "question", t.form_question_missing()), whom) {
        (Ok((words, files)), Some(whom)) => {
            let message = Message { words: &words, files: &files };
            cx.portal().ask(&permit, &cx.actor, &number(&text)?, whom, message).await?;
            return back(&text);
        }
        (Ok((words, _)), None) => {
            Typed::default().keep("question", words.reveal()).wrong("whom", t.case_whom_missing())
        }
        (Err(typed), None) => typed.wrong("whom", t.case_whom_missing()),
        (Err(typed), Some(_)) => typed,
    };
    show(&cx, &text, StatusCode::UNPROCESSABLE_ENTITY, &typed.keep("whom", said)).await
}

/// Whom a question is for: where there are two it must be said, so that nobody reads what is not theirs by mistake.
async fn whom(cx: &Cx, text: &str, said: &str) -> Result<Option<Side>, Failure> {
    let reader = cx.actor.read_requests()?;
    let request = cx.portal().store.request_by_number(&reader, &number(text)?).await?.ok_or(Failure::NotFound)?;
    let several = request.requester.may_be_written_to(Side::Subject);
    Ok(match Side::parse(said) {
        Some(side) => Some(side),
        None if several => None,
        None => Some(Side::Asker),
    })
}

/// Asks a worker to look through what is outside the map.
pub(in super::super) async fn rescan(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let (permit, reader) = (cx.actor.decide()?, cx.actor.read_requests()?);
    cx.portal().ask_rescan(&permit, &reader, &cx.actor, &number(&text)?).await?;
    back(&text)
}

pub(in super::super) async fn plan(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.decide()?;
    cx.portal().plan_anew(&permit, &cx.actor, &number(&text)?).await?;
    back(&text)
}

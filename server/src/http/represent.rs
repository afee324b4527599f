//! Asking for somebody else, and the files of a request.

use std::fmt::Write;

use app::{components::Typed, pages::customer, paths};
use axum::{
    extract::{Path, Query, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    Email, Identifier, Mobile,
    ids::FileId,
    map::{Extent, TableName},
    request::{Capacity, RequestKind},
};
use serde::Deserialize;
use service::requests::{About, ForAnother, Opened, Wish, about as about_of, may_be_asked_for, may_be_of_some};

use crate::copy::handed_out;

use super::{
    cx::Cx,
    failure::Failure,
    handed::Handed,
    requests::{number, or_see, wrong_words},
    ticked::ticked,
};

/// Where a form is that is filled in one page after another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Everything is shown once more.
    Check,
    /// Back to what was typed.
    Change,
    Send,
}

impl Step {
    pub(super) fn of(handed: &Handed) -> Self {
        match handed.text("step") {
            "check" => Self::Check,
            "change" => Self::Change,
            _ => Self::Send,
        }
    }

    /// Of a page on which something is wrong, or which somebody has come back to.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::Change => StatusCode::OK,
            Self::Check | Self::Send => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

/// What a link or the first page has chosen.
#[derive(Deserialize)]
pub(super) struct Which {
    kind: Option<String>,
    step: Option<String>,
}

impl Which {
    /// What can be asked here; what is wrong with it; nothing where nothing was chosen yet.
    pub(super) fn read(&self, cx: &Cx) -> Result<RequestKind, (StatusCode, Typed)> {
        if self.kind.is_none() && self.step.as_deref() != Some(customer::CHOOSE) {
            return Err((StatusCode::OK, Typed::default()));
        }
        let missing = || Typed::default().wrong("kind", cx.text().represent_kind_missing());
        let kind = self.kind.as_deref().and_then(|slug| served(cx, slug));
        kind.ok_or_else(|| (StatusCode::UNPROCESSABLE_ENTITY, missing()))
    }
}

fn served(cx: &Cx, slug: &str) -> Option<RequestKind> {
    RequestKind::from_slug(slug).filter(|kind| may_be_asked_for(*kind) && cx.portal().serves(*kind))
}

pub(super) async fn page(cx: Cx, Query(which): Query<Which>) -> Result<Response, Failure> {
    cx.actor.own_fresh()?;
    Ok(match which.read(&cx) {
        Ok(kind) => cx.page(|t| customer::represent(t, cx.portal(), Some(kind), &Typed::default())),
        Err((status, typed)) => cx.page_with(status, |t| customer::represent_which(t, cx.portal(), &typed)),
    })
}

/// The person it is about, by what was typed; what is wrong is said at its field.
pub(super) fn who(cx: &Cx, handed: &Handed, mut typed: Typed) -> (Vec<Identifier>, Typed) {
    let t = cx.text();
    let (email, mobile) = (handed.text("email").trim(), handed.text("mobile").trim());
    typed = typed.keep("email", email).keep("mobile", mobile);
    let mut subject = Vec::new();
    for (field, text, parsed) in [
        ("email", email, Email::parse(email).map(Identifier::Email)),
        ("mobile", mobile, Mobile::parse(mobile).map(Identifier::Mobile)),
    ] {
        match parsed {
            Some(identifier) => subject.push(identifier),
            None if text.is_empty() => {}
            None => typed = typed.wrong(field, t.represent_who_wrong()),
        }
    }
    if email.is_empty() && mobile.is_empty() {
        typed = typed.wrong("email", t.represent_who_missing());
    }
    (subject, typed)
}

/// What is asked.
pub(super) fn kind(cx: &Cx, handed: &Handed, typed: Typed) -> (Option<RequestKind>, Typed) {
    let slug = handed.text("kind");
    let kind = served(cx, slug);
    let typed = typed.keep("kind", slug);
    let typed = if kind.is_none() { typed.wrong("kind", cx.text().represent_kind_missing()) } else { typed };
    (kind, typed)
}

/// In words, and what it is about, where they chose something.
pub(super) fn wish(cx: &Cx, kind: Option<RequestKind>, handed: &Handed, typed: Typed) -> (Wish, Typed) {
    let (about, words) = (handed.text("about"), Wish::new(handed.text("words")));
    let typed = typed.keep("about", about);
    let wish = words.about(about);
    let fits = kind.is_none_or(|kind| cx.portal().can_be_asked(kind, &wish));
    let t = cx.text();
    let wrong = match kind.map(about_of) {
        Some(About::Consent) => t.represent_about_consent_missing(),
        Some(About::Decision) => t.represent_about_decision_wrong(),
        Some(About::Purpose | About::Nothing) | None => t.represent_about_wrong(),
    };
    (wish, if fits { typed } else { typed.wrong("about", wrong) })
}

/// Of which records, where it can be of some; none ticked is all of them, and so is every one.
pub(super) fn records(cx: &Cx, kind: Option<RequestKind>, handed: &Handed, typed: Typed) -> (Extent, Typed) {
    if !kind.is_some_and(may_be_of_some) {
        return (Extent::Everything, typed);
    }
    let map = &cx.portal().map;
    let mut tables = ticked(map, |name| handed.text(name));
    // From the page on which everything stands once more.
    let kept = handed.text("records").split(' ').filter_map(TableName::parse);
    tables.extend(kept.filter(|name| map.table(name).is_some()));
    let names: Vec<String> = tables.iter().map(ToString::to_string).collect();
    let typed = typed.keep("records", names.join(" "));
    let all = map.tables.iter().filter(|table| !table.roles.is_empty()).all(|table| tables.contains(&table.name));
    (if tables.is_empty() || all { Extent::Everything } else { Extent::Only(tables) }, typed)
}

pub(super) async fn file(cx: Cx, request: Request) -> Result<Response, Failure> {
    cx.actor.own()?;
    // What was written is given back to whoever took longer over it than their code is fresh.
    let handed = Handed::take(&cx, request).await?;
    let permit = cx.actor.own_fresh()?;
    let (t, step) = (cx.text(), Step::of(&handed));
    let capacity = Capacity::parse(handed.text("capacity"));
    let words = handed.text("words").trim().to_owned();
    let mut typed = Typed::default().keep("capacity", handed.text("capacity")).keep("words", words.clone());
    if capacity.is_none() {
        typed = typed.wrong("capacity", t.represent_capacity_missing());
    }
    let (kind, typed) = kind(&cx, &handed, typed);
    let (wish, typed) = wish(&cx, kind, &handed, typed);
    let (extent, typed) = records(&cx, kind, &handed, typed);
    let (subject, mut typed) = who(&cx, &handed, typed);
    // Nobody needs a reason to withdraw (PIPL art. 15), nor to close an account (E-Commerce Law art. 24).
    let unexplained = matches!(kind, Some(RequestKind::Withdraw | RequestKind::CancelAccount));
    let needs_words = !unexplained || !words.is_empty();
    if let (true, Some(message)) = (needs_words, wrong_words(t, &words, t.wish_words_missing())) {
        typed = typed.wrong("words", message);
    }
    let (Some(capacity), Some(kind), false) = (capacity, kind, typed.failed()) else {
        let typed = if step == Step::Change { typed.forgiven() } else { typed };
        return Ok(cx.page_with(step.status(), |t| customer::represent(t, cx.portal(), kind, &typed)));
    };
    if step == Step::Change {
        return Ok(cx.page(|t| customer::represent(t, cx.portal(), Some(kind), &typed)));
    }
    let check =
        |status, typed: &Typed| Ok(cx.page_with(status, |t| customer::represent_check(t, cx.portal(), kind, typed)));
    if step == Step::Check {
        return check(StatusCode::OK, &typed);
    }
    let evidence = match handed.files(t) {
        Ok(files) if !files.is_empty() => files,
        Ok(_) => {
            return check(StatusCode::UNPROCESSABLE_ENTITY, &typed.wrong("evidence", t.represent_evidence_missing()));
        }
        Err(message) => return check(StatusCode::UNPROCESSABLE_ENTITY, &typed.wrong("evidence", message)),
    };
    let asked = ForAnother { kind, capacity, subject: &subject, wish: &wish, extent: &extent, evidence: &evidence };
    let request = cx.portal().file_for_another(&permit, &cx.actor, &asked, cx.lang).await?;
    Ok(Redirect::to(&format!("{}?filed", paths::request(&request.number))).into_response())
}

/// The copy an officer agreed to, after a fresh code.
pub(super) async fn copy(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let number = number(&text)?;
    let handed = or_see(&number, cx.portal().take_agreed(&permit, &cx.actor, &number).await)?;
    Ok(handed_out(cx.shared_portal(), handed))
}

/// What an officer agreed to, once more: nothing of it is here.
pub(super) async fn prepare(cx: Cx, Path(text): Path<String>) -> Result<Response, Failure> {
    let permit = cx.actor.own_fresh()?;
    let number = number(&text)?;
    or_see(&number, cx.portal().prepare_agreed_again(&permit, &cx.actor, &number).await)?;
    Ok(Redirect::to(&paths::request(&number)).into_response())
}

pub(super) async fn my_file(cx: Cx, Path((text, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let permit = cx.actor.own()?;
    Ok(file_out(&cx.portal().my_file(&permit, &number(&text)?, file_id(&id)?).await?))
}

pub(super) async fn case_file(cx: Cx, Path((text, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let permit = cx.actor.read_requests()?;
    Ok(file_out(&cx.portal().case_file(&permit, &cx.actor, &number(&text)?, file_id(&id)?).await?))
}

fn file_id(text: &str) -> Result<FileId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// Saved, never shown by the browser as a page of ours. The name may be anything: RFC 6266 and 5987.
pub(super) fn file_out(opened: &Opened) -> Response {
    let name = opened.filed.name.reveal();
    let mut encoded = String::new();
    for byte in name.bytes() {
        let _ = write!(encoded, "%{byte:02X}");
    }
    let ending = opened.filed.media.ending();
    let disposition = format!("attachment; filename=\"file.{ending}\"; filename*=UTF-8''{encoded}");
    let headers =
        [(header::CONTENT_TYPE, opened.filed.media.mime().to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, opened.content.reveal().to_vec()).into_response()
}

//! For a person the program has itself signed in: see, copy, correct, delete, withdraw, and follow a request. Who it
//! is stands in the body, never in an address.

use std::collections::BTreeSet;

use app::text::Text;
use axum::{Json, extract::Path, http::StatusCode, response::Response};
use domain::{
    Personal,
    actor::{Actor, Freshness},
    consent,
    formats::Malformed,
    request::{Handling, RequestKind},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::requests::{Cancelled, Corrected, Correcting, Message, Proof, Refused, Wish};
use store::{own::Earlier, requests::Request};
use utoipa::ToSchema;

use crate::copy::stream;

use super::{
    ask::{Ask, Language, Subject, kinds, number, words},
    caller::Caller,
    deletion::{DeletionView, chosen},
    files::FileIn,
    officers::{kind, limit},
    problem::{Kind, Problem, Problems},
    records::RecordsView,
    view::{FollowedView, RequestView, RequestsView},
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Who {
    pub(super) subject: Subject,
    #[serde(default)]
    pub(super) lang: Language,
}

/// How much of each value is shown.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Shown {
    #[default]
    Masked,
    /// Needs a fresh proof, and is entered in the audit log.
    InFull,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Look {
    subject: Subject,
    #[serde(default)]
    values: Shown,
    #[serde(default)]
    lang: Language,
}

pub(super) fn actor(caller: &Caller, subject: &Subject) -> Result<Actor, Problem> {
    Ok(caller.acting_for(subject.customer(caller.portal.clock.now())?))
}

/// Everything held about them, with purposes, recipients and the day each record goes.
#[utoipa::path(post, path = "/subjects/records", tag = "subjects", request_body = Look,
    responses((status = 200, body = RecordsView), Problems))]
pub(super) async fn records(caller: Caller, Ask(look): Ask<Look>) -> Result<Json<RecordsView>, Problem> {
    let actor = actor(&caller, &look.subject)?;
    let held = match look.values {
        Shown::Masked => caller.portal.mine(&actor.own()?).await?,
        Shown::InFull => caller.portal.mine_revealed(&actor.own_fresh()?, &actor).await?,
    };
    Ok(Json(RecordsView::of(&held, &caller.portal.map, look.lang.into())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Deleting {
    subject: Subject,
    /// Of which tables; all unless told. What can only be found through one of them goes along.
    #[schema(min_items = 1, max_items = 1000)]
    tables: Option<Vec<String>>,
    /// Instead of tables: the token of a record from `/subjects/records` that is `deletable`. It alone goes, with what is found
    /// through it and nothing else; `not_found` where it is not theirs or not there any more.
    record: Option<String>,
    #[serde(default)]
    lang: Language,
}

/// What a deletion would do today. Nothing is changed.
#[utoipa::path(post, path = "/subjects/deletion-preview", tag = "subjects", request_body = Deleting,
    responses((status = 200, body = DeletionView), Problems))]
pub(super) async fn deletion_preview(caller: Caller, Ask(who): Ask<Deleting>) -> Result<Json<DeletionView>, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let permit = actor.own()?;
    let chosen = chosen(&caller, &permit, who.record.as_deref(), who.tables.as_deref()).await?;
    let deletion = caller.portal.preview_deletion(&permit, &chosen).await?;
    Ok(Json(DeletionView::of(&deletion, &caller.portal.map, who.lang.into())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    subject: Subject,
    /// The `next` of the page before.
    after: Option<String>,
    /// 50 unless told.
    #[schema(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// Their requests, newest first: those about them, and those they have filed for somebody else.
#[utoipa::path(post, path = "/subjects/requests/list", tag = "subjects", request_body = List,
    responses((status = 200, body = RequestsView), Problems))]
pub(super) async fn requests(caller: Caller, Ask(list): Ask<List>) -> Result<Json<RequestsView>, Problem> {
    let actor = actor(&caller, &list.subject)?;
    let limit = limit(list.limit)?;
    let wrong = || Problem::malformed("after: send the next of the page before");
    let after = list.after.as_deref().map(|text| Earlier::parse(text).ok_or_else(wrong)).transpose()?;
    let mine = caller.portal.my_requests(&actor.own()?, after.as_ref(), limit).await?;
    Ok(Json(RequestsView {
        requests: mine.requests.iter().map(RequestView::from).collect(),
        next: mine.next.map(|next| next.to_string()),
    }))
}

/// One of them, with its history.
#[utoipa::path(post, path = "/subjects/requests/{number}", tag = "subjects", params(("number" = String, Path)),
    request_body = Who, responses((status = 200, body = FollowedView), Problems))]
pub(super) async fn request(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<Json<FollowedView>, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let followed = caller.portal.my_request(&actor.own()?, &number(&text)?).await?;
    Ok(Json(FollowedView::of(&followed, &caller.portal, who.lang.into())))
}

/// A copy of everything as one archive (HTML, CSV, JSON, a PDF summary in builds that set one, a manifest with checksums),
/// written while it is read; `/subjects/copies` has one prepared first. Needs a fresh proof; the person is told. While an erasure of theirs is carried out there is
/// none, and the answer is `too_late`.
#[utoipa::path(post, path = "/subjects/copy", tag = "subjects", request_body = Who,
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), Problems))]
pub(super) async fn copy(caller: Caller, Ask(who): Ask<Who>) -> Result<Response, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let permit = actor.own_fresh()?;
    let Ok(turn) = caller.app.copies.clone().try_acquire_owned() else { return Err(Kind::Busy.into()) };
    caller.portal.begin_copy(&permit, &actor, who.lang.into()).await?;
    // It is read for as long as it takes.
    Ok(stream(caller.app.live.current(), Text::of(who.lang.into()), permit.into(), turn))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Filing {
    subject: Subject,
    /// Any but `CORRECT` and `COPY`, which have addresses of their own.
    #[schema(schema_with = kinds)]
    kind: String,
    /// What `RESTRICT`, `OBJECT`, `LIFT`, `EXPLAIN_DECISION`, `REFUSE_DECISION` and `WITHDRAW` are about: the name of a purpose
    /// or of an automated decision in the data map.
    about: Option<String>,
    /// Of a purpose that is restricted, objected to or lifted: only what is agreed to on its own for it.
    cover: Option<Cover>,
    /// Of `DELETE`: of which tables; all unless told. What can only be found through one of them goes along.
    #[schema(min_items = 1, max_items = 1000)]
    tables: Option<Vec<String>>,
    /// Of `DELETE`, instead of tables: the token of the one record that is to go, from `/subjects/records`.
    record: Option<String>,
    /// For what is asked in words; `RESTRICT`, `OBJECT` and `LIFT` need none.
    #[schema(min_length = 1, max_length = 2000)]
    words: Option<String>,
    /// What goes with the words, where it is asked in words alone.
    #[schema(max_items = 5)]
    #[serde(default)]
    files: Vec<FileIn>,
    #[serde(default)]
    lang: Language,
}

/// Files a request. `DELETE`, `CANCEL_ACCOUNT`, `RESTRICT`, `OBJECT` and `LIFT` need a fresh proof. `CANCEL_ACCOUNT` is
/// answered `no_account` where the data map says what an account is and they have none, and `blocked` while something
/// of theirs has to be settled first.
#[utoipa::path(post, path = "/subjects/requests", tag = "subjects", request_body = Filing,
    responses((status = 201, body = RequestView), Problems))]
pub(super) async fn file(caller: Caller, Ask(filing): Ask<Filing>) -> Result<(StatusCode, Json<RequestView>), Problem> {
    let actor = actor(&caller, &filing.subject)?;
    let request = filed(&caller, &actor, kind(&filing.kind)?, filing).await?;
    Ok((StatusCode::CREATED, Json((&request).into())))
}

async fn filed(caller: &Caller, actor: &Actor, kind: RequestKind, filing: Filing) -> Result<Request, Problem> {
    let (portal, lang) = (&caller.portal, filing.lang.into());
    if (filing.tables.is_some() || filing.record.is_some()) && kind != RequestKind::Delete {
        return Err(Problem::malformed("tables, record: only DELETE is of some"));
    }
    if !filing.files.is_empty() && kind.handling() != Handling::Answer {
        return Err(Problem::malformed("files: with what is asked in words alone"));
    }
    match kind {
        RequestKind::Delete => {
            let permit = actor.own_fresh()?;
            let chosen = chosen(caller, permit.own(), filing.record.as_deref(), filing.tables.as_deref()).await?;
            Ok(portal.file_deletion(&permit, actor, &chosen, lang).await?)
        }
        RequestKind::CancelAccount => match portal.file_cancellation(&actor.own_fresh()?, actor, lang).await? {
            Cancelled::Filed(request) => Ok(*request),
            Cancelled::Blocked => Err(Kind::Blocked.into()),
            Cancelled::NoAccount(_) => Err(Kind::NoAccount.into()),
        },
        RequestKind::Withdraw => {
            let purpose = filing.about.as_deref().ok_or_else(|| Problem::malformed("about: the purpose"))?;
            Ok(portal.file_withdrawal(&actor.own()?, actor, purpose, lang).await?)
        }
        RequestKind::Correct | RequestKind::Copy => Err(Problem::malformed("kind: has an address of its own")),
        RequestKind::Restrict | RequestKind::Object | RequestKind::Lift => {
            let cover = filing.cover.map_or(consent::Cover::Purpose, Into::into);
            let words = filing.words.as_deref().map(words).transpose()?;
            let words = words.map(|words| words.reveal().to_owned()).unwrap_or_default();
            let wish = Wish { about: filing.about.clone(), cover, words, origin: service::requests::Origin::Asked };
            if !portal.may_be_about(kind, &wish) {
                return Err(Problem::malformed("about: not what a request of this kind can be about"));
            }
            Ok(portal.file_restriction(&actor.own_fresh()?, actor, kind, &wish, lang).await?)
        }
        RequestKind::Complete
        | RequestKind::Transfer
        | RequestKind::ExplainRules
        | RequestKind::ExplainDecision
        | RequestKind::RefuseDecision
        | RequestKind::Complaint => {
            let files = FileIn::all(filing.files)?;
            let words = words(filing.words.as_deref().unwrap_or_default())?;
            let wish = Wish {
                about: filing.about.clone(),
                cover: consent::Cover::Purpose,
                words: words.reveal().to_owned(),
                origin: service::requests::Origin::Asked,
            };
            if !portal.may_be_about(kind, &wish) {
                return Err(Problem::malformed("about: not what a request of this kind can be about"));
            }
            Ok(portal.file_wish(&actor.own()?, actor, kind, &wish, &files, lang).await?)
        }
    }
}

/// What one word of separate consent covers.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cover {
    Sensitive,
    Provision,
    Abroad,
}

impl From<Cover> for consent::Cover {
    fn from(cover: Cover) -> Self {
        match cover {
            Cover::Sensitive => Self::Sensitive,
            Cover::Provision => Self::Provision,
            Cover::Abroad => Self::Abroad,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Correction {
    subject: Subject,
    /// Of the record, from `/subjects/records`.
    record: String,
    column: String,
    #[schema(min_length = 1, max_length = 2000)]
    value: String,
    /// What shows that it is so; needed where an officer reviews it.
    #[schema(max_length = 1000)]
    evidence: Option<String>,
    /// Pictures or documents that show it.
    #[schema(max_items = 5)]
    #[serde(default)]
    files: Vec<FileIn>,
    /// Of a mobile number or an e-mail address by which the record is found: when the program last had them prove the new one.
    /// Needed within ten minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    value_proven_at: Option<Timestamp>,
    #[serde(default)]
    lang: Language,
}

/// Corrects a value, at once or after review, as the data map says. A number or an address by which the record is found is
/// answered `not_proven` unless `value_proven_at` says that it is theirs.
#[utoipa::path(post, path = "/subjects/corrections", tag = "subjects", request_body = Correction,
    responses((status = 201, body = RequestView), Problems))]
pub(super) async fn correct(
    caller: Caller,
    Ask(correction): Ask<Correction>,
) -> Result<(StatusCode, Json<RequestView>), Problem> {
    let actor = actor(&caller, &correction.subject)?;
    let (permit, portal) = (actor.own()?, &caller.portal);
    let form = portal.correction_form(&permit, &correction.record, &correction.column).await?;
    let value = words(&correction.value)?;
    let evidence = correction.evidence.as_deref().map(Personal::new);
    let proven = correction.value_proven_at.filter(|at| Freshness::of(*at, portal.clock.now()) == Freshness::Fresh);
    let proof = proven.map_or(Proof::None, |at| Proof::Program { at });
    let files = FileIn::all(correction.files)?;
    let asked = Correcting { after: &value, evidence: evidence.as_ref(), files: &files, proof };
    match portal.file_correction(&permit, &actor, &form, &asked, correction.lang.into()).await? {
        Corrected::Filed(request) => Ok((StatusCode::CREATED, Json((&request).into()))),
        Corrected::Refused(why) => Err(refused(why)),
        // A code is asked for on the pages only.
        Corrected::Unproven(_) | Corrected::WrongCode(_) => Err(Kind::NotProven.into()),
    }
}

/// Why values are not taken.
pub(super) fn refused(why: impl IntoIterator<Item = Refused>) -> Problem {
    let said: BTreeSet<&str> = why.into_iter().map(in_words).collect();
    Problem::refused(said.into_iter().collect::<Vec<_>>().join("; "))
}

const fn in_words(why: Refused) -> &'static str {
    match why {
        Refused::Value(Malformed::NotListed) => "value: not one of the choices of this field",
        Refused::Value(
            Malformed::Empty | Malformed::TooLong { .. } | Malformed::NotA(_) | Malformed::ControlCharacter,
        ) => "value: not of the kind this field holds",
        Refused::Same => "value: it is so already",
        Refused::TwoValues => "values: two for one place",
        Refused::EvidenceMissing => "evidence: needed where an officer reviews it",
        Refused::EvidenceTooLong { .. } => "evidence: more than 1,000 characters",
    }
}

/// Takes a request back, while nothing has run.
#[utoipa::path(post, path = "/subjects/requests/{number}/cancel", tag = "subjects",
    params(("number" = String, Path)), request_body = Who, responses((status = 204), Problems))]
pub(super) async fn cancel(
    caller: Caller,
    Path(text): Path<String>,
    Ask(who): Ask<Who>,
) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &who.subject)?;
    caller.portal.cancel(&actor.own()?, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops a copy or a transfer that was agreed to and has not been handed out.
#[utoipa::path(post, path = "/subjects/requests/{number}/stop", tag = "subjects",
    params(("number" = String, Path)), request_body = Who, responses((status = 204), Problems))]
pub(super) async fn stop(caller: Caller, Path(text): Path<String>, Ask(who): Ask<Who>) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &who.subject)?;
    caller.portal.stop_handing_out(&actor.own()?, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    subject: Subject,
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
    #[schema(max_items = 5)]
    #[serde(default)]
    files: Vec<FileIn>,
}

/// Answers an officer's question. Where somebody asks for somebody else, only the side it was put to can.
#[utoipa::path(post, path = "/subjects/requests/{number}/answer", tag = "subjects",
    params(("number" = String, Path)), request_body = Answer, responses((status = 204), Problems))]
pub(super) async fn answer(
    caller: Caller,
    Path(text): Path<String>,
    Ask(answer): Ask<Answer>,
) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &answer.subject)?;
    let (words, files) = (words(&answer.words)?, FileIn::all(answer.files)?);
    let message = Message { words: &words, files: &files };
    caller.portal.answer(&actor.own()?, &actor, &number(&text)?, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
pub(super) struct HandOver {
    /// Open it in the person's browser or web-view; it works once.
    url: String,
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Hands them over: an address at which they arrive signed in, good once and for two minutes. Nothing of who they are
/// stands in it.
#[utoipa::path(post, path = "/subjects/hand-over", tag = "subjects", request_body = Who,
    responses((status = 201, body = HandOver), Problems))]
pub(super) async fn hand_over(caller: Caller, Ask(who): Ask<Who>) -> Result<(StatusCode, Json<HandOver>), Problem> {
    let now = caller.portal.clock.now();
    let customer = who.subject.customer(now)?;
    let actor = caller.acting_for(customer.clone());
    let secret = caller.portal.hand_over(&actor, &customer, who.subject.proven_at()).await?;
    let url = format!("{}{}", caller.app.public_url, app::paths::arrive(secret.reveal()));
    Ok((StatusCode::CREATED, Json(HandOver { url, until: now + store::handovers::WORKS_FOR })))
}

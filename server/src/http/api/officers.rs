//! The officers' desk for programs: the queue, a case, and every decision.

use std::cmp::Reverse;

use axum::{Json, extract::Path, http::StatusCode};
use domain::{
    Identifier, Personal,
    calendar::Receipt,
    map::Column,
    request::{Channel, RefusalCode, RequestKind},
};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use service::requests::{NewValue, Wanted, Wish, WorkedOut, WrittenDown, may_be_of_some};
use utoipa::ToSchema;

use super::{
    ask::{Ask, Language, Subject, channels, kinds, number, refusal_codes, words},
    caller::Caller,
    deletion::extent,
    files::FileIn,
    problem::{Problem, Problems},
    records::RecordsView,
    subjects::refused,
    view::{CaseView, OfficerView, QueueView, RequestView, RowView, YearView},
};

const MOST: u64 = 100;

/// How many of a list.
pub(super) fn limit(asked: Option<u64>) -> Result<u64, Problem> {
    let limit = asked.unwrap_or(50);
    if (1..=MOST).contains(&limit) { Ok(limit) } else { Err(Problem::malformed("limit: 1 to 100")) }
}

pub(super) fn kind(text: &str) -> Result<RequestKind, Problem> {
    RequestKind::parse(text).ok_or_else(|| Problem::malformed("kind: no such kind of request"))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    subject: Subject,
}

/// All requests about a person, newest first. The look is entered in the audit log.
#[utoipa::path(post, path = "/requests/search", tag = "requests", request_body = Search,
    responses((status = 200, body = QueueView), Problems))]
pub(super) async fn search(caller: Caller, Ask(search): Ask<Search>) -> Result<Json<QueueView>, Problem> {
    let actor = caller.actor();
    let permit = actor.read_requests()?;
    let mut found = Vec::new();
    for identifier in search.subject.identifiers()? {
        found.extend(caller.portal.find_requests(&permit, &actor, &Wanted::Person(identifier)).await?);
    }
    // What was filed with both identifiers is found by each.
    found.sort_by_key(|row| Reverse((row.request.received_at, row.request.id)));
    found.dedup_by_key(|row| row.request.id);
    Ok(Json(QueueView { requests: found.iter().map(RowView::from).collect(), next: None }))
}

/// A case. The look is entered in the audit log, and the person sees that there was one.
#[utoipa::path(get, path = "/requests/{number}", tag = "requests", params(("number" = String, Path)),
    responses((status = 200, body = CaseView), Problems))]
pub(super) async fn case(caller: Caller, Path(text): Path<String>) -> Result<Json<CaseView>, Problem> {
    let actor = caller.actor();
    let permit = actor.read_requests()?;
    let case = caller.portal.case(&permit, &actor, &number(&text)?).await?;
    Ok(Json(CaseView::of(&case, &caller.portal, case.followed.request.lang)))
}

/// A year in numbers.
#[utoipa::path(get, path = "/statistics/{year}", tag = "requests",
    params(("year" = i16, Path, minimum = 2000, maximum = 2999)),
    responses((status = 200, body = YearView), Problems))]
pub(super) async fn statistics(
    caller: Caller,
    year: Result<Path<i16>, axum::extract::rejection::PathRejection>,
) -> Result<Json<YearView>, Problem> {
    let permit = caller.actor().read_requests()?;
    let Ok(Path(year)) = year else { return Err(Problem::malformed("year: 2000 to 2999")) };
    if !(2000..=2999).contains(&year) {
        return Err(Problem::malformed("year: 2000 to 2999"));
    }
    let year = caller.portal.statistics(&permit, year).await?;
    Ok(Json(YearView {
        all: (&year.all).into(),
        by_kind: year.by_kind.iter().map(|(kind, tally)| (kind.as_str().to_owned(), tally.into())).collect(),
        by_month: year.by_month.iter().map(Into::into).collect(),
        refusals: year.refusals.iter().map(|(code, times)| (code.as_str().to_owned(), *times)).collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRequest {
    subject: Subject,
    /// Any but `LIFT`, which is the person's own.
    #[schema(schema_with = kinds)]
    kind: String,
    /// The purpose that `RESTRICT` and `OBJECT` are about, if it was named; `purpose:part` for what is agreed to on its own.
    /// The automated decision that `EXPLAIN_DECISION` and `REFUSE_DECISION` are about, if it was named. Of `WITHDRAW` always: the
    /// purpose whose consent is withdrawn.
    about: Option<String>,
    /// Of `DELETE` and `COPY`: of which tables; all unless told. What can only be found through one of them is deleted with
    /// it.
    #[schema(min_items = 1, max_items = 1000)]
    tables: Option<Vec<String>>,
    /// How it came in: `phone`, `letter` or `counter`.
    #[schema(schema_with = channels)]
    channel: String,
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
    /// The day in China on which it was received, from which the time to answer runs: today unless told, 30 days back at
    /// most.
    #[schema(value_type = Option<String>, format = Date)]
    received_on: Option<Date>,
    /// Scans of what they wrote or brought. People look at them, on the pages.
    #[schema(max_items = 5)]
    #[serde(default)]
    evidence: Vec<FileIn>,
    #[serde(default)]
    lang: Language,
}

/// Writes down what somebody said by telephone, letter or in person. Another has to decide it. `CANCEL_ACCOUNT` is answered
/// `no_account` where there is none to close, and `blocked` while something of theirs has to be settled first.
#[utoipa::path(post, path = "/requests", tag = "requests", request_body = NewRequest,
    responses((status = 201, body = RequestView), Problems))]
pub(super) async fn write_down(
    caller: Caller,
    Ask(new): Ask<NewRequest>,
) -> Result<(StatusCode, Json<RequestView>), Problem> {
    let actor = caller.actor();
    let permit = actor.decide()?;
    let channel =
        Channel::parse(&new.channel).ok_or_else(|| Problem::malformed("channel: phone, letter or counter"))?;
    let subject: Vec<Identifier> = new.subject.identifiers()?;
    let (kind, words) = (kind(&new.kind)?, words(&new.words)?);
    let wish = Wish::new(words.reveal()).about(new.about.as_deref().unwrap_or_default());
    let may_be_about = caller.portal.can_be_asked(kind, &wish);
    if !may_be_about && (wish.about.is_some() || kind == RequestKind::Withdraw) {
        return Err(Problem::malformed("about: not what a request of this kind can be about"));
    }
    if new.tables.is_some() && !may_be_of_some(kind) {
        return Err(Problem::malformed("tables: of a deletion or a copy only"));
    }
    let extent = extent(&caller, new.tables.as_deref())?;
    let today = caller.portal.clock.today();
    let received = new.received_on.map(|day| Receipt::on(day, today)).transpose();
    let received = received.map_err(|_| Problem::malformed("received_on: today or at most 30 days before"))?;
    let received = received.unwrap_or_default();
    let evidence = FileIn::all(new.evidence)?;
    let asked =
        WrittenDown { kind, channel, subject: &subject, wish: &wish, extent: &extent, received, evidence: &evidence };
    let request = caller.portal.write_down(&permit, &actor, &asked, new.lang.into()).await?;
    Ok((StatusCode::CREATED, Json((&request).into())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InWords {
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Approval {
    /// Of the plan that was read.
    pub(super) plan: String,
    /// `to_heed` of the request, where it has one: that it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    pub(super) heeded: Option<Timestamp>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusal {
    /// It must fit the kind.
    #[schema(schema_with = refusal_codes)]
    code: String,
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

/// Takes it over.
#[utoipa::path(post, path = "/requests/{number}/take", tag = "requests", params(("number" = String, Path)),
    responses((status = 204), Problems))]
pub(super) async fn take(caller: Caller, Path(text): Path<String>) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.take_over(&actor.decide()?, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives it back to everybody.
#[utoipa::path(post, path = "/requests/{number}/give-back", tag = "requests", params(("number" = String, Path)),
    responses((status = 204), Problems))]
pub(super) async fn give_back(caller: Caller, Path(text): Path<String>) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.give_back(&actor.decide()?, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who a request may be passed on to: officers who have signed in once.
#[utoipa::path(get, path = "/officers", tag = "requests", responses((status = 200, body = Vec<OfficerView>), Problems))]
pub(super) async fn officers(caller: Caller) -> Result<Json<Vec<OfficerView>>, Problem> {
    let permit = caller.actor().read_requests()?;
    let officers = caller.portal.colleagues(&permit).await?;
    Ok(Json(officers.into_iter().map(OfficerView::from).collect()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PassingOn {
    /// The id of an officer, from `/officers`.
    to: String,
    /// Why, and what they should know; only staff read it.
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

/// Passes on to an officer what the program has taken, or nobody has.
#[utoipa::path(post, path = "/requests/{number}/pass-on", tag = "requests", params(("number" = String, Path)),
    request_body = PassingOn, responses((status = 204), Problems))]
pub(super) async fn pass_on(
    caller: Caller,
    Path(text): Path<String>,
    Ask(passing): Ask<PassingOn>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let (permit, why) = (actor.decide()?, words(&passing.words)?);
    let to = passing.to.parse().map_err(|_| Problem::malformed("to: the id of an officer"))?;
    let number = number(&text)?;
    caller.portal.pass_on_now(&permit, &actor, &number, to, &why).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A note for officers; the person never sees it.
#[utoipa::path(post, path = "/requests/{number}/notes", tag = "requests", params(("number" = String, Path)),
    request_body = InWords, responses((status = 204), Problems))]
pub(super) async fn note(
    caller: Caller,
    Path(text): Path<String>,
    Ask(note): Ask<InWords>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.note(&actor.decide()?, &actor, &number(&text)?, &words(&note.words)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is held of the person whose correction somebody else asked for, masked: from it an officer works out what is to be
/// corrected. The look is entered in the audit log.
#[utoipa::path(get, path = "/requests/{number}/records", tag = "requests", params(("number" = String, Path)),
    responses((status = 200, body = RecordsView), Problems))]
pub(super) async fn records(caller: Caller, Path(text): Path<String>) -> Result<Json<RecordsView>, Problem> {
    let actor = caller.actor();
    let to = caller.portal.to_work_out(&actor.decide()?, &actor, &number(&text)?).await?;
    Ok(Json(RecordsView::of(&to.held, &caller.portal.map, to.request.lang)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WorkingOut {
    #[schema(min_items = 1, max_items = 100)]
    values: Vec<ValueThen>,
}

/// A value of a record, as it should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueThen {
    /// Of a record from `/requests/{number}/records`.
    token: String,
    column: String,
    #[schema(min_length = 1)]
    after: String,
}

/// Says in values what somebody asked for another in words. Whoever does it cannot approve it.
#[utoipa::path(post, path = "/requests/{number}/records", tag = "requests", params(("number" = String, Path)),
    request_body = WorkingOut, responses((status = 204), Problems))]
pub(super) async fn work_out(
    caller: Caller,
    Path(text): Path<String>,
    Ask(working): Ask<WorkingOut>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    if working.values.is_empty() || working.values.len() > 100 {
        return Err(Problem::malformed("values: 1 to 100"));
    }
    let value = |value: ValueThen| NewValue {
        token: value.token,
        column: Column(value.column),
        after: Personal::new(value.after),
    };
    let values: Vec<NewValue> = working.values.into_iter().map(value).collect();
    match caller.portal.work_out(&actor.decide()?, &actor, &number(&text)?, &values).await? {
        WorkedOut::Frozen => Ok(StatusCode::NO_CONTENT),
        WorkedOut::Refused(why) => Err(refused(why.into_iter().map(|(_, why)| why))),
    }
}

/// Refuses, with a code that has a statute, and words.
#[utoipa::path(post, path = "/requests/{number}/refuse", tag = "requests", params(("number" = String, Path)),
    request_body = Refusal, responses((status = 204), Problems))]
pub(super) async fn refuse(
    caller: Caller,
    Path(text): Path<String>,
    Ask(refusal): Ask<Refusal>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let permit = actor.decide()?;
    let code = RefusalCode::parse(&refusal.code).ok_or_else(|| Problem::malformed("code: no such code"))?;
    caller.portal.refuse(&permit, &actor, &number(&text)?, code, &words(&refusal.words)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes the plan of an open erasure anew, from the data as it is now.
#[utoipa::path(post, path = "/requests/{number}/plan", tag = "requests", params(("number" = String, Path)),
    responses((status = 204), Problems))]
pub(super) async fn plan(caller: Caller, Path(text): Path<String>) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.plan_anew(&actor.decide()?, &actor, &number(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Approves this plan and no other; it is carried out at once, or waits for a second approval. Closing an account is answered
/// `blocked` or `no_account` as when it was asked, and carried out after `kept_until`, from what is there by then.
#[utoipa::path(post, path = "/requests/{number}/approve", tag = "requests", params(("number" = String, Path)),
    request_body = Approval, responses((status = 204), Problems))]
pub(super) async fn approve(
    caller: Caller,
    Path(text): Path<String>,
    Ask(approval): Ask<Approval>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.approve(&actor.decide()?, &actor, &number(&text)?, &approval.plan, approval.heeded).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! What rests on somebody's consent, what they said of it, and how each use of what is held about them stands.

use axum::{Json, http::StatusCode};
use domain::{Lang, consent, said::Said};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::{
    policy::Reconsent,
    requests::{Consent, GoesOnBy, InUse, Use},
};
use store::requests::Request;
use utoipa::ToSchema;

use super::{
    ask::{Ask, Language, Subject},
    caller::Caller,
    problem::{Problem, Problems},
    subjects::{Cover, Who, actor},
};

/// What rests on somebody's consent.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentView {
    purpose: String,
    /// Their last word; absent where it was given elsewhere.
    last: Option<SaidView>,
    /// What the law wants agreed to on its own.
    separate: Vec<SeparateView>,
    /// What goes when it is withdrawn.
    goes: Vec<String>,
    /// Something has changed that they have not answered yet: until they do, what they said before does not cover it.
    asked_again: bool,
    /// What has changed, in sentences; where they are asked again.
    changes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct SeparateView {
    /// `sensitive`, `provision` or `abroad`.
    cover: String,
    last: Option<SaidView>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct SaidView {
    /// `agreed`, `refused` or `withdrawn`.
    answer: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `portal` or `program`; where somebody else said it, `agent`, `guardian` or `near_relative`; where staff wrote it down,
    /// `phone`, `letter` or `counter`.
    how: String,
    /// The version of the policy it was about.
    version: String,
}

impl From<&Said> for SaidView {
    fn from(said: &Said) -> Self {
        Self {
            answer: said.answer.as_str().to_owned(),
            at: said.at,
            how: said.how.as_str().to_owned(),
            version: said.version.to_string(),
        }
    }
}

impl ConsentView {
    /// `open` is what is asked again.
    fn of(consent: &Consent, open: &[Reconsent], lang: Lang) -> Self {
        let open = open.iter().find(|open| open.purpose == consent.purpose);
        let changes = open.iter().flat_map(|open| &open.changes);
        let separate = |(cover, said): &(consent::Cover, Option<Said>)| SeparateView {
            cover: cover.as_str().to_owned(),
            last: said.as_ref().map(Into::into),
        };
        Self {
            purpose: consent.purpose.clone(),
            last: consent.last.as_ref().map(Into::into),
            separate: consent.separate.iter().map(separate).collect(),
            goes: consent.goes.iter().map(ToString::to_string).collect(),
            asked_again: open.is_some(),
            changes: changes.map(|change| change.say(lang)).collect(),
        }
    }
}

/// What rests on their consent.
#[utoipa::path(post, path = "/subjects/consents", tag = "subjects", request_body = Who,
    responses((status = 200, body = Vec<ConsentView>), Problems))]
pub(super) async fn consents(caller: Caller, Ask(who): Ask<Who>) -> Result<Json<Vec<ConsentView>>, Problem> {
    let (actor, lang) = (actor(&caller, &who.subject)?, who.lang.into());
    let permit = actor.own()?;
    let consents = caller.portal.consents(&permit).await?;
    let open = caller.portal.reconsents(&permit).await?;
    Ok(Json(consents.iter().map(|consent| ConsentView::of(consent, &open, lang)).collect()))
}

/// Something they said about a consent.
#[derive(Serialize, ToSchema)]
pub(super) struct WordView {
    purpose: String,
    /// `purpose`, or what is agreed to on its own for it: `sensitive`, `provision`, `abroad`.
    cover: String,
    #[serde(flatten)]
    said: SaidView,
}

/// All that they have said about consents, their last word first.
#[utoipa::path(post, path = "/subjects/consents/history", tag = "subjects", request_body = Who,
    responses((status = 200, body = Vec<WordView>), Problems))]
pub(super) async fn history(caller: Caller, Ask(who): Ask<Who>) -> Result<Json<Vec<WordView>>, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let said = caller.portal.consent_history(&actor.own()?).await?;
    let word = |said: &Said| WordView {
        purpose: said.purpose.clone(),
        cover: said.cover.as_str().to_owned(),
        said: said.into(),
    };
    Ok(Json(said.iter().map(word).collect()))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Agreement {
    subject: Subject,
    /// A purpose of the data map that rests on consent.
    purpose: String,
    /// What was agreed to on its own: `sensitive`, `provision`, `abroad`. What is needed and left out was refused.
    #[serde(default)]
    separate: Vec<Cover>,
    #[serde(default)]
    lang: Language,
}

/// Writes down that they agreed in the program, under the version of the policy in force. Withdrawing is a request.
#[utoipa::path(post, path = "/subjects/consents/given", tag = "subjects", request_body = Agreement,
    responses((status = 204), Problems))]
pub(super) async fn agree(caller: Caller, Ask(agreement): Ask<Agreement>) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &agreement.subject)?;
    let separate: Vec<consent::Cover> = agreement.separate.iter().copied().map(Into::into).collect();
    caller.portal.give_consent(&actor.own()?, &actor, &agreement.purpose, &separate, agreement.lang.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refusing {
    subject: Subject,
    /// A purpose that is `asked_again`.
    purpose: String,
    #[serde(default)]
    lang: Language,
}

/// Writes down that they said no in the program to a purpose that is asked again: what they had agreed to is stopped.
/// `not_found` where it is not asked; withdrawing is a request.
#[utoipa::path(post, path = "/subjects/consents/refused", tag = "subjects", request_body = Refusing,
    responses((status = 204), Problems))]
pub(super) async fn refuse(caller: Caller, Ask(refusing): Ask<Refusing>) -> Result<StatusCode, Problem> {
    let actor = actor(&caller, &refusing.subject)?;
    caller.portal.refuse_again(&actor.own()?, &actor, &refusing.purpose, refusing.lang.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a use of what is held about them stands.
#[derive(Serialize, ToSchema)]
pub(super) struct UseView {
    /// A purpose of the data map.
    purpose: String,
    /// `purpose`, or what of it is agreed to on its own.
    cover: String,
    /// `goes_on`; `stopping` or `going_on`: they have said so, and it is on its way; `stopped`; `answered`: an officer has
    /// written what was done; `not_agreed`: they were asked and did not agree; `unknown`: a database does not answer.
    standing: &'static str,
    /// The number of the request by which.
    by: Option<String>,
    /// What lets it go on where it is stopped: `LIFT`, a request; `consent`; or nothing, where nothing of theirs is kept.
    again: Option<&'static str>,
    /// The number of an undecided request by which somebody else wants it stopped, or to go on, for them.
    asked_for: Option<String>,
}

impl From<&Use> for UseView {
    fn from(of: &Use) -> Self {
        let number = |request: &Request| request.number.to_string();
        let (standing, by, again) = match &of.standing {
            InUse::NotStopped => ("goes_on", None, None),
            InUse::Stopping { by } => ("stopping", Some(by), None),
            InUse::Stopped { by, again } => (
                "stopped",
                by.as_ref(),
                match again {
                    GoesOnBy::Lifting => Some("LIFT"),
                    GoesOnBy::Consent => Some("consent"),
                    GoesOnBy::Nothing => None,
                },
            ),
            InUse::GoingOn { by } => ("going_on", Some(by), None),
            InUse::Answered { by } => ("answered", Some(by), None),
            InUse::NotAgreed => ("not_agreed", None, None),
            InUse::Unknown => ("unknown", None, None),
        };
        Self {
            purpose: of.purpose.clone(),
            cover: of.cover.as_str().to_owned(),
            standing,
            by: by.map(number),
            again,
            asked_for: of.asked_for.as_ref().map(number),
        }
    }
}

/// How each use of what is held about them stands: what can be restricted or objected to, and what is.
#[utoipa::path(post, path = "/subjects/uses", tag = "subjects", request_body = Who,
    responses((status = 200, body = Vec<UseView>), Problems))]
pub(super) async fn uses(caller: Caller, Ask(who): Ask<Who>) -> Result<Json<Vec<UseView>>, Problem> {
    let actor = actor(&caller, &who.subject)?;
    let uses = caller.portal.uses(&actor.own()?).await?;
    Ok(Json(uses.iter().map(Into::into).collect()))
}

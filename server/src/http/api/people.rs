//! Whom a request concerns: masked, and one value in full for a reason.

use axum::{Json, extract::Path};
use domain::{
    Lang,
    look::{Spot, Why},
    map::Column,
};
use serde::{Deserialize, Serialize};
use service::{
    ServiceError,
    requests::{Known, OfPerson},
};
use utoipa::ToSchema;

use super::{
    ask::{Ask, number},
    caller::Caller,
    changes::ReasonCode,
    problem::{Problem, Problems},
};

/// By what one of two people is reached, or what they are called.
#[derive(Serialize, ToSchema)]
struct ContactView {
    /// Names it where it is shown in full.
    token: String,
    /// Masked.
    value: String,
}

impl From<&OfPerson> for ContactView {
    fn from(of: &OfPerson) -> Self {
        Self { token: of.token.clone(), value: of.masked.clone() }
    }
}

/// One of the two.
#[derive(Serialize, ToSchema)]
struct PersonView {
    identifiers: Vec<ContactView>,
    names: Vec<NameView>,
    /// Databases that could not be looked at.
    missing: Vec<String>,
}

/// A name in the company's records.
#[derive(Serialize, ToSchema)]
struct NameView {
    #[serde(flatten)]
    name: ContactView,
    /// In which kinds of record it stands.
    of: Vec<String>,
}

impl PersonView {
    fn of(known: &Known, lang: Lang) -> Self {
        let name = |name: &service::requests::Name| NameView {
            name: (&name.name).into(),
            of: name.of.iter().map(|words| words.in_lang(lang).to_owned()).collect(),
        };
        Self {
            identifiers: known.identifiers.iter().map(Into::into).collect(),
            names: known.names.iter().map(name).collect(),
            missing: known.missing.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Whose data a request is about, and who asks where that is somebody else.
#[derive(Serialize, ToSchema)]
pub(super) struct PeopleView {
    subject: PersonView,
    asker: PersonView,
    /// How many files of evidence were handed in: people look at them, on the pages, and confirm there who asks.
    evidence: usize,
}

/// Whose data it is about and who asks, masked. The look is entered in the audit log.
#[utoipa::path(post, path = "/requests/{number}/people", tag = "requests", params(("number" = String, Path)),
    responses((status = 200, body = PeopleView), Problems))]
pub(super) async fn people(caller: Caller, Path(text): Path<String>) -> Result<Json<PeopleView>, Problem> {
    let (actor, number) = (caller.actor(), number(&text)?);
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    let people = caller.portal.compare(&permit, &actor, &number).await?;
    let lang = caller.lang_of(&reader, &number).await?;
    Ok(Json(PeopleView {
        subject: PersonView::of(&people.subject, lang),
        asker: PersonView::of(&people.asker, lang),
        evidence: people.evidence.len(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Showing {
    /// Of a record from `/requests/{number}/left-out`, or of somebody from `/requests/{number}/people`.
    token: String,
    /// Of a record: which of its values.
    column: Option<String>,
    reason: ReasonCode,
    /// The other reason. The person reads it; the audit log does not have it.
    #[schema(min_length = 1, max_length = 2000)]
    words: Option<String>,
}

/// One value, as it stands there.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownView {
    value: String,
}

/// One masked value in full, for a reason: of a record that a deletion would touch, or of who asks for whom. The look is
/// entered in the audit log, and the person reads it with its reason. `not_found` for what is not masked.
#[utoipa::path(post, path = "/requests/{number}/values", tag = "requests", params(("number" = String, Path)),
    request_body = Showing, responses((status = 200, body = ShownView), Problems))]
pub(super) async fn value(
    caller: Caller,
    Path(text): Path<String>,
    Ask(showing): Ask<Showing>,
) -> Result<Json<ShownView>, Problem> {
    let (actor, number, portal) = (caller.actor(), number(&text)?, &caller.portal);
    let (permit, why): (_, Why) = (actor.decide()?, showing.reason.why(showing.words.as_deref())?);
    actor.read_requests()?;
    let token = showing.token;
    let found = if let Some(column) = showing.column.map(Column) {
        let spot = Spot::Record { token: token.clone(), column: column.clone() };
        portal.reveal(&permit, &actor, &number, &spot, &why).await?;
        let held = portal.to_leave_out_shown(&permit, &actor, &number).await?.held;
        let record = held.records.into_iter().find(|record| record.token == token);
        let mut values = record.into_iter().flat_map(|record| record.values);
        values.find(|value| value.column == column).and_then(|value| value.full)
    } else {
        portal.reveal(&permit, &actor, &number, &Spot::Person { token: token.clone() }, &why).await?;
        portal.compare_shown(&permit, &actor, &number).await?.shown(&token)
    };
    let found = found.ok_or(ServiceError::NotFound)?;
    Ok(Json(ShownView { value: found.reveal().to_owned() }))
}

//! Before and after of a correction.

use axum::{Json, extract::Path};
use domain::{
    Lang,
    look::{Reason, Spot, Why},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::{
    Portal,
    requests::{Change, Followed},
};
use utoipa::ToSchema;

use super::{
    ask::{Ask, number, words},
    caller::Caller,
    problem::{Kind, Problem, Problems},
};

/// A value that is corrected.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeView {
    /// Names the value where it is shown in full.
    token: String,
    table: String,
    column: String,
    /// What the record is called, and the value.
    record: String,
    name: String,
    /// What stood there when it was asked; absent where nothing did. Masked, or in full where that was asked for.
    before: Option<String>,
    /// What is to stand there, likewise.
    after: String,
    /// Of a number or an address the person is found by from then on: since when it is shown to be theirs.
    #[schema(value_type = Option<String>, format = DateTime)]
    proven_at: Option<Timestamp>,
}

impl ChangeView {
    fn of(change: &Change, lang: Lang) -> Self {
        let words = |words: &domain::Words| words.in_lang(lang).to_owned();
        Self {
            token: change.token.clone(),
            table: change.table.to_string(),
            column: change.column.to_string(),
            record: words(&change.record),
            name: words(&change.field),
            before: Some(words(&change.before)).filter(|before| !before.is_empty()),
            after: words(&change.after),
            proven_at: change.proven,
        }
    }

    pub(super) fn masked(followed: &Followed, portal: &Portal, lang: Lang) -> Vec<Self> {
        portal.changes_masked(&followed.corrections).iter().map(|change| Self::of(change, lang)).collect()
    }
}

/// Why a value is shown in full.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReasonCode {
    TellApart,
    CheckCorrection,
    CompareEvidence,
    ReachPerson,
    /// In `words`.
    Another,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Revealing {
    /// Of one of the `changes` of the request.
    token: String,
    reason: ReasonCode,
    /// The other reason. The person reads it; the audit log does not have it.
    #[schema(min_length = 1, max_length = 2000)]
    words: Option<String>,
}

impl ReasonCode {
    pub(super) fn why(self, said: Option<&str>) -> Result<Why, Problem> {
        Ok(match (self, said) {
            (Self::Another, Some(said)) => Why::Another(words(said)?),
            (Self::Another, None) => return Err(Problem::malformed("words: needed for another reason")),
            (Self::TellApart, _) => Why::Ready(Reason::TellApart),
            (Self::CheckCorrection, _) => Why::Ready(Reason::CheckCorrection),
            (Self::CompareEvidence, _) => Why::Ready(Reason::CompareEvidence),
            (Self::ReachPerson, _) => Why::Ready(Reason::ReachPerson),
        })
    }
}

/// Before and after of one value of a correction in full, for a reason: nobody can check one between two masks. The look is
/// entered in the audit log, and the person reads it with its reason. `not_found` for what is not masked.
#[utoipa::path(post, path = "/requests/{number}/changes", tag = "requests", params(("number" = String, Path)),
    request_body = Revealing, responses((status = 200, body = ChangeView), Problems))]
pub(super) async fn changes(
    caller: Caller,
    Path(text): Path<String>,
    Ask(revealing): Ask<Revealing>,
) -> Result<Json<ChangeView>, Problem> {
    let (actor, number, portal) = (caller.actor(), number(&text)?, &caller.portal);
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    let (why, spot) = (revealing.reason.why(revealing.words.as_deref())?, Spot::Change { token: revealing.token });
    portal.reveal(&permit, &actor, &number, &spot, &why).await?;
    let followed = portal.case(&reader, &actor, &number).await?.followed;
    let lang = followed.request.lang;
    let shown = portal.changes_shown(&permit, &actor, &followed).await?;
    let change = shown.iter().find(|change| spot == Spot::Change { token: change.token.clone() });
    Ok(Json(ChangeView::of(change.ok_or_else(|| Problem::from(Kind::NotFound))?, lang)))
}

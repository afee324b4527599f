//! To whom what a request was about had been given: how far they know, what they are told by hand, and that they were.

use axum::{Json, extract::Path, http::StatusCode};
use domain::Lang;
use jiff::Timestamp;
use serde::Serialize;
use service::{Portal, requests::recipients::ToTell};
use store::notified::{Knows, Notified};
use utoipa::ToSchema;

use super::{
    ask::number,
    caller::Caller,
    problem::{Problem, Problems},
};

/// A recipient of what was erased, corrected or stopped.
#[derive(Serialize, ToSchema)]
pub(super) struct RecipientView {
    /// By its name in the map.
    recipient: String,
    name: String,
    /// `not_yet`: somebody has to tell them by hand; `told`; `confirmed`: they did likewise.
    knows: &'static str,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// When they were written to again, as no answer came.
    #[schema(value_type = Option<String>, format = DateTime)]
    reminded: Option<Timestamp>,
    /// Somebody has to call them: no mail could tell them, or they have not answered one for fourteen days.
    call: bool,
}

impl RecipientView {
    pub(super) fn of(notified: &Notified, portal: &Portal, lang: Lang) -> Self {
        let (knows, since, reminded) = match &notified.knows {
            Knows::NotYet => ("not_yet", None, None),
            Knows::Told { at, reminded, .. } => ("told", Some(*at), *reminded),
            Knows::Confirmed { at, .. } => ("confirmed", Some(*at), None),
        };
        let map = &portal.map;
        let id = notified.recipient.clone();
        let name = map.recipient_name(&id, lang);
        let call = portal.waits_for_a_call(notified);
        Self { recipient: id, name, knows, since, reminded, call }
    }
}

/// What a recipient the portal cannot write to is told.
#[derive(Serialize, ToSchema)]
pub(super) struct TellView {
    /// Of which records, by what they are.
    records: Vec<String>,
    /// By what they can find what they got.
    person: Vec<String>,
    /// There is more than stands here.
    more: bool,
    /// Of a correction: what values became.
    corrected: Vec<CorrectedView>,
}

#[derive(Serialize, ToSchema)]
struct CorrectedView {
    name: String,
    value: String,
}

impl TellView {
    fn of(to_tell: &ToTell, lang: Lang) -> Self {
        let words = |words: &domain::Words| words.in_lang(lang).to_owned();
        let corrected = to_tell.corrected.iter();
        Self {
            records: to_tell.records.iter().map(words).collect(),
            person: to_tell.person.clone(),
            more: to_tell.more,
            corrected: corrected
                .map(|(name, value)| CorrectedView { name: words(name), value: words(value) })
                .collect(),
        }
    }
}

/// By what a recipient of a completed request can find what they got, to be told to them by hand: in full, and entered in the
/// audit log; the person reads who looked. Then say so at `told`.
#[utoipa::path(post, path = "/requests/{number}/recipients/{recipient}/tell", tag = "requests",
    params(("number" = String, Path), ("recipient" = String, Path)),
    responses((status = 200, body = TellView), Problems))]
pub(super) async fn tell(
    caller: Caller,
    Path((text, recipient)): Path<(String, String)>,
) -> Result<Json<TellView>, Problem> {
    let (actor, number) = (caller.actor(), number(&text)?);
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    let telling = caller.portal.to_tell(&permit, &actor, &number, &recipient).await?;
    Ok(Json(TellView::of(&telling, caller.lang_of(&reader, &number).await?)))
}

/// A recipient the portal cannot write to was told by hand.
#[utoipa::path(post, path = "/requests/{number}/recipients/{recipient}/told", tag = "requests",
    params(("number" = String, Path), ("recipient" = String, Path)), responses((status = 204), Problems))]
pub(super) async fn told(
    caller: Caller,
    Path((text, recipient)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    caller.portal.told_by_hand(&actor.decide()?, &actor, &number(&text)?, &recipient).await?;
    Ok(StatusCode::NO_CONTENT)
}

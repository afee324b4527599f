//! Before and after of a correction.

use axum::{Json, extract::Path};
use domain::Lang;
use jiff::Timestamp;
use serde::Serialize;
use service::{
    Portal,
    requests::{Change, Followed},
};
use utoipa::ToSchema;

use super::{
    ask::number,
    caller::Caller,
    problem::{Kind, Problem, Problems},
};

/// A value that is corrected.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeView {
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
        let changes = followed.corrections.iter().filter_map(|details| portal.masked_change(details));
        changes.map(|change| Self::of(&change, lang)).collect()
    }
}

/// The values a correction is about, in full.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangesView {
    changes: Vec<ChangeView>,
}

/// Before and after of a correction in full: nobody can check one between two masks. The look is entered in the audit log.
#[utoipa::path(post, path = "/requests/{number}/changes", tag = "requests", params(("number" = String, Path)),
    responses((status = 200, body = ChangesView), Problems))]
pub(super) async fn changes(caller: Caller, Path(text): Path<String>) -> Result<Json<ChangesView>, Problem> {
    let actor = caller.actor();
    let (permit, reader) = (actor.decide()?, actor.read_requests()?);
    let case = caller.portal.case(&reader, &actor, &number(&text)?).await?;
    let followed = &case.followed;
    if followed.corrections.is_empty() {
        return Err(Kind::NotFound.into());
    }
    let lang = followed.request.lang;
    let whole = caller.portal.reveal_changes(&permit, &actor, &followed.request, &followed.corrections).await?;
    Ok(Json(ChangesView { changes: whole.iter().map(|change| ChangeView::of(change, lang)).collect() }))
}

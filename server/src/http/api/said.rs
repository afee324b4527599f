//! What an officer says to a person: a question, or what was done. Files may go along.

use axum::{extract::Path, http::StatusCode};
use domain::request;
use jiff::Timestamp;
use serde::Deserialize;
use service::requests::Message;
use utoipa::ToSchema;

use super::{
    ask::{Ask, number, words},
    caller::Caller,
    deletion::extent,
    files::FileIn,
    problem::{Problem, Problems},
};

/// Which side of a representative's request.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Side {
    /// Whoever asks.
    #[default]
    Asker,
    /// The person it is about, once an officer has checked who asks.
    Subject,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
    /// `asker` unless told. The other side reads neither the question nor the answer.
    #[serde(default)]
    whom: Side,
    #[schema(max_items = 5)]
    #[serde(default)]
    files: Vec<FileIn>,
}

/// Asks the person something, or whoever asks for them. The clock goes on.
#[utoipa::path(post, path = "/requests/{number}/ask", tag = "requests", params(("number" = String, Path)),
    request_body = Question, responses((status = 204), Problems))]
pub(super) async fn ask(
    caller: Caller,
    Path(text): Path<String>,
    Ask(question): Ask<Question>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let whom = match question.whom {
        Side::Asker => request::Side::Asker,
        Side::Subject => request::Side::Subject,
    };
    let (permit, number) = (actor.decide()?, number(&text)?);
    let (words, files) = (words(&question.words)?, FileIn::all(question.files)?);
    let message = Message { words: &words, files: &files };
    caller.portal.ask(&permit, &actor, &number, whom, message).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Settling {
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
    /// Of a copy or a transfer that is agreed to: the tables it is of, as the map names them; everything unless told.
    #[serde(default)]
    tables: Vec<String>,
    /// `to_heed` of the request, where it has one: that it was read.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(default)]
    heeded: Option<Timestamp>,
    #[schema(max_items = 5)]
    #[serde(default)]
    files: Vec<FileIn>,
}

/// Done as asked, and said what was done. For what no plan carries out.
#[utoipa::path(post, path = "/requests/{number}/settle", tag = "requests", params(("number" = String, Path)),
    request_body = Settling, responses((status = 204), Problems))]
pub(super) async fn settle(
    caller: Caller,
    Path(text): Path<String>,
    Ask(settling): Ask<Settling>,
) -> Result<StatusCode, Problem> {
    let actor = caller.actor();
    let (words, files) = (words(&settling.words)?, FileIn::all(settling.files)?);
    let done = Message { words: &words, files: &files };
    // None named: everything.
    let named = (!settling.tables.is_empty()).then_some(settling.tables.as_slice());
    let extent = extent(&caller, named)?;
    caller.portal.settle(&actor.decide()?, &actor, &number(&text)?, done, &extent, settling.heeded).await?;
    Ok(StatusCode::NO_CONTENT)
}

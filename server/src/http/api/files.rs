//! Files: handed in with words, known by their content, and handed out to whoever may read them.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::{Path, Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64ct::{Base64, Encoding};
use domain::{
    actor::Scope,
    file::{File, FiledAs, LARGEST, MOST, NotTaken},
    ids::FileId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::files::Filed;
use utoipa::ToSchema;

use super::{
    App, LARGEST_BODY,
    ask::{Ask, number},
    caller::Caller,
    problem::{Kind, Problem, Problems},
    subjects::{Who, actor},
};
use crate::http::represent::file_out;

/// All that one body with files may hold: one file of the largest, or several small ones.
const LARGEST_WITH_FILES: usize = 8 * 1024 * 1024;
const TIME_FOR_FILES: Duration = Duration::from_mins(5);

/// How much may be sent where the question goes.
#[derive(Clone, Copy)]
pub(super) struct Largest(usize);

impl Largest {
    /// Words only, unless it is an address that takes files.
    pub(super) fn of(request: &Request) -> usize {
        request.extensions().get::<Self>().map_or(LARGEST_BODY, |largest| largest.0)
    }
}

/// Only so many bodies with files are in memory at a time, those of forms among them; words wait for none.
pub(super) async fn with_files(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length <= LARGEST_BODY) {
        return next.run(request).await;
    }
    // Nobody else keeps turns from those who hand in.
    let may = |caller: &Caller| {
        let takes = |scope: &Scope| matches!(scope, Scope::ActForSubjects | Scope::DecideRequests);
        caller.program.scopes.iter().any(takes)
    };
    if !request.extensions().get::<Caller>().is_some_and(may) {
        return next.run(request).await;
    }
    let Ok(_turn) = app.uploads.acquire().await else { return Problem::from(Kind::PortalDown).into_response() };
    let (mut parts, body) = request.into_parts();
    let body = match tokio::time::timeout(TIME_FOR_FILES, to_bytes(body, LARGEST_WITH_FILES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Problem::from(Kind::TooLarge).into_response(),
        Err(_) => return Problem::from(Kind::Busy).into_response(),
    };
    parts.extensions.insert(Largest(LARGEST_WITH_FILES));
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// A file that is handed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FileIn {
    /// What it is called; its ending becomes that of what it really is.
    name: String,
    /// In base64 (RFC 4648 §4): a whole PDF, PNG or JPEG of 5 MiB at most.
    content: String,
}

impl FileIn {
    fn file(self) -> Result<File, Problem> {
        if self.content.len() > LARGEST.div_ceil(3) * 4 {
            return Err(Kind::TooLarge.into());
        }
        let bytes = Base64::decode_vec(&self.content).map_err(|_| Problem::malformed("files: not base64"))?;
        File::parse(&self.name, bytes).map_err(|why| match why {
            NotTaken::TooLarge => Kind::TooLarge.into(),
            NotTaken::OtherKind => Problem::refused("files: neither a PDF nor a PNG or JPEG, or cut off"),
        })
    }

    pub(super) fn all(files: Vec<Self>) -> Result<Vec<File>, Problem> {
        if files.len() > MOST {
            return Err(Problem::malformed(format!("files: {MOST} at most")));
        }
        files.into_iter().map(Self::file).collect()
    }
}

/// A file that goes with what was said.
#[derive(Serialize, ToSchema)]
pub(super) struct FileView {
    id: String,
    name: String,
    /// `application/pdf`, `image/png` or `image/jpeg`.
    media: String,
    /// In bytes.
    size: u64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl FileView {
    /// What was handed in as evidence is looked at by people, on the pages.
    pub(super) fn all(files: &[Filed]) -> Vec<Self> {
        let one = |file: &Filed| match file.filed_as {
            FiledAs::Evidence => None,
            FiledAs::Message(_) => Some(Self {
                id: file.id.to_string(),
                name: file.name.reveal().to_owned(),
                media: file.media.mime().to_owned(),
                size: file.size,
                at: file.at,
            }),
        };
        files.iter().filter_map(one).collect()
    }
}

fn id(text: &str) -> Result<FileId, Problem> {
    text.parse().map_err(|_| Kind::NotFound.into())
}

/// A file that went with a message. The look is entered in the audit log. Evidence is `not_found`: people look at it, on the
/// pages.
#[utoipa::path(get, path = "/requests/{number}/files/{file}", tag = "requests",
    params(("number" = String, Path), ("file" = String, Path)),
    responses((status = 200, content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))),
        Problems))]
pub(super) async fn of_case(caller: Caller, Path((text, file)): Path<(String, String)>) -> Result<Response, Problem> {
    let actor = caller.actor();
    let permit = actor.read_requests()?;
    Ok(file_out(&caller.portal.case_file(&permit, &actor, &number(&text)?, id(&file)?).await?))
}

/// A file that went with a message they read.
#[utoipa::path(post, path = "/subjects/requests/{number}/files/{file}", tag = "subjects",
    params(("number" = String, Path), ("file" = String, Path)), request_body = Who,
    responses((status = 200, content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"))),
        Problems))]
pub(super) async fn of_subject(
    caller: Caller,
    Path((text, file)): Path<(String, String)>,
    Ask(who): Ask<Who>,
) -> Result<Response, Problem> {
    let actor = actor(&caller, &who.subject)?;
    Ok(file_out(&caller.portal.my_file(&actor.own()?, &number(&text)?, id(&file)?).await?))
}

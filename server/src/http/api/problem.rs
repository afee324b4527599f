//! What went wrong, as RFC 9457 says it: a code for programs, a sentence for people, nothing of what was sent.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{json, permit::Denied};
use serde::Serialize;
use service::ServiceError;
use store::StoreError;
use utoipa::{IntoResponses, ToSchema};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    NoKey,
    Scope,
    NotFresh,
    NotProven,
    NotFound,
    Method,
    NotJson,
    Malformed,
    TooLarge,
    TooLate,
    Overtaken,
    SecondPerson,
    PlanChanged,
    NotChecked,
    NotHeeded,
    Blocked,
    NoAccount,
    Busy,
    Refused,
    KeyTaken,
    KeyBusy,
    AnswerLost,
    SourceDown,
    PortalDown,
}

impl Kind {
    const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NoKey => (StatusCode::UNAUTHORIZED, "no_key", "Send the program's key: Authorization: Bearer qd_…"),
            Self::Scope => (StatusCode::FORBIDDEN, "scope", "The key does not have the scope this needs."),
            Self::NotFresh => (
                StatusCode::FORBIDDEN,
                "not_fresh",
                "The person must have proven this identifier within ten minutes; send proven_at.",
            ),
            Self::NotProven => (
                StatusCode::FORBIDDEN,
                "not_proven",
                "The person must have proven the new number or address within ten minutes; send value_proven_at.",
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "There is no such thing, or it is not yours."),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "This address takes another method."),
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", "Send application/json."),
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "What was sent is not what is described."),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "More was sent than is taken here."),
            Self::TooLate => (StatusCode::CONFLICT, "too_late", "The request has moved on; read it again."),
            Self::Overtaken => (StatusCode::CONFLICT, "overtaken", "Somebody else was first; read it again."),
            Self::SecondPerson => (StatusCode::CONFLICT, "second_person", "Somebody else must do this."),
            Self::PlanChanged => (
                StatusCode::CONFLICT,
                "plan_changed",
                "The plan is not the one in force; read it again and approve that one.",
            ),
            Self::NotChecked => {
                (StatusCode::CONFLICT, "not_checked", "Nobody has looked yet at what the representative handed in.")
            }
            Self::NotHeeded => (
                StatusCode::CONFLICT,
                "not_heeded",
                "A question is open, or the person has said something: read it, and name its time in `heeded`.",
            ),
            Self::Blocked => {
                (StatusCode::CONFLICT, "blocked", "Something has to be settled before the account can be closed.")
            }
            Self::NoAccount => (
                StatusCode::CONFLICT,
                "no_account",
                "No account was found under these addresses and numbers; what is held about the person can be deleted.",
            ),
            Self::Busy => (StatusCode::TOO_MANY_REQUESTS, "busy", "As many at once as there may be; ask again later."),
            Self::Refused => (StatusCode::UNPROCESSABLE_ENTITY, "refused", "A value or a file cannot be taken."),
            Self::KeyTaken => {
                (StatusCode::UNPROCESSABLE_ENTITY, "key_taken", "This Idempotency-Key was used for another question.")
            }
            Self::KeyBusy => (StatusCode::CONFLICT, "key_busy", "The same question is being worked on; ask again."),
            Self::AnswerLost => (
                StatusCode::CONFLICT,
                "answer_lost",
                "Something was done for this question, and its answer was lost; see what has come of it.",
            ),
            Self::SourceDown => {
                (StatusCode::SERVICE_UNAVAILABLE, "source_down", "A database of the company does not answer.")
            }
            Self::PortalDown => (StatusCode::SERVICE_UNAVAILABLE, "portal_down", "The portal cannot do this now."),
        }
    }

    /// Worth asking again with the same Idempotency-Key.
    pub(super) const fn did_nothing_for_now(status: StatusCode) -> bool {
        matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
    }
}

/// The body of every answer that is not a success (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// A relative reference that ends in the code.
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    code: String,
    /// What in particular, where there is more to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        let (status, code, title) = kind.parts();
        Self {
            kind: format!("/api/v1/problems/{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: None,
        }
    }
}

impl Problem {
    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Kind::Malformed.into() }
    }

    pub(super) fn refused(detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Kind::Refused.into() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json::bytes(&self);
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Denied(denied) => denied.into(),
            ServiceError::NotFound => Kind::NotFound.into(),
            ServiceError::TooLate { .. } | ServiceError::NotHandedOut => Kind::TooLate.into(),
            ServiceError::Overtaken => Kind::Overtaken.into(),
            ServiceError::SecondPerson => Kind::SecondPerson.into(),
            ServiceError::PlanChanged => Kind::PlanChanged.into(),
            ServiceError::TooOften => Kind::Busy.into(),
            ServiceError::NotChecked => Kind::NotChecked.into(),
            ServiceError::NotHeeded => Kind::NotHeeded.into(),
            ServiceError::Blocked => Kind::Blocked.into(),
            ServiceError::NoAccount => Kind::NoAccount.into(),
            ServiceError::Source(error) => {
                tracing::warn!(code = error.code(), "a company database failed");
                Kind::SourceDown.into()
            }
            ServiceError::Store(_)
            | ServiceError::Inconsistent { .. }
            | ServiceError::NoUrl(_)
            | ServiceError::LeaseLost
            | ServiceError::LostSteps
            | ServiceError::AlreadyRunning
            | ServiceError::Hashing
            | ServiceError::NoRandomness => {
                tracing::error!(code = error.code(), %error, "the portal failed");
                Kind::PortalDown.into()
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        ServiceError::from(error).into()
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::FreshCode => Kind::NotFresh.into(),
            Denied::SignIn | Denied::StaffSignIn | Denied::NotYours => Kind::Scope.into(),
        }
    }
}

/// What any of these addresses may answer besides its own.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes; the answers are Problem's own")]
pub(super) enum Problems {
    /// Not what is described.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(#[to_schema] Problem),
    /// No key, or one that is worth nothing.
    #[response(status = 401, content_type = "application/problem+json")]
    NoKey(#[to_schema] Problem),
    /// The key has not the scope, or the person has not proven the identifier lately, or the new one at all.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// No such thing.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] Problem),
    /// It has moved on, somebody else was first, or somebody else must; or there is no account to close, or not yet.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// More than 64 KiB, or than 8 MiB where files are taken.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// Not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(#[to_schema] Problem),
    /// The key was used for something else, or a value or a file cannot be taken.
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(#[to_schema] Problem),
    /// As many at once as there may be.
    #[response(status = 429, content_type = "application/problem+json")]
    Busy(#[to_schema] Problem),
    /// A database does not answer.
    #[response(status = 503, content_type = "application/problem+json")]
    Down(#[to_schema] Problem),
}

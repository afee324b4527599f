//! What a handler could not do, as one small enum; [`super::cx`] turns it into a page.

use app::pages::public::Problem;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{map::SourceName, permit::Denied};
use service::ServiceError;
use store::StoreError;

#[derive(Debug)]
pub(crate) enum Failure {
    NotFound,
    Denied(Denied),
    TooLate,
    Overtaken,
    /// A rule of the night is not, or not any more, what somebody looked at.
    RuleChanged,
    /// One officer cannot be both.
    SecondPerson,
    PlanChanged,
    /// A representative whose evidence nobody has looked at.
    NotChecked,
    /// Something has to be settled before an account can be closed, or there is none.
    NotClosed,
    SourceDown(SourceName),
    PortalDown,
    /// Not a form of ours, or more than one may hold.
    Garbled,
    TooLarge,
    /// As many at once as there may be are being served.
    Busy,
    /// Not a failure: the person is sent elsewhere.
    Elsewhere(String),
}

/// Rides on a response to be dressed in the person's language.
#[derive(Clone, Debug)]
pub(super) enum Failed {
    Problem(Problem),
    SourceDown(SourceName),
    Denied(Denied),
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Denied(denied) => Self::Denied(denied),
            ServiceError::NotFound => Self::NotFound,
            ServiceError::TooLate { .. } | ServiceError::NotHandedOut => Self::TooLate,
            // Somebody has said something in the meantime.
            ServiceError::Overtaken | ServiceError::NotHeeded => Self::Overtaken,
            ServiceError::SecondPerson => Self::SecondPerson,
            ServiceError::PlanChanged => Self::PlanChanged,
            ServiceError::TooOften => Self::Busy,
            ServiceError::NotChecked => Self::NotChecked,
            ServiceError::Blocked | ServiceError::NoAccount => Self::NotClosed,
            ServiceError::Source(error) => {
                tracing::warn!(code = error.code(), "a company database failed");
                Self::SourceDown(error.system().clone())
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
                Self::PortalDown
            }
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        ServiceError::from(error).into()
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => problem(Problem::NotFound),
            Self::Denied(denied) => marked(StatusCode::FORBIDDEN, Failed::Denied(denied)),
            Self::TooLate => problem(Problem::TooLate),
            Self::Overtaken => problem(Problem::Overtaken),
            Self::RuleChanged => problem(Problem::RuleChanged),
            Self::SecondPerson => problem(Problem::SecondPerson),
            Self::Garbled => problem(Problem::Garbled),
            Self::TooLarge => problem(Problem::TooLarge),
            Self::Busy => problem(Problem::Busy),
            Self::PlanChanged => problem(Problem::PlanChanged),
            Self::NotChecked => problem(Problem::NotChecked),
            Self::NotClosed => problem(Problem::NotClosed),
            Self::SourceDown(source) => marked(status_of(Problem::SourceDown), Failed::SourceDown(source)),
            Self::PortalDown => problem(Problem::PortalDown),
            Self::Elsewhere(path) => Redirect::to(&path).into_response(),
        }
    }
}

pub(super) fn problem(problem: Problem) -> Response {
    marked(status_of(problem), Failed::Problem(problem))
}

pub(super) const fn status_of(problem: Problem) -> StatusCode {
    match problem {
        Problem::NotFound | Problem::NotFoundAtWork => StatusCode::NOT_FOUND,
        Problem::OtherSite => StatusCode::FORBIDDEN,
        Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::Garbled => StatusCode::BAD_REQUEST,
        Problem::TooLate
        | Problem::Overtaken
        | Problem::RuleChanged
        | Problem::SecondPerson
        | Problem::PlanChanged
        | Problem::NotChecked
        | Problem::NotClosed => StatusCode::CONFLICT,
        Problem::Busy => StatusCode::TOO_MANY_REQUESTS,
        Problem::SourceDown | Problem::PortalDown => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn marked(status: StatusCode, failed: Failed) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(failed);
    response
}

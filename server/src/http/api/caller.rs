//! Who calls: a program by its key, and what goes with every answer.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Lang,
    actor::{Actor, Customer, Program},
    ids::RequestNumber,
    permit::ReadRequests,
};
use service::Portal;

use super::{
    App,
    problem::{Kind, Problem},
};

/// The program, and the portal its request began with.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) app: Arc<App>,
    pub(super) portal: Arc<Portal>,
    pub(super) program: Program,
}

impl Caller {
    pub(super) fn actor(&self) -> Actor {
        Actor::Program(self.program.clone())
    }

    /// The program, for somebody it answers for.
    pub(super) fn acting_for(&self, subject: Customer) -> Actor {
        Actor::Program(Program { subject: Some(subject), ..self.program.clone() })
    }

    /// The language whoever asked is answered in.
    pub(super) async fn lang_of(&self, reader: &ReadRequests, number: &RequestNumber) -> Result<Lang, Problem> {
        let request = self.portal.store.request_by_number(reader, number).await?;
        request.map(|request| request.lang).ok_or_else(|| Kind::NotFound.into())
    }
}

pub(super) async fn with_caller(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let portal = app.live.current();
    let key = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let program = match key {
        Some(key) => portal.program_by_key(key).await,
        None => Ok(None),
    };
    let program = match program {
        Ok(Some(program)) => Program { id: program.id, scopes: program.scopes, subject: None },
        Ok(None) => return Problem::from(Kind::NoKey).into_response(),
        Err(error) => return Problem::from(error).into_response(),
    };
    let portal = Arc::new(portal.waited_for());
    request.extensions_mut().insert(Caller { app, portal, program });
    next.run(request).await
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

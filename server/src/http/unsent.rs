//! What a form held, for an answer that does not take it: somebody else was first, a database is down, the session is
//! over. Whoever typed it gets it back.

use std::sync::{Arc, OnceLock};

use app::{
    components::{GivenBackOn, Unsent},
    pages::public::{Problem, problem, signed_out},
    paths,
};
use axum::{
    Form,
    body::{Body, HttpBody, to_bytes},
    extract::{FromRequest, Multipart, Path, RawQuery, Request},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::{actor::Actor, ids::RequestNumber, map::SourceName};
use futures::StreamExt;

use super::{
    cx::Cx,
    failure::{self, Failure, status_of},
    officer, requests,
    routes::LARGEST_WORDS,
};

/// The fields of the form a request came with, once somebody has read them.
#[derive(Clone, Debug, Default)]
pub(super) struct Said(Arc<OnceLock<Vec<(String, String)>>>);

impl Said {
    pub(super) fn keep(&self, fields: Vec<(String, String)>) {
        // A form is read once.
        let _ = self.0.set(fields);
    }

    /// With the page it was sent from as that is now, be something of it written or not.
    pub(super) fn on_its_page(&self, problem: Problem) -> Unsent {
        Unsent::new(GivenBackOn::ItsPage(problem), self.0.get().cloned().unwrap_or_default())
    }

    /// Only where something of it was written.
    fn unsent(&self, on: GivenBackOn) -> Option<Unsent> {
        let fields = self.0.get()?;
        let prose = fields.iter().any(|(field, value)| Unsent::is_prose(field, value));
        prose.then(|| Unsent::new(on, fields.clone()))
    }
}

/// Reads along what a form holds. One with files is read by whoever may take it, once it is known who sends it.
pub(super) async fn listen(request: Request, next: Next) -> Response {
    let Some(cx) = request.extensions().get::<Cx>().cloned().filter(|_| request.method() == Method::POST) else {
        return next.run(request).await;
    };
    match FormOf::of(&request) {
        // Nobody who is not signed in may hand in files: beyond the words nothing of it is read.
        FormOf::Files if matches!(cx.actor, Actor::Visitor) => {
            let (parts, body) = request.into_parts();
            cx.said.keep(beginning(Request::from_parts(parts.clone(), body)).await);
            next.run(Request::from_parts(parts, Body::empty())).await
        }
        FormOf::Words => {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = to_bytes(body, LARGEST_WORDS).await else { return failure::problem(Problem::TooLarge) };
            let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
            if let Ok(Form(fields)) = Form::from_request(copy, &()).await {
                cx.said.keep(fields);
            }
            next.run(Request::from_parts(parts, Body::from(bytes))).await
        }
        FormOf::Files | FormOf::Neither => next.run(request).await,
    }
}

enum FormOf {
    Words,
    Files,
    /// None, or one that is longer than words may be.
    Neither,
}

impl FormOf {
    fn of(request: &Request) -> Self {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let longest = request.body().size_hint().upper().and_then(|bytes| usize::try_from(bytes).ok());
        if kind.starts_with("multipart/form-data") {
            Self::Files
        } else if kind.starts_with("application/x-www-form-urlencoded") && longest.is_some_and(|n| n <= LARGEST_WORDS) {
            Self::Words
        } else {
            Self::Neither
        }
    }
}

/// The words of a form with files, as far as they come before the files.
async fn beginning(request: Request) -> Vec<(String, String)> {
    let (parts, body) = request.into_parts();
    let (mut stream, mut bytes) = (body.into_data_stream(), Vec::new());
    while bytes.len() < LARGEST_WORDS
        && let Some(Ok(more)) = stream.next().await
    {
        bytes.extend_from_slice(&more);
    }
    let mut fields = Vec::new();
    let read = Multipart::from_request(Request::from_parts(parts, Body::from(bytes)), &()).await;
    let Ok(mut form) = read else { return fields };
    while let Ok(Some(part)) = form.next_field().await {
        let (Some(name), None) = (part.name().map(str::to_owned), part.file_name()) else { continue };
        let Ok(words) = part.text().await else { break };
        fields.push((name, words));
    }
    fields
}

/// The page of a request.
enum Place {
    Own(RequestNumber),
    Case(RequestNumber),
}

impl Place {
    fn of(path: &str) -> Option<Self> {
        let number = |rest: &str| RequestNumber::parse(rest.split('/').next()?);
        match path.strip_prefix("/officer/requests/") {
            Some(rest) => number(rest).map(Self::Case),
            None => path.strip_prefix("/requests/").and_then(number).map(Self::Own),
        }
    }

    fn href(&self) -> String {
        match self {
            Self::Own(number) => paths::request(number),
            Self::Case(number) => paths::case(number),
        }
    }

    async fn page(&self, cx: Cx) -> Result<Response, Failure> {
        match self {
            Self::Own(number) => requests::page(cx, Path(number.to_string()), RawQuery(None)).await,
            Self::Case(number) => officer::case::page(cx, Path(number.to_string()), RawQuery(None)).await,
        }
    }
}

/// A page for what went wrong with what was sent to `path`, and in which system where it was one of the company's.
pub(super) async fn trouble(cx: &Cx, kind: Problem, source: Option<&SourceName>, path: &str) -> Response {
    let kind = match (kind, &cx.actor) {
        (Problem::NotFound, Actor::Staff(_)) => Problem::NotFoundAtWork,
        (kind, _) => kind,
    };
    let status = status_of(kind);
    let overtaken = status == StatusCode::CONFLICT;
    let place = Place::of(path).filter(|_| overtaken);
    // The request as it is now, with what had been written.
    if let (Some(place), Some(unsent)) = (&place, cx.said.unsent(GivenBackOn::ItsPage(kind)))
        && let Ok(mut page) = place.page(cx.giving_back(Some(unsent))).await
    {
        *page.status_mut() = status;
        return page;
    }
    let unsent = if is_ours(kind) { cx.said.unsent(GivenBackOn::ProblemPage) } else { None };
    let source = source.map(|source| cx.portal().map.source_name(source, cx.lang));
    cx.giving_back(unsent).page_with(status, |t| problem(t, kind, source, place.as_ref().map(Place::href)))
}

/// Whoever wrote something and is signed out meanwhile; nothing where nothing was written.
pub(super) fn signed_out_meanwhile(cx: &Cx, to: &'static str) -> Option<Response> {
    let unsent = cx.said.unsent(GivenBackOn::ProblemPage)?;
    Some(cx.giving_back(Some(unsent)).page_with(StatusCode::FORBIDDEN, |t| signed_out(t, to)))
}

/// Where to go on after signing in again: at the request, or where the form is.
pub(super) fn go_on_at(path: &str) -> Option<String> {
    const FORMS: [&str; 7] = [
        paths::FOR_ANOTHER,
        paths::MINE_CONSENT,
        paths::MINE_DELETE,
        paths::MINE_CANCEL,
        paths::INTAKE,
        paths::HOLDS_NEW,
        paths::DOORS,
    ];
    let form = FORMS.contains(&path) || path.starts_with("/rights/") || path.starts_with("/mine/correct/");
    Place::of(path).as_ref().map(Place::href).or_else(|| form.then(|| path.to_owned()))
}

/// Not what another site has put into a form.
const fn is_ours(kind: Problem) -> bool {
    match kind {
        Problem::OtherSite | Problem::Garbled | Problem::TooLarge => false,
        Problem::NotFound
        | Problem::NotFoundAtWork
        | Problem::TooLate
        | Problem::Overtaken
        | Problem::RuleChanged
        | Problem::SecondPerson
        | Problem::PlanChanged
        | Problem::NotChecked
        | Problem::NotClosed
        | Problem::SourceDown
        | Problem::PortalDown
        | Problem::Busy => true,
    }
}

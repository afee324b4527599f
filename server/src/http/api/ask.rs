//! What is asked, parsed at the border: JSON into types of ours, or a problem that quotes nothing.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::header,
};
use domain::{
    Email, Identifier, Lang, Mobile, Personal,
    actor::{Customer, Freshness},
    ids::RequestNumber,
    request::{Capacity, Channel, LONGEST_WORDS, RefusalCode, RequestKind},
};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::{
    ToSchema,
    openapi::{Object, ObjectBuilder, schema::Type},
};

use super::{
    files::Largest,
    problem::{Kind, Problem},
};

/// A JSON body.
pub(super) struct Ask<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Ask<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Kind::NotJson.into());
        }
        let largest = Largest::of(&request);
        let body = to_bytes(request.into_body(), largest).await.map_err(|_| Problem::from(Kind::TooLarge))?;
        // Serde's own words may quote what was sent.
        let wrong =
            |error: serde_json::Error| Problem::malformed(format!("line {}, column {}", error.line(), error.column()));
        serde_json::from_slice(&body).map(Self).map_err(wrong)
    }
}

/// A person the program has itself signed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    #[schema(example = "li@example.com", format = Email, max_length = 254)]
    email: Option<String>,
    /// Of mainland China, with or without +86.
    #[schema(example = "13800138000", pattern = r"^(\+86)?1[3-9]\d{9}$")]
    mobile: Option<String>,
    /// When the program last had them prove it. Needed within ten minutes for values in full, copies and deletion.
    #[schema(value_type = Option<String>, format = DateTime)]
    proven_at: Option<Timestamp>,
}

impl Subject {
    pub(super) fn identifiers(&self) -> Result<Vec<Identifier>, Problem> {
        let email = self.email.as_deref().map(|text| {
            Email::parse(text).map(Identifier::Email).ok_or_else(|| Problem::malformed("email: not an address"))
        });
        let mobile = self.mobile.as_deref().map(|text| {
            Mobile::parse(text).map(Identifier::Mobile).ok_or_else(|| Problem::malformed("mobile: not a number"))
        });
        let all: Vec<Identifier> = [email, mobile].into_iter().flatten().collect::<Result<_, _>>()?;
        if all.is_empty() { Err(Problem::malformed("give email, mobile or both")) } else { Ok(all) }
    }

    pub(super) const fn proven_at(&self) -> Option<Timestamp> {
        self.proven_at
    }

    pub(super) fn customer(&self, now: Timestamp) -> Result<Customer, Problem> {
        let freshness = self.proven_at.map_or(Freshness::Stale, |at| Freshness::of(at, now));
        let proven = self.identifiers()?.into_iter().map(|identifier| (identifier, freshness)).collect();
        Customer::new(proven).ok_or_else(|| Problem::malformed("give email, mobile or both"))
    }
}

/// Words of one side for the other.
pub(super) fn words(text: &str) -> Result<Personal, Problem> {
    match text.trim().chars().count() {
        0 => Err(Problem::malformed("words: empty")),
        n if n > LONGEST_WORDS => Err(Problem::malformed(format!("words: more than {LONGEST_WORDS} characters"))),
        _ => Ok(Personal::new(text.trim())),
    }
}

pub(super) fn number(text: &str) -> Result<RequestNumber, Problem> {
    RequestNumber::parse(text).ok_or_else(|| Kind::NotFound.into())
}

/// The language a person is answered in.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
pub(super) enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Chinese => Self::Zh,
            Language::English => Self::En,
        }
    }
}

fn one_of<'a>(values: impl IntoIterator<Item = &'a str>) -> Object {
    let values = values.into_iter().map(str::to_owned);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).build()
}

/// The kinds of request, for the description.
pub(super) fn kinds() -> Object {
    one_of(RequestKind::ALL.map(RequestKind::as_str))
}

pub(super) fn channels() -> Object {
    one_of(Channel::ALL.map(Channel::as_str))
}

pub(super) fn refusal_codes() -> Object {
    one_of(RefusalCode::ALL.map(RefusalCode::as_str))
}

pub(super) fn capacities() -> Object {
    one_of(Capacity::ALL.map(Capacity::as_str))
}

//! What a provider says of a person, and which of it proves something.

use std::fmt;

use domain::{Email, Identifier, Mobile};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::config::{Claim, Proves};

#[derive(Deserialize, Default)]
#[serde(transparent)]
pub(super) struct Said(Map<String, Value>);

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(…)")
    }
}

impl Said {
    /// Only what the provider has verified itself. Whatever is not as expected proves nothing.
    pub(super) fn proven(&self, proves: &Proves) -> Vec<Identifier> {
        let email = self.verified(proves.email.as_ref()).and_then(Email::parse).map(Identifier::Email);
        let mobile = self.verified(proves.mobile.as_ref()).and_then(Mobile::parse).map(Identifier::Mobile);
        email.into_iter().chain(mobile).collect()
    }

    fn verified(&self, claim: Option<&Claim>) -> Option<&str> {
        let claim = claim?;
        let verified = match self.0.get(&claim.verified)? {
            Value::Bool(verified) => *verified,
            // As some providers write it (Amazon Cognito).
            Value::String(text) => text == "true",
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
        };
        self.0.get(&claim.claim)?.as_str().filter(|_| verified)
    }
}

impl Proves {
    /// How many identifiers somebody may have by them.
    pub(super) fn wanted(&self) -> usize {
        usize::from(self.email.is_some()) + usize::from(self.mobile.is_some())
    }
}

//! Personal data at the border: parsed once, printed never.
//!
//! None of these types has `Display` or `Serialize`, and their `Debug` shows no character of the
//! value, so that a log line, an error or a job payload cannot carry one by accident
//! (`docs/ARCHITECTURE.md`, invariant 7). [`Personal::reveal`] is the one way out and easy to grep.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroize;

/// A value about a person. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Personal(String);

impl Personal {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Only for a database parameter, a cipher, a mask or the person's own page.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal(…)")
    }
}

impl Drop for Personal {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Full-width letters and digits become ordinary ones (NFKC), the ends are trimmed.
pub fn tidy(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

/// An e-mail address in the one spelling we compare by: NFKC, lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(Personal);

impl Email {
    /// Accepts what a mail server would: one `@`, something on both sides, a dot in the domain.
    pub fn parse(text: &str) -> Option<Self> {
        let text = tidy(text).to_lowercase();
        let (local, host) = text.split_once('@')?;
        let fits = (1..=64).contains(&local.len())
            && (3..=253).contains(&host.len())
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"".contains(c))
            && !host.contains('@');
        fits.then(|| Self(Personal::new(text)))
    }

    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// A mainland mobile number as eleven digits; `+86`, `0086`, spaces, hyphens and full-width
/// digits are taken off first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mobile(Personal);

impl Mobile {
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = tidy(text).chars().filter(|c| !matches!(c, ' ' | '-' | '\u{2013}')).collect();
        let digits = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).unwrap_or(&digits);
        let mut bytes = digits.bytes();
        let fits = digits.len() == 11
            && bytes.next() == Some(b'1')
            && bytes.next().is_some_and(|b| (b'3'..=b'9').contains(&b))
            && bytes.all(|b| b.is_ascii_digit());
        fits.then(|| Self(Personal::new(digits)))
    }

    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// The ways a person can prove who they are, as the data map names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IdentifierKind {
    Email,
    Mobile,
}

impl IdentifierKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Mobile => "mobile",
        }
    }
}

/// One identifier a person has, or claims to have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identifier {
    Email(Email),
    Mobile(Mobile),
}

impl Identifier {
    pub fn parse(kind: IdentifierKind, text: &str) -> Option<Self> {
        match kind {
            IdentifierKind::Email => Email::parse(text).map(Self::Email),
            IdentifierKind::Mobile => Mobile::parse(text).map(Self::Mobile),
        }
    }

    pub const fn kind(&self) -> IdentifierKind {
        match self {
            Self::Email(_) => IdentifierKind::Email,
            Self::Mobile(_) => IdentifierKind::Mobile,
        }
    }

    pub fn reveal(&self) -> &str {
        match self {
            Self::Email(email) => email.reveal(),
            Self::Mobile(mobile) => mobile.reveal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_shows_in_debug() {
        let email = Email::parse("Li.Na@Example.com").unwrap();
        assert_eq!(format!("{email:?}"), "Email(Personal(…))");
        assert_eq!(email.reveal(), "li.na@example.com");
    }

    #[test]
    fn mobiles_are_read_as_people_write_them() {
        for text in ["15400000001", "+86 154 0000 0001", "0086-15400000001", "１５４０００００００１"] {
            assert_eq!(Mobile::parse(text).unwrap().reveal(), "15400000001", "{text}");
        }
        for text in ["1540000000", "25400000001", "12400000001", "154000000012", "1540000000x"] {
            assert!(Mobile::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn addresses_that_could_carry_a_second_header_are_refused() {
        for text in ["a@b", "@b.cn", "a@@b.cn", "a b@c.cn", "a@b.cn\r\nBcc: x@y.cn", "a@.cn", "<a@b.cn>"] {
            assert!(Email::parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_stable(text in ".{0,80}") {
            if let Some(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.reveal()), Some(email.clone()));
            }
            if let Some(mobile) = Mobile::parse(&text) {
                prop_assert_eq!(Mobile::parse(mobile.reveal()), Some(mobile.clone()));
            }
        }
    }
}

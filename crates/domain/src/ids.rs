//! Identifiers of the portal's own things, one type each so that they cannot be exchanged.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )*};
}

uuid_id! {
    /// A data-subject request.
    RequestId,
    /// A member of staff.
    StaffId,
    /// One run of the executor: an erasure, a correction or a night.
    RunId,
    /// One bounded transaction of a run in a company database.
    StepId,
    /// Work waiting for a worker.
    JobId,
    /// A one-time code on its way to a customer.
    ChallengeId,
    /// A legal hold.
    HoldId,
}

/// What the customer reads out on the telephone: `QD-20261123-7K3MQ`. No digit or letter that
/// is mistaken for another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestNumber(String);

impl RequestNumber {
    const ALPHABET: &'static [u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";

    /// From the day of receipt and five bytes of randomness.
    pub fn new(received: jiff::civil::Date, random: [u8; 5]) -> Self {
        let tail: String = random
            .iter()
            .filter_map(|byte| Self::ALPHABET.get(usize::from(*byte) % Self::ALPHABET.len()))
            .map(|byte| char::from(*byte))
            .collect();
        Self(format!("QD-{:04}{:02}{:02}-{tail}", received.year(), received.month(), received.day()))
    }

    /// A number as typed into an address bar: anything that cannot be one is refused here.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 17
            && text.starts_with("QD-")
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_survives_the_address_bar() {
        let number = RequestNumber::new(jiff::civil::date(2026, 11, 23), [0, 30, 31, 62, 255]);
        assert_eq!(number.as_str(), "QD-20261123-2Y229");
        assert_eq!(RequestNumber::parse(number.as_str()), Some(number));
        assert_eq!(RequestNumber::parse("QD-20261123-2y228"), None);
        assert_eq!(RequestNumber::parse("../../etc/passwd0"), None);
    }
}

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
    /// A file that belongs to a request.
    FileId,
    /// A copy that is kept until its person has downloaded it.
    CopyId,
}

macro_rules! number {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub struct $name(String);

        impl $name {
            /// From a day and five bytes of randomness.
            pub fn new(day: jiff::civil::Date, random: [u8; 5]) -> Self {
                Self(format!("{}-{}-{}", $prefix, day.strftime("%Y%m%d"), tail(random)))
            }

            /// A number as typed into an address bar: anything that cannot be one is refused here.
            pub fn parse(text: &str) -> Option<Self> {
                let fits = text.len() == 17
                    && text.starts_with(concat!($prefix, "-"))
                    && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
                fits.then(|| Self(text.to_owned()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

number! {
    /// What the customer reads out on the telephone: `QD-20261123-7K3MQ`, with the day of receipt.
    RequestNumber "QD",
    /// The signed report of a night: `QN-20261123-7K3MQ`.
    NightNumber "QN",
}

/// No digit or letter that is mistaken for another.
fn tail(random: [u8; 5]) -> String {
    const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";
    let letter = |byte: &u8| ALPHABET.get(usize::from(*byte) % ALPHABET.len());
    random.iter().filter_map(letter).map(|byte| char::from(*byte)).collect()
}

impl NightNumber {
    /// A night has the end of its run's number for a tail.
    pub fn of(as_of: jiff::civil::Date, run: RunId) -> Self {
        Self::new(as_of, run.0.as_bytes().last_chunk().copied().unwrap_or_default())
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
        assert_eq!(RequestNumber::parse("QN-20261123-2Y229"), None);
        assert_eq!(NightNumber::of(jiff::civil::date(2026, 1, 2), RunId(Uuid::nil())).as_str(), "QN-20260102-22222");
    }
}

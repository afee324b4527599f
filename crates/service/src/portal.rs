//! Everything a use case needs, handed in: stores, map, clock, randomness.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{Identifier, Personal, breaker, china, hold::HoldOn, map::DataMap};
use jiff::{Timestamp, civil::Date};
use sources::{OnHold, Scope, Sources, Terms, catalogue::Catalogues, lock::Lock, reach};
use store::{Store, errand::Errand};
use uuid::{Builder, Uuid};

use crate::{ServiceError, calendar::Years, sign_in::Passwords};

/// The time, in whole milliseconds as it is stored: what is read again must be what was said. Frozen in tests, because legal deadlines are only testable with a frozen clock.
#[derive(Clone, Debug)]
pub enum Clock {
    System,
    /// Milliseconds since 1970, moved by the test that holds the other end.
    Frozen(Arc<AtomicI64>),
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or(Timestamp::UNIX_EPOCH)
            }
            Self::Frozen(at) => {
                Timestamp::from_millisecond(at.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// The day it is in China. No daylight saving since 1991: always UTC+8.
    pub fn today(&self) -> Date {
        china::day(self.now())
    }
}

/// Randomness. Seeded in tests.
#[derive(Clone)]
pub struct Chance(Arc<Fill>);

/// Fills the bytes; false when it could not.
type Fill = dyn Fn(&mut [u8]) -> bool + Send + Sync;

impl Chance {
    pub fn system() -> Self {
        Self(Arc::new(|bytes| getrandom::fill(bytes).is_ok()))
    }

    pub fn from_fn(fill: impl Fn(&mut [u8]) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], ServiceError> {
        let mut bytes = [0; N];
        if (self.0)(&mut bytes) { Ok(bytes) } else { Err(ServiceError::NoRandomness) }
    }

    /// Six decimal digits, each as likely as any other.
    pub fn code(&self) -> Result<Personal, ServiceError> {
        loop {
            let n = u32::from_le_bytes(self.bytes()?);
            // The tail above the last whole million would favour small codes.
            if n < u32::MAX - u32::MAX % 1_000_000 {
                return Ok(Personal::new(format!("{:06}", n % 1_000_000)));
            }
        }
    }

    /// A UUID that sorts by the time it was made (version 7).
    pub fn id(&self, now: Timestamp) -> Result<Uuid, ServiceError> {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Ok(Builder::from_unix_timestamp_millis(millis, &self.bytes()?).into_uuid())
    }
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach it, without a slash at the end.
    pub address: String,
    /// Rows a first step takes; later ones are sized by the time they took.
    pub first_batch: u64,
    pub largest_batch: u64,
    /// How long a night may go on before it leaves the rest to the next.
    pub window: Option<Duration>,
    /// What a night may take without anyone looking.
    pub breaker: breaker::Limits,
    /// Steps of the night that go on side by side in one database.
    pub lanes: usize,
    /// How often codes may be asked for and tried from one network within 15 minutes.
    pub tries_per_network: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            address: "http://127.0.0.1:3000".to_owned(),
            first_batch: 200,
            largest_batch: 20_000,
            lanes: 3,
            window: None,
            breaker: breaker::Limits::default(),
            tries_per_network: 30,
        }
    }
}

#[derive(Clone)]
pub struct Portal {
    pub store: Store,
    pub sources: Arc<Sources>,
    pub map: Arc<DataMap>,
    pub years: Years,
    pub clock: Clock,
    pub chance: Chance,
    pub passwords: Passwords,
    pub settings: Settings,
}

impl Portal {
    /// The same portal, for a question that may be asked again: what it does waits for its answer.
    #[must_use]
    pub fn on(&self, errand: Errand) -> Self {
        Self { store: self.store.on(errand), ..self.clone() }
    }

    /// The same portal, for somebody who waits for the answer: a company's database that does not give its own in time is
    /// as one that cannot be reached.
    #[must_use]
    pub fn waited_for(&self) -> Self {
        Self { sources: Arc::new(self.sources.waited_for()), ..self.clone() }
    }

    /// What holds protect. A source on the way to a person's rows that does not answer is an error:
    /// without it a hold would protect half.
    pub(crate) async fn on_hold(&self) -> Result<Vec<OnHold>, ServiceError> {
        let mut all = Vec::new();
        for hold in self.store.active_holds().await? {
            all.push(self.follow_hold(&hold.on).await?);
        }
        // What was locked away no longer says whose it is.
        let people: Vec<Identifier> = all.iter().flat_map(OnHold::identifiers).cloned().collect();
        let lots = self.store.requests_of(&people).await?;
        all.extend(lots.iter().map(|request| OnHold::Lot(request.to_string())));
        Ok(all)
    }

    /// As [`Self::on_hold`], to be shown: a source that does not answer hides no more than its own records. Of a person
    /// it leads to a hold is then known by what they have proven.
    pub(crate) async fn known_holds(&self) -> Result<Vec<OnHold>, ServiceError> {
        let mut all = Vec::new();
        for hold in self.store.active_holds().await? {
            all.push(match hold.on {
                HoldOn::Rows(rows) => OnHold::Rows(rows),
                HoldOn::Person(subject) => {
                    OnHold::Person(reach::held_as_far_as_it_goes(&self.sources, &self.map, &subject).await)
                }
            });
        }
        Ok(all)
    }

    /// The key of what is locked away, by the request it is locked away for.
    pub(crate) fn lock(&self, lot: String) -> Lock {
        let key = self.store.vault().lock_key(&lot);
        Lock::new(lot, key)
    }

    pub(crate) async fn follow_hold(&self, on: &HoldOn) -> Result<OnHold, ServiceError> {
        Ok(match on {
            HoldOn::Person(subject) => OnHold::Person(reach::held(&self.sources, &self.map, subject).await?),
            HoldOn::Rows(rows) => OnHold::Rows(rows.clone()),
        })
    }
}

/// What [`Terms`] borrow from.
pub(crate) struct Ground {
    pub(crate) catalogues: Catalogues,
    pub(crate) holds: Vec<OnHold>,
}

impl Ground {
    pub(crate) async fn of(portal: &Portal) -> Result<Self, ServiceError> {
        Ok(Self { catalogues: portal.sources.catalogues().await?, holds: portal.on_hold().await? })
    }

    pub(crate) fn terms<'a>(&'a self, portal: &'a Portal, scope: &'a Scope, as_of: Date) -> Terms<'a> {
        Terms { map: &portal.map, catalogues: &self.catalogues, scope, holds: &self.holds, as_of, common: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_as_exact_as_it_is_stored() {
        let now = Clock::System.now();
        assert_eq!(Timestamp::from_millisecond(now.as_millisecond()).unwrap(), now);
    }
}

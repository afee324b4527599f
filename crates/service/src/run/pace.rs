//! How much a step takes. Sized by the time its transaction is open, not by count: a slow database gets
//! small steps, a fast one is not kept waiting for commits.

use std::time::Duration;

use sources::pace;

/// How the night behaves in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Nobody else is there: as fast as it goes.
    Alone,
    /// The company's own programs are at work: one short step, then as long a rest.
    Amid,
}

impl Manner {
    /// What a step should take.
    const fn aim(self) -> Duration {
        match self {
            Self::Alone => pace::AIM,
            Self::Amid => Duration::from_micros(1_500),
        }
    }

    pub(crate) fn rest(self, held: Duration) -> Option<Duration> {
        match self {
            Self::Alone => None,
            Self::Amid => Some(held * 2),
        }
    }
}

/// No transaction is open for longer, where the database can be told so.
pub(crate) const LONGEST: Duration = Duration::from_millis(90);

/// In units: rows, or the stretches of a walk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    units: u64,
    most: u64,
    /// How many times larger a step may be than the one before.
    growth: u64,
}

impl Pace {
    /// For a walk over what may be millions of rows: one quick step says little.
    pub(crate) fn new(first: u64, most: u64) -> Self {
        Self::growing(first, most, 2)
    }

    /// For a person's rows, which are soon at an end.
    pub(crate) fn of_person(first: u64, most: u64) -> Self {
        Self::growing(first, most, 8)
    }

    fn growing(first: u64, most: u64, growth: u64) -> Self {
        let most = most.max(1);
        Self { units: first.clamp(1, most), most, growth }
    }

    pub(crate) const fn units(self) -> u64 {
        self.units
    }

    /// A step of so many units held its locks for so long.
    pub(crate) fn took(&mut self, units: u64, held: Duration, manner: Manner) {
        let fits = pace::fits(units, held, manner.aim());
        // Up by so much at most, down at once.
        let next = if fits > self.units { fits.min(self.units.saturating_mul(self.growth)) } else { fits };
        self.units = next.clamp(1, self.most);
    }

    /// It took so long that it was taken back.
    pub(crate) fn too_long(&mut self) {
        self.units = (self.units / 4).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever a row costs, within a few steps they take about as long as they should.
        #[test]
        fn steps_settle_near_the_aim(micros_each in 1u64..5_000, first in 1u64..1_000, alone: bool) {
            let manner = if alone { Manner::Alone } else { Manner::Amid };
            let aim = manner.aim();
            let mut pace = Pace::new(first, 1_000_000);
            for _ in 0..40 {
                let units = pace.units();
                pace.took(units, Duration::from_micros(units * micros_each), manner);
            }
            let held = Duration::from_micros(pace.units() * micros_each);
            prop_assert!(held <= aim + Duration::from_micros(micros_each), "{held:?}");
            prop_assert!(held * 3 >= aim || pace.units() == 1, "{held:?}");
        }
    }
}

//! How much a step takes. Sized by the time its transaction is open, not by count: a slow database gets
//! small steps, a fast one is not kept waiting for commits.

use std::time::Duration;

/// What a step should take. Half of the 50 ms that its 99th percentile may, because disks and other
/// programs are not even.
const AIM: Duration = Duration::from_millis(22);

/// No transaction is open for longer, where the database can be told so.
pub(crate) const LONGEST: Duration = Duration::from_millis(90);

/// In units: rows, or the stretches of a walk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    units: u64,
    most: u64,
}

impl Pace {
    pub(crate) fn new(first: u64, most: u64) -> Self {
        let most = most.max(1);
        Self { units: first.clamp(1, most), most }
    }

    pub(crate) const fn units(self) -> u64 {
        self.units
    }

    /// A step of so many units held its locks for so long.
    pub(crate) fn took(&mut self, units: u64, held: Duration) {
        let micros = held.as_micros().max(1);
        let fits = u128::from(units) * AIM.as_micros() / micros;
        let fits = u64::try_from(fits).unwrap_or(u64::MAX);
        // Up by no more than double: one quick step says little. Down at once.
        let next = if fits > self.units { fits.min(self.units.saturating_mul(2)) } else { fits };
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
        fn steps_settle_near_the_aim(micros_each in 1u64..5_000, first in 1u64..1_000) {
            let mut pace = Pace::new(first, 1_000_000);
            for _ in 0..40 {
                let units = pace.units();
                pace.took(units, Duration::from_micros(units * micros_each));
            }
            let held = Duration::from_micros(pace.units() * micros_each);
            prop_assert!(held <= AIM + Duration::from_micros(micros_each), "{held:?}");
            prop_assert!(held * 3 >= AIM || pace.units() == 1, "{held:?}");
        }
    }
}

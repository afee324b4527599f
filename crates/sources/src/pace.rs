//! How many rows of a table a step may take, learnt from the steps before, whoever's they were.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::map::TableName;

/// Rows of a step whose table is not known yet: a hundred times slower than usual, it still ends in half a second.
const UNKNOWN: u64 = 1_000;

/// Fewer say more about the transaction than about the rows.
const TELLING: u64 = 200;

/// What a step should take where nobody else is there: half of the 50 ms that its 99th percentile may, because disks are
/// not even.
pub const AIM: Duration = Duration::from_millis(22);

/// How many units would have taken `aim`, where so many took so long.
pub fn fits(units: u64, held: Duration, aim: Duration) -> u64 {
    let fits = u128::from(units) * aim.as_micros() / held.as_micros().max(1);
    u64::try_from(fits).unwrap_or(u64::MAX)
}

/// Of every table, the rows that took about as long as a step should.
#[derive(Debug, Default)]
pub struct Paces(Mutex<BTreeMap<TableName, u64>>);

impl Paces {
    pub fn of(&self, table: &TableName) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(table).copied().unwrap_or(UNKNOWN)
    }

    /// So many rows of the table were held for so long. Up to eight times as many the next time, down at once, but never
    /// to so few that nothing more could be learnt: a step may only have waited for somebody's lock.
    pub fn note(&self, table: &TableName, rows: u64, held: Duration) {
        if rows < TELLING {
            return;
        }
        let fits = fits(rows, held, AIM).clamp(TELLING, rows.saturating_mul(8));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(table.clone(), fits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_table_gets_small_steps_at_once_and_a_fast_one_larger_ones_by_and_by() {
        let (paces, table) = (Paces::default(), TableName::parse("db.orders").unwrap());
        assert_eq!(paces.of(&table), 1_000);
        paces.note(&table, 10, Duration::from_secs(1));
        assert_eq!(paces.of(&table), 1_000, "ten rows say nothing");
        paces.note(&table, 1_000, Duration::from_micros(10));
        assert_eq!(paces.of(&table), 8_000);
        paces.note(&table, 8_000, Duration::from_millis(220));
        assert_eq!(paces.of(&table), 800);
        paces.note(&table, 800, Duration::from_secs(5));
        assert_eq!(paces.of(&table), 200);
    }
}

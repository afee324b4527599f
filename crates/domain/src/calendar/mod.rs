//! Working days in mainland China, and the dates by which an answer is due.
//!
//! A plain weekend is a rest day unless the State Council's notice makes it a working day; a
//! weekday is a working day unless the notice gives it off. A year without a notice is marked
//! [`Standing::Provisional`] and counts the statutory days of the 2024 regulation only.

mod deadline;
mod years;

use jiff::civil::{Date, Weekday};

pub use deadline::{Deadline, Step, due, working_days_after, working_days_left};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Working,
    /// A Saturday or Sunday worked to make up for a bridge day.
    MakeUp,
    Weekend,
    Holiday,
}

impl Day {
    pub const fn is_working(self) -> bool {
        match self {
            Self::Working | Self::MakeUp => true,
            Self::Weekend | Self::Holiday => false,
        }
    }
}

/// Whether the year's calendar has been announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Published,
    Provisional,
}

pub fn day(date: Date) -> Day {
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let key = (date.month(), date.day());
    let year = years::find(date.year());
    let off = year.map_or(years::STATUTORY_FIXED, |year| year.off);
    let work = year.map_or(&[][..], |year| year.work);
    if off.iter().any(|(from, to)| *from <= key && key <= *to) {
        Day::Holiday
    } else if work.contains(&key) {
        Day::MakeUp
    } else if weekend {
        Day::Weekend
    } else {
        Day::Working
    }
}

pub fn standing(year: i16) -> Standing {
    match years::find(year) {
        Some(known) if known.published => Standing::Published,
        Some(_) | None => Standing::Provisional,
    }
}

/// The notice a year's calendar was taken from.
pub fn notice(year: i16) -> Option<&'static str> {
    years::find(year).map(|known| known.notice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn years_have_the_announced_number_of_working_days() {
        for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
            let mut count = 0;
            let mut at = date(year, 1, 1);
            while at.year() == year {
                count += i32::from(day(at).is_working());
                at = at.tomorrow().unwrap();
            }
            assert_eq!(count, expected, "{year}");
        }
    }
}

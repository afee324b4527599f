//! Working days in mainland China, and the dates by which an answer is due.
//!
//! A plain weekend is a rest day unless the State Council's notice makes it a working day; a
//! weekday is a working day unless the notice gives it off. A year without a notice is marked
//! [`Standing::Provisional`] and counts the statutory days of the 2024 regulation only.

mod announced;
mod deadline;
mod receipt;
mod years;

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

pub use announced::{Announced, Unreadable};
pub use deadline::{Deadline, Step};
pub use receipt::{DAYS_BACK, NotReceived, Receipt};

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

/// The years this product was built with, and those announced since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    announced: BTreeMap<i16, Announced>,
}

impl Calendar {
    pub fn new(announced: impl IntoIterator<Item = Announced>) -> Self {
        Self { announced: announced.into_iter().map(|year| (year.year(), year)).collect() }
    }

    pub fn day(&self, date: Date) -> Day {
        if let Some(next) = self.announced.get(&(date.year() + 1)).filter(|next| next.names(date)) {
            return next.day(date);
        }
        if let Some(year) = self.announced.get(&date.year()) {
            return year.day(date);
        }
        let key = (date.month(), date.day());
        let year = years::find(date.year());
        let off = year.map_or(years::STATUTORY_FIXED, |year| year.off);
        let work = year.map_or(&[][..], |year| year.work);
        if off.iter().any(|(from, to)| *from <= key && key <= *to) {
            Day::Holiday
        } else if work.contains(&key) {
            Day::MakeUp
        } else {
            plain(date)
        }
    }

    pub fn standing(&self, year: i16) -> Standing {
        match years::find(year) {
            _ if self.announced.contains_key(&year) => Standing::Published,
            Some(known) if known.published => Standing::Published,
            Some(_) | None => Standing::Provisional,
        }
    }

    /// The notice a year's calendar was taken from.
    pub fn notice(&self, year: i16) -> Option<&str> {
        let announced = self.announced.get(&year).map(Announced::notice);
        announced.or_else(|| years::find(year).filter(|known| known.published).map(|known| known.notice))
    }

    /// The year whose calendar is needed and has not been announced here: one a deadline of today reaches into, or
    /// the next one from November on, when the notice is out (2023-10-25, 2024-11-12, 2025-11-04).
    pub fn missing(&self, today: Date) -> Option<i16> {
        let next = if today.month() >= 11 { today.year() + 1 } else { today.year() };
        let reached = self.due(today).due.year().max(next);
        (today.year()..=reached).find(|year| self.standing(*year) == Standing::Provisional)
    }
}

/// A day no notice speaks of.
fn plain(date: Date) -> Day {
    match date.weekday() {
        Weekday::Saturday | Weekday::Sunday => Day::Weekend,
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => Day::Working,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn years_have_the_announced_number_of_working_days() {
        let calendar = Calendar::default();
        for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
            let mut count = 0;
            let mut at = date(year, 1, 1);
            while at.year() == year {
                count += i32::from(calendar.day(at).is_working());
                at = at.tomorrow().unwrap();
            }
            assert_eq!(count, expected, "{year}");
        }
    }

    #[test]
    fn a_notice_may_speak_of_the_december_before() {
        let text = "year = 2027\nnotice = \"x\"\noff = [\"2026-12-31..2027-01-02\"]\nwork = [\"2026-12-27\"]";
        let calendar = Calendar::new([Announced::parse(text).unwrap()]);
        assert_eq!(calendar.day(date(2026, 12, 31)), Day::Holiday);
        assert_eq!(calendar.day(date(2026, 12, 27)), Day::MakeUp);
        assert_eq!(calendar.day(date(2026, 10, 1)), Day::Holiday, "the rest of that year is as it was");
    }

    #[test]
    fn a_year_that_is_needed_and_unknown_is_told() {
        let calendar = Calendar::default();
        assert_eq!(calendar.missing(date(2026, 10, 31)), None);
        assert_eq!(calendar.missing(date(2026, 11, 1)), Some(2027));
        assert_eq!(calendar.missing(date(2030, 6, 1)), Some(2030));
        let known =
            Calendar::new(
                [Announced::parse("year = 2027\nnotice = \"x\"\noff = [\"2027-01-01\"]\nwork = []").unwrap()],
            );
        assert_eq!(known.missing(date(2026, 11, 26)), None);
    }
}

//! When something was received that staff write down: time runs from that day, not from the day it is written down.

use jiff::{Timestamp, ToSpan, civil::Date};

use crate::china;

/// So long a letter may have lain: with fifteen working days to answer, a longer time was over before it was written down.
pub const DAYS_BACK: i32 = 30;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Receipt {
    #[default]
    Now,
    /// On an earlier day, of which nobody knows the hour.
    On(Date),
}

/// Why a day cannot be the day of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReceived {
    Later,
    /// Before this day.
    TooLongAgo {
        earliest: Date,
    },
}

impl Receipt {
    /// `today` is the day in China.
    ///
    /// # Errors
    /// [`NotReceived`], for whoever writes it down to correct it.
    pub fn on(day: Date, today: Date) -> Result<Self, NotReceived> {
        let earliest = today.saturating_sub(DAYS_BACK.days());
        match day {
            day if day > today => Err(NotReceived::Later),
            day if day < earliest => Err(NotReceived::TooLongAgo { earliest }),
            day if day == today => Ok(Self::Now),
            day => Ok(Self::On(day)),
        }
    }

    /// The moment it is counted from: of an earlier day its beginning in China.
    pub fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::On(day) => china::midnight(day),
        }
    }

    /// The day, where it is an earlier one.
    pub const fn earlier(self) -> Option<Date> {
        match self {
            Self::Now => None,
            Self::On(day) => Some(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_letter_is_received_today_or_within_thirty_days_before() {
        let today = date(2026, 11, 26);
        assert_eq!(Receipt::on(today, today), Ok(Receipt::Now));
        assert_eq!(Receipt::on(date(2026, 11, 24), today), Ok(Receipt::On(date(2026, 11, 24))));
        assert_eq!(Receipt::on(date(2026, 10, 27), today), Ok(Receipt::On(date(2026, 10, 27))));
        let earliest = date(2026, 10, 27);
        assert_eq!(Receipt::on(date(2026, 10, 26), today), Err(NotReceived::TooLongAgo { earliest }));
        assert_eq!(Receipt::on(date(2026, 11, 27), today), Err(NotReceived::Later));
    }

    #[test]
    fn it_is_counted_from_the_beginning_of_the_day_in_china() {
        let now: Timestamp = "2026-11-26T10:00:00+08:00".parse().unwrap();
        let at = Receipt::On(date(2026, 11, 24)).at(now);
        assert_eq!(at, "2026-11-24T00:00:00+08:00".parse().unwrap());
        assert_eq!(Receipt::Now.at(now), now);
    }
}

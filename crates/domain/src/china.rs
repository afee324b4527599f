//! Days as they are in China, where the law's days are counted: UTC+8, without summer time since 1991.

use jiff::{Timestamp, civil::Date, tz};

/// The day it is at a moment.
pub fn day(at: Timestamp) -> Date {
    tz::offset(8).to_datetime(at).date()
}

/// When a day begins; the first moment there is for days before all moments.
pub fn midnight(day: Date) -> Timestamp {
    tz::offset(8).to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN)
}

/// When a day is over.
pub fn end(day: Date) -> Timestamp {
    day.tomorrow().map_or(Timestamp::MAX, midnight)
}

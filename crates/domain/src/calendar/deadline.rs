//! Fifteen working days: the limit of the app-violation method (国信办秘字〔2019〕191号) §6 for
//! correction, deletion and account cancellation that need manual work, verification included.
//! No rule lets a handler stop this clock.

use jiff::{ToSpan, civil::Date};

use super::{Calendar, Day, Standing};

pub(crate) const STATUTORY_WORKING_DAYS: u16 = 15;

/// A due date and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub received: Date,
    /// The answer is due by the end of this day, in China.
    pub due: Date,
    pub standing: Standing,
}

/// One day of the count, for the page that shows how a date was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub date: Date,
    pub day: Day,
    /// Which working day of the count this is; rest days have none.
    pub nth: Option<u32>,
}

impl Deadline {
    /// Every day from the one after receipt (Civil Code art. 201) to the due date.
    pub fn steps(&self, calendar: &Calendar) -> Vec<Step> {
        let mut nth = 0;
        self.received
            .series(1.day())
            .skip(1)
            .take_while(|date| *date <= self.due)
            .map(|date| {
                let day = calendar.day(date);
                let counted = day.is_working().then(|| {
                    nth += 1;
                    nth
                });
                Step { date, day, nth: counted }
            })
            .collect()
    }
}

impl Calendar {
    /// Fifteen working days after receipt. The day of receipt is not counted (Civil Code art. 201).
    pub fn due(&self, received: Date) -> Deadline {
        let date = self.working_days_after(received, STATUTORY_WORKING_DAYS);
        let standing = self.standing(received.year()).max(self.standing(date.year()));
        Deadline { received, due: date, standing }
    }

    /// The day so many working days after another.
    pub fn working_days_after(&self, from: Date, days: u16) -> Date {
        let mut date = from;
        let mut counted = 0;
        while counted < days {
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            counted += u16::from(self.day(date).is_working());
        }
        date
    }

    /// Working days from tomorrow to the due date; negative once it has passed.
    pub fn working_days_left(&self, today: Date, due: Date) -> i32 {
        let (from, to, sign) = if today <= due { (today, due, 1) } else { (due, today, -1) };
        let days = from.series(1.day()).skip(1).take_while(|date| *date <= to);
        sign * i32::try_from(days.filter(|date| self.day(*date).is_working()).count()).unwrap_or(i32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn the_vectors_of_the_law_reference_hold() {
        let vectors = "2024-01-31→2024-02-26 2024-04-26→2024-05-20 2024-09-12→2024-10-10 \
            2025-01-20→2025-02-14 2025-01-24→2025-02-20 2025-04-25→2025-05-20 2025-09-25→2025-10-22 \
            2025-12-20→2026-01-12 2026-02-09→2026-03-06 2026-02-13→2026-03-12 2026-02-14→2026-03-13 \
            2026-02-15→2026-03-13 2026-04-24→2026-05-19 2026-06-12→2026-07-06 2026-09-18→2026-10-15 \
            2026-09-24→2026-10-22 2026-11-23→2026-12-14 2026-12-11→2027-01-04";
        let vectors: Vec<_> = vectors.split_whitespace().collect();
        assert_eq!(vectors.len(), 18);
        for vector in vectors {
            let (received, expected) = vector.split_once('→').unwrap();
            let deadline = Calendar::default().due(received.parse().unwrap());
            assert_eq!(deadline.due.to_string(), expected, "received {received}");
            let provisional = deadline.standing == Standing::Provisional;
            assert_eq!(provisional, expected.starts_with("2027"), "{vector}");
        }
    }

    #[test]
    fn the_clock_runs_past_zero() {
        let due = date(2026, 12, 14);
        assert_eq!(Calendar::default().working_days_left(date(2026, 11, 23), due), 15);
        assert_eq!(Calendar::default().working_days_left(due, due), 0);
        assert_eq!(Calendar::default().working_days_left(date(2026, 12, 16), due), -2);
    }

    proptest! {
        #[test]
        fn a_deadline_is_a_working_day_and_shows_its_count(days in 0i32..1400) {
            let received = date(2023, 12, 1).checked_add(days.days()).unwrap();
            let calendar = Calendar::default();
            let deadline = calendar.due(received);
            prop_assert!(calendar.day(deadline.due).is_working());
            let steps = deadline.steps(&calendar);
            prop_assert_eq!(steps.last().and_then(|step| step.nth), Some(u32::from(STATUTORY_WORKING_DAYS)));
            prop_assert_eq!(Calendar::default().working_days_left(received, deadline.due), 15);
            // receiving a day later never makes an answer due earlier
            prop_assert!(calendar.due(received.tomorrow().unwrap()).due >= deadline.due);
        }
    }
}

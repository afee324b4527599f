//! Fifteen working days: the limit of the app-violation method (国信办秘字〔2019〕191号) §6 for
//! correction, deletion and account cancellation that need manual work, verification included.
//! No rule lets a handler stop this clock. Beside it stands the answer within thirty days, GB/T 35273-2020 §8.7 a), for
//! the rights of its §8.1 to §8.6: whichever is earlier is promised, for every kind of request.

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
    /// Days from receipt to the due date, whatever the calendar: each could have been worked,
    pub const AT_LEAST: i32 = STATUTORY_WORKING_DAYS as i32;
    /// and however long the holidays, an answer takes no longer.
    pub const AT_MOST: i32 = 30;

    /// The day nothing may go beyond: calendar days, rest days counted.
    pub fn outer_limit(&self) -> Date {
        self.received.saturating_add(Self::AT_MOST.days())
    }

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
    /// Fifteen working days after receipt, and no later than thirty days. The day of receipt is not counted (Civil Code
    /// art. 201).
    pub fn due(&self, received: Date) -> Deadline {
        let counted = self.working_days_after(received, STATUTORY_WORKING_DAYS);
        let standing = self.standing(received.year()).max(self.standing(counted.year()));
        let deadline = Deadline { received, due: counted, standing };
        Deadline { due: counted.min(deadline.outer_limit()), ..deadline }
    }

    /// What was promised stands, or comes earlier: nobody learns of a later date.
    pub fn still_due(&self, received: Date, promised: Date) -> Date {
        self.due(received).due.min(promised)
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

    /// The last day until which at most so many working days are left, rest days after it included.
    pub fn last_within(&self, today: Date, days: u16) -> Date {
        let beyond = self.working_days_after(today, days.saturating_add(1));
        beyond.yesterday().unwrap_or(beyond)
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
    use crate::calendar::Announced;
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
    fn thirty_days_are_the_outer_limit_around_the_long_holidays() {
        // received, promised, outer limit
        let vectors = "2024-01-31→2024-02-26→2024-03-01 2024-02-09→2024-03-07→2024-03-10 2025-01-24→2025-02-20→2025-02-23 \
            2025-01-27→2025-02-24→2025-02-26 2026-02-13→2026-03-12→2026-03-15 2026-02-14→2026-03-13→2026-03-16 \
            2024-09-13→2024-10-11→2024-10-13 2025-09-25→2025-10-22→2025-10-25 2026-09-24→2026-10-22→2026-10-24 \
            2026-09-30→2026-10-27→2026-10-30";
        for vector in vectors.split_whitespace() {
            let days: Vec<Date> = vector.split('→').map(|day| day.parse().unwrap()).collect();
            let deadline = Calendar::default().due(days[0]);
            assert_eq!([deadline.received, deadline.due, deadline.outer_limit()], days[..], "{vector}");
        }
        let longer = "year = 2027\nnotice = \"x\"\noff = [\"2027-02-04..2027-02-25\"]\nwork = []";
        let calendar = Calendar::new([Announced::parse(longer).unwrap()]);
        let deadline = calendar.due(date(2027, 2, 3));
        assert_eq!(deadline.due, date(2027, 3, 5), "fifteen working days would be 18 March");
        let counted = deadline.steps(&calendar).iter().filter_map(|step| step.nth).max();
        assert_eq!(counted, Some(6), "of fifteen");
    }

    #[test]
    fn the_clock_runs_past_zero() {
        let due = date(2026, 12, 14);
        assert_eq!(Calendar::default().working_days_left(date(2026, 11, 23), due), 15);
        assert_eq!(Calendar::default().working_days_left(due, due), 0);
        assert_eq!(Calendar::default().working_days_left(date(2026, 12, 16), due), -2);
    }

    #[test]
    fn what_is_due_within_days_is_what_has_so_many_left() {
        let calendar = Calendar::default();
        for (today, days) in [(date(2026, 11, 27), 1), (date(2026, 9, 24), 3), (date(2026, 2, 14), 5)] {
            let last = calendar.last_within(today, days);
            assert_eq!(calendar.working_days_left(today, last), i32::from(days), "{today}");
            assert_eq!(calendar.working_days_left(today, last.tomorrow().unwrap()), i32::from(days) + 1, "{today}");
        }
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
            let days = deadline.due.since(received).unwrap().get_days();
            prop_assert!((Deadline::AT_LEAST..=Deadline::AT_MOST).contains(&days));
            // receiving a day later never makes an answer due earlier
            prop_assert!(calendar.due(received.tomorrow().unwrap()).due >= deadline.due);
        }

        #[test]
        fn nothing_is_promised_beyond_the_outer_limit_and_no_notice_moves_it_back(
            day in 0i32..700,
            off in proptest::collection::vec((0i32..365, 0i32..25), 0..6),
        ) {
            let received = date(2026, 6, 1).checked_add(day.days()).unwrap();
            let ranges = off.iter().map(|(from, long)| {
                let from = date(2027, 1, 1).checked_add(from.days()).unwrap();
                format!("\"{from}..{}\"", from.checked_add(long.days()).unwrap().min(date(2027, 12, 31)))
            });
            let ranges = ranges.collect::<Vec<_>>().join(", ");
            let notice = Announced::parse(&format!("year = 2027\nnotice = \"x\"\noff = [{ranges}]")).unwrap();
            let (before, after) = (Calendar::default(), Calendar::new([notice]));
            let promised = before.due(received);
            prop_assert!(promised.due <= promised.outer_limit() && after.due(received).due <= promised.outer_limit());
            let still = after.still_due(received, promised.due);
            prop_assert!(still <= promised.due && still <= after.due(received).due);
            prop_assert!(still >= received.saturating_add(Deadline::AT_LEAST.days()));
        }
    }
}

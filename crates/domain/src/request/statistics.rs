//! How a year's requests went: what a company has to be able to show (Order 790 art. 44; audit measures, annex §27).

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use super::{RefusalCode, RequestKind, Stage};
use crate::{calendar::Calendar, china};

/// Requests of one kind, or of one month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub received: u64,
    pub open: u64,
    /// Of the open ones, those whose day has passed: they count against what is on time.
    pub overdue: u64,
    /// Answered by the day that was promised, refusals included.
    pub on_time: u64,
    pub late: u64,
    /// Of the answered.
    pub refused: u64,
    /// Taken back: neither on time nor late.
    pub cancelled: u64,
    /// How many were answered after so many working days.
    days: BTreeMap<u32, u64>,
}

/// One year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub all: Tally,
    pub by_kind: BTreeMap<RequestKind, Tally>,
    /// By month of receipt, January first.
    pub by_month: [Tally; 12],
    pub refusals: BTreeMap<RefusalCode, u64>,
}

/// One request, as far as it counts.
#[derive(Clone, Debug)]
pub struct Counted {
    pub kind: RequestKind,
    pub received_at: Timestamp,
    pub due: Date,
    pub stage: Stage,
}

impl Tally {
    fn add(&mut self, counted: &Counted, calendar: &Calendar, today: Date) {
        self.received += 1;
        match &counted.stage {
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::ApprovedOnce { .. }
            | Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Differs { .. } => {
                self.open += 1;
                self.overdue += u64::from(counted.due < today);
            }
            Stage::Cancelled { .. } => self.cancelled += 1,
            Stage::Completed { at, .. } | Stage::Answered { at, .. } => self.answered(counted, *at, calendar),
            Stage::Refused { at, .. } => {
                self.refused += 1;
                self.answered(counted, *at, calendar);
            }
        }
    }

    fn answered(&mut self, counted: &Counted, at: Timestamp, calendar: &Calendar) {
        let (received, answered) = (china::day(counted.received_at), china::day(at));
        if answered <= counted.due {
            self.on_time += 1;
        } else {
            self.late += 1;
        }
        let days = u32::try_from(calendar.working_days_left(received, answered)).unwrap_or(0);
        *self.days.entry(days).or_default() += 1;
    }

    pub const fn answers(&self) -> u64 {
        self.on_time + self.late
    }

    /// Of what was answered or should have been, in whole percent, rounded down: 99 is not 100. Nothing where there is
    /// neither.
    pub const fn percent_on_time(&self) -> Option<u64> {
        match self.answers() + self.overdue {
            0 => None,
            should => Some(self.on_time * 100 / should),
        }
    }

    /// Half of the answers took so many working days or fewer.
    pub fn median_days(&self) -> Option<u32> {
        let half = self.answers().div_ceil(2);
        let mut passed = 0;
        self.days.iter().find_map(|(days, answers)| {
            passed += answers;
            (passed >= half).then_some(*days)
        })
    }
}

impl Statistics {
    /// As it stands today.
    pub fn add(&mut self, counted: &Counted, calendar: &Calendar, today: Date) {
        self.all.add(counted, calendar, today);
        self.by_kind.entry(counted.kind).or_default().add(counted, calendar, today);
        let month = usize::try_from(china::day(counted.received_at).month() - 1).unwrap_or(0);
        if let Some(month) = self.by_month.get_mut(month) {
            month.add(counted, calendar, today);
        }
        if let Stage::Refused { code, .. } = counted.stage {
            *self.refusals.entry(code).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::ids::StaffId;

    fn at(day: Date) -> Timestamp {
        jiff::tz::offset(8).to_timestamp(day.at(23, 30, 0, 0)).unwrap()
    }

    fn counted(kind: RequestKind, received: Date, stage: Stage) -> Counted {
        Counted { kind, received_at: at(received), due: Calendar::default().due(received).due, stage }
    }

    #[test]
    fn a_year_is_counted_by_the_day_in_china() {
        let by = StaffId(Uuid::nil());
        let received = date(2026, 11, 2);
        let calendar = Calendar::default();
        let due = calendar.due(received).due;
        let answered = |day| Stage::Answered { at: at(day), by };
        let mut year = Statistics::default();
        for stage in [
            answered(date(2026, 11, 3)),
            answered(due),
            answered(due.tomorrow().unwrap()),
            Stage::Refused { at: at(date(2026, 11, 4)), by, code: RefusalCode::NoData },
            Stage::Cancelled { at: at(due) },
            Stage::Received { since: at(received) },
        ] {
            year.add(&counted(RequestKind::Complaint, received, stage), &calendar, due);
        }
        let all = &year.all;
        assert_eq!((all.received, all.open, all.on_time, all.late, all.refused, all.cancelled), (6, 1, 3, 1, 1, 1));
        assert_eq!(all.percent_on_time(), Some(75));
        assert_eq!(all.median_days(), Some(2), "1, 2, 15 and 16 working days");
        assert_eq!(year.by_month[10], *all);
        assert_eq!(year.by_kind[&RequestKind::Complaint], *all);
        assert_eq!(year.refusals[&RefusalCode::NoData], 1);
        assert_eq!(all.overdue, 0, "due today");
        let late = counted(RequestKind::Complaint, received, Stage::Received { since: at(received) });
        year.add(&late, &calendar, due.tomorrow().unwrap());
        assert_eq!((year.all.open, year.all.overdue), (2, 1));
        assert_eq!(year.all.percent_on_time(), Some(60), "3 of 4 answered, and one that should have been");
        assert_eq!((Tally::default().percent_on_time(), Tally::default().median_days()), (None, None));
    }
}

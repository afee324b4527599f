//! Which requests of the queue are wanted.

use domain::{
    calendar::{Calendar, Deadline},
    ids::StaffId,
    request::{RequestKind, Requester, StageName},
};
use jiff::{ToSpan, civil::Date};

/// Which requests of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub kind: Option<RequestKind>,
    pub whose: Whose,
    pub asked: Asked,
    /// It is of one view only: [`QueueView::of_state`](crate::requests::QueueView::of_state).
    pub state: Option<StageName>,
    pub due: Due,
    pub received: Received,
}

/// Who asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    #[default]
    ByAnyone,
    /// The person it is about.
    BySubject,
    /// A representative, or staff who wrote it down.
    ByAnother,
}

/// Whose work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    #[default]
    Anyones,
    Of(StaffId),
    Nobodys,
}

/// How soon an answer is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Soon {
    #[default]
    AnyTime,
    Overdue,
    Within5,
    Within3,
    Within1,
}

/// The same, with the days it is on the day somebody looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    pub soon: Soon,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// On which days it came, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Whose {
    /// As it stands in addresses and saved views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anyones => "",
            // Always one's own: nobody else's view is shown.
            Self::Of(_) => "mine",
            Self::Nobodys => "nobodys",
        }
    }

    /// `staff` is whoever looks.
    pub fn parse(text: &str, staff: StaffId) -> Self {
        match text {
            "mine" => Self::Of(staff),
            "nobodys" => Self::Nobodys,
            _ => Self::Anyones,
        }
    }
}

impl Asked {
    pub const ALL: [Self; 3] = domain::all![ByAnyone, BySubject, ByAnother];

    /// As it stands in addresses and saved views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ByAnyone => "",
            Self::BySubject => "subject",
            Self::ByAnother => "another",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|asked| asked.as_str() == text)
    }

    pub(crate) const fn of(requester: Requester) -> Self {
        match requester {
            Requester::Subject => Self::BySubject,
            Requester::Representative { .. } | Requester::Staff { .. } => Self::ByAnother,
        }
    }

    /// As it is stored; nothing to look for where it is anyone's.
    pub(crate) const fn by_another(self) -> Option<i32> {
        match self {
            Self::ByAnyone => None,
            Self::BySubject => Some(0),
            Self::ByAnother => Some(1),
        }
    }
}

impl Soon {
    pub const ALL: [Self; 5] = domain::all![AnyTime, Overdue, Within5, Within3, Within1];

    /// As it stands in addresses and saved views.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AnyTime => "",
            Self::Overdue => "overdue",
            Self::Within5 => "5",
            Self::Within3 => "3",
            Self::Within1 => "1",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|soon| soon.as_str() == text)
    }

    /// Which days that is today.
    pub fn on(self, today: Date, calendar: &Calendar) -> Due {
        let within = |days| (Some(today), Some(calendar.last_within(today, days)));
        let (from, to) = match self {
            Self::AnyTime => (None, None),
            Self::Overdue => (None, today.yesterday().ok()),
            Self::Within5 => within(5),
            Self::Within3 => within(3),
            Self::Within1 => within(1),
        };
        Due { soon: self, from, to }
    }
}

impl Received {
    /// Between which days an answer to such a request is due, whatever the calendar was.
    pub(super) fn due_between(self) -> (Option<Date>, Option<Date>) {
        let earliest = self.from.map(|day| day.saturating_add(Deadline::AT_LEAST.days()));
        let latest = self.to.map(|day| day.saturating_add(Deadline::AT_MOST.days()));
        (earliest, latest)
    }
}

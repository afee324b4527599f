//! How far a request has come. One stage says one thing the person can still do.
//!
//! Which event leads where is drawn in `docs/RIGHTS.md`, from [`Stage::next`] by a test of this file.
//!
//! Once something has run, nobody cancels a request. One that differs is refused only where nothing was changed, which
//! the ledger knows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{RefusalCode, Requester, Side};
use crate::ids::{RunId, StaffId};

/// Who allowed it: a person, or a rule: a correction with `correctable = "now"`, a withdrawal (PIPL art. 15), what stops
/// by the map's own words (art. 44), an account nothing stands against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum DecidedBy {
    Staff { id: StaffId },
    Rule,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// Waiting for an officer.
    Received {
        since: Timestamp,
    },
    /// Waiting for an answer of the side that was asked. The statutory clock does not stop.
    Asked {
        since: Timestamp,
        #[serde(default)]
        whom: Side,
    },
    /// One officer has approved; where the map says so, another must agree.
    ApprovedOnce {
        since: Timestamp,
        by: StaffId,
        plan: String,
        /// What was begun before and differed: part of it may be gone, and nobody can take it back any more.
        #[serde(default)]
        after: Option<RunId>,
    },
    Approved {
        since: Timestamp,
        decided: DecidedBy,
        plan: String,
    },
    Running {
        since: Timestamp,
        decided: DecidedBy,
        plan: String,
        run: RunId,
    },
    /// The data was no longer what had been approved. Waiting for an officer.
    Differs {
        since: Timestamp,
        run: RunId,
    },
    /// Done and shown to be done by a second look.
    Completed {
        at: Timestamp,
        run: RunId,
        rows_kept: u64,
    },
    /// Done by a person, who has written what was done.
    Answered {
        at: Timestamp,
        by: StaffId,
    },
    Refused {
        at: Timestamp,
        by: StaffId,
        code: RefusalCode,
    },
    Cancelled {
        at: Timestamp,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    Received,
    Asked,
    ApprovedOnce,
    Approved,
    Running,
    Differs,
    Completed,
    Answered,
    Refused,
    Cancelled,
}

/// How far it is, in a word for whoever follows it: of what waits for an officer twice in the same stage, which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody has looked yet at what shows who asks.
    EvidenceWaits,
    /// An account is to be closed, and can be kept for some days yet.
    Cooling,
    /// Those days are over, and it is not closed yet.
    Closing,
    At(StageName),
}

/// Who acts next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Officer,
    Customer,
    Machine,
    Nobody,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Ask {
        whom: Side,
    },
    Answer {
        by: Side,
    },
    ApproveFirst {
        by: StaffId,
        plan: String,
    },
    Approve {
        decided: DecidedBy,
        plan: String,
    },
    Refuse {
        by: StaffId,
        code: RefusalCode,
    },
    Settle {
        by: StaffId,
    },
    Start {
        run: RunId,
    },
    /// At its turn a program cannot or must not do it, and nothing was changed: back to an officer.
    Leave,
    Differ,
    Finish {
        rows_kept: u64,
    },
    Cancel,
}

/// An event that cannot happen in this stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Impossible {
    pub stage: StageName,
}

impl Stage {
    /// When it came to this.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Received { since: at }
            | Self::Asked { since: at, .. }
            | Self::ApprovedOnce { since: at, .. }
            | Self::Approved { since: at, .. }
            | Self::Running { since: at, .. }
            | Self::Differs { since: at, .. }
            | Self::Completed { at, .. }
            | Self::Answered { at, .. }
            | Self::Refused { at, .. }
            | Self::Cancelled { at } => *at,
        }
    }

    pub const fn name(&self) -> StageName {
        match self {
            Self::Received { .. } => StageName::Received,
            Self::Asked { .. } => StageName::Asked,
            Self::ApprovedOnce { .. } => StageName::ApprovedOnce,
            Self::Approved { .. } => StageName::Approved,
            Self::Running { .. } => StageName::Running,
            Self::Differs { .. } => StageName::Differs,
            Self::Completed { .. } => StageName::Completed,
            Self::Answered { .. } => StageName::Answered,
            Self::Refused { .. } => StageName::Refused,
            Self::Cancelled { .. } => StageName::Cancelled,
        }
    }

    pub const fn status(&self, requester: Requester) -> Status {
        match self {
            Self::Received { .. } if requester.waits_for_check() => Status::EvidenceWaits,
            Self::Received { .. }
            | Self::Asked { .. }
            | Self::ApprovedOnce { .. }
            | Self::Approved { .. }
            | Self::Running { .. }
            | Self::Differs { .. }
            | Self::Completed { .. }
            | Self::Answered { .. }
            | Self::Refused { .. }
            | Self::Cancelled { .. } => Status::At(self.name()),
        }
    }

    /// The stage after `event`, or why there is none.
    pub fn next(self, event: Event, now: Timestamp) -> Result<Self, Impossible> {
        let stage = self.name();
        match (self, event) {
            (Self::Received { .. } | Self::ApprovedOnce { .. } | Self::Differs { .. }, Event::Ask { whom }) => {
                Ok(Self::Asked { since: now, whom })
            }
            // Of two sides only the one that was asked.
            (Self::Asked { whom, .. }, Event::Answer { by }) if whom == by => Ok(Self::Received { since: now }),
            (Self::Received { .. } | Self::Asked { .. } | Self::Differs { .. }, Event::Approve { decided, plan }) => {
                Ok(Self::Approved { since: now, decided, plan })
            }
            (Self::Received { .. } | Self::Asked { .. }, Event::ApproveFirst { by, plan }) => {
                Ok(Self::ApprovedOnce { since: now, by, plan, after: None })
            }
            (Self::Differs { run, .. }, Event::ApproveFirst { by, plan }) => {
                Ok(Self::ApprovedOnce { since: now, by, plan, after: Some(run) })
            }
            // The same plan, by somebody else.
            (Self::ApprovedOnce { by: first, plan: seen, .. }, Event::Approve { decided, plan })
                if plan == seen && decided != (DecidedBy::Staff { id: first }) =>
            {
                Ok(Self::Approved { since: now, decided, plan })
            }
            (
                Self::Received { .. }
                | Self::Asked { .. }
                | Self::Differs { .. }
                | Self::ApprovedOnce { after: None, .. },
                Event::Refuse { by, code },
            ) => Ok(Self::Refused { at: now, by, code }),
            (Self::Received { .. } | Self::Asked { .. }, Event::Settle { by }) => Ok(Self::Answered { at: now, by }),
            // What is handed out by two: another than the first.
            (Self::ApprovedOnce { by: first, after: None, .. }, Event::Settle { by }) if by != first => {
                Ok(Self::Answered { at: now, by })
            }
            (Self::Approved { decided, plan, .. }, Event::Start { run }) => {
                Ok(Self::Running { since: now, decided, plan, run })
            }
            (Self::Approved { .. }, Event::Leave) => Ok(Self::Received { since: now }),
            (Self::Running { run, .. }, Event::Differ) => Ok(Self::Differs { since: now, run }),
            (Self::Running { run, .. }, Event::Finish { rows_kept }) => Ok(Self::Completed { at: now, run, rows_kept }),
            (
                Self::Received { .. }
                | Self::Asked { .. }
                | Self::ApprovedOnce { after: None, .. }
                | Self::Approved { .. },
                Event::Cancel,
            ) => Ok(Self::Cancelled { at: now }),
            (_, _) => Err(Impossible { stage }),
        }
    }

    /// Who agreed first and to which plan, where another has to agree as well.
    pub fn first_of_two(&self) -> Option<(StaffId, &str)> {
        match self {
            Self::ApprovedOnce { by, plan, .. } => Some((*by, plan)),
            Self::Received { .. }
            | Self::Asked { .. }
            | Self::Approved { .. }
            | Self::Running { .. }
            | Self::Differs { .. }
            | Self::Completed { .. }
            | Self::Answered { .. }
            | Self::Refused { .. }
            | Self::Cancelled { .. } => None,
        }
    }

    /// While nothing has run, the person may still take it back.
    pub const fn can_cancel(&self) -> bool {
        match self {
            Self::Received { .. }
            | Self::Asked { .. }
            | Self::ApprovedOnce { after: None, .. }
            | Self::Approved { .. } => true,
            Self::ApprovedOnce { .. }
            | Self::Running { .. }
            | Self::Differs { .. }
            | Self::Completed { .. }
            | Self::Answered { .. }
            | Self::Refused { .. }
            | Self::Cancelled { .. } => false,
        }
    }

    pub const fn waiting(&self) -> Waiting {
        self.name().waiting()
    }

    /// It is over, and was not carried out to its end by a program.
    pub const fn ends_unfinished(&self) -> bool {
        !self.is_open() && !matches!(self, Self::Completed { .. })
    }

    pub const fn is_open(&self) -> bool {
        self.name().is_open()
    }
}

impl StageName {
    pub const fn waiting(self) -> Waiting {
        match self {
            Self::Received | Self::ApprovedOnce | Self::Differs => Waiting::Officer,
            Self::Asked => Waiting::Customer,
            Self::Approved | Self::Running => Waiting::Machine,
            Self::Completed | Self::Answered | Self::Refused | Self::Cancelled => Waiting::Nobody,
        }
    }

    pub const fn is_open(self) -> bool {
        !matches!(self.waiting(), Waiting::Nobody)
    }

    /// Nobody has decided yet, or what was decided has to be decided again.
    pub const fn is_undecided(self) -> bool {
        match self {
            Self::Received | Self::Asked | Self::ApprovedOnce | Self::Differs => true,
            Self::Approved | Self::Running | Self::Completed | Self::Answered | Self::Refused | Self::Cancelled => {
                false
            }
        }
    }

    pub const ALL: [Self; 10] =
        all![Received, Asked, ApprovedOnce, Approved, Running, Differs, Completed, Answered, Refused, Cancelled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Asked => "asked",
            Self::ApprovedOnce => "approved_once",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Differs => "differs",
            Self::Completed => "completed",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::request::{Capacity, Checked};
    use uuid::Uuid;

    fn stages() -> Vec<Stage> {
        let now = Timestamp::UNIX_EPOCH;
        let decided = DecidedBy::Rule;
        let (run, by) = (RunId(Uuid::nil()), StaffId(Uuid::nil()));
        vec![
            Stage::Received { since: now },
            Stage::Asked { since: now, whom: Side::Asker },
            Stage::ApprovedOnce { since: now, by, plan: String::new(), after: None },
            Stage::Approved { since: now, decided, plan: String::new() },
            Stage::Running { since: now, decided, plan: String::new(), run },
            Stage::Differs { since: now, run },
            Stage::Completed { at: now, run, rows_kept: 0 },
            Stage::Answered { at: now, by },
            Stage::Refused { at: now, by, code: RefusalCode::NoData },
            Stage::Cancelled { at: now },
        ]
    }

    /// The whole machine, drawn: a change of it is seen in review.
    #[test]
    fn every_pair_of_stage_and_event() {
        let (by, another) = (StaffId(Uuid::nil()), StaffId(Uuid::max()));
        let events = || {
            vec![
                ("ask", Event::Ask { whom: Side::Asker }),
                ("answer", Event::Answer { by: Side::Asker }),
                ("approve first", Event::ApproveFirst { by, plan: String::new() }),
                ("approve", Event::Approve { decided: DecidedBy::Rule, plan: String::new() }),
                ("refuse", Event::Refuse { by, code: RefusalCode::NoData }),
                ("settle", Event::Settle { by: another }),
                ("start", Event::Start { run: RunId(Uuid::nil()) }),
                ("leave", Event::Leave),
                ("differ", Event::Differ),
                ("finish", Event::Finish { rows_kept: 0 }),
                ("cancel", Event::Cancel),
            ]
        };
        let mut ways: Vec<(&str, &str, Vec<&str>)> = Vec::new();
        for stage in stages() {
            let from = stage.name().as_str();
            for (name, event) in events() {
                let Ok(next) = stage.clone().next(event, Timestamp::UNIX_EPOCH) else { continue };
                let to = next.name().as_str();
                match ways.iter_mut().find(|way| (way.0, way.1) == (from, to)) {
                    Some((.., names)) => names.push(name),
                    None => ways.push((from, to, vec![name])),
                }
            }
        }
        let mut diagram = "```mermaid\nstateDiagram-v2\n    [*] --> received\n".to_owned();
        for (from, to, names) in ways {
            writeln!(diagram, "    {from} --> {to}: {}", names.join(", ")).unwrap();
        }
        for end in ["completed", "answered", "refused", "cancelled"] {
            writeln!(diagram, "    {end} --> [*]").unwrap();
        }
        diagram.push_str("```\n");
        let docs = include_str!("../../../../docs/RIGHTS.md");
        assert!(docs.contains(&diagram), "docs/RIGHTS.md draws another machine than this:\n{diagram}");
    }

    #[test]
    fn whoever_follows_it_reads_another_word_once_the_evidence_was_checked() {
        let staff = StaffId(Uuid::nil());
        let of = |checked| Requester::Representative { capacity: Capacity::Agent, checked };
        let received = Stage::Received { since: Timestamp::UNIX_EPOCH };
        assert_eq!(received.status(of(Checked::NotYet)), Status::EvidenceWaits);
        assert_eq!(received.status(of(Checked::Confirmed { staff })), Status::At(StageName::Received));
        assert_eq!(received.status(Requester::Subject), Status::At(StageName::Received));
        let asked = Stage::Asked { since: Timestamp::UNIX_EPOCH, whom: Side::Asker };
        assert_eq!(asked.status(of(Checked::NotYet)), Status::At(StageName::Asked), "theirs to answer");
    }

    #[test]
    fn only_the_side_that_was_asked_answers() {
        let now = Timestamp::UNIX_EPOCH;
        let asked = || Stage::Received { since: now }.next(Event::Ask { whom: Side::Subject }, now).unwrap();
        assert!(asked().next(Event::Answer { by: Side::Asker }, now).is_err());
        assert_eq!(asked().next(Event::Answer { by: Side::Subject }, now).unwrap().name(), StageName::Received);
        let before: Stage = serde_json::from_str(r#"{"stage":"asked","since":"2026-11-23T00:00:00Z"}"#).unwrap();
        assert!(matches!(before, Stage::Asked { whom: Side::Asker, .. }), "only whoever asks was told of a question");
    }

    #[test]
    fn nobody_approves_twice_and_nobody_another_plan() {
        let (first, second) = (StaffId(Uuid::nil()), StaffId(Uuid::max()));
        let now = Timestamp::UNIX_EPOCH;
        let once = || Stage::ApprovedOnce { since: now, by: first, plan: "seen".into(), after: None };
        let approve = |id, plan: &str| Event::Approve { decided: DecidedBy::Staff { id }, plan: plan.into() };
        assert!(once().next(approve(first, "seen"), now).is_err());
        assert!(once().next(approve(second, "another"), now).is_err());
        assert_eq!(once().next(approve(second, "seen"), now).unwrap().name(), StageName::Approved);
        // Part of it is done already: only on, not back.
        let begun = || {
            let differs = Stage::Differs { since: now, run: RunId(Uuid::nil()) };
            differs.next(Event::ApproveFirst { by: first, plan: "seen".into() }, now).unwrap()
        };
        assert!(!begun().can_cancel() && begun().next(Event::Cancel, now).is_err());
        assert!(begun().next(Event::Refuse { by: second, code: RefusalCode::NoData }, now).is_err());
    }

    #[test]
    fn what_is_over_stays_over() {
        for stage in stages().into_iter().filter(|stage| !stage.is_open()) {
            assert!(!stage.can_cancel());
            assert!(stage.next(Event::Cancel, Timestamp::UNIX_EPOCH).is_err());
        }
    }
}

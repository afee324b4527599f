//! The life of a version of the map, which is a version of the policy: proposed, approved by two people,
//! published, in force from its day. A published one never changes; a later one replaces it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::ids::StaffId;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum VersionStage {
    Proposed,
    /// One officer has read it. Another must.
    ApprovedOnce {
        by: StaffId,
        at: Timestamp,
    },
    Published {
        by: Publishers,
        at: Timestamp,
        effective: Date,
    },
    /// Taken back before it was published.
    Withdrawn {
        by: StaffId,
        at: Timestamp,
    },
}

/// Who published a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Publishers {
    /// The map a new portal was started with.
    FirstStart,
    Two {
        first: StaffId,
        second: StaffId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionEvent {
    /// The version says itself from which day; it cannot take effect before today.
    Approve {
        by: StaffId,
        wanted: Date,
        today: Date,
    },
    Withdraw {
        by: StaffId,
    },
}

/// Why a version does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPossible {
    /// The second approval must be another person's.
    SamePerson,
    /// It is published, or withdrawn.
    Settled,
}

impl VersionStage {
    pub fn next(&self, event: VersionEvent, at: Timestamp) -> Result<Self, NotPossible> {
        match (self, event) {
            (Self::Proposed, VersionEvent::Approve { by, .. }) => Ok(Self::ApprovedOnce { by, at }),
            (Self::ApprovedOnce { by: first, .. }, VersionEvent::Approve { by, .. }) if *first == by => {
                Err(NotPossible::SamePerson)
            }
            (Self::ApprovedOnce { by: first, .. }, VersionEvent::Approve { by, wanted, today }) => {
                Ok(Self::Published {
                    by: Publishers::Two { first: *first, second: by },
                    at,
                    effective: wanted.max(today),
                })
            }
            (Self::Proposed | Self::ApprovedOnce { .. }, VersionEvent::Withdraw { by }) => {
                Ok(Self::Withdrawn { by, at })
            }
            (Self::Published { .. } | Self::Withdrawn { .. }, _) => Err(NotPossible::Settled),
        }
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::ApprovedOnce { .. } => "approved_once",
            Self::Published { .. } => "published",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn two_people_publish_and_nothing_takes_effect_in_the_past() {
        let (li, wang) = (StaffId(uuid::Uuid::from_u128(1)), StaffId(uuid::Uuid::from_u128(2)));
        let at = Timestamp::UNIX_EPOCH;
        let approve = |by| VersionEvent::Approve { by, wanted: date(2026, 1, 1), today: date(2026, 11, 24) };
        let once = VersionStage::Proposed.next(approve(li), at).unwrap();
        assert_eq!(once.next(approve(li), at), Err(NotPossible::SamePerson));
        let published = once.next(approve(wang), at).unwrap();
        let VersionStage::Published { by, effective, .. } = &published else { panic!("{published:?}") };
        assert_eq!((by, effective), (&Publishers::Two { first: li, second: wang }, &date(2026, 11, 24)));
        assert_eq!(published.next(VersionEvent::Withdraw { by: li }, at), Err(NotPossible::Settled));
        let withdrawn = once.next(VersionEvent::Withdraw { by: li }, at).unwrap();
        assert_eq!(withdrawn.next(approve(wang), at), Err(NotPossible::Settled));
    }
}

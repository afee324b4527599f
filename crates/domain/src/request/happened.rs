//! What the history of a request is made of.

use serde::{Deserialize, Serialize};

use crate::{audit::Action, json};

/// One thing that happened, as it is stored and as the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    Filed,
    /// The map says that nobody needs to decide.
    ApprovedByRule,
    RequesterConfirmed,
    /// An officer saw whom it is about and what was handed in, before answering for who asks.
    PeopleCompared,
    RequestAsked,
    RequestAnswered,
    CorrectionWorkedOut,
    RecordsLeftOut,
    /// The plan was made by the data as it is: an officer had it made, or it was owed.
    PlannedAnew,
    RequestApprovedOnce,
    RequestApproved,
    RequestSettled,
    RequestRefused,
    RequestCancelled,
    RequestMerged,
    DueMoved,
    Started,
    /// Nothing is left that a program could do.
    LeftToOfficer,
    /// On its day something stood against closing an account.
    BlockedOnDay,
    /// A database could not be read when its turn came.
    UnreadAtItsTurn,
    /// The data was no longer what had been approved.
    Differs,
    Completed,
    /// Somebody confirmed what no program can do.
    TaskConfirmed,
    /// Everything outside the map was looked through.
    Rescanned,
    CopyBegun,
    CopyTaken,
    CopyEnded,
    TransferOpened,
    TransferFetched,
    HandingOutStopped,
    /// A message about it could not be sent, and is not tried again.
    NotDelivered,
}

impl Happened {
    /// As it is stored: the serde name.
    pub fn name(self) -> String {
        json::name(&self)
    }

    /// `None` for what a newer version wrote.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_value(text.into()).ok()
    }

    /// What the audit log calls it.
    pub const fn action(self) -> Action {
        match self {
            Self::Filed => Action::RequestFiled,
            Self::ApprovedByRule | Self::RequestApproved => Action::RequestApproved,
            Self::RequesterConfirmed => Action::RequesterConfirmed,
            Self::PeopleCompared => Action::RequestViewed,
            Self::RequestAsked => Action::RequestAsked,
            Self::RequestAnswered => Action::RequestAnswered,
            Self::CorrectionWorkedOut => Action::CorrectionWorkedOut,
            Self::RecordsLeftOut => Action::RecordsLeftOut,
            Self::PlannedAnew => Action::RequestPlanned,
            Self::RequestApprovedOnce => Action::RequestApprovedOnce,
            Self::RequestSettled => Action::RequestSettled,
            Self::RequestRefused => Action::RequestRefused,
            Self::RequestCancelled => Action::RequestCancelled,
            Self::RequestMerged => Action::RequestMerged,
            Self::DueMoved => Action::DueMoved,
            Self::Started => Action::RunStarted,
            Self::LeftToOfficer | Self::BlockedOnDay | Self::UnreadAtItsTurn | Self::Differs => Action::RunDiffers,
            Self::Completed => Action::RunFinished,
            Self::TaskConfirmed => Action::TaskConfirmed,
            Self::Rescanned => Action::Rescanned,
            Self::CopyBegun | Self::CopyTaken => Action::CopyTaken,
            Self::CopyEnded => Action::CopyEnded,
            Self::TransferOpened => Action::TransferOpened,
            Self::TransferFetched => Action::TransferFetched,
            Self::HandingOutStopped => Action::HandingOutStopped,
            Self::NotDelivered => Action::MessageNotDelivered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_as_what_it_was() {
        for (stored, happened) in [
            ("filed", Happened::Filed),
            ("people_compared", Happened::PeopleCompared),
            ("request_approved_once", Happened::RequestApprovedOnce),
            ("unread_at_its_turn", Happened::UnreadAtItsTurn),
        ] {
            assert_eq!((Happened::parse(stored), happened.name().as_str()), (Some(happened), stored));
        }
        assert_eq!(Happened::parse("of_a_newer_version"), None);
    }
}

//! What an entry is about, to look for it.

use super::Action;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    SignIns,
    /// Who looked at somebody's data.
    Looks,
    Requests,
    Copies,
    /// What was done in the company's databases.
    Runs,
    Holds,
    Policy,
    /// Accounts of staff, programs and other systems.
    Accounts,
}

impl Group {
    pub const ALL: [Self; 8] = all![SignIns, Looks, Requests, Copies, Runs, Holds, Policy, Accounts];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Looks => "looks",
            Self::Requests => "requests",
            Self::Copies => "copies",
            Self::Runs => "runs",
            Self::Holds => "holds",
            Self::Policy => "policy",
            Self::Accounts => "accounts",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == text)
    }

    pub fn actions(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| action.group() == self)
    }
}

impl Action {
    pub const ALL: [Self; 80] = all![
        CustomerSignedIn,
        CustomerRevealed,
        CopyTaken,
        CopyAsked,
        CopyPrepared,
        CopyEnded,
        StaffSignedIn,
        StaffSignInFailed,
        StaffEnrolled,
        StaffAdded,
        StaffLeft,
        StaffRenewed,
        StaffPasswordChanged,
        StaffPasswordRefused,
        ProgramAdded,
        ProgramRemoved,
        WebhookAdded,
        WebhookRemoved,
        WebhookReplayed,
        HandOverMade,
        HandedOver,
        RequestFiled,
        RequestViewed,
        RequestRevealed,
        RecipientSaw,
        OwnerSaw,
        RequestAsked,
        TransferOpened,
        TransferFetched,
        HandingOutStopped,
        RequesterConfirmed,
        FileOpened,
        RequestAssigned,
        RequestPassedOn,
        RequestMerged,
        RequestNoted,
        PersonSearched,
        RequestAnswered,
        UnlockAsked,
        UnlockGranted,
        UnlockedSeen,
        RequestPlanned,
        RequestApprovedOnce,
        RequestApproved,
        RequestSettled,
        CorrectionWorkedOut,
        RecordsLeftOut,
        RequestRefused,
        RequestCancelled,
        TransitionRefused,
        RunStarted,
        RunDiffers,
        RunFinished,
        RetentionRun,
        HoldPlaced,
        HoldReviewed,
        HoldReleased,
        RuleStopped,
        RuleReleaseAsked,
        RuleReleased,
        MapInForce,
        CalendarImported,
        DueMoved,
        Reminded,
        PolicyProposed,
        PolicyApproved,
        PolicyPublished,
        PolicyWithdrawn,
        PolicyTold,
        ConsentAnswered,
        TaskConfirmed,
        RecipientTold,
        RecipientReminded,
        RecipientsOfPart,
        RecipientConfirmed,
        DriftFound,
        RescanAsked,
        Rescanned,
        Replayed,
        MessageNotDelivered
    ];

    /// As it was stored; nothing for what this version does not know.
    pub fn parse(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    pub const fn group(self) -> Group {
        match self {
            Self::CustomerSignedIn
            | Self::StaffSignedIn
            | Self::StaffSignInFailed
            | Self::StaffEnrolled
            | Self::HandOverMade
            | Self::HandedOver => Group::SignIns,
            Self::CustomerRevealed
            | Self::RequestViewed
            | Self::RequestRevealed
            | Self::RecipientSaw
            | Self::OwnerSaw
            | Self::FileOpened
            | Self::PersonSearched
            | Self::UnlockAsked
            | Self::UnlockGranted
            | Self::UnlockedSeen => Group::Looks,
            Self::RequestFiled
            | Self::RequestAsked
            | Self::RequesterConfirmed
            | Self::RequestAssigned
            | Self::RequestPassedOn
            | Self::RequestMerged
            | Self::RequestNoted
            | Self::RequestAnswered
            | Self::RequestPlanned
            | Self::RequestApprovedOnce
            | Self::RequestApproved
            | Self::RequestSettled
            | Self::CorrectionWorkedOut
            | Self::RecordsLeftOut
            | Self::RequestRefused
            | Self::RequestCancelled
            | Self::TransitionRefused
            | Self::DueMoved
            | Self::Reminded
            | Self::ConsentAnswered
            | Self::TaskConfirmed
            | Self::RecipientTold
            | Self::RecipientReminded
            | Self::RecipientsOfPart
            | Self::RecipientConfirmed
            | Self::MessageNotDelivered => Group::Requests,
            Self::CopyTaken
            | Self::CopyAsked
            | Self::CopyPrepared
            | Self::CopyEnded
            | Self::TransferOpened
            | Self::TransferFetched
            | Self::HandingOutStopped => Group::Copies,
            Self::RunStarted
            | Self::RunDiffers
            | Self::RunFinished
            | Self::RetentionRun
            | Self::RuleStopped
            | Self::RuleReleaseAsked
            | Self::RuleReleased
            | Self::RescanAsked
            | Self::Rescanned
            | Self::Replayed => Group::Runs,
            Self::HoldPlaced | Self::HoldReviewed | Self::HoldReleased => Group::Holds,
            Self::MapInForce
            | Self::CalendarImported
            | Self::PolicyProposed
            | Self::PolicyApproved
            | Self::PolicyPublished
            | Self::PolicyWithdrawn
            | Self::PolicyTold
            | Self::DriftFound => Group::Policy,
            Self::StaffAdded
            | Self::StaffLeft
            | Self::StaffRenewed
            | Self::StaffPasswordChanged
            | Self::StaffPasswordRefused
            | Self::ProgramAdded
            | Self::ProgramRemoved
            | Self::WebhookAdded
            | Self::WebhookRemoved
            | Self::WebhookReplayed => Group::Accounts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_in_a_group() {
        for action in Action::ALL {
            assert_eq!(Action::parse(&action.name()), Some(action));
            assert!(action.group().actions().any(|other| other == action));
        }
        assert_eq!(Action::parse("of_tomorrow"), None);
    }
}

//! Where the whole of a message is read.

use service::Notice;

use crate::paths;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// In the message.
    Here,
    /// At this path, by anyone.
    At(String),
    /// By the person, who signs in the way their request was filed: signed in otherwise they do not find it.
    SignedIn,
    /// By somebody of the company's.
    AtWork,
}

impl Read {
    pub(super) fn of(notice: &Notice) -> Self {
        match notice {
            Notice::Code | Notice::CodeToNew => Self::Here,
            Notice::PolicyChanged { hash, .. } => Self::At(paths::version_changes(hash)),
            Notice::CopyTaken => Self::At(paths::RIGHTS.to_owned()),
            Notice::Task { .. }
            | Notice::Recipient { .. }
            | Notice::RecipientAgain { .. }
            | Notice::DueSoon { .. }
            | Notice::RulesStopped { .. } => Self::AtWork,
            Notice::Received { .. }
            | Notice::ReceivedClosing { .. }
            | Notice::WrittenDown { .. }
            | Notice::Asked { .. }
            | Notice::Approved { .. }
            | Notice::Refused { .. }
            | Notice::Cancelled { .. }
            | Notice::AskedForYou { .. }
            | Notice::Merged { .. }
            | Notice::CopyReady { .. }
            | Notice::CopyFailed
            | Notice::ConsentCarriedOut { .. }
            | Notice::AgreedReady { .. }
            | Notice::AgreedTaken { .. }
            | Notice::AgreedFailed { .. }
            | Notice::Answered { .. }
            | Notice::Completed { .. } => Self::SignedIn,
        }
    }
}

use domain::{permit::Denied, request::StageName};
use sources::{NoUrl, SourceError};
use store::StoreError;

/// Why something was not done. Each has a page that says so in plain words.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A version of the map came into force that this portal has no address for.
    #[error(transparent)]
    NoUrl(#[from] NoUrl),
    #[error("not permitted")]
    Denied(Denied),
    /// What was asked for is not there, or not for whoever asked.
    #[error("not found")]
    NotFound,
    /// The portal's own work needs it: nobody has asked for it.
    #[error("{what} must be there and is not")]
    Inconsistent { what: &'static str },
    /// The request has moved on; what was asked is no longer possible.
    #[error("not possible while the request is {stage:?}")]
    TooLate { stage: StageName },
    /// Nothing of it is handed out now, or not to them; the page of their request says what became of it.
    #[error("nothing is handed out")]
    NotHandedOut,
    /// Somebody decided at the same moment and was first.
    #[error("somebody else was first")]
    Overtaken,
    /// The plan that was approved is not the one that is frozen now.
    #[error("the plan has changed since it was shown")]
    PlanChanged,
    /// The second approval must be another person's.
    #[error("a second person must approve")]
    SecondPerson,
    /// As often as anybody may in a day.
    #[error("too often")]
    TooOften,
    /// Nobody has looked yet at what a representative handed in.
    #[error("the requester has not been checked yet")]
    NotChecked,
    /// A question is open, or the person has said something, that whoever decides has not read.
    #[error("something said has not been heeded")]
    NotHeeded,
    /// Something of the person's has to be settled before their account can be closed.
    #[error("something stands against closing the account")]
    Blocked,
    /// There is no account to close, or none that can be told to be theirs.
    #[error("there is no account to close")]
    NoAccount,
    #[error("the lease of this job has gone to another worker")]
    LeaseLost,
    /// A database came back without what it had said it committed; the run goes on from the receipts.
    #[error("a database has lost steps")]
    LostSteps,
    #[error("another process is doing this at the moment")]
    AlreadyRunning,
    #[error("the password could not be hashed")]
    Hashing,
    #[error("no randomness could be had from the system")]
    NoRandomness,
}

impl From<Denied> for ServiceError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl ServiceError {
    /// A decision the stage allows, and that was kept back all the same.
    pub(crate) const fn keeps_a_decision(&self) -> bool {
        matches!(self, Self::PlanChanged | Self::SecondPerson | Self::NotChecked | Self::NotHeeded)
    }

    /// A code for ledgers and metrics.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(StoreError::Full) => "portal_full",
            Self::Store(StoreError::Busy) => "portal_busy",
            Self::Store(_) => "portal",
            Self::Source(error) => error.code(),
            Self::NoUrl(_) => "no_url",
            Self::Denied(_) => "denied",
            Self::NotFound => "not_found",
            Self::Inconsistent { .. } => "inconsistent",
            Self::TooLate { .. } => "too_late",
            Self::NotHandedOut => "not_handed_out",
            Self::Overtaken => "overtaken",
            Self::PlanChanged => "plan_changed",
            Self::SecondPerson => "second_person",
            Self::TooOften => "too_often",
            Self::NotChecked => "not_checked",
            Self::NotHeeded => "not_heeded",
            Self::Blocked => "blocked",
            Self::NoAccount => "no_account",
            Self::LeaseLost => "lease_lost",
            Self::LostSteps => "lost_steps",
            Self::AlreadyRunning => "already_running",
            Self::Hashing => "hashing",
            Self::NoRandomness => "no_randomness",
        }
    }
}

/// A lost race for a version is what the person sees as "somebody else was first".
pub(crate) fn overtaken(error: StoreError) -> ServiceError {
    match error {
        StoreError::Conflict { .. } => ServiceError::Overtaken,
        StoreError::Unreachable
        | StoreError::Busy
        | StoreError::Full
        | StoreError::Inconsistent { .. }
        | StoreError::Report { .. }
        | StoreError::Other { .. } => ServiceError::Store(error),
    }
}

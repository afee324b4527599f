//! The audit log: a chain in which each entry carries the hash of the one before. No personal
//! data; people are named by the ids of their requests.
//!
//! `hash = SHA-256(0x00 ‖ previous hash ‖ canonical JSON of the entry)`. The leading zero keeps a
//! leaf apart from an inner node when the same hashes become a Merkle tree (RFC 9162 §2.1).

mod group;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::group::Group;
use crate::{
    actor::{Actor, Program, Staff},
    ids::StaffId,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    CustomerSignedIn,
    CustomerRevealed,
    /// A copy of everything was begun to be read.
    CopyTaken,
    /// A copy that is kept until it is downloaded: asked for, ready, and gone, with why.
    CopyAsked,
    CopyPrepared,
    CopyEnded,
    StaffSignedIn,
    StaffSignInFailed,
    StaffEnrolled,
    StaffAdded,
    /// An account was closed.
    StaffLeft,
    /// Both factors of an account begin anew.
    StaffRenewed,
    /// Staff changed their own password, or tried to without the old one or a code.
    StaffPasswordChanged,
    StaffPasswordRefused,
    /// A program was given a key, or lost it.
    ProgramAdded,
    ProgramRemoved,
    /// Where other systems are told of changes.
    WebhookAdded,
    WebhookRemoved,
    WebhookReplayed,
    /// A program, or a token of the company's app, made an address to arrive at signed in.
    HandOverMade,
    /// Somebody signed in by a hand-over of the company's own app, or through its identity provider.
    HandedOver,
    RequestFiled,
    RequestViewed,
    /// Staff saw a value in full: which, and the code of the reason, stand with it.
    RequestRevealed,
    /// A recipient saw by its link whose data it is about; likewise whoever answers for a system.
    RecipientSaw,
    OwnerSaw,
    RequestAsked,
    /// The person made an address for another handler, which fetched it.
    TransferOpened,
    TransferFetched,
    /// A copy or a transfer that was agreed to was stopped before it was handed out.
    HandingOutStopped,
    /// Somebody looked at what a representative handed in and answers for it.
    RequesterConfirmed,
    /// Staff opened a file that belongs to a request.
    FileOpened,
    /// An officer took it over, or gave it back.
    RequestAssigned,
    /// An officer passed it on to a colleague.
    RequestPassedOn,
    /// Closed as the same as another.
    RequestMerged,
    /// A note for other officers.
    RequestNoted,
    /// An officer looked for somebody's requests.
    PersonSearched,
    RequestAnswered,
    /// What is locked away for a request: one officer asked to open it, another agreed, and it was looked at.
    UnlockAsked,
    UnlockGranted,
    UnlockedSeen,
    /// An officer had its plan made anew, from the data as it is.
    RequestPlanned,
    RequestApprovedOnce,
    RequestApproved,
    /// Answered in words by whoever did what was asked.
    RequestSettled,
    /// What is to be corrected for somebody was worked out from words.
    CorrectionWorkedOut,
    /// Records were found not to be the person's whose deletion it is.
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
    /// A rule of the night would take too much and waits.
    RuleStopped,
    /// One officer wants it let go, and another has to agree.
    RuleReleaseAsked,
    RuleReleased,
    MapInForce,
    /// A year's calendar was taken over, and a promised date moved to an earlier day by it.
    CalendarImported,
    DueMoved,
    /// Officers were reminded of dates that come close.
    Reminded,
    /// A new version of the map, and so of the policy, waits for approval.
    PolicyProposed,
    PolicyApproved,
    PolicyPublished,
    PolicyWithdrawn,
    /// People were told of a change.
    PolicyTold,
    ConsentAnswered,
    /// Somebody confirmed what no program can do.
    TaskConfirmed,
    /// A recipient was told by hand what was done; one has done their part.
    RecipientTold,
    /// One was written to again, as no answer came; those of a part that went were written to.
    RecipientReminded,
    RecipientsOfPart,
    RecipientConfirmed,
    DriftFound,
    /// An officer wants everything outside the map looked through for someone who was erased, and it was.
    RescanAsked,
    Rescanned,
    /// An erasure or a correction was done again after a backup was restored.
    Replayed,
    /// A message about a request could not be sent, and is not tried again.
    MessageNotDelivered,
}

impl Action {
    /// As it is stored: the serde name.
    pub fn name(self) -> String {
        crate::json::name(&self)
    }
}

/// Who did it, without saying who they are.
pub fn actor_name(actor: &Actor) -> String {
    match actor {
        Actor::Visitor => "visitor".to_owned(),
        Actor::Customer(_) => "customer".to_owned(),
        Actor::Staff(Staff { id, .. }) => format!("staff:{id}"),
        Actor::Program(Program { id, .. }) => format!("program:{id}"),
        Actor::System => "system".to_owned(),
    }
}

/// Whose entries somebody looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoughtActor {
    System,
    Customer,
    Visitor,
    /// A member of staff or a program.
    Named(StaffId),
}

impl SoughtActor {
    /// As it stands in addresses.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "system" => Some(Self::System),
            "customer" => Some(Self::Customer),
            "visitor" => Some(Self::Visitor),
            other => other.parse().ok().map(Self::Named),
        }
    }

    /// As entries name them.
    pub fn names(self) -> Vec<String> {
        match self {
            Self::System | Self::Customer | Self::Visitor => vec![self.to_string()],
            Self::Named(id) => vec![format!("staff:{id}"), format!("program:{id}")],
        }
    }
}

impl std::fmt::Display for SoughtActor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Customer => f.write_str("customer"),
            Self::Visitor => f.write_str("visitor"),
            Self::Named(id) => write!(f, "{id}"),
        }
    }
}

/// What is hashed, and stored column by column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub seq: i64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    /// What it was done to: a request number, a run, a staff account.
    pub object: String,
    /// Counts, codes and digests.
    pub detail: serde_json::Value,
}

pub const GENESIS: [u8; 32] = [0; 32];

impl Entry {
    pub fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(previous);
        hasher.update(crate::json::bytes(self));
        hasher.finalize().into()
    }
}

/// What is wrong with a chain, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The entry with this number is missing, or entries were exchanged.
    Missing { expected: i64, found: i64 },
    /// The entry's content is not what was hashed.
    Changed { seq: i64 },
    /// The log ends before the entry it is known to have reached.
    CutOff { last: i64, expected: i64 },
    /// The mark of the last entry is missing or was not written by this portal.
    NoMark,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing { expected, found } => {
                write!(f, "entry {expected} is missing: entry {found} stands in its place")
            }
            Self::Changed { seq } => write!(f, "entry {seq} was changed after it was written"),
            Self::CutOff { last, expected } => {
                write!(f, "the log ends at entry {last} but had reached entry {expected}")
            }
            Self::NoMark => f.write_str("the mark of the last entry is missing or forged"),
        }
    }
}

/// Walks a chain entry by entry.
#[derive(Clone, Debug)]
pub struct Verifier {
    next: i64,
    previous: [u8; 32],
}

impl Default for Verifier {
    fn default() -> Self {
        Self { next: 1, previous: GENESIS }
    }
}

impl Verifier {
    pub fn check(&mut self, entry: &Entry, stored: &[u8]) -> Result<(), Broken> {
        if entry.seq != self.next {
            return Err(Broken::Missing { expected: self.next, found: entry.seq });
        }
        let hash = entry.hash(&self.previous);
        if hash.as_slice() != stored {
            return Err(Broken::Changed { seq: entry.seq });
        }
        self.next += 1;
        self.previous = hash;
        Ok(())
    }

    /// The number of the last entry checked and its hash.
    pub const fn last(&self) -> (i64, [u8; 32]) {
        (self.next - 1, self.previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(n: i64) -> Vec<(Entry, [u8; 32])> {
        let mut previous = GENESIS;
        (1..=n)
            .map(|seq| {
                let entry = Entry {
                    seq,
                    at: Timestamp::UNIX_EPOCH,
                    actor: "system".into(),
                    action: Action::RunFinished.name(),
                    object: format!("run {seq}"),
                    detail: serde_json::json!({ "rows": seq }),
                };
                previous = entry.hash(&previous);
                (entry, previous)
            })
            .collect()
    }

    fn verify(chain: &[(Entry, [u8; 32])]) -> Result<(i64, [u8; 32]), Broken> {
        let mut verifier = Verifier::default();
        for (entry, hash) in chain {
            verifier.check(entry, hash)?;
        }
        Ok(verifier.last())
    }

    proptest! {
        #[test]
        fn a_change_a_removal_and_an_exchange_are_named(n in 3i64..20, at in 0usize..17) {
            let whole = chain(n);
            prop_assert!(verify(&whole).is_ok());
            let at = at % (whole.len() - 1);
            let seq = whole[at].0.seq;

            let mut changed = whole.clone();
            changed[at].0.detail = serde_json::json!({ "rows": 0 });
            prop_assert_eq!(verify(&changed), Err(Broken::Changed { seq }));

            let mut removed = whole.clone();
            removed.remove(at);
            prop_assert_eq!(verify(&removed), Err(Broken::Missing { expected: seq, found: seq + 1 }));

            let mut swapped = whole;
            swapped.swap(at, at + 1);
            prop_assert!(verify(&swapped).is_err());
        }
    }
}

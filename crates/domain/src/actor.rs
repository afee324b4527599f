//! Who is acting. Made by the session at the border, or by the worker for itself.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Identifier, ids::StaffId};

/// The three administrative powers are separate, and none of them decides requests
/// (GB/T 22239-2019 §8.1.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Works the queue and decides.
    Officer,
    /// Reads the audit log and the reports; changes nothing.
    Auditor,
    /// Looks after staff accounts.
    SecurityAdmin,
    /// Looks after the machine and the data map.
    SystemAdmin,
}

impl StaffRole {
    pub const ALL: [Self; 4] = all![Officer, Auditor, SecurityAdmin, SystemAdmin];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Auditor => "auditor",
            Self::SecurityAdmin => "security_admin",
            Self::SystemAdmin => "system_admin",
        }
    }
}

impl FromStr for StaffRole {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("“{text}” is not a role: write officer, auditor, security_admin or system_admin"))
    }
}

/// A person who has proven one or more identifiers in this session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    proven: Vec<(Identifier, Freshness)>,
}

impl Customer {
    /// An identifier is fresh when a code sent to it was entered within the last ten minutes (risk
    /// tier T2). Each on its own: proving a second address makes nobody the owner of the first.
    pub fn new(proven: Vec<(Identifier, Freshness)>) -> Option<Self> {
        (!proven.is_empty()).then_some(Self { proven })
    }

    pub fn proven(&self) -> Vec<Identifier> {
        self.proven.iter().map(|(identifier, _)| identifier.clone()).collect()
    }

    pub fn fresh(&self) -> Vec<Identifier> {
        let fresh = self.proven.iter().filter(|(_, freshness)| *freshness == Freshness::Fresh);
        fresh.map(|(identifier, _)| identifier.clone()).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    Fresh,
    Stale,
}

/// A code counts as fresh this long (risk tier T2).
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(10);

impl Freshness {
    /// Of an identifier proven at a moment. One that lies ahead proves nothing.
    pub fn of(proven_at: Timestamp, now: Timestamp) -> Self {
        if proven_at <= now && now <= proven_at + FRESH_FOR { Self::Fresh } else { Self::Stale }
    }
}

/// A member of staff who has given password and second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    pub role: StaffRole,
}

/// What a program of the company's may do through the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Read the queue, cases and statistics.
    ReadRequests,
    /// Ask, approve, answer, refuse.
    DecideRequests,
    /// Act for people it has itself signed in.
    ActForSubjects,
    /// Read what the nights did and held up, and the register of destruction.
    ReadRetention,
    /// Place, review and lift legal holds.
    ManageHolds,
}

impl Scope {
    pub const ALL: [Self; 5] = all![ReadRequests, DecideRequests, ActForSubjects, ReadRetention, ManageHolds];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadRequests => "read-requests",
            Self::DecideRequests => "decide-requests",
            Self::ActForSubjects => "act-for-subjects",
            Self::ReadRetention => "read-retention",
            Self::ManageHolds => "manage-holds",
        }
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        known.ok_or_else(|| format!("“{text}” is no scope: write {}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

/// A program of the company's that has shown its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub id: StaffId,
    pub scopes: Vec<Scope>,
    /// For whom it acts, where it acts for somebody: it answers for who they are.
    pub subject: Option<Customer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Visitor,
    Customer(Customer),
    Staff(Staff),
    Program(Program),
    /// The worker and the night job.
    System,
}

//! Permission as a value. What a store or a use case may only do for someone takes one of these
//! as an argument; the only way to have one is to ask the actor for it here. A forgotten check
//! does not compile.

use crate::{
    Identifier,
    actor::{Actor, Customer, Scope, Staff, StaffRole},
    ids::{RequestId, StaffId},
    map::{Extent, TableName},
    request::{RequestKind, Requester, Stage},
};

/// To see what is held about oneself, masked, and one's own requests (tier T1).
#[derive(Clone, Debug)]
pub struct Own {
    proven: Vec<Identifier>,
}

impl Own {
    pub fn proven(&self) -> &[Identifier] {
        &self.proven
    }
}

/// To see one's values in full, or to ask for their deletion (tier T2: a code within ten minutes).
#[derive(Clone, Debug)]
pub struct OwnFresh {
    own: Own,
}

impl OwnFresh {
    pub const fn own(&self) -> &Own {
        &self.own
    }
}

/// To have a copy read from the company's databases.
#[derive(Clone, Debug)]
pub struct TakeCopy {
    of: Vec<Identifier>,
    extent: Extent,
}

impl TakeCopy {
    pub fn of(&self) -> &[Identifier] {
        &self.of
    }

    pub fn covers(&self, table: &TableName) -> bool {
        self.extent.covers(table)
    }

    /// By the worker, for whoever asked for it after a fresh code, or asked an officer who has agreed to so much.
    pub fn prepared(_permit: &Work, of: Vec<Identifier>, extent: Extent) -> Option<Self> {
        (!of.is_empty()).then_some(Self { of, extent })
    }
}

impl From<OwnFresh> for TakeCopy {
    fn from(permit: OwnFresh) -> Self {
        Self { of: permit.own.proven, extent: Extent::Everything }
    }
}

/// To be given what an officer has agreed to: a copy that was asked for somebody else, or a transfer.
#[derive(Clone, Debug)]
pub struct Agreed {
    request: RequestId,
    of: Vec<Identifier>,
}

impl Agreed {
    pub const fn request(&self) -> RequestId {
        self.request
    }

    /// Whose data it is.
    pub fn of(&self) -> &[Identifier] {
        &self.of
    }

    /// By whoever was given the address of a transfer that an officer has agreed to.
    pub fn transferred(request: RequestId, stage: &Stage, kind: RequestKind, subject: Vec<Identifier>) -> Option<Self> {
        let agreed = matches!(stage, Stage::Answered { .. }) && kind == RequestKind::Transfer;
        (agreed && !subject.is_empty()).then_some(Self { request, of: subject })
    }
}

impl OwnFresh {
    /// Of somebody else: where an officer has agreed, and only then.
    pub fn granted(
        &self,
        request: RequestId,
        stage: &Stage,
        kind: RequestKind,
        requester: Requester,
        subject: Vec<Identifier>,
    ) -> Option<Agreed> {
        let agreed = matches!(stage, Stage::Answered { .. })
            && kind == RequestKind::Copy
            && !requester.waits_for_check()
            && !subject.is_empty();
        agreed.then_some(Agreed { request, of: subject })
    }
}

/// To read the queue and the requests in it.
#[derive(Clone, Copy, Debug)]
pub struct ReadRequests {
    staff: StaffId,
}

impl ReadRequests {
    pub const fn staff(self) -> StaffId {
        self.staff
    }
}

/// To decide requests. Only officers, never an administrator.
#[derive(Clone, Copy, Debug)]
pub struct Decide {
    staff: StaffId,
}

impl Decide {
    pub const fn staff(self) -> StaffId {
        self.staff
    }
}

/// To look after one's own account as a member of the staff, in whichever role.
#[derive(Clone, Copy, Debug)]
pub struct OwnAccount {
    staff: StaffId,
}

impl OwnAccount {
    pub const fn staff(self) -> StaffId {
        self.staff
    }
}

/// To open accounts for others among the staff, and to close them.
#[derive(Clone, Copy, Debug)]
pub struct KeepAccounts {
    own: Option<StaffId>,
}

impl KeepAccounts {
    /// Whose account it is that they cannot touch; none by the command line.
    pub const fn own(self) -> Option<StaffId> {
        self.own
    }
}

/// To place holds, to look at them again and to lift them.
#[derive(Clone, Copy, Debug)]
pub struct KeepHolds(());

/// To read the reports of the night job.
#[derive(Clone, Copy, Debug)]
pub struct ReadReports(());

/// To say which other systems are told of changes.
#[derive(Clone, Copy, Debug)]
pub struct Configure(());

/// To read the audit log.
#[derive(Clone, Copy, Debug)]
pub struct ReadAudit(());

/// To carry out what has been approved or is due.
#[derive(Clone, Copy, Debug)]
pub struct Work(());

/// Why a permit was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    SignIn,
    FreshCode,
    StaffSignIn,
    /// Signed in, but with another role. Shown as "not found".
    NotYours,
}

impl Actor {
    pub fn own(&self) -> Result<Own, Denied> {
        self.customer().map(|customer| Own { proven: customer.proven() })
    }

    pub fn own_fresh(&self) -> Result<OwnFresh, Denied> {
        let customer = self.customer()?;
        let proven = customer.fresh();
        if proven.is_empty() { Err(Denied::FreshCode) } else { Ok(OwnFresh { own: Own { proven } }) }
    }

    pub fn read_requests(&self) -> Result<ReadRequests, Denied> {
        let staff = self.staff_or(Scope::ReadRequests, &[StaffRole::Officer, StaffRole::Auditor])?;
        Ok(ReadRequests { staff })
    }

    pub fn decide(&self) -> Result<Decide, Denied> {
        let staff = self.staff_or(Scope::DecideRequests, &[StaffRole::Officer])?;
        Ok(Decide { staff })
    }

    pub fn own_account(&self) -> Result<OwnAccount, Denied> {
        self.staff(&StaffRole::ALL).map(|staff| OwnAccount { staff: staff.id })
    }

    pub fn keep_accounts(&self) -> Result<KeepAccounts, Denied> {
        match self {
            // By the command line.
            Self::System => Ok(KeepAccounts { own: None }),
            Self::Staff(_) | Self::Visitor | Self::Customer(_) => {
                self.staff(&[StaffRole::SecurityAdmin]).map(|staff| KeepAccounts { own: Some(staff.id) })
            }
            Self::Program(_) => Err(Denied::NotYours),
        }
    }

    pub fn keep_holds(&self) -> Result<KeepHolds, Denied> {
        match self {
            // By the command line.
            Self::System => Ok(KeepHolds(())),
            Self::Staff(_) | Self::Visitor | Self::Customer(_) | Self::Program(_) => {
                self.staff_or(Scope::ManageHolds, &[StaffRole::Officer]).map(|_| KeepHolds(()))
            }
        }
    }

    pub fn read_reports(&self) -> Result<ReadReports, Denied> {
        self.staff_or(Scope::ReadRetention, &[StaffRole::Officer, StaffRole::Auditor, StaffRole::SystemAdmin])?;
        Ok(ReadReports(()))
    }

    /// Says which other systems are told of changes.
    pub fn configure(&self) -> Result<Configure, Denied> {
        self.staff(&[StaffRole::SystemAdmin])?;
        Ok(Configure(()))
    }

    pub fn read_audit(&self) -> Result<ReadAudit, Denied> {
        self.staff(&[StaffRole::Auditor])?;
        Ok(ReadAudit(()))
    }

    pub fn work(&self) -> Result<Work, Denied> {
        match self {
            Self::System => Ok(Work(())),
            Self::Visitor | Self::Customer(_) | Self::Staff(_) | Self::Program(_) => Err(Denied::NotYours),
        }
    }

    fn customer(&self) -> Result<&Customer, Denied> {
        match self {
            Self::Customer(customer) => Ok(customer),
            Self::Program(program) if program.scopes.contains(&Scope::ActForSubjects) => {
                program.subject.as_ref().ok_or(Denied::SignIn)
            }
            Self::Program(_) => Err(Denied::NotYours),
            Self::Visitor | Self::Staff(_) | Self::System => Err(Denied::SignIn),
        }
    }

    /// Staff of one of these roles, or a program with this scope.
    fn staff_or(&self, scope: Scope, roles: &[StaffRole]) -> Result<StaffId, Denied> {
        match self {
            Self::Program(program) if program.scopes.contains(&scope) => Ok(program.id),
            Self::Program(_) | Self::Staff(_) | Self::Visitor | Self::Customer(_) | Self::System => {
                self.staff(roles).map(|staff| staff.id)
            }
        }
    }

    fn staff(&self, roles: &[StaffRole]) -> Result<&Staff, Denied> {
        match self {
            Self::Staff(staff) if roles.contains(&staff.role) => Ok(staff),
            Self::Staff(_) | Self::Program(_) => Err(Denied::NotYours),
            Self::Visitor | Self::Customer(_) | Self::System => Err(Denied::StaffSignIn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Email,
        actor::{Freshness, Program},
    };

    #[test]
    fn administrators_cannot_decide_and_officers_cannot_read_the_audit_log() {
        let staff = |role| Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role });
        for role in StaffRole::ALL {
            assert_eq!(staff(role).decide().is_ok(), role == StaffRole::Officer, "{role:?}");
            assert_eq!(staff(role).read_audit().is_ok(), role == StaffRole::Auditor, "{role:?}");
            assert_eq!(staff(role).own().err(), Some(Denied::SignIn));
        }
    }

    #[test]
    fn a_program_may_do_what_its_key_says_and_no_more() {
        let id = StaffId(uuid::Uuid::nil());
        let li = Identifier::Email(Email::parse("li@example.com").unwrap());
        let li = Customer::new(vec![(li, Freshness::Fresh)]);
        for scope in Scope::ALL {
            let program = Actor::Program(Program { id, scopes: vec![scope], subject: li.clone() });
            assert_eq!(program.read_requests().is_ok(), scope == Scope::ReadRequests);
            assert_eq!(program.decide().is_ok(), scope == Scope::DecideRequests);
            assert_eq!(program.own_fresh().is_ok(), scope == Scope::ActForSubjects);
            assert_eq!(program.read_reports().is_ok(), scope == Scope::ReadRetention);
            assert_eq!(program.keep_holds().is_ok(), scope == Scope::ManageHolds);
            assert!(program.read_audit().is_err() && program.keep_accounts().is_err() && program.work().is_err());
        }
        let for_nobody = Actor::Program(Program { id, scopes: Scope::ALL.to_vec(), subject: None });
        assert_eq!(for_nobody.own().err(), Some(Denied::SignIn));
    }

    #[test]
    fn each_identifier_is_as_fresh_as_its_own_code() {
        let id = |text| Identifier::Email(Email::parse(text).unwrap());
        let (mine, other) = (id("li@example.com"), id("other@example.com"));
        let stale = Actor::Customer(Customer::new(vec![(mine.clone(), Freshness::Stale)]).unwrap());
        assert!(stale.own().is_ok());
        assert_eq!(stale.own_fresh().err(), Some(Denied::FreshCode));
        // Proving another address does not open the first one's values.
        let both = vec![(mine.clone(), Freshness::Stale), (other.clone(), Freshness::Fresh)];
        let both = Actor::Customer(Customer::new(both).unwrap());
        assert_eq!(both.own().unwrap().proven(), [mine, other.clone()]);
        assert_eq!(both.own_fresh().unwrap().own().proven(), [other]);
        assert!(Customer::new(vec![]).is_none());
    }
}

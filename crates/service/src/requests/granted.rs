//! Who may grant a request, of those who look at it.

use domain::{
    actor::Actor,
    ids::{RequestNumber, StaffId},
    permit::Decide,
    request::{Happened, Stage},
};
use jiff::Timestamp;
use store::requests::Request;

use crate::{Portal, ServiceError};

/// Who may grant a request, of the officer who looks at it and the others (risk tier T3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantedBy {
    Anyone,
    /// They answer for who asks: another decides.
    SomebodyElse,
    /// They have worked out what is corrected: another decides.
    NotWhoWorkedItOut,
}

impl GrantedBy {
    pub(super) fn of(request: &Request, actor: &Actor, worked_out_by: Option<StaffId>) -> Self {
        let vouched = request.requester.vouched_for_by();
        let themselves = match actor {
            Actor::Staff(staff) => vouched == Some(staff.id),
            Actor::Program(_) => vouched.is_some(),
            Actor::Visitor | Actor::Customer(_) | Actor::System => false,
        };
        let worked_it_out = matches!(actor, Actor::Staff(staff) if worked_out_by == Some(staff.id));
        match (themselves, worked_it_out) {
            (true, _) => Self::SomebodyElse,
            (false, true) => Self::NotWhoWorkedItOut,
            (false, false) => Self::Anyone,
        }
    }
}

/// What an officer who looks at a request can do towards handing out what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayHandOut {
    /// One officer is enough, or another has agreed.
    HandOut,
    /// Two are needed, and they would be the first.
    AgreeFirst,
    /// They were the first.
    WaitForAnother,
}

impl Portal {
    fn is_handed_out_by_two(&self, request: &Request) -> bool {
        request.kind.hands_out().is_some() && self.map.portal.two_officers.contains(&request.kind)
    }

    /// What two officers agree to where the map says so: a copy, or a transfer to another company.
    pub(super) fn may_hand_out(&self, request: &Request, reader: StaffId) -> MayHandOut {
        if !self.is_handed_out_by_two(request) {
            return MayHandOut::HandOut;
        }
        match &request.stage {
            Stage::ApprovedOnce { by, .. } if *by == reader => MayHandOut::WaitForAnother,
            Stage::ApprovedOnce { .. } => MayHandOut::HandOut,
            Stage::Received { .. }
            | Stage::Asked { .. }
            | Stage::Approved { .. }
            | Stage::Running { .. }
            | Stage::Differs { .. }
            | Stage::Completed { .. }
            | Stage::Answered { .. }
            | Stage::Refused { .. }
            | Stage::Cancelled { .. } => MayHandOut::AgreeFirst,
        }
    }

    /// One that may be answered as asked, by them.
    pub(super) async fn to_settle(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        heeded: Option<Timestamp>,
    ) -> Result<Request, ServiceError> {
        let request = self.to_grant(permit, actor, number, heeded).await?;
        // The other who looks is a person too, never a program.
        let by_program = matches!(actor, Actor::Program(_)) && self.is_handed_out_by_two(&request);
        match self.may_hand_out(&request, permit.staff()) {
            MayHandOut::HandOut if !by_program => Ok(request),
            MayHandOut::HandOut | MayHandOut::AgreeFirst | MayHandOut::WaitForAnother => {
                Err(ServiceError::SecondPerson)
            }
        }
    }

    /// The first of two: nothing is handed out yet, so nobody is told.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where one officer is enough; [`ServiceError::NotHeeded`] where `heeded` is not when
    /// the last word was said.
    pub async fn agree_to_hand_out(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        heeded: Option<Timestamp>,
    ) -> Result<(), ServiceError> {
        let may = self.to_grant(permit, actor, number, heeded).await;
        let request = self.or_audited(actor, number, Happened::RequestApprovedOnce.action(), may).await?;
        match self.may_hand_out(&request, permit.staff()) {
            // To no plan: what is handed out is what there is then.
            MayHandOut::AgreeFirst => self.approve_first(permit, actor, &request, "").await,
            MayHandOut::HandOut => Err(ServiceError::NotFound),
            MayHandOut::WaitForAnother => Err(ServiceError::SecondPerson),
        }
    }
}

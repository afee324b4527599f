//! Who may grant a request, of those who look at it.

use domain::{
    actor::Actor,
    ids::{RequestNumber, StaffId},
    map::{Column, FieldOf, Kind, Table},
    permit::Decide,
    plan::Outcome,
    request::{ForTwo, Happened, RequestKind, Tier},
};
use jiff::Timestamp;
use store::requests::{Reader, Request};

use super::restrict::in_time;
use crate::{Portal, ServiceError, also_known::found_by};

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

impl MayHandOut {
    /// Where two are needed.
    fn of(request: &Request, reader: StaffId) -> Self {
        match request.stage.first_of_two() {
            Some((by, _)) if by == reader => Self::WaitForAnother,
            Some(_) => Self::HandOut,
            None => Self::AgreeFirst,
        }
    }
}

/// How many officers decide a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Officers {
    One,
    /// One after the other.
    Two,
}

impl Portal {
    /// Nobody decides alone what the map has two decide. Whoever answers for who asks, or has worked out what is
    /// corrected, is one of the two already.
    pub(super) async fn officers_for(&self, request: &Request) -> Result<Officers, ServiceError> {
        let two = &self.map.portal.two_officers;
        if !ForTwo::can_be(request.kind) || !request.stage.name().is_undecided() || self.has_another(request).await? {
            return Ok(Officers::One);
        }
        if two.iter().any(|two| two.is_of(request.kind)) {
            return Ok(Officers::Two);
        }
        if two.contains(&ForTwo::T3) && self.tier(request).await? == Tier::T3 {
            return Ok(Officers::Two);
        }
        Ok(Officers::One)
    }

    /// Somebody, and no program, who may not decide it themselves.
    async fn has_another(&self, request: &Request) -> Result<bool, ServiceError> {
        let worked_out_by = self.worked_out_by(request).await?;
        for id in request.requester.vouched_for_by().into_iter().chain(worked_out_by) {
            if self.store.staff_by_id(id).await?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn tier(&self, request: &Request) -> Result<Tier, ServiceError> {
        if request.kind == RequestKind::Transfer || self.corrects_identity(request).await? {
            return Ok(Tier::T3);
        }
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        Ok(match in_time(Box::pin(self.no_account(&subject))).await? {
            Some(None) => Tier::Usual,
            // Who cannot be looked up now may have none.
            Some(Some(_)) | None => Tier::T3,
        })
    }

    /// Of what somebody is found by, or told apart by.
    async fn corrects_identity(&self, request: &Request) -> Result<bool, ServiceError> {
        let plan = self.store.frozen_plan(request.id, None).await?;
        Ok(plan.iter().flat_map(|plan| &plan.items).any(|item| {
            let Outcome::Corrected { column } = &item.outcome else { return false };
            self.map.table(&item.table).is_some_and(|table| tells_who(table, column))
        }))
    }

    /// What two officers agree to where the map says so: a copy, or a transfer to another company.
    pub(super) async fn may_hand_out(&self, request: &Request, reader: StaffId) -> Result<MayHandOut, ServiceError> {
        if request.kind.hands_out().is_none() {
            return Ok(MayHandOut::HandOut);
        }
        Ok(match self.officers_for(request).await? {
            Officers::One => MayHandOut::HandOut,
            Officers::Two => MayHandOut::of(request, reader),
        })
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
        let first = request.stage.first_of_two();
        let by_program = matches!(actor, Actor::Program(_)) && first.is_some();
        let is_own_word = first.is_some_and(|(by, _)| by == permit.staff());
        match self.may_hand_out(&request, permit.staff()).await? {
            MayHandOut::HandOut if !by_program && !is_own_word => Ok(request),
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
        match self.may_hand_out(&request, permit.staff()).await? {
            // To no plan: what is handed out is what there is then.
            MayHandOut::AgreeFirst => self.approve_first(permit, actor, &request, "").await,
            MayHandOut::HandOut => Err(ServiceError::NotFound),
            MayHandOut::WaitForAnother => Err(ServiceError::SecondPerson),
        }
    }
}

fn tells_who(table: &Table, column: &Column) -> bool {
    table.field(column).is_some_and(|field| {
        let leads = match &field.of {
            FieldOf::Role(role) => found_by(table, role, column).is_some(),
            FieldOf::Everyone => false,
        };
        leads || field.kind == Kind::ResidentId
    })
}

//! What a decision would do, read before it is made. Nothing is changed.

use std::collections::BTreeMap;

use domain::{
    actor::Actor,
    given::Given,
    ids::RequestNumber,
    permit::{Decide, ReadRequests, Work},
    plan::Drift,
    request::{DecidedBy, Event, RefusalCode, RequestKind},
    said::Got,
};
use jiff::Timestamp;
use store::requests::{Reader, Request};

use super::{decide::Approval, restrict::in_time};
use crate::{Portal, ServiceError};

/// What an approval would do.
#[derive(Debug)]
pub struct Foreseen {
    pub approval: Approval,
    /// By their names in the map, how each would learn of it and how far it is known that it got something; `None` where a
    /// company's database does not say so in time.
    pub recipients: Option<BTreeMap<String, (WouldBeTold, Got)>>,
    /// Until when an account that is to be closed can still be kept.
    pub kept_until: Option<Timestamp>,
    /// Of a deletion: where the data is no longer what the plan says, as far as it is known in time. Its run would stop.
    pub differs: Vec<Drift>,
}

/// How a recipient would learn of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WouldBeTold {
    ByMail,
    ByHand,
}

impl Portal {
    /// What approving the frozen plan with this digest would do.
    ///
    /// # Errors
    /// Those of approving it now.
    pub async fn foresee_approval(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        plan: &str,
        heeded: Option<Timestamp>,
    ) -> Result<Foreseen, ServiceError> {
        let (request, approval) = self.to_approve(permit, actor, number, plan, heeded).await?;
        let by = permit.staff();
        let event = match approval {
            Approval::First => Event::ApproveFirst { by, plan: plan.to_owned() },
            Approval::Only | Approval::Second => {
                Event::Approve { decided: DecidedBy::Staff { id: by }, plan: plan.to_owned() }
            }
        };
        self.would_move(&request, event)?;
        let recipients = in_time(self.would_be_told(&Actor::System.work()?, &request)).await?;
        let kept_until = self.can_be_kept_until(&request).await?;
        let differs = in_time(Box::pin(self.would_differ(&request))).await?.unwrap_or_default();
        Ok(Foreseen { approval, recipients, kept_until, differs })
    }

    /// An account lives on for some days, and what is there on the day goes.
    async fn would_differ(&self, request: &Request) -> Result<Vec<Drift>, ServiceError> {
        if request.kind != RequestKind::Delete {
            return Ok(Vec::new());
        }
        let plan = self.store.frozen_plan(request.id, None).await?.ok_or(ServiceError::NotFound)?;
        Ok(plan.drift(&self.plan_as_it_is(request).await?))
    }

    /// Whether it could be refused now for this reason.
    ///
    /// # Errors
    /// Those of refusing it now.
    pub async fn foresee_refusal(
        &self,
        permit: &Decide,
        actor: &Actor,
        number: &RequestNumber,
        code: RefusalCode,
    ) -> Result<(), ServiceError> {
        let request = self.to_refuse(actor, number, code).await?;
        self.would_move(&request, Event::Refuse { by: permit.staff(), code })
    }

    /// # Errors
    /// [`ServiceError::TooLate`] once it is decided.
    pub async fn still_undecided(&self, permit: &ReadRequests, number: &RequestNumber) -> Result<(), ServiceError> {
        let request = self.store.request_by_number(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let stage = request.stage.name();
        if stage.is_undecided() { Ok(()) } else { Err(ServiceError::TooLate { stage }) }
    }

    fn would_move(&self, request: &Request, event: Event) -> Result<(), ServiceError> {
        let moved = request.stage.clone().next(event, self.clock.now());
        moved.map(|_| ()).map_err(|late| ServiceError::TooLate { stage: late.stage })
    }

    async fn would_be_told(
        &self,
        work: &Work,
        request: &Request,
    ) -> Result<BTreeMap<String, (WouldBeTold, Got)>, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let plan = self.store.frozen_plan(request.id, None).await?.ok_or(ServiceError::NotFound)?;
        let person = self.person_of(request, &subject).await?;
        let got = self.who_got(request, person, &plan).await?;
        let how = |recipient: &str, given: &Given| {
            let told = match self.writes_to(recipient, given) {
                Some(_) => WouldBeTold::ByMail,
                None => WouldBeTold::ByHand,
            };
            (told, self.map.got_of(recipient, &given.tables))
        };
        Ok(got.iter().map(|(recipient, given)| (recipient.clone(), how(recipient, given))).collect())
    }
}

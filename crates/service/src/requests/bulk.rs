//! The same for many requests at once: first what it would do to each, then that, one by one, by the same rules as for
//! one alone.

use domain::{
    Personal,
    actor::Actor,
    ids::RequestNumber,
    map::Extent,
    permit::{Decide, ReadRequests},
    request::{Handling, RequestKind, Stage},
};
use store::requests::Request;

use super::{QueueRow, ToHeed};
use crate::{Portal, ServiceError};

/// The most that are taken at once: as many as a page of the queue has.
pub const MOST: usize = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    Take,
    GiveBack,
    /// The plan frozen last, as the preview shows it.
    Approve,
    /// The same words to everybody.
    Settle,
}

impl BulkAction {
    pub const ALL: [Self; 4] = [Self::Take, Self::GiveBack, Self::Approve, Self::Settle];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::GiveBack => "give-back",
            Self::Approve => "approve",
            Self::Settle => "settle",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

/// What would become of one request.
#[derive(Debug)]
pub struct Previewed {
    pub row: QueueRow,
    pub would: Would,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Would {
    Be,
    /// The rows that would change and that would stay, and the digest an approval names.
    Erase {
        changes: u64,
        stays: u64,
        plan: String,
    },
    Not(WhyNot),
}

/// Why nothing would happen to it, or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// Already decided, or being carried out.
    MovedOn,
    NotChecked,
    SecondPerson,
    /// Somebody has said something, or a question is open: it is read on its own page.
    NotHeeded,
    /// Something stands against closing the account.
    NotClosed,
    /// Not what is done to requests of this kind.
    OtherKind,
    PlanChanged,
    /// Somebody works on it already: it is taken from them on its own page, where that is seen.
    Taken,
    /// The portal or a database of the company's did not answer.
    Failed,
}

impl Portal {
    /// Nothing is changed. Numbers that nothing has are left out.
    pub async fn preview_bulk(
        &self,
        permit: &Decide,
        reader: &ReadRequests,
        action: BulkAction,
        numbers: &[RequestNumber],
    ) -> Result<Vec<Previewed>, ServiceError> {
        let mut requests = Vec::new();
        for number in numbers.iter().take(MOST) {
            requests.extend(self.store.request_by_number(reader, number).await?);
        }
        let mut all = Vec::with_capacity(requests.len());
        for row in self.queue_rows(reader, requests).await? {
            let would = self.would(permit, action, &row.request).await?;
            all.push(Previewed { row, would });
        }
        Ok(all)
    }

    async fn would(&self, permit: &Decide, action: BulkAction, request: &Request) -> Result<Would, ServiceError> {
        let decides = matches!(action, BulkAction::Approve | BulkAction::Settle);
        if !request.stage.is_open() || (decides && !request.stage.name().is_undecided()) {
            return Ok(Would::Not(WhyNot::MovedOn));
        }
        if !decides {
            let taken = action == BulkAction::Take && request.owner.is_some();
            return Ok(if taken { Would::Not(WhyNot::Taken) } else { Would::Be });
        }
        if request.requester.waits_for_check() {
            return Ok(Would::Not(WhyNot::NotChecked));
        }
        let first = if let Stage::ApprovedOnce { by, .. } = &request.stage { Some(*by) } else { None };
        if request.requester.vouched_for_by() == Some(permit.staff()) || first == Some(permit.staff()) {
            return Ok(Would::Not(WhyNot::SecondPerson));
        }
        if ToHeed::of(request, &self.store.events(request).await?).is_some() {
            return Ok(Would::Not(WhyNot::NotHeeded));
        }
        if action == BulkAction::Approve && self.kept_from_closing(request).await?.is_some() {
            return Ok(Would::Not(WhyNot::NotClosed));
        }
        match (action, request.kind.handling()) {
            (BulkAction::Settle, Handling::Answer) => Ok(Would::Be),
            // What the executor can stop is approved, not answered.
            (BulkAction::Settle, Handling::Restriction) => Ok(match self.store.frozen_plan(request.id, None).await? {
                Some(_) => Would::Not(WhyNot::OtherKind),
                None => Would::Be,
            }),
            (BulkAction::Approve, Handling::Erasure) if request.kind != RequestKind::Withdraw => {
                Ok(match self.store.frozen_plan(request.id, None).await? {
                    Some(plan) => {
                        Would::Erase { changes: plan.rows_to_change(), stays: plan.rows_kept(), plan: plan.digest() }
                    }
                    None => Would::Not(WhyNot::OtherKind),
                })
            }
            (
                BulkAction::Take | BulkAction::GiveBack | BulkAction::Approve | BulkAction::Settle,
                Handling::Erasure | Handling::Correction | Handling::Restriction | Handling::Answer,
            ) => Ok(Would::Not(WhyNot::OtherKind)),
        }
    }

    /// Does it to one of them, as it would be done to it alone. `plan` is the digest the preview showed.
    pub async fn carry_out_bulk(
        &self,
        permit: &Decide,
        actor: &Actor,
        action: BulkAction,
        number: &RequestNumber,
        plan: &str,
        words: &Personal,
    ) -> Result<(), WhyNot> {
        let done = match action {
            BulkAction::Take => self.take(permit, actor, number, None).await,
            BulkAction::GiveBack => self.give_back(permit, actor, number).await,
            BulkAction::Approve => self.approve(permit, actor, number, plan, None).await,
            BulkAction::Settle => self.settle(permit, actor, number, words.into(), &Extent::Everything, None).await,
        };
        done.map_err(|error| match error {
            ServiceError::TooLate { .. } | ServiceError::NotHandedOut | ServiceError::Overtaken => WhyNot::MovedOn,
            ServiceError::NotChecked => WhyNot::NotChecked,
            ServiceError::SecondPerson => WhyNot::SecondPerson,
            ServiceError::NotHeeded => WhyNot::NotHeeded,
            ServiceError::Blocked | ServiceError::NoAccount => WhyNot::NotClosed,
            ServiceError::PlanChanged => WhyNot::PlanChanged,
            ServiceError::NotFound | ServiceError::Denied(_) => WhyNot::OtherKind,
            ServiceError::Store(_)
            | ServiceError::Source(_)
            | ServiceError::TooOften
            | ServiceError::LeaseLost
            | ServiceError::LostSteps
            | ServiceError::AlreadyRunning
            | ServiceError::Hashing
            | ServiceError::NoRandomness => {
                tracing::warn!(code = error.code(), "one of many requests could not be done");
                WhyNot::Failed
            }
        })
    }
}

//! The same for many requests at once: first what it would do to each, then that, one by one, by the same rules as for
//! one alone.

use domain::{
    Personal,
    actor::Actor,
    ids::RequestNumber,
    map::Extent,
    permit::{Decide, ReadRequests},
    plan::Plan,
    request::Handling,
};
use futures::{StreamExt, TryStreamExt, stream};
use store::requests::Request;

use super::{Foreseen, QueueRow, StillOpen, owed::owes_plan};
use crate::{Portal, ServiceError};

/// The most that are taken at once: as many as a page of the queue has.
pub const MOST: usize = 50;
/// Fewer than a source has connections.
const LOOKED_UP_AT_ONCE: usize = 4;

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
    pub const ALL: [Self; 4] = domain::all![Take, GiveBack, Approve, Settle];

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

#[derive(Debug)]
pub enum Would {
    Be,
    Erase(Box<Erasing>),
    Not(WhyNot),
}

/// What a check of one alone says too.
#[derive(Debug)]
pub struct Erasing {
    /// An approval names its digest.
    pub plan: Plan,
    pub open: StillOpen,
    pub foreseen: Foreseen,
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
    /// A database could not be read since it was received.
    NoPlan,
    /// Somebody works on it already: it is taken from them on its own page, where that is seen.
    Taken,
    /// The portal or a database of the company's did not answer.
    Failed,
}

impl Portal {
    /// Nothing is changed. Numbers that nothing has are left out. Each is waited for as if it were alone.
    pub async fn preview_bulk(
        &self,
        permit: &Decide,
        reader: &ReadRequests,
        actor: &Actor,
        action: BulkAction,
        numbers: &[RequestNumber],
    ) -> Result<Vec<Previewed>, ServiceError> {
        let mut requests = Vec::new();
        for number in numbers.iter().take(MOST) {
            requests.extend(self.store.request_by_number(reader, number).await?);
        }
        let rows = self.queue_rows(reader, requests).await?;
        // Each is looked up in the company's databases.
        let previewed = rows.into_iter().map(|row| async move {
            let would = self.waited_for().would(permit, actor, action, &row.request).await?;
            Ok(Previewed { row, would })
        });
        stream::iter(previewed).buffered(LOOKED_UP_AT_ONCE).try_collect().await
    }

    async fn would(
        &self,
        permit: &Decide,
        actor: &Actor,
        action: BulkAction,
        request: &Request,
    ) -> Result<Would, ServiceError> {
        let decides = matches!(action, BulkAction::Approve | BulkAction::Settle);
        if !request.stage.is_open() || (decides && !request.stage.name().is_undecided()) {
            return Ok(Would::Not(WhyNot::MovedOn));
        }
        match action {
            BulkAction::Take if request.owner.is_some() => Ok(Would::Not(WhyNot::Taken)),
            BulkAction::Take | BulkAction::GiveBack => Ok(Would::Be),
            BulkAction::Approve => self.would_erase(permit, actor, request).await,
            BulkAction::Settle => self.would_settle(permit, actor, request).await,
        }
    }

    async fn would_erase(&self, permit: &Decide, actor: &Actor, request: &Request) -> Result<Would, ServiceError> {
        let plan = if request.kind.erases_all() { self.store.frozen_plan(request.id, None).await? } else { None };
        let Some(plan) = plan else {
            let why = if owes_plan(request, None) { WhyNot::NoPlan } else { WhyNot::OtherKind };
            return Ok(Would::Not(why));
        };
        Ok(match self.foresee_approval(permit, actor, &request.number, &plan.digest(), None).await {
            Ok(foreseen) => Would::Erase(Box::new(Erasing { plan, open: self.still_open(request).await?, foreseen })),
            Err(error) => Would::Not(error.into()),
        })
    }

    async fn would_settle(&self, permit: &Decide, actor: &Actor, request: &Request) -> Result<Would, ServiceError> {
        let is_answered = match request.kind.handling() {
            Handling::Answer => true,
            // What the executor can stop is approved, not answered.
            Handling::Restriction => self.store.frozen_plan(request.id, None).await?.is_none(),
            Handling::Erasure | Handling::Withdrawal | Handling::Correction => false,
        };
        if !is_answered {
            return Ok(Would::Not(WhyNot::OtherKind));
        }
        Ok(match self.to_settle(permit, actor, &request.number, None).await {
            Ok(_) => Would::Be,
            Err(error) => Would::Not(error.into()),
        })
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
        let portal = self.waited_for();
        let done = match action {
            BulkAction::Take => self.take(permit, actor, number, None).await,
            BulkAction::GiveBack => self.give_back(permit, actor, number).await,
            BulkAction::Approve => portal.approve(permit, actor, number, plan, None).await,
            BulkAction::Settle => portal.settle(permit, actor, number, words.into(), &Extent::Everything, None).await,
        };
        done.map_err(WhyNot::from)
    }
}

impl From<ServiceError> for WhyNot {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::TooLate { .. } | ServiceError::NotHandedOut | ServiceError::Overtaken => Self::MovedOn,
            ServiceError::NotChecked => Self::NotChecked,
            ServiceError::SecondPerson => Self::SecondPerson,
            ServiceError::NotHeeded => Self::NotHeeded,
            ServiceError::Blocked | ServiceError::NoAccount => Self::NotClosed,
            ServiceError::PlanChanged => Self::PlanChanged,
            ServiceError::NotFound | ServiceError::Denied(_) => Self::OtherKind,
            ServiceError::Store(_)
            | ServiceError::Source(_)
            | ServiceError::Inconsistent { .. }
            | ServiceError::NoUrl(_)
            | ServiceError::TooOften
            | ServiceError::LeaseLost
            | ServiceError::LostSteps
            | ServiceError::AlreadyRunning
            | ServiceError::Hashing
            | ServiceError::NoRandomness => {
                tracing::warn!(code = error.code(), "one of many requests could not be done");
                Self::Failed
            }
        }
    }
}

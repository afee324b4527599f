//! What is asked for is received whatever the company's databases do: its clock runs from then (PIPL art. 50), and that
//! one cannot be read turns nobody away. The plan is owed, and made once it can be: by the worker, or when an officer opens
//! the case. Until then nothing can be approved.

use domain::{
    actor::Actor,
    ids::RequestId,
    map::Extent,
    permit::Work,
    plan::Plan,
    request::{Happened, RequestKind, Stage},
};
use store::{
    Tx,
    jobs::{Claimed, JobKind},
    requests::Request,
};

use super::narrowed::{Chosen, ChosenRecord};
use crate::{Portal, ServiceError};

/// A deletion of which nobody can say now what would go.
#[derive(Debug)]
pub struct Unread {
    /// Of which records it is, with what hangs on them by the map.
    pub extent: Extent,
    pub record: Option<ChosenRecord>,
}

/// What the company's databases say; `None` where one cannot be read, for whatever reason.
pub(super) fn as_read<T>(seen: Result<T, ServiceError>) -> Result<Option<T>, ServiceError> {
    match seen {
        Ok(seen) => Ok(Some(seen)),
        Err(ServiceError::Source(error)) => {
            tracing::warn!(code = error.code(), system = %error.system(), "a request is received without a look");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// What nobody can decide without a plan has none.
pub(super) fn owes_plan(request: &Request, plan: Option<&Plan>) -> bool {
    let waits = request.stage.name().is_undecided() && !request.requester.waits_for_check();
    request.kind.erases_all() && waits && plan.is_none()
}

/// The plan as it can be shown: of an account that nobody could look into when closing it was asked, there is none before
/// its day.
pub(super) fn as_planned(request: &Request, plan: Option<Plan>) -> Option<Plan> {
    let closes = request.kind == RequestKind::CancelAccount
        && matches!(request.stage, Stage::Approved { .. } | Stage::Running { .. });
    plan.filter(|plan| !closes || !plan.items.is_empty())
}

impl Portal {
    pub fn unread_deletion(&self, wanted: impl Into<Chosen>) -> Unread {
        let Chosen { extent, record } = wanted.into();
        let all = self.map.tables.iter().map(|table| table.name.clone()).collect();
        // Nobody can say in which of them they have something: who ticks every kind means all there is.
        let extent = if extent.is_all_of(&all) { Extent::Everything } else { self.chosen_of(&extent) };
        Unread { extent, record }
    }

    /// What is received without a plan has one made as soon as that can be.
    pub(super) async fn owe_plan(&self, tx: &Tx, request: &Request) -> Result<(), ServiceError> {
        if owes_plan(request, None) {
            tx.enqueue(JobKind::PlanRequest, &request.id.to_string(), self.clock.now()).await?;
        }
        Ok(())
    }

    /// The worker's part: tried again for as long as it is owed.
    pub(crate) async fn plan_request(&self, work: &Work, id: RequestId, job: &Claimed) -> Result<(), ServiceError> {
        if let Some(request) = self.store.request_by_id(work, id).await? {
            self.plan_owed(&request).await?;
        }
        self.drop_job(job).await
    }

    /// Made where it is owed, and only once: what an officer had made in the meantime stands.
    pub(super) async fn plan_owed(&self, request: &Request) -> Result<(), ServiceError> {
        if !owes_plan(request, None) {
            return Ok(());
        }
        let frozen = self.store.frozen_plan(request.id, None).await?;
        if !owes_plan(request, frozen.as_ref()) {
            return Ok(());
        }
        let plan = self.plan_as_it_is(request).await?;
        let (now, what) = (self.clock.now(), Happened::PlannedAnew);
        let tx = self.store.begin().await?;
        let Some(digest) = tx.freeze_first(request.id, &plan, now).await? else { return Ok(()) };
        tx.add_event(request.id, now, &Actor::System, what, serde_json::json!({}), None).await?;
        let detail = serde_json::json!({ "plan": digest });
        tx.audit(now, &Actor::System, what.action(), request.number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(())
    }
}

//! Deletion (PIPL art. 47): what would go and what must stay, then the request itself.

use domain::{
    Lang,
    actor::Actor,
    permit::{Own, OwnFresh},
    plan::Plan,
    request::{RequestKind, Stage},
};
use sources::{Scope, plan, reach};
use store::requests::Request;

use super::file::{Filing, Told};
use crate::{Portal, ServiceError, portal::Ground};

impl Portal {
    /// What an erasure of this person would do today. Nothing is changed.
    pub async fn preview_deletion(&self, permit: &Own) -> Result<Plan, ServiceError> {
        Ok(self.plan_for(permit.proven()).await?.plan)
    }

    pub(crate) async fn plan_for(&self, subject: &[domain::Identifier]) -> Result<plan::Planned, ServiceError> {
        let ground = Ground::of(self).await?;
        let scope = Scope::Person(reach::person(&self.sources, &self.map, subject).await?);
        let terms = ground.terms(self, &scope, self.clock.today());
        Ok(plan::plan(&self.sources, &terms).await?)
    }

    /// The erasure of this person that is being carried out. Until it ends, what can be read is half of it.
    pub async fn running_deletion(&self, permit: &Own) -> Result<Option<Request>, ServiceError> {
        let own = self.store.own_requests(permit).await?;
        Ok(own.into_iter().find(|r| r.kind == RequestKind::Delete && matches!(r.stage, Stage::Running { .. })))
    }

    /// One open deletion request a person is enough: a second press of the button finds the first.
    pub async fn file_deletion(&self, permit: &OwnFresh, actor: &Actor, lang: Lang) -> Result<Request, ServiceError> {
        let own = permit.own();
        let open = self.store.own_requests(own).await?;
        if let Some(open) = open.into_iter().find(|r| r.kind == RequestKind::Delete && r.stage.is_open()) {
            return Ok(open);
        }
        let plan = self.preview_deletion(own).await?;
        let tx = self.store.begin().await?;
        let filing = Filing { kind: RequestKind::Delete, lang, details: None, plan: &plan, told: Told::OnReceipt };
        let (request, _) = self.file(&tx, own, actor, &filing).await?;
        tx.commit().await?;
        Ok(request)
    }
}

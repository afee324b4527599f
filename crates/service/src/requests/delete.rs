//! Deletion (PIPL art. 47): what would go and what must stay, then the request itself.

use domain::{
    Identifier, Lang,
    actor::Actor,
    permit::{Own, OwnFresh},
    plan::Plan,
    request::{Handling, RequestKind, Requester, Stage},
};
use sources::{Person, Scope, plan, reach};
use store::requests::Request;

use super::{
    file::{Filing, Told},
    restrict::only_restricting,
    unsettled::Unsettled,
};
use crate::{Portal, ServiceError, portal::Ground};

/// What a deletion would mean today.
#[derive(Debug)]
pub struct Deletion {
    pub plan: Plan,
    /// What of theirs is still open. It stands against nothing: an officer decides.
    pub open: Vec<Unsettled>,
}

impl Portal {
    /// Nothing is changed.
    pub async fn preview_deletion(&self, permit: &Own) -> Result<Deletion, ServiceError> {
        let open = self.unsettled(permit.proven()).await?;
        Ok(Deletion { plan: self.deletion_of(permit).await?, open })
    }

    /// What an erasure of this person would do today.
    async fn deletion_of(&self, permit: &Own) -> Result<Plan, ServiceError> {
        Ok(self.plan_for(self.reach(permit.proven()).await?).await?.plan)
    }

    /// A person with everything that leads from what they proved.
    pub(crate) async fn reach(&self, subject: &[Identifier]) -> Result<Person, ServiceError> {
        Ok(reach::person(&self.sources, &self.map, subject).await?)
    }

    /// The person of a request, and no more of theirs than it is about.
    pub(crate) async fn person_of(&self, request: &Request, subject: &[Identifier]) -> Result<Person, ServiceError> {
        let person = self.reach(subject).await?;
        if let Some(withdrawal) = self.withdrawal(request).await? {
            // Who has agreed again since has it go on; what rested on the former consent goes all the same.
            let stands = self.is_withdrawn(subject, &withdrawal.purpose).await?;
            let person = self.without(person, &withdrawal);
            return Ok(if stands { person } else { person.restricting([]) });
        }
        Ok(match request.kind.handling() {
            Handling::Restriction => match self.restricting(request).await? {
                Some(restricting) => only_restricting(person, restricting),
                None => person.only_in([]),
            },
            Handling::Erasure | Handling::Correction | Handling::Answer => person,
        })
    }

    pub(crate) async fn plan_for(&self, person: Person) -> Result<plan::Planned, ServiceError> {
        let ground = Ground::of(self).await?;
        let scope = Scope::Person(person);
        let terms = ground.terms(self, &scope, self.clock.today());
        Ok(plan::plan(&self.sources, &terms, &self.calendar()).await?)
    }

    /// The erasure of this person that is being carried out. Until it ends, what can be read is half of it.
    pub async fn running_deletion(&self, permit: &Own) -> Result<Option<Request>, ServiceError> {
        let own = self.store.open_about(permit).await?;
        Ok(own.into_iter().find(|r| r.kind.erases_all() && matches!(r.stage, Stage::Running { .. })))
    }

    /// One open deletion request a person is enough: a second press of the button finds the first.
    pub async fn file_deletion(&self, permit: &OwnFresh, actor: &Actor, lang: Lang) -> Result<Request, ServiceError> {
        let own = permit.own();
        let open = self.store.open_about(own).await?;
        if let Some(open) = open
            .into_iter()
            .find(|r| r.kind == RequestKind::Delete && r.requester == Requester::Subject && r.stage.is_open())
        {
            return Ok(open);
        }
        let plan = self.deletion_of(own).await?;
        let tx = self.store.begin().await?;
        if let Some(open) = tx.open_already(own, RequestKind::Delete).await? {
            return Ok(open);
        }
        let filing =
            Filing { kind: RequestKind::Delete, lang, details: None, plan: Some(&plan), told: Told::OnReceipt };
        let request = self.file(&tx, own, actor, &filing).await?;
        tx.commit().await?;
        Ok(request)
    }
}

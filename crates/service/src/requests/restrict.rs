//! Restriction and objection (PIPL art. 44), and taking one's word back. Where the map says where the company's
//! programs look before they process, the executor writes it there at once; anywhere else an officer has it done.

use domain::{
    Lang,
    actor::{Actor, Customer, Freshness},
    consent::Cover,
    permit::{Own, OwnFresh, Work},
    plan::{Plan, Restricting, Turn},
    request::RequestKind,
};
use sources::Person;
use store::{
    Tx,
    consents::{ConsentAnswer, last},
    requests::{Reader, Request},
};

use super::{
    file::{Filing, Told},
    wish::Wish,
};
use crate::{Portal, ServiceError};

/// What can be stopped by the executor, and how it stands for one person by the company's own databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stoppable {
    pub purpose: String,
    pub cover: Cover,
    pub processing: Processing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processing {
    /// The company's programs process for it.
    GoesOn,
    Restricted,
    /// No row of theirs could say so.
    Nowhere,
}

impl Portal {
    /// All that the map says where to stop, for one person.
    pub async fn stoppable(&self, permit: &Own) -> Result<Vec<Stoppable>, ServiceError> {
        let person = self.reach(permit.proven()).await?;
        let mut all = Vec::new();
        for (purpose, cover) in self.map.restrictions() {
            let rows = async |turn| {
                let restricting = Restricting { purpose: purpose.to_owned(), cover, turn };
                Ok::<u64, ServiceError>(self.plan_restriction(&person, restricting).await?.rows_to_change())
            };
            let processing = match (rows(Turn::Restricted).await?, rows(Turn::Lifted).await?) {
                (0, 0) => Processing::Nowhere,
                (0, _) => Processing::Restricted,
                (_, _) => Processing::GoesOn,
            };
            all.push(Stoppable { purpose: purpose.to_owned(), cover, processing });
        }
        Ok(all)
    }

    /// Restricts, objects, or takes it back. Where no program can do it, it waits for an officer.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for another kind, for what the map does not name, and for lifting what is not
    /// restricted or is not agreed to any more: a new consent lifts that.
    pub async fn file_restriction(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        kind: RequestKind,
        wish: &Wish,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let own = permit.own();
        let restricting = wish.restricting(kind).ok_or(ServiceError::NotFound)?;
        if !self.may_be_about(kind, wish) {
            return Err(ServiceError::NotFound);
        }
        for open in self.store.open_about(own).await? {
            if open.kind == kind && self.restricting(&open).await?.as_ref() == Some(&restricting) {
                return Ok(open);
            }
        }
        let plan = self.plan_restriction(&self.reach(own.proven()).await?, restricting.clone()).await?;
        if kind == RequestKind::Lift && (plan.items.is_empty() || self.needs_consent(own, &restricting).await?) {
            return Err(ServiceError::NotFound);
        }
        let tx = self.store.begin().await?;
        let request = self.file_restriction_in(&tx, own, actor, kind, wish, &plan, lang).await?;
        tx.commit().await?;
        Ok(request)
    }

    /// Likewise, together with what else happens in `tx`: by rule along `plan`, or for an officer where it has no rows.
    #[expect(
        clippy::too_many_arguments,
        reason = "what is filed, by whom, and what was planned before the transaction"
    )]
    pub(crate) async fn file_restriction_in(
        &self,
        tx: &Tx,
        permit: &Own,
        actor: &Actor,
        kind: RequestKind,
        wish: &Wish,
        plan: &Plan,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let details = serde_json::to_vec(wish).unwrap_or_default();
        if plan.items.is_empty() {
            let filing = Filing { kind, lang, details: Some(&details), plan: None, told: Told::OnReceipt };
            return self.file(tx, permit, actor, &filing).await;
        }
        let filing = Filing { kind, lang, details: Some(&details), plan: Some(plan), told: Told::WhenDone };
        let request = self.file(tx, permit, actor, &filing).await?;
        self.approve_by_rule(tx, permit, request, plan.digest(), self.clock.now()).await
    }

    pub(crate) async fn plan_restriction(
        &self,
        person: &Person,
        restricting: Restricting,
    ) -> Result<Plan, ServiceError> {
        Ok(self.plan_for(only_restricting(person.clone(), restricting)).await?.plan)
    }

    /// What a request restricts or lifts; `None` for one of another kind, and for one that names no purpose.
    pub(crate) async fn restricting(&self, request: &Request) -> Result<Option<Restricting>, ServiceError> {
        Ok(self.wish(request).await?.and_then(|wish| wish.restricting(request.kind)))
    }

    /// Whether nothing may go on because it is not agreed to, whatever else was said (PIPL art. 15).
    async fn needs_consent(&self, permit: &Own, restricting: &Restricting) -> Result<bool, ServiceError> {
        if self.map.consents().all(|(purpose, _)| *purpose != restricting.purpose) {
            return Ok(false);
        }
        let said = self.store.consents(permit).await?;
        Ok(last(&said, &restricting.purpose, restricting.cover)
            .is_some_and(|said| said.answer != ConsentAnswer::Agreed))
    }

    /// Whether it is the last word of its person on the matter: what was lifted since is not restricted again.
    pub(crate) async fn is_last_word(
        &self,
        work: &Work,
        request: &Request,
        restricting: &Restricting,
    ) -> Result<bool, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let proven = subject.into_iter().map(|identifier| (identifier, Freshness::Stale)).collect();
        let Some(customer) = Customer::new(proven) else { return Ok(false) };
        // The newest first.
        for other in self.store.restrictions_of(&Actor::Customer(customer).own()?).await? {
            let said = self.restricting(&other).await?;
            if said.is_some_and(|said| (&said.purpose, said.cover) == (&restricting.purpose, restricting.cover)) {
                return Ok(other.id == request.id);
            }
        }
        Ok(false)
    }
}

/// Nothing of theirs but what says whether it is restricted.
pub(crate) fn only_restricting(person: Person, restricting: Restricting) -> Person {
    person.only_in([]).restricting([restricting])
}

//! Deletion (PIPL art. 47): what would go and what must stay, then the request itself.

use std::collections::BTreeSet;

use domain::{
    Identifier, Lang,
    actor::Actor,
    json,
    map::{Extent, RoleName, TableName},
    permit::{Own, OwnFresh},
    plan::Plan,
    request::{Handling, RequestKind, Requester, Stage},
};
use jiff::civil::Date;
use sources::{
    Person, Scope,
    gather::{self, Side},
    plan, reach,
};
use store::requests::Request;

use super::{
    extent::tables_of,
    file::{Filing, Told},
    narrowed::{Chosen, ChosenRecord, Narrowed},
    owed::as_read,
    restrict::only_restricting,
    unlinked::Unlinked,
    unsettled::Unsettled,
    withdraw::is_said,
};
use crate::{Portal, ServiceError, portal::Ground};

/// What a deletion would mean today.
#[derive(Debug)]
pub struct Deletion {
    pub plan: Plan,
    /// Of which records it is.
    pub extent: Extent,
    /// In which tables they have anything to choose from.
    pub all: BTreeSet<TableName>,
    /// What goes along with what they chose.
    pub along: BTreeSet<TableName>,
    /// The only record it is of.
    pub record: Option<ChosenRecord>,
    /// What of theirs is still open. It stands against nothing: an officer decides.
    pub open: Vec<Unsettled>,
    /// Records that lead to them only through what goes: nothing is done to those, and nothing in them is theirs alone.
    pub beside: Unlinked,
}

impl Deletion {
    /// Nothing they have by now is left out.
    pub fn is_whole(&self) -> bool {
        self.extent.is_all_of(&self.all)
    }
}

impl Portal {
    /// Nothing is changed.
    pub async fn preview_deletion(&self, permit: &Own, wanted: impl Into<Chosen>) -> Result<Deletion, ServiceError> {
        let Chosen { extent: wanted, record } = wanted.into();
        let person = self.reach(permit.proven()).await?;
        let whole = self.plan_for(person.clone()).await?.plan;
        let all = tables_of(&whole);
        let extent = self.chosen_of(&wanted);
        let person = self.within(person, &extent).await?;
        let plan = match extent {
            Extent::Everything => whole,
            Extent::Only(_) | Extent::Record(_) => self.plan_for(person.clone()).await?.plan,
        };
        let beside = self.beside(&person, &plan, &extent).await.map_or(Unlinked::Unknown, Unlinked::Known);
        let open = self.unsettled_beside(permit.proven(), &extent).await?;
        let along = match &record {
            Some(record) => tables_of(&plan).into_iter().filter(|table| *table != record.table).collect(),
            None => all.iter().filter(|table| extent.covers(table) && !wanted.covers(table)).cloned().collect(),
        };
        Ok(Deletion { plan, extent, all, along, record, open, beside })
    }

    /// What is shown to them and no part of the plan. `None` where a database does not say in time.
    pub(super) async fn beside(&self, person: &Person, plan: &Plan, extent: &Extent) -> Option<Vec<Side>> {
        let planned = |table: &TableName, role: &RoleName| {
            plan.items.iter().any(|item| item.table == *table && (item.roles.is_empty() || item.roles.contains(role)))
        };
        let covers = |table: &TableName, role: &RoleName| extent.covers(table) && !planned(table, role);
        gather::sides(&self.sources, &self.map, person, &[], &covers).await
    }

    /// A person with everything that leads from what they proved.
    pub(crate) async fn reach(&self, subject: &[Identifier]) -> Result<Person, ServiceError> {
        Ok(reach::person(&self.sources, &self.map, subject).await?)
    }

    /// The person of a request, and no more of theirs than it is about.
    pub(crate) async fn person_of(&self, request: &Request, subject: &[Identifier]) -> Result<Person, ServiceError> {
        let person = self.reach(subject).await?;
        if let Some(withdrawal) = self.withdrawal(request, subject).await? {
            // Who has agreed again since has it go on; what rested on the former consent goes all the same.
            let stands = !is_said(request) || self.is_withdrawn(subject, &withdrawal.purpose).await?;
            let person = self.without(person, &withdrawal);
            return Ok(match request.requester {
                _ if stands => person,
                Requester::Subject => person.restricting([]),
                // What another asked before they agreed again is not what they want now.
                Requester::Representative { .. } | Requester::Staff { .. } => person.only_in([]).restricting([]),
            });
        }
        Ok(match request.kind.handling() {
            Handling::Restriction => match self.restricting(request).await? {
                Some(restricting) => only_restricting(person, restricting),
                None => person.only_in([]),
            },
            Handling::Erasure | Handling::Withdrawal => self.narrow_to(request, person).await?,
            Handling::Correction | Handling::Answer => person,
        })
    }

    pub(crate) async fn plan_for(&self, person: Person) -> Result<plan::Planned, ServiceError> {
        self.plan_as_of(&Scope::Person(person), self.clock.today()).await
    }

    pub(crate) async fn plan_as_of(&self, scope: &Scope, as_of: Date) -> Result<plan::Planned, ServiceError> {
        let ground = Ground::of(self).await?;
        let terms = ground.terms(self, scope, as_of);
        Ok(plan::plan(&self.sources, &terms, &self.calendar()).await?)
    }

    /// The erasure of this person that is being carried out. Until it ends, what can be read is half of it.
    pub async fn running_deletion(&self, permit: &Own) -> Result<Option<Request>, ServiceError> {
        let own = self.store.open_about(permit).await?;
        Ok(own.into_iter().find(|r| r.kind.erases_all() && matches!(r.stage, Stage::Running { .. })))
    }

    /// One open deletion request of the same records is enough: a second press of the button finds the first. One of which
    /// a database says nothing now is received all the same.
    pub async fn file_deletion(
        &self,
        permit: &OwnFresh,
        actor: &Actor,
        wanted: impl Into<Chosen>,
        lang: Lang,
    ) -> Result<Request, ServiceError> {
        let Chosen { extent: wanted, record } = wanted.into();
        let (own, extent) = (permit.own(), self.chosen_of(&wanted));
        if let Some(open) = self.open_deletion(own, &extent).await? {
            return Ok(open);
        }
        // Made anew: what is frozen is what is there when it is asked for, not when the page was opened. What is still
        // open stands against nothing, and is looked up by whoever reads the request.
        let look = async {
            let person = self.within(self.reach(own.proven()).await?, &extent).await?;
            Ok(self.plan_for(person).await?.plan)
        };
        let plan = as_read(look.await)?;
        let sealed = record.map(|record| Narrowed { record: Some(record), ..Narrowed::default() });
        let sealed = sealed.map(|narrowed| json::bytes(&narrowed));
        let tx = self.store.begin().await?;
        tx.one_at_a_time(own).await?;
        if let Some(open) = self.open_deletion(own, &extent).await? {
            return Ok(open);
        }
        let filing = Filing {
            kind: RequestKind::Delete,
            lang,
            details: sealed.as_deref(),
            extent: &extent,
            plan: plan.as_ref(),
            told: Told::OnReceipt,
        };
        let request = self.file(&tx, own, actor, &filing).await?;
        tx.commit().await?;
        Ok(request)
    }

    /// Nothing about whoever this belongs to is there to be seen, erased or kept.
    pub(crate) async fn has_nothing(&self, who: &Identifier) -> Result<bool, ServiceError> {
        let person = self.reach(std::slice::from_ref(who)).await?;
        // What is shown and never written to is in no plan; and who does not answer is an error to the plan alone.
        let shown = gather::count(&self.sources, &self.map, &person, &[], &|_: &TableName| true).await;
        let planned = self.plan_for(person).await?.plan;
        Ok(shown == Some(0) && planned.items.iter().all(|item| item.rows == 0))
    }

    async fn open_deletion(&self, own: &Own, extent: &Extent) -> Result<Option<Request>, ServiceError> {
        for request in self.store.open_about(own).await? {
            let theirs = request.kind == RequestKind::Delete && request.requester == Requester::Subject;
            if theirs && request.stage.is_open() && self.extent_of(&request).await? == *extent {
                return Ok(Some(request));
            }
        }
        Ok(None)
    }
}

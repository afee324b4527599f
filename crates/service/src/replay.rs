//! After a backup was restored: who came back that had been erased, what is wrong again that had been corrected,
//! and doing it again.

mod again;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Identifier,
    actor::Actor,
    ids::{RequestId, RequestNumber},
    map::{DataMap, SourceName, TableName, Unfound},
    permit::Work,
    plan::Plan,
    request::{Handling, RequestKind},
};
use jiff::Timestamp;
use sources::{Scope, affected};
use store::{
    requests::{Reader, Request},
    set_aside::SetAside,
};
use uuid::Uuid;

use crate::{Portal, ServiceError, portal::Ground};

/// Values looked at in one go.
const AT_ONCE: u64 = 1_000;

/// A backup that was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// When it was made.
    pub at: Timestamp,
    /// The only sources it is of; all where none is named. In the others what was erased never came back, and whoever
    /// goes on as a customer may have something new there.
    pub only: Vec<SourceName>,
}

impl From<Timestamp> for Restored {
    fn from(at: Timestamp) -> Self {
        Self { at, only: Vec::new() }
    }
}

impl Restored {
    fn covers(&self, table: &TableName) -> bool {
        self.only.is_empty() || self.only.contains(&table.source)
    }

    fn tables(&self, map: &DataMap) -> Vec<TableName> {
        map.tables.iter().map(|table| table.name.clone()).filter(|name| self.covers(name)).collect()
    }
}

/// A request that has to be done again.
#[derive(Debug)]
pub struct Returned {
    pub number: RequestNumber,
    pub kind: RequestKind,
    /// Rows an erasure would change; one for a correction.
    pub rows: u64,
    again: Again,
}

#[derive(Debug)]
struct Again {
    request: Request,
    plan: Plan,
    /// What came back, found in the data itself.
    subject: Vec<Identifier>,
    restored: Restored,
    of: Of,
}

/// Which rows it is about.
#[derive(Debug)]
enum Of {
    /// Those the person is found in.
    Person,
    /// Those an erasure had left for their day: of whom they are may stand nowhere any more.
    SetAside(Uuid, Box<Scope>),
}

impl Of {
    const fn set_aside(&self) -> Option<Uuid> {
        match self {
            Self::Person => None,
            Self::SetAside(aside, _) => Some(*aside),
        }
    }
}

impl Again {
    fn returned(self, rows: u64) -> Returned {
        Returned { number: self.request.number.clone(), kind: self.request.kind, rows, again: self }
    }
}

/// Rows of a table whose JSON is none are nobody's, and whoever keeps the table should know.
pub(crate) fn passed_over(table: &TableName, rows: u64) {
    if rows > 0 {
        tracing::warn!(%table, rows, "rows whose JSON cannot be read were passed over");
    }
}

/// What a replay cannot look at.
#[derive(Debug, PartialEq, Eq)]
pub enum Unchecked {
    /// Rows that were restored, found only by way of a database that was not.
    Rows(Unfound),
    /// A system that is asked about one person and never for a list of them.
    System(SourceName),
}

impl Portal {
    /// Of what was restored, where somebody who is back would not be noticed.
    pub fn unchecked(&self, restored: &Restored) -> Vec<Unchecked> {
        let rows = match restored.only.as_slice() {
            [] => Vec::new(),
            only => self.map.unfound_within(only),
        };
        let is_restored = |name: &SourceName| restored.only.is_empty() || restored.only.contains(name);
        let systems = self.map.sources.iter().filter(|(name, source)| !source.engine.has_sql() && is_restored(name));
        rows.into_iter().map(Unchecked::Rows).chain(systems.map(|(name, _)| Unchecked::System(name.clone()))).collect()
    }

    /// What was done after a backup, and has to be done again. Nothing is changed.
    pub async fn returned(&self, restored: impl Into<Restored>) -> Result<Vec<Returned>, ServiceError> {
        let restored = &restored.into();
        let work = Actor::System.work()?;
        let mut people: BTreeMap<RequestId, Vec<Identifier>> = BTreeMap::new();
        for (kind, spot) in affected::identifiers(&self.map) {
            let (mut after, mut unread): (Option<String>, u64) = (None, 0);
            loop {
                let page = affected::texts(&self.sources, &spot, after.as_deref(), AT_ONCE).await?;
                unread += page.unread;
                let identifiers: Vec<Identifier> =
                    page.texts.iter().filter_map(|text| Identifier::parse(kind, text)).collect();
                for (request, identifier) in self.store.erased_since(&work, restored.at, &identifiers).await? {
                    let known = people.entry(request).or_default();
                    if !known.contains(&identifier) {
                        known.push(identifier);
                    }
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            passed_over(spot.table(), unread);
        }
        let mut returned = Vec::new();
        for (id, subject) in people {
            let Some(request) = self.store.request_by_id(&work, id).await? else { continue };
            let person = self.narrow_to(&request, self.reach(&subject).await?).await?;
            let plan = self.plan_for(person.within(restored.tables(&self.map))).await?.plan;
            // What the law keeps was there all along.
            if plan.rows_to_change() > 0 {
                let (rows, restored) = (plan.rows_to_change(), restored.clone());
                returned.push(Again { request, plan, subject, restored, of: Of::Person }.returned(rows));
            }
        }
        let again = [
            RequestKind::Correct,
            RequestKind::Delete,
            RequestKind::Withdraw,
            RequestKind::Restrict,
            RequestKind::Object,
            RequestKind::Lift,
        ];
        for request in self.store.completed_since(&work, &again, restored.at).await? {
            returned.extend(match request.kind.handling() {
                Handling::Correction => self.wrong_again(&work, request, restored).await?,
                Handling::Erasure | Handling::Withdrawal => self.kept_again(&work, request, restored).await?,
                Handling::Restriction => self.open_again(&work, request, restored).await?,
                Handling::Answer => None,
            });
        }
        // Of whoever came back as a whole these are found with the rest.
        let whole: BTreeSet<RequestId> = returned.iter().map(|one| one.again.request.id).collect();
        let mut asides = self.store.set_aside_done_since(&work, restored.at).await?;
        asides.retain(|aside| !whole.contains(&aside.request) && restored.covers(&aside.table));
        if !asides.is_empty() {
            let ground = Ground::of(self).await?;
            for aside in asides {
                returned.extend(self.due_again(&work, &ground, aside, restored).await?);
            }
        }
        Ok(returned)
    }

    /// A person's last word on a purpose that their rows no longer say, or some new ones do not say yet.
    pub(crate) async fn open_again(
        &self,
        work: &Work,
        request: Request,
        restored: &Restored,
    ) -> Result<Option<Returned>, ServiceError> {
        let Some(restricting) = self.restricting(&request).await? else { return Ok(None) };
        if !self.is_last_word(work, &request, &restricting).await? {
            return Ok(None);
        }
        self.undone(work, request, restored).await
    }

    /// A withdrawal, or a deletion of what somebody chose, of which something is back.
    async fn kept_again(
        &self,
        work: &Work,
        request: Request,
        restored: &Restored,
    ) -> Result<Option<Returned>, ServiceError> {
        // Whoever was erased as a whole is found by what came back.
        if self.erases_all(&request).await? {
            return Ok(None);
        }
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        // Whoever has agreed again since is not erased again.
        if let Some(purpose) = self.withdrawn_purpose(&request).await?
            && !self.is_withdrawn(&subject, &purpose).await?
        {
            return Ok(None);
        }
        self.undone(work, request, restored).await
    }

    async fn undone(
        &self,
        work: &Work,
        request: Request,
        restored: &Restored,
    ) -> Result<Option<Returned>, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let person = self.person_of(&request, &subject).await?.within(restored.tables(&self.map));
        let plan = self.plan_for(person).await?.plan;
        let rows = plan.rows_to_change();
        let again = Again { request, plan, subject, restored: restored.clone(), of: Of::Person };
        Ok((rows > 0).then(|| again.returned(rows)))
    }

    /// A correction whose old value is back.
    async fn wrong_again(
        &self,
        work: &Work,
        request: Request,
        restored: &Restored,
    ) -> Result<Option<Returned>, ServiceError> {
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let Some(mut plan) = self.plan_of_all(&request).await? else { return Ok(None) };
        // What was not restored may say something newer by now.
        plan.items.retain(|item| restored.covers(&item.table));
        if !self.is_as_before(&request, &subject, &plan).await? {
            return Ok(None);
        }
        let again = Again { request, plan, subject, restored: restored.clone(), of: Of::Person };
        Ok(Some(again.returned(1)))
    }

    /// Rows that an erasure had left and a night finished, which are back.
    async fn due_again(
        &self,
        work: &Work,
        ground: &Ground,
        aside: SetAside,
        restored: &Restored,
    ) -> Result<Option<Returned>, ServiceError> {
        let Some(request) = self.store.request_by_id(work, aside.request).await? else { return Ok(None) };
        let Some((scope, planned)) = self.finishing(work, ground, &aside, self.clock.today()).await? else {
            return Ok(None);
        };
        let plan = planned.plan;
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        let rows = plan.rows_to_change();
        let again =
            Again { request, plan, subject, restored: restored.clone(), of: Of::SetAside(aside.id, Box::new(scope)) };
        Ok((rows > 0).then(|| again.returned(rows)))
    }
}

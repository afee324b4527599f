//! What a deletion leaves as it is because nothing in it is the person's alone: it led to them only through what goes.
//! Afterwards nobody can look it up any more, so that it is counted when the deletion begins and kept in its history, by
//! table and number.

use domain::{
    actor::Actor,
    plan::Plan,
    request::{Happened, RequestKind, StageName},
};
use serde_json::Value;
use sources::{Person, gather::Side};
use store::{
    history::Event,
    requests::{Reader, Request},
};

use super::extent::asked_for;
use crate::{Portal, ServiceError};

/// What there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlinked {
    /// It is no deletion, or not carried out.
    NotAsked,
    /// A company's database does not say in time; or it was carried out before this was kept.
    Unknown,
    Known(Vec<Side>),
}

/// Under which the history has it.
const UNLINKED: &str = "unlinked";

impl Unlinked {
    /// As it is told of a request.
    pub(super) fn of(request: &Request, events: &[Event]) -> Self {
        if request.stage.name() == StageName::Completed { Self::of_runs(request.kind, events) } else { Self::NotAsked }
    }

    /// As its runs found it. One that went on after another finds only what the other had left.
    pub(super) fn of_runs(kind: RequestKind, events: &[Event]) -> Self {
        if kind != RequestKind::Delete {
            return Self::NotAsked;
        }
        let of_runs = events.iter().filter(|event| event.what == Happened::Started);
        let kept: Option<Vec<Vec<Side>>> = of_runs.map(|event| read(event.data.get(UNLINKED)?)).collect();
        let Some(kept) = kept else { return Self::Unknown };
        let mut all: Vec<Side> = Vec::new();
        for side in kept.into_iter().flatten() {
            match all.iter_mut().find(|known| (&known.table, &known.role) == (&side.table, &side.role)) {
                Some(known) => known.rows = known.rows.max(side.rows),
                None => all.push(side),
            }
        }
        Self::Known(all)
    }

    /// With what else the history has of a run's beginning.
    pub(super) fn kept_with(&self, mut data: Value) -> Value {
        if let (Self::Known(sides), Some(data)) = (self, data.as_object_mut()) {
            data.insert(UNLINKED.to_owned(), serde_json::json!(sides));
        }
        data
    }

    /// How many records are known.
    pub fn rows(&self) -> u64 {
        self.sides().iter().map(|side| side.rows).sum()
    }

    /// Those that are known.
    pub fn sides(&self) -> &[Side] {
        match self {
            Self::Known(sides) => sides,
            Self::NotAsked | Self::Unknown => &[],
        }
    }
}

fn read(kept: &Value) -> Option<Vec<Side>> {
    serde_json::from_value(kept.clone()).ok()
}

impl Portal {
    /// Before anybody has decided: as it is now.
    pub(super) async fn would_be_unlinked(
        &self,
        request: &Request,
        plan: Option<&Plan>,
    ) -> Result<Unlinked, ServiceError> {
        let (true, Some(plan)) = (request.kind == RequestKind::Delete, plan) else { return Ok(Unlinked::NotAsked) };
        let subject = self.store.subject(Reader::Work(&Actor::System.work()?), request.id).await?;
        // A source that does not answer keeps nobody from reading their request.
        let Ok(person) = self.person_of(request, &subject).await else { return Ok(Unlinked::Unknown) };
        self.unlinked_by(request, &person, plan).await
    }

    /// What a run of this plan leaves.
    pub(super) async fn unlinked_by(
        &self,
        request: &Request,
        person: &Person,
        plan: &Plan,
    ) -> Result<Unlinked, ServiceError> {
        if request.kind != RequestKind::Delete {
            return Ok(Unlinked::NotAsked);
        }
        let extent = asked_for(request.kind, &self.store.events(request).await?);
        Ok(self.beside(person, plan, &extent).await.map_or(Unlinked::Unknown, Unlinked::Known))
    }
}

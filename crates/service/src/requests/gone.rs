//! A deletion of which nothing is left when its turn comes: an earlier one, or a night, had taken it. Nothing was erased by
//! it then, and what says so says by what it had gone: as far as the ledger knows, and of no other person's requests.

use std::collections::BTreeSet;

use domain::{
    actor::Actor,
    china,
    map::TableName,
    permit::Work,
    plan::Plan,
    request::{Gone, GoneBy, Happened, RequestKind, Requester, Stage},
};
use jiff::Timestamp;
use serde_json::Value;
use store::{
    history::Event,
    requests::{Reader, Request},
    runs::RunKind,
};

use super::LeftOut;
use crate::{Portal, ServiceError};

/// Under which the history has it.
const GONE: &str = "gone";

/// As it was found when it was carried out.
pub(super) fn gone(events: &[Event]) -> Option<Gone> {
    let done = events.iter().rfind(|event| event.what == Happened::Completed)?;
    serde_json::from_value(done.data.get(GONE)?.clone()).ok()
}

/// With what else the history has of its end.
pub(super) fn kept_with(gone: Option<&Gone>, mut data: Value) -> Value {
    if let (Some(gone), Some(data)) = (gone, data.as_object_mut()) {
        data.insert(GONE.to_owned(), serde_json::json!(gone));
    }
    data
}

impl Portal {
    /// What had taken everything a request with this plan is about. `None` where there is something, where it has taken it
    /// itself, or where an officer left all of it out.
    pub(super) async fn gone_before(
        &self,
        request: &Request,
        plan: &Plan,
        events: &[Event],
    ) -> Result<Option<Gone>, ServiceError> {
        let deletes = matches!(request.kind, RequestKind::Delete | RequestKind::CancelAccount);
        let others = LeftOut::of(events).is_some() || request.requester.waits_for_check();
        if !deletes || !plan.is_empty() || others || self.has_begun(request).await? {
            return Ok(None);
        }
        let work = Actor::System.work()?;
        let tables = self.store.tables_planned(request.id).await?;
        if tables.is_empty() {
            return Ok(Some(Gone(self.erased_as_a_whole(&work, request).await?.into_iter().collect())));
        }
        let (mut by, taken) = self.taken_by_others(&work, request, &tables).await?;
        let left: BTreeSet<TableName> = tables.difference(&taken).cloned().collect();
        by.extend(self.taken_by_night(request.received_at, &left).await?);
        Ok(Some(Gone(by)))
    }

    /// Requests of the same person, by all that was proven for both: a number that two people used one after the other
    /// must tell neither of the other's. What somebody else asks for them tells of none: whoever asks reads it too.
    async fn of_the_same_person(&self, work: &Work, request: &Request) -> Result<Vec<Request>, ServiceError> {
        let mut all = Vec::new();
        if matches!(request.requester, Requester::Representative { .. }) {
            return Ok(all);
        }
        let subject = self.store.subject(Reader::Work(work), request.id).await?;
        for id in self.store.requests_of(&subject).await? {
            let theirs = self.store.subject(Reader::Work(work), id).await?;
            let same = theirs.len() == subject.len() && theirs.iter().all(|one| subject.contains(one));
            if id != request.id && same {
                all.extend(self.store.request_by_id(work, id).await?);
            }
        }
        Ok(all)
    }

    /// Nothing was there when it was asked for: the last erasure of all of theirs.
    async fn erased_as_a_whole(&self, work: &Work, request: &Request) -> Result<Option<GoneBy>, ServiceError> {
        let mut last: Option<(Timestamp, GoneBy)> = None;
        for other in self.of_the_same_person(work, request).await? {
            let Stage::Completed { at, .. } = other.stage else { continue };
            let is_later = last.as_ref().is_none_or(|(known, _)| at > *known);
            if is_later && self.erases_all(&other).await? && gone(&self.store.events(&other).await?).is_none() {
                last = Some((at, GoneBy::Request { number: other.number, on: china::day(at) }));
            }
        }
        Ok(last.map(|(_, by)| by))
    }

    /// Runs of other requests since this one was received, and in which of these tables they have taken any.
    async fn taken_by_others(
        &self,
        work: &Work,
        request: &Request,
        tables: &BTreeSet<TableName>,
    ) -> Result<(Vec<GoneBy>, BTreeSet<TableName>), ServiceError> {
        let (mut by, mut taken) = (Vec::new(), BTreeSet::new());
        for other in self.of_the_same_person(work, request).await? {
            let mut on = None;
            for run in self.store.runs_for(other.id).await? {
                let Some(at) = run.finished_at.filter(|at| *at >= request.received_at) else { continue };
                let done = self.store.tables_done(&run).await?;
                if run.kind == RunKind::Erasure && !done.is_disjoint(tables) {
                    taken.extend(done);
                    on = Some(china::day(at));
                }
            }
            by.extend(on.map(|on| GoneBy::Request { number: other.number, on }));
        }
        Ok((by, taken))
    }

    /// Nights since then that have taken rows of these tables.
    async fn taken_by_night(
        &self,
        since: Timestamp,
        tables: &BTreeSet<TableName>,
    ) -> Result<Vec<GoneBy>, ServiceError> {
        let mut by = Vec::new();
        if tables.is_empty() {
            return Ok(by);
        }
        for night in self.store.nights_since(since).await? {
            let by_this = GoneBy::Night { on: night.as_of };
            if !by.contains(&by_this) && !self.store.tables_done(&night).await?.is_disjoint(tables) {
                by.push(by_this);
            }
        }
        Ok(by)
    }
}

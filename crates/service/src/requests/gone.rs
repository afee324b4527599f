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
        let not_said = LeftOut::of(events).is_some() || request.requester.waits_for_check();
        if !deletes || !plan.is_empty() || not_said || self.has_begun(request).await? {
            return Ok(None);
        }
        let work = Actor::System.work()?;
        let others = self.of_the_same_person(&work, request).await?;
        let tables = self.store.tables_planned(request.id).await?;
        if tables.is_empty() {
            return Ok(Some(Gone(self.erased_as_a_whole(others).await?.into_iter().collect())));
        }
        let (mut by, taken) = self.taken_by_others(&others, request, &tables).await?;
        let left: BTreeSet<TableName> = tables.difference(&taken).cloned().collect();
        by.extend(self.taken_by_night(&others, request.received_at, &left).await?);
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
    async fn erased_as_a_whole(&self, others: Vec<Request>) -> Result<Option<GoneBy>, ServiceError> {
        let mut last: Option<(Timestamp, GoneBy)> = None;
        for other in others {
            let Stage::Completed { at, .. } = other.stage else { continue };
            let is_later = last.as_ref().is_none_or(|(known, _)| at > *known);
            if is_later && self.erases_all(&other).await? && gone(&self.store.events(&other).await?).is_none() {
                last = Some((at, GoneBy::Request { number: other.number, on: china::day(at) }));
            }
        }
        Ok(last.map(|(_, by)| by))
    }

    /// Other requests completed since this one was received that have taken any in these tables; and in which tables runs
    /// of such requests have, completed or not.
    async fn taken_by_others(
        &self,
        others: &[Request],
        request: &Request,
        tables: &BTreeSet<TableName>,
    ) -> Result<(Vec<GoneBy>, BTreeSet<TableName>), ServiceError> {
        let (mut by, mut taken) = (Vec::new(), BTreeSet::new());
        for other in others {
            let mut took = false;
            for run in self.store.runs_for(other.id).await? {
                let ended = run.finished_at.is_some_and(|at| at >= request.received_at);
                let done = self.store.tables_done(&run).await?;
                if ended && run.kind == RunKind::Erasure && !done.is_disjoint(tables) {
                    taken.extend(done);
                    took = true;
                }
            }
            // What came back at the second look is not completed, and has no certificate to be named by.
            if let (true, Stage::Completed { at, .. }) = (took, &other.stage) {
                by.push(GoneBy::Request { number: other.number.clone(), on: china::day(*at) });
            }
        }
        Ok((by, taken))
    }

    /// Nights since then that have taken rows of these tables. Of what was set aside for somebody, only this person's: of
    /// nobody else's it can have been.
    async fn taken_by_night(
        &self,
        others: &[Request],
        since: Timestamp,
        tables: &BTreeSet<TableName>,
    ) -> Result<Option<GoneBy>, ServiceError> {
        let mut days = BTreeSet::new();
        if tables.is_empty() {
            return Ok(None);
        }
        for night in self.store.nights_since(since).await? {
            let theirs = night.request.is_none_or(|of| others.iter().any(|other| other.id == of));
            if theirs && !self.store.tables_done(&night).await?.is_disjoint(tables) {
                days.insert(night.as_of);
            }
        }
        Ok(match (days.first(), days.last()) {
            (Some(&first), Some(&last)) if first < last => Some(GoneBy::Nights { first, last }),
            (first, _) => first.map(|&on| GoneBy::Night { on }),
        })
    }
}

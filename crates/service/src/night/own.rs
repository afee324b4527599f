//! The portal's own requests obey the map too: after their time it is forgotten whose they were, and what was handed
//! in to show it goes sooner.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    china,
    ids::RequestId,
    map::TableName,
    permit::Work,
    plan::{Because, Outcome},
    report::{NightReport, RuleReport},
};
use jiff::{Timestamp, civil::Date};
use store::runs::Run;

use crate::{Portal, ServiceError, run::Heartbeat};

/// Requests forgotten in one transaction.
const AT_ONCE: u64 = 200;

impl Portal {
    /// What tonight would forget. Nothing is changed.
    pub(super) async fn own_due(&self, work: &Work, as_of: Date) -> Result<Vec<RuleReport>, ServiceError> {
        let held = self.held_requests().await?;
        let evidence = self.store.spent_evidence(work, self.evidence_before(as_of), &held).await?;
        let old = self.store.old_requests(work, self.forgotten_before(as_of)).await?;
        let copies = self.store.late_copies(work, china::midnight(as_of)).await?;
        let due = [
            rule(TableName::own_copies(), Outcome::Deleted, copies, 0, 0),
            rule(TableName::own_files(), Outcome::Deleted, evidence, 0, 0),
            rule(TableName::own_requests(), Outcome::Anonymised, old, 0, 0),
        ];
        Ok(due.into_iter().filter(|rule| rule.selected > 0).collect())
    }

    /// Forgets them, and looks again. What is forgotten is noted with the night in the same transaction.
    pub(super) async fn forget_own(
        &self,
        work: &Work,
        night: &Run,
        heartbeat: &Heartbeat,
    ) -> Result<OwnLeft, ServiceError> {
        let held = self.held_requests().await?;
        let copies = self.forget_copies(work, night).await?;
        let files = self.forget_evidence(work, night, &held, heartbeat).await?;
        let before = self.forgotten_before(night.as_of);
        let tx = self.store.begin().await?;
        tx.forget_looks(work, before).await?;
        tx.commit().await?;
        let (mut done, mut kept, mut after) = (0, 0, None);
        loop {
            heartbeat.check()?;
            let next = self.store.next_old_requests(work, before, after, AT_ONCE).await?;
            let Some(last) = next.last().copied() else { break };
            let tx = self.store.begin().await?;
            let gone: Vec<RequestId> = next.iter().copied().filter(|id| !held.contains(id)).collect();
            for id in &gone {
                tx.forget_request(work, *id).await?;
            }
            tx.note_forgotten(night.id, &TableName::own_requests(), gone.len() as u64).await?;
            tx.commit().await?;
            done += gone.len() as u64;
            kept += (next.len() - gone.len()) as u64;
            after = Some(last);
        }
        let requests = self.store.old_requests(work, before).await?.saturating_sub(kept);
        if done > 0 {
            self.store.settle().await?;
        }
        Ok(OwnLeft { copies, files, requests, held: kept })
    }

    /// Copies past their time. A hold keeps a company's records, and a copy of them is not one.
    async fn forget_copies(&self, work: &Work, night: &Run) -> Result<u64, ServiceError> {
        let before = china::midnight(night.as_of);
        self.forget_late_copies(work, before, Some(night.id)).await?;
        Ok(self.store.late_copies(work, before).await?)
    }

    /// What shows who somebody is goes soon after it has served (GB/T 35273 §8.5).
    async fn forget_evidence(
        &self,
        work: &Work,
        night: &Run,
        held: &BTreeSet<RequestId>,
        heartbeat: &Heartbeat,
    ) -> Result<u64, ServiceError> {
        let before = self.evidence_before(night.as_of);
        loop {
            heartbeat.check()?;
            let tx = self.store.begin().await?;
            let gone = tx.forget_evidence(work, before, held).await?;
            if gone == 0 {
                break;
            }
            tx.note_forgotten(night.id, &TableName::own_files(), gone).await?;
            tx.commit().await?;
        }
        Ok(self.store.spent_evidence(work, before, held).await?)
    }

    async fn held_requests(&self) -> Result<BTreeSet<RequestId>, ServiceError> {
        let people: Vec<_> = self.on_hold().await?.iter().flat_map(sources::OnHold::identifiers).cloned().collect();
        Ok(self.store.requests_of(&people).await?.into_iter().collect())
    }

    /// The beginning of the first day that is still kept, in China.
    fn forgotten_before(&self, as_of: Date) -> Timestamp {
        china::midnight(self.map.portal.keep.cutoff(as_of))
    }

    /// Likewise of what shows who somebody is.
    fn evidence_before(&self, as_of: Date) -> Timestamp {
        china::midnight(self.map.portal.keep_evidence.cutoff(as_of))
    }
}

/// What is still there of the portal's own after its time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OwnLeft {
    copies: u64,
    files: u64,
    requests: u64,
    /// Requests under a hold.
    held: u64,
}

/// What a night has forgotten, and what it has left.
pub(super) fn add(report: &mut NightReport, forgotten: &BTreeMap<TableName, u64>, left: OwnLeft) {
    let own = [
        (TableName::own_copies(), Outcome::Deleted, left.copies),
        (TableName::own_files(), Outcome::Deleted, left.files),
        (TableName::own_requests(), Outcome::Anonymised, left.requests),
    ];
    for (table, outcome, left) in own {
        let done = forgotten.get(&table).copied().unwrap_or(0);
        report.changed += done;
        report.verified &= left == 0;
        if done + left > 0 {
            report.rules.push(rule(table, outcome, done + left, done, left));
        }
    }
    report.held += left.held;
    if left.held > 0 {
        let kept = Outcome::Kept { because: Because::Hold };
        report.rules.push(rule(TableName::own_requests(), kept, left.held, 0, 0));
    }
}

fn rule(table: TableName, outcome: Outcome, selected: u64, done: u64, left: u64) -> RuleReport {
    RuleReport { table, outcome, selected, done, left, why_left: None, set_aside: false }
}

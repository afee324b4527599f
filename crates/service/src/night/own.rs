//! The portal's own requests obey the map too: after their time it is forgotten whose they were, and what was handed
//! in to show it goes sooner.

use std::collections::BTreeSet;

use domain::{
    china,
    ids::RequestId,
    map::TableName,
    permit::Work,
    plan::{Because, Outcome},
};
use jiff::{Timestamp, civil::Date};

use super::{NightReport, RuleReport};
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
            rule(&TableName::own_copies(), Outcome::Deleted, copies, 0, 0),
            rule(&TableName::own_files(), Outcome::Deleted, evidence, 0, 0),
            rule(&TableName::own_requests(), Outcome::Anonymised, old, 0, 0),
        ];
        Ok(due.into_iter().filter(|rule| rule.selected > 0).collect())
    }

    /// Forgets them, and looks again.
    pub(super) async fn forget_own(
        &self,
        work: &Work,
        as_of: Date,
        heartbeat: &Heartbeat,
        report: &mut NightReport,
    ) -> Result<(), ServiceError> {
        let held = self.held_requests().await?;
        self.forget_copies(work, as_of, report).await?;
        self.forget_evidence(work, as_of, &held, heartbeat, report).await?;
        let before = self.forgotten_before(as_of);
        let tx = self.store.begin().await?;
        tx.forget_looks(work, before).await?;
        tx.commit().await?;
        let selected = self.store.old_requests(work, before).await?;
        if selected == 0 {
            return Ok(());
        }
        let (mut done, mut kept, mut after) = (0, 0, None);
        loop {
            heartbeat.check()?;
            let next = self.store.next_old_requests(work, before, after, AT_ONCE).await?;
            let Some(last) = next.last().copied() else { break };
            let tx = self.store.begin().await?;
            for id in next {
                if held.contains(&id) {
                    kept += 1;
                } else {
                    tx.forget_request(work, id).await?;
                    done += 1;
                }
            }
            tx.commit().await?;
            after = Some(last);
        }
        let left = self.store.old_requests(work, before).await?.saturating_sub(kept);
        report.changed += done;
        report.held += kept;
        report.verified &= left == 0;
        let own = TableName::own_requests();
        report.rules.push(rule(&own, Outcome::Anonymised, selected - kept.min(selected), done, left));
        if kept > 0 {
            report.rules.push(rule(&own, Outcome::Kept { because: Because::Hold }, kept, 0, 0));
        }
        self.store.settle().await?;
        Ok(())
    }

    /// Copies past their time. A hold keeps a company's records, and a copy of them is not one.
    async fn forget_copies(&self, work: &Work, as_of: Date, report: &mut NightReport) -> Result<(), ServiceError> {
        let before = china::midnight(as_of);
        let selected = self.store.late_copies(work, before).await?;
        if selected == 0 {
            return Ok(());
        }
        let done = self.forget_late_copies(work, before).await?;
        let left = self.store.late_copies(work, before).await?;
        report.changed += done;
        report.verified &= left == 0;
        report.rules.push(rule(&TableName::own_copies(), Outcome::Deleted, selected, done, left));
        Ok(())
    }

    /// What shows who somebody is goes soon after it has served (GB/T 35273 §8.5).
    async fn forget_evidence(
        &self,
        work: &Work,
        as_of: Date,
        held: &BTreeSet<RequestId>,
        heartbeat: &Heartbeat,
        report: &mut NightReport,
    ) -> Result<(), ServiceError> {
        let before = self.evidence_before(as_of);
        let selected = self.store.spent_evidence(work, before, held).await?;
        if selected == 0 {
            return Ok(());
        }
        let mut done = 0;
        loop {
            heartbeat.check()?;
            let tx = self.store.begin().await?;
            let gone = tx.forget_evidence(work, before, held).await?;
            tx.commit().await?;
            if gone == 0 {
                break;
            }
            done += gone;
        }
        let left = self.store.spent_evidence(work, before, held).await?;
        report.changed += done;
        report.verified &= left == 0;
        report.rules.push(rule(&TableName::own_files(), Outcome::Deleted, selected, done, left));
        Ok(())
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

fn rule(table: &TableName, outcome: Outcome, selected: u64, done: u64, left: u64) -> RuleReport {
    RuleReport { table: table.to_string(), outcome, selected, done, left, set_aside: false }
}

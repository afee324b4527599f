//! The one driver of the executor (invariant 3): requests, rows set aside and the night all come
//! through here. Each step is written into the ledger before and after; a receipt in the company's
//! database settles what a crash left open; a second look decides whether it was done.

mod course;
mod ended;
mod heartbeat;
mod ledger;
mod named;
mod pace;
mod tidy;
mod walk;

use std::collections::BTreeMap;

use domain::{
    ids::RunId,
    map::SourceName,
    plan::{Item, Outcome, Plan},
    report::{ItemReport, RunReport},
};
use jiff::{Timestamp, civil::Date};
use sources::{Scope, fault::Point, plan};
use store::runs::{Run, RunKind, RunStatus};

use crate::{Portal, ServiceError};
use course::Course;
pub(crate) use heartbeat::Heartbeat;
pub(crate) use ledger::Ended;

/// How far a run has come, for those who wait.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub done: u64,
    pub planned: u64,
}

impl Portal {
    /// A run that is about to begin, of no request and in no night.
    pub(crate) fn new_run(&self, now: Timestamp, kind: RunKind, as_of: Date, plan: Plan) -> Result<Run, ServiceError> {
        Ok(Run {
            id: RunId(self.chance.id(now)?),
            kind,
            request: None,
            as_of,
            status: RunStatus::Running,
            plan,
            report: None,
            started_at: now,
            finished_at: None,
            night: None,
            set_aside: None,
        })
    }

    /// How far a run is that has not ended yet, by the ledger.
    pub(crate) async fn progress(&self, run: &Run) -> Result<Option<Progress>, ServiceError> {
        Ok(match run.status {
            RunStatus::Running => {
                let done = self.store.rows_done(run.id).await?;
                Some(Progress { done, planned: run.plan.rows_to_change() })
            }
            RunStatus::Verified | RunStatus::NotVerified | RunStatus::WindowClosed | RunStatus::Differs => None,
        })
    }
}

pub(crate) type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

impl Portal {
    /// Carries out a run that is in the ledger, from wherever it was left, but begins nothing after `until`.
    pub(crate) async fn carry_out(
        &self,
        run: &Run,
        scope: &Scope,
        heartbeat: &Heartbeat,
        on_progress: OnProgress<'_>,
        until: Option<Timestamp>,
    ) -> Result<RunReport, ServiceError> {
        let sources = sources_of(run);
        for source in &sources {
            let system = self.sources.system(source)?;
            system.prepare().await?;
            let locks =
                |item: &Item| item.table.source == *source && matches!(item.outcome, Outcome::LockedAway { .. });
            if run.plan.items.iter().any(locks) {
                system.prepare_lock().await?;
            }
        }
        let course = Course::start(self, run, scope, heartbeat, on_progress, until).await?;
        match scope {
            Scope::Expired => walk::carry_out(&course).await?,
            Scope::Person(_) | Scope::SetAside { .. } => named::carry_out(&course).await?,
        }
        for source in &sources {
            self.sources.faults.at(Point::Verify, source)?;
        }
        match scope {
            // Before the second look, which then knows how few rows are left to look at.
            Scope::Expired => self.tidy_up(run).await?,
            // Many small ones share it, a little later.
            Scope::Person(_) | Scope::SetAside { .. } => self.tidy_up_soon(&sources).await?,
        }
        let ground = course.ground().await?;
        let left = plan::plan(&self.sources, &course.terms(&ground), &self.calendar()).await?.plan;
        let mut report = self.report(run, &left, course.is_stopped()).await?;
        for item in report.items.iter_mut().filter(|item| item.left > 0) {
            item.why_left = course.left_because(&item.table);
        }
        for source in &sources {
            self.sources.faults.at(Point::Finish, source)?;
        }
        Ok(report)
    }

    async fn report(&self, run: &Run, left: &Plan, stopped: bool) -> Result<RunReport, ServiceError> {
        // By the ledger, which also knows what another worker did before.
        let steps = self.store.steps(run.id).await?;
        let mut done: BTreeMap<usize, u64> = BTreeMap::new();
        for step in &steps {
            *done.entry(step.item).or_default() += step.rows.unwrap_or(0);
        }
        let left_of = |item: &Item| {
            let same =
                |other: &&Item| other.table == item.table && other.roles == item.roles && other.outcome == item.outcome;
            left.items.iter().find(same).map_or(0, |other| other.rows)
        };
        let items: Vec<ItemReport> = run
            .plan
            .items
            .iter()
            .enumerate()
            .map(|(n, item)| ItemReport {
                table: item.table.clone(),
                roles: item.roles.clone(),
                outcome: item.outcome.clone(),
                planned: item.rows,
                done: done.get(&n).copied().unwrap_or(0),
                left: if item.changes() { left_of(item) } else { 0 },
                why_left: None,
            })
            .collect();
        let longest = steps.iter().map(|step| step.held).max().unwrap_or_default();
        Ok(RunReport {
            // An erasure is for the rows that were approved: fewer done is as wrong as some left, because rows
            // that can no longer be found look like rows that are gone.
            verified: items.iter().all(|item| item.left == 0)
                && (run.kind == RunKind::Retention || left.rows_to_change() == 0)
                && (run.kind != RunKind::Erasure
                    || items
                        .iter()
                        .filter(|item| item.planned > 0 && item.outcome.removes())
                        .all(|item| item.done == item.planned)),
            items,
            longest_step_ms: u64::try_from(longest.as_millis()).unwrap_or(u64::MAX),
            stopped,
            steps: steps.len() as u64,
        })
    }
}

fn sources_of(run: &Run) -> Vec<SourceName> {
    let mut names: Vec<SourceName> =
        run.plan.items.iter().filter(|item| item.changes()).map(|item| item.table.source.clone()).collect();
    names.sort();
    names.dedup();
    names
}

pub(crate) const fn status_of(report: &RunReport) -> RunStatus {
    if report.verified {
        RunStatus::Verified
    } else if report.stopped {
        RunStatus::WindowClosed
    } else {
        RunStatus::NotVerified
    }
}

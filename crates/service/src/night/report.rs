//! The report of a night, made from the ledger: what it did before it was interrupted is in it like what it did since.

use domain::{
    plan::{Because, Outcome, Plan},
    report::{NightReport, RuleReport, RunReport},
};
use jiff::civil::Date;
use store::runs::Run;

use super::own::{self, OwnLeft};
use crate::{Portal, ServiceError};

impl Portal {
    /// With the runs of rows set aside, and with what was forgotten of the portal's own.
    pub(super) async fn report_of_night(
        &self,
        run: &Run,
        done: &RunReport,
        left: OwnLeft,
    ) -> Result<NightReport, ServiceError> {
        let mut report = NightReport { map: run.plan.map.0.clone(), ..self.empty_report(run.as_of) };
        add_run(&mut report, done, Due::Rule);
        for aside in self.store.set_aside_runs(run.id).await? {
            if let Some(done) = aside.done() {
                add_run(&mut report, done, Due::SetAside);
            }
        }
        own::add(&mut report, &self.store.forgotten_in(run.id).await?, left);
        Ok(report)
    }

    pub(super) fn empty_report(&self, as_of: Date) -> NightReport {
        NightReport {
            as_of,
            dry_run: false,
            map: self.map.hash.0.clone(),
            rules: Vec::new(),
            changed: 0,
            held: 0,
            waiting: 0,
            verified: true,
            stopped: Vec::new(),
            let_go: Vec::new(),
            steps: 0,
            longest_step_ms: 0,
        }
    }
}

pub(super) fn add_plan(report: &mut NightReport, plan: &Plan) {
    for item in &plan.items {
        if matches!(item.outcome, Outcome::Kept { because: Because::Hold }) {
            report.held += item.rows;
        }
        report.rules.push(RuleReport {
            table: item.table.clone(),
            outcome: item.outcome.clone(),
            selected: item.rows,
            done: 0,
            left: 0,
            why_left: None,
            set_aside: false,
        });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Rule,
    SetAside,
}

fn add_run(report: &mut NightReport, done: &RunReport, due: Due) {
    report.verified &= done.verified;
    report.steps += done.steps;
    report.longest_step_ms = report.longest_step_ms.max(done.longest_step_ms);
    for item in &done.items {
        report.changed += item.done;
        if matches!(item.outcome, Outcome::Kept { because: Because::Hold }) {
            report.held += item.planned;
        }
        report.rules.push(RuleReport {
            table: item.table.clone(),
            outcome: item.outcome.clone(),
            selected: item.planned,
            done: item.done,
            left: item.left,
            why_left: item.why_left,
            set_aside: due == Due::SetAside,
        });
    }
}

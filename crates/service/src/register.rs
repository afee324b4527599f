//! The register of destruction: what went, when, why, and that it was seen to be gone. By month, with a summary of
//! each rule.

use std::collections::BTreeMap;

use domain::{
    china,
    ids::{NightNumber, RequestNumber},
    map::TableName,
    permit::ReadReports,
    plan::Outcome,
    report::{ItemReport, Report, RuleReport, RunReport, Sum},
};
use jiff::{ToSpan, civil::Date};
use store::runs::{OfRequest, Run, RunKind};

use crate::{Portal, ServiceError};

/// Runs read at a time.
const AT_ONCE: u64 = 500;

/// One month of the register.
#[derive(Debug)]
pub struct Month {
    pub first: Date,
    /// Rows that went on each day of the month.
    pub days: Vec<(Date, u64)>,
    pub rules: Vec<Rule>,
    pub entries: Vec<Entry>,
}

/// What became of one table's rows in the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub table: TableName,
    /// What was to go, and what the last night kept or held up.
    pub due: u64,
    pub done: u64,
    /// What a hold kept in the month's last night.
    pub held: u64,
    /// What was too much to go unseen and waited for a person in the month's last night.
    pub stopped: u64,
    /// What a second look found that should have gone.
    pub left: u64,
}

/// Rows of one table that went in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub on: Date,
    pub table: TableName,
    pub outcome: Outcome,
    pub rows: u64,
    pub cause: Cause,
    pub verified: bool,
}

/// Why they went, and under which number that is certified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    Night(NightNumber),
    Request(RequestNumber),
    /// A restored backup had brought back what this request had erased.
    Replay(RequestNumber),
}

/// One table's part of a run, whichever kind it was.
struct Part {
    table: TableName,
    outcome: Outcome,
    planned: u64,
    done: u64,
    left: u64,
}

/// What a run did, and what a night held up.
#[derive(Default)]
struct Done {
    verified: bool,
    parts: Vec<Part>,
    /// What a night kept or held up, by table.
    stays: Vec<Sum>,
}

impl Rule {
    const fn of(table: TableName) -> Self {
        Self { table, due: 0, done: 0, held: 0, stopped: 0, left: 0 }
    }

    /// With what stays among what was due.
    fn whole(self) -> Self {
        Self { due: self.due + self.held + self.stopped, ..self }
    }
}

impl Portal {
    /// The month `first` begins.
    pub async fn register(&self, permit: ReadReports, first: Date) -> Result<Month, ServiceError> {
        let next = first.saturating_add(1.month());
        let mut month = Month { first, days: days(first, next), rules: Vec::new(), entries: Vec::new() };
        let mut rules: BTreeMap<TableName, Rule> = BTreeMap::new();
        let mut after = (china::midnight(first), None);
        loop {
            let runs = self.store.finished_runs(permit, after, china::midnight(next), AT_ONCE).await?;
            let read = runs.len() as u64;
            for (mut run, of) in runs {
                after = (run.finished_at.unwrap_or(after.0), Some(run.id));
                if let (RunKind::Erasure, Some(Report::SentBack(_)), Some(of)) = (run.kind, &run.report, &of) {
                    run.report = Some(Report::Run(self.half_way(&run, of).await?));
                }
                month.add(&mut rules, &run, of.map(|of| of.number));
            }
            if read < AT_ONCE {
                break;
            }
        }
        month.rules = rules.into_values().map(Rule::whole).collect();
        month.rules.retain(|rule| rule.due > 0);
        month.entries.sort_by_key(|entry| std::cmp::Reverse(entry.on));
        Ok(month)
    }

    /// What had gone when it was sent back, by the ledger. What was left is of the run after it, whose second look is
    /// about all of it.
    async fn half_way(&self, run: &Run, of: &OfRequest) -> Result<RunReport, ServiceError> {
        let (items, verified) = (Vec::new(), of.is_completed);
        let nothing = RunReport { items, steps: 0, longest_step_ms: 0, verified, stopped: false };
        self.with_earlier(nothing, std::slice::from_ref(run)).await
    }
}

impl Month {
    fn add(&mut self, rules: &mut BTreeMap<TableName, Rule>, run: &Run, number: Option<RequestNumber>) {
        let on = run.finished_at.map_or(run.as_of, china::day);
        let cause = match (run.kind, number) {
            (RunKind::Retention, _) => Cause::Night(NightNumber::of(run.as_of, run.id)),
            (RunKind::Erasure, Some(number)) => Cause::Request(number),
            (RunKind::Replay, Some(number)) => Cause::Replay(number),
            // Rows set aside are in their night's report; a correction or a restriction destroys nothing.
            (RunKind::SetAside | RunKind::Correction | RunKind::Restriction, _)
            | (RunKind::Erasure | RunKind::Replay, None) => return,
        };
        let Done { verified, parts, stays } = done(run);
        if run.kind == RunKind::Retention {
            // What was released since has gone, or was never due: only the last night says what still stays.
            for rule in rules.values_mut() {
                (rule.held, rule.stopped) = (0, 0);
            }
        }
        for sum in stays.into_iter().filter(|sum| sum.held + sum.held_up > 0) {
            let rule = rules.entry(sum.table.clone()).or_insert_with(|| Rule::of(sum.table));
            rule.held += sum.held;
            rule.stopped += sum.held_up;
        }
        for part in parts {
            if !part.outcome.removes() {
                continue;
            }
            let rule = rules.entry(part.table.clone()).or_insert_with(|| Rule::of(part.table.clone()));
            rule.due += part.planned;
            rule.done += part.done;
            rule.left += part.left;
            if let Some((_, rows)) = self.days.iter_mut().find(|(day, _)| *day == on) {
                *rows += part.done;
            }
            if part.done > 0 {
                let Part { table, outcome, done: rows, .. } = part;
                self.entries.push(Entry { on, table, outcome, rows, cause: cause.clone(), verified });
            }
        }
    }
}

impl Part {
    fn of_rule(rule: &RuleReport) -> Self {
        let RuleReport { table, outcome, selected: planned, done, left, why_left: _, set_aside: _ } = rule.clone();
        Self { table, outcome, planned, done, left }
    }

    fn of_item(item: &ItemReport) -> Self {
        let ItemReport { table, roles: _, outcome, planned, done, left, why_left: _ } = item.clone();
        Self { table, outcome, planned, done, left }
    }
}

fn done(run: &Run) -> Done {
    match &run.report {
        Some(Report::Night(night)) => Done {
            verified: night.verified,
            parts: night.rules.iter().map(Part::of_rule).collect(),
            stays: night.sums(),
        },
        Some(Report::Run(report)) => Done {
            verified: report.verified,
            parts: report.items.iter().map(Part::of_item).collect(),
            stays: Vec::new(),
        },
        Some(Report::SentBack(_) | Report::Abandoned {}) | None => Done::default(),
    }
}

fn days(first: Date, next: Date) -> Vec<(Date, u64)> {
    first.series(1.day()).take_while(|day| *day < next).map(|day| (day, 0)).collect()
}

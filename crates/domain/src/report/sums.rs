//! A night's figures by table, so that they add up: all that was due went, was kept, was held up, or is left.

use crate::{
    breaker::Tripped,
    map::TableName,
    plan::{Because, Outcome},
};

use super::{NightReport, RuleReport};

/// Whether rows were due tonight, or had been kept by an earlier erasure until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Due,
    SetAside,
}

/// What became of the rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub table: TableName,
    pub origin: Origin,
    /// What the rules do with them; empty where all was kept.
    pub outcomes: Vec<Outcome>,
    pub due: u64,
    pub done: u64,
    /// Kept under a hold.
    pub held: u64,
    /// Kept because a law prescribes a period that is still running.
    pub by_law: u64,
    /// Waiting for a person, because it was too much to go unseen.
    pub held_up: u64,
    /// Found by the second look.
    pub left: u64,
}

impl Sum {
    const fn of(table: TableName, origin: Origin, due: u64) -> Self {
        Self { table, origin, outcomes: Vec::new(), due, done: 0, held: 0, by_law: 0, held_up: 0, left: 0 }
    }

    fn of_rule(rule: &RuleReport) -> Self {
        let origin = if rule.set_aside { Origin::SetAside } else { Origin::Due };
        let mut sum = Self::of(rule.table.clone(), origin, rule.selected);
        (sum.done, sum.left) = (rule.done, rule.left);
        match &rule.outcome {
            Outcome::Kept { because: Because::Hold } => sum.held = rule.selected,
            Outcome::Kept { because: Because::Floor { .. } | Because::NotStarted { .. } } => sum.by_law = rule.selected,
            Outcome::Deleted
            | Outcome::Anonymised
            | Outcome::Destroyed
            | Outcome::LockedAway { .. }
            | Outcome::Corrected { .. }
            | Outcome::Restricted { .. }
            | Outcome::ByHand { .. } => sum.outcomes.push(rule.outcome.clone()),
        }
        sum
    }

    fn of_stopped(rule: &Tripped) -> Self {
        let sum = Self::of(rule.table.clone(), Origin::Due, rule.rows);
        Self { outcomes: vec![rule.outcome.clone()], held_up: rule.rows, ..sum }
    }

    fn add(&mut self, other: Self) {
        let Self { table: _, origin: _, outcomes, due, done, held, by_law, held_up, left } = other;
        for outcome in outcomes {
            if !self.outcomes.contains(&outcome) {
                self.outcomes.push(outcome);
            }
        }
        self.due += due;
        self.done += done;
        self.held += held;
        self.by_law += by_law;
        self.held_up += held_up;
        self.left += left;
    }
}

impl NightReport {
    /// In the order of the report.
    pub fn sums(&self) -> Vec<Sum> {
        let mut sums: Vec<Sum> = Vec::new();
        let parts = self.rules.iter().map(Sum::of_rule).chain(self.stopped.iter().map(Sum::of_stopped));
        for part in parts {
            match sums.iter_mut().find(|sum| sum.table == part.table && sum.origin == part.origin) {
                Some(sum) => sum.add(part),
                None => sums.push(part),
            }
        }
        sums
    }
}

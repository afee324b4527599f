//! Carries out items whose rows were approved one by one: a person's, or rows set aside. Small ones of one
//! source go together in one transaction, large ones in steps.

use std::time::Instant;

use domain::{
    ids::StepId,
    map::{SourceName, TableName},
    plan::Item,
};
use sources::{
    SourceError,
    execute::{self, Approved},
    fault::Point,
    plan,
};

use super::{
    course::Course,
    ledger::Ended,
    pace::{Manner, Pace},
};
use crate::{Portal, ServiceError};

type Numbered<'a> = (usize, &'a Item);

pub(super) async fn carry_out(course: &Course<'_>) -> Result<(), ServiceError> {
    let portal = course.portal;
    let items: Vec<Numbered<'_>> =
        course.run.plan.items.iter().enumerate().filter(|(_, item)| item.changes()).collect();
    let mut rest = items.as_slice();
    while let Some(((number, item), _)) = rest.split_first() {
        // What a row of this table leads to in other databases must be gone before it goes: no statement
        // can look there.
        if portal.is_begun_elsewhere(&item.table) && is_unfinished_elsewhere(course, &item.table).await? {
            return Ok(());
        }
        let size = group(portal, rest);
        let (these, later) = rest.split_at_checked(size).unwrap_or((rest, &[]));
        if these.len() > 1 {
            together(course, these).await?;
        } else {
            one(course, *number, item).await?;
        }
        rest = later;
    }
    Ok(())
}

/// How many of the next items go in one transaction.
fn group(portal: &Portal, items: &[Numbered<'_>]) -> usize {
    let Some((_, first)) = items.first() else { return 0 };
    if portal.sources.get(&first.table.source).is_none() {
        return 1;
    }
    // Of the time a step may take, in thousandths: a row of one table costs more than one of another.
    let (mut time, mut rows) = (0, 0);
    let fits = items.iter().enumerate().take_while(|(n, (_, item))| {
        time += item.rows.saturating_mul(1_000) / portal.sources.paces.of(&item.table).max(1);
        rows += item.rows;
        let same = item.table.source == first.table.source;
        let small = time <= 1_000 && rows <= portal.settings.largest_batch;
        *n == 0 || (same && small && !portal.is_begun_elsewhere(&item.table))
    });
    fits.count()
}

async fn together(course: &Course<'_>, items: &[Numbered<'_>]) -> Result<(), ServiceError> {
    let open: Vec<Numbered<'_>> = items.iter().copied().filter(|(n, item)| course.done_of(*n) < item.rows).collect();
    let Some((_, first)) = open.first() else { return Ok(()) };
    if !course.goes_on()? {
        return Ok(());
    }
    let portal = course.portal;
    let source =
        portal.sources.get(&first.table.source).ok_or(ServiceError::Inconsistent { what: "the database of a step" })?;
    let steps = course.ledger(&[], &open).await?;
    portal.sources.faults.at(Point::StepBegun, &source.name)?;
    let ground = course.ground().await?;
    let approved: Vec<Approved<'_>> = open
        .iter()
        .zip(&steps)
        .map(|((n, item), step)| {
            let most = item.rows - course.done_of(*n).min(item.rows);
            Approved { item, step: *step, most, lock: &course.lock }
        })
        .collect();
    let began = Instant::now();
    let result = execute::run_together(&portal.sources, source, &course.terms(&ground), &approved).await;
    let rows = match result {
        Ok(rows) => rows,
        Err(error) => return Err(settle_all(course, &open, &steps, error).await?),
    };
    portal.sources.faults.at(Point::StepDone, &source.name)?;
    let held = began.elapsed();
    let ended: Vec<Ended> =
        steps.iter().zip(&rows).map(|(step, rows)| Ended { step: *step, rows: *rows, held }).collect();
    course.ledger(&ended, &[]).await?;
    for ((n, _), rows) in open.iter().zip(rows) {
        course.add(*n, rows);
    }
    Ok(())
}

pub(super) async fn one(course: &Course<'_>, number: usize, item: &Item) -> Result<(), ServiceError> {
    let portal = course.portal;
    let first = portal.settings.first_batch.max(portal.sources.paces.of(&item.table));
    let mut pace = Pace::of_person(first, portal.settings.largest_batch);
    let mut cursor = None;
    let mut ended: Vec<Ended> = Vec::new();
    while course.goes_on()? {
        // Never more than was approved.
        let most = pace.units().min(item.rows - course.done_of(number).min(item.rows));
        if most == 0 {
            break;
        }
        let steps = course.ledger(&ended, &[(number, item)]).await?;
        ended.clear();
        let Some(step) = steps.first().copied() else { break };
        portal.sources.faults.at(Point::StepBegun, &item.table.source)?;
        let ground = course.ground().await?;
        let approved = Approved { item, step, most, lock: &course.lock };
        let result = execute::run_step(&portal.sources, &course.terms(&ground), approved, cursor.as_ref()).await;
        let done = match result {
            Ok(done) => done,
            Err(error) => return Err(settle_all(course, &[(number, item)], &[step], error).await?),
        };
        portal.sources.faults.at(Point::StepDone, &item.table.source)?;
        ended.push(Ended { step, rows: done.rows, held: done.held });
        course.add(number, done.rows);
        pace.took(most, done.held, Manner::Alone);
        cursor = done.up_to;
        if cursor.is_none() {
            break;
        }
    }
    course.ledger(&ended, &[]).await?;
    Ok(())
}

/// The steps' receipts tell whether they happened after all; then the error goes on.
pub(super) async fn settle_all(
    course: &Course<'_>,
    items: &[Numbered<'_>],
    steps: &[StepId],
    error: SourceError,
) -> Result<ServiceError, ServiceError> {
    for ((number, _), step) in items.iter().zip(steps) {
        let rows = course.settle(*number, *step).await?;
        course.add(*number, rows);
    }
    Ok(error.into())
}

async fn is_unfinished_elsewhere(course: &Course<'_>, parent: &TableName) -> Result<bool, ServiceError> {
    let ground = course.ground().await?;
    let left = plan::plan(&course.portal.sources, &course.terms(&ground), &course.portal.calendar()).await?.plan;
    Ok(left.items.iter().any(|left| left.changes() && course.portal.points_from_elsewhere(&left.table, parent)))
}

impl Portal {
    pub(super) fn points_from_elsewhere(&self, child: &TableName, parent: &TableName) -> bool {
        child.source != parent.source
            && self.map.table(child).is_some_and(|table| table.paths().any(|path| path.parent == *parent))
    }

    fn is_begun_elsewhere(&self, parent: &TableName) -> bool {
        self.map.tables.iter().any(|child| self.points_from_elsewhere(&child.name, parent))
    }
}

/// How many steps go on side by side in a source.
pub(super) fn lanes(portal: &Portal, source: &SourceName) -> usize {
    portal.sources.get(source).map_or(1, |source| source.lanes().min(portal.settings.lanes).max(1))
}

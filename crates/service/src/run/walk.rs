//! Carries out what is due, however much it is: each item walked in stretches of keys, several side by side.
//! A scout looks ahead for where stretches end; lanes take as many of them as fit into a step's time.

use std::{collections::VecDeque, time::Duration};

use domain::{
    ids::StepId,
    plan::{Item, Outcome, Plan},
};
use futures::future::{try_join, try_join_all};
use sources::{
    Common, Key, SourceError, Terms,
    execute::{self, Flush, Guard, How, Stretch},
    fault::Point,
    points_at,
};
use tokio::sync::{Mutex, mpsc};

use super::{
    course::Course,
    ledger::Ended,
    named::lanes,
    pace::{LONGEST, Manner, Pace},
};
use crate::ServiceError;

/// Due rows between two bounds: the smallest step but for the last.
const GRAIN: u64 = 200;

/// Due rows the scout looks through at a time: few at first, so that lanes need not wait.
const SCOUTED_FIRST: u64 = 2_000;
const SCOUTED: u64 = 100_000;

/// Steps a lane begins at once, when they have found their size: one transaction of the ledger for all.
const LOT: u64 = 6;

/// A step that fails for a passing reason is tried again so often before the run gives up for now.
const TRIES: u32 = 6;

/// How long a lane that stands aside waits before it looks again.
const ASIDE: Duration = Duration::from_millis(100);

/// A single stretch is not cut short sooner: it could not be made smaller.
const WHOLE: Duration = Duration::from_secs(30);

pub(super) async fn carry_out(course: &Course<'_>) -> Result<(), ServiceError> {
    let plan = &course.run.plan;
    let ground = course.ground().await?;
    let waves = waves(&course.terms(&ground), plan);
    for wave in 0..=waves.iter().copied().max().unwrap_or(0) {
        let now = plan.items.iter().enumerate().zip(&waves).filter(|((_, item), of)| **of == wave && item.changes());
        let now: Vec<(usize, &Item)> = now.map(|(item, _)| item).collect();
        try_join_all(now.iter().map(|(number, item)| {
            let beside = now.iter().filter(|(_, other)| other.table.source == item.table.source).count();
            one(course, *number, item, beside)
        }))
        .await?;
    }
    Ok(())
}

/// Which items may go on side by side: each comes after all that is found along or points at its table.
fn waves(terms: &Terms<'_>, plan: &Plan) -> Vec<usize> {
    let mut waves: Vec<usize> = Vec::with_capacity(plan.items.len());
    for item in &plan.items {
        let earlier = plan
            .items
            .iter()
            .zip(&waves)
            .filter(|(other, _)| other.table == item.table || points_at(terms, &other.table, &item.table));
        let wave = earlier.map(|(_, wave)| wave + 1).max().unwrap_or(0);
        waves.push(wave);
    }
    waves
}

/// Whether rows that are due could not be deleted, so that those are left which others point at.
fn may_be_left(course: &Course<'_>, item: &Item) -> bool {
    let of_same_table = |other: &Item| other.table == item.table && other.outcome == Outcome::Deleted;
    let mut deleted = course.run.plan.items.iter().enumerate().filter(|(_, other)| of_same_table(other));
    deleted.any(|(number, other)| course.done_of(number) < other.rows)
}

async fn one(course: &Course<'_>, number: usize, item: &Item, beside: usize) -> Result<(), ServiceError> {
    // Planned as none: it shows now.
    if item.rows == 0 && !may_be_left(course, item) {
        return Ok(());
    }
    let ground = course.ground().await?;
    if !execute::can_walk(&course.terms(&ground), item) {
        return super::named::one(course, number, item).await;
    }
    whole_partitions(course, number, item).await?;
    let common = execute::common(&course.portal.sources, &course.terms(&ground), item).await?;
    let settings = &course.portal.settings;
    let grain = GRAIN.min(settings.largest_batch.max(1));
    let lanes = (lanes(course.portal, &item.table.source) / beside.max(1)).max(1);
    // Deep enough that lanes seldom wait for the scout.
    let (send, receive) = mpsc::channel(usize::try_from(SCOUTED / grain).unwrap_or(1_000));
    let front = Mutex::new(Front {
        bounds: receive,
        after: None,
        is_spent: false,
        pace: Pace::new(settings.first_batch / grain, settings.largest_batch / grain),
        guard: Guard::of(item, &course.run.plan),
    });
    let scout = scout(course, item, common.as_ref(), grain, send);
    let lanes = async {
        let lanes =
            (0..lanes).map(|rank| Lane { course, number, item, common: common.as_ref(), front: &front, rank }.go());
        try_join_all(lanes).await?;
        // The scout may be waiting to be asked.
        front.lock().await.bounds.close();
        Ok(())
    };
    let source = course
        .portal
        .sources
        .get(&item.table.source)
        .ok_or(ServiceError::Inconsistent { what: "the database of a step" })?;
    execute::writing_back(source, try_join(scout, lanes)).await?;
    Ok(())
}

/// Partitions that are due as a whole go first; what cannot be dropped now is walked through like any other row.
async fn whole_partitions(course: &Course<'_>, number: usize, item: &Item) -> Result<(), ServiceError> {
    let sources = &course.portal.sources;
    let ground = course.ground().await?;
    for partition in execute::due_partitions(sources, &course.terms(&ground), item).await? {
        if !course.goes_on()? {
            return Ok(());
        }
        let steps = course.ledger(&[], &[(number, item)]).await?;
        let Some(step) = steps.first().copied() else { return Ok(()) };
        sources.faults.at(Point::StepBegun, &item.table.source)?;
        // Holds as they are now.
        let ground = course.ground().await?;
        let dropped = execute::drop_partition(sources, &course.terms(&ground), item, &partition, step).await;
        match dropped {
            Ok(done) => {
                course.ledger(&[Ended { step, rows: done.rows, held: done.held }], &[]).await?;
                course.add(number, done.rows);
            }
            // Somebody reads it, or it is not ours to drop. Should it have happened after all, the receipt knows.
            Err(error) => {
                let rows = course.settle(number, step).await?;
                course.add(number, rows);
                tracing::info!(code = error.code(), table = %item.table, "a partition could not be dropped as a whole");
            }
        }
    }
    Ok(())
}

/// Where stretches end, found without locks and ahead of the lanes. The last one is open.
async fn scout(
    course: &Course<'_>,
    item: &Item,
    common: Option<&Common>,
    grain: u64,
    send: mpsc::Sender<Option<Key>>,
) -> Result<(), ServiceError> {
    let ground = course.ground().await?;
    if let Some(even) = execute::even_bounds(&course.portal.sources, &course.terms(&ground), item, grain).await? {
        for bound in even.map(Some).chain([None]) {
            if !course.goes_on()? || send.send(bound).await.is_err() {
                break;
            }
        }
        return Ok(());
    }
    let mut many = (SCOUTED_FIRST / grain).max(1);
    let mut after: Option<Key> = None;
    while course.goes_on()? {
        let ground = course.ground().await?;
        let terms = Terms { common, ..course.terms(&ground) };
        let bounds = execute::bounds(&course.portal.sources, &terms, item, after.as_ref(), grain, many * grain).await?;
        let are_last = (bounds.len() as u64) < many;
        many = (many * 4).min((SCOUTED / grain).max(1));
        after = bounds.last().cloned().or(after);
        for bound in bounds {
            if send.send(Some(bound)).await.is_err() {
                return Ok(());
            }
        }
        if are_last {
            let _ = send.send(None).await;
            return Ok(());
        }
    }
    Ok(())
}

/// What lanes take from.
struct Front {
    bounds: mpsc::Receiver<Option<Key>>,
    after: Option<Key>,
    /// A lane came to the end. That the scout did says nothing: what it found may still wait to be taken.
    is_spent: bool,
    pace: Pace,
    guard: Guard,
}

/// Consecutive stretches that one step takes.
struct Piece {
    after: Option<Key>,
    /// `None`: to the end.
    bounds: VecDeque<Option<Key>>,
}

impl Piece {
    fn stretch(&self) -> Stretch {
        Stretch { after: self.after.clone(), up_to: self.bounds.back().cloned().flatten() }
    }

    fn size(&self) -> u64 {
        self.bounds.len() as u64
    }

    /// The second half, when there are two.
    fn halve(&mut self) -> Option<Self> {
        let half = self.bounds.len() / 2;
        if half == 0 {
            return None;
        }
        let second = self.bounds.split_off(half);
        Some(Self { after: self.bounds.back().cloned().flatten(), bounds: second })
    }
}

impl Front {
    /// The next piece; `None` at the end.
    async fn take(&mut self) -> Option<Piece> {
        let mut piece = Piece { after: self.after.clone(), bounds: VecDeque::new() };
        let Some(bound) = self.bounds.recv().await else {
            self.is_spent = true;
            return None;
        };
        piece.bounds.push_back(bound);
        while piece.size() < self.pace.units() {
            let Ok(bound) = self.bounds.try_recv() else { break };
            piece.bounds.push_back(bound);
        }
        self.after = piece.bounds.back().cloned().flatten();
        Some(piece)
    }
}

struct Lane<'a> {
    course: &'a Course<'a>,
    number: usize,
    item: &'a Item,
    common: Option<&'a Common>,
    front: &'a Mutex<Front>,
    /// Which of them this is.
    rank: usize,
}

impl Lane<'_> {
    async fn go(self) -> Result<(), ServiceError> {
        let portal = self.course.portal;
        let mut pieces: VecDeque<Piece> = VecDeque::new();
        let mut ended: Vec<Ended> = Vec::new();
        let mut tries = 0;
        while self.course.goes_on()? && !self.course.is_beyond_plan(&self.item.table) {
            if self.stands_aside().await? {
                continue;
            }
            self.fill(&mut pieces).await?;
            if pieces.is_empty() {
                break;
            }
            let begin = vec![(self.number, self.item); pieces.len()];
            let steps = self.course.ledger(&ended, &begin).await?;
            ended.clear();
            portal.sources.faults.at(Point::StepBegun, &self.item.table.source)?;
            let last = steps.last().copied();
            for step in steps {
                let Some(piece) = pieces.pop_front() else { break };
                // Only then the ledger is told of all of them.
                let flush = if Some(step) == last { Flush::Now } else { Flush::Later };
                match self.step(step, &piece, flush).await? {
                    Ok(done) => {
                        tries = 0;
                        ended.push(done);
                    }
                    Err(error) => {
                        // The server may have died with commits that were still on their way to the disk.
                        for before in &mut ended {
                            let system = portal.sources.system(&self.item.table.source)?;
                            let rows = system.settle_step(before.step).await?;
                            if rows != before.rows {
                                return Err(ServiceError::LostSteps);
                            }
                        }
                        // Taken back whole: again, in smaller pieces.
                        ended.push(Ended { step, rows: 0, held: Duration::ZERO });
                        if is_refused(&error) {
                            pieces.push_front(piece);
                            continue;
                        }
                        tries += 1;
                        if tries > TRIES {
                            self.course.ledger(&ended, &[]).await?;
                            return Err(error.into());
                        }
                        put_back(&mut pieces, piece);
                        tokio::time::sleep(Duration::from_millis(10 << tries)).await;
                    }
                }
            }
            self.are_kept(&ended).await?;
        }
        self.course.ledger(&ended, &[]).await?;
        Ok(())
    }

    /// Steps that were answered before they were on the disk, once a later one has waited for it: a server that died in
    /// between came back without them, and the ledger must not hear of them.
    async fn are_kept(&self, ended: &[Ended]) -> Result<(), ServiceError> {
        let steps: Vec<(StepId, u64)> =
            ended.iter().filter(|done| done.rows > 0).map(|done| (done.step, done.rows)).collect();
        let system = self.course.portal.sources.system(&self.item.table.source)?;
        if steps.len() < 2 || system.are_kept(&steps).await? { Ok(()) } else { Err(ServiceError::LostSteps) }
    }

    /// All lanes but the first rest while others are at work; each at most a little while at a time.
    async fn stands_aside(&self) -> Result<bool, ServiceError> {
        if self.rank == 0 || self.course.manner(&self.item.table.source).await? == Manner::Alone {
            return Ok(false);
        }
        if self.front.lock().await.is_spent {
            return Ok(false);
        }
        tokio::time::sleep(ASIDE).await;
        Ok(true)
    }

    /// A few pieces ahead, but never waiting while there is one. Beside others every flush is one they wait for:
    /// many small steps share it.
    async fn fill(&self, pieces: &mut VecDeque<Piece>) -> Result<(), ServiceError> {
        let manner = self.course.manner(&self.item.table.source).await?;
        let mut front = self.front.lock().await;
        let lot = match manner {
            Manner::Alone => front.pace.units().div_ceil(4).min(LOT),
            Manner::Amid => LOT * 2,
        };
        while (pieces.len() as u64) < lot {
            if !pieces.is_empty() && front.bounds.is_empty() {
                break;
            }
            let Some(piece) = front.take().await else { break };
            pieces.push_back(piece);
        }
        Ok(())
    }

    /// Carries out one step. The inner error is one that passes, and the step did not happen.
    async fn step(
        &self,
        step: StepId,
        piece: &Piece,
        flush: Flush,
    ) -> Result<Result<Ended, SourceError>, ServiceError> {
        let (portal, course) = (self.course.portal, self.course);
        let manner = course.manner(&self.item.table.source).await?;
        let ground = course.ground().await?;
        let (terms, stretch) = (Terms { common: self.common, ..course.terms(&ground) }, piece.stretch());
        let within = if piece.size() > 1 { LONGEST } else { WHOLE };
        let guard = self.front.lock().await.guard;
        let how = How { within, flush, guard };
        let done = execute::run_stretch(&portal.sources, &terms, self.item, step, &stretch, how).await;
        let mut front = self.front.lock().await;
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                let refused = guard == Guard::ForeignKeys && is_refused(&error);
                if refused {
                    front.guard = Guard::Look;
                } else {
                    front.pace.too_long();
                }
                drop(front);
                // Its receipt tells whether it happened after all.
                let rows = portal.sources.system(&self.item.table.source)?.settle_step(step).await?;
                if rows > 0 {
                    course.add(self.number, rows);
                    return Ok(Ok(Ended { step, rows, held: Duration::ZERO }));
                }
                return if refused || error.is_passing() {
                    Ok(Err(error))
                } else {
                    Err(self.give_up(step, error).await?)
                };
            }
        };
        front.pace.took(piece.size(), done.held, manner);
        drop(front);
        if let Some(rest) = manner.rest(done.held) {
            if let Some(source) = portal.sources.get(&self.item.table.source) {
                execute::write_back(source).await;
            }
            tokio::time::sleep(rest).await;
        }
        portal.sources.faults.at(Point::StepDone, &self.item.table.source)?;
        course.add(self.number, done.rows);
        Ok(Ok(Ended { step, rows: done.rows, held: done.held }))
    }

    async fn give_up(&self, step: StepId, error: SourceError) -> Result<ServiceError, ServiceError> {
        let ended = [Ended { step, rows: 0, held: Duration::ZERO }];
        self.course.ledger(&ended, &[]).await?;
        Ok(error.into())
    }
}

/// A row is still pointed at: from here on the statements look themselves.
const fn is_refused(error: &SourceError) -> bool {
    matches!(error, SourceError::Constraint { .. })
}

fn put_back(pieces: &mut VecDeque<Piece>, mut piece: Piece) {
    if let Some(second) = piece.halve() {
        pieces.push_front(second);
    }
    pieces.push_front(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lanes_stand_aside_until_everything_is_taken() {
        let (send, bounds) = mpsc::channel(2);
        let mut front = Front { bounds, after: None, is_spent: false, pace: Pace::new(1, 1), guard: Guard::Look };
        for bound in [Some(Key(vec!["1".into()])), None] {
            send.send(bound).await.expect("there is room");
        }
        drop(send);
        assert!(!front.is_spent, "the scout is done, the lanes are not");
        while front.take().await.is_some() {
            assert!(!front.is_spent);
        }
        assert!(front.is_spent);
    }
}

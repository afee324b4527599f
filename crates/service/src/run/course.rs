//! What all parts of a run share while it goes on.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{
    ids::StepId,
    map::{SourceName, TableName},
    plan::Item,
    report::LeftBecause,
};
use jiff::Timestamp;
use sources::{Scope, Terms, lock::Lock, pressure::Pressure};
use store::{holds::HoldsMark, runs::Run};

use super::{Ended, Heartbeat, OnProgress, Progress, pace::Manner};
use crate::{Portal, ServiceError, portal::Ground};

/// How often a database is asked, and how long the night stands back at a time and at most.
const LOOK: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(200);
const MOST_PAUSE: Duration = Duration::from_mins(1);

pub(super) struct Course<'a> {
    pub(super) portal: &'a Portal,
    pub(super) run: &'a Run,
    pub(super) scope: &'a Scope,
    pub(super) lock: Lock,
    heartbeat: &'a Heartbeat,
    on_progress: OnProgress<'a>,
    /// No step begins after this moment.
    until: Option<Timestamp>,
    stopped: AtomicBool,
    ground: tokio::sync::Mutex<(HoldsMark, Arc<Ground>)>,
    done: Mutex<BTreeMap<usize, u64>>,
    planned: u64,
    /// When each source was last asked how hard pressed it is.
    looked: Mutex<BTreeMap<SourceName, (Instant, Manner)>>,
}

impl<'a> Course<'a> {
    pub(super) async fn start(
        portal: &'a Portal,
        run: &'a Run,
        scope: &'a Scope,
        heartbeat: &'a Heartbeat,
        on_progress: OnProgress<'a>,
        until: Option<Timestamp>,
    ) -> Result<Self, ServiceError> {
        let mark = portal.store.holds_mark().await?;
        let ground = Arc::new(Ground::of(portal).await?);
        let done = portal.settle_open_steps(run, heartbeat.job()).await?;
        Ok(Self {
            portal,
            run,
            scope,
            lock: portal.lock(run.request.map_or_else(|| run.id.to_string(), |request| request.to_string())),
            heartbeat,
            on_progress,
            until,
            stopped: AtomicBool::new(false),
            ground: tokio::sync::Mutex::new((mark, ground)),
            done: Mutex::new(done),
            planned: run.plan.rows_to_change(),
            looked: Mutex::default(),
        })
    }

    /// Before each step. False when the window has closed: what is left is for another night.
    pub(super) fn goes_on(&self) -> Result<bool, ServiceError> {
        self.heartbeat.check()?;
        if self.until.is_some_and(|until| self.portal.clock.now() >= until) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        Ok(!self.is_stopped())
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Catalogues, and holds as they are now: one placed a moment ago counts, it beats everything.
    pub(super) async fn ground(&self) -> Result<Arc<Ground>, ServiceError> {
        let now = self.portal.store.holds_mark().await?;
        let mut ground = self.ground.lock().await;
        if ground.0 != now {
            let (catalogues, holds) = (ground.1.catalogues.clone(), self.portal.on_hold().await?);
            *ground = (now, Arc::new(Ground { catalogues, holds }));
        }
        Ok(ground.1.clone())
    }

    pub(super) fn terms<'b>(&'b self, ground: &'b Ground) -> Terms<'b> {
        ground.terms(self.portal, self.scope, self.run.as_of)
    }

    /// Whether others are at work in the source. Stands back while it is hard pressed, but not for ever: what
    /// is due must go.
    pub(super) async fn manner(&self, source: &SourceName) -> Result<Manner, ServiceError> {
        let Some(known) = self.portal.sources.get(source) else { return Ok(Manner::Alone) };
        let fresh = |(at, _): &(Instant, Manner)| at.elapsed() < LOOK;
        let began = Instant::now();
        loop {
            let last = self.looked.lock().unwrap_or_else(PoisonError::into_inner).get(source).copied();
            if let Some((_, manner)) = last.filter(fresh) {
                return Ok(manner);
            }
            let pressure = known.pressure().await?;
            if pressure.stops() && began.elapsed() < MOST_PAUSE && self.goes_on()? {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let manner = if pressure == Pressure::Alone { Manner::Alone } else { Manner::Amid };
            let looked = (Instant::now(), manner);
            self.looked.lock().unwrap_or_else(PoisonError::into_inner).insert(source.clone(), looked);
            return Ok(manner);
        }
    }

    pub(super) fn done_of(&self, item: usize) -> u64 {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).get(&item).copied().unwrap_or(0)
    }

    /// More of a table has gone than was counted when the breaker looked, and a tenth, as for a rule that was let go:
    /// what came to be due while the night ran nobody has looked at. Another night counts it.
    pub(super) fn is_beyond_plan(&self, table: &TableName) -> bool {
        let of_table = || self.run.plan.items.iter().enumerate().filter(|(_, item)| item.table == *table);
        let planned: u64 = of_table().map(|(_, item)| item.rows).sum();
        let done: u64 = of_table().map(|(number, _)| self.done_of(number)).sum();
        done > planned + self.portal.settings.breaker.slack(planned)
    }

    /// Only what is walked is stopped by its count: what a person's request is of was approved, row by row.
    pub(super) fn left_because(&self, table: &TableName) -> Option<LeftBecause> {
        match self.scope {
            Scope::Expired if self.is_beyond_plan(table) => Some(LeftBecause::MoreThanCounted),
            Scope::Expired | Scope::Person(_) | Scope::SetAside { .. } => {
                self.is_stopped().then_some(LeftBecause::WindowClosed)
            }
        }
    }

    pub(super) fn add(&self, item: usize, rows: u64) {
        let done = {
            let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            *done.entry(item).or_default() += rows;
            done.values().sum()
        };
        (self.on_progress)(Progress { done, planned: self.planned });
    }

    /// Writes the ledger as the one who holds the job.
    pub(super) async fn ledger(&self, ended: &[Ended], begin: &[(usize, &Item)]) -> Result<Vec<StepId>, ServiceError> {
        self.portal.write_ledger(self.run, self.heartbeat.job(), ended, begin).await
    }

    pub(super) async fn settle(&self, item: usize, step: StepId) -> Result<u64, ServiceError> {
        self.portal.settle_step(self.run, self.heartbeat.job(), item, step).await
    }
}

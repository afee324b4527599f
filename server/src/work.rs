//! What goes on beside the pages: jobs, mail, the night's schedule, tidying up.

use std::{sync::Arc, time::Duration};

use croner::Cron;
use jiff::tz;
use service::{Live, worker::Worked};
use tokio_util::sync::CancellationToken;

use crate::{
    copy::Archivist,
    mail::Sender,
    webhooks::{Teller, Told},
};

const IDLE: Duration = Duration::from_millis(300);
const REFRESH: Duration = Duration::from_secs(5);
const TIDY: Duration = Duration::from_mins(10);

pub(crate) fn schedule(expression: &str) -> anyhow::Result<Cron> {
    Ok(expression.parse()?)
}

/// Runs until told to stop; finishes the job in hand first.
pub(crate) async fn work(live: Arc<Live>, sender: Arc<Sender>, stop: CancellationToken) {
    let mut tidied = tokio::time::Instant::now();
    while !stop.is_cancelled() {
        let portal = live.current();
        let worked = match portal.work_once().await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::error!(code = error.code(), "the worker cannot reach its jobs");
                Worked::Nothing
            }
        };
        if let Err(error) = sender.send_due(&portal).await {
            tracing::error!(%error, "the outbox cannot be read");
        }
        if tidied.elapsed() > TIDY {
            tidied = tokio::time::Instant::now();
            if let Err(error) = portal.tidy().await {
                tracing::error!(code = error.code(), "tidying up failed");
            }
        }
        if worked == Worked::Nothing {
            wait(&stop).await;
        }
    }
}

/// Tells other systems, beside everything else: one that does not answer must not keep a code waiting.
pub(crate) async fn tell(live: Arc<Live>, stop: CancellationToken) {
    let teller = Teller::new();
    while !stop.is_cancelled() {
        let portal = live.current();
        let told = tokio::select! {
            told = teller.tell_next(&portal) => told,
            () = stop.cancelled() => return,
        };
        match told {
            Ok(Told::One) => {}
            Ok(Told::Nothing) => wait(&stop).await,
            Err(error) => {
                tracing::error!(%error, "the webhooks cannot be read");
                wait(&stop).await;
            }
        }
    }
}

/// Writes copies, beside everything else: a large one must not keep a code waiting.
pub(crate) async fn prepare(live: Arc<Live>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let portal = live.current();
        // Not finished when told to stop: whoever comes next begins anew, and nothing of a half is ever given out.
        let prepared = tokio::select! {
            prepared = portal.prepare_next(&Archivist) => prepared,
            () = stop.cancelled() => return,
        };
        match prepared {
            Ok(Worked::Did) => {}
            Ok(Worked::Nothing) => wait(&stop).await,
            Err(error) => {
                tracing::error!(code = error.code(), "copies cannot be written");
                wait(&stop).await;
            }
        }
    }
}

async fn wait(stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(IDLE) => {}
        () = stop.cancelled() => {}
    }
}

/// Takes up versions of the map when their day comes, and asks once a day whether the databases still
/// are as it says.
pub(crate) async fn keep_current(live: Arc<Live>, stop: CancellationToken) {
    let mut asked = None;
    while !stop.is_cancelled() {
        if let Err(error) = live.refresh().await {
            tracing::error!(code = error.code(), "the version in force cannot be taken up");
        }
        let portal = live.current();
        let today = (portal.clock.today(), portal.map.hash.clone());
        if asked.as_ref() != Some(&today) {
            match portal.ask_for_the_day().await {
                Ok(()) => asked = Some(today),
                Err(error) => tracing::error!(code = error.code(), "the day's looks cannot be asked for"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(REFRESH) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Starts the night at its time. Several processes may do so: the job of a day exists once.
pub(crate) async fn nights(live: Arc<Live>, cron: Cron, stop: CancellationToken) {
    loop {
        let portal = live.current();
        let now = portal.clock.now().to_zoned(tz::TimeZone::fixed(tz::offset(8)));
        let Ok(next) = cron.find_next_occurrence(&now, false) else {
            tracing::error!("the retention schedule never comes due");
            return;
        };
        let wait = Duration::try_from(next.timestamp().duration_since(now.timestamp())).unwrap_or(IDLE);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
        // By the version in force when the night comes.
        let portal = live.current();
        match portal.retain(portal.clock.today(), &|_| {}).await {
            Ok(report) => tracing::info!(changed = report.changed, verified = report.verified, "night done"),
            Err(error) => tracing::error!(code = error.code(), "night failed, will be tried again"),
        }
    }
}

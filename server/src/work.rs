//! What goes on beside the pages, each beside the others: jobs, mail, other systems, copies, the night's schedule. Nobody
//! waits for a code behind a large table, a mail server that does not answer, or news for two hundred thousand people.

use std::{sync::Arc, time::Duration};

use croner::Cron;
use jiff::tz;
use service::{Live, worker::Worked};
use store::{jobs::Lane, outbox::Letter};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    copy::Archivist,
    mail::{Sender, Sent},
    webhooks::Teller,
};

const IDLE: Duration = Duration::from_millis(300);
const REFRESH: Duration = Duration::from_secs(5);
const TIDY: Duration = Duration::from_mins(10);

pub(crate) fn schedule(expression: &str) -> anyhow::Result<Cron> {
    Ok(expression.parse()?)
}

/// What goes on side by side in a process that works.
pub(crate) fn start(tasks: &TaskTracker, live: &Arc<Live>, sender: &Arc<Sender>, stop: &CancellationToken) {
    for lane in Lane::BUT_COPIES {
        tasks.spawn(work(live.clone(), lane, stop.clone()));
    }
    for letter in [Letter::Code, Letter::Notice] {
        tasks.spawn(send(live.clone(), sender.clone(), letter, stop.clone()));
    }
    tasks.spawn(tell(live.clone(), stop.clone()));
    tasks.spawn(prepare(live.clone(), stop.clone()));
    tasks.spawn(tidy(live.clone(), stop.clone()));
}

/// Does the jobs of a lane until told to stop; finishes the one in hand first.
async fn work(live: Arc<Live>, lane: Lane, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match live.current().work_in(lane).await {
            Ok(Worked::Did) => {}
            Ok(Worked::Nothing) => wait(&stop).await,
            Err(error) => {
                tracing::error!(code = error.code(), "the worker cannot reach its jobs");
                wait(&stop).await;
            }
        }
    }
}

/// Sends what waits in the outbox until told to stop; finishes the message in hand first.
async fn send(live: Arc<Live>, sender: Arc<Sender>, letter: Letter, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match sender.send_next(&live.current(), letter).await {
            Ok(Sent::One) => {}
            Ok(Sent::Nothing) => wait(&stop).await,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read");
                wait(&stop).await;
            }
        }
    }
}

/// Tells other systems.
async fn tell(live: Arc<Live>, stop: CancellationToken) {
    let teller = Teller::new();
    while !stop.is_cancelled() {
        let portal = live.current();
        let told = tokio::select! {
            told = teller.tell_all(&portal) => told,
            () = stop.cancelled() => return,
        };
        if let Err(error) = told {
            tracing::error!(%error, "the webhooks cannot be read");
        }
        wait(&stop).await;
    }
}

/// Writes copies.
async fn prepare(live: Arc<Live>, stop: CancellationToken) {
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

async fn tidy(live: Arc<Live>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(TIDY) => {}
            () = stop.cancelled() => return,
        }
        if let Err(error) = live.current().tidy().await {
            tracing::error!(code = error.code(), "tidying up failed");
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
            tracing::error!(code = error.code(), %error, "the version in force cannot be taken up");
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

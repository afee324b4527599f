//! What the company's own programs feel: small transactions at a steady pace, and how long they take.

use std::time::{Duration, Instant};

use rand::RngExt;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, TransactionTrait};

use super::data::Size;

/// Between two transactions.
const EVERY: Duration = Duration::from_millis(5);

/// Milliseconds 99 of 100 transactions stay below while `work` goes on: each reads a parcel that is not due
/// by its key and writes it.
pub(super) async fn p99_while(url: &str, size: Size, work: impl Future<Output = ()>) -> anyhow::Result<f64> {
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let url = url.to_owned();
    let watch = tokio::spawn(async move {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        if options.get_url().starts_with("sqlite:") {
            options.map_sqlx_sqlite_opts(|sqlite| sqlite.busy_timeout(Duration::from_secs(10)));
        }
        let db = Database::connect(options).await?;
        let mut took: Vec<f64> = Vec::new();
        let mut tick = tokio::time::interval(EVERY);
        while stopped.try_recv().is_err() {
            tick.tick().await;
            // Never a multiple of five: those are due.
            let id = rand::rng().random_range(0..size.parcels / 5) * 5 + 1;
            let began = Instant::now();
            let tx = db.begin().await?;
            tx.execute_unprepared(&format!("UPDATE parcels SET address = 'moved' WHERE id = {id}")).await?;
            tx.commit().await?;
            took.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        took.sort_by(f64::total_cmp);
        let at = took.len() * 99 / 100;
        anyhow::Ok(took.get(at).copied().unwrap_or(f64::NAN))
    });
    work.await;
    let _ = stop.send(());
    watch.await?
}

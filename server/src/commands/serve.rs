use std::{net::SocketAddr, process::ExitCode, sync::Arc};

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    boot,
    commands::ConfigArg,
    config::Config,
    http::{self, Demo},
    mail::Sender,
    work,
};

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Serve pages only; run `qingdan worker` elsewhere
    #[arg(long)]
    no_worker: bool,
}

pub(crate) async fn run(args: &ServeArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.config.config)?;
    serve(config, if args.no_worker { Worker::Elsewhere } else { Worker::Here }, Demo::No).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worker {
    Here,
    Elsewhere,
}

/// Serves until a signal says stop; what is under way is finished first.
pub(crate) async fn serve(config: Config, worker: Worker, demo: Demo) -> anyhow::Result<ExitCode> {
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;
    let live = Arc::new(boot::live(&config).await?);
    let sender = Arc::new(Sender::new(&config)?);
    let stop = CancellationToken::new();
    let tasks = TaskTracker::new();
    tasks.spawn(work::keep_current(live.clone(), stop.clone()));
    if worker == Worker::Here {
        work::start(&tasks, &live, &sender, &stop);
        if !config.retention.schedule.is_empty() {
            let cron = work::schedule(&config.retention.schedule)?;
            tasks.spawn(work::nights(live.clone(), cron, stop.clone()));
        }
    }
    if let Some(address) = config.metrics {
        let listener =
            TcpListener::bind(address).await.with_context(|| format!("metrics: {address} cannot be listened on"))?;
        let app = http::metrics_router(metrics, live.clone());
        let stopped = stop.clone();
        tasks.spawn(async move {
            let served = axum::serve(listener, app).with_graceful_shutdown(stopped.cancelled_owned()).await;
            if let Err(error) = served {
                tracing::error!(%error, "the metrics address failed");
            }
        });
    }
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on; is another program using it?", config.listen))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let app = http::router(live, &config, demo)?.into_make_service_with_connect_info::<SocketAddr>();
    let stopped = stop.clone();
    tokio::spawn(async move {
        signal().await;
        stopped.cancel();
    });
    axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned()).await?;
    tasks.close();
    tasks.wait().await;
    Ok(ExitCode::SUCCESS)
}

/// Ctrl-C, or what systemd sends.
pub(crate) async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

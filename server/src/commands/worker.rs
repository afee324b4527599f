use std::{process::ExitCode, sync::Arc};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{ConfigArg, serve::signal};
use crate::{boot, config::Config, mail::Sender, work};

pub(crate) async fn run(args: &ConfigArg) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.config)?;
    let live = Arc::new(boot::live(&config).await?);
    let sender = Arc::new(Sender::new(&config)?);
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    tokio::spawn(async move {
        signal().await;
        stopped.cancel();
    });
    let tasks = TaskTracker::new();
    tasks.spawn(work::keep_current(live.clone(), stop.clone()));
    work::start(&tasks, &live, &sender, &stop);
    tasks.close();
    tasks.wait().await;
    Ok(ExitCode::SUCCESS)
}

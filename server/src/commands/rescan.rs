use std::process::ExitCode;

use clap::Args;
use domain::{actor::Actor, ids::RequestNumber};
use service::ServiceError;

use super::{ConfigArg, say};

#[derive(Debug, Args)]
pub(crate) struct RescanArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// The number of the completed request
    number: String,
}

/// Fails when something was found or a table could not be read.
pub(crate) async fn run(args: &RescanArgs) -> anyhow::Result<ExitCode> {
    let portal = args.config.portal().await?;
    let work = Actor::System.work().map_err(|_| anyhow::anyhow!("not permitted"))?;
    let number = RequestNumber::parse(&args.number).ok_or_else(|| anyhow::anyhow!("this is not a request number"))?;
    let id = portal.store.request_id(&work, &number).await?;
    let id = id.ok_or_else(|| anyhow::anyhow!("there is no request {number}"))?;
    let found = match portal.rescan(&work, id, &|| Ok(())).await {
        Err(ServiceError::NotFound) => {
            anyhow::bail!(
                "{number} erased nobody, or it is forgotten by now whom it was about: there is nothing to look for"
            )
        }
        other => other?,
    };
    say(format!("{} columns outside the map, {} rows read", found.columns, found.rows));
    for mention in &found.found {
        say(format!("{}.{} still mentions the person: {} rows", mention.table, mention.column.as_str(), mention.rows));
    }
    for table in &found.unread {
        say(format!("{table} could not be read"));
    }
    if found.found.is_empty() && found.unread.is_empty() {
        say("nothing mentions the person");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

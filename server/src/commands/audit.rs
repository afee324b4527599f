use std::process::ExitCode;

use clap::Subcommand;

use super::{ConfigArg, say};
use crate::{boot, config::Config};

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Walk the whole chain and name what was changed, removed or reordered
    Verify {
        #[command(flatten)]
        config: ConfigArg,
    },
}

pub(crate) async fn run(command: AuditCommand) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify { config } = command;
    let store = boot::store(&Config::load(&config.config)?).await?;
    match store.verify_audit().await? {
        Ok(entries) => {
            say(format!("{entries} entries, the chain is intact"));
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            say(broken.to_string());
            Ok(ExitCode::FAILURE)
        }
    }
}

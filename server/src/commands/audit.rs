use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Subcommand;
use domain::proof::Document;
use store::audit::Walk;

use super::{ConfigArg, say};
use crate::{boot, config::Config};

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Walk the whole chain and name what was changed, removed or reordered
    Verify {
        /// A certificate's file: checked by itself, without a portal
        file: Option<PathBuf>,
        /// The company's public key, from its page or elsewhere; with FILE
        #[arg(long, value_name = "HEX", requires = "file")]
        key: Option<String>,
        #[command(flatten)]
        config: ConfigArg,
    },
}

pub(crate) async fn run(command: AuditCommand) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify { file, key, config } = command;
    if let Some(file) = file {
        return certificate(&file, key.as_deref());
    }
    let store = boot::store(&Config::load(&config.config)?).await?;
    match store.verify_audit(Walk::Whole).await? {
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

/// Offline: a file, and the key it should be signed with.
fn certificate(file: &Path, key: Option<&str>) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let document = match Document::parse(&text) {
        Ok(document) => document,
        Err(wrong) => {
            say(format!("NOT genuine: {wrong}"));
            return Ok(ExitCode::FAILURE);
        }
    };
    let own = document.certificate.key.clone();
    match document.check(key.unwrap_or(&own)) {
        Ok(certificate) => {
            let done: u64 = certificate.items.iter().map(|item| item.done).sum();
            say(format!("genuine: {} of {}, {done} records", certificate.number, certificate.handler.en));
            if key.is_none() {
                say(format!("signed with {own}: compare it with the company's key, or give it with --key"));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(wrong) => {
            say(format!("NOT genuine: {wrong}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

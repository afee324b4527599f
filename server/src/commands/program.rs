use std::process::ExitCode;

use clap::Subcommand;
use domain::{
    actor::{Actor, Scope},
    ids::StaffId,
};

use super::{ConfigArg, say};

#[derive(Debug, Subcommand)]
pub(crate) enum ProgramCommand {
    /// Give a program a key for the API; it is shown once
    Add {
        #[command(flatten)]
        config: ConfigArg,
        /// What people call it, as in “shop app”
        #[arg(long)]
        name: String,
        /// read-requests, decide-requests, act-for-subjects, read-retention, manage-holds; separated by commas
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<Scope>,
    },
    /// The programs and what they may do
    List(ConfigArg),
    /// Take its key away
    Remove {
        #[command(flatten)]
        config: ConfigArg,
        /// As `list` shows it
        id: StaffId,
    },
}

pub(crate) async fn run(command: ProgramCommand) -> anyhow::Result<ExitCode> {
    let permit = Actor::System.keep_accounts().map_err(|_| anyhow::anyhow!("not allowed"))?;
    match command {
        ProgramCommand::Add { config, name, scopes } => {
            let portal = config.portal().await?;
            let (program, key) = portal.add_program(&permit, &Actor::System, &name, &scopes).await?;
            say(format!("added {name} ({}); its key, shown this once:", program.id));
            say(key.reveal());
        }
        ProgramCommand::List(config) => {
            let portal = config.portal().await?;
            for program in portal.store.programs().await?.iter().filter(|program| program.removed_at.is_none()) {
                let scopes: Vec<&str> = program.scopes.iter().map(|scope| scope.as_str()).collect();
                say(format!("{}  {}  {}", program.id, program.name, scopes.join(",")));
            }
        }
        ProgramCommand::Remove { config, id } => {
            let portal = config.portal().await?;
            if !portal.remove_program(&permit, &Actor::System, id).await? {
                anyhow::bail!("there is no program {id}; `qingdan program list` shows them");
            }
            say(format!("removed {id}; its key is worth nothing any more"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

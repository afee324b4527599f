use std::{io::BufRead, process::ExitCode};

use clap::Subcommand;
use domain::{Personal, actor::StaffRole};

use super::{ConfigArg, say};
use crate::{boot, config::Config};

#[derive(Debug, Subcommand)]
pub(crate) enum StaffCommand {
    /// Add an account; the password is read from standard input, its second factor is enrolled at
    /// the first sign-in
    Add {
        #[command(flatten)]
        config: ConfigArg,
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        /// officer, auditor, `security_admin` or `system_admin`
        #[arg(long)]
        role: StaffRole,
    },
}

/// NIST SP 800-63B asks for 8; assessors of GB/T 22239 level 3 for 12.
const SHORTEST: usize = 12;

pub(crate) async fn run(command: StaffCommand) -> anyhow::Result<ExitCode> {
    let StaffCommand::Add { config, login, name, role } = command;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = Personal::new(password.trim_end_matches(['\r', '\n']));
    if password.reveal().chars().count() < SHORTEST {
        anyhow::bail!("the password has fewer than {SHORTEST} characters; write a longer one to standard input");
    }
    let portal = boot::portal(&Config::load(&config.config)?).await?;
    let id = match portal.add_staff(&login, &name, role, password).await {
        Ok(id) => id,
        Err(service::ServiceError::Store(store::StoreError::Conflict { .. })) => {
            anyhow::bail!("there is already an account “{login}”")
        }
        Err(error) => return Err(error.into()),
    };
    say(format!("added {} {login} ({id})", role.as_str()));
    Ok(ExitCode::SUCCESS)
}

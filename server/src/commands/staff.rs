use std::{io::BufRead, process::ExitCode};

use clap::Subcommand;
use domain::actor::StaffRole;
use service::sign_in::{NewPassword, SHORTEST_PASSWORD};

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

pub(crate) async fn run(command: StaffCommand) -> anyhow::Result<ExitCode> {
    let StaffCommand::Add { config, login, name, role } = command;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let Some(password) = NewPassword::parse(password.trim_end_matches(['\r', '\n'])) else {
        anyhow::bail!(
            "the password has fewer than {SHORTEST_PASSWORD} characters; write a longer one to standard input"
        );
    };
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

use std::{io::BufRead, process::ExitCode};

use clap::Subcommand;
use domain::{
    actor::{Actor, StaffRole},
    permit::KeepAccounts,
};
use service::{
    Portal,
    sign_in::{NewPassword, SHORTEST_PASSWORD},
};
use store::accounts::{Account, Standing};

use super::{ConfigArg, say};

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
    /// Who has an account, and how it stands
    List {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Close the account of somebody who leaves; they are signed out at once
    Close {
        #[command(flatten)]
        config: ConfigArg,
        #[arg(long)]
        login: String,
    },
    /// Print a new first password and forget the second factor: lost, forgotten, or back again
    Renew {
        #[command(flatten)]
        config: ConfigArg,
        #[arg(long)]
        login: String,
    },
}

pub(crate) async fn run(command: StaffCommand) -> anyhow::Result<ExitCode> {
    let permit = Actor::System.keep_accounts().map_err(|_| anyhow::anyhow!("not allowed"))?;
    match command {
        StaffCommand::Add { config, login, name, role } => add(&config, &login, &name, role).await?,
        StaffCommand::List { config } => {
            let portal = config.portal().await?;
            portal.accounts(&permit).await?.iter().for_each(line);
        }
        StaffCommand::Close { config, login } => {
            let portal = config.portal().await?;
            let account = named(&portal, permit, &login).await?;
            match portal.close_account(&permit, &Actor::System, account.id).await {
                Ok(()) => say(format!("closed {login}")),
                Err(service::ServiceError::Overtaken) => anyhow::bail!("“{login}” is closed already"),
                Err(error) => return Err(error.into()),
            }
        }
        StaffCommand::Renew { config, login } => {
            let portal = config.portal().await?;
            let account = named(&portal, permit, &login).await?;
            let first = portal.renew_account(&permit, &Actor::System, account.id).await?;
            say(format!("first password of {login}: {}", first.password.reveal()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(config: &ConfigArg, login: &str, name: &str, role: StaffRole) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let Some(password) = NewPassword::parse(password.trim_end_matches(['\r', '\n'])) else {
        anyhow::bail!(
            "the password has fewer than {SHORTEST_PASSWORD} characters; write a longer one to standard input"
        );
    };
    let portal = config.portal().await?;
    let id = match portal.add_staff(&Actor::System, (login, name, role), password).await {
        Ok(id) => id,
        Err(service::ServiceError::Store(store::StoreError::Conflict { .. })) => {
            anyhow::bail!("there is already an account “{login}”")
        }
        Err(error) => return Err(error.into()),
    };
    say(format!("added {} {login} ({id})", role.as_str()));
    Ok(())
}

async fn named(portal: &Portal, permit: KeepAccounts, login: &str) -> anyhow::Result<Account> {
    let all = portal.accounts(&permit).await?;
    let found = all.into_iter().find(|account| account.login == login);
    found.ok_or_else(|| anyhow::anyhow!("there is no account “{login}”; see `qingdan staff list`"))
}

fn line(account: &Account) {
    let standing = match account.standing {
        Standing::InUse => "in use".to_owned(),
        Standing::ToEnrol => "has not signed in yet".to_owned(),
        Standing::Locked(until) => format!("locked until {until}"),
        Standing::Left(at) => format!("closed {at}"),
    };
    say(format!("{:<16} {:<24} {standing}", account.role.as_str(), account.login));
}

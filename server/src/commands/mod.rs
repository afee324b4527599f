//! The command line.

mod audit;
mod calendar;
mod demo;
mod hold;
mod key;
mod map;
mod program;
mod replay;
mod rescan;
mod retain;
pub(crate) mod serve;
pub(crate) use key::write as write_key;
mod staff;
mod worker;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use service::Portal;

use crate::{boot, config::Config};

/// 清单 – a PIPL data-subject rights portal over a company's own databases.
#[derive(Debug, Parser)]
#[command(name = "qingdan", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which configuration to use.
#[derive(Debug, Args)]
pub(crate) struct ConfigArg {
    /// The configuration file
    #[arg(long, default_value = "qingdan.toml", env = "QINGDAN_CONFIG")]
    pub(crate) config: PathBuf,
}

impl ConfigArg {
    /// The portal it describes, of the map in force.
    async fn portal(&self) -> anyhow::Result<Portal> {
        boot::portal(&Config::load(&self.config)?).await
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the portal, with a worker and the night's schedule in the same process
    Serve(serve::ServeArgs),
    /// Carry out jobs and send messages, without serving pages
    Worker(ConfigArg),
    /// Run the night: purge what is past its period
    Retain(retain::RetainArgs),
    /// The data map: check, show, schema
    #[command(subcommand)]
    Map(map::MapCommand),
    /// Working days: take a year's notice over
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// Staff accounts
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// Programs of the company's that may use the API
    #[command(subcommand)]
    Program(program::ProgramCommand),
    /// Legal holds
    #[command(subcommand)]
    Hold(hold::HoldCommand),
    /// After a backup was restored: who came back, and erase and correct again
    Replay(replay::ReplayArgs),
    /// Whether what is outside the map still mentions someone who was erased
    Rescan(rescan::RescanArgs),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Make a key file for a new portal
    Key(key::KeyArgs),
    /// Make a demonstration company and serve the portal on it
    Demo(demo::DemoArgs),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::run(&args).await,
        Command::Worker(args) => worker::run(&args).await,
        Command::Retain(args) => retain::run(&args).await,
        Command::Map(command) => map::run(command).await,
        Command::Calendar(command) => calendar::run(command).await,
        Command::Staff(command) => staff::run(command).await,
        Command::Program(command) => program::run(command).await,
        Command::Hold(command) => hold::run(command).await,
        Command::Replay(args) => replay::run(&args).await,
        Command::Rescan(args) => rescan::run(&args).await,
        Command::Audit(command) => audit::run(command).await,
        Command::Key(args) => key::run(&args),
        Command::Demo(args) => demo::run(&args).await,
    }
}

/// The one way a command speaks to whoever called it.
pub(crate) fn say(line: impl AsRef<str>) {
    use std::io::Write;
    // A closed pipe (`| head`) is not an error of ours.
    let _ = writeln!(std::io::stdout(), "{}", line.as_ref());
}

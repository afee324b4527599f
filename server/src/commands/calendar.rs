use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Subcommand;
use domain::{
    actor::Actor,
    calendar::{Announced, Day, Standing},
};
use jiff::{ToSpan, civil::date};

use super::{ConfigArg, say};

#[derive(Debug, Subcommand)]
pub(crate) enum CalendarCommand {
    /// Take over a year's notice from a file
    Import {
        #[command(flatten)]
        config: ConfigArg,
        /// TOML with the year, the notice's number, the days off and the make-up working days
        file: PathBuf,
    },
    /// The rest days and make-up working days of a year, and where they are from
    Show {
        #[command(flatten)]
        config: ConfigArg,
        year: i16,
    },
}

pub(crate) async fn run(command: CalendarCommand) -> anyhow::Result<ExitCode> {
    match command {
        CalendarCommand::Import { config, file } => {
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let year = Announced::parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
            let portal = config.portal().await?;
            let work = Actor::System.work().map_err(|_| anyhow::anyhow!("not permitted"))?;
            let imported = portal.import_year(&work, &year).await?;
            say(format!(
                "{} is known now ({}); {} of {} open requests are due earlier, none later",
                year.year(),
                year.notice(),
                imported.earlier,
                imported.open
            ));
        }
        CalendarCommand::Show { config, year } => {
            let portal = config.portal().await?;
            let calendar = portal.calendar();
            let standing = match calendar.standing(year) {
                Standing::Published => calendar.notice(year).unwrap_or_default(),
                Standing::Provisional => "not announced here: statutory days only, import the notice",
            };
            say(format!("{year}: {standing}"));
            for day in date(year, 1, 1).series(1.day()).take_while(|day| day.year() == year) {
                match calendar.day(day) {
                    Day::Holiday => say(format!("{day}  off")),
                    Day::MakeUp => say(format!("{day}  worked")),
                    Day::Working | Day::Weekend => {}
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

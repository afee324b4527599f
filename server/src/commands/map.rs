use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;
use domain::{
    Lang,
    map::{self, Disposal, Severity},
};
use sources::Sources;

use super::{ConfigArg, say};
use crate::{boot, config::Config};

#[derive(Debug, Subcommand)]
pub(crate) enum MapCommand {
    /// Check the map: its own sense, and against the live databases
    Check {
        #[command(flatten)]
        config: ConfigArg,
        /// Check this folder or file alone, without databases
        #[arg(long)]
        map: Option<PathBuf>,
    },
    /// Show what the map says, as the machine reads it
    Show {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Print the JSON Schema of a map file
    Schema,
}

pub(crate) async fn run(command: MapCommand) -> anyhow::Result<ExitCode> {
    match command {
        MapCommand::Schema => {
            say(serde_json::to_string_pretty(&map::schema())?);
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Check { map: Some(path), .. } => Ok(match map::load_dir(&path) {
            Ok(map) => {
                say(format!("{}: {} tables, version {}", path.display(), map.tables.len(), map.hash.short()));
                ExitCode::SUCCESS
            }
            Err(problems) => report(&problems),
        }),
        MapCommand::Check { config, map: None } => {
            let config = Config::load(&config.config)?;
            let map = match map::load_dir(&config.path(&config.map)) {
                Ok(map) => map,
                Err(problems) => return Ok(report(&problems)),
            };
            let sources = Sources::open(&map, &config.base)?;
            let problems = sources::check::check(&sources, &map).await;
            if problems.is_empty() {
                say(format!("{} tables, version {}: as the databases are", map.tables.len(), map.hash.short()));
            }
            Ok(report(&problems))
        }
        MapCommand::Show { config } => {
            let config = Config::load(&config.config)?;
            let map = boot::load_map(&config.path(&config.map))?;
            show(&map);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn report(problems: &[map::Problem]) -> ExitCode {
    for problem in problems {
        say(problem.to_string());
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn show(map: &map::DataMap) {
    say(format!("{} – version {}", map.handler.name.in_lang(Lang::En), map.hash));
    for table in &map.tables {
        let retention = &table.retention;
        let then = match retention.then {
            Disposal::Delete => "delete",
            Disposal::Anonymise => "anonymise",
        };
        say(format!("\n{}  ({}, then {then})", table.name, retention.effective()));
        for floor in &retention.floors {
            say(format!("  floor {}: {}", floor.keep, floor.law.en));
        }
        for role in &table.roles {
            let ways: Vec<String> = role
                .ways
                .iter()
                .map(|way| match way {
                    map::Way::Identified { by, column } => format!("{column} is their {}", by.as_str()),
                    map::Way::Through { column, parent, role } => format!("{column} → {parent}.{role}"),
                })
                .collect();
            say(format!("  {}: {}", role.name, ways.join("; or ")));
            let fields: Vec<&str> = table.fields_of(&role.name).map(|field| field.column.as_str()).collect();
            say(format!("    sees {}", fields.join(", ")));
        }
    }
}

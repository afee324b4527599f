use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Subcommand;
use domain::{
    Lang, Words,
    map::{self, Disposal, Engine, Severity, SourceName, again, diff, written},
};
use sources::{Source, Sources, scan};

use super::{ConfigArg, say};
use crate::{boot, config::Config};

#[derive(Debug, Subcommand)]
pub(crate) enum MapCommand {
    /// Draft a map from databases: their catalogue, and a bounded sample whose values are never shown
    Scan {
        /// Where the databases are, as `sqlite:FILE`, `postgres://…` or `mysql://…`
        #[arg(required = true)]
        urls: Vec<String>,
        /// Write the drafts into this folder, one file a database, instead of printing them
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Check the map: its own sense, and against the live databases
    Check {
        #[command(flatten)]
        config: ConfigArg,
        /// Check this folder or file alone, without databases
        #[arg(long)]
        map: Option<PathBuf>,
        /// Warnings fail too, for a build
        #[arg(long)]
        strict: bool,
    },
    /// Say in plain words what a new version of a map changes for customers
    Diff {
        before: PathBuf,
        after: PathBuf,
        /// zh-CN or en
        #[arg(long, default_value = "en")]
        lang: String,
    },
    /// Hand the map on disk to the officers for approval, as a restart of the service does
    Propose {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Write the map in a format of others
    Export {
        #[command(flatten)]
        config: ConfigArg,
        /// This folder or file instead of the configured map
        #[arg(long)]
        map: Option<PathBuf>,
        #[arg(long)]
        format: Format,
        /// zh-CN or en, for records people read
        #[arg(long, default_value = "zh-CN")]
        lang: String,
        /// Into this file instead of the terminal
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
    /// Draft a map from a Fides dataset (fideslang YAML)
    Import { file: PathBuf },
    /// Show what the map says, as the machine reads it
    Show {
        #[command(flatten)]
        config: ConfigArg,
    },
    /// Print the JSON Schema of a map file
    Schema,
}

/// Formats a map can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Fides datasets, one a database
    Fides,
    /// W3C Data Privacy Vocabulary, JSON-LD
    Dpv,
    /// Record of processing activities, comma-separated
    RopaCsv,
    /// Record of processing activities, for spreadsheets
    RopaXlsx,
}

pub(crate) async fn run(command: MapCommand) -> anyhow::Result<ExitCode> {
    match command {
        MapCommand::Schema => {
            say(serde_json::to_string_pretty(&map::schema())?);
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Scan { urls, to } => scan_all(&urls, to.as_deref()).await,
        MapCommand::Check { map: Some(path), strict, .. } => Ok(match map::load_dir(&path) {
            Ok(map) => {
                say(format!("{}: {} tables, version {}", path.display(), map.tables.len(), map.hash.short()));
                ExitCode::SUCCESS
            }
            Err(problems) => report(&problems, strict),
        }),
        MapCommand::Check { config, map: None, strict } => check(&config, strict).await,
        MapCommand::Diff { before, after, lang } => {
            let lang = language(&lang)?;
            let (before, after) = (boot::load_map(&before)?, boot::load_map(&after)?);
            differences(&before, &after, lang);
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Propose { config } => {
            let config = Config::load(&config.config)?;
            let disk = boot::load_map(&config.path(&config.map))?;
            let portal = boot::portal(&config).await?;
            say(if portal.map.hash == disk.hash {
                format!("version {} is in force", disk.hash.short())
            } else {
                format!(
                    "version {} waits for two officers at {}/officer/policy; {} is in force",
                    disk.hash.short(),
                    config.public_url,
                    portal.map.hash.short()
                )
            });
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Export { config, map, format, lang, out } => {
            let lang = language(&lang)?;
            let (map, base) = if let Some(path) = map {
                (boot::load_map(&path)?, "https://example.com/map".to_owned())
            } else {
                let config = Config::load(&config.config)?;
                (boot::load_map(&config.path(&config.map))?, format!("{}/map", config.public_url))
            };
            export(&map, &base, format, lang, out.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Import { file } => {
            let text = std::fs::read_to_string(&file)?;
            say(exchange::import::draft(&exchange::fides::parse(&text)?));
            Ok(ExitCode::SUCCESS)
        }
        MapCommand::Show { config } => {
            let config = Config::load(&config.config)?;
            let map = boot::load_map(&config.path(&config.map))?;
            show(&map);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn language(tag: &str) -> anyhow::Result<Lang> {
    Lang::from_tag(tag).with_context(|| format!("“{tag}” is no language of ours; write zh-CN or en"))
}

fn export(map: &map::DataMap, base: &str, format: Format, lang: Lang, out: Option<&Path>) -> anyhow::Result<()> {
    let bytes = match format {
        Format::Fides => exchange::fides::export(map)?.into_bytes(),
        Format::Dpv => serde_json::to_vec_pretty(&exchange::dpv::export(map, base))?,
        Format::RopaCsv => exchange::ropa::csv(map, lang)?,
        Format::RopaXlsx => exchange::ropa::xlsx(map, lang)?,
    };
    match out {
        Some(file) => Ok(std::fs::write(file, bytes)?),
        None if format == Format::RopaXlsx => bail!("a spreadsheet is no text; say where with --out FILE.xlsx"),
        None => Ok(std::io::Write::write_all(&mut std::io::stdout(), &bytes)?),
    }
}

async fn scan_all(urls: &[String], to: Option<&Path>) -> anyhow::Result<ExitCode> {
    for url in urls {
        let (engine, name) = engine_and_name(url)?;
        let stored_in = Words::new("中国境内", "mainland China");
        let written = written::Source::at(Words::new(&name, &name), engine, url.clone(), stored_in);
        let source = Source::new(&SourceName(name.clone()), &written, Path::new("."))?;
        let draft = scan::draft(&source).await?;
        match to {
            Some(folder) => {
                std::fs::create_dir_all(folder)?;
                let file = folder.join(format!("{name}.toml"));
                if file.exists() {
                    bail!("{} is there already and may hold your work; choose another folder", file.display());
                }
                std::fs::write(&file, draft)?;
                say(format!(
                    "{}: read every line, then `qingdan map check --map {}`",
                    file.display(),
                    folder.display()
                ));
            }
            None => say(draft),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `postgres://…/shop` is called shop.
fn engine_and_name(url: &str) -> anyhow::Result<(Engine, String)> {
    let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
    let engine = match scheme {
        "sqlite" => Engine::Sqlite,
        "postgres" | "postgresql" => Engine::Postgres,
        "mysql" | "mariadb" => Engine::Mysql,
        _ => bail!("this is no database URL; write sqlite:FILE, postgres://USER@HOST/NAME or mysql://USER@HOST/NAME"),
    };
    let path = rest.split('?').next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    let name: String = stem.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
    Ok((engine, if name.is_empty() { "company".to_owned() } else { name.to_lowercase() }))
}

async fn check(config: &ConfigArg, strict: bool) -> anyhow::Result<ExitCode> {
    let config = Config::load(&config.config)?;
    let map = match map::load_dir(&config.path(&config.map)) {
        Ok(map) => map,
        Err(problems) => return Ok(report(&problems, strict)),
    };
    let sources = Sources::open(&map, &config.base)?;
    let problems = sources::check::check(&sources, &map).await;
    if problems.is_empty() {
        say(format!("{} tables, version {}: as the databases are", map.tables.len(), map.hash.short()));
    }
    Ok(report(&problems, strict))
}

fn report(problems: &[map::Problem], strict: bool) -> ExitCode {
    for problem in problems {
        say(problem.to_string());
    }
    let fails = |problem: &map::Problem| strict || problem.severity == Severity::Error;
    if problems.iter().any(fails) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn differences(before: &map::DataMap, after: &map::DataMap, lang: Lang) {
    let changes = diff::diff(before, after);
    say(format!("{} → {}", before.hash.short(), after.hash.short()));
    if changes.is_empty() {
        say("nothing changes for customers");
    }
    for change in &changes {
        say(format!("- {}", change.say(lang)));
    }
    for purpose in again::consent_again(before, after, &changes).into_keys() {
        say(format!(
            "! consent must be asked again for “{}” (PIPL art. 14, 23, 39)",
            after.purpose_name(&purpose, lang)
        ));
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
                    map::Way::Identified { by, place, .. } => format!("{} is their {}", place.column(), by.as_str()),
                    map::Way::Through(path) => {
                        let columns: Vec<&str> = path.columns.iter().map(map::Column::as_str).collect();
                        format!("{} → {}.{}", columns.join(", "), path.parent, path.role)
                    }
                })
                .collect();
            say(format!("  {}: {}", role.name, ways.join("; or ")));
            let fields: Vec<&str> = table.fields_of(&role.name).map(|field| field.column.as_str()).collect();
            say(format!("    sees {}", fields.join(", ")));
        }
    }
}

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::{
    breaker::Why,
    plan::Outcome,
    report::{LeftBecause, NightReport, RuleReport},
};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use service::{Progress, ServiceError};

use super::{ConfigArg, say};
use crate::{boot, config::Config};

#[derive(Debug, Args)]
pub(crate) struct RetainArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Count what would go; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Measure periods against this day instead of today
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum, PartialEq, Eq)]
enum Format {
    Text,
    Json,
}

pub(crate) async fn run(args: &RetainArgs) -> anyhow::Result<ExitCode> {
    let config = Config::load(&args.config.config)?;
    let portal = boot::portal(&config).await?;
    let today = portal.clock.today();
    let as_of = args.as_of.unwrap_or(today);
    // A later day would take rows before their time, floors included.
    if as_of > today && !args.dry_run {
        anyhow::bail!("--as-of {as_of} is in the future; only --dry-run may look ahead");
    }
    let report = if args.dry_run {
        portal.retain_dry(as_of).await?
    } else {
        let bar = bar();
        let shown = bar.clone();
        let result = portal
            .retain(as_of, &move |progress: Progress| {
                shown.set_length(progress.planned);
                shown.set_position(progress.done);
            })
            .await;
        bar.finish_and_clear();
        match result {
            Err(ServiceError::AlreadyRunning) => {
                anyhow::bail!("another process is running the night of {as_of}; nothing was done here")
            }
            other => other?,
        }
    };
    match args.format {
        Format::Json => say(serde_json::to_string_pretty(&report)?),
        Format::Text => print(&report),
    }
    Ok(if report.verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} rows, {eta} to go") {
        bar.set_style(style);
    }
    bar
}

/// What held a rule up, by the limits of that night.
fn limit(why: Why) -> String {
    match why {
        Why::Share { of, together, limits: Some(limits) } => {
            let together = together.map(|rows| format!(" (its rules together: {rows})")).unwrap_or_default();
            format!("more than {} % of the table's {of} rows{together}", limits.share)
        }
        Why::Forecast { most, limits: Some(limits) } => {
            let (times, from_rows) = (limits.times, limits.from_rows);
            format!("more than {times} times the {most} a recent night took at most (counted as {from_rows} at least)")
        }
        Why::Share { limits: None, .. } | Why::Forecast { limits: None, .. } => {
            "far more than it may take unseen".to_owned()
        }
        Why::Follows => "it comes after another that waits".to_owned(),
    }
}

fn left(rule: &RuleReport) -> String {
    let why = match rule.why_left {
        _ if rule.left == 0 => return String::new(),
        Some(LeftBecause::MoreThanCounted) => {
            ": stopped, more came due while it ran than was counted; the next night counts anew"
        }
        Some(LeftBecause::WindowClosed) => ": its window closed; the next night goes on",
        None => "",
    };
    format!("  left {}{why}", rule.left)
}

fn print(report: &NightReport) {
    let what = if report.dry_run { "would change" } else { "changed" };
    say(format!("night of {} (map {}):", report.as_of, report.map.get(..12).unwrap_or_default()));
    for rule in &report.rules {
        let outcome = match rule.outcome {
            Outcome::Deleted => "delete",
            Outcome::Anonymised => "anonymise",
            Outcome::LockedAway { .. } => "lock away",
            Outcome::Destroyed => "destroy",
            Outcome::Corrected { .. } => "correct",
            Outcome::Restricted { .. } => "restrict",
            Outcome::ByHand { .. } => "by hand",
            Outcome::Kept { .. } => "held",
        };
        let left = left(rule);
        let aside = if rule.set_aside { "  (set aside by an earlier request)" } else { "" };
        let (table, selected, done) = (rule.table.to_string(), rule.selected, rule.done);
        say(format!("  {outcome:<10} {table:<32} selected {selected:>8}  done {done:>8}{left}{aside}"));
    }
    for tripped in &report.stopped {
        let (outcome, table, rows) = (tripped.outcome.word(), tripped.table.to_string(), tripped.rows);
        let why = limit(tripped.why);
        say(format!("  {outcome:<10} {table:<32} selected {rows:>8}  WAITS for an officer: {why}"));
    }
    let changed = if report.dry_run {
        let changing = report.rules.iter().filter(|rule| !matches!(rule.outcome, Outcome::Kept { .. }));
        changing.map(|rule| rule.selected).sum()
    } else {
        report.changed
    };
    let verified = if report.verified { "verified" } else { "NOT verified: rows are left for the next night" };
    say(format!(
        "{what} {changed} rows, {} held; {} steps, longest {} ms; {verified}",
        report.held, report.steps, report.longest_step_ms
    ));
}

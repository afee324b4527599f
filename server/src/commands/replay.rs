use std::process::ExitCode;

use clap::Args;
use domain::{
    map::{SourceName, Unfound},
    request::Handling,
};
use jiff::Timestamp;
use service::replay::{Restored, Unchecked};

use super::{ConfigArg, say};

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// The moment of the backup that was restored, as in 2026-11-20T02:00:00+08:00
    #[arg(long, value_name = "MOMENT")]
    restored_from: Timestamp,
    /// A source of the data map that was restored, where not all of them were; may be said several times
    #[arg(long = "source", value_name = "NAME")]
    sources: Vec<String>,
    /// Do it; without this only what would be done is shown
    #[arg(long)]
    carry_out: bool,
}

pub(crate) async fn run(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let portal = args.config.portal().await?;
    let only: Vec<SourceName> = args.sources.iter().cloned().map(SourceName).collect();
    if let Some(unknown) = only.iter().find(|name| !portal.map.sources.contains_key(name)) {
        anyhow::bail!("the data map has no source “{unknown}”: write one of its [source.NAME]");
    }
    let restored = Restored { at: args.restored_from, only };
    let unchecked = portal.unchecked(&restored);
    let returned = portal.returned(restored).await?;
    if returned.is_empty() {
        say(if unchecked.is_empty() {
            "nobody came back, and nothing is wrong again"
        } else {
            "where it could be looked at, nobody came back and nothing is wrong again"
        });
        unchecked.iter().for_each(tell);
        return Ok(ExitCode::SUCCESS);
    }
    let mut verified = true;
    for one in returned {
        let what = match one.kind.handling() {
            Handling::Erasure | Handling::Withdrawal => "erased before, is back",
            Handling::Correction => "corrected before, is wrong again",
            Handling::Restriction => "restricted or lifted before, is not so again",
            Handling::Answer => "answered before",
        };
        let line = format!("{}  {what}: {} rows", one.number, one.rows);
        if !args.carry_out {
            say(line);
            continue;
        }
        let report = portal.replay(one).await?;
        verified &= report.verified;
        say(format!(
            "{line}; {}",
            if report.verified { "done again, verified" } else { "NOT verified: rows are left" }
        ));
    }
    if !args.carry_out {
        say("nothing was changed; add --carry-out to do it");
    }
    unchecked.iter().for_each(tell);
    say("what is past its period goes with the next night, or now with: qingdan retain");
    Ok(if verified { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What nobody may take for looked at.
fn tell(unchecked: &Unchecked) {
    say(match unchecked {
        Unchecked::Rows(Unfound { table, role, by }) => format!(
            "NOT CHECKED  {table} ({}): its rows are found only by way of {by}, and {} was not restored: whoever was erased \
             stands there no longer. Compare with a copy of {} of the same moment, or delete there what points at nothing",
            role.as_str(),
            by.source,
            by.source
        ),
        Unchecked::System(name) => format!(
            "NOT CHECKED  {name}: it is asked about one person and never for a list of them. If it was restored, have its \
             requests since then done again"
        ),
    });
}

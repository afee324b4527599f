//! Ratios against a reference measured in the same run, so that a slow or busy machine does not
//! change what they say. `bench purge gather page weight` runs only the parts named. Prints the table that docs/PERFORMANCE.md keeps.

mod gather;
mod page;
mod purge;
mod scan;
mod weight;

use std::time::Duration;

/// One line of the table.
struct Line {
    what: &'static str,
    ours: String,
    reference: String,
    ratio: f64,
    goal: &'static str,
}

const RUNS: usize = 5;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("scan", folders)) = wanted.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return scan::run(folders).await;
    }
    // 10⁷ rows in twelve tables take a while and 20 GB: asked for by name.
    if wanted.iter().any(|name| name == "gather-large") {
        print(&gather::postgres(&[10_000_000]).await?);
    }
    let runs = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    // Told as they come: a later part that fails takes nothing away from an earlier one.
    if runs("purge") {
        print(&purge::sqlite().await?);
        print(&purge::postgres().await?);
    }
    if runs("gather") {
        print(&gather::postgres(&[10_000, 100_000, 1_000_000]).await?);
    }
    if runs("page") {
        print(&page::pages().await?);
    }
    if runs("weight") {
        weight::report()?;
    }
    Ok(())
}

fn print(lines: &[Line]) {
    say("| what | ours | reference | ratio | goal |\n|---|---|---|---|---|");
    for line in lines {
        say(&format!("| {} | {} | {} | {:.2} | {} |", line.what, line.ours, line.reference, line.ratio, line.goal));
    }
}

fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The middle of an odd number of measurements.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn per_second(count: u32, time: Duration) -> f64 {
    f64::from(count) / time.as_secs_f64()
}

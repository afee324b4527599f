//! Ratios against a reference measured in the same run, so that a slow or busy machine does not
//! change what they say. `bench purge gather page weight` runs only the parts named. Prints the table that docs/PERFORMANCE.md keeps.

mod copy;
mod demo;
mod erase;
mod gather;
mod page;
mod purge;
mod queue;
mod scan;
mod weight;

use std::time::Duration;

/// One line of the table.
struct Line {
    what: String,
    ours: String,
    reference: String,
    ratio: f64,
    goal: &'static str,
}

impl Line {
    /// Rows a second, and the median of the runs' own ratios.
    fn rates(what: String, ours: &[f64], reference: &[f64], goal: &'static str) -> Self {
        let ratio = median(ours.iter().zip(reference).map(|(ours, reference)| ours / reference).collect());
        let rows = |values: &[f64]| format!("{:.0} rows/s", median(values.to_vec()));
        Self { what, ours: rows(ours), reference: rows(reference), ratio, goal }
    }
}

/// Interleaved runs: five, or what `BENCH_RUNS` says.
fn runs() -> usize {
    std::env::var("BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(5)
}

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
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|name| name == part);
    // Told as they come: a later part that fails takes nothing away from an earlier one.
    if is_wanted("purge") {
        let engines: Vec<String> = wanted.iter().filter(|name| *name != "purge").cloned().collect();
        print(&purge::all(&engines).await?);
    }
    if is_wanted("erase") {
        print(&erase::all().await?);
    }
    if is_wanted("gather") {
        print(&gather::postgres(&[10_000, 100_000, 1_000_000]).await?);
    }
    if is_wanted("page") {
        print(&page::pages().await?);
    }
    if is_wanted("copy") {
        print(&copy::all().await?);
    }
    // A million requests take minutes to file.
    if is_wanted("queue") {
        print(&queue::all(&[1_000, 100_000, 1_000_000]).await?);
    }
    if is_wanted("weight") {
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

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

//! The copy of a person with a million records, read as it is downloaded and prepared first: how fast it comes, and how
//! much memory it takes.

use std::{
    io::Read,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database};

use crate::{Line, demo::Demo, per_second, say};

const ROWS: u64 = 1_000_000;

pub(crate) async fn all() -> anyhow::Result<Vec<Line>> {
    let mut lines = at_once().await?;
    lines.extend(prepared().await?);
    Ok(lines)
}

async fn company_with_much() -> anyhow::Result<Demo> {
    let demo = Demo::start(100).await?;
    let company = Database::connect(format!("sqlite:{}", demo.folder().join("company.sqlite").display())).await?;
    let fill = format!(
        "INSERT INTO support_tickets (customer_id, subject, body, callback_mobile, opened_at) \
         WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) \
         SELECT 1, 'Where is my parcel?', 'It was to come on day ' || n, '15400000001', '2026-01-01' FROM s"
    );
    company.execute_unprepared(&fill).await?;
    company.close().await?;
    Ok(demo)
}

async fn at_once() -> anyhow::Result<Vec<Line>> {
    let demo = company_with_much().await?;
    let cookie = demo.sign_in()?;
    let idle = demo.memory("VmRSS")?;
    let began = Instant::now();
    let bytes = download(&demo, "/mine/copy.zip", &cookie)?;
    let rate = per_second(ROWS, began.elapsed());
    say(&format!("a copy of {ROWS} records, three shapes each: {bytes} bytes, {idle} resident before"));
    Ok(vec![most(&demo, "a copy of a person with a million records, most memory")?, speed("the same", rate)])
}

async fn prepared() -> anyhow::Result<Vec<Line>> {
    let demo = company_with_much().await?;
    let cookie = demo.sign_in()?;
    let began = Instant::now();
    let asked = demo.post("/mine/copy/prepare", &cookie, "")?;
    let to = asked.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
    anyhow::ensure!(to.starts_with("/mine/copy/"), "{to}");
    loop {
        let word = demo.get(&format!("{to}/progress"), &cookie)?;
        match word.split_whitespace().next() {
            Some("preparing") => tokio::time::sleep(Duration::from_millis(500)).await,
            Some("ready") => break,
            Some(_) | None => anyhow::bail!("{word}"),
        }
    }
    let rate = per_second(ROWS, began.elapsed());
    let began = Instant::now();
    let bytes = download(&demo, &format!("{to}/download"), &cookie)?;
    say(&format!("prepared and sealed: {bytes} bytes, opened and sent in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(vec![most(&demo, "a copy prepared, sealed and downloaded, most memory")?, speed("prepared and sealed", rate)])
}

/// Read and thrown away. How many bytes came.
fn download(demo: &Demo, path: &str, cookie: &str) -> anyhow::Result<u64> {
    let answer = demo.post(path, cookie, "")?;
    anyhow::ensure!(answer.status() == 200, "{}", answer.status());
    let mut body = answer.into_body().into_reader();
    let (mut bytes, mut piece) = (0_u64, vec![0; 64 * 1024]);
    loop {
        match body.read(&mut piece)? {
            0 => return Ok(bytes),
            read => bytes += read as u64,
        }
    }
}

fn most(demo: &Demo, what: &str) -> anyhow::Result<Line> {
    let most = demo.memory("VmHWM")?;
    let kilobytes: f64 = most.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
    Ok(Line {
        what: what.to_owned(),
        ours: format!("{:.0} MiB", kilobytes / 1024.0),
        reference: "256 MiB".to_owned(),
        ratio: kilobytes / 1024.0 / 256.0,
        goal: "≤ 1.0",
    })
}

fn speed(what: &str, rate: f64) -> Line {
    Line {
        what: format!("{what}, records in three shapes"),
        ours: format!("{rate:.0} records/s"),
        reference: "–".to_owned(),
        ratio: f64::NAN,
        goal: "–",
    }
}

//! The copy of a person with a million records: how fast it comes, and how much memory it takes.

use std::{io::Read, time::Instant};

use sea_orm::{ConnectionTrait, Database};

use crate::{Line, demo::Demo, per_second, say};

const ROWS: u64 = 1_000_000;

pub(crate) async fn all() -> anyhow::Result<Vec<Line>> {
    let demo = Demo::start(100).await?;
    let company = Database::connect(format!("sqlite:{}", demo.folder().join("company.sqlite").display())).await?;
    let fill = format!(
        "INSERT INTO support_tickets (customer_id, subject, body, callback_mobile, opened_at) \
         WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) \
         SELECT 1, 'Where is my parcel?', 'It was to come on day ' || n, '15400000001', '2026-01-01' FROM s"
    );
    company.execute_unprepared(&fill).await?;
    company.close().await?;
    let cookie = demo.sign_in()?;
    let idle = demo.memory("VmRSS")?;
    let began = Instant::now();
    let answer = demo.post("/mine/copy.zip", &cookie, "")?;
    anyhow::ensure!(answer.status() == 200, "{}", answer.status());
    let mut body = answer.into_body().into_reader();
    let (mut bytes, mut piece) = (0_u64, vec![0; 64 * 1024]);
    loop {
        match body.read(&mut piece)? {
            0 => break,
            read => bytes += read as u64,
        }
    }
    let rate = per_second(ROWS, began.elapsed());
    let most = demo.memory("VmHWM")?;
    say(&format!("a copy of {ROWS} records, three shapes each: {bytes} bytes, {idle} resident before"));
    let kilobytes: f64 = most.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
    Ok(vec![
        Line {
            what: "a copy of a person with a million records, most memory".to_owned(),
            ours: format!("{:.0} MiB", kilobytes / 1024.0),
            reference: "256 MiB".to_owned(),
            ratio: kilobytes / 1024.0 / 256.0,
            goal: "≤ 1.0",
        },
        Line {
            what: "the same, records in three shapes".to_owned(),
            ours: format!("{rate:.0} records/s"),
            reference: "–".to_owned(),
            ratio: f64::NAN,
            goal: "–",
        },
    ])
}

//! Gathering one person over twelve tables in three databases, against the same statements sent by
//! hand side by side; at several sizes, to see that it stays flat.

use std::{fmt::Write, path::Path, time::Instant};

use domain::{
    Identifier, Mobile,
    map::{DataMap, MapFile, load},
};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use sources::{Sources, gather::gather};
use testkit::Postgres;

use crate::{Line, median, runs, say};

const TABLES: usize = 4;
const SOURCES: usize = 3;
const WHO: &str = "15400000007";
/// Views measured in one run.
const VIEWS: u32 = 50;

const HEAD: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "甲", en = "A" }
officer = { name = { zh-CN = "甲", en = "A" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[identifier.mobile]
[purpose.p]
name = { zh-CN = "甲", en = "A" }
why = { zh-CN = "甲", en = "A" }
basis = "contract"
"#;

fn map(urls: &[String]) -> anyhow::Result<DataMap> {
    let mut text = HEAD.to_owned();
    for (s, url) in urls.iter().enumerate() {
        write!(
            text,
            "[source.s{s}]\nname = {{ zh-CN = \"库\", en = \"db\" }}\nengine = \"postgres\"\nurl = \"{url}\"\nstored_in = {{ zh-CN = \"中国\", en = \"China\" }}\n"
        )?;
        for t in 0..TABLES {
            write!(
                text,
                "[table.\"s{s}.t{t}\"]\nname = {{ zh-CN = \"表\", en = \"Table\" }}\nkey = [\"id\"]\npurposes = [\"p\"]\n\
                 retention = {{ from = \"done_on\", starts = {{ zh-CN = \"始\", en = \"start\" }}, keep = \"3 years\", then = \"delete\" }}\n\
                 role.holder = {{ name = {{ zh-CN = \"人\", en = \"person\" }}, identified_by = {{ mobile = {{ column = \"mobile\", spelled = \"plain\" }} }} }}\n\
                 field.mobile = {{ of = \"holder\", kind = \"mobile\" }}\nfield.name = {{ of = \"holder\", kind = \"name\" }}\nfield.note = {{ of = \"holder\", kind = \"text\" }}\n"
            )?;
        }
    }
    load(&[MapFile { name: "map".into(), text }]).map_err(|problems| anyhow::anyhow!("{problems:?}"))
}

/// What is asked of each table, as someone would write it.
fn by_hand(table: usize) -> String {
    format!(
        "SELECT id::text, mobile::text, name::text, note::text, done_on::text FROM t{table} \
         WHERE mobile = '{WHO}' ORDER BY id DESC LIMIT 201"
    )
}

async fn fill(db: &DatabaseConnection, rows: u32) -> anyhow::Result<()> {
    for t in 0..TABLES {
        db.execute_unprepared(&format!(
            "DROP TABLE IF EXISTS t{t}; CREATE UNLOGGED TABLE t{t} (id bigint PRIMARY KEY, mobile varchar(20), name varchar(50), note text, done_on date); \
             INSERT INTO t{t} SELECT n, '1540' || lpad((n % {people})::text, 7, '0'), 'N', 'note ' || n, DATE '2026-01-01' FROM generate_series(1, {rows}) s(n); \
             CREATE INDEX ON t{t} (mobile); ANALYZE t{t}",
            // Five rows of each table a person.
            people = (rows / 5).max(1)
        ))
        .await?;
    }
    Ok(())
}

pub(crate) async fn postgres(sizes: &[u32]) -> anyhow::Result<Vec<Line>> {
    let server = Postgres::start();
    let urls: Vec<String> = (0..SOURCES).map(|_| server.database()).collect();
    let map = map(&urls)?;
    let who = [Identifier::Mobile(Mobile::parse(WHO).ok_or_else(|| anyhow::anyhow!("a number"))?)];
    let mut lines = Vec::new();
    for rows in sizes {
        say(&format!("gather: filling {} tables with {rows} rows each", TABLES * SOURCES));
        let mut direct = Vec::new();
        for url in &urls {
            let db = Database::connect(url).await?;
            fill(&db, *rows).await?;
            direct.push(db);
        }
        let sources = Sources::open(&map, Path::new("."))?;
        let (mut ours, mut hand) = (Vec::new(), Vec::new());
        for run in 0..=runs() {
            let began = Instant::now();
            for _ in 0..VIEWS {
                let found = gather(&sources, &map, &who, &[]).await;
                let rows: usize = found
                    .iter()
                    .filter_map(|part| part.found.as_ref().ok())
                    .flatten()
                    .map(|rows| rows.rows.len())
                    .sum();
                anyhow::ensure!(rows == 5 * TABLES * SOURCES, "{rows} rows were found");
            }
            let mine = began.elapsed().as_secs_f64() * 1000.0 / f64::from(VIEWS);
            let began = Instant::now();
            for _ in 0..VIEWS {
                join_all(direct.iter().map(hand_written)).await.into_iter().collect::<Result<Vec<_>, _>>()?;
            }
            let theirs = began.elapsed().as_secs_f64() * 1000.0 / f64::from(VIEWS);
            // The first run warms both.
            if run > 0 {
                ours.push(mine);
                hand.push(theirs);
            }
        }
        let ratio = median(ours.iter().zip(&hand).map(|(ours, hand)| ours / hand).collect());
        lines.push(Line {
            what: match rows {
                10_000 => "gather, 12 tables of 10⁴ rows",
                100_000 => "gather, 12 tables of 10⁵ rows",
                1_000_000 => "gather, 12 tables of 10⁶ rows",
                _ => "gather, 12 tables of 10⁷ rows",
            }
            .to_owned(),
            ours: format!("{:.2} ms", median(ours)),
            reference: format!("{:.2} ms", median(hand)),
            ratio,
            goal: "≤ 1.5",
        });
    }
    Ok(lines)
}

/// One consistent read of one database, its statements one after the other.
async fn hand_written(db: &DatabaseConnection) -> Result<usize, sea_orm::DbErr> {
    use sea_orm::TransactionTrait;
    let tx = db.begin().await?;
    let mut rows = 0;
    for table in 0..TABLES {
        let statement = Statement::from_string(sea_orm::DbBackend::Postgres, by_hand(table));
        for row in tx.query_all_raw(statement).await? {
            for n in 0..5 {
                rows += usize::from(row.try_get_by_index::<Option<String>>(n)?.is_some());
            }
        }
    }
    tx.rollback().await?;
    Ok(rows)
}

//! The night's purge against one plain `DELETE` of the same rows.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::map::{MapFile, load};
use sea_orm::{ConnectionTrait, Database};
use service::{Chance, Clock, Portal, Settings, sign_in::Passwords};
use sources::Sources;
use store::{MasterKey, Store, Vault};
use testkit::Postgres;

use crate::{Line, RUNS, median, per_second, say};

const ROWS: u32 = 200_000;
const DUE: u32 = 50_000;

const MAP: &str = r#"
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
[source.db]
name = { zh-CN = "库", en = "db" }
engine = "ENGINE"
url = "URL"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.parcels"]
name = { zh-CN = "包裹", en = "Parcels" }
key = ["id"]
purposes = ["p"]
retention = { from = "done_on", starts = { zh-CN = "签收", en = "delivery" }, keep = "3 years", then = "delete" }
role.receiver = { name = { zh-CN = "收", en = "receiver" }, identified_by = { mobile = "mobile" } }
field.mobile = { of = "receiver", kind = "mobile" }
field.address = { of = "receiver", kind = "address" }
"#;

fn fill(series: &str) -> String {
    format!(
        "INSERT INTO parcels SELECT n, '1540000' || substr('0000' || (n % 10000), -4), '虚构区示例路' || n || '号', \
         CASE WHEN n % {} = 0 THEN '2020-01-01' ELSE '2026-01-01' END FROM {series}",
        ROWS / DUE
    )
}

const TABLE: &str =
    "CREATE TABLE parcels (id INTEGER PRIMARY KEY, mobile VARCHAR(20), address VARCHAR(100), done_on DATE)";
const PLAIN: &str = "DELETE FROM parcels WHERE done_on < '2023-06-01'";

async fn portal(dir: &Path, engine: &str, url: &str) -> anyhow::Result<Arc<Portal>> {
    let text = MAP.replace("ENGINE", engine).replace("URL", url);
    let map = load(&[MapFile { name: "map".into(), text }]).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let store = Store::open("sqlite:portal.sqlite", dir, Vault::new(&MasterKey::generate()?)).await?;
    Ok(Arc::new(Portal {
        sources: Sources::open(&map, dir)?,
        map: Arc::new(map),
        store,
        clock: Clock::System,
        chance: Chance::system(),
        passwords: Passwords::quick()?,
        settings: Settings::default(),
    }))
}

/// Ours and the reference in turn, each on fresh data.
async fn measure(
    what: &'static str,
    engine: &str,
    fresh: impl AsyncFn(&Path) -> anyhow::Result<(String, String)>,
    goal: &'static str,
) -> anyhow::Result<Vec<Line>> {
    let (mut ours, mut plain, mut longest) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        say(&format!("{what}: run {} of {RUNS}", run + 1));
        let dir = tempfile::tempdir()?;
        let (direct, _) = fresh(dir.path()).await?;
        let db = Database::connect(&direct).await?;
        let began = Instant::now();
        db.execute_unprepared(PLAIN).await?;
        plain.push(per_second(DUE, began.elapsed()));
        db.close().await?;

        let dir = tempfile::tempdir()?;
        let (_, in_map) = fresh(dir.path()).await?;
        let portal = portal(dir.path(), engine, &in_map).await?;
        let began = Instant::now();
        let report = portal.retain(portal.clock.today(), &|_| {}).await?;
        ours.push(per_second(DUE, began.elapsed()));
        anyhow::ensure!(report.changed == u64::from(DUE) && report.verified, "{report:?}");
        longest.push(Duration::from_millis(report.longest_step_ms).as_secs_f64() * 1000.0);
    }
    let ratio = median(ours.iter().zip(&plain).map(|(ours, plain)| ours / plain).collect());
    say(&format!("{what}: longest step, median of runs: {:.0} ms", median(longest)));
    let rows = |values| format!("{:.0} rows/s", median(values));
    Ok(vec![Line { what, ours: rows(ours), reference: rows(plain), ratio, goal }])
}

pub(crate) async fn sqlite() -> anyhow::Result<Vec<Line>> {
    let fresh = async |dir: &Path| {
        let file = dir.join("c.sqlite");
        let direct = format!("sqlite:{}?mode=rwc", file.display());
        let db = Database::connect(&direct).await?;
        db.execute_unprepared("PRAGMA journal_mode = WAL").await?;
        db.execute_unprepared(TABLE).await?;
        let series = format!(
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) SELECT n FROM s)"
        );
        db.execute_unprepared(&fill(&series)).await?;
        db.execute_unprepared("CREATE INDEX due ON parcels (done_on)").await?;
        db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        db.close().await?;
        Ok((direct, "sqlite:c.sqlite".to_owned()))
    };
    measure("purge, SQLite, against one DELETE", "sqlite", fresh, "≥ 0.8").await
}

pub(crate) async fn postgres() -> anyhow::Result<Vec<Line>> {
    let server = Postgres::start();
    let fresh = async |_: &Path| {
        let url = server.database();
        let db = Database::connect(&url).await?;
        db.execute_unprepared(TABLE).await?;
        let fill = fill(&format!("generate_series(1, {ROWS}) AS s(n)"));
        let fill = fill
            .replace("substr('0000' || (n % 10000), -4)", "lpad((n % 10000)::text, 4, '0')")
            .replace("THEN '2020-01-01' ELSE '2026-01-01' END", "THEN DATE '2020-01-01' ELSE DATE '2026-01-01' END");
        db.execute_unprepared(&fill).await?;
        db.execute_unprepared("CREATE INDEX due ON parcels (done_on)").await?;
        db.execute_unprepared("VACUUM ANALYZE parcels").await?;
        db.close().await?;
        Ok((url.clone(), url))
    };
    measure("purge, PostgreSQL, against one DELETE", "postgres", fresh, "≥ 1.0").await
}

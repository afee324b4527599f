//! The night's purge of parents and children against statements by hand: one plain `DELETE`, a batched loop,
//! on MariaDB `pt-archiver`. Each on fresh data, in turn; and what the company's own programs feel of it.

mod data;
mod foreground;
mod mariadb;
mod postgres;
mod sqlite;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Context;
use domain::{
    map::{MapFile, load},
    report::NightReport,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use service::{Chance, Clock, Portal, Settings, sign_in::Passwords};
use sources::Sources;
use store::{MasterKey, Store, Vault};

use crate::{Line, median, per_second, runs, say};
use data::{CUTOFF, Size, Then};

/// A company's database on its own, to be thrown away.
trait Company {
    /// For a connection of one's own, and as the map says it.
    fn url(&self) -> String;
    /// For the company's own programs.
    fn of_others(&self) -> String {
        self.url()
    }
    fn in_map(&self) -> String;
    fn folder(&self) -> &Path;
}

async fn portal(company: &impl Company, engine: &str, then: Then) -> anyhow::Result<Arc<Portal>> {
    let text = data::map(engine, &company.in_map(), then);
    let map = load(&[MapFile { name: "map".into(), text }]).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let store = Store::open("sqlite:portal.sqlite", company.folder(), Vault::new(&MasterKey::generate()?)).await?;
    Ok(Arc::new(Portal {
        sources: Arc::new(Sources::open(&map, company.folder())?),
        map: Arc::new(map),
        store,
        years: service::calendar::Years::default(),
        clock: Clock::System,
        chance: Chance::system(),
        passwords: Passwords::quick()?,
        settings: Settings::default(),
    }))
}

/// A night on this company.
struct Night {
    report: NightReport,
    /// With plan, breaker, second look and signature.
    took: Duration,
    /// From the first step to the last.
    steps: Duration,
}

async fn night(company: &impl Company, engine: &str, then: Then, size: Size) -> anyhow::Result<Night> {
    let portal = portal(company, engine, then).await?;
    portal.sources.catalogues().await?;
    let began = Instant::now();
    let report = portal.retain(portal.clock.today(), &|_| {}).await?;
    let took = began.elapsed();
    anyhow::ensure!(report.changed == size.changed(then) && report.verified, "{report:?}");
    let run = portal.store.finished_nights(1).await?.into_iter().next().context("a night")?;
    let steps = portal.store.steps(run.id).await?;
    let began = steps.iter().map(|step| step.began_at).min().context("a step")?;
    let ended = steps.iter().filter_map(|step| step.ended_at).max().context("a step that ended")?;
    Ok(Night { report, took, steps: Duration::try_from(ended.duration_since(began))? })
}

/// What someone would type, in one transaction.
async fn plain(db: &DatabaseConnection, then: Then) -> anyhow::Result<Duration> {
    let began = Instant::now();
    run(db, &format!("BEGIN; {} COMMIT", then.by_hand().join("; ") + ";")).await?;
    Ok(began.elapsed())
}

async fn run(db: &DatabaseConnection, sql: &str) -> anyhow::Result<()> {
    let mut rest = sql;
    // MySQL takes one statement at a time.
    let connection = sea_orm::TransactionTrait::begin(db).await?;
    while let Some((statement, after)) = rest.split_once(';') {
        if !["BEGIN", "COMMIT", ""].contains(&statement.trim()) {
            connection.execute_unprepared(statement).await?;
        }
        rest = after;
    }
    connection.commit().await?;
    Ok(())
}

/// The usual batched loop: a thousand keys at a time, from where the last batch ended.
async fn batched(db: &DatabaseConnection) -> anyhow::Result<Duration> {
    let backend = db.get_database_backend();
    let began = Instant::now();
    for (table, from) in [("events", "happened_on"), ("parcels", "done_on")] {
        let mut after = 0_i64;
        loop {
            let sql = format!(
                "SELECT max(id) FROM (SELECT id FROM {table} WHERE {from} < '{CUTOFF}' AND id > {after} ORDER BY id LIMIT 1000) AS b"
            );
            let row = db.query_one_raw(Statement::from_string(backend, sql)).await?;
            let up_to = match row {
                Some(row) => row.try_get_by_index::<Option<i64>>(0)?,
                None => None,
            };
            let Some(up_to) = up_to else { break };
            let delete = format!("DELETE FROM {table} WHERE id > {after} AND id <= {up_to} AND {from} < '{CUTOFF}'");
            db.execute_unprepared(&delete).await?;
            after = up_to;
        }
    }
    Ok(began.elapsed())
}

/// One engine, measured whole.
struct Measured<C> {
    engine: &'static str,
    name: &'static str,
    size: Size,
    fresh: C,
    goal: &'static str,
}

impl<C, F> Measured<C>
where
    C: AsyncFn() -> anyhow::Result<F>,
    F: Company,
{
    async fn against_hand(&self, then: Then) -> anyhow::Result<Vec<Line>> {
        let (mut ours, mut plainly, mut looped, mut longest) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut steps = Vec::new();
        let rows = self.size.changed(then);
        for n in 0..runs() {
            say(&format!("{} {}: run {} of {}", self.name, then.word(), n + 1, runs()));
            let company = (self.fresh)().await?;
            let db = Database::connect(company.url()).await?;
            plainly.push(per_second(rows, plain(&db, then).await?));
            db.close().await?;
            drop(company);
            if then == Then::Delete {
                let company = (self.fresh)().await?;
                let db = Database::connect(company.url()).await?;
                looped.push(per_second(rows, batched(&db).await?));
                db.close().await?;
            }
            let company = (self.fresh)().await?;
            let Night { report, took, steps: stepped } =
                Box::pin(night(&company, self.engine, then, self.size)).await?;
            ours.push(per_second(rows, took));
            steps.push(per_second(rows, stepped));
            longest.push(Duration::from_millis(report.longest_step_ms).as_secs_f64() * 1000.0);
            say(&format!(
                "  {:.0} by hand, {:.0} looped, {:.0} ours; {} steps, longest {} ms",
                plainly.last().unwrap_or(&0.0),
                looped.last().unwrap_or(&0.0),
                ours.last().unwrap_or(&0.0),
                report.steps,
                report.longest_step_ms
            ));
        }
        let against = |which: &str, ours: &[f64]| {
            let what = format!("{}, {}, {which} against one plain statement a table", self.name, then.word());
            Line::rates(what, ours, &plainly, self.goal)
        };
        let mut lines = vec![against("the steps", &steps), against("the whole night", &ours)];
        if then == Then::Delete {
            lines.push(Line::rates(format!("{}, delete, against a batched loop", self.name), &ours, &looped, "≥ 1.0"));
        }
        lines.push(Line {
            what: format!("{}, {}, longest transaction", self.name, then.word()),
            ours: format!("{:.0} ms", median(longest.clone())),
            reference: "–".into(),
            ratio: f64::NAN,
            goal: "≤ 100 ms",
        });
        Ok(lines)
    }

    /// The 99th percentile of the company's own small transactions, while nothing goes on and during a night.
    async fn felt(&self) -> anyhow::Result<Line> {
        let (mut idle, mut during) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            let company = (self.fresh)().await?;
            let before =
                foreground::p99_while(&company.of_others(), self.size, tokio::time::sleep(Duration::from_secs(5)))
                    .await?;
            let (amid, night) = {
                let mut result = None;
                let work =
                    async { result = Some(Box::pin(night(&company, self.engine, Then::Delete, self.size)).await) };
                let amid = foreground::p99_while(&company.of_others(), self.size, work).await?;
                (amid, result)
            };
            night.transpose()?;
            say(&format!("  {}: p99 idle {before:.2} ms, during the night {amid:.2} ms", self.name));
            idle.push(before);
            during.push(amid);
        }
        let ratio = median(during.iter().zip(&idle).map(|(during, idle)| during / idle).collect());
        Ok(Line {
            what: format!("{}, delete, p99 of the company's own transactions", self.name),
            ours: format!("{:.2} ms", median(during)),
            reference: format!("{:.2} ms idle", median(idle)),
            ratio,
            goal: "≤ 1.5",
        })
    }
}

pub(crate) async fn all(engines: &[String]) -> anyhow::Result<Vec<Line>> {
    let wanted = |name: &str| engines.is_empty() || engines.iter().any(|engine| engine == name);
    let mut lines = Vec::new();
    if wanted("sqlite") {
        lines.extend(sqlite::measure().await?);
    }
    if wanted("postgres") {
        lines.extend(postgres::measure().await?);
    }
    if wanted("mariadb") {
        lines.extend(mariadb::measure().await?);
    }
    Ok(lines)
}

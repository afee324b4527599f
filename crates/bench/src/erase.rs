//! Erasing one person of 10, 1,000 and 10,000 rows against hand-written SQL in one transaction, and a queue of
//! small erasures, each planned, run and verified. PostgreSQL as the company's database.

use std::{path::Path, sync::Arc, time::Instant};

use domain::{
    Email, Identifier, Lang,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    ids::StaffId,
    map::{Extent, MapFile, load},
};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use service::{Chance, Clock, Portal, Settings, sign_in::Passwords, worker::Worked};
use sources::Sources;
use store::{MasterKey, Store, Vault, requests::Request};
use testkit::Postgres;

use crate::{Line, median, per_second, runs, say};

const SIZES: [u32; 3] = [10, 1_000, 10_000];
/// Erasures in the queue, and workers that share it.
const QUEUE: u32 = 400;
const WORKERS: usize = 4;

const MAP: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "甲", en = "A" }
officer = { name = { zh-CN = "甲", en = "A" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[portal]
two_officers = []
[identifier.email]
[purpose.p]
name = { zh-CN = "甲", en = "A" }
why = { zh-CN = "甲", en = "A" }
basis = "contract"
[source.db]
name = { zh-CN = "库", en = "db" }
engine = "postgres"
url = "URL"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.people"]
name = { zh-CN = "人", en = "People" }
key = ["id"]
purposes = ["p"]
retention = { from = "closed_on", starts = { zh-CN = "注销", en = "closing" }, keep = "15 days", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = { column = "email", spelled = "plain" } } }
field.email = { of = "holder", kind = "email" }
[table."db.orders"]
name = { zh-CN = "订单", en = "Orders" }
key = ["id"]
purposes = ["p"]
retention = { from = "done_on", starts = { zh-CN = "完成", en = "completion" }, keep = "3 years", then = "delete" }
role.buyer = { name = { zh-CN = "买方", en = "buyer" }, through = { person_id = "db.people.holder" } }
field.goods = { of = "buyer", kind = "text" }
"#;

/// People 1 to `QUEUE` have nine orders each; after them, for each size, one a run for either side.
async fn company(server: &Postgres) -> anyhow::Result<String> {
    let url = server.database();
    let db = Database::connect(&url).await?;
    let crowd = 100_000;
    for sql in [
        "CREATE TABLE people (id BIGINT PRIMARY KEY, email VARCHAR(100) UNIQUE, closed_on DATE)".to_owned(),
        "CREATE TABLE orders (id BIGSERIAL PRIMARY KEY, person_id BIGINT NOT NULL REFERENCES people (id), goods VARCHAR(100), done_on DATE)".to_owned(),
        format!("INSERT INTO people SELECT n, 'p' || n || '@example.com', NULL FROM generate_series(1, {crowd}) n"),
        format!("INSERT INTO orders (person_id, goods, done_on) SELECT (n % {crowd}) + 1, 'tea', DATE '2026-01-01' FROM generate_series(1, {crowd} * 9) n"),
        "CREATE INDEX orders_person ON orders (person_id)".to_owned(),
    ] {
        db.execute_unprepared(&sql).await?;
    }
    for (n, size) in SIZES.iter().enumerate() {
        for side in 0..2 * runs() {
            let id = 1_000_000 + n * 1_000 + side;
            db.execute_unprepared(&format!("INSERT INTO people VALUES ({id}, 'p{id}@example.com', NULL)")).await?;
            db.execute_unprepared(&format!(
                "INSERT INTO orders (person_id, goods, done_on) SELECT {id}, 'tea', DATE '2026-01-01' FROM generate_series(1, {})",
                size - 1
            ))
            .await?;
        }
    }
    db.execute_unprepared("VACUUM ANALYZE").await?;
    db.close().await?;
    Ok(url)
}

async fn portal(dir: &Path, url: &str) -> anyhow::Result<Arc<Portal>> {
    let text = MAP.replace("URL", url);
    let map = load(&[MapFile { name: "map".into(), text }]).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let store = Store::open("sqlite:portal.sqlite", dir, Vault::new(&MasterKey::generate()?)).await?;
    Ok(Arc::new(Portal {
        sources: Arc::new(Sources::open(&map, dir)?),
        map: Arc::new(map),
        store,
        years: service::calendar::Years::default(),
        clock: Clock::System,
        chance: Chance::system(),
        passwords: Passwords::quick()?,
        settings: Settings::default(),
    }))
}

async fn approved(portal: &Portal, id: usize) -> anyhow::Result<Request> {
    let email = Email::parse(&format!("p{id}@example.com")).ok_or_else(|| anyhow::anyhow!("an address"))?;
    let customer = Customer::new(vec![(Identifier::Email(email), Freshness::Fresh)]);
    let person = Actor::Customer(customer.ok_or_else(|| anyhow::anyhow!("a customer"))?);
    let officer = Actor::Staff(Staff { id: StaffId(uuid::Uuid::nil()), role: StaffRole::Officer });
    let permit = person.own_fresh().map_err(|denied| anyhow::anyhow!("{denied:?}"))?;
    let decide = officer.decide().map_err(|denied| anyhow::anyhow!("{denied:?}"))?;
    let request = portal.file_deletion(&permit, &person, &Extent::Everything, Lang::Zh).await?;
    let plan = portal.store.frozen_plan(request.id, None).await?.ok_or_else(|| anyhow::anyhow!("a plan"))?;
    portal.approve(&decide, &officer, &request.number, &plan.digest(), None).await?;
    Ok(request)
}

pub(crate) async fn all() -> anyhow::Result<Vec<Line>> {
    let server = Postgres::start_with(&["fsync=on"]);
    let url = company(&server).await?;
    let dir = tempfile::tempdir()?;
    let portal = portal(dir.path(), &url).await?;
    portal.sources.catalogues().await?;
    let db = Database::connect(&url).await?;
    let mut lines = Vec::new();
    for (n, size) in SIZES.iter().enumerate() {
        let (mut ours, mut hand) = (Vec::new(), Vec::new());
        for run in 0..runs() {
            let id = 1_000_000 + n * 1_000 + 2 * run;
            let began = Instant::now();
            let tx = db.begin().await?;
            tx.execute_unprepared(&format!(
                "DELETE FROM orders WHERE person_id = (SELECT id FROM people WHERE email = 'p{id}@example.com')"
            ))
            .await?;
            tx.execute_unprepared(&format!("DELETE FROM people WHERE email = 'p{id}@example.com'")).await?;
            tx.commit().await?;
            hand.push(began.elapsed().as_secs_f64() * 1000.0);
            let request = approved(&portal, id + 1).await?;
            let began = Instant::now();
            portal.work_now(request.id).await?;
            ours.push(began.elapsed().as_secs_f64() * 1000.0);
        }
        let ratio = median(ours.iter().zip(&hand).map(|(ours, hand)| ours / hand).collect());
        let what = format!("erase one person of {size} rows, against SQL by hand in one transaction");
        let (ours, reference) = (format!("{:.1} ms", median(ours)), format!("{:.1} ms", median(hand)));
        lines.push(Line { what, ours, reference, ratio, goal: "≤ 1.5" });
    }
    say(&format!("a queue of {QUEUE} erasures"));
    for id in 1..=QUEUE as usize {
        approved(&portal, id).await?;
    }
    let began = Instant::now();
    let work = || async {
        while portal.work_once().await? == Worked::Did {}
        anyhow::Ok(())
    };
    for worked in join_all((0..WORKERS).map(|_| work())).await {
        worked?;
    }
    let rate = per_second(u64::from(QUEUE), began.elapsed());
    let left = db.query_one_raw(sea_orm::Statement::from_string(
        db.get_database_backend(),
        format!("SELECT count(*) FROM people WHERE id <= {QUEUE}"),
    ));
    let left: i64 = left.await?.map_or(Ok(-1), |row| row.try_get_by_index(0))?;
    anyhow::ensure!(left == 0, "{left} people are left");
    lines.push(Line {
        what: format!("a queue of erasures of 10 rows, planned, run, verified ({WORKERS} workers)"),
        ours: format!("{rate:.0} a second"),
        reference: "100 a second".into(),
        ratio: rate / 100.0,
        goal: "≥ 1.0",
    });
    Ok(lines)
}

//! The engine on real databases: every requirement on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{fmt::Write, path::Path};

use domain::{
    Email, Identifier, Mobile, Personal,
    hold::HeldRows,
    ids::StepId,
    map::{Column, DataMap, MapFile, RoleName, TableName, load},
    plan::{Because, Outcome, Plan},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use sources::{
    Key, OnHold, Person, Scope, Sources, Terms,
    catalogue::Catalogues,
    execute::{self, Approved},
    gather::{self, gather},
    plan::{Planned, held_rows, plan},
};
use testkit::Postgres;

const TODAY: Date = date(2026, 11, 23);

const SCHEMA: &str = "
CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100) UNIQUE, mobile VARCHAR(20), name VARCHAR(50) NOT NULL, closed_on DATE);
CREATE TABLE settings (person_id INTEGER NOT NULL REFERENCES people (id), channel VARCHAR(20) NOT NULL, tag VARCHAR(50), set_on DATE NOT NULL, PRIMARY KEY (person_id, channel));
CREATE TABLE orders (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), goods VARCHAR(100), done_on DATE);
CREATE TABLE parcels (id INTEGER PRIMARY KEY, no VARCHAR(20) NOT NULL, sender_id INTEGER REFERENCES people (id), sender_name VARCHAR(50), receiver_name VARCHAR(50), receiver_mobile VARCHAR(20), code VARCHAR(60) NOT NULL UNIQUE, delivered_on DATE);
";

const DATA: &str = "
INSERT INTO people VALUES (1, 'li@example.com', '15400000001', 'Li', NULL), (2, 'wang@example.com', '15400000002', 'Wang', NULL), (3, 'old@example.com', '15400000003', 'Old', '2026-01-01'), (4, 'gone@example.com', '15400000004', 'Gone', '2026-01-01');
INSERT INTO settings VALUES (1, 'mail', 'a', '2026-10-01'), (1, 'sms', 'b', '2026-10-01'), (2, 'mail', 'c', '2020-10-01');
INSERT INTO orders VALUES (1, 1, 'books', '2020-01-01'), (2, 1, 'tea', '2025-01-01'), (3, 1, 'shoes', NULL), (4, 2, 'cups', '2020-01-01'), (5, 3, 'pens', '2025-06-01');
INSERT INTO parcels VALUES
  (1, 'P1', 1, 'Li', 'Wang', '15400000002', 'c1', '2024-01-01'),
  (2, 'P2', 1, 'Li', 'Zhao', '15400000009', 'c2', '2026-10-01'),
  (3, 'P3', 2, 'Wang', 'Li', '15400000001', 'c3', '2024-01-01'),
  (4, 'P4', 2, 'Wang', 'Qian', NULL, 'c4', '2020-01-01');
";

const MAP: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "乙", en = "B" }
officer = { name = { zh-CN = "丙", en = "C" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[identifier.email]
[identifier.mobile]
with = "db.parcels.no"
[purpose.p]
name = { zh-CN = "丁", en = "D" }
why = { zh-CN = "丁", en = "D" }
basis = "contract"
[source.db]
name = { zh-CN = "库", en = "db" }
engine = "ENGINE"
url = "URL"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.people"]
name = { zh-CN = "人", en = "People" }
key = ["id"]
purposes = ["p"]
retention = { from = "closed_on", starts = { zh-CN = "注销", en = "closing" }, keep = "15 days", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = "email", mobile = "mobile" } }
field.email = { of = "holder", kind = "email" }
field.mobile = { of = "holder", kind = "mobile", correctable = "now" }
field.name = { of = "holder", kind = "name", anonymise = { text = "" } }
[table."db.settings"]
name = { zh-CN = "设置", en = "Settings" }
key = ["person_id", "channel"]
purposes = ["p"]
retention = { from = "set_on", starts = { zh-CN = "设置", en = "setting" }, keep = "12 months", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, through = { person_id = "db.people.holder" } }
field.tag = { of = "holder", kind = "plain" }
[table."db.orders"]
name = { zh-CN = "订单", en = "Orders" }
key = ["id"]
purposes = ["p"]
retention = { from = "done_on", starts = { zh-CN = "完成", en = "completion" }, keep = "3 years", then = "delete", floor = [{ keep = "3 years", law = { zh-CN = "法", en = "law" } }] }
role.buyer = { name = { zh-CN = "买方", en = "buyer" }, through = { person_id = "db.people.holder" } }
field.goods = { of = "buyer", kind = "text" }
[table."db.parcels"]
name = { zh-CN = "包裹", en = "Parcels" }
key = ["id"]
purposes = ["p"]
retention = { from = "delivered_on", starts = { zh-CN = "签收", en = "delivery" }, keep = "3 years", then = "anonymise", floor = [{ keep = "2 years", law = { zh-CN = "法", en = "law" } }] }
role.sender = { name = { zh-CN = "寄", en = "sender" }, through = { sender_id = "db.people.holder" } }
role.receiver = { name = { zh-CN = "收", en = "receiver" }, identified_by = { mobile = "receiver_mobile" } }
field.no = { of = "everyone", kind = "waybill_no" }
field.sender_id = { of = "sender", kind = "plain", anonymise = "null" }
field.sender_name = { of = "sender", kind = "name" }
field.receiver_name = { of = "receiver", kind = "name" }
field.receiver_mobile = { of = "receiver", kind = "mobile" }
field.code = { of = "receiver", kind = "plain", anonymise = "unique" }
"#;

struct Company {
    db: DatabaseConnection,
    map: DataMap,
    sources: Sources,
    catalogues: Catalogues,
    dir: tempfile::TempDir,
}

impl Company {
    async fn open(engine: &str, url: String, data: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (direct, in_map) = if engine == "sqlite" {
            (format!("sqlite:{}?mode=rwc", dir.path().join("c.sqlite").display()), "sqlite:c.sqlite".to_owned())
        } else {
            (url.clone(), url)
        };
        let db = Database::connect(direct).await.unwrap();
        db.execute_unprepared(SCHEMA).await.unwrap();
        if !data.is_empty() {
            db.execute_unprepared(data).await.unwrap();
        }
        let text = MAP.replace("ENGINE", engine).replace("URL", &in_map);
        let map = load(&[MapFile { name: "map.toml".into(), text }]).unwrap();
        let sources = Sources::open(&map, dir.path()).unwrap();
        let catalogues = sources.catalogues().await.unwrap();
        Self { db, map, sources, catalogues, dir }
    }

    async fn sqlite() -> Self {
        Self::open("sqlite", String::new(), DATA).await
    }

    fn terms<'a>(&'a self, scope: &'a Scope, holds: &'a [OnHold], as_of: Date) -> Terms<'a> {
        Terms { map: &self.map, catalogues: &self.catalogues, scope, holds, as_of }
    }

    async fn plan(&self, scope: &Scope, holds: &[OnHold], as_of: Date) -> Planned {
        plan(&self.sources, &self.terms(scope, holds, as_of)).await.unwrap()
    }

    /// Carries a plan out in the smallest steps, and returns what was changed per item.
    async fn carry_out(&self, scope: &Scope, holds: &[OnHold], as_of: Date, plan: &Plan) -> Vec<u64> {
        let terms = self.terms(scope, holds, as_of);
        for source in self.sources.iter() {
            execute::prepare(source).await.unwrap();
        }
        let mut changed = Vec::new();
        for item in &plan.items {
            let (mut rows, mut cursor) = (0, None);
            while item.changes() {
                let step = StepId(uuid::Uuid::from_u128(u128::from(rand())));
                let done = execute::run_step(&self.sources, &terms, Approved { item, step, most: 1 }, cursor.as_ref())
                    .await
                    .unwrap();
                rows += done.rows;
                cursor = done.up_to;
                if cursor.is_none() {
                    break;
                }
                let source = self.sources.iter().next().unwrap();
                assert_eq!(execute::settle_step(source, step).await.unwrap(), done.rows);
            }
            changed.push(rows);
        }
        changed
    }

    async fn text(&self, sql: &str) -> Vec<String> {
        let statement = sea_orm::Statement::from_string(self.db.get_database_backend(), sql);
        let rows = self.db.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<Option<String>>(0).unwrap().unwrap_or_default()).collect()
    }
}

fn rand() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

fn li() -> Vec<Identifier> {
    vec![
        Identifier::Email(Email::parse("li@example.com").unwrap()),
        Identifier::Mobile(Mobile::parse("15400000001").unwrap()),
    ]
}

fn outcome<'a>(plan: &'a Plan, table: &str, role: &str) -> Vec<(&'a Outcome, u64)> {
    plan.items
        .iter()
        .filter(|item| item.table.to_string() == table && item.roles.contains(&RoleName(role.into())))
        .map(|item| (&item.outcome, item.rows))
        .collect()
}

/// Erasing a person: what goes, what is emptied on one side only, what a floor keeps.
async fn erases_one_person(company: &Company) {
    let scope = Scope::Person(Person::new(li()));
    let planned = company.plan(&scope, &[], TODAY).await;
    let plan = &planned.plan;
    assert!(matches!(outcome(plan, "db.settings", "holder")[..], [(Outcome::Deleted, 2)]));
    let orders = outcome(plan, "db.orders", "buyer");
    assert!(orders.iter().any(|(o, n)| **o == Outcome::Deleted && *n == 1), "{orders:?}");
    let floor = date(2028, 1, 1);
    assert!(
        orders
            .iter()
            .any(|(o, _)| matches!(o, Outcome::Kept { because: Because::Floor { last, .. } } if *last == floor))
    );
    assert!(orders.iter().any(|(o, _)| matches!(o, Outcome::Kept { because: Because::NotStarted { .. } })));
    // Orders stay and point at the account, so it is emptied and not deleted.
    assert!(matches!(outcome(plan, "db.people", "holder")[..], [(Outcome::Anonymised, 1)]));
    assert!(planned.set_aside.iter().any(|aside| aside.until == floor && aside.keys == [Key(vec!["2".into()])]));

    let others = "SELECT email FROM people WHERE id <> 1 ORDER BY id";
    let before = company.text(others).await;
    let changed = company.carry_out(&scope, &[], TODAY, plan).await;
    let promised: Vec<u64> = plan.items.iter().map(|item| if item.changes() { item.rows } else { 0 }).collect();
    assert_eq!(changed, promised, "a plan's counts are what the engine then does");
    let left = company.plan(&scope, &[], TODAY).await.plan;
    assert_eq!(left.rows_to_change(), 0, "{left:?}");

    assert_eq!(company.text(others).await, before);
    assert_eq!(company.text("SELECT name FROM people WHERE id = 1").await, [""]);
    assert_eq!(company.text("SELECT goods FROM orders WHERE person_id = 1 ORDER BY id").await, ["tea", "shoes"]);
    // P1 is past its floor: Li's side is empty, Wang's is as it was. P2 is not: both sides stay.
    assert_eq!(company.text("SELECT sender_name FROM parcels ORDER BY id").await, ["", "Li", "Wang", "Wang"]);
    assert_eq!(company.text("SELECT receiver_name FROM parcels ORDER BY id").await, ["Wang", "Zhao", "", "Qian"]);
    assert_eq!(company.text("SELECT receiver_mobile FROM parcels WHERE id = 1").await, ["15400000002"]);
    let code = &company.text("SELECT code FROM parcels WHERE id = 3").await[0];
    assert!(code.starts_with("erased-") && code.len() > 30, "{code}");

    // When the floor of what was set aside is over, the same executor finishes it.
    for aside in planned.set_aside.iter().filter(|aside| aside.until == floor) {
        let scope =
            Scope::SetAside { table: aside.table.clone(), roles: aside.roles.clone(), keys: aside.keys.clone() };
        let early = company.plan(&scope, &[], date(2027, 12, 31)).await.plan;
        assert_eq!(early.rows_to_change(), 0, "not a day below the floor");
        let due = company.plan(&scope, &[], floor).await.plan;
        assert_eq!(due.rows_to_change(), 1);
        company.carry_out(&scope, &[], floor, &due).await;
    }
    assert_eq!(company.text("SELECT goods FROM orders WHERE person_id = 1").await, ["shoes"]);
}

/// A hold beats the person's own request and the night alike.
async fn a_hold_keeps_everything(company: &Company) {
    let holds = [OnHold::Person(Person::new(li()))];
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope, &holds, TODAY).await.plan;
    assert_eq!(plan.rows_to_change(), 0, "{plan:?}");
    assert!(plan.items.iter().all(|item| item.outcome == Outcome::Kept { because: Because::Hold }));
    let wang = vec![Identifier::Mobile(Mobile::parse("15400000002").unwrap())];
    let wang = company.plan(&Scope::Person(Person::new(wang)), &holds, TODAY).await.plan;
    let kept = outcome(&wang, "db.parcels", "receiver");
    assert!(matches!(kept[..], [(Outcome::Kept { because: Because::Hold }, 1)]), "the held sender's parcel: {kept:?}");
}

/// A hold on rows keeps them and what is found along them, and nothing else.
async fn a_hold_on_rows_keeps_those_rows(company: &Company) {
    let rows = |table: &str, begun, with: Option<(&str, &[&str])>| {
        let with = with.map(|(column, values)| {
            (Column(column.into()), values.iter().map(|value| Personal::new(*value)).collect())
        });
        [OnHold::Rows(HeldRows { table: TableName::parse(table).unwrap(), begun, with })]
    };
    let protected = async |holds: &[OnHold]| {
        let rows = held_rows(&company.sources, &company.terms(&Scope::Expired, holds, TODAY)).await;
        rows.map(|rows| rows.iter().map(|(table, rows)| (table.table.clone(), *rows)).collect::<Vec<_>>())
    };
    let counts = |counts: &[(&str, u64)]| counts.iter().map(|(t, n)| ((*t).to_owned(), *n)).collect::<Vec<_>>();

    let in_2024 = rows("db.parcels", Some((date(2024, 1, 1), date(2024, 12, 31))), None);
    assert_eq!(protected(&in_2024).await.unwrap(), counts(&[("parcels", 2)]));
    let li = Scope::Person(Person::new(li()));
    let plan = company.plan(&li, &in_2024, TODAY).await.plan;
    let sent = outcome(&plan, "db.parcels", "sender");
    assert!(sent.contains(&(&Outcome::Kept { because: Because::Hold }, 1)), "P1 is held, P2 is not: {sent:?}");
    assert!(plan.rows_to_change() > 0, "the rest of the person's is not held");

    let p4 = rows("db.parcels", None, Some(("no", &["P4", "P9"])));
    let night = company.plan(&Scope::Expired, &p4, TODAY).await.plan;
    let parcels: Vec<_> = night.items.iter().filter(|item| item.table.table == "parcels").collect();
    assert_eq!(parcels.iter().filter(|item| item.outcome == Outcome::Kept { because: Because::Hold }).count(), 1);

    let of_wang = rows("db.people", None, Some(("name", &["Wang"])));
    let along = counts(&[("settings", 1), ("orders", 1), ("parcels", 2), ("people", 1)]);
    let mut found = protected(&of_wang).await.unwrap();
    found.sort();
    let mut along = along;
    along.sort();
    assert_eq!(found, along, "and what is found along a row");
    let day = rows("db.orders", None, Some(("gone", &["x"])));
    assert_eq!(protected(&day).await.unwrap(), counts(&[("orders", 5)]), "a field the map lost narrows nothing");
}

/// The night: expired rows go, rows with an empty column are decided, what is referenced is emptied.
async fn the_night_takes_what_is_due(company: &Company) {
    let scope = Scope::Expired;
    let plan = company.plan(&scope, &[], TODAY).await.plan;
    assert!(matches!(outcome(&plan, "db.settings", "holder")[..], [(Outcome::Deleted, 1)]));
    assert!(matches!(outcome(&plan, "db.orders", "buyer")[..], [(Outcome::Deleted, 2)]));
    // 4 is closed and nothing points at it; 3 is closed but an order must stay.
    let people = outcome(&plan, "db.people", "holder");
    assert!(people.contains(&(&Outcome::Deleted, 1)) && people.contains(&(&Outcome::Anonymised, 1)), "{people:?}");
    // A hold on somebody whose number is in no column must not protect rows without a number.
    let holds = [OnHold::Person(Person::new(vec![Identifier::Mobile(Mobile::parse("15499999999").unwrap())]))];
    let with_hold = company.plan(&scope, &holds, TODAY).await.plan;
    assert_eq!(with_hold, plan);
    let changed = company.carry_out(&scope, &[], TODAY, &plan).await;
    assert_eq!(changed.iter().sum::<u64>(), plan.rows_to_change());
    assert_eq!(company.plan(&scope, &[], TODAY).await.plan.rows_to_change(), 0, "the next night has nothing to do");
    assert_eq!(company.text("SELECT name FROM people ORDER BY id").await, ["Li", "Wang", ""]);
    assert_eq!(company.text("SELECT receiver_name FROM parcels ORDER BY id").await, ["Wang", "Zhao", "Li", ""]);
}

/// A view has one's own side and nothing else; a second fact must stand in the same row.
async fn a_view_has_one_side(company: &Company) {
    let li = li();
    let parts = gather(&company.sources, &company.map, &li).await;
    let rows = parts[0].found.as_ref().unwrap();
    let sent = rows.iter().find(|rows| rows.role.as_str() == "sender").unwrap();
    for row in &sent.rows {
        assert!(row.values.iter().all(|(column, _)| !column.as_str().starts_with("receiver")));
    }
    let settings = rows.iter().find(|rows| rows.table.table == "settings").unwrap();
    assert_eq!(settings.rows.len(), 2);
    assert_eq!(settings.rows[0].key.0.len(), 2);

    let with = company.map.identifiers[&domain::IdentifierKind::Mobile].clone().unwrap();
    let knows = async |mobile: &str, no: &str| {
        let identifier = Identifier::Mobile(Mobile::parse(mobile).unwrap());
        gather::knows(&company.sources, &company.map, &identifier, &with, &Personal::new(no)).await.unwrap()
    };
    assert!(knows("15400000002", "P1").await);
    assert!(!knows("15400000002", "P2").await);
    assert!(!knows("15400000009", "P1").await);
}

async fn all(company: impl AsyncFn() -> Company) {
    erases_one_person(&company().await).await;
    a_hold_keeps_everything(&company().await).await;
    a_hold_on_rows_keeps_those_rows(&company().await).await;
    the_night_takes_what_is_due(&company().await).await;
    a_view_has_one_side(&company().await).await;
}

#[tokio::test]
async fn on_sqlite() {
    all(Company::sqlite).await;
}

#[tokio::test]
async fn on_postgres() {
    let server = Postgres::start();
    all(async || Company::open("postgres", server.database(), DATA).await).await;
}

/// A worker that was thought dead comes back: what was settled without it cannot happen any more.
#[tokio::test]
async fn a_step_that_was_settled_can_no_longer_happen() {
    let company = Company::sqlite().await;
    let source = company.sources.iter().next().unwrap();
    let step = StepId(uuid::Uuid::nil());
    assert_eq!(execute::settle_step(source, step).await.unwrap(), 0);
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope, &[], TODAY).await.plan;
    let item = plan.items.iter().find(|item| item.changes()).unwrap();
    let late = execute::run_step(
        &company.sources,
        &company.terms(&scope, &[], TODAY),
        Approved { item, step, most: 10 },
        None,
    )
    .await;
    assert!(late.is_err(), "its receipt is taken");
    assert_eq!(company.plan(&scope, &[], TODAY).await.plan, plan, "and it has taken everything back");
}

/// Something new arrives while an erasure runs: the row it is found by stays, and a second look sees it.
#[tokio::test]
async fn what_arrives_during_an_erasure_is_not_orphaned() {
    let company = Company::sqlite().await;
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope, &[], TODAY).await.plan;
    company.db.execute_unprepared("INSERT INTO orders VALUES (77, 1, 'late', '2019-01-01')").await.unwrap();
    let people = plan.items.iter().find(|item| item.table.table == "people").unwrap();
    let only = Plan { items: vec![people.clone()], ..plan.clone() };
    let changed = company.carry_out(&scope, &[], TODAY, &only).await;
    assert_eq!(changed, [0], "not before its children");
    assert!(company.plan(&scope, &[], TODAY).await.plan.rows_to_change() > 0);
}

/// A date nobody can read is kept, not erased below its floor.
#[tokio::test]
async fn a_date_in_another_shape_has_not_begun() {
    let company = Company::sqlite().await;
    company.db.execute_unprepared("UPDATE orders SET done_on = 1500000000 WHERE id = 1").await.unwrap();
    company.db.execute_unprepared("UPDATE orders SET done_on = '01/02/2019' WHERE id = 4").await.unwrap();
    let plan = company.plan(&Scope::Expired, &[], TODAY).await.plan;
    assert!(outcome(&plan, "db.orders", "buyer").is_empty(), "{plan:?}");
}

#[tokio::test]
async fn a_locked_database_says_so_and_loses_nothing() {
    let company = Company::sqlite().await;
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope, &[], TODAY).await.plan;
    for source in company.sources.iter() {
        execute::prepare(source).await.unwrap();
    }
    company.db.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
    let item = plan.items.iter().find(|item| item.changes()).unwrap();
    let terms = company.terms(&scope, &[], TODAY);
    let step = StepId(uuid::Uuid::from_u128(7));
    let error = execute::run_step(&company.sources, &terms, Approved { item, step, most: 10 }, None).await.unwrap_err();
    assert_eq!(error.code(), "busy");
    assert!(error.is_passing());
    company.db.execute_unprepared("ROLLBACK").await.unwrap();
    assert_eq!(company.plan(&scope, &[], TODAY).await.plan, plan);
}

#[tokio::test]
async fn a_missing_database_is_named_and_not_created() {
    let dir = tempfile::tempdir().unwrap();
    let text = MAP.replace("ENGINE", "sqlite").replace("URL", "sqlite:nowhere.sqlite");
    let map = load(&[MapFile { name: "map.toml".into(), text }]).unwrap();
    let sources = Sources::open(&map, dir.path()).unwrap();
    let parts = gather(&sources, &map, &li()).await;
    assert_eq!(parts[0].found.as_ref().unwrap_err().code(), "unreachable");
    assert!(!Path::new(&dir.path().join("nowhere.sqlite")).exists());
}

#[tokio::test]
async fn drift_of_the_schema_is_found_by_name() {
    let company = Company::sqlite().await;
    company.db.execute_unprepared("ALTER TABLE orders RENAME COLUMN goods TO wares").await.unwrap();
    company.db.execute_unprepared("ALTER TABLE people ADD COLUMN wechat TEXT").await.unwrap();
    let sources = Sources::open(&company.map, company.dir.path()).unwrap();
    let problems = sources::check::check(&sources, &company.map).await;
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let text = text.join("\n");
    assert!(text.contains("error: db.orders:0: the table has no column `goods`"), "{text}");
    assert!(text.contains("warning: db.people:0: column `wechat` looks like account name"), "{text}");
}

#[tokio::test]
async fn a_null_that_may_not_be_is_found_before_the_night() {
    let company = Company::sqlite().await;
    let text = MAP
        .replace("ENGINE", "sqlite")
        .replace("URL", "sqlite:c.sqlite")
        .replace("kind = \"name\", anonymise = { text = \"\" }", "kind = \"name\"");
    let map = load(&[MapFile { name: "map.toml".into(), text }]).unwrap();
    let problems = sources::check::check(&company.sources, &map).await;
    assert!(problems.iter().any(|problem| problem.wrong.contains("`name` may not be empty")), "{problems:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// For any company: after an erasure nothing of the person can be gathered but what was kept,
    /// other people's rows and sides are as they were, and the plan said exactly what happened.
    #[test]
    fn an_erasure_is_exact(
        orders in prop::collection::vec((1..4_i64, prop::option::of(2018..2027_i32)), 0..12),
        parcels in prop::collection::vec((1..4_i64, 1..4_i64, prop::option::of(2018..2027_i32)), 0..12),
    ) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let day = |year: Option<i32>| year.map_or("NULL".to_owned(), |year| format!("'{year}-06-15'"));
            let mut data = String::from("INSERT INTO people VALUES (1, 'li@example.com', '15400000001', 'Li', NULL), (2, 'b@example.com', '15400000002', 'B', NULL), (3, 'c@example.com', '15400000003', 'C', NULL);");
            for (n, (person, year)) in orders.iter().enumerate() {
                let _ = write!(data, "INSERT INTO orders VALUES ({n}, {person}, 'g{n}', {});", day(*year));
            }
            for (n, (from, to, year)) in parcels.iter().enumerate() {
                let _ = write!(data, "INSERT INTO parcels VALUES ({n}, 'P{n}', {from}, 's{from}', 'r{to}', '1540000000{to}', 'k{n}', {});", day(*year));
            }
            let company = Company::open("sqlite", String::new(), &data).await;
            let others = [
                "SELECT id || name || email FROM people WHERE id <> 1 ORDER BY id",
                "SELECT id || goods FROM orders WHERE person_id <> 1 ORDER BY id",
                "SELECT id || sender_name || sender_id FROM parcels WHERE sender_name <> 's1' ORDER BY id",
                "SELECT id || receiver_name || receiver_mobile FROM parcels WHERE receiver_name <> 'r1' ORDER BY id",
            ];
            let mut before = Vec::new();
            for sql in others {
                before.push(company.text(sql).await);
            }
            let scope = Scope::Person(Person::new(li()));
            let plan = company.plan(&scope, &[], TODAY).await.plan;
            let changed = company.carry_out(&scope, &[], TODAY, &plan).await;
            prop_assert_eq!(changed.iter().sum::<u64>(), plan.rows_to_change());
            prop_assert_eq!(company.plan(&scope, &[], TODAY).await.plan.rows_to_change(), 0);
            for (sql, before) in others.iter().zip(before) {
                prop_assert_eq!(company.text(sql).await, before, "{}", sql);
            }
            // What is still about Li is what a floor keeps.
            let kept = company.text("SELECT goods FROM orders WHERE person_id = 1 AND done_on < '2023-11-24'").await;
            prop_assert!(kept.is_empty(), "{:?}", kept);
            let kept = company.text("SELECT no FROM parcels WHERE receiver_name = 'r1' AND delivered_on < '2024-11-24'").await;
            prop_assert!(kept.is_empty(), "{:?}", kept);
            Ok(())
        })?;
    }
}

#[test]
fn table_names_have_two_or_three_parts() {
    assert!(TableName::parse("a.b").is_some() && TableName::parse("a.b.c").is_some());
    assert!(
        TableName::parse("a").is_none() && TableName::parse("a.b.c.d").is_none() && TableName::parse("a..b").is_none()
    );
}

//! The engine on real databases: every requirement on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod company;
mod holds;

use std::{fmt::Write, path::Path};

use domain::{
    Identifier, Mobile, Personal,
    calendar::{Announced, Calendar},
    ids::StepId,
    map::{MapFile, TableName, load},
    plan::{Because, Outcome, Plan},
};
use jiff::civil::date;
use proptest::prelude::*;
use sea_orm::ConnectionTrait;
use sources::{
    Key, OnHold, Person, Scope, Sources,
    execute::{self, Approved},
    gather::{self, gather},
    plan::plan,
};
use testkit::Postgres;

use company::{Company, DATA, MAP, TODAY, li, lock, outcome};
use holds::{a_hold_keeps_everything, a_hold_on_rows_keeps_those_rows};

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
    let parts = gather(&company.sources, &company.map, &li, &[]).await;
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
        Approved { item, step, most: 10, lock: &lock() },
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

/// More rows than were approved, of which nobody has seen a plan: as many go as were approved, however they are taken.
async fn never_more_than_was_approved(company: &Company) {
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope, &[], TODAY).await.plan;
    let orders =
        plan.items.iter().find(|item| item.table.table == "orders" && item.outcome.word() == "deleted").unwrap();
    company.db.execute_unprepared("INSERT INTO orders VALUES (78, 1, 'late', '2019-01-01')").await.unwrap();
    for source in company.sources.iter() {
        execute::prepare(source).await.unwrap();
    }
    let terms = company.terms(&scope, &[], TODAY);
    let (lock, source) = (lock(), company.sources.iter().next().unwrap());
    let approved = Approved { item: orders, step: StepId(uuid::Uuid::from_u128(9)), most: orders.rows, lock: &lock };
    let rows = execute::run_together(&company.sources, source, &terms, &[approved]).await.unwrap();
    assert_eq!(rows, [orders.rows]);
    let left = company.plan(&scope, &[], TODAY).await.plan;
    let left = left.items.iter().find(|item| item.table == orders.table && item.outcome == orders.outcome).unwrap();
    assert_eq!(left.rows, 1, "the late one is for a second look");
    company.db.execute_unprepared("INSERT INTO orders VALUES (79, 1, 'later', '2019-01-01')").await.unwrap();
    let alone = Approved { item: left, step: StepId(uuid::Uuid::from_u128(10)), most: 1, lock: &lock };
    assert_eq!(execute::run_step(&company.sources, &terms, alone, None).await.unwrap().rows, 1);
}

#[tokio::test]
async fn never_more_than_was_approved_on_sqlite() {
    never_more_than_was_approved(&Company::sqlite().await).await;
}

#[tokio::test]
async fn never_more_than_was_approved_on_postgres() {
    let server = Postgres::start();
    never_more_than_was_approved(&Company::open("postgres", server.database(), DATA).await).await;
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
    let error = execute::run_step(&company.sources, &terms, Approved { item, step, most: 10, lock: &lock() }, None)
        .await
        .unwrap_err();
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
    let parts = gather(&sources, &map, &li(), &[]).await;
    assert_eq!(parts[0].found.as_ref().unwrap_err().code(), "unreachable");
    assert!(!Path::new(&dir.path().join("nowhere.sqlite")).exists());
}

/// Nobody counts a day off against the owner of a paper archive.
#[tokio::test]
async fn what_is_done_by_hand_is_due_by_the_days_that_were_announced() {
    let mut company = Company::sqlite().await;
    let paper = "[source.paper]
name = { zh-CN = \"档案\", en = \"Files\" }
engine = \"manual\"
owner = { name = { zh-CN = \"档案室\", en = \"Archive\" }, email = \"archive@example.com\", days = 5 }
stored_in = { zh-CN = \"中国\", en = \"China\" }
[table.\"paper.folders\"]
name = { zh-CN = \"卷宗\", en = \"Folders\" }
key = [\"id\"]
purposes = [\"p\"]
retention = { from = \"closed_on\", starts = { zh-CN = \"结案\", en = \"closing\" }, keep = \"1 year\", then = \"delete\" }
role.holder = { name = { zh-CN = \"本人\", en = \"holder\" } }
field.note = { of = \"holder\", kind = \"text\" }
";
    let text = MAP.replace("ENGINE", "sqlite").replace("URL", "sqlite:c.sqlite") + paper;
    company.map = load(&[MapFile { name: "map.toml".into(), text }]).unwrap();
    company.sources = Sources::open(&company.map, company.dir.path()).unwrap();
    company.catalogues = company.sources.catalogues().await.unwrap();
    let scope = Scope::Person(Person::new(li()));
    let due = async |calendar: Calendar| {
        let plan = plan(&company.sources, &company.terms(&scope, &[], date(2027, 3, 1)), &calendar).await.unwrap().plan;
        plan.items.iter().find_map(|item| if let Outcome::ByHand { due, .. } = item.outcome { Some(due) } else { None })
    };
    assert_eq!(due(Calendar::default()).await, Some(date(2027, 3, 8)));
    let off = Announced::parse("year = 2027\nnotice = \"x\"\noff = [\"2027-03-02\"]\nwork = []").unwrap();
    assert_eq!(due(Calendar::new([off])).await, Some(date(2027, 3, 9)));
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

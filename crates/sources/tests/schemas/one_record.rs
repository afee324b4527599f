//! One record of several goes, with what hangs on it and on nothing else; and rows that are another's stay.

use domain::{
    Key, Rows,
    map::{MapFile, TableName, load},
    plan::{Because, Outcome, Plan},
};
use sea_orm::{ConnectionTrait, Database};
use sources::{OnHold, Scope, Sources, Terms, reach};
use testkit::{Mariadb, Postgres};

use crate::world::{ALL, Case, Company, HEAD, On, fields, li, role, source, table, wang};

/// Orders by a key of two columns. A line belongs to an order, and one of them has Li's number in it as well.
const SQL: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30));;
    CREATE TABLE orders (tenant INTEGER, no VARCHAR(10), person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30), PRIMARY KEY (tenant, no));;
    CREATE TABLE order_lines (id INTEGER PRIMARY KEY, tenant INTEGER, order_no VARCHAR(10), mobile VARCHAR(20), what VARCHAR(50), done_on VARCHAR(30));;
    INSERT INTO people VALUES (1, 'li@example.com', 'Li', NULL), (2, 'wang@example.com', 'Wang', NULL);;
    INSERT INTO orders VALUES (1, 'A', 1, 'a', NULL), (1, 'B', 1, 'b', NULL), (2, 'A', 2, 'w', NULL);;
    INSERT INTO order_lines VALUES (1, 1, 'A', NULL, 'a1', NULL), (2, 1, 'B', NULL, 'b1', NULL), (3, 1, 'A', '15400000001', 'a2', NULL), (4, 2, 'A', NULL, 'w1', NULL)";

fn case() -> Case {
    let map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email" }"#)
        + &fields("holder", &["name name"])
        + &table("db.orders", "tenant, no", "done_on", "")
        + &role("buyer", r#"through = { person_id = "db.people.holder" }"#)
        + &fields("buyer", &["note text"])
        + &table("db.order_lines", "id", "done_on", "")
        + &role(
            "buyer",
            r#"identified_by = { mobile = "mobile" }, through = { "tenant, order_no" = "db.orders.buyer" }"#,
        )
        + &fields("buyer", &["what text"]);
    Case { name: "one record", on: ALL, sql: SQL.to_owned(), map, who: li(), other: wang(), ..Case::default() }
}

fn name(table: &str) -> TableName {
    TableName::parse(table).unwrap()
}

fn key(values: &[&str]) -> Key {
    Key(values.iter().map(|value| (*value).to_owned()).collect())
}

async fn scope(company: &Company, table: &str, values: &[&str]) -> Scope {
    let person = reach::person(&company.sources, &company.map, &li()).await.unwrap();
    let extent = company.map.one_record(&name(table), key(values));
    Scope::Person(reach::within(&company.sources, &company.map, person, &extent).await.unwrap())
}

fn said(plan: &Plan) -> Vec<(&str, &str, u64)> {
    plan.items.iter().map(|item| (item.table.table.as_str(), item.outcome.word(), item.rows)).collect()
}

async fn go(on: On, url: &dyn Fn() -> String) {
    let company = Company::open(&case(), on, url()).await.unwrap();
    let texts = async |sql: &str| company.texts(sql).await.unwrap();

    let b = scope(&company, "db.orders", &["1", "B"]).await;
    let plan = company.plan(&b).await.unwrap();
    assert_eq!(said(&plan), [("order_lines", "deleted", 1), ("orders", "deleted", 1)], "on {on:?}");
    assert_eq!(company.carry_out(&b, &plan).await.unwrap(), [1, 1]);
    assert!(company.plan(&b).await.unwrap().items.is_empty(), "a second look finds nothing left");
    assert_eq!(texts("SELECT note FROM orders ORDER BY note").await, ["a", "w"]);
    assert_eq!(texts("SELECT what FROM order_lines ORDER BY what").await, ["a1", "a2", "w1"]);
    assert_eq!(texts("SELECT name FROM people ORDER BY id").await, ["Li", "Wang"]);

    // What has their number in it is theirs without the order, and stays; and so does the row it points at.
    let a = scope(&company, "db.orders", &["1", "A"]).await;
    let plan = company.plan(&a).await.unwrap();
    assert_eq!(said(&plan), [("order_lines", "deleted", 1), ("orders", "anonymised", 1)], "on {on:?}");
    let wangs = scope(&company, "db.orders", &["2", "A"]).await;
    assert!(company.plan(&wangs).await.unwrap().items.is_empty(), "somebody else's key leads nowhere");
}

#[tokio::test]
async fn one_record_on_sqlite() {
    go(On::Sqlite, &String::new).await;
    leaves_out(On::Sqlite, &String::new).await;
}

#[tokio::test]
async fn one_record_on_postgres() {
    let server = Postgres::start();
    go(On::Postgres, &|| server.database()).await;
    leaves_out(On::Postgres, &|| server.database()).await;
}

#[tokio::test]
async fn one_record_on_mariadb() {
    let server = Mariadb::start();
    go(On::Mysql, &|| server.database()).await;
    leaves_out(On::Mysql, &|| server.database()).await;
}

/// What is found to be another's is neither erased nor a step on the way to more.
async fn leaves_out(on: On, url: &dyn Fn() -> String) {
    let company = Company::open(&case(), on, url()).await.unwrap();
    let person = reach::person(&company.sources, &company.map, &li()).await.unwrap();
    let rows = Rows::from_iter([(name("db.orders"), key(&["1", "A"])), (name("db.order_lines"), key(&["3"]))]);
    let scope = Scope::Person(reach::without(&company.sources, &company.map, person, rows).await.unwrap());
    let plan = company.plan(&scope).await.unwrap();
    let expected = [("order_lines", "deleted", 1), ("orders", "deleted", 1), ("people", "anonymised", 1)];
    assert_eq!(said(&plan), expected, "on {on:?}");
    company.carry_out(&scope, &plan).await.unwrap();
    assert!(company.plan(&scope).await.unwrap().items.is_empty());
    assert_eq!(company.texts("SELECT note FROM orders ORDER BY note").await.unwrap(), ["a", "w"]);
    assert_eq!(company.texts("SELECT what FROM order_lines ORDER BY what").await.unwrap(), ["a1", "a2", "w1"]);
}

#[tokio::test]
async fn a_hold_beats_it_and_what_was_forgotten_finds_nothing() {
    let company = Company::open(&case(), On::Sqlite, String::new()).await.unwrap();
    let scope = scope(&company, "db.orders", &["1", "B"]).await;
    let holds = [OnHold::Person(reach::held(&company.sources, &company.map, &li()).await.unwrap())];
    let terms = Terms { holds: &holds, ..company.terms(&scope) };
    let calendar = domain::calendar::Calendar::default();
    let plan = sources::plan::plan(&company.sources, &terms, &calendar).await.unwrap().plan;
    let held = |outcome: &Outcome| matches!(outcome, Outcome::Kept { because: Because::Hold });
    assert!(plan.items.len() == 2 && plan.items.iter().all(|item| held(&item.outcome)), "{plan:?}");

    let mut extent = company.map.one_record(&name("db.orders"), key(&["1", "B"]));
    if let domain::map::Extent::Record(record) = &mut extent {
        record.key = None;
    }
    let person = reach::person(&company.sources, &company.map, &li()).await.unwrap();
    let person = reach::within(&company.sources, &company.map, person, &extent).await.unwrap();
    assert!(company.plan(&Scope::Person(person)).await.unwrap().items.is_empty());
}

/// A home in one database, orders in another that know only its number.
#[tokio::test]
async fn what_hangs_on_a_record_in_another_database_goes_along() {
    let (postgres, mariadb) = (Postgres::start(), Mariadb::start());
    let (shop, store) = (postgres.database(), mariadb.database());
    let (shop_db, store_db) = (Database::connect(&shop).await.unwrap(), Database::connect(&store).await.unwrap());
    for sql in [
        "CREATE TABLE people (id BIGINT PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on DATE)",
        "CREATE TABLE homes (id BIGINT PRIMARY KEY, person_id BIGINT, street VARCHAR(50), left_on DATE)",
        "INSERT INTO people VALUES (7, 'li@example.com', 'Li', NULL), (8, 'wang@example.com', 'Wang', NULL)",
        "INSERT INTO homes VALUES (70, 7, 'East', NULL), (71, 7, 'West', NULL), (80, 8, 'South', NULL)",
    ] {
        shop_db.execute_unprepared(sql).await.unwrap();
    }
    for sql in [
        "CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, home_id BIGINT UNSIGNED, note VARCHAR(50), done_on DATE)",
        "INSERT INTO orders VALUES (1, 70, 'east', NULL), (2, 71, 'west', NULL), (3, 80, 'w', NULL)",
    ] {
        store_db.execute_unprepared(sql).await.unwrap();
    }
    let text = format!(
        "{HEAD}{}{}{}",
        source("shop", "postgres", &shop),
        source("store", "mysql", &store),
        table("shop.people", "id", "closed_on", "")
            + &role("holder", r#"identified_by = { email = "email" }"#)
            + &fields("holder", &["name name"])
            + &table("shop.homes", "id", "left_on", "")
            + &role("owner", r#"through = { person_id = "shop.people.holder" }"#)
            + &fields("owner", &["street address"])
            + &table("store.orders", "id", "done_on", "")
            + &role("buyer", r#"through = { home_id = "shop.homes.owner" }"#)
            + &fields("buyer", &["note text"])
    );
    let map = load(&[MapFile { name: "map.toml".into(), text }]).unwrap();
    let sources = Sources::open(&map, std::path::Path::new(".")).unwrap();
    let catalogues = sources.catalogues().await.unwrap();
    let company = Company { db: shop_db, map, sources, catalogues, _dir: tempfile::tempdir().unwrap() };

    let west = scope(&company, "shop.homes", &["71"]).await;
    let plan = company.plan(&west).await.unwrap();
    assert_eq!(said(&plan), [("orders", "deleted", 1), ("homes", "deleted", 1)]);
    assert_eq!(company.carry_out(&west, &plan).await.unwrap(), [1, 1]);
    assert_eq!(company.sees(&li()).await.unwrap(), ["homes.street=East", "orders.note=east", "people.name=Li"]);

    let person = reach::person(&company.sources, &company.map, &li()).await.unwrap();
    let east = Rows::from_iter([(name("shop.homes"), key(&["70"]))]);
    let person = reach::without(&company.sources, &company.map, person, east).await.unwrap();
    let plan = company.plan(&Scope::Person(person)).await.unwrap();
    assert_eq!(said(&plan), [("people", "anonymised", 1)], "its orders are as little theirs");
}

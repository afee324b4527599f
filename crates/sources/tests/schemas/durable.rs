//! What is erased must be on the disk, and a step whole or not at all: a server set up otherwise is said.

use domain::map::SourceName;
use sea_orm::ConnectionTrait;
use sources::{Person, Scope};
use testkit::{LAZY, Mariadb, Postgres};

use super::world::{Case, Company, On, SERVERS, fields, li, role, table, wang};

const SQL: &str =
    "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), closed_on VARCHAR(30))« | | ENGINE = MyISAM»;;
CREATE TABLE orders (id INTEGER PRIMARY KEY, email VARCHAR(100), closed_on VARCHAR(30))« | | ENGINE = InnoDB»";

fn case() -> Case {
    let people = |name: &str| {
        table(name, "id", "closed_on", "")
            + &role("holder", r#"identified_by = { email = "email" }"#)
            + &fields("holder", &["email email"])
    };
    let map = people("db.people") + &people("db.orders");
    Case { name: "durable", on: SERVERS, sql: SQL.to_owned(), map, who: li(), other: wang(), ..Case::default() }
}

async fn said(on: On, url: String) -> Vec<String> {
    let company = Company::open(&case(), on, url).await.unwrap();
    let problems = sources::check::check(&company.sources, &company.map).await;
    problems.iter().map(ToString::to_string).collect()
}

fn has(said: &[String], words: &str) -> bool {
    said.iter().any(|line| line.contains(words))
}

#[tokio::test]
async fn a_server_that_says_done_too_early_is_found() {
    let server = Postgres::start_with(&["fsync=off", "full_page_writes=off"]);
    let early = said(On::Postgres, server.database()).await;
    assert!(has(&early, "warning: db:0: `fsync` is off"), "{early:?}");
    assert!(has(&early, "warning: db:0: `full_page_writes` is off"), "{early:?}");
    let server = Postgres::start_with(&["fsync=on", "synchronous_commit=off"]);
    let kept = said(On::Postgres, server.database()).await;
    assert!(!has(&kept, " db:0: "), "a step waits for the disk by itself: {kept:?}");

    let server = Mariadb::start_with(&["--innodb-flush-log-at-trx-commit=2"]);
    let early = said(On::Mysql, server.database()).await;
    assert!(has(&early, "warning: db:0: `innodb_flush_log_at_trx_commit` is 2"), "{early:?}");
    assert!(has(&early, "error: db.people:0: its engine MyISAM takes no step back"), "{early:?}");
    assert!(!has(&early, "db.orders:0: its engine"), "{early:?}");
    let server = Mariadb::start_with(&["--innodb-flush-log-at-trx-commit=1"]);
    let kept = said(On::Mysql, server.database()).await;
    assert!(!has(&kept, " db:0: "), "{kept:?}");
}

/// The ledger says so for ever.
#[tokio::test]
async fn what_was_erased_stays_erased_on_a_server_that_does_not_wait_for_its_disk() {
    let server = Postgres::start_with(LAZY);
    let company = Company::open(&case(), On::Postgres, server.database()).await.unwrap();
    let fill = "INSERT INTO people VALUES (1, 'li@example.com', NULL); CHECKPOINT";
    company.db.execute_unprepared(fill).await.unwrap();
    let scope = Scope::Person(Person::new(li()));
    let plan = company.plan(&scope).await.unwrap();
    assert_eq!(company.carry_out(&scope, &plan).await.unwrap().iter().sum::<u64>(), 1);
    server.crash();
    let left =
        "SELECT (SELECT count(*) FROM people)::text || ' of Li, receipts: ' || (SELECT count(*) FROM qingdan_receipts)";
    assert_eq!(company.texts(left).await.unwrap(), ["0 of Li, receipts: 1"]);
}

/// A receipt of a step that was taken back would say that it was done.
#[tokio::test]
async fn our_own_tables_take_steps_back_whatever_the_server_prefers() {
    let server = Mariadb::start_with(&["--default-storage-engine=MyISAM"]);
    let company = Company::open(&case(), On::Mysql, server.database()).await.unwrap();
    let system = company.sources.system(&SourceName("db".into())).unwrap();
    system.prepare().await.unwrap();
    system.prepare_lock().await.unwrap();
    let engines = "SELECT CAST(engine AS CHAR) FROM information_schema.tables WHERE table_schema = database() AND table_name LIKE 'qingdan%'";
    assert_eq!(company.texts(engines).await.unwrap(), ["InnoDB", "InnoDB"]);
}

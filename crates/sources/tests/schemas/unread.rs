//! One value that cannot be read is in the way of nobody but whom it is about, on every engine.

use domain::{calendar::Calendar, map::Severity};
use sources::{Person, Scope, SourceError, affected, check::check, gather::gather, plan::plan};
use testkit::{Mariadb, Postgres};

use super::world::{ALL, Case, Company, On, fields, li, role, table, wang};

const SQL: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), extra «TEXT|TEXT|LONGTEXT», closed_on VARCHAR(30));;
INSERT INTO people VALUES (1, 'li@example.com', '{\"phone\": \"15400000001\"}', NULL), (2, 'wang@example.com', '{\"phone\": \"15400000002\"}', NULL),
 (3, NULL, '{broken', NULL), (4, NULL, '{\"phone\": \"15400000002\"}', NULL);;
CREATE TABLE notes (code VARCHAR(20) UNIQUE, email VARCHAR(100), words VARCHAR(50), done_on VARCHAR(30));;
INSERT INTO notes VALUES (NULL, 'li@example.com', 'called', '2026-01-01'), ('w', 'wang@example.com', 'came', '2026-01-01')";

async fn go(on: On, url: String) {
    let map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email", mobile = "phone" }"#)
        + &fields("holder", &["email email", "phone mobile column = \"extra\", json = \"phone\""])
        + &table("db.notes", "code", "done_on", "")
        + &role("writer", r#"identified_by = { email = "email" }"#)
        + &fields("writer", &["email email", "words text"]);
    let case = Case { name: "unread", on: ALL, sql: SQL.to_owned(), map, who: li(), other: wang(), ..Case::default() };
    let company = Company::open(&case, on, url).await.unwrap();

    // JSON that is none is nobody's; page by page, each value once.
    let (mut seen, mut unread) = (Vec::new(), Vec::new());
    for (_, spot) in affected::identifiers(&company.map) {
        let mut after: Option<String> = None;
        loop {
            let page = affected::texts(&company.sources, &spot, after.as_deref(), 1).await.unwrap();
            seen.extend(page.texts);
            if page.unread > 0 {
                unread.push((spot.table().to_string(), page.unread));
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
    }
    seen.sort();
    assert_eq!(unread, [("db.people".to_owned(), 1)], "and it is named");
    assert_eq!(
        seen,
        ["15400000001", "15400000002", "li@example.com", "li@example.com", "wang@example.com", "wang@example.com"]
    );

    // A row without its key: the check says so, and whom it is about learns it at once.
    let problems = check(&company.sources, &company.map).await;
    let keyless =
        problems.iter().filter(|problem| problem.to_string().contains("`code` is part of the key and may be empty"));
    assert!(keyless.clone().count() == 1 && keyless.clone().all(|problem| problem.severity == Severity::Warning));
    for _ in 0..4 {
        let missing = gather(&company.sources, &company.map, &li(), &[]).await.remove(0).found.unwrap_err();
        assert!(matches!(missing, SourceError::Other { .. }) && !missing.is_passing(), "{missing:?}");
    }
    let scope = Scope::Person(Person::new(li()));
    let terms = company.terms(&scope);
    let error = plan(&company.sources, &terms, &Calendar::default()).await.map(|planned| planned.plan).unwrap_err();
    assert!(!error.is_passing(), "{error:?}");
    assert!(
        company.sees(&wang()).await.unwrap().contains(&"notes.words=came".to_owned()),
        "everybody else still sees theirs"
    );
}

#[tokio::test]
async fn unread_on_sqlite() {
    go(On::Sqlite, String::new()).await;
}

#[tokio::test]
async fn unread_on_postgres() {
    let server = Postgres::start();
    go(On::Postgres, server.database()).await;
}

#[tokio::test]
async fn unread_on_mariadb() {
    let server = Mariadb::start();
    go(On::Mysql, server.database()).await;
}

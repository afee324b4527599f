//! How large a table is, is looked at no further than it matters.

use sources::{Scope, size::rows_up_to};
use testkit::{Mariadb, Postgres};

use super::world::{ALL, Case, Company, On, fields, li, role, table, wang};

const ROWS: u64 = 3_000;

fn case() -> Case {
    let rows: Vec<String> = (0..ROWS).map(|n| format!("('p{n}', 'p{n}@example.com', NULL)")).collect();
    let sql = format!(
        "CREATE TABLE people (id VARCHAR(10) PRIMARY KEY, email VARCHAR(100), closed_on VARCHAR(30));;
         INSERT INTO people VALUES {};; «SELECT 1|ANALYZE people|ANALYZE TABLE people»",
        rows.join(", ")
    );
    let map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email" }"#)
        + &fields("holder", &["email email"]);
    Case { name: "size", on: ALL, sql, map, who: li(), other: wang(), ..Case::default() }
}

async fn go(on: On, url: String) {
    let company = Company::open(&case(), on, url).await.unwrap();
    let scope = Scope::Expired;
    let terms = company.terms(&scope);
    let name = &company.map.tables.first().unwrap().name;
    let up_to = async |enough| rows_up_to(&company.sources, &terms, name, enough).await.unwrap();
    assert_eq!(up_to(10).await, 10, "{on:?}: the rest is not looked at");
    assert_eq!(up_to(ROWS - 1).await, ROWS, "{on:?}: counted, where that is as quick");
    assert_eq!(up_to(1_000_000).await, ROWS, "{on:?}");
}

#[tokio::test]
async fn on_sqlite() {
    go(On::Sqlite, String::new()).await;
}

#[tokio::test]
async fn on_postgres() {
    let server = Postgres::start();
    go(On::Postgres, server.database()).await;
}

#[tokio::test]
async fn on_mariadb() {
    let server = Mariadb::start();
    go(On::Mysql, server.database()).await;
}

//! What the map does not name is read to the last row, on every engine and with any key or none.

use domain::mentions::mentions;
use sources::rescan::{corners, page};
use testkit::{Mariadb, Postgres};

use super::world::{ALL, Case, Company, On, fields, li, role, table, wang};

/// More than two pages; Li is in the first row, in one of the middle and in the last.
const LINES: usize = 2_345;

fn case() -> Case {
    let line = |n: usize| match n {
        0 | 1_234 => "call +86 154-0000-0001 back".to_owned(),
        n if n == LINES - 1 => "wrote to LI@example.com.".to_owned(),
        n => format!("nothing {n}"),
    };
    let lines = |row: &dyn Fn(usize) -> String| (0..LINES).map(row).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), remark «TEXT|TEXT|TEXT», closed_on VARCHAR(30));;
         INSERT INTO people VALUES (1, 'li@example.com', 'prefers mornings', NULL), (2, 'wang@example.com', 'friend of li@example.com', NULL);;
         CREATE TABLE keyless (line VARCHAR(100), at_day DATE);;
         INSERT INTO keyless VALUES {};;
         CREATE TABLE keyed (a INTEGER, b VARCHAR(20), line VARCHAR(100), more «TEXT|JSONB|JSON», tel BIGINT, PRIMARY KEY (a, b));;
         INSERT INTO keyed VALUES {}",
        lines(&|n| format!("('{}', '2026-01-01')", line(n))),
        lines(&|n| {
            let tel = if n == 77 { "15400000001" } else { "NULL" };
            let more = if n == 78 { "'{\"to\": [\"li@example.com\"]}'" } else { "NULL" };
            format!("({}, 'x{n}', '{}', {more}, {tel})", n % 7, line(n))
        }),
    );
    let map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email" }"#)
        + &fields("holder", &["email email"]);
    Case { name: "rescan", on: ALL, sql, map, who: li(), other: wang(), ..Case::default() }
}

async fn go(on: On, url: String) {
    let company = Company::open(&case(), on, url).await.unwrap();
    let source = company.sources.iter().next().unwrap();
    let mut found = Vec::new();
    for corner in corners(source, &company.map).await.unwrap() {
        let (mut rows, mut after) = (0, None);
        loop {
            let page = page(source, &corner, after.as_ref()).await.unwrap();
            rows += page.rows;
            for (column, text) in page.values {
                if mentions(&text).iter().any(|who| li().contains(who)) {
                    found.push(format!("{}.{}", corner.table.table, corner.columns[column]));
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let expected = if corner.table.table == "people" { 2 } else { LINES as u64 };
        assert_eq!(rows, expected, "{on:?} {}", corner.table);
    }
    found.sort();
    let expected = [
        "keyed.line",
        "keyed.line",
        "keyed.line",
        "keyed.more",
        "keyed.tel",
        "keyless.line",
        "keyless.line",
        "keyless.line",
        "people.remark",
    ];
    assert_eq!(found, expected, "{on:?}: columns of the map are the erasure's, a day mentions nobody");
}

#[tokio::test]
async fn rescan_on_sqlite() {
    go(On::Sqlite, String::new()).await;
}

#[tokio::test]
async fn rescan_on_postgres() {
    let server = Postgres::start();
    go(On::Postgres, server.database()).await;
}

#[tokio::test]
async fn rescan_on_mariadb() {
    let server = Mariadb::start();
    go(On::Mysql, server.database()).await;
}

//! What may stay of values that are cut down is looked up before a step: with its locks held it reads no other rows.

use sea_orm::ConnectionTrait;
use sources::{Scope, reach};
use testkit::Mariadb;

use super::world::{Case, Company, On, fields, li, role, table, wang};

fn case(rows: &[String], at_least: u32) -> Case {
    let sql = format!(
        "CREATE TABLE visits (id INTEGER PRIMARY KEY, mobile VARCHAR(30), address VARCHAR(100), done_on VARCHAR(30));;
         INSERT INTO visits VALUES {}",
        rows.join(", ")
    );
    let cut = format!("address address anonymise = {{ coarse = {{ up_to = \"市\", at_least = {at_least} }} }}");
    let map = table("db.visits", "id", "done_on", "").replace("then = \"delete\"", "then = \"anonymise\"")
        + &role("guest", r#"identified_by = { mobile = "mobile" }"#)
        + &fields("guest", &["mobile mobile", &cut]);
    Case { name: "common", on: &[On::Sqlite, On::Mysql], sql, map, who: li(), other: wang(), ..Case::default() }
}

fn visit(id: usize, mobile: &str, address: &str, done_on: &str) -> String {
    format!("({id}, '{mobile}', '{address}', '{done_on}')")
}

const ADDRESSES: &str = "SELECT concat(id, ' ', coalesce(address, '-')) FROM visits ORDER BY id";

#[tokio::test]
async fn a_step_on_mariadb_looks_at_its_own_rows_only() {
    let server = Mariadb::start();
    let rows = [
        visit(1, "15400000001", "厦门市思明区1号", "2026-01-01"),
        visit(2, "15400000001", "三亚市吉阳区2号", "2026-01-01"),
        visit(3, "15400000002", "厦门市湖里区3号", "2020-01-01"),
        visit(4, "15400000002", "厦门市集美区4号", "2026-01-01"),
    ];
    let company = Company::open(&case(&rows, 3), On::Mysql, server.database()).await.unwrap();
    company.db.execute_unprepared("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = 1").await.unwrap();

    let scope = Scope::Person(reach::person(&company.sources, &company.map, &li()).await.unwrap());
    let plan = company.plan(&scope).await.unwrap();
    assert_eq!(company.carry_out(&scope, &plan).await.unwrap(), [2]);
    let night = company.plan(&Scope::Expired).await.unwrap();
    assert_eq!(company.walk(&night).await.unwrap(), [1]);

    assert_eq!(company.texts(ADDRESSES).await.unwrap(), ["1 厦门市", "2 -", "3 厦门市", "4 厦门市集美区4号"]);
    let changes = "SELECT convert(argument USING utf8mb4) FROM mysql.general_log WHERE command_type = 'Execute'
                   AND (argument LIKE 'UPDATE `visits`%' OR argument LIKE '%FROM `visits`%FOR UPDATE')";
    let changes = company.texts(changes).await.unwrap();
    assert!(changes.len() >= 3, "{changes:?}");
    for sql in changes {
        assert!(!sql.contains("GROUP BY") && !sql.contains("OFFSET"), "looks at other rows under its locks: {sql}");
    }
}

#[tokio::test]
async fn more_groups_than_a_statement_can_name_are_looked_at_by_it() {
    let rows: Vec<String> =
        (0..30_200).map(|n| visit(n, "15400000001", &format!("{}市{n}号", n / 2), "2020-01-01")).collect();
    let company = Company::open(&case(&rows, 2), On::Sqlite, String::new()).await.unwrap();
    let night = company.plan(&Scope::Expired).await.unwrap();
    let scope = Scope::Expired;
    assert_eq!(night.rows_to_change(), 30_200);
    let common = sources::execute::common(&company.sources, &company.terms(&scope), &night.items[0]).await.unwrap();
    assert_eq!(common, None);
    let items = company.carry_out_in(&scope, &night, 40_000).await.unwrap();
    assert_eq!(items, [30_200]);
    assert_eq!(company.texts("SELECT address FROM visits WHERE id = 30199").await.unwrap(), ["15099市"]);
}

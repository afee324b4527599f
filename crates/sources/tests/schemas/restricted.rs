//! A purpose is stopped where the company's programs look, and goes on again, on every engine.

use domain::{
    consent::Cover,
    plan::{Restricting, Turn},
};
use sources::{Person, Scope};
use testkit::{Mariadb, Postgres};

use super::world::{ALL, Case, Company, On, fields, li, role, table, wang};

const SQL: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(30), closed_on VARCHAR(30), ads_off «INTEGER|BOOLEAN|BOOLEAN» NOT NULL);;
INSERT INTO people VALUES (1, 'li@example.com', '15400000001', NULL, «0|false|false»), (2, 'wang@example.com', '15400000002', NULL, «0|false|false»);;
CREATE TABLE channels (id INTEGER PRIMARY KEY, person_id INTEGER, state VARCHAR(10), done_on VARCHAR(30));;
INSERT INTO channels VALUES (1, 1, 'on', NULL), (2, 1, NULL, NULL), (3, 1, 'off', NULL), (4, 2, 'on', NULL), (5, 1, 'weekly', NULL);;
CREATE TABLE parcels (id INTEGER PRIMARY KEY, sender VARCHAR(30), sender_off «NUMERIC|NUMERIC(3,1)|DECIMAL(3,1)», receiver VARCHAR(30), receiver_off SMALLINT, given_on VARCHAR(30));;
INSERT INTO parcels VALUES (1, '15400000001', NULL, '15400000002', NULL, NULL), (2, '15400000002', NULL, '15400000001', 0, NULL)";

fn says(name: &str, of: &str, column: &str, restricted: &str, open: &str) -> String {
    format!(
        "restriction.{name} = {{ purpose = \"p\", of = \"{of}\", column = \"{column}\", restricted = \"{restricted}\"{open} }}\n"
    )
}

fn case() -> Case {
    let map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email", mobile = "mobile" }"#)
        + &fields("holder", &["email email", "mobile mobile"])
        + &says("ads", "holder", "ads_off", "1", ", open = \"0\"")
        + &table("db.channels", "id", "done_on", "")
        + &role("owner", r#"through = { person_id = "db.people.holder" }"#)
        + &fields("owner", &["state plain name = { zh-CN = \"状态\", en = \"State\" }"])
        + &says("state", "owner", "state", "off", ", open = \"on\"")
        + &table("db.parcels", "id", "given_on", "")
        + &role("sender", r#"identified_by = { mobile = "sender" }"#)
        + &role("receiver", r#"identified_by = { mobile = "receiver" }"#)
        + &fields("sender", &["sender mobile"])
        + &fields("receiver", &["receiver mobile"])
        + &says("sender", "sender", "sender_off", "1.5", "")
        + &says("receiver", "receiver", "receiver_off", "1", "");
    Case { name: "restricted", on: ALL, sql: SQL.to_owned(), map, who: li(), other: wang(), ..Case::default() }
}

fn scope(turn: Turn, cover: Cover) -> Scope {
    Scope::Person(Person::new(li()).only_in([]).restricting([Restricting { purpose: "p".into(), cover, turn }]))
}

async fn states(company: &Company) -> [Vec<String>; 4] {
    let all = async |sql: &str| company.texts(sql).await.unwrap();
    [
        all("SELECT CASE WHEN ads_off THEN 'off' ELSE 'on' END FROM people ORDER BY id").await,
        all("SELECT state FROM channels ORDER BY id").await,
        all("SELECT CASE WHEN sender_off = 1.5 THEN 'off' END FROM parcels ORDER BY id").await,
        all("SELECT CASE WHEN receiver_off = 1 THEN 'off' END FROM parcels ORDER BY id").await,
    ]
}

async fn go(on: On, url: String) {
    let company = Company::open(&case(), on, url).await.unwrap();
    let problems = sources::check::check(&company.sources, &company.map).await;
    assert!(!problems.iter().any(|problem| problem.to_string().contains("_off")), "{problems:?}");

    let other = company.plan(&scope(Turn::Restricted, Cover::Abroad)).await.unwrap();
    assert!(other.items.is_empty(), "nothing says that: {other:?}");
    let stop = scope(Turn::Restricted, Cover::Purpose);
    let plan = company.plan(&stop).await.unwrap();
    assert!(plan.items.iter().all(|item| item.outcome.word() == "restricted"), "{plan:?}");
    assert_eq!(plan.rows_to_change(), 1 + 3 + 1 + 1, "what says so already is left as it is: {plan:?}");
    let changed = company.carry_out(&stop, &plan).await.unwrap();
    assert_eq!(changed.iter().sum::<u64>(), 6);
    let off = ["off", "on"];
    assert_eq!(
        states(&company).await,
        [
            off.map(String::from).to_vec(),
            ["off", "off", "off", "on", "off"].map(String::from).to_vec(),
            vec!["off".into(), String::new()],
            vec![String::new(), "off".into()]
        ],
        "only Li's, and each side's own"
    );
    assert!(company.plan(&stop).await.unwrap().items.is_empty(), "a second look finds nothing left");

    let lift = scope(Turn::Lifted, Cover::Purpose);
    let plan = company.plan(&lift).await.unwrap();
    assert_eq!(plan.rows_to_change(), 1 + 4 + 1 + 1, "{plan:?}");
    company.carry_out(&lift, &plan).await.unwrap();
    let [people, channels, senders, receivers] = states(&company).await;
    assert_eq!((people, channels), (vec!["on".to_owned(); 2], vec!["on".to_owned(); 5]));
    assert_eq!((senders, receivers), (vec![String::new(); 2], vec![String::new(); 2]));
    assert!(company.plan(&lift).await.unwrap().items.is_empty());
    assert_eq!(company.texts("SELECT receiver FROM parcels WHERE receiver_off IS NULL").await.unwrap().len(), 2);
}

#[tokio::test]
async fn on_sqlite() {
    go(On::Sqlite, String::new()).await;
}

#[tokio::test]
async fn on_postgres() {
    go(On::Postgres, Postgres::start().database()).await;
}

#[tokio::test]
async fn on_mariadb() {
    go(On::Mysql, Mariadb::start().database()).await;
}

/// A column that cannot say it is an error before anybody asks.
#[tokio::test]
async fn the_check_finds_columns_that_cannot_say_it() {
    let wrong = case().map.replace("restricted = \"1.5\"", "restricted = \"no more\"").replace(", open = \"0\"", "");
    let company = Company::open(&Case { map: wrong, ..case() }, On::Sqlite, String::new()).await.unwrap();
    let problems = sources::check::check(&company.sources, &company.map).await;
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|line| line.contains("“no more” is none")), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("`ads_off` may not be empty")), "{said:#?}");
}

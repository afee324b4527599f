//! What a floor keeps is locked away: out of reach, sealed, and destroyed on its day, on every engine.

use domain::{
    calendar::Calendar,
    map::TableName,
    plan::{Because, Item, Outcome, Plan},
};
use jiff::civil::{Date, date};
use sea_orm::ConnectionTrait;
use sources::{
    OnHold, Person, Scope, Terms,
    execute::{self, Approved, unlock},
    lock::LOCKED,
    plan::plan,
};
use testkit::{Mariadb, Postgres};

use super::world::{ALL, Case, Company, On, TODAY, fields, li, lock, role, step, table, wang};

const SQL: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(30), closed_on VARCHAR(30));;
INSERT INTO people VALUES (1, 'li@example.com', '15400000001', NULL), (2, 'wang@example.com', '15400000002', NULL);;
CREATE TABLE bills (id INTEGER PRIMARY KEY, person_id INTEGER, payer VARCHAR(50), extra «TEXT|JSONB|JSON», cents INTEGER, paid_on VARCHAR(30));;
INSERT INTO bills VALUES (1, 1, '李娜', '{\"tax\": \"T-77\", \"kind\": \"b2c\"}', 990, '2026-01-05'), (2, 1, 'Li Na', NULL, 250, '2025-03-01'),
 (3, 1, 'Li, old', NULL, 100, '2019-01-01'), (4, 1, 'Li, open', NULL, 70, NULL), (5, 2, 'Wang', NULL, 80, '2026-01-05');;
CREATE TABLE parcels (id INTEGER PRIMARY KEY, sender VARCHAR(30), sender_name VARCHAR(30), receiver VARCHAR(30), given_on VARCHAR(30));;
INSERT INTO parcels VALUES (1, '15400000001', 'Li', '15400000002', '2026-02-01')";

const FLOOR: &str = "then = \"delete\", meanwhile = \"locked\", floor = [{ keep = \"3 years\", law = { zh-CN = \"法\", en = \"law\" } }] }";

fn case() -> Case {
    let locked = |table: String| table.replace("then = \"delete\" }", FLOOR);
    let map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email", mobile = "mobile" }"#)
        + &fields("holder", &["email email", "mobile mobile"])
        + &locked(table("db.bills", "id", "paid_on", ""))
        + &role("payer", r#"through = { person_id = "db.people.holder" }"#)
        + &fields("payer", &["payer name", "tax account column = \"extra\", json = \"tax\"", "cents amount"])
        + &locked(table("db.parcels", "id", "given_on", ""))
        + &role("sender", r#"identified_by = { mobile = "sender" }"#)
        + &role("receiver", r#"identified_by = { mobile = "receiver" }"#)
        + &fields("sender", &["sender mobile", "sender_name name"])
        + &fields("receiver", &["receiver mobile"]);
    Case { name: "locked", on: ALL, sql: SQL.to_owned(), map, who: li(), other: wang(), ..Case::default() }
}

async fn planned(company: &Company, scope: &Scope, holds: &[OnHold], as_of: Date) -> Plan {
    let terms = Terms { holds, as_of, ..company.terms(scope) };
    plan(&company.sources, &terms, &Calendar::default()).await.unwrap().plan
}

fn rows(plan: &Plan, table: &str, word: &str) -> u64 {
    let items = plan.items.iter().filter(|item| item.table.table == table && item.outcome.word() == word);
    items.map(|item| item.rows).sum()
}

async fn go(on: On, url: String) {
    let company = Company::open(&case(), on, url).await.unwrap();
    let li = Scope::Person(Person::new(li()));
    let erasure = planned(&company, &li, &[], TODAY).await;
    assert_eq!(rows(&erasure, "bills", "locked_away"), 2, "{erasure:?}");
    assert_eq!(rows(&erasure, "bills", "deleted"), 1);
    assert_eq!(rows(&erasure, "bills", "kept"), 1, "the floor of the open bill has not begun");
    assert_eq!(rows(&erasure, "parcels", "locked_away"), 1);
    let is_bills = |item: &&Item| item.table.table == "bills";
    let locked = erasure.items.iter().filter(is_bills).find(|item| item.outcome.word() == "locked_away").unwrap();
    let Outcome::LockedAway { first, last, .. } = locked.outcome.clone() else { unreachable!() };
    assert_eq!((first, last), (date(2028, 3, 1), date(2029, 1, 5)));
    let changed = company.carry_out(&li, &erasure).await.unwrap();
    assert_eq!(changed.iter().sum::<u64>(), erasure.rows_to_change());

    // Out of the company's reach, and readable by nobody who has only its database.
    assert_eq!(company.texts("SELECT coalesce(payer, '') FROM bills WHERE id < 3").await.unwrap(), ["", ""]);
    assert_eq!(company.texts("SELECT coalesce(sender_name, '') FROM parcels").await.unwrap(), [""]);
    assert_eq!(company.texts("SELECT receiver FROM parcels").await.unwrap(), ["15400000002"], "the other side");
    assert_eq!(company.texts("SELECT payer FROM bills WHERE id >= 4 ORDER BY id").await.unwrap(), ["Li, open", "Wang"]);
    let sealed = company.texts(&format!("SELECT {} FROM {LOCKED}", hex_of(on))).await.unwrap().concat().to_lowercase();
    for value in ["Li Na", "李娜", "T-77", "15400000001"] {
        assert!(!sealed.contains(&hex::encode(value)), "{value} can be read");
    }
    let again = planned(&company, &li, &[], TODAY).await;
    assert_eq!(again.rows_to_change(), 0, "a second look finds nothing left: {again:?}");

    // What was open then is paid now: it is not used for three more years either.
    let key = sources::Key(vec!["4".into()]);
    let bills = TableName::parse("db.bills").unwrap();
    let roles = vec![domain::map::RoleName("payer".into())];
    let aside = Scope::SetAside { table: bills, roles, keys: vec![key] };
    assert_eq!(planned(&company, &aside, &[], TODAY).await.rows_to_change(), 0, "still open");
    company.db.execute_unprepared("UPDATE bills SET paid_on = '2026-11-01' WHERE id = 4").await.unwrap();
    let now = planned(&company, &aside, &[], TODAY).await;
    assert_eq!(rows(&now, "bills", "locked_away"), 1, "{now:?}");
    company.carry_out(&aside, &now).await.unwrap();
    assert_eq!(planned(&company, &aside, &[], TODAY).await.rows_to_change(), 0);
    assert_eq!(company.texts("SELECT coalesce(payer, '') FROM bills WHERE id = 4").await.unwrap(), [""]);

    // Two persons with a reason may open it.
    let locked = unlock::locked(&company.sources, "request").await.unwrap();
    assert_eq!(locked.iter().map(|locked| locked.rows).sum::<u64>(), 4, "{locked:?}");
    let open = unlock::open(&company.sources, &lock(), 10).await.unwrap();
    let texts: Vec<String> = open
        .iter()
        .flat_map(|row| &row.values)
        .filter_map(|(column, value)| Some(format!("{column}={}", value.as_ref()?.reveal())))
        .collect();
    for text in ["payer=李娜", "tax=T-77", "payer=Li Na", "sender_name=Li", "sender=15400000001"] {
        assert!(texts.iter().any(|known| known == text), "{text} in {texts:?}");
    }
    company.db.execute_unprepared(&format!("UPDATE {LOCKED} SET id = concat('x', id)")).await.unwrap();
    assert!(unlock::open(&company.sources, &lock(), 10).await.is_err(), "it opens in its own place only");
    company.db.execute_unprepared(&format!("UPDATE {LOCKED} SET id = substr(id, 2)")).await.unwrap();

    // Its day comes; a hold on the person or on the table still keeps it.
    let day = date(2028, 3, 1);
    assert_eq!(rows(&planned(&company, &Scope::Expired, &[], date(2028, 2, 29)).await, "bills", "destroyed"), 0);
    let of_person = [OnHold::Lot("request".into())];
    assert_eq!(rows(&planned(&company, &Scope::Expired, &of_person, day).await, "bills", "destroyed"), 0);
    let on_rows = |table: &str| {
        [OnHold::Rows(domain::hold::HeldRows { table: TableName::parse(table).unwrap(), begun: None, with: None })]
    };
    let of_bills = planned(&company, &Scope::Expired, &on_rows("db.bills"), day).await;
    assert_eq!(rows(&of_bills, "bills", "destroyed"), 0);
    // So does one on rows it was found along, and none on rows that lead elsewhere.
    let of_people = planned(&company, &Scope::Expired, &on_rows("db.people"), day).await;
    assert_eq!(rows(&of_people, "bills", "destroyed"), 0, "{of_people:?}");
    let of_parcels = planned(&company, &Scope::Expired, &on_rows("db.parcels"), day).await;
    assert_eq!(rows(&of_parcels, "bills", "destroyed"), 1, "{of_parcels:?}");
    for (day, left) in [(day, 3), (date(2029, 11, 1), 0)] {
        let night = planned(&company, &Scope::Expired, &[], day).await;
        let terms = Terms { as_of: day, ..company.terms(&Scope::Expired) };
        for item in night.items.iter().filter(|item| item.outcome == Outcome::Destroyed) {
            let step = step();
            let approved = Approved { item, step, most: item.rows, lock: &lock() };
            let done = execute::run_step(&company.sources, &terms, approved, None).await.unwrap();
            assert_eq!(done.rows, item.rows);
        }
        let locked = unlock::locked(&company.sources, "request").await.unwrap();
        assert_eq!(locked.iter().map(|locked| locked.rows).sum::<u64>(), left, "on {day}");
    }
    // A hold that was there before keeps everything where it is.
    let wang = Person::new(wang());
    let held = planned(&company, &Scope::Person(wang.clone()), &[OnHold::Person(wang)], TODAY).await;
    assert!(held.items.iter().all(|item| item.outcome == Outcome::Kept { because: Because::Hold }), "{held:?}");
}

const fn hex_of(on: On) -> &'static str {
    match on {
        On::Sqlite | On::Mysql => "hex(sealed)",
        On::Postgres => "encode(sealed, 'hex')",
    }
}

#[tokio::test]
async fn locked_on_sqlite() {
    go(On::Sqlite, String::new()).await;
}

#[tokio::test]
async fn locked_on_postgres() {
    let server = Postgres::start();
    go(On::Postgres, server.database()).await;
}

#[tokio::test]
async fn locked_on_mariadb() {
    let server = Mariadb::start();
    go(On::Mysql, server.database()).await;
}

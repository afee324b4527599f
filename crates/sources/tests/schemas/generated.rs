//! Companies nobody thought of: keys, paths, periods, spellings and rows drawn at random. Whatever comes,
//! a plan says exactly what is then done, other people's rows stay as they were, and what is left of the
//! person is what a floor keeps.

use std::fmt::Write;

use proptest::prelude::*;
use sources::{Scope, reach};

use crate::world::{Case, Company, On, fields, li, role, table, wang};

/// How the rows of a table are told apart.
#[derive(Clone, Copy, Debug)]
enum Key {
    Number,
    Text,
    Two,
}

/// How a table knows whose its rows are.
#[derive(Clone, Copy, Debug)]
enum Way {
    Mobile,
    Account,
    /// Over a table in between.
    Far,
}

#[derive(Clone, Copy, Debug)]
struct Shape {
    key: Key,
    way: Way,
    has_floor: bool,
    is_foreign_key: bool,
    may_be_empty: bool,
}

#[derive(Clone, Debug)]
struct Row {
    owner: u8,
    year: Option<u16>,
    spelling: u8,
}

fn shape() -> impl Strategy<Value = Shape> {
    let key = prop_oneof![Just(Key::Number), Just(Key::Text), Just(Key::Two)];
    let way = prop_oneof![Just(Way::Mobile), Just(Way::Account), Just(Way::Far)];
    (key, way, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(key, way, has_floor, is_foreign_key, may_be_empty)| Shape {
            key,
            way,
            has_floor,
            is_foreign_key,
            may_be_empty,
        },
    )
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (1..4_u8, prop::option::of(2019..2027_u16), 0..4_u8);
    prop::collection::vec(row.prop_map(|(owner, year, spelling)| Row { owner, year, spelling }), 0..10)
}

fn spelled(owner: u8, spelling: u8) -> String {
    let plain = format!("1540000000{owner}");
    match spelling {
        0 => plain,
        1 => format!("+86 {} {} {}", &plain[..3], &plain[3..7], &plain[7..]),
        2 => format!("0086{plain}"),
        _ => plain.chars().map(|c| char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap()).collect(),
    }
}

/// The schema, its rows and its map.
fn case(tables: &[(Shape, Vec<Row>)]) -> Case {
    let mut sql = String::from(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(60), name VARCHAR(50), closed_on VARCHAR(30));;
         CREATE TABLE contracts (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), note VARCHAR(20), ended_on VARCHAR(30));;
         INSERT INTO people VALUES (1, 'li@example.com', '15400000001', 'Li', NULL), (2, 'wang@example.com', '15400000002', 'Wang', NULL), (3, 'z@example.com', '15400000003', 'Z', NULL);;
         INSERT INTO contracts VALUES (1, 1, 'c1', NULL), (2, 2, 'c2', NULL), (3, 3, 'c3', NULL)",
    );
    let mut map = table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email", mobile = "mobile" }"#)
        + &fields("holder", &["email email", "mobile mobile", "name name"])
        + &table("db.contracts", "id", "ended_on", "")
        + &role("party", r#"through = { person_id = "db.people.holder" }"#)
        + &fields("party", &["note text"]);
    for (n, (shape, rows)) in tables.iter().enumerate() {
        let key = match shape.key {
            Key::Number => "id INTEGER PRIMARY KEY",
            Key::Text => "id VARCHAR(20) PRIMARY KEY",
            Key::Two => "id INTEGER, part VARCHAR(5) DEFAULT 'x', PRIMARY KEY (id, part)",
        };
        let (owner, points_at, way) = match shape.way {
            Way::Mobile => ("mobile VARCHAR(60)", None, r#"identified_by = { mobile = "mobile" }"#),
            Way::Account => ("owner INTEGER", Some("people"), r#"through = { owner = "db.people.holder" }"#),
            Way::Far => ("owner INTEGER", Some("contracts"), r#"through = { owner = "db.contracts.party" }"#),
        };
        let owner_type = if shape.may_be_empty || matches!(shape.way, Way::Mobile) {
            owner.to_owned()
        } else {
            format!("{owner} NOT NULL")
        };
        let reference =
            points_at.filter(|_| shape.is_foreign_key).map_or(String::new(), |to| format!(" REFERENCES {to} (id)"));
        let (columns, constraint) = key
            .split_once(", PRIMARY KEY")
            .map_or((key, String::new()), |(columns, rest)| (columns, format!(", PRIMARY KEY{rest}")));
        let _ = write!(
            sql,
            ";; CREATE TABLE t{n} ({columns}, {owner_type}{reference}, note VARCHAR(20), done_on VARCHAR(30){constraint})"
        );
        for (id, row) in rows.iter().enumerate() {
            let id = if matches!(shape.key, Key::Text) { format!("'k{id}'") } else { id.to_string() };
            let owner = if matches!(shape.way, Way::Mobile) {
                format!("'{}'", spelled(row.owner, row.spelling))
            } else {
                row.owner.to_string()
            };
            let done = row.year.map_or("NULL".to_owned(), |year| format!("'{year}-06-15'"));
            let name = owner_type.split(' ').next().unwrap();
            let _ = write!(
                sql,
                ";; INSERT INTO t{n} (id, {name}, note, done_on) VALUES ({id}, {owner}, 'n{}', {done})",
                row.owner
            );
        }
        let key = if matches!(shape.key, Key::Two) { "id, part" } else { "id" };
        let mut text =
            table(&format!("db.t{n}"), key, "done_on", "") + &role("owner", way) + &fields("owner", &["note text"]);
        if shape.has_floor {
            text = text.replace(
                "then = \"delete\"",
                "then = \"delete\", floor = [{ keep = \"2 years\", law = { zh-CN = \"法\", en = \"law\" } }]",
            );
        }
        map += &text;
    }
    Case { name: "generated", on: &[], sql, map, who: li(), other: wang(), ..Case::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn an_erasure_is_exact_whatever_the_schema(tables in prop::collection::vec((shape(), rows()), 1..4)) {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let company = Company::open(&case(&tables), On::Sqlite, String::new()).await.unwrap();
            let theirs = company.sees(&wang()).await.unwrap();
            let person = reach::person(&company.sources, &company.map, &li()).await.unwrap();
            let scope = Scope::Person(person);
            let plan = company.plan(&scope).await.unwrap();
            let planned: Vec<u64> = plan.items.iter().filter(|item| item.changes()).map(|item| item.rows).collect();
            prop_assert_eq!(company.carry_out(&scope, &plan).await.unwrap(), planned, "{:?}", plan);
            prop_assert_eq!(company.plan(&scope).await.unwrap().rows_to_change(), 0);
            prop_assert_eq!(company.sees(&wang()).await.unwrap(), theirs);
            // What a law keeps: begun after the floor's cutoff, or not begun at all.
            let kept = |shape: &Shape, row: &Row| shape.has_floor && row.owner == 1 && row.year.is_none_or(|year| year >= 2025);
            for (n, (shape, rows)) in tables.iter().enumerate() {
                let expected = rows.iter().filter(|row| row.owner != 1 || kept(shape, row)).count();
                let left = company.texts(&format!("SELECT note FROM t{n}")).await.unwrap();
                prop_assert_eq!(left.len(), expected, "t{} {:?}", n, shape);
            }
            Ok(())
        })?;
    }
}

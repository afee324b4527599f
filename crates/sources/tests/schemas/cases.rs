use super::world::{ALL, Case, On, SERVERS, email, fields, li, mobile, role, table, wang};

/// Two accounts, most cases' beginning. Li's is 1, Wang's 2.
const PEOPLE: &str = "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(30), name VARCHAR(50), closed_on VARCHAR(30));;
INSERT INTO people VALUES (1, 'li@example.com', '15400000001', 'Li', NULL), (2, 'wang@example.com', '15400000002', 'Wang', NULL)";

fn people() -> String {
    table("db.people", "id", "closed_on", "")
        + &role("holder", r#"identified_by = { email = "email", mobile = "mobile" }"#)
        + &fields("holder", &["email email", "mobile mobile", "name name correctable = \"now\""])
}

fn case(name: &'static str) -> Case {
    Case { name, on: ALL, who: li(), other: wang(), ..Case::default() }
}

/// One table of its own, without `people`.
fn alone(name: &'static str, on: &'static [On], sql: &str, map: String, sees: Vec<&'static str>) -> Case {
    Case { on, sql: sql.to_owned(), map, sees, ..case(name) }
}

/// `people` and one table of records that point at it.
fn with_records(name: &'static str, sql: &str, map: String, mut sees: Vec<&'static str>) -> Case {
    sees.extend(["people.email=li@example.com", "people.mobile=15400000001", "people.name=Li"]);
    sees.sort_unstable();
    Case { sql: format!("{PEOPLE};;{sql}"), map: people() + &map, sees, ..case(name) }
}

fn records(key: &str, from: &str, through: &str, lines: &[&str]) -> String {
    table("db.records", key, from, "") + &role("owner", through) + &fields("owner", lines)
}

const BY_PERSON: &str = r#"through = { person_id = "db.people.holder" }"#;

pub fn all() -> Vec<Case> {
    [keys(), types(), names(), times(), identity(), constraints(), pointers(), shapes()].concat()
}

fn keys() -> Vec<Case> {
    vec![
        Case {
            after: vec![("SELECT id FROM people", &["2"]), ("SELECT note FROM records", &["w"])],
            night: 1,
            corrects: Some(("db.people", "name", "Li Na")),
            ..with_records(
                "no foreign key is declared",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 'a', '2020-01-01'), (2, 1, 'b', '2026-01-01'), (3, 2, 'w', NULL)",
                records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=a", "records.note=b"],
            )
        },
        Case {
            after: vec![("SELECT note FROM records", &["w"])],
            night: 1,
            ..alone(
                "a key of two columns, pointed at by two columns",
                ALL,
                "CREATE TABLE people (tenant INTEGER, no VARCHAR(10), email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30), PRIMARY KEY (tenant, no));;
                 CREATE TABLE records (id INTEGER PRIMARY KEY, tenant INTEGER, person_no VARCHAR(10), note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, 'A', 'li@example.com', 'Li', NULL), (2, 'A', 'wang@example.com', 'Wang', NULL), (1, 'B', 'b@example.com', 'B', NULL);;
                 INSERT INTO records VALUES (1, 1, 'A', 'mine', '2020-01-01'), (2, 2, 'A', 'w', NULL)",
                table("db.people", "tenant, no", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name"])
                    + &records("id", "done_on", r#"through = { "tenant, person_no" = "db.people.holder" }"#, &["note text"]),
                vec!["people.name=Li", "records.note=mine"],
            )
        },
        Case {
            after: vec![("SELECT name FROM people ORDER BY name", &["Wang"])],
            ..alone(
                "uuid keys",
                ALL,
                "CREATE TABLE people (id «TEXT|uuid|CHAR(36)» PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30));;
                 CREATE TABLE records (id «TEXT|uuid|CHAR(36)» PRIMARY KEY, person_id «TEXT|uuid|CHAR(36)», note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO people VALUES ('0190f5fe-7c00-7a00-8000-000000000001', 'li@example.com', 'Li', NULL), ('0190f5fe-7c00-7a00-8000-000000000002', 'wang@example.com', 'Wang', NULL);;
                 INSERT INTO records VALUES ('0190f5fe-7c00-7a00-8000-000000000011', '0190f5fe-7c00-7a00-8000-000000000001', 'mine', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name"])
                    + &records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["people.name=Li", "records.note=mine"],
            )
        },
        Case {
            after: vec![("SELECT name FROM people ORDER BY name", &["Wang"])],
            ..alone(
                "binary keys",
                ALL,
                "CREATE TABLE people (id «BLOB|bytea|BINARY(4)» PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30));;
                 INSERT INTO people VALUES («x'00ff0001'|'\\x00ff0001'|x'00ff0001'», 'li@example.com', 'Li', NULL), («x'00ff0002'|'\\x00ff0002'|x'00ff0002'», 'wang@example.com', 'Wang', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name"]),
                vec!["people.name=Li"],
            )
        },
        Case {
            after: vec![("SELECT name FROM people ORDER BY name", &["Wang", "Zhao"])],
            ..alone(
                "unsigned keys beyond what a signed number says",
                SERVERS,
                "CREATE TABLE people (id «|numeric(20)|BIGINT UNSIGNED» PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30));;
                 INSERT INTO people VALUES (18446744073709551614, 'li@example.com', 'Li', NULL), (18446744073709551615, 'wang@example.com', 'Wang', NULL), (18446744073709551613, 'z@example.com', 'Zhao', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name correctable = \"now\""]),
                vec!["people.name=Li"],
            )
        },
        Case {
            after: vec![("SELECT note FROM records", &["w"])],
            ..with_records(
                "a path to a column that is not the key",
                "ALTER TABLE people ADD COLUMN code VARCHAR(10);; UPDATE people SET code = «'c' || id|'c' || id|CONCAT('c', id)»;;
                 CREATE TABLE records (id INTEGER PRIMARY KEY, person_code VARCHAR(10), note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 'c1', 'mine', NULL), (2, 'c2', 'w', NULL)",
                records("id", "done_on", r#"through = { person_code = { role = "db.people.holder", on = ["code"] } }"#, &["note text"]),
                vec!["records.note=mine"],
            )
        },
        Case {
            after: vec![("SELECT note FROM records ORDER BY id", &["theirs", "w"])],
            ..with_records(
                "rows that point at people or at something else",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, owner_type VARCHAR(10), owner_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 'person', 1, 'mine', NULL), (2, 'company', 1, 'theirs', NULL), (3, 'person', 2, 'w', NULL)",
                records(
                    "id",
                    "done_on",
                    r#"through = { owner_id = { role = "db.people.holder", when = { owner_type = ["person"] } } }"#,
                    &["note text"],
                ),
                vec!["records.note=mine"],
            )
        },
        Case {
            after: vec![("SELECT note FROM records ORDER BY id", &["w"])],
            night: 3,
            ..alone(
                "rows whose number goes by another name, and rows without one",
                &[On::Sqlite],
                "CREATE TABLE people (id TEXT PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30)) WITHOUT ROWID;;
                 INSERT INTO people VALUES ('p2', 'li@example.com', 'Li', '2020-01-01'), ('p1', 'wang@example.com', 'Wang', NULL);;
                 CREATE TABLE records (id TEXT PRIMARY KEY, person_id TEXT, _rowid_ TEXT, RowId INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO records VALUES ('r9', 'p2', 'x', 7, 'a', '2020-01-01'), ('r1', 'p2', 'x', 7, 'b', '2020-01-01'), ('r5', 'p1', 'x', 7, 'w', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name"])
                    + &records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["people.name=Li", "records.note=a", "records.note=b"],
            )
        },
        Case {
            after: vec![("SELECT note FROM records", &["w"])],
            ..with_records(
                "a key of text and number together",
                "CREATE TABLE records (person_id INTEGER, channel VARCHAR(20), note VARCHAR(50), done_on VARCHAR(30), PRIMARY KEY (person_id, channel));;
                 INSERT INTO records VALUES (1, 'sms', 'a', NULL), (1, 'mail', 'b', NULL), (1, 'push', 'c', NULL), (2, 'mail', 'w', NULL)",
                records("person_id, channel", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=a", "records.note=b", "records.note=c"],
            )
        },
    ]
}

fn types() -> Vec<Case> {
    vec![
        Case {
            after: vec![("SELECT «mood|mood::text|mood» FROM records ORDER BY id", &["", "calm"])],
            ..with_records(
                "enum columns",
                "«SELECT 1|CREATE TYPE \"Mood\" AS ENUM ('none', 'calm', 'cross')|SELECT 1»;;
                 CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, other_id INTEGER, mood «TEXT|\"Mood\"|ENUM('none', 'calm', 'cross')», done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 2, 'cross', NULL), (2, 2, 2, 'calm', NULL)",
                table("db.records", "id", "done_on", "")
                    + &role("owner", BY_PERSON)
                    + &role("other", r#"through = { other_id = "db.people.holder" }"#)
                    + &fields("owner", &["mood text correctable = \"now\"", "person_id plain anonymise = \"null\""])
                    + &fields("other", &["other_id plain anonymise = \"null\""]),
                vec!["records.mood=cross", "records.person_id=1"],
            )
        },
        Case {
            corrects: Some(("db.records", "price", "12345678901234.57")),
            after: vec![("SELECT count(*) FROM records", &["1"])],
            ..with_records(
                "exact decimals",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, price «TEXT|numeric(30,2)|DECIMAL(30,2)», done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, '12345678901234.56', NULL), (2, 2, '0.10', NULL)",
                records("id", "done_on", BY_PERSON, &["price amount correctable = \"now\""]),
                vec!["records.price=12345678901234.56"],
            )
        },
        Case {
            after: vec![("SELECT count(*) FROM records", &["1"])],
            ..with_records(
                "bytes",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, photo «BLOB|bytea|BLOB», done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, «x'ffd8ff00'|'\\xffd8ff00'|x'ffd8ff00'», NULL), (2, 2, «x'00'|'\\x00'|x'00'», NULL)",
                records("id", "done_on", BY_PERSON, &["photo file"]),
                vec!["records.photo=«FFD8FF00|ffd8ff00|FFD8FF00»"],
            )
        },
        Case {
            corrects: Some(("db.people", "phone", "15400000077")),
            who: vec![mobile("15400000001"), mobile("15400000077")],
            after: vec![
                ("SELECT name FROM people ORDER BY id", &["", "Wang"]),
                (
                    "SELECT «extra|extra::text|JSON_COMPACT(extra)» FROM people WHERE id = 1",
                    &["«{\"vip\":true,\"contact\":{}}|{\"vip\": true, \"contact\": {}}|{\"vip\":true,\"contact\":{}}»"],
                ),
            ],
            ..alone(
                "a value inside JSON",
                ALL,
                "CREATE TABLE people (id INTEGER PRIMARY KEY, extra «TEXT|jsonb|JSON», name VARCHAR(50), closed_on VARCHAR(30));;
                 CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people (id), note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, '{\"vip\":true,\"contact\":{\"phone\":\"15400000001\",\"wx\":\"li_wx\"}}', 'Li', NULL), (2, '{\"contact\":{\"phone\":\"15400000002\"}}', 'Wang', NULL);;
                 INSERT INTO records VALUES (1, 1, 'kept', '2026-01-01')",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { mobile = "phone" }"#)
                    + &fields(
                        "holder",
                        &[
                            "phone mobile column = \"extra\", json = \"contact.phone\", correctable = \"now\"",
                            "wechat account column = \"extra\", json = \"contact.wx\"",
                            "name name anonymise = { text = \"\" }",
                        ],
                    ),
                vec!["people.name=Li", "people.phone=15400000001", "people.wechat=li_wx"],
            )
        },
        Case {
            after: vec![("SELECT array_to_string(phones, ',') FROM people ORDER BY id", &["15400000002"])],
            ..alone(
                "arrays, by one of whose elements a person is found",
                &[On::Postgres],
                "CREATE TABLE people (id INTEGER PRIMARY KEY, phones text[], name VARCHAR(50), closed_on date);;
                 INSERT INTO people VALUES (1, '{15400000001,010-1234}', 'Li', NULL), (2, '{15400000002}', 'Wang', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { mobile = "phones" }"#)
                    + &fields("holder", &["name name", "phones phone"]),
                vec!["people.name=Li", "people.phones=15400000001, 010-1234"],
            )
        },
        Case {
            night: 1,
            after_night: vec![("SELECT id FROM records ORDER BY id", &["2", "3"])],
            ..with_records(
                "booleans as a character, and a period that runs for closed rows only",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, is_closed CHAR(1), done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 'Y', '2020-01-01'), (2, 1, 'N', '2020-01-01'), (3, 2, 'Y', '2026-01-01')",
                records("id", "done_on", BY_PERSON, &["is_closed plain"])
                    .replace("from = \"done_on\",", "from = \"done_on\", when = { is_closed = [\"Y\"] },"),
                vec!["records.is_closed=N", "records.is_closed=Y"],
            )
        },
        Case {
            after: vec![("SELECT count(*) FROM records", &["1"])],
            ..with_records(
                "bits and tiny numbers",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, flag «INTEGER|boolean|BIT(1)», tiny «INTEGER|smallint|TINYINT(1)», done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, «1|true|b'1'», 1, NULL), (2, 2, «0|false|b'0'», 0, NULL)",
                records("id", "done_on", BY_PERSON, &["flag plain", "tiny plain"]),
                vec!["records.flag=«1|true|1»", "records.tiny=1"],
            )
        },
    ]
}

fn names() -> Vec<Case> {
    vec![
        Case {
            night: 1,
            after: vec![("SELECT 备注 FROM 记录", &["w"])],
            ..alone(
                "Chinese names",
                ALL,
                "CREATE TABLE 用户 (编号 INTEGER PRIMARY KEY, 邮箱 VARCHAR(100), 姓名 VARCHAR(50), 注销日期 VARCHAR(30));;
                 CREATE TABLE 记录 (编号 INTEGER PRIMARY KEY, 用户编号 INTEGER, 备注 VARCHAR(50), 完成日期 VARCHAR(30));;
                 INSERT INTO 用户 VALUES (1, 'li@example.com', '李娜', NULL), (2, 'wang@example.com', '王伟', NULL);;
                 INSERT INTO 记录 VALUES (1, 1, '我的', '2020-01-01'), (2, 2, 'w', NULL)",
                table("db.用户", "编号", "注销日期", "")
                    + &role("holder", r#"identified_by = { email = "邮箱" }"#)
                    + &fields("holder", &["姓名 name"])
                    + &table("db.记录", "编号", "完成日期", "")
                    + &role("owner", r#"through = { "用户编号" = "db.用户.holder" }"#)
                    + &fields("owner", &["备注 text"]),
                vec!["用户.姓名=李娜", "记录.备注=我的"],
            )
        },
        Case {
            night: 1,
            after: vec![("SELECT «\"Note's\"|\"Note's\"|`Note's`» FROM «\"group\"|\"group\"|`group`»", &["w"])],
            ..alone(
                "reserved, mixed-case and odd names",
                ALL,
                "CREATE TABLE «\"Order\"|\"Order\"|`Order`» («\"select\"|\"select\"|`select`» INTEGER PRIMARY KEY, «\"E-Mail\"|\"E-Mail\"|`E-Mail`» VARCHAR(100), «\"From\"|\"From\"|`From`» VARCHAR(30));;
                 CREATE TABLE «\"group\"|\"group\"|`group`» («\"Id\"|\"Id\"|`Id`» INTEGER PRIMARY KEY, «\"user\"|\"user\"|`user`» INTEGER, «\"Note's\"|\"Note's\"|`Note's`» VARCHAR(50), «\"when\"|\"when\"|`when`» VARCHAR(30));;
                 INSERT INTO «\"Order\"|\"Order\"|`Order`» VALUES (1, 'li@example.com', NULL), (2, 'wang@example.com', NULL);;
                 INSERT INTO «\"group\"|\"group\"|`group`» VALUES (1, 1, 'mine', '2020-01-01'), (2, 2, 'w', NULL)",
                table("db.Order", "select", "From", "")
                    + &role("holder", r#"identified_by = { email = "E-Mail" }"#)
                    + &fields("holder", &["E-Mail email"])
                    + &table("db.group", "Id", "when", "")
                    + &role("owner", r#"through = { user = "db.Order.holder" }"#)
                    + &fields("owner", &["Note's text"]),
                vec!["Order.E-Mail=li@example.com", "group.Note's=mine"],
            )
        },
        Case {
            night: 1,
            after: vec![("SELECT note FROM «|sales|sales_db».records", &["w"])],
            ..alone(
                "several schemas",
                SERVERS,
                "«|CREATE SCHEMA sales|CREATE DATABASE IF NOT EXISTS sales_db»;;
                 «SELECT 1|SELECT 1|DROP TABLE IF EXISTS sales_db.records»;;
                 CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30));;
                 CREATE TABLE «|sales|sales_db».records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, 'li@example.com', 'Li', NULL), (2, 'wang@example.com', 'Wang', NULL);;
                 INSERT INTO «|sales|sales_db».records VALUES (1, 1, 'mine', '2020-01-01'), (2, 2, 'w', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name"])
                    + &records("id", "done_on", BY_PERSON, &["note text"]).replace("db.records", "db.«|sales|sales_db».records"),
                vec!["people.name=Li", "records.note=mine"],
            )
        },
        Case {
            after: vec![("SELECT count(*) FROM a_very_long_table_name_that_fills_all_sixty_three_characters_no", &["1"])],
            ..alone(
                "names as long as they may be",
                ALL,
                "CREATE TABLE a_very_long_table_name_that_fills_all_sixty_three_characters_no (id INTEGER PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), closed_on VARCHAR(30));;
                 INSERT INTO a_very_long_table_name_that_fills_all_sixty_three_characters_no VALUES (1, 'li@example.com', 'Li', NULL), (2, 'wang@example.com', 'Wang', NULL)",
                table("db.a_very_long_table_name_that_fills_all_sixty_three_characters_no", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }, per_person = "one_row""#)
                    + &fields("holder", &["name name"]),
                vec!["a_very_long_table_name_that_fills_all_sixty_three_characters_no.name=Li"],
            )
        },
    ]
}

fn times() -> Vec<Case> {
    let dated = |name: &'static str, column: &str, rows: &str, written: &str, sees: Vec<&'static str>| Case {
        night: 1,
        after_night: vec![("SELECT id FROM records ORDER BY id", &["2", "3", "4"])],
        after: vec![("SELECT id FROM records", &["4"])],
        ..with_records(
            name,
            &format!(
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, at {column});; INSERT INTO records VALUES {rows}"
            ),
            records("id", "at", BY_PERSON, &["at date"])
                .replace("from = \"at\",", &format!("from = \"at\", {written}")),
            sees,
        )
    };
    vec![
        // Three years before the day of the tests are over at the end of 2023-11-23.
        dated(
            "dates",
            "DATE",
            "(1, 1, '2023-11-23'), (2, 1, '2023-11-24'), (3, 1, NULL), (4, 2, '2026-01-01')",
            "",
            vec!["records.at=2023-11-23", "records.at=2023-11-24"],
        ),
        dated(
            "moments with a time zone, on the border of a day",
            "«TEXT|timestamptz|TIMESTAMP NULL»",
            "(1, 1, «'2023-11-23 23:59:59'|'2023-11-23 15:59:59+00'|'2023-11-23 15:59:59'»), (2, 1, «'2023-11-24 00:00:00'|'2023-11-23 16:00:00+00'|'2023-11-23 16:00:00'»), (3, 1, NULL), (4, 2, '2026-01-01 00:00:00')",
            "",
            vec!["records.at=2023-11-23 23:59:59", "records.at=2023-11-24 00:00:00"],
        ),
        dated(
            "seconds since 1970",
            "BIGINT",
            "(1, 1, 1700755199), (2, 1, 1700755200), (3, 1, 0), (4, 2, 1767196800)",
            "as = \"epoch seconds\",",
            vec!["records.at=0", "records.at=1700755199", "records.at=1700755200"],
        ),
        dated(
            "milliseconds since 1970",
            "BIGINT",
            "(1, 1, 1700755199999), (2, 1, 1700755200000), (3, 1, 0), (4, 2, 1767196800000)",
            "as = \"epoch milliseconds\",",
            vec!["records.at=0", "records.at=1700755199999", "records.at=1700755200000"],
        ),
        dated(
            "dates with slashes",
            "VARCHAR(30)",
            "(1, 1, '2023/11/23 23:59'), (2, 1, '2023/11/24'), (3, 1, '3/1/2020'), (4, 2, '2026/01/01')",
            "as = \"yyyy/mm/dd\",",
            vec!["records.at=2023/11/23 23:59", "records.at=2023/11/24", "records.at=3/1/2020"],
        ),
        dated(
            "dates as eight digits of text",
            "VARCHAR(30)",
            "(1, 1, '20231123235959'), (2, 1, '20231124'), (3, 1, ''), (4, 2, '20260101')",
            "as = \"yyyymmdd\",",
            vec!["records.at=", "records.at=20231123235959", "records.at=20231124"],
        ),
        dated(
            "dates as a number of eight digits",
            "INTEGER",
            "(1, 1, 20231123), (2, 1, 20231124), (3, 1, 0), (4, 2, 20260101)",
            "as = \"yyyymmdd\",",
            vec!["records.at=0", "records.at=20231123", "records.at=20231124"],
        ),
        Case {
            on: SERVERS,
            ..dated(
                "dates that mean never",
                "«|timestamp|DATETIME»",
                "(1, 1, '2020-01-01'), (2, 1, «|'-infinity'|'0000-00-00 00:00:00'»), (3, 1, NULL), (4, 2, '2026-01-01')",
                "",
                vec!["records.at=«|-infinity|0000-00-00 00:00:00»", "records.at=2020-01-01 00:00:00"],
            )
        },
        Case {
            after_night: vec![("SELECT id FROM records ORDER BY id", &["2"])],
            after: vec![("SELECT id FROM records", &["2"])],
            night: 1,
            ..with_records(
                "a flag that says deleted",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(20), is_deleted INTEGER NOT NULL, deleted_at VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 'still there', 1, '2020-01-01'), (2, 2, 'w', 0, NULL)",
                records("id", "deleted_at", BY_PERSON, &["note text"]),
                vec!["records.note=still there"],
            )
        },
    ]
}

fn identity() -> Vec<Case> {
    let spelled = |name: &'static str, on: &'static [On], spelled: &str, rows: &[&str], sees: Vec<&'static str>| {
        let values: Vec<String> = rows.iter().enumerate().map(|(n, row)| format!("({n}, {row}, NULL)")).collect();
        Case {
            after: vec![("SELECT count(*) FROM people", &["1"])],
            ..alone(
                name,
                on,
                &format!(
                    "CREATE TABLE people (id INTEGER PRIMARY KEY, phone VARCHAR(60), mail VARCHAR(60), closed_on VARCHAR(30));; INSERT INTO people VALUES {}",
                    values.join(", ")
                ),
                table("db.people", "id", "closed_on", "")
                    + &role(
                        "holder",
                        &format!(
                            "identified_by = {{ mobile = {} , email = {} }}",
                            spelled.replace("COLUMN", "phone"),
                            spelled.replace("COLUMN", "mail")
                        ),
                    )
                    + &fields("holder", &["phone mobile", "mail email"]),
                sees,
            )
        }
    };
    vec![
        spelled(
            "numbers with +86, spaces and full-width digits",
            ALL,
            "\"COLUMN\"",
            &["'+86 154 0000 0001', NULL", "'0086-15400000001', NULL", "'154-0000-0001', NULL", "'１５４０００００００１', NULL", "'+8615400000002', 'wang@example.com'"],
            vec!["people.phone=+86 154 0000 0001", "people.phone=0086-15400000001", "people.phone=154-0000-0001", "people.phone=１５４０００００００１"],
        ),
        Case {
            // A number of another country with the same digits is another person's.
            after: vec![("SELECT count(*) FROM people", &["2"])],
            ..spelled(
            "numbers and addresses in any spelling",
            ALL,
            "{ column = \"COLUMN\", spelled = \"any\" }",
            &["'(86) 15-40-00.00 001', NULL", "NULL, ' Li@Example.COM '", "NULL, 'LI＠example.com'", "'1540000000', NULL",
                "'+1 (540) 000-0001', NULL"],
            vec!["people.mail= Li@Example.COM ", "people.mail=LI＠example.com", "people.phone=(86) 15-40-00.00 001"],
        )
        },
        Case {
            after: vec![("SELECT count(*) FROM people", &["1"]), ("SELECT note FROM records", &["w"])],
            ..alone(
                "numbers in a number column",
                ALL,
                "CREATE TABLE people (id INTEGER PRIMARY KEY, phone BIGINT, name VARCHAR(50), closed_on VARCHAR(30));;
                 CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, 15400000001, 'Li', NULL), (3, 8615400000001, 'Li', NULL), (2, 15400000002, 'Wang', NULL);;
                 INSERT INTO records VALUES (1, 3, 'mine', NULL), (2, 2, 'w', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { mobile = "phone" }"#)
                    + &fields("holder", &["name name"])
                    + &records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["people.name=Li", "people.name=Li", "records.note=mine"],
            )
        },
        Case {
            after: vec![("SELECT name FROM people ORDER BY id", &["Wang"]), ("SELECT note FROM records ORDER BY id", &["w"])],
            ..alone(
                "one person under several keys",
                ALL,
                "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(30), name VARCHAR(50), closed_on VARCHAR(30));;
                 CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, 'li@example.com', NULL, 'Li', NULL), (2, 'wang@example.com', '15400000002', 'Wang', NULL), (3, NULL, '15400000001', 'Li Na', NULL);;
                 INSERT INTO records VALUES (1, 1, 'a', NULL), (2, 3, 'b', NULL), (3, 2, 'w', NULL)",
                people() + &records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["people.email=li@example.com", "people.mobile=15400000001", "people.name=Li", "people.name=Li Na", "records.note=a", "records.note=b"],
            )
        },
        Case {
            who: vec![mobile("15400000009")],
            other: vec![email("li@example.com"), email("wang@example.com"), mobile("15400000009")],
            after: vec![("SELECT name FROM people ORDER BY id", &["Li", "Wang"])],
            ..alone(
                "one telephone, two people: it does not tell whose they are",
                ALL,
                "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(30), name VARCHAR(50), closed_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, 'li@example.com', '15400000009', 'Li', NULL), (2, 'wang@example.com', '+86 15400000009', 'Wang', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email", mobile = "mobile" }, per_person = "one_row""#)
                    + &fields("holder", &["name name"]),
                vec![],
            )
        },
        Case {
            who: vec![mobile("15400000009"), email("li@example.com")],
            // When Li's account is gone, the number leads to one account again.
            keeps: vec!["people.name=Wang"],
            after: vec![("SELECT name FROM people ORDER BY id", &["Wang"])],
            ..alone(
                "one telephone, two people: the address tells them apart",
                ALL,
                "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), mobile VARCHAR(30), name VARCHAR(50), closed_on VARCHAR(30));;
                 INSERT INTO people VALUES (1, 'li@example.com', '15400000009', 'Li', NULL), (2, 'wang@example.com', '15400000009', 'Wang', NULL)",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email", mobile = "mobile" }, per_person = "one_row""#)
                    + &fields("holder", &["name name"]),
                vec!["people.name=Li"],
            )
        },
    ]
}

fn constraints() -> Vec<Case> {
    // Rows that stay, because the other side is somebody else's.
    let two_sides = |extra: &[&str]| {
        table("db.records", "id", "done_on", "")
            + &role("owner", BY_PERSON)
            + &role("other", r#"through = { other_id = "db.people.holder" }"#)
            + &fields("owner", extra)
            + &fields("owner", &["person_id plain anonymise = \"null\""])
            + &fields("other", &["other_id plain anonymise = \"null\""])
    };
    vec![
        Case {
            after: vec![("SELECT note FROM records ORDER BY id", &["", "w"])],
            ..with_records(
                "columns that may not be empty",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, other_id INTEGER, note VARCHAR(50) NOT NULL, done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 2, 'mine', NULL), (2, 2, 2, 'w', NULL)",
                two_sides(&["note text anonymise = { text = \"\" }"]),
                vec!["records.note=mine", "records.person_id=1"],
            )
        },
        Case {
            after: vec![("SELECT phone FROM records ORDER BY id", &["00000000000", "15400000002"])],
            ..with_records(
                "a CHECK an emptied value must satisfy",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, other_id INTEGER, phone VARCHAR(11) NOT NULL CHECK (length(phone) = 11), done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 2, '15400000001', NULL), (2, 2, 2, '15400000002', NULL)",
                two_sides(&["phone mobile anonymise = { text = \"00000000000\" }"]),
                vec!["records.person_id=1", "records.phone=15400000001"],
            )
        },
        Case {
            after: vec![
                ("SELECT count(DISTINCT code) FROM records", &["3"]),
                ("SELECT count(*) FROM records WHERE code LIKE 'erased-%'", &["2"]),
            ],
            ..with_records(
                "columns that must be unique, and are short",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, other_id INTEGER, code VARCHAR(20) NOT NULL UNIQUE, done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 2, 'a', NULL), (2, 1, 2, 'b', NULL), (3, 2, 2, 'w', NULL)",
                two_sides(&["code account anonymise = \"unique\""]),
                vec!["records.code=a", "records.code=b", "records.person_id=1", "records.person_id=1"],
            )
        },
        Case {
            after: vec![("SELECT coalesce(full_name, '-') FROM records ORDER BY id", &["-", "w x"])],
            ..with_records(
                "a column the database computes",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, other_id INTEGER, first VARCHAR(20), last VARCHAR(20), full_name VARCHAR(50) GENERATED ALWAYS AS («first || ' ' || last|first || ' ' || last|concat(first, ' ', last)») STORED, done_on VARCHAR(30));;
                 INSERT INTO records (id, person_id, other_id, first, last) VALUES (1, 1, 2, 'Na', 'Li'), (2, 2, 2, 'w', 'x')",
                two_sides(&["first name", "last name", "full_name name"]),
                vec!["records.first=Na", "records.full_name=Na Li", "records.last=Li", "records.person_id=1"],
            )
        },
        Case {
            check_says: vec!["trigger `log_it` runs"],
            after: vec![("SELECT count(*) FROM records", &["1"]), ("SELECT count(*) FROM log", &["2"])],
            on: ALL,
            ..with_records(
                "triggers",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 CREATE TABLE log (record_id INTEGER);;
                 INSERT INTO records VALUES (1, 1, 'a', NULL), (2, 1, 'b', NULL), (3, 2, 'w', NULL);;
                 «CREATE TRIGGER log_it AFTER DELETE ON records BEGIN INSERT INTO log VALUES (OLD.id); END|CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (OLD.id); RETURN OLD; END $$|CREATE TRIGGER log_it AFTER DELETE ON records FOR EACH ROW INSERT INTO log VALUES (OLD.id)»;;
                 «SELECT 1|CREATE TRIGGER log_it AFTER DELETE ON records FOR EACH ROW EXECUTE FUNCTION log_it()|SELECT 1»",
                records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=a", "records.note=b"],
            )
        },
    ]
}

fn pointers() -> Vec<Case> {
    vec![
        Case {
            after: vec![
                ("SELECT address FROM visits WHERE id IN (1, 4, 5, 6) ORDER BY id", &["福建省厦门市", "", "", ""]),
                ("SELECT trade FROM visits WHERE id IN (1, 4, 5, 6) ORDER BY id", &["tea", "", "", ""]),
            ],
            night: 1,
            after_night: vec![("SELECT address FROM visits WHERE id = 1", &["福建省厦门市"])],
            ..alone(
                "what stays is shared by enough",
                ALL,
                "CREATE TABLE visits (id INTEGER PRIMARY KEY, mobile VARCHAR(30), address VARCHAR(100), trade VARCHAR(30), done_on VARCHAR(30));;
                 INSERT INTO visits VALUES (1, '15400000001', '福建省厦门市思明区1号', 'tea', '2020-01-01'), (2, '15400000002', '福建省厦门市湖里区2号', 'tea', '2026-01-01'),
                 (3, '15400000002', '福建省厦门市集美区3号', 'tea', '2026-01-01'), (4, '15400000001', '海南省三亚市吉阳区4号', 'tea', '2026-01-01'),
                 (5, '15400000001', '5号', 'tea', '2026-01-01'), (6, '15400000001', '福建省厦门市海沧区6号', 'silk', '2026-01-01')",
                table("db.visits", "id", "done_on", "").replace("then = \"delete\"", "then = \"anonymise\"")
                    + &role("guest", r#"identified_by = { mobile = "mobile" }"#)
                    + &fields(
                        "guest",
                        &[
                            "mobile mobile",
                            "address address anonymise = { coarse = { up_to = \"市\", at_least = 3 } }",
                            "trade plain anonymise = { coarse = { at_least = 3 } }",
                        ],
                    ),
                vec![
                    "visits.address=5号",
                    "visits.address=海南省三亚市吉阳区4号",
                    "visits.address=福建省厦门市思明区1号",
                    "visits.address=福建省厦门市海沧区6号",
                    "visits.mobile=15400000001",
                    "visits.mobile=15400000001",
                    "visits.mobile=15400000001",
                    "visits.mobile=15400000001",
                    "visits.trade=silk",
                    "visits.trade=tea",
                    "visits.trade=tea",
                    "visits.trade=tea",
                ],
            )
        },
        Case {
            check_says: vec!["is deleted together with rows of this table, but is not in the map"],
            // The account is emptied, because what hangs on it was never counted.
            after: vec![("SELECT coalesce(name, '-') FROM people ORDER BY id", &["-", "Wang"]), ("SELECT count(*) FROM unknown", &["1"])],
            ..with_records(
                "a child outside the map that would be deleted too",
                "CREATE TABLE unknown (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE);;
                 INSERT INTO unknown VALUES (1, 1)",
                String::new(),
                vec![],
            )
        },
        Case {
            check_says: vec!["points at this table and is not in the map"],
            after: vec![("SELECT coalesce(name, '-') FROM people ORDER BY id", &["-", "Wang"]), ("SELECT count(*) FROM unknown", &["1"])],
            ..with_records(
                "a child outside the map that would refuse",
                "CREATE TABLE unknown (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE RESTRICT);;
                 INSERT INTO unknown VALUES (1, 1)",
                String::new(),
                vec![],
            )
        },
        Case {
            after: vec![("SELECT name FROM people", &["Wang"]), ("SELECT coalesce(person_id, 0) FROM unknown", &["0"])],
            ..with_records(
                "a child outside the map that lets go",
                "CREATE TABLE unknown (id INTEGER PRIMARY KEY, person_id INTEGER, FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE SET NULL);;
                 INSERT INTO unknown VALUES (1, 1)",
                String::new(),
                vec![],
            )
        },
        Case {
            after: vec![("SELECT name FROM people", &["Wang"]), ("SELECT note FROM records", &["w"])],
            night: 2,
            after_night: vec![("SELECT note FROM records ORDER BY id", &["new", "w"])],
            ..with_records(
                "a child in the map that would be deleted too, and is counted",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, note VARCHAR(50), done_on VARCHAR(30), FOREIGN KEY (person_id) REFERENCES people (id) ON DELETE CASCADE);;
                 INSERT INTO records VALUES (1, 1, 'a', '2020-01-01'), (2, 1, 'b', '2020-01-01'), (3, 1, 'new', '2026-01-01'), (4, 2, 'w', NULL)",
                records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=a", "records.note=b", "records.note=new"],
            )
        },
        Case {
            after: vec![("SELECT note FROM records ORDER BY id", &["answer", "w"])],
            night: 2,
            ..with_records(
                "rows of one table that point at each other",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, parent_id INTEGER, note VARCHAR(50), done_on VARCHAR(30), FOREIGN KEY (parent_id) REFERENCES records (id));;
                 INSERT INTO records VALUES (1, 1, NULL, 'root', '2020-01-01');; INSERT INTO records VALUES (2, 1, 1, 'reply', '2020-01-01');; INSERT INTO records VALUES (3, 1, 2, 'leaf', NULL);;
                 INSERT INTO records VALUES (4, 2, NULL, 'answer', NULL), (5, 2, NULL, 'w', NULL)",
                records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=leaf", "records.note=reply", "records.note=root"],
            )
            // At night the leaf has not begun and stays, so the reply it points at is emptied; the root goes.
        },
        Case {
            // Wang's answer stays and points at Li's question, which is therefore emptied.
            after: vec![("SELECT coalesce(note, '-') FROM records ORDER BY id", &["-", "answer"])],
            ..with_records(
                "somebody else's row points at one of the same table",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, parent_id INTEGER, note VARCHAR(50), done_on VARCHAR(30), FOREIGN KEY (parent_id) REFERENCES records (id));;
                 INSERT INTO records VALUES (1, 1, NULL, 'question', NULL);; INSERT INTO records VALUES (2, 2, 1, 'answer', NULL)",
                records("id", "done_on", BY_PERSON, &["note text", "person_id plain anonymise = \"null\""]),
                vec!["records.note=question", "records.person_id=1"],
            )
        },
        Case {
            after: vec![("SELECT name FROM people", &["Wang"]), ("SELECT street FROM addresses", &["w"])],
            ..alone(
                "two tables that point at each other",
                ALL,
                "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100), name VARCHAR(50), home_id INTEGER «REFERENCES addresses (id)| | », closed_on VARCHAR(30));;
                 CREATE TABLE addresses (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, street VARCHAR(50), removed_on VARCHAR(30), FOREIGN KEY (person_id) REFERENCES people (id));;
                 «SELECT 1|ALTER TABLE people ADD FOREIGN KEY (home_id) REFERENCES addresses (id)|ALTER TABLE people ADD FOREIGN KEY (home_id) REFERENCES addresses (id)»;;
                 INSERT INTO people VALUES (1, 'li@example.com', 'Li', NULL, NULL), (2, 'wang@example.com', 'Wang', NULL, NULL);;
                 INSERT INTO addresses VALUES (1, 1, 's1', NULL), (2, 1, 's2', NULL), (3, 2, 'w', NULL);;
                 UPDATE people SET home_id = 1 WHERE id = 1;; UPDATE people SET home_id = 3 WHERE id = 2",
                table("db.people", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["name name"])
                    + &table("db.addresses", "id", "removed_on", "")
                    + &role("owner", BY_PERSON)
                    + &fields("owner", &["street address"]),
                vec!["addresses.street=s1", "addresses.street=s2", "people.name=Li"],
            )
        },
        Case {
            after: vec![
                ("SELECT coalesce(quoted, '-') FROM messages ORDER BY id", &["-", "-", "w"]),
                ("SELECT author_id FROM messages WHERE id = 2", &["2"]),
            ],
            ..with_records(
                "a role along the table's own path",
                "CREATE TABLE messages (id INTEGER PRIMARY KEY, author_id INTEGER, reply_to INTEGER, text VARCHAR(50), quoted VARCHAR(50), sent_on VARCHAR(30));;
                 INSERT INTO messages VALUES (1, 1, NULL, 'hello', NULL, NULL), (2, 2, 1, 'hi', 'hello', NULL), (3, 2, 2, 'hm', 'w', NULL)",
                table("db.messages", "id", "sent_on", "")
                    + &role("author", r#"through = { author_id = "db.people.holder" }"#)
                    + &role("quoted", r#"through = { reply_to = "db.messages.author" }"#)
                    + &fields("author", &["text text", "author_id plain anonymise = \"null\""])
                    + &fields("quoted", &["quoted text"]),
                vec!["messages.author_id=1", "messages.quoted=hello", "messages.text=hello"],
            )
        },
    ]
}

fn shapes() -> Vec<Case> {
    vec![
        Case {
            check_says: vec!["is a view"],
            after: vec![("SELECT count(*) FROM summary", &["1"])],
            ..with_records(
                "a view is shown and never written to",
                "CREATE VIEW summary AS SELECT id, email, name AS label, closed_on FROM people",
                table("db.summary", "id", "closed_on", "")
                    + &role("holder", r#"identified_by = { email = "email" }"#)
                    + &fields("holder", &["label name"]),
                vec!["summary.label=Li"],
            )
        },
        Case {
            on: SERVERS,
            night: 1,
            after: vec![("SELECT id FROM records ORDER BY id", &["4"])],
            after_night: vec![("SELECT id FROM records ORDER BY id", &["2", "3", "4"])],
            ..with_records(
                "partitions",
                "CREATE TABLE records (id INTEGER NOT NULL, person_id INTEGER, note VARCHAR(50), at date NOT NULL, PRIMARY KEY (id, at)) «|PARTITION BY RANGE (at)|PARTITION BY RANGE (YEAR(at)) (PARTITION old VALUES LESS THAN (2024), PARTITION rest VALUES LESS THAN MAXVALUE)»;;
                 «|CREATE TABLE records_old PARTITION OF records FOR VALUES FROM ('2000-01-01') TO ('2024-01-01')|SELECT 1»;;
                 «|CREATE TABLE records_new PARTITION OF records DEFAULT|SELECT 1»;;
                 INSERT INTO records VALUES (1, 1, 'a', '2020-01-01'), (2, 1, 'b', '2023-12-31'), (3, 1, 'c', '2026-01-01'), (4, 2, 'w', '2026-01-01')",
                records("id, at", "at", BY_PERSON, &["note text"]),
                vec!["records.note=a", "records.note=b", "records.note=c"],
            )
        },
        Case {
            keeps: vec![],
            after: vec![("SELECT count(*) FROM records", &["1"])],
            ..with_records(
                "values with quotes, line ends, emoji and rare characters",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note «TEXT|text|TEXT CHARACTER SET utf8mb4», done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 'O''Neil \"x\" 𬭎𠮷 🙂', NULL), (2, 2, 'w', NULL)",
                records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=O'Neil \"x\" 𬭎𠮷 🙂"],
            )
        },
        Case {
            after: vec![("SELECT count(*) FROM records", &["1"])],
            ..with_records(
                "many rows of one person, in steps",
                "CREATE TABLE records (id INTEGER PRIMARY KEY, person_id INTEGER, note VARCHAR(50), done_on VARCHAR(30));;
                 INSERT INTO records VALUES (1, 1, 'n', NULL), (2, 1, 'n', NULL), (3, 1, 'n', NULL), (4, 1, 'n', NULL), (5, 1, 'n', NULL), (6, 2, 'w', NULL)",
                records("id", "done_on", BY_PERSON, &["note text"]),
                vec!["records.note=n", "records.note=n", "records.note=n", "records.note=n", "records.note=n"],
            )
        },
    ]
}

//! A small company on a real database.

use domain::{
    Email, Identifier, Mobile,
    calendar::Calendar,
    ids::StepId,
    map::{DataMap, MapFile, RoleName, load},
    plan::{Outcome, Plan},
};
use jiff::civil::{Date, date};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use sources::{
    OnHold, Scope, Sources, Terms,
    catalogue::Catalogues,
    execute::{self, Approved},
    lock::Lock,
    plan::{Planned, plan},
};

/// Of what is locked away.
pub(super) fn lock() -> Lock {
    Lock::new("request".into(), [7; 32].into())
}

pub(super) const TODAY: Date = date(2026, 11, 23);

pub(super) const SCHEMA: &str = "
CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(100) UNIQUE, mobile VARCHAR(20), name VARCHAR(50) NOT NULL, closed_on DATE);
CREATE TABLE settings (person_id INTEGER NOT NULL REFERENCES people (id), channel VARCHAR(20) NOT NULL, tag VARCHAR(50), set_on DATE NOT NULL, PRIMARY KEY (person_id, channel));
CREATE TABLE orders (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people (id), goods VARCHAR(100), done_on DATE);
CREATE TABLE parcels (id INTEGER PRIMARY KEY, no VARCHAR(20) NOT NULL, sender_id INTEGER REFERENCES people (id), sender_name VARCHAR(50), receiver_name VARCHAR(50), receiver_mobile VARCHAR(20), code VARCHAR(60) NOT NULL UNIQUE, delivered_on DATE);
";

pub(super) const DATA: &str = "
INSERT INTO people VALUES (1, 'li@example.com', '15400000001', 'Li', NULL), (2, 'wang@example.com', '15400000002', 'Wang', NULL), (3, 'old@example.com', '15400000003', 'Old', '2026-01-01'), (4, 'gone@example.com', '15400000004', 'Gone', '2026-01-01');
INSERT INTO settings VALUES (1, 'mail', 'a', '2026-10-01'), (1, 'sms', 'b', '2026-10-01'), (2, 'mail', 'c', '2020-10-01');
INSERT INTO orders VALUES (1, 1, 'books', '2020-01-01'), (2, 1, 'tea', '2025-01-01'), (3, 1, 'shoes', NULL), (4, 2, 'cups', '2020-01-01'), (5, 3, 'pens', '2025-06-01');
INSERT INTO parcels VALUES
  (1, 'P1', 1, 'Li', 'Wang', '15400000002', 'c1', '2024-01-01'),
  (2, 'P2', 1, 'Li', 'Zhao', '15400000009', 'c2', '2026-10-01'),
  (3, 'P3', 2, 'Wang', 'Li', '15400000001', 'c3', '2024-01-01'),
  (4, 'P4', 2, 'Wang', 'Qian', NULL, 'c4', '2020-01-01');
";

pub(super) const MAP: &str = r#"
[handler]
name = { zh-CN = "甲", en = "A" }
address = { zh-CN = "乙", en = "B" }
officer = { name = { zh-CN = "丙", en = "C" }, email = "p@example.com", phone = "1" }
effective = "2026-01-01"
[identifier.email]
[identifier.mobile]
with = "db.parcels.no"
[purpose.p]
name = { zh-CN = "丁", en = "D" }
why = { zh-CN = "丁", en = "D" }
basis = "contract"
[source.db]
name = { zh-CN = "库", en = "db" }
engine = "ENGINE"
url = "URL"
stored_in = { zh-CN = "中国", en = "China" }
[table."db.people"]
name = { zh-CN = "人", en = "People" }
key = ["id"]
purposes = ["p"]
retention = { from = "closed_on", starts = { zh-CN = "注销", en = "closing" }, keep = "15 days", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, identified_by = { email = "email", mobile = "mobile" } }
field.email = { of = "holder", kind = "email" }
field.mobile = { of = "holder", kind = "mobile", correctable = "now" }
field.name = { of = "holder", kind = "name", anonymise = { text = "" } }
[table."db.settings"]
name = { zh-CN = "设置", en = "Settings" }
key = ["person_id", "channel"]
purposes = ["p"]
retention = { from = "set_on", starts = { zh-CN = "设置", en = "setting" }, keep = "12 months", then = "delete" }
role.holder = { name = { zh-CN = "本人", en = "holder" }, through = { person_id = "db.people.holder" } }
field.tag = { of = "holder", kind = "plain" }
[table."db.orders"]
name = { zh-CN = "订单", en = "Orders" }
key = ["id"]
purposes = ["p"]
retention = { from = "done_on", starts = { zh-CN = "完成", en = "completion" }, keep = "3 years", then = "delete", floor = [{ keep = "3 years", law = { zh-CN = "法", en = "law" } }] }
role.buyer = { name = { zh-CN = "买方", en = "buyer" }, through = { person_id = "db.people.holder" } }
field.goods = { of = "buyer", kind = "text" }
[table."db.parcels"]
name = { zh-CN = "包裹", en = "Parcels" }
key = ["id"]
purposes = ["p"]
retention = { from = "delivered_on", starts = { zh-CN = "签收", en = "delivery" }, keep = "3 years", then = "anonymise", floor = [{ keep = "2 years", law = { zh-CN = "法", en = "law" } }] }
role.sender = { name = { zh-CN = "寄", en = "sender" }, through = { sender_id = "db.people.holder" } }
role.receiver = { name = { zh-CN = "收", en = "receiver" }, identified_by = { mobile = "receiver_mobile" } }
field.no = { of = "everyone", kind = "waybill_no" }
field.sender_id = { of = "sender", kind = "plain", anonymise = "null" }
field.sender_name = { of = "sender", kind = "name" }
field.receiver_name = { of = "receiver", kind = "name" }
field.receiver_mobile = { of = "receiver", kind = "mobile" }
field.code = { of = "receiver", kind = "plain", anonymise = "unique" }
"#;

pub(super) struct Company {
    pub(super) db: DatabaseConnection,
    pub(super) map: DataMap,
    pub(super) sources: Sources,
    pub(super) catalogues: Catalogues,
    pub(super) dir: tempfile::TempDir,
}

impl Company {
    pub(super) async fn open(engine: &str, url: String, data: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (direct, in_map) = if engine == "sqlite" {
            (format!("sqlite:{}?mode=rwc", dir.path().join("c.sqlite").display()), "sqlite:c.sqlite".to_owned())
        } else {
            (url.clone(), url)
        };
        let db = Database::connect(direct).await.unwrap();
        db.execute_unprepared(SCHEMA).await.unwrap();
        if !data.is_empty() {
            db.execute_unprepared(data).await.unwrap();
        }
        let text = MAP.replace("ENGINE", engine).replace("URL", &in_map);
        let map = load(&[MapFile { name: "map.toml".into(), text }]).unwrap();
        let sources = Sources::open(&map, dir.path()).unwrap();
        let catalogues = sources.catalogues().await.unwrap();
        Self { db, map, sources, catalogues, dir }
    }

    pub(super) async fn sqlite() -> Self {
        Self::open("sqlite", String::new(), DATA).await
    }

    pub(super) fn terms<'a>(&'a self, scope: &'a Scope, holds: &'a [OnHold], as_of: Date) -> Terms<'a> {
        Terms { map: &self.map, catalogues: &self.catalogues, scope, holds, as_of, common: None }
    }

    pub(super) async fn plan(&self, scope: &Scope, holds: &[OnHold], as_of: Date) -> Planned {
        plan(&self.sources, &self.terms(scope, holds, as_of), &Calendar::default()).await.unwrap()
    }

    /// Carries a plan out in the smallest steps, and returns what was changed per item.
    pub(super) async fn carry_out(&self, scope: &Scope, holds: &[OnHold], as_of: Date, plan: &Plan) -> Vec<u64> {
        let terms = self.terms(scope, holds, as_of);
        for source in self.sources.iter() {
            execute::prepare(source).await.unwrap();
        }
        let mut changed = Vec::new();
        for item in &plan.items {
            let (mut rows, mut cursor) = (0, None);
            while item.changes() {
                let step = StepId(uuid::Uuid::from_u128(u128::from(rand())));
                let done = execute::run_step(
                    &self.sources,
                    &terms,
                    Approved { item, step, most: 1, lock: &lock() },
                    cursor.as_ref(),
                )
                .await
                .unwrap();
                rows += done.rows;
                cursor = done.up_to;
                if cursor.is_none() {
                    break;
                }
                let source = self.sources.iter().next().unwrap();
                assert_eq!(execute::settle_step(source, step).await.unwrap(), done.rows);
            }
            changed.push(rows);
        }
        changed
    }

    pub(super) async fn text(&self, sql: &str) -> Vec<String> {
        let statement = sea_orm::Statement::from_string(self.db.get_database_backend(), sql);
        let rows = self.db.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<Option<String>>(0).unwrap().unwrap_or_default()).collect()
    }
}

pub(super) fn rand() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

pub(super) fn li() -> Vec<Identifier> {
    vec![
        Identifier::Email(Email::parse("li@example.com").unwrap()),
        Identifier::Mobile(Mobile::parse("15400000001").unwrap()),
    ]
}

pub(super) fn outcome<'a>(plan: &'a Plan, table: &str, role: &str) -> Vec<(&'a Outcome, u64)> {
    plan.items
        .iter()
        .filter(|item| item.table.to_string() == table && item.roles.contains(&RoleName(role.into())))
        .map(|item| (&item.outcome, item.rows))
        .collect()
}

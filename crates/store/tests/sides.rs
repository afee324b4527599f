//! What was said before there were sides keeps its meaning: officers had written to whoever asked, and to nobody else; and
//! what somebody else had asked is found as such.

#![allow(clippy::unwrap_used, reason = "tests")]

use migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use testkit::Postgres;

/// Migrations released before.
const BEFORE: u32 = 12;

const ROWS: [&str; 11] = [
    "INSERT INTO request (id, number, kind, stage_name, stage, lang, subject_sealed, received_at, due_on, version, requester) \
     VALUES ('two', 'QD-1', 'COPY', 'received', '{}', 'zh-CN', '', 0, '2026-12-01', 1, \
     '{\"by\":\"representative\",\"capacity\":\"agent\",\"checked\":{\"checked\":\"not_yet\"}}')",
    "INSERT INTO request (id, number, kind, stage_name, stage, lang, subject_sealed, received_at, due_on, version, requester) \
     VALUES ('one', 'QD-2', 'COPY', 'received', '{}', 'zh-CN', '', 0, '2026-12-01', 1, '{\"by\":\"subject\"}')",
    "INSERT INTO request_event (request_id, seq, at, actor, what, data) VALUES ('two', 0, 0, 'customer', 'filed', '{}')",
    "INSERT INTO request_event (request_id, seq, at, actor, what, data) VALUES ('two', 1, 0, 'staff:1', 'request_asked', '{}')",
    "INSERT INTO request_event (request_id, seq, at, actor, what, data) VALUES ('two', 2, 0, 'customer', 'request_answered', '{\"as\":\"subject\"}')",
    "INSERT INTO request_event (request_id, seq, at, actor, what, data) VALUES ('two', 3, 0, 'customer', 'request_answered', '{\"as\":\"asker\"}')",
    "INSERT INTO request_event (request_id, seq, at, actor, what, data) VALUES ('two', 4, 0, 'customer', 'request_cancelled', '{\"as\":\"subject\"}')",
    "INSERT INTO request_event (request_id, seq, at, actor, what, data) VALUES ('one', 0, 0, 'staff:1', 'request_asked', '{}')",
    "INSERT INTO file (id, request_id, purpose, media, size, actor, at, name_sealed, content_sealed) VALUES ('a', 'two', 'message', 'application/pdf', 1, 'staff:1', 0, '', '')",
    "INSERT INTO file (id, request_id, purpose, media, size, actor, at, name_sealed, content_sealed) VALUES ('b', 'two', 'evidence', 'application/pdf', 1, 'customer', 0, '', '')",
    "INSERT INTO file (id, request_id, purpose, media, size, actor, at, name_sealed, content_sealed) VALUES ('c', 'one', 'message', 'application/pdf', 1, 'staff:1', 0, '', '')",
];

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

async fn old_words_stay_with_whom_they_were_said(url: &str) {
    let db = Database::connect(url).await.unwrap();
    Migrator::up(&db, Some(BEFORE)).await.unwrap();
    for row in ROWS {
        db.execute_unprepared(row).await.unwrap();
    }
    Migrator::up(&db, None).await.unwrap();
    let sides = "SELECT COALESCE(side, 'everyone') FROM request_event ORDER BY request_id DESC, seq";
    assert_eq!(texts(&db, sides).await, ["everyone", "asker", "subject", "asker", "everyone", "everyone"]);
    let sides = "SELECT COALESCE(side, 'everyone') FROM file ORDER BY id";
    assert_eq!(texts(&db, sides).await, ["asker", "everyone", "everyone"]);
    let filed_as = "SELECT filed_as FROM file ORDER BY id";
    assert_eq!(texts(&db, filed_as).await, ["message", "evidence", "message"]);
    let by_another = "SELECT CAST(asked_by_another AS TEXT) FROM request ORDER BY number";
    assert_eq!(texts(&db, by_another).await, ["1", "0"]);
}

#[tokio::test]
async fn on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", dir.path().join("p.sqlite").display());
    old_words_stay_with_whom_they_were_said(&url).await;
}

#[tokio::test]
async fn on_postgres() {
    let server = Postgres::start();
    old_words_stay_with_whom_they_were_said(&server.database()).await;
}

//! The drill: a backup is made, someone is erased, the backup is restored, and nobody stays back.

use std::{
    process::{Command, Stdio},
    sync::atomic::Ordering,
};

use super::world::{World, at_rest, backup, company, company_at, copy};
use domain::request::RequestKind;
use sea_orm::{ConnectionTrait, Database};
use service::worker::Worked;
use sources::fault::Faults;
use testkit::Postgres;

const LI: &str = "SELECT (SELECT count(*) FROM people WHERE email = 'li@example.com') \
     + (SELECT count(*) FROM orders WHERE person_id = 1) + (SELECT count(*) FROM notes WHERE email = 'li@example.com')";

/// Erases Li, lets `restore` bring the backup back, and replays.
async fn drill(world: &World, restore: impl FnOnce()) {
    let before_backup = world.portal(Faults::default()).await.clock.now();
    let request = world.begin().await;
    let portal = world.portal(Faults::default()).await;
    while portal.work_once().await.unwrap() == Worked::Did {}
    assert_eq!(world.count(LI).await, 0, "erased");
    assert!(portal.returned(before_backup).await.unwrap().is_empty(), "nobody is back yet");
    drop(portal);
    at_rest(world.dir().path()).await;
    restore();
    assert_eq!(world.count(LI).await, 8, "the backup brought Li back");

    let portal = world.portal(Faults::default()).await;
    let later = portal.clock.now() + jiff::SignedDuration::from_hours(1);
    assert!(portal.returned(later).await.unwrap().is_empty(), "a backup from after the erasure brings nobody back");
    let returned = portal.returned(before_backup).await.unwrap();
    assert_eq!(returned.len(), 1, "{returned:?}");
    assert_eq!((&returned[0].number, returned[0].kind, returned[0].rows), (&request.number, RequestKind::Delete, 8));
    assert_eq!(world.count(LI).await, 8, "looking changes nothing");
    for one in returned {
        assert!(portal.replay(one).await.unwrap().verified);
    }
    assert_eq!(world.count(LI).await, 0, "gone again");
    assert_eq!(world.count("SELECT count(*) FROM orders WHERE person_id = 2").await, 2, "nobody else was touched");
    assert!(portal.returned(before_backup).await.unwrap().is_empty());
    // What storage remembers is settled a little later.
    world.now.fetch_add(120_000, Ordering::Relaxed);
    while portal.work_once().await.unwrap() == Worked::Did {}
    assert_eq!(portal.store.jobs_waiting().await.unwrap(), 0);
    assert_eq!(world.count("SELECT count(*) FROM qingdan_receipts").await, 0, "the ledger has them all");
    assert!(portal.store.verify_audit(store::audit::Walk::Whole).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_copy_of_an_sqlite_file_brings_nobody_back_for_good() {
    let dir = tempfile::tempdir().unwrap();
    company_at(&company(dir.path())).await;
    let backup = copy(dir.path());
    let world = World::new(dir, None);
    let to = world.dir().path().to_owned();
    drill(&world, || {
        std::fs::copy(backup.path().join("c.sqlite"), to.join("c.sqlite")).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_postgresql_dump_brings_nobody_back_for_good() {
    let server = Postgres::start();
    let url = server.database();
    company_at(&url).await;
    let dir = tempfile::tempdir().unwrap();
    let dump = dir.path().join("company.dump");
    let run = |program: &str, args: &[&str]| {
        let status = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.expect("apt-get install postgresql-client").success(), "{program}");
    };
    run("pg_dump", &["--format=custom", "--file", dump.to_str().unwrap(), &url]);
    let world = World::new(tempfile::tempdir().unwrap(), Some(url.clone()));
    drill(&world, || run("pg_restore", &["--clean", "--dbname", &url, dump.to_str().unwrap()])).await;
}

pub const BILLS: &str = r#"
[table."db.bills"]
name = { zh-CN = "票据", en = "Bills" }
key = ["id"]
purposes = ["p"]
retention = { from = "paid_on", starts = { zh-CN = "付款", en = "payment" }, keep = "10 years", then = "delete", floor = [{ keep = "3 years", law = { zh-CN = "法", en = "law" } }] }
role.payer = { name = { zh-CN = "付款人", en = "payer" }, through = { person_id = "db.people.holder" } }
field.payer = { of = "payer", kind = "name" }
"#;

/// What the law kept at first belongs to nobody that could be found by then: it goes by what was noted of it.
#[tokio::test]
async fn what_was_left_for_its_day_and_then_finished_does_not_come_back_for_good() {
    let dir = tempfile::tempdir().unwrap();
    company_at(&company(dir.path())).await;
    let mut world = World::new(dir, None);
    world.redraw(|map| format!("{map}{BILLS}"));
    let db = Database::connect(company(world.dir().path())).await.unwrap();
    let bills = "CREATE TABLE bills (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people (id), payer VARCHAR(50), paid_on DATE);
        INSERT INTO bills VALUES (1, 1, 'Li', '2024-01-01'), (2, 2, 'Wang', '2024-01-01'), (3, 1, 'Li', '2024-02-01')";
    db.execute_unprepared(bills).await.unwrap();
    db.close().await.unwrap();
    let request = world.begin().await;
    let portal = world.portal(Faults::default()).await;
    while portal.work_once().await.unwrap() == Worked::Did {}
    let of_li = "SELECT count(*) FROM bills WHERE person_id = 1 AND payer = 'Li'";
    assert_eq!(world.count(of_li).await, 2, "the law keeps them");
    assert_eq!(world.count("SELECT count(*) FROM people WHERE email = 'li@example.com'").await, 0);

    world.now.fetch_add(24 * 3_600_000, Ordering::Relaxed);
    let at_backup = portal.clock.now();
    drop(portal);
    let backup = backup(&world).await;
    // 10:00 on 24 March 2027: both floors are over.
    world.now.store(1_805_853_600_000, Ordering::Relaxed);
    let portal = world.portal(Faults::default()).await;
    assert!(portal.retain(portal.clock.today(), &|_| {}).await.unwrap().verified);
    assert_eq!(world.count(of_li).await, 0, "their day has come");
    assert!(portal.returned(at_backup).await.unwrap().is_empty());
    drop(portal);
    at_rest(world.dir().path()).await;
    std::fs::copy(backup.path().join("c.sqlite"), world.dir().path().join("c.sqlite")).unwrap();
    for beside in ["c.sqlite-wal", "c.sqlite-shm"] {
        let _ = std::fs::remove_file(world.dir().path().join(beside));
    }
    assert_eq!(world.count(of_li).await, 2, "the backup brought them back");

    let portal = world.portal(Faults::default()).await;
    let elsewhere = service::replay::Restored { at: at_backup, only: vec![domain::map::SourceName("other".into())] };
    assert!(portal.returned(elsewhere).await.unwrap().is_empty(), "another database was restored");
    let returned = portal.returned(at_backup).await.unwrap();
    assert_eq!(returned.iter().map(|one| one.rows).sum::<u64>(), 2, "{returned:?}");
    for one in returned {
        assert_eq!((&one.number, one.kind), (&request.number, RequestKind::Delete));
        assert!(portal.replay(one).await.unwrap().verified);
    }
    assert_eq!(world.count(of_li).await, 0, "gone again");
    assert_eq!(world.count("SELECT count(*) FROM bills WHERE payer = 'Wang'").await, 1, "nobody else's");
    assert!(portal.returned(at_backup).await.unwrap().is_empty());
}

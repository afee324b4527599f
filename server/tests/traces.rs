//! After an erasure no trace of the person's plain values is left: by bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::{process::Stdio, time::Duration};

use common::{World, approved_deletion, customer, holds};
use domain::{Email, Identifier, Lang, Personal};
use service::requests::{Correcting, Proof};

#[tokio::test]
async fn nothing_is_left_in_files_or_logs() {
    let world = World::new(60, 5);
    // Somebody whose every record may go: no orders, and no parcel addressed to their number.
    let free = "SELECT id FROM customers c WHERE closed_at IS NULL AND id > 12 \
                AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) \
                AND NOT EXISTS (SELECT 1 FROM waybills w WHERE w.receiver_mobile = c.mobile) LIMIT 1";
    let id = &world.company(free)[0];
    let one = |column: &str, table: &str, key: &str| {
        world.company(&format!("SELECT {column} FROM {table} WHERE {key} = {id}"))
    };
    let email = one("email", "customers", "id")[0].clone();
    let mut values = vec![email.clone(), one("mobile", "customers", "id")[0].clone()];
    values.extend(one("address", "addresses", "customer_id"));
    assert!(values.len() >= 3);
    let dir = world.dir();
    for value in &values {
        assert!(holds(&dir.join("company.sqlite"), value), "there before");
    }

    let portal = world.portal().await;
    // They come in by a code, look at everything, correct something, and ask for deletion.
    let identifier = Identifier::Email(Email::parse(&email).unwrap());
    portal.ask_for_code(&identifier, None, Lang::Zh, "127.0.0.1").await.unwrap();
    let person = customer(&email);
    let own = person.own().unwrap();
    let held = portal.mine_revealed(&person.own_fresh().unwrap(), &person).await.unwrap();
    let record = held.records.iter().find(|record| record.table.table == "addresses").unwrap();
    let form = portal.correction_form(&own, &record.token, "address").await.unwrap();
    let after = "云南省昆明市虚构区更正后的路99号";
    values.push(after.to_owned());
    let correcting = Correcting { after: &Personal::new(after), evidence: None, files: &[], proof: Proof::None };
    portal.file_correction(&own, &person, &form, &correcting, Lang::Zh).await.unwrap();
    let log = world.temp.path().join("log");
    let run = async |until: &str| {
        let stderr = std::fs::OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let mut worker = world
            .command(&["worker"])
            .env("QINGDAN_LOG", "debug")
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let mut left = 1;
        for _ in 0..200 {
            left = portal.store.jobs_waiting().await.unwrap() + portal.store.outbox_counts().await.unwrap().0;
            if left == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // As an operator stops it: what is under way is finished first.
        std::process::Command::new("kill").arg(worker.id().to_string()).status().unwrap();
        worker.wait().unwrap();
        assert_eq!(left, 0, "{until}");
    };
    run("the correction").await;
    assert!(holds(&dir.join("company.sqlite"), after) || holds(&dir.join("company.sqlite-wal"), after));
    approved_deletion(&portal, &email).await;
    run("the erasure").await;
    assert!(world.company(&format!("SELECT id FROM customers WHERE id = {id} AND email IS NOT NULL")).is_empty());

    let files =
        ["company.sqlite", "company.sqlite-wal", "portal.sqlite", "portal.sqlite-wal"].map(|file| dir.join(file));
    for file in files.iter().chain([&log]) {
        for value in &values {
            let n = values.iter().position(|other| other == value).unwrap();
            assert!(!holds(file, value), "{} still holds value {n} of the person", file.display());
        }
    }
    assert!(std::fs::metadata(&log).unwrap().len() > 0, "there was a log to look into");
}

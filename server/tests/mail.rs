//! Mail through a real SMTP server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::{process::Stdio, time::Duration};

use common::{World, customer, officer};
use domain::{Email, Identifier, Lang, map::Extent, request::Happened};
use sea_orm::ConnectionTrait;
use testkit::Smtp;

#[tokio::test]
async fn a_code_arrives_and_an_outage_is_survived() {
    let world = World::new(20, 6);
    let portal = world.portal().await;
    let identifier = Identifier::Email(Email::parse("customer1@example.com").unwrap());
    portal.ask_for_code(&identifier, None, Lang::Zh, "127.0.0.1").await.unwrap();

    // First there is nobody at the other end.
    let closed = testkit::free_port();
    world.edit("folder = \"mail\"", &format!("smtp = \"smtp://127.0.0.1:{closed}\""));
    let mut worker = world.command(&["worker"]).stderr(Stdio::null()).spawn().unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert_eq!(portal.store.outbox_counts().await.unwrap(), (1, 0), "it waits");

    let smtp = Smtp::start();
    world.edit(&format!("smtp://127.0.0.1:{closed}"), &smtp.url());
    portal.ask_for_code(&identifier, None, Lang::En, "127.0.0.1").await.unwrap();
    let mut worker = world.command(&["worker"]).stderr(Stdio::null()).spawn().unwrap();
    let mut messages = Vec::new();
    for _ in 0..100 {
        messages = smtp.messages();
        if !messages.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    let message = &messages[0];
    assert!(message.contains("To: customer1@example.com"), "{message}");
    assert!(message.contains("Auto-Submitted: auto-generated") && message.contains("Message-ID: <"), "{message}");
    assert!(message.contains("Subject: Your code"), "{message}");
    let name = &world.company("SELECT name FROM customers WHERE id = 1")[0];
    assert!(!message.contains(name.as_str()));
}

/// Deletions of `email`, filed; everybody who has asked is told by mail.
async fn asks(portal: &service::Portal, email: &str) -> store::requests::Request {
    let person = customer(email);
    portal.file_deletion(&person.own_fresh().unwrap(), &person, &Extent::Everything, Lang::En).await.unwrap()
}

#[tokio::test]
async fn mail_goes_by_tls_with_a_password_past_greylisting_and_what_is_refused_for_good_is_said() {
    let world = World::new(20, 6);
    let portal = world.portal().await;
    let smtp = Smtp::start_strict("customer2@");
    world.edit("folder = \"mail\"", &format!("smtp = \"{}\"", smtp.strict_url()));
    let (reached, lost) = (asks(&portal, "customer1@example.com").await, asks(&portal, "customer2@example.com").await);
    let work_until = async |outbox: (u64, u64)| {
        let mut worker = world.command(&["worker"]);
        let mut worker = worker.env("SSL_CERT_FILE", smtp.authority()).stderr(Stdio::null()).spawn().unwrap();
        let mut now = (u64::MAX, u64::MAX);
        for _ in 0..150 {
            now = portal.store.outbox_counts().await.unwrap();
            if now == outbox {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        worker.kill().unwrap();
        worker.wait().unwrap();
        assert_eq!(now, outbox, "messages waiting, and given up");
    };
    work_until((1, 1)).await;
    assert!(smtp.messages().is_empty(), "come back later, it said");
    // A minute later.
    portal.store.read().execute_unprepared("UPDATE outbox SET next_at = 0").await.unwrap();
    work_until((0, 1)).await;
    let messages = smtp.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains("To: customer1@example.com"), "{}", messages[0]);

    let officer = officer();
    let reads = officer.read_requests().unwrap();
    for (request, expected) in [(&reached, false), (&lost, true)] {
        let case = portal.case(&reads, &officer, &request.number).await.unwrap();
        let says = case.followed.events.iter().any(|event| event.what == Happened::NotDelivered);
        assert_eq!(says, expected, "{}", request.number.as_str());
    }
}

//! Mail through a real SMTP server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::{process::Stdio, time::Duration};

use common::World;
use domain::{Email, Identifier, Lang};
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

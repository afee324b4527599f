//! Other systems are told of changes: signed, nothing personal, again until it arrives, and once more on request.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use jiff::SignedDuration;
use standardwebhooks::Webhook;

use super::{World, world::deletion};
use crate::webhooks::Teller;

/// A system that answers with these statuses, one after the other, and keeps what it was told.
fn system(statuses: Vec<u16>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://127.0.0.1:{}/hook", listener.local_addr().unwrap().port());
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = told.clone();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut text = String::new();
            let mut buffer = [0; 4096];
            loop {
                let n = stream.read(&mut buffer).unwrap();
                text.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
                if n == 0 || text.ends_with('}') {
                    break;
                }
            }
            kept.lock().unwrap().push(text);
            write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        }
    });
    (url, told)
}

#[tokio::test]
async fn a_system_is_told_until_it_hears_and_again_on_request() {
    let world = World::new().await;
    let (url, told) = system(vec![500, 204, 204]);
    let mut admin = world.staff("system").await;
    assert!(admin.post("/officer/connections", &[("url", "http://example.com")]).await.body.contains("Use https"));
    let page = admin.post("/officer/connections", &[("url", &url)]).await.body;
    let at = page.find("whsec_").unwrap();
    let secret: String = page[at..].chars().take_while(|c| *c != '<').collect();
    assert!(!admin.get("/officer/connections").await.body.contains("whsec_"), "shown once");

    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let teller = Teller::new();
    teller.tell_all(&world.portal).await.unwrap();
    assert!(admin.get("/officer/connections").await.body.contains("Waiting"));
    teller.tell_all(&world.portal).await.unwrap();
    assert_eq!(told.lock().unwrap().len(), 1, "not before its time");
    world.pass(SignedDuration::from_secs(6));
    teller.tell_all(&world.portal).await.unwrap();
    let page = admin.get("/officer/connections").await.body;
    assert!(page.contains("Arrived") && page.contains("request.received"), "{page}");

    let text = told.lock().unwrap()[1].clone();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name)).unwrap();
        line.split_once(": ").unwrap().1.to_owned()
    };
    let signed = Webhook::new(&secret).unwrap().sign(
        &header("webhook-id"),
        header("webhook-timestamp").parse().unwrap(),
        body.as_bytes(),
    );
    assert_eq!(signed.unwrap(), header("webhook-signature"));
    let message: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(message["data"]["number"], number);
    assert!(!body.contains('@'), "nothing personal: {body}");

    let at = page.find("/messages/").unwrap();
    let again: String = page[at..].chars().take_while(|c| *c != '"').collect();
    assert_eq!(admin.post(&format!("/officer/connections{again}"), &[]).await.status.as_u16(), 303);
    teller.tell_all(&world.portal).await.unwrap();
    let second = told.lock().unwrap()[2].clone();
    assert!(second.contains(&header("webhook-id")), "under the number it had");

    let at = page.find("/remove").unwrap();
    let begins = page[..at].rfind('"').unwrap() + 1;
    assert_eq!(admin.post(&format!("{}/remove", &page[begins..at]), &[]).await.status.as_u16(), 303);
    assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
    teller.tell_all(&world.portal).await.unwrap();
    assert_eq!(told.lock().unwrap().len(), 3, "nobody is told any more");
}

/// One that takes a call and never says a word, and the sleep of a night's worth of messages to it.
#[tokio::test]
async fn a_system_that_does_not_answer_keeps_no_other_waiting() {
    let world = World::new().await;
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let (url, told) = system(vec![204, 204, 204]);
    let mut admin = world.staff("system").await;
    let dead = format!("http://127.0.0.1:{}/hook", silent.local_addr().unwrap().port());
    admin.post("/officer/connections", &[("url", &dead)]).await;
    admin.post("/officer/connections", &[("url", &url)]).await;
    for who in ["spare", "customer", "newcomer"] {
        let mut person = world.customer(&world.email(who)).await;
        deletion(&mut person).await;
    }
    let teller = Teller::new();
    let waiting = tokio::time::timeout(std::time::Duration::from_secs(5), teller.tell_all(&world.portal)).await;
    assert!(waiting.is_err(), "one is still being waited for");
    assert_eq!(told.lock().unwrap().len(), 3, "the other has heard everything");
}

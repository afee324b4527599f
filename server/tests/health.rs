//! For those who run it: alive, ready, measured apart from the public, and stopped cleanly.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use common::{BINARY, World};

fn get(url: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    match agent.get(url).call() {
        Ok(mut answer) => (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap()),
        Err(_) => (0, String::new()),
    }
}

#[test]
fn it_tells_how_it_is_and_stops_when_told() {
    let world = World::new(20, 2);
    let (public, metrics) = (testkit::free_port(), testkit::free_port());
    world.edit("listen = \"127.0.0.1:3000\"", &format!("listen = \"127.0.0.1:{public}\""));
    world.edit("metrics = \"127.0.0.1:3001\"", &format!("metrics = \"127.0.0.1:{metrics}\""));
    let mut served = world.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let base = format!("http://127.0.0.1:{public}");
    for _ in 0..100 {
        if get(&format!("{base}/readyz")).0 == 200 {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(get(&format!("{base}/healthz")), (200, "ok".to_owned()));
    assert_eq!(get(&format!("{base}/readyz")).0, 200);
    assert_eq!(get(&format!("{base}/policy")).0, 200);
    assert_eq!(get(&format!("{base}/metrics")).0, 404, "not for the public");
    assert_eq!(get(&format!("{base}/demo/mailbox")).0, 404, "`serve` is not the demonstration");
    let (status, text) = get(&format!("http://127.0.0.1:{metrics}/metrics"));
    assert_eq!(status, 200);
    for name in
        ["qingdan_requests_open 0", "qingdan_source_up{source=\"company\"} 1", "route=\"/policy\",status=\"200\""]
    {
        assert!(text.contains(name), "{name} in {text}");
    }
    Command::new("kill").arg(served.id().to_string()).status().unwrap();
    assert!(served.wait().unwrap().success(), "a stop is not a failure");
}

#[test]
fn a_port_in_use_is_told() {
    let world = World::new(20, 2);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    world.edit("listen = \"127.0.0.1:3000\"", &format!("listen = \"{address}\""));
    world.edit("metrics = \"127.0.0.1:3001\"\n", "");
    let out = Command::new(BINARY).arg("serve").arg("--config").arg(world.config()).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success() && said.contains("is another program using it?"), "{said}");
}

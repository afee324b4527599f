//! The API against its own description: whatever is sent, no failure of the server and no answer that is not described.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::{World, customer, officer};
use domain::{
    Lang,
    actor::{Actor, Scope},
    consent::Cover,
    map::Extent,
    request::{Handling, RequestKind},
};
use service::{Portal, requests::Wish};

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance";

/// Ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn serve(world: &World) -> (Served, String) {
    let port = testkit::free_port();
    world.edit("127.0.0.1:3000\"\n", &format!("127.0.0.1:{port}\"\n"));
    let text = std::fs::read_to_string(world.config()).unwrap();
    let listen = format!("listen = \"127.0.0.1:{port}\"");
    let text: Vec<&str> = text.lines().map(|line| if line.starts_with("listen") { &listen } else { line }).collect();
    let text: Vec<&str> = text.into_iter().filter(|line| !line.starts_with("metrics")).collect();
    std::fs::write(world.config(), text.join("\n")).unwrap();
    let child = world.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let served = Served(child);
    for _ in 0..200 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return (served, format!("http://127.0.0.1:{port}"));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the portal did not start");
}

/// Some requests to ask about: one of each kind that is asked in words, and a deletion.
async fn numbers(portal: &Portal) -> Vec<String> {
    let (li, mut numbers) = (customer("customer1@example.com"), Vec::new());
    for kind in RequestKind::ALL.into_iter().filter(|kind| kind.handling() == Handling::Answer) {
        let about = match service::requests::about(kind) {
            service::requests::About::Purpose => Some("delivery".to_owned()),
            service::requests::About::Consent => Some("marketing".to_owned()),
            service::requests::About::Decision => Some("offers".to_owned()),
            service::requests::About::Nothing => None,
        };
        let wish =
            Wish { about, cover: Cover::Purpose, words: "请处理".into(), origin: service::requests::Origin::Asked };
        if let Ok(request) = portal.file_wish(&li.own().unwrap(), &li, kind, &wish, &[], Lang::Zh).await {
            numbers.push(request.number.to_string());
        }
    }
    let deletion = portal.file_deletion(&li.own_fresh().unwrap(), &li, &Extent::Everything, Lang::Zh).await.unwrap();
    portal.take(&officer().decide().unwrap(), &officer(), &deletion.number, None).await.unwrap();
    numbers.push(deletion.number.to_string());
    // And what was said to staff, to be worked out.
    let wrong = service::requests::WrittenDown {
        kind: RequestKind::Correct,
        channel: domain::request::Channel::Phone,
        subject: &[domain::Identifier::Email(domain::Email::parse("customer1@example.com").unwrap())],
        wish: &Wish::new("姓名登记错了"),
        extent: &Extent::Everything,
        received: domain::calendar::Receipt::Now,
        evidence: &[],
    };
    let wrong = portal.write_down(&officer().decide().unwrap(), &officer(), &wrong, Lang::Zh).await.unwrap();
    numbers.push(wrong.number.to_string());
    numbers
}

/// Some that wait to be downloaded, or are being prepared.
async fn copies(portal: &Portal) -> Vec<String> {
    let mut copies = Vec::new();
    for n in 2..6 {
        let person = customer(&format!("customer{n}@example.com"));
        let id = portal.ask_for_copy(&person.own_fresh().unwrap(), &person, Lang::Zh).await.unwrap().id;
        copies.push(id.to_string());
    }
    copies
}

/// Some holds in force, and a night that is over.
async fn kept(portal: &Portal) -> (Vec<String>, String) {
    let mut holds = Vec::new();
    for n in 6..10 {
        let person = domain::Email::parse(&format!("customer{n}@example.com")).unwrap();
        let new = service::holds::NewHold {
            on: domain::hold::HoldOn::Person(vec![domain::Identifier::Email(person)]),
            owner: "法务部".into(),
            reason: "诉讼".into(),
            review_on: portal.clock.today().tomorrow().unwrap(),
        };
        let id = portal.place_hold(officer().keep_holds().unwrap(), &officer(), new).await.unwrap();
        holds.push(id.to_string());
    }
    portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    let night = portal.store.last_night().await.unwrap().unwrap();
    (holds, domain::ids::NightNumber::of(night.as_of, night.id).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_question_brings_the_api_down_or_an_answer_that_is_not_described() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/venv/bin/schemathesis");
    assert!(program.exists(), "schemathesis is missing: run tools/setup.sh test");
    let world = World::new(30, 5);
    let portal = world.portal().await;
    let numbers = numbers(&portal).await;
    let copies = copies(&portal).await;
    let (holds, night) = kept(&portal).await;
    let (_, key) = portal
        .add_program(&Actor::System.keep_accounts().unwrap(), &Actor::System, "contract", &Scope::ALL)
        .await
        .unwrap();
    let (_served, url) = serve(&world).await;
    let config = world.temp.path().join("schemathesis.toml");
    let list = |all: &[String]| all.iter().map(|one| format!("\"{one}\"")).collect::<Vec<_>>().join(", ");
    // Mostly numbers that exist: what lies behind them is what is to be asked.
    let parameters = format!(
        "[dictionaries.numbers]\nvalues = [{}]\n[dictionaries.copies]\nvalues = [{}]\n\
         [dictionaries.holds]\nvalues = [{}]\n[dictionaries.nights]\nvalues = [\"{night}\"]\n\
         [dictionaries.versions]\nvalues = [\"{}\"]\n[parameters]\n\
         \"path.number\" = {{ dictionary = \"numbers\", probability = 0.9 }}\n\
         \"path.id\" = {{ dictionary = \"copies\", probability = 0.9 }}\n\
         \"path.hold\" = {{ dictionary = \"holds\", probability = 0.9 }}\n\
         \"path.night\" = {{ dictionary = \"nights\", probability = 0.5 }}\n\
         \"path.hash\" = {{ dictionary = \"versions\", probability = 0.5 }}\n",
        list(&numbers),
        list(&copies),
        list(&holds),
        portal.map.hash,
    );
    std::fs::write(&config, parameters).unwrap();
    let out = Command::new(program)
        .arg("--config-file")
        .arg(&config)
        .args(["run", &format!("{url}/api/v1/openapi.json"), "--checks", CHECKS, "--max-examples", "40"])
        .args(["--workers", "2", "-H", &format!("Authorization: Bearer {}", key.reveal())])
        .current_dir(world.temp.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success(), "{said}\n{}", String::from_utf8_lossy(&out.stderr));
    assert!(said.contains("Selected: 73/73") && said.contains("Tested: 73"), "every address was asked: {said}");
    if let Some(summary) = said.find("SUMMARY") {
        eprintln!("{}", &said[summary..]);
    }
    assert!(portal.store.verify_audit(store::audit::Walk::Whole).await.unwrap().is_ok(), "the audit log is whole");
}

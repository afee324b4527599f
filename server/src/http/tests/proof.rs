//! A certificate: what it says, who can check it, and that nothing in it can be changed.

use std::process::Command;

use super::{systems::approved, world::World};

#[tokio::test]
async fn an_erasure_ends_with_a_certificate_that_anyone_can_check() {
    let world = World::new().await;
    let email = world.email("newcomer");
    let number = approved(&world, &email).await;
    let mut anyone = world.visitor();

    let page = anyone.get(&format!("/verify/{number}")).await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.body.contains("This certificate is genuine"), "{}", page.body);
    assert!(
        !page.body.contains(&email) && !page.body.contains(world.person("newcomer")["name"].as_str().unwrap_or("…"))
    );
    let json = anyone.get(&format!("/verify/{number}.json")).await.body;
    assert!(!json.contains(&email), "nothing about the person");

    let pdf = anyone.get(&format!("/verify/{number}.pdf")).await.status.as_u16();
    assert_eq!(pdf, if cfg!(feature = "pdf") { 200 } else { 404 });

    let found = anyone.post("/verify", &[("number", &number.to_lowercase())]).await;
    assert_eq!(found.location.as_deref(), Some(format!("/verify/{number}").as_str()));
    let checked = anyone.post("/verify", &[("document", &json)]).await.body;
    assert!(checked.contains("This certificate is genuine"), "{checked}");
    let forged = json.replacen("\\\"verified\\\":true", "\\\"verified\\\":false", 1);
    assert_ne!(forged, json);
    let forged = anyone.post("/verify", &[("document", &forged)]).await.body;
    assert!(forged.contains("changed after it was signed"), "{forged}");
    assert_eq!(anyone.post("/verify", &[("number", "QD-20200101-ABCDE")]).await.status.as_u16(), 422);
    assert_eq!(anyone.post("/verify", &[]).await.status.as_u16(), 422);
    assert!(anyone.post("/verify", &[("document", "{")]).await.body.contains("This is no certificate"));

    // Offline, in another language.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("certificate.json");
    std::fs::write(&file, &json).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify.mjs");
    let key = world.portal.public_key();
    let check = |file: &std::path::Path, key: &str| {
        let run = Command::new("node").arg(script).arg(file).arg(key).output();
        run.expect("node is missing: apt-get install nodejs").status.success()
    };
    assert!(check(&file, &key));
    assert!(!check(&file, &"00".repeat(32)), "another key");
    let mut document: serde_json::Value = serde_json::from_str(&json).unwrap();
    document["index"] = 0.into();
    std::fs::write(&file, document.to_string()).unwrap();
    assert!(!check(&file, &key), "another place in the log");
}

#[tokio::test]
async fn no_certificate_before_the_end_and_none_for_others() {
    let world = World::new().await;
    let mut owner = world.customer(&world.email("spare")).await;
    let number = super::world::deletion(&mut owner).await;
    assert_eq!(world.visitor().get(&format!("/verify/{number}")).await.status.as_u16(), 404);
    assert_eq!(world.visitor().get(&format!("/verify/{number}.exe")).await.status.as_u16(), 404);
}

/// A peer nulls the e-mail first and then answers "complete, 0 rows" while thousands remain.
#[tokio::test]
async fn half_erased_never_reads_as_nothing_held() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = super::systems::approved_only(&world, &email).await;
    let lock = world.lock_company().await;
    world.work().await;
    let request = format!("/requests/{number}");
    for page in ["/mine", "/mine/full", "/mine/lists"] {
        let page = li.get(page).await.body;
        assert!(page.contains("Your data is being erased"), "{page}");
    }
    assert_eq!(li.get("/mine/delete").await.location.as_deref(), Some(request.as_str()), "to the one that runs");
    assert!(li.post("/mine/delete", &[]).await.location.unwrap().starts_with(&request), "and none beside it");
    lock.rollback().await.unwrap();
    world.pass(jiff::SignedDuration::from_mins(11));
    world.work().await;
    assert!(!li.get("/mine").await.body.contains("Your data is being erased"));
}

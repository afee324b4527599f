//! After an erasure: what no rule reaches is looked through, and what is found is said without saying whose it is.

use jiff::SignedDuration;

use super::{
    systems::approved,
    world::{World, deletion},
};

#[tokio::test]
async fn an_officer_learns_where_someone_is_still_mentioned() {
    let world = World::new().await;
    let email = world.email("customer");
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    world.company("CREATE TABLE chat_log (line TEXT)").await;
    world
        .company(&format!("INSERT INTO chat_log VALUES ('hello'), ('please write to {email} or ring {mobile}')"))
        .await;
    let number = approved(&world, &email).await;

    // The officer's code is used up for this half minute.
    world.pass(SignedDuration::from_mins(1));
    let page = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let before = officer.get(&page).await.body;
    assert!(before.contains("What is outside the map") && !before.contains("rows read"), "{before}");
    assert_eq!(officer.post(&format!("{page}/rescan"), &[]).await.status.as_u16(), 303);
    assert!(officer.get(&page).await.body.contains("The search is under way"));
    world.work().await;
    let found = officer.get(&page).await.body;
    assert!(found.contains("company.chat_log.line"), "{}", found.split("rescan-title").last().unwrap());
    assert!(!found.contains(&email) && !found.contains(&mobile), "{}", found.split("rescan-title").last().unwrap());

    world.company("DELETE FROM chat_log").await;
    officer.post(&format!("{page}/rescan"), &[]).await;
    world.work().await;
    let clean = officer.get(&page).await.body;
    assert!(clean.contains("Nothing mentions the person"), "{}", clean.split("rescan-title").last().unwrap());
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("rescan_asked") && log.contains("rescanned"), "{log}");

    // Nothing was erased yet, so there is nothing to look for.
    let mut newcomer = world.customer(&world.email("newcomer")).await;
    let open = deletion(&mut newcomer).await;
    assert_eq!(officer.post(&format!("/officer/requests/{open}/rescan"), &[]).await.status.as_u16(), 409);
}

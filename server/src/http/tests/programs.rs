//! Whoever keeps the accounts gives programs their keys, and takes them back.

use super::world::World;

const PROGRAMS: &str = "/officer/programs";

#[tokio::test]
async fn a_key_is_given_shown_once_and_taken_back() {
    let world = World::new().await;
    let (mut auditor, mut system) = (world.staff("auditor").await, world.staff("system").await);
    for other in [&mut world.staff("officer").await, &mut auditor, &mut system] {
        assert_eq!(other.get(PROGRAMS).await.status.as_u16(), 404);
        let asked = [("name", "shop app"), ("may", "decide-requests")];
        assert_eq!(other.post(PROGRAMS, &asked).await.status.as_u16(), 404);
    }
    let mut security = world.staff("security").await;
    assert!(security.get(PROGRAMS).await.body.contains("No program has a key"));
    let wrong = security.post(PROGRAMS, &[("name", "shop app"), ("may", "everything")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.body.contains("Choose at least one") && wrong.body.contains("value=\"shop app\""), "{}", wrong.body);

    let given = security.post(PROGRAMS, &[("name", "shop app"), ("may", "read-requests")]).await;
    assert_eq!(given.status.as_u16(), 200);
    assert!(given.body.contains("The key of shop app"), "{}", given.body);
    let key = given.body.split("class=\"secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let program = world.portal.program_by_key(&key).await.unwrap().unwrap();
    assert_eq!(program.scopes, [domain::actor::Scope::ReadRequests]);
    let page = security.get(PROGRAMS).await.body;
    assert!(!page.contains(&key) && page.contains("Read requests and statistics"), "{page}");
    assert!(system.get("/officer/connections").await.body.contains("shop app"));

    let id = program.id.to_string();
    let back = security.post("/officer/programs/remove", &[("id", &id)]).await;
    assert_eq!(back.location.as_deref(), Some(PROGRAMS));
    assert!(world.portal.program_by_key(&key).await.unwrap().is_none_or(|program| program.removed_at.is_some()));
    assert!(security.get(PROGRAMS).await.body.contains("No program has a key"));
    assert_eq!(security.post("/officer/programs/remove", &[("id", &id)]).await.status.as_u16(), 404);
    let log = auditor.get("/officer/audit?group=accounts").await.body;
    assert!(log.contains("program_added") && log.contains("program_removed") && !log.contains(&key), "{log}");
}

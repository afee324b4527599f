//! What went can be shown: each night's signed report, and the register of destruction.

use super::{systems::approved, world::World};

#[tokio::test]
async fn a_night_ends_with_a_signed_report_for_staff() {
    let world = World::new().await;
    let night = world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    assert!(night.changed > 0);
    let mut auditor = world.staff("auditor").await;
    let nights = auditor.get("/officer/nights").await.body;
    let path = nights.split("href=\"/officer/nights/QN-").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/officer/nights/QN-{path}");
    let page = auditor.get(&path).await.body;
    assert!(page.contains("This certificate is genuine") && page.contains("Report of a night"), "{page}");
    let json = auditor.get(&format!("{path}.json")).await.body;
    let mut anyone = world.visitor();
    assert!(anyone.get(&path).await.location.is_some_and(|to| to.starts_with("/officer/sign-in")), "for staff only");
    assert!(anyone.post("/verify", &[("document", &json)]).await.body.contains("This certificate is genuine"));
    let forged = json.replacen("\\\"left\\\":0", "\\\"left\\\":1", 1);
    assert_ne!(forged, json);
    assert!(anyone.post("/verify", &[("document", &forged)]).await.body.contains("changed after it was signed"));
    assert_eq!(auditor.get("/officer/nights/QN-20200101-ABCDE").await.status.as_u16(), 404);
    assert_eq!(auditor.get("/officer/nights/anything").await.status.as_u16(), 404);
}

#[tokio::test]
async fn the_register_has_every_destruction_once() {
    let world = World::new().await;
    let mut auditor = world.staff("auditor").await;
    assert!(auditor.get("/officer/register").await.body.contains("Nothing went in this month"));
    let number = approved(&world, &world.email("newcomer")).await;
    let night = world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    // The same night again finds nothing, and destroys nothing twice.
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();

    let page = auditor.get("/officer/register").await.body;
    assert!(page.contains(&number) && page.contains("The month in sum") && page.contains("<svg"), "{page}");
    assert!(!page.contains(&world.email("newcomer")));
    let month = world.portal.clock.today().strftime("%Y-%m").to_string();
    let file = auditor.get(&format!("/officer/register/{month}.csv")).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let rows = |cause: &str| -> u64 {
        let lines = file.body.lines().filter(|line| line.contains(cause));
        lines.filter_map(|line| line.split(',').nth(3)?.parse::<u64>().ok()).sum()
    };
    assert_eq!(rows("Its period was over"), night.changed, "{}", file.body);
    assert!(rows(&number) > 0);
    assert!(!file.body.contains("something was left"));
    for wrong in ["/officer/register?month=2026-13", "/officer/register/2026-11", "/officer/register/x.csv"] {
        assert_eq!(auditor.get(wrong).await.status.as_u16(), 404, "{wrong}");
    }
    let mut customer = world.customer(&world.email("spare")).await;
    assert!(customer.get("/officer/register").await.location.is_some());
}

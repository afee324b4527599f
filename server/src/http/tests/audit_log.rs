//! The auditor finds what one person did within some days, and may have the whole log walked again.

use jiff::SignedDuration;

use super::world::{World, deletion};

fn entries(page: &str) -> usize {
    page.matches("<details><summary>As recorded").count()
}

#[tokio::test]
async fn the_log_is_looked_through_by_person_and_by_day() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    li.post("/rights/complaint", &[("words", "Wet")]).await;
    let first = world.portal.clock.today();
    world.pass(SignedDuration::from_hours(48));
    world.staff("officer").await;
    let mut auditor = world.staff("auditor").await;
    let all = auditor.get("/officer/audit").await.body;
    let id = all.split("value=\"").filter_map(|rest| rest.split_once("\">值班专员")).map(|(id, _)| id).next().unwrap();

    let hers = auditor.get(&format!("/officer/audit?by={id}")).await.body;
    assert!(entries(&hers) > 0 && entries(&hers) < entries(&all), "{hers}");
    assert!(!hers.contains("<td>A customer</td>"), "{hers}");
    let customers = auditor.get("/officer/audit?by=customer").await.body;
    assert!(customers.contains("<td>A customer</td>") && !customers.contains("<td>The system</td>"), "{customers}");

    let that_day = auditor.get(&format!("/officer/audit?from={first}&to={first}")).await.body;
    assert!(that_day.contains("<td>A customer</td>"), "{that_day}");
    let since = first.tomorrow().unwrap();
    let later = auditor.get(&format!("/officer/audit?from={since}")).await.body;
    assert!(!later.contains("<td>A customer</td>"), "{later}");
    let all = auditor.get("/officer/audit").await.body;
    assert_eq!(entries(&that_day) + entries(&later), entries(&all));
    let file = auditor.get(&format!("/officer/audit.csv?from={since}&by={id}")).await;
    assert!(file.body.lines().count() > 1 && !file.body.contains("customer"), "{}", file.body);

    for address in ["/officer/audit?from=tomorrow", "/officer/audit.csv?to=2026-02-30"] {
        let wrong = auditor.get(address).await;
        assert_eq!(wrong.status.as_u16(), 422, "{address}");
        assert!(wrong.body.contains("Enter a real date"), "{}", wrong.body);
    }
}

#[tokio::test]
async fn what_was_found_intact_is_walked_again_when_asked() {
    let world = World::new().await;
    let mut auditor = world.staff("auditor").await;
    assert!(auditor.get("/officer/audit").await.body.contains("the chain is intact"));
    store::audit::tamper(&world.portal.store, 1, "somebody else").await.unwrap();
    assert!(auditor.get("/officer/audit").await.body.contains("the chain is intact"), "only what is new is walked");
    assert!(auditor.get("/officer/audit?again=1").await.body.contains("entry 1 was changed"));
    assert!(auditor.get("/officer/audit").await.body.contains("entry 1 was changed"), "until it is mended");
}

/// Every look at a case is an entry. Those of one moment are two, one after the other in one chain.
#[tokio::test]
async fn two_looks_at_the_same_moment_both_stand_in_the_log() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let mut auditor = world.staff("auditor").await;
    let before = auditor.get(&format!("/officer/audit?number={number}")).await.body;
    let (first, second, log) = tokio::join!(wu.get(&case), zhao.get(&case), auditor.get("/officer/audit"));
    for page in [first, second, log] {
        assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    }
    let after = auditor.get(&format!("/officer/audit?number={number}&again=1")).await.body;
    assert_eq!(entries(&after), entries(&before) + 2, "{after}");
    assert!(after.contains("the chain is intact"), "{after}");
}

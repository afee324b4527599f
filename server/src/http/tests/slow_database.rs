//! A company's database that another program holds keeps nobody waiting longer than for it once, and its absence is said.

use std::time::{Duration, Instant};

use jiff::ToSpan;

use super::{account::held_for_long, world::deletion};

/// As long as one database is waited for, and the rest of a page.
const LIMIT: Duration = Duration::from_secs(14);

#[tokio::test]
async fn a_database_that_is_held_is_named_and_waited_for_once() {
    let world = held_for_long().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    // Somebody is on hold: to know who, the same database is asked.
    let mut officer = world.staff("officer").await;
    let (who, review) = (world.email("customer"), world.portal.clock.today().saturating_add(30.days()).to_string());
    let hold = [("on", "person"), ("who", &who), ("owner", "Legal"), ("reason", "a claim"), ("review_on", &review)];
    let placed = officer.post("/officer/holds/new", &[&hold[..], &[("step", "place")]].concat()).await;
    assert_eq!(placed.status.as_u16(), 303, "{}", placed.body);
    let shop = "The business database cannot be reached";

    let shut = world.shut_company().await;
    for (path, status) in
        [("/mine".to_owned(), 200), ("/mine/delete".to_owned(), 200), (format!("/requests/{number}"), 200)]
    {
        let begun = Instant::now();
        let answer = li.get(&path).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        assert!(begun.elapsed() < LIMIT, "{path} took {:?}", begun.elapsed());
        let said = if path.starts_with("/requests") { "cannot be seen now" } else { shop };
        assert!(answer.body.contains(said), "{path}: {}", answer.body);
    }
    let case = officer.get(&format!("/officer/requests/{number}")).await;
    assert_eq!(case.status.as_u16(), 200, "{}", case.body);
    // Nothing is decided on less: what could not be looked at is not planned without it.
    let filed = li.post("/mine/delete", &[]).await;
    assert_eq!(filed.status.as_u16(), 303, "the one that is open: {}", filed.body);

    shut.close().await.unwrap();
    assert!(!li.get("/mine").await.body.contains(shop), "and it is asked again by the next page");
}

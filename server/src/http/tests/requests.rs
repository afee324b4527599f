//! The list of one's own requests, however long it is.

use jiff::SignedDuration;

use super::world::World;

/// The numbers on a page of the list.
fn numbers(page: &str) -> Vec<String> {
    page.split("href=\"/requests/QD-").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn more_requests_than_a_page_holds_are_all_there() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    for n in 0..52 {
        let filed = li.post("/rights/complaint", &[("words", &format!("Wet parcel {n}"))]).await;
        assert_eq!(filed.status.as_u16(), 303, "{}", filed.body);
        // Some of one moment, some not.
        if n % 3 == 0 {
            world.pass(SignedDuration::from_secs(1));
        }
    }
    let first = li.get("/requests").await.body;
    let newest = numbers(&first);
    assert_eq!(newest.len(), 50, "{first}");
    assert!(first.contains("Earlier requests") && !first.contains("Back to the newest"), "{first}");
    let at = first.find("/requests?after=").unwrap();
    let next = first[at..].split('"').next().unwrap().to_owned();
    let second = li.get(&next).await.body;
    let earlier = numbers(&second);
    assert_eq!(earlier.len(), 2, "{second}");
    assert!(!earlier.iter().any(|number| newest.contains(number)), "none twice");
    assert!(second.contains("Back to the newest") && !second.contains("Earlier requests"), "{second}");
    let stranger = world.customer(&world.email("spare")).await.get(&next).await.body;
    assert!(numbers(&stranger).is_empty() && stranger.contains("No earlier requests"), "{stranger}");
    assert_eq!(li.get("/requests?after=nonsense").await.status.as_u16(), 404);
}

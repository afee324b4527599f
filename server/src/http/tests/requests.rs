//! The list of one's own requests, however long it is.

use jiff::SignedDuration;

use domain::request::RequestKind;

use super::{
    rights::file,
    sides::to_heed,
    world::{COMPARED, World},
};

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

/// The card of a request.
fn card<'a>(page: &'a str, number: &str) -> &'a str {
    let list = page.find("<ul class=\"plain\">").expect("the list");
    let at = list + page[list..].find(&format!("href=\"/requests/{number}\"")).expect("the card");
    page[at..].split("</li>").next().unwrap()
}

#[tokio::test]
async fn what_waits_for_the_person_is_said_wherever_they_look() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let asked = file(&mut li, RequestKind::Complaint).await;
    let transfer = file(&mut li, RequestKind::Transfer).await;
    let closed = file(&mut li, RequestKind::ExplainRules).await;
    assert!(!li.get("/requests").await.body.contains("Your turn"));
    assert!(!li.get("/mine").await.body.contains("Requests that wait for you"));
    let mut wu = world.staff("officer").await;
    let case = |number: &str, action: &str| format!("/officer/requests/{number}/{action}");
    wu.post(&case(&asked, "ask"), &[("question", "Which parcel?")]).await;
    for number in [&transfer, &closed] {
        assert_eq!(wu.post(&case(number, "settle"), &[("done", "So it is.")]).await.status.as_u16(), 303);
    }
    assert!(li.get("/requests").await.body.contains("Requests that wait for you: 1"), "it is being written");
    world.work().await;
    let page = li.get("/requests").await.body;
    assert!(page.contains("Requests that wait for you: 2"), "{page}");
    assert!(card(&page, &asked).contains("Your turn") && card(&page, &asked).contains("Answer our question"), "{page}");
    assert!(card(&page, &transfer).contains("The address for the transfer can be made"), "{page}");
    assert!(!card(&page, &closed).contains("Your turn"), "{page}");
    let today = app::format::day(domain::Lang::En, world.portal.clock.today());
    assert!(card(&page, &asked).contains(&format!("filed {today}")) && card(&page, &asked).contains("by "), "{page}");
    assert!(card(&page, &closed).contains(&format!("closed {today}")), "{page}");
    let mine = li.get("/mine").await.body;
    assert!(mine.contains("Requests that wait for you: 2") && mine.contains(&format!("/requests/{asked}")), "{mine}");
    li.post(&format!("/requests/{asked}/answer"), &[("answer", "The blue one")]).await;
    assert!(li.get("/requests").await.body.contains("Requests that wait for you: 1"));
}

#[tokio::test]
async fn it_is_the_turn_of_whoever_was_asked() {
    let world = World::new().await;
    let (subject, mut agent) = (world.email("customer"), world.customer("agent@example.com").await);
    let number = agent.asks_for(&subject, "agent", "copy").await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    wu.post(&format!("{case}/ask"), &[("question", "Whose mandate?")]).await;
    let mut li = world.customer(&subject).await;
    assert!(agent.get("/requests").await.body.contains("Your turn"));
    assert!(!li.get("/requests").await.body.contains("Your turn"), "it was put to the agent");
    agent.post(&format!("/requests/{number}/answer"), &[("answer", "Hers")]).await;
    wu.post(&format!("{case}/people"), &[]).await;
    wu.post(&format!("{case}/confirm"), COMPARED).await;
    wu.post(&format!("{case}/ask"), &[("whom", "subject"), ("question", "Do you agree?")]).await;
    assert!(!agent.get("/requests").await.body.contains("Your turn"));
    assert!(li.get("/requests").await.body.contains("Your turn"));
    li.post(&format!("/requests/{number}/answer"), &[("answer", "Yes")]).await;
    let mut zhao = world.staff("officer2").await;
    let heeded = to_heed(&zhao.get(&case).await.body).unwrap();
    let settled = zhao.post(&format!("{case}/settle"), &[("done", "Here it is."), ("heeded", &heeded)]).await;
    assert_eq!(settled.status.as_u16(), 303);
    world.work().await;
    let page = agent.get("/requests").await.body;
    assert!(page.contains("Your turn") && page.contains("The copy can be downloaded"), "{page}");
    assert!(!li.get("/requests").await.body.contains("Your turn"), "the agent takes it");
}

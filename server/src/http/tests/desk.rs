//! The officers' desk: whose work it is, what they tell each other, whom they look for, and who sees that they did.

use jiff::SignedDuration;

use super::world::{World, deletion, digest};

#[tokio::test]
async fn officers_share_the_work_and_the_person_sees_who_looked() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    li.post("/rights/complaint", &[("words", "The parcel was wet.")]).await;
    let request = format!("/requests/{number}");
    assert!(li.get(&request).await.body.contains("Who looked at this request? (0)"));

    let mut wu = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    assert!(wu.get(&case).await.body.contains("Nobody yet"));
    assert!(wu.get("/officer?whose=mine").await.body.contains("No requests"));
    assert_eq!(wu.post(&format!("{case}/take"), &[]).await.status.as_u16(), 303);
    let mine = wu.get("/officer?whose=mine").await.body;
    assert!(mine.contains(&number) && !mine.contains("Complaint</td>"), "{mine}");
    let complaints = wu.get("/officer?kind=complaint").await.body;
    assert!(complaints.contains("Complaint</td>") && !complaints.contains(&number), "{complaints}");
    assert!(!wu.get("/officer?whose=nobodys").await.body.contains(&number));

    assert_eq!(wu.post(&format!("{case}/note"), &[("note", " ")]).await.status.as_u16(), 422);
    assert_eq!(
        wu.post(&format!("{case}/note"), &[("note", "Called the depot: it was the rain.")]).await.status.as_u16(),
        303
    );
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("it was the rain"), "{page}");
    assert_eq!(zhao.post(&format!("{case}/give-back"), &[]).await.status.as_u16(), 303);
    assert!(wu.get("/officer?whose=nobodys").await.body.contains(&number));
    let mut auditor = world.staff("auditor").await;
    assert_eq!(auditor.post(&format!("{case}/take"), &[]).await.status.as_u16(), 404, "auditors only read");

    let page = li.get(&request).await.body;
    assert!(
        page.contains("Who looked at this request? (3)") && page.contains("values from the databases were masked"),
        "{page}"
    );
    assert!(!page.contains("it was the rain"), "notes are not for the person");
}

#[tokio::test]
async fn a_person_is_found_by_what_they_proved_and_no_address_says_so() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    let mut wu = world.staff("officer").await;
    assert!(wu.get("/officer/find").await.body.contains("A request number, e-mail address or mobile number"));
    for wanted in [email.to_uppercase(), number.to_lowercase(), format!("  {email} ")] {
        let found = wu.post("/officer/find", &[("wanted", &wanted)]).await;
        assert!(found.status.as_u16() == 200 && found.location.is_none(), "{}", found.body);
        assert!(found.body.contains(&format!("/officer/requests/{number}")), "{wanted}: {}", found.body);
    }
    let other = world.email("newcomer");
    assert!(wu.post("/officer/find", &[("wanted", &other)]).await.body.contains("Nothing found"));
    let wrong = wu.post("/officer/find", &[("wanted", "somebody")]).await;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("value=\"somebody\""), "{}", wrong.body);
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("person_searched") && !log.contains(&email), "{log}");
}

#[tokio::test]
async fn where_the_map_says_so_two_officers_approve() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"DELETE\"]\n").await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let page = wu.get(&case).await.body;
    let plan = digest(&page);
    let approve = format!("{case}/approve");
    assert_eq!(wu.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("One officer has approved.") && page.contains("Awaiting a second approval"), "{page}");
    assert_eq!(wu.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 409, "not the same person");
    let still = format!("SELECT count(*) FROM customers WHERE email = '{email}'");
    assert_eq!(world.company_texts(&still).await, ["1"], "nothing has been carried out");
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("another must agree"));

    let mut zhao = world.staff("officer2").await;
    assert_eq!(zhao.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(world.company_texts(&still).await, ["0"]);

    // Of the other kinds one is enough.
    world.pass(SignedDuration::from_mins(1));
    let mut other = world.customer(&world.email("newcomer")).await;
    let filed = other.post("/rights/complaint", &[("words", "wet")]).await.location.unwrap();
    let complaint = filed.trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
    let mut wu = world.staff("officer").await;
    assert_eq!(
        wu.post(&format!("/officer/requests/{complaint}/settle"), &[("done", "dried")]).await.status.as_u16(),
        303
    );
}

#[tokio::test]
async fn a_year_is_told_in_numbers() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut numbers = Vec::new();
    for words in ["wet", "late", "lost"] {
        let filed = li.post("/rights/complaint", &[("words", words)]).await.location.unwrap();
        numbers.push(filed.trim_start_matches("/requests/").split('?').next().unwrap().to_owned());
    }
    let mut wu = world.staff("officer").await;
    wu.post(&format!("/officer/requests/{}/settle", numbers[0]), &[("done", "dried")]).await;
    let refuse = [("reason", "NO_DATA"), ("words", "We know of none.")];
    wu.post(&format!("/officer/requests/{}/refuse", numbers[1]), &refuse).await;
    let page = wu.get("/officer/statistics").await.body;
    assert!(page.contains("2 (100 %)") && page.contains("No information about you was found"), "{page}");
    assert!(wu.get("/officer/statistics?year=2001").await.body.contains("No requests were received"));
    let year = world.portal.clock.today().year();
    let file = wu.get(&format!("/officer/statistics/{year}.csv")).await;
    assert!(file.body.contains("Complaint,3,1,2 (100 %),0,1,0,0 working days"), "{}", file.body);
    assert_eq!(wu.get("/officer/statistics/all.csv").await.status.as_u16(), 404);
}

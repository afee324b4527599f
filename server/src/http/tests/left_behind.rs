//! What an erasure had to leave is told where people look for what is held about them.

use domain::{
    actor::Actor,
    plan::{Because, Item, Outcome},
};
use jiff::{SignedDuration, ToSpan};

use super::{
    copies::{actor, email_of},
    delete::carried_out,
    systems::approved,
    world::{Person, World},
};

#[tokio::test]
async fn what_had_to_stay_is_listed_with_its_law_and_its_day_where_people_look() {
    let world = World::new().await;
    let email = world.email("customer");
    let number = approved(&world, &email).await;
    let mut li = world.customer(&email).await;
    for path in ["/mine", "/mine/lists"] {
        let page = li.get(path).await.body;
        let notice = page.split_once("must stay for now").unwrap_or_else(|| panic!("{path}: {page}")).1;
        let notice = notice.split("</section>").next().unwrap();
        assert!(notice.contains("Waybill") && notice.contains("Records: "), "{path}: what it is: {notice}");
        assert!(notice.contains("E-Commerce Law art. 31"), "{path}: by which law: {notice}");
        assert!(notice.contains("Goes record by record between") || notice.contains("Kept until"), "{path}: {notice}");
        assert!(notice.contains(&format!("/requests/{number}\"")), "{path}: where more is said of it: {notice}");
        assert!(!notice.contains("Deleted"), "{path}: only what stays: {notice}");
    }

    // Sessions go by the machine's clock: from here on without a browser.
    let Actor::Customer(customer) = actor(&[email_of(&email)]) else { panic!("a customer") };
    let own = Actor::Customer(customer).own().unwrap();
    let locked = |held: &service::mine::Held| {
        let items = held.left_behind.iter().flat_map(|left| &left.stays);
        items.filter(|item| item.outcome.word() == "locked_away").count()
    };
    assert!(locked(&world.portal.mine(&own).await.unwrap()) > 0);
    world.pass(SignedDuration::from_hours(24 * 365 * 4));
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    assert_eq!(locked(&world.portal.mine(&own).await.unwrap()), 0, "its last day is over, and the night has been");
}

#[tokio::test]
async fn of_a_part_only_what_is_out_of_sight_is_told_apart() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    carried_out(&world, &mut li, &["company.tracking_events", "company.waybills"]).await;
    let page = li.get("/mine").await.body;
    let notice = page.split_once("must stay for now").unwrap_or_else(|| panic!("{page}")).1;
    let notice = notice.split("</section>").next().unwrap();
    assert!(notice.contains("Locked away") && !notice.contains(">Kept<"), "{notice}");
}

#[tokio::test]
async fn what_a_hold_kept_goes_from_the_list_when_it_really_went() {
    let world = World::new().await;
    let email = world.email("customer");
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let review_on = world.portal.clock.today().saturating_add(30.days()).to_string();
    let mut officer = world.staff("officer").await;
    let who = format!("{email}\n{mobile}");
    let hold = [("on", "person"), ("who", &who), ("owner", "Legal"), ("reason", "a claim"), ("review_on", &review_on)];
    let placed = officer.post("/officer/holds/new", &[&hold[..], &[("step", "place")]].concat()).await;
    let hold = placed.location.expect("it is placed");
    world.pass(SignedDuration::from_mins(1));
    approved(&world, &email).await;
    let mut li = world.customer(&email).await;
    let notice = async |li: &mut Person<'_>| {
        let page = li.get("/mine").await.body;
        let notice = page.split("Your erasure is done").nth(1).map(str::to_owned);
        notice.map(|notice| notice.split("</section>").next().unwrap().to_owned()).unwrap_or_default()
    };
    let under_hold = notice(&mut li).await;
    assert!(under_hold.contains("Under a legal hold"), "{under_hold}");
    assert!(!under_hold.contains("go in the coming night"), "{under_hold}");
    let night = || async { world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap() };
    assert!(night().await.waiting > 0);
    assert_eq!(notice(&mut li).await, under_hold, "a night under the hold changes nothing");

    assert_eq!(officer.post(&format!("{hold}/lift"), &[]).await.status.as_u16(), 303);
    let lifted = notice(&mut li).await;
    assert!(lifted.contains("go in the coming night") && !lifted.contains("Under a legal hold"), "{lifted}");
    assert!(lifted.contains("E-Commerce Law art. 31"), "what a law keeps has its own reason: {lifted}");

    world.pass(SignedDuration::from_mins(1));
    for _ in 0..3 {
        night().await;
    }
    let Actor::Customer(customer) = actor(&[email_of(&email)]) else { panic!("a customer") };
    let mine = world.portal.mine(&Actor::Customer(customer).own().unwrap()).await.unwrap();
    assert!(mine.records.iter().all(|record| record.table.to_string() != "company.customers"), "the account is gone");
    let left = mine.left_behind.iter().flat_map(|left| left.stays.iter().chain(&left.tonight));
    let left: Vec<_> = left.collect();
    let by_law = |item: &&Item| item.outcome.stays() && item.outcome != Outcome::Kept { because: Because::Hold };
    assert!(!left.is_empty() && left.iter().all(by_law), "{left:#?}");
}

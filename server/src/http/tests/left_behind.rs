//! What an erasure had to leave is told where people look for what is held about them.

use domain::actor::Actor;
use jiff::SignedDuration;

use super::{
    copies::{actor, email_of},
    delete::carried_out,
    systems::approved,
    world::World,
};

#[tokio::test]
async fn what_had_to_stay_is_listed_with_its_law_and_its_day_where_people_look() {
    let world = World::new().await;
    let email = world.email("customer");
    let number = approved(&world, &email).await;
    let mut li = world.customer(&email).await;
    for path in ["/mine", "/mine/lists"] {
        let page = li.get(path).await.body;
        let notice = page.split("records must stay for now").nth(1).unwrap_or_else(|| panic!("{path}: {page}"));
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
        let items = held.left_behind.iter().flat_map(|left| &left.items);
        items.filter(|item| item.outcome.word() == "locked_away").count()
    };
    assert!(locked(&world.portal.mine(&own).await.unwrap()) > 0);
    world.pass(SignedDuration::from_hours(24 * 365 * 4));
    assert_eq!(locked(&world.portal.mine(&own).await.unwrap()), 0, "its last day is over");
}

#[tokio::test]
async fn of_a_part_only_what_is_out_of_sight_is_told_apart() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    carried_out(&world, &mut li, &["company.tracking_events", "company.waybills"]).await;
    let page = li.get("/mine").await.body;
    let notice = page.split("records must stay for now").nth(1).unwrap_or_else(|| panic!("{page}"));
    let notice = notice.split("</section>").next().unwrap();
    assert!(notice.contains("Locked away") && !notice.contains(">Kept<"), "{notice}");
}

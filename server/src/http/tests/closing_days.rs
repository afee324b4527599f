//! One day on which an account is closed, in the mail, on every page and in the policy; and afterwards what is really left.

use app::format;
use domain::{Lang, china};
use jiff::{SignedDuration, ToSpan};

use super::{
    closing::{accounts, settled},
    rights::number,
    world::World,
};

const CANCEL: &str = "/mine/cancel-account";

#[tokio::test]
async fn the_mail_the_pages_and_the_policy_tell_one_day() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let mut li = world.customer(&email).await;
    let at = world.portal.cooled_off(world.portal.clock.now());
    let day = format::weekday(Lang::En, china::day(at));
    let last = format::weekday(Lang::En, china::day(at).yesterday().unwrap());
    let said = |page: &str| page.contains(&format!("{day}, 00:00")) && page.contains("does not wait for that");
    let page = li.get(CANCEL).await.body;
    assert!(said(&page) && page.contains("15 days after the account is closed"), "{page}");
    let filed = li.post(CANCEL, &[]).await.location.unwrap();
    assert!(said(&li.get(&filed).await.body));
    world.work().await;
    let letter = world.letters().into_iter().find(|(to, body)| *to == email && body.contains(&number(&filed)));
    let letter = letter.unwrap().1;
    assert!(letter.contains(&format!("until the end of {last}")) && letter.contains(&format!("on {day}")), "{letter}");
    let policy = world.visitor().get("/policy").await.body;
    assert!(policy.contains("you can change your mind for 3 days, and it is cleared then"), "{policy}");

    world.pass(at.duration_since(world.portal.clock.now()) - SignedDuration::from_secs(1));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "1", "until then it can be kept");
    world.pass(SignedDuration::from_secs(2));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "0", "and then it is closed");
}

#[tokio::test]
async fn a_closing_lists_what_is_there_and_afterwards_what_is_still_there() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let old = world.portal.clock.today().saturating_sub(2.years());
    let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
    world.company(&format!("UPDATE marketing_preferences SET updated_at = '{old}' WHERE customer_id = {id}")).await;
    let mut li = world.customer(&email).await;
    let filed = li.post(CANCEL, &[]).await.location.unwrap();
    let request = format!("/requests/{}", number(&filed));
    let page = li.get(&request).await.body;
    assert!(page.contains("Offer preferences") && page.contains("What is there when it is carried out"), "{page}");
    // The night goes on meanwhile.
    let night = || async { world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap() };
    night().await;
    assert!(!li.get(&request).await.body.contains("Offer preferences"), "what has gone is not proposed any more");

    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(accounts(&world, &email).await, "0");
    let mut li = world.customer(&email).await;
    let kept = |page: &str| {
        let list = page.split("What must stay for now").nth(1).unwrap_or_default();
        list.split("What happened").next().unwrap().matches("class=\"outcome kept").count()
    };
    let page = li.get(&request).await.body;
    let before = kept(&page);
    assert!(before > 0 && !page.contains("have gone in the night since"), "{page}");
    world.pass(SignedDuration::from_hours(24 * 365 * 4));
    night().await;
    let mut li = world.customer(&email).await;
    let page = li.get(&request).await.body;
    assert!(kept(&page) < before && page.contains("have gone in the night since"), "{page}");
    assert!(
        world.visitor().get(&request.replace("requests", "verify")).await.body.contains("Kept until"),
        "as it was then"
    );
}

//! The same asked twice becomes one; what only looks the same does not.

use jiff::SignedDuration;

use super::{
    for_others::{field, wrong_by_phone},
    rights::number,
    world::{Person, World},
};

/// What somebody says on the telephone: the case.
pub(super) async fn by_phone(officer: &mut Person<'_>, kind: &str, email: &str, about: &str) -> String {
    let said = [("channel", "phone"), ("kind", kind), ("email", email), ("words", "called back"), ("about", about)];
    let filed = officer.post("/officer/new", &said).await;
    filed.location.unwrap_or_else(|| panic!("{}", filed.body))
}

/// The later of two is put into the earlier, or it is neither offered nor done.
async fn merges(officer: &mut Person<'_>, later: &str, earlier: &str) -> bool {
    let into = earlier.rsplit('/').next().unwrap();
    let offered = officer.get(later).await.body.contains(&format!("Put into {into}"));
    let earlier_page = officer.get(earlier).await.body;
    assert!(!earlier_page.contains("Put into"), "{earlier_page}");
    let status = officer.post(&format!("{later}/merge"), &[("into", into)]).await.status.as_u16();
    assert_eq!(status, if offered { 303 } else { 404 });
    offered
}

async fn works_out(officer: &mut Person<'_>, case: &str, values: &[(&str, &str)]) {
    let worked = officer.post(&format!("{case}/correct"), values).await;
    assert_eq!(worked.status.as_u16(), 303, "{}", worked.body);
}

fn case(location: &str) -> String {
    format!("/officer/requests/{}", number(location))
}

#[tokio::test]
async fn two_requests_about_two_uses_or_two_decisions_are_two() {
    let world = World::new().await;
    // Nothing is kept of them, so that an officer answers.
    let mut li = world.customer("nobody@example.com").await;
    let mut wu = world.staff("officer").await;
    for (path, one, another) in [
        ("/rights/object", "marketing", "delivery"),
        ("/rights/restrict", "support", "delivery"),
        ("/rights/explain-decision", "routing", "offers"),
    ] {
        let mut cases = Vec::new();
        for about in [one, another] {
            let filed = li.post(path, &[("about", about), ("words", "Why?")]).await;
            cases.push(case(&filed.location.unwrap_or_else(|| panic!("{path}: {}", filed.body))));
            world.pass(SignedDuration::from_mins(1));
        }
        assert!(!merges(&mut wu, &cases[1], &cases[0]).await, "{path}");
    }
    let first = by_phone(&mut wu, "object", "nobody@example.com", "support").await;
    world.pass(SignedDuration::from_mins(1));
    let second = by_phone(&mut wu, "object", "nobody@example.com", "support").await;
    assert!(merges(&mut wu, &second, &first).await, "on the same they are the same");
}

#[tokio::test]
async fn a_withdrawal_that_is_said_and_what_is_decided_are_never_put_into_another() {
    // Nothing rests on the consent alone, so that an officer stops what nothing kept of them says.
    let world = World::new().await;
    let map = std::fs::read_to_string(world.dir.path().join("demo/map/20-account.toml")).unwrap();
    let more = map.replace("purposes = [\"marketing\"]", "purposes = [\"marketing\", \"support\"]");
    assert_ne!(map, more);
    world.publish_map("20-account.toml", &more).await;
    let mut wu = world.staff("officer").await;
    let mut nobody = world.customer("nobody@example.com").await;
    let asked = by_phone(&mut wu, "withdraw", "nobody@example.com", "marketing").await;
    world.pass(SignedDuration::from_mins(1));
    let said = nobody.post("/mine/consent/withdraw", &[("purpose", "marketing")]).await.location.unwrap();
    assert!(wu.get(&case(&said)).await.body.contains("Waiting for an officer"));
    assert!(!merges(&mut wu, &case(&said), &asked).await, "it stands in the ledger of consents");

    // Their own objection is approved by rule, and waits for another program.
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let asked = by_phone(&mut wu, "object", &email, "marketing").await;
    world.pass(SignedDuration::from_mins(1));
    let held = world.lock_company().await;
    let own = li.post("/rights/object", &[("about", "marketing")]).await.location.unwrap();
    assert!(!merges(&mut wu, &case(&own), &asked).await, "it is approved");
    held.rollback().await.unwrap();
    // The one on the telephone, said again, is the same.
    world.pass(SignedDuration::from_mins(1));
    let again = by_phone(&mut wu, "object", &email, "marketing").await;
    assert!(merges(&mut wu, &again, &asked).await);
}

#[tokio::test]
async fn two_corrections_are_the_same_only_where_the_same_values_are_corrected() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut wu = world.staff("officer").await;
    let first = wrong_by_phone(&mut wu, &[("email", &email)]).await;
    world.pass(SignedDuration::from_mins(1));
    let second = wrong_by_phone(&mut wu, &[("email", &email)]).await;
    assert!(!merges(&mut wu, &second, &first).await, "nobody knows yet which values");
    let form = wu.get(&format!("{first}/correct")).await.body;
    let (name, mobile) = (field(&form, "name"), field(&form, "mobile"));
    let mut zhao = world.staff("officer2").await;
    works_out(&mut zhao, &first, &[(&name, "Li Qing")]).await;
    works_out(&mut zhao, &second, &[(&mobile, "15499990002")]).await;
    assert!(!merges(&mut wu, &second, &first).await, "two fields");
    works_out(&mut zhao, &second, &[(&name, "Li Qin")]).await;
    assert!(!merges(&mut wu, &second, &first).await, "two values");
    works_out(&mut zhao, &second, &[(&name, "Li Qing")]).await;
    assert!(merges(&mut wu, &second, &first).await);
}

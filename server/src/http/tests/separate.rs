//! Where each separate consent is given (PIPL art. 23, 29, 39), and what a record says of those who may get it: nobody
//! looks for a button that is not there, and no row says more than is known of it.

use super::world::World;

/// What stands between two marks, the first time.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let after = page.split_once(from).unwrap_or_else(|| panic!("{from}: {page}")).1;
    after.split_once(to).unwrap().0
}

#[tokio::test]
async fn the_policy_says_of_each_separate_consent_where_it_is_given() {
    let world = World::new().await;
    let policy = world.visitor().get("/policy").await.body;
    let separate = between(&policy, "id=\"separate\"", "</section>");
    assert!(between(&policy, "id=\"shared\"", "</section>").contains("href=\"#separate\""), "{policy}");
    let rows: Vec<&str> = separate.split("<tr>").collect();
    let row = |what: &str| *rows.iter().find(|row| row.contains(what)).unwrap_or_else(|| panic!("{what}: {separate}"));
    assert!(row("Example Members").contains("/mine/consent"), "{separate}");
    for elsewhere in ["Example Pick-up Stations", "Giving it abroad (art. 39)"] {
        let row = row(elsewhere);
        assert!(row.contains("in our app") && row.contains("/rights/restrict"), "{row}");
        assert!(!row.contains("/mine/consent"), "{row}");
    }
    // What the law demands needs no consent.
    assert!(!separate.contains("Real-name acceptance"), "{separate}");
}

#[tokio::test]
async fn whoever_looks_for_a_consent_that_is_given_elsewhere_reads_where() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get("/mine/consent").await.body;
    let elsewhere = between(&page, "Consents that are given elsewhere", "</ul>");
    assert!(elsewhere.contains("Parcel delivery") && elsewhere.contains("Example Pick-up Stations"), "{page}");
    assert!(
        elsewhere.contains("(art. 39)") && elsewhere.contains("no button") && !elsewhere.contains("Offers"),
        "{page}"
    );
    // Nothing of theirs is used for offers: they need not look for it.
    let page = world.recipient().await.get("/mine/consent").await.body;
    let elsewhere = between(&page, "Consents that are given elsewhere", "</ul>");
    assert!(elsewhere.contains("<strong>Offers</strong>") && elsewhere.contains("you are asked before"), "{page}");
}

#[tokio::test]
async fn a_record_says_who_may_get_it_and_not_that_somebody_did() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get("/mine").await.body;
    assert!(page.contains("May be given to: Example Linehaul Co., Ltd."), "{page}");
    assert!(page.contains("Given to nobody else") && !page.contains("Shared with"), "{page}");
}

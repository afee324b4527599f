//! The policy: two people publish it, those affected are told, older ones stay readable.

use jiff::SignedDuration;

use super::world::World;

/// Consent must be asked for again: a new kind of information for a purpose that rests on it.
const TAG: &str = "tag = { of = \"holder\", kind = \"plain\"";
const TAG_AND_DAY: &str = "updated_at = { of = \"holder\", kind = \"date\", name = { zh-CN = \"设置日期\", en = \"Set on\" } }\ntag = { of = \"holder\", kind = \"plain\"";

#[tokio::test]
async fn a_new_version_takes_two_people_and_tells_those_affected() {
    let world = World::new().await;
    let before = world.visitor().get("/policy").await.body;
    let old = world.portal.map.hash.short().to_owned();
    assert!(before.contains(&old));
    let hash = world.edit_map("20-account.toml", TAG, TAG_AND_DAY).await;
    assert!(world.visitor().get("/policy").await.body.contains(&old), "the old one is in force until approved");

    let (mut first, mut second) = (world.staff("officer").await, world.staff("officer2").await);
    let page = first.get(&format!("/officer/policy/{hash}")).await.body;
    assert!(page.contains("Offer preferences now also has: Set on"), "{page}");
    assert!(page.contains("For “Offers” we ask for your consent again"), "{page}");
    let approve = format!("/officer/policy/{hash}/approve");
    assert_eq!(first.post(&approve, &[]).await.status.as_u16(), 303);
    let again = first.post(&approve, &[]).await;
    assert_eq!(again.status.as_u16(), 409);
    assert!(again.body.contains("must be another person"));
    assert_eq!(second.post(&approve, &[]).await.status.as_u16(), 303);

    let now = world.visitor().get("/policy").await.body;
    assert!(now.contains(&hash[..12]) && now.contains("Set on"), "in force at once");
    let older = world.visitor().get(&format!("/policy/v/{old}")).await.body;
    assert!(older.contains("This is an earlier version") && !older.contains("Set on"));
    let changes = world.visitor().get(&format!("/policy/v/{}/changes", &hash[..12])).await.body;
    assert!(changes.contains("<ins>") && changes.contains("Set on"), "{changes}");

    world.work().await;
    let email = world.email("customer");
    let told = world.letters().into_iter().filter(|(to, body)| *to == email && body.contains(&hash[..12])).count();
    assert_eq!(told, 1, "told once");

    let mut li = world.customer(&email).await;
    let mine = li.get("/mine").await.body;
    assert!(mine.contains("1 use of your data has changed and needs your consent again"), "{mine}");
    let page = li.get("/mine/consent").await.body;
    assert!(page.contains("I agree") && page.contains("I do not agree"));
    li.post("/mine/consent", &[("purpose", "marketing"), ("answer", "refuse")]).await;
    let page = li.get("/mine/consent").await.body;
    assert!(
        !page.contains("Please decide again") && page.contains("You said no on"),
        "answered, and not asked again: {page}"
    );
    assert_eq!(li.post("/mine/consent", &[("purpose", "marketing"), ("answer", "agree")]).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_version_waits_for_its_day() {
    let world = World::new().await;
    let old = world.portal.map.hash.short().to_owned();
    let day = (world.portal.clock.today() + jiff::Span::new().days(10)).to_string();
    let hash = world.edit_map("00-handler.toml", "effective = \"2026-11-01\"", &format!("effective = \"{day}\"")).await;
    let hash = if hash.starts_with(&old) { panic!("nothing changed") } else { hash };
    let period = world
        .edit_map(
            "20-account.toml",
            "keep = \"12 months\", then = \"delete\"",
            "keep = \"6 months\", then = \"delete\"",
        )
        .await;
    let (mut first, mut second) = (world.staff("officer").await, world.staff("officer2").await);
    first.post(&format!("/officer/policy/{hash}/withdraw"), &[]).await;
    for officer in [&mut first, &mut second] {
        officer.post(&format!("/officer/policy/{period}/approve"), &[]).await;
    }
    let page = world.visitor().get("/policy").await.body;
    assert!(page.contains(&old) && page.contains("A new version comes into force on"), "{page}");
    world.pass(SignedDuration::from_hours(24 * 10));
    world.refresh().await;
    let page = world.visitor().get("/policy").await.body;
    assert!(page.contains(&period[..12]) && !page.contains("comes into force on"));
    let list = world.visitor().get("/policy/versions").await.body;
    assert!(list.contains("in force") && list.contains("replaced"), "{list}");
}

#[tokio::test]
async fn every_period_leads_to_its_rule_and_the_rule_to_its_last_night() {
    let world = World::new().await;
    let policy = world.visitor().get("/policy").await.body;
    assert!(policy.contains("/policy/rules#company.waybills"));
    let rules = world.visitor().get("/policy/rules").await.body;
    assert!(
        rules.contains("id=\"company.waybills\"") && rules.contains("It begins in the first night")
            || rules.contains("it begins in the first night")
    );
    world.portal.retain(world.portal.clock.today(), &|_| {}).await.unwrap();
    let rules = world.visitor().get("/policy/rules").await.body;
    assert!(rules.contains("checked, none left"), "{rules}");
    let minors = world.visitor().get("/policy/minors").await.body;
    assert!(minors.contains("Guardians") && minors.contains("children under fourteen"), "{minors}");
}

#[tokio::test]
async fn my_lists_hold_what_is_really_there() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let lists = li.get("/mine/lists").await.body;
    assert!(lists.contains("Mobile number") && lists.contains("Example Linehaul"), "{lists}");
    assert!(!lists.contains(&world.email("customer")), "counts, no values");
    assert_eq!(world.visitor().get("/mine/lists").await.status.as_u16(), 303);
}

#[tokio::test]
async fn officers_see_where_databases_and_map_differ() {
    let world = World::new().await;
    world.company("ALTER TABLE support_tickets RENAME COLUMN subject TO topic").await;
    world.portal.ask_for_drift().await.unwrap();
    world.work().await;
    let mut officer = world.staff("officer").await;
    assert!(officer.get("/officer").await.body.contains("The databases differ from the map"));
    let page = officer.get("/officer/differences").await.body;
    assert!(page.contains("the table has no column `subject`"), "{page}");
    let mut auditor = world.staff("auditor").await;
    assert_eq!(auditor.get("/officer/policy").await.status.as_u16(), 404);
}

#[tokio::test]
async fn the_policy_says_from_when_a_period_counts_where_data_goes_and_how_one_asks_for_another() {
    let world = World::new().await;
    let page = world.visitor().get("/policy").await.body;
    assert!(
        page.contains("15 days after the account is closed"),
        "a bare period reads as if it were the whole: {page}"
    );
    assert!(page.contains("Singapore") && !page.contains("SG<"), "by its name: {page}");
    for path in ["/policy", "/policy/minors"] {
        let page = world.visitor().get(path).await.body;
        assert!(page.contains("href=\"/rights/for-another\""), "{path}: {page}");
    }
}

#[tokio::test]
async fn whoever_was_told_of_what_they_did_not_do_finds_whom_to_call() {
    let world = World::new().await;
    let phone = &world.portal.map.handler.officer.phone;
    let page = world.visitor().get("/rights").await.body;
    assert!(page.contains(phone.as_str()) && page.contains("Told of something you did not do?"), "{page}");
    world.customer(&world.email("customer")).await;
    let letters = world.letters();
    assert!(letters.iter().all(|(_, body)| body.contains(phone.as_str())), "nobody can answer a message: {letters:?}");
}

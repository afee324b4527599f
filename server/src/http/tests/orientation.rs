//! Whoever arrives sees where they are: whose portal it is, what a long page holds, and numbers in one piece.

use super::{
    systems::approved,
    world::{World, deletion},
};

/// What stands between two marks, the first time.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let after = page.split_once(from).unwrap_or_else(|| panic!("{from}: {page}")).1;
    after.split_once(to).unwrap().0
}

fn brand(page: &str) -> &str {
    between(page, "class=\"brand\"", "</a>")
}

#[tokio::test]
async fn whoever_arrives_sees_whose_portal_it_is_and_staff_what_they_work_with() {
    let world = World::new().await;
    for path in ["/", "/policy", "/rights", "/sign-in", "/verify", "/nowhere"] {
        let page = world.visitor().get(path).await.body;
        assert!(
            brand(&page).contains("Yuanfan Logistics") && brand(&page).contains("Privacy portal"),
            "{path}: {page}"
        );
        assert!(between(&page, "<title>", "</title>").ends_with("– Yuanfan Logistics"), "{path}: {page}");
    }
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get("/mine").await.body;
    assert!(brand(&page).contains("Yuanfan Logistics") && !brand(&page).contains("Qingdan"), "{page}");
    assert_eq!(between(&page, "<title>", "</title>"), "My information – Yuanfan Logistics");
    let page = world.staff("officer").await.get("/officer").await.body;
    assert!(brand(&page).contains("Qingdan") && !brand(&page).contains("Yuanfan"), "{page}");
    assert!(between(&page, "<title>", "</title>").ends_with("– Qingdan"), "{page}");
}

#[tokio::test]
async fn a_company_that_gives_no_short_name_is_called_by_its_whole_one() {
    let world = World::new().await;
    let file = "00-handler.toml";
    let map = std::fs::read_to_string(world.dir.path().join("demo/map").join(file)).unwrap();
    let without: String = map.split_inclusive('\n').filter(|line| !line.starts_with("short =")).collect();
    assert_ne!(map, without);
    world.publish_map(file, &without).await;
    let page = world.visitor().get("/").await.body;
    assert!(brand(&page).contains("Yuanfan Logistics Co., Ltd. (demonstration)"), "{page}");
}

#[tokio::test]
async fn a_long_page_says_at_its_top_what_it_holds_and_where() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get("/mine").await.body;
    let jumps = between(&page, "class=\"jumps", "</nav>");
    let mut all = 0;
    let links: Vec<&str> = jumps.split("href=\"#").skip(1).collect();
    assert!(links.len() > 1, "{page}");
    for link in links {
        let id = link.split_once('"').unwrap().0;
        let section = between(&page, &format!("aria-labelledby=\"{id}\""), "</section>");
        let records = section.matches("<article").count();
        assert_eq!(between(link, "class=\"count\">", "<"), records.to_string(), "{id}: {jumps}");
        all += records;
    }
    assert!(jumps.contains(&format!("Records: {all}, by")), "{jumps}");
    assert_eq!(page.matches("<article").count(), all, "nothing is outside what is listed");
    // As the map has it, and not by the columns' letters.
    let account = between(&page, "<article", "</article>");
    let place = |name: &str| account.find(&format!("<dt>{name}")).unwrap_or_else(|| panic!("{name}: {account}"));
    assert!(place("Name") < place("E-mail address") && place("E-mail address") < place("Mobile number"), "{account}");
    assert!(
        place("Mobile number") < place("Registered on") && place("Registered on") < place("Last sign-in"),
        "{account}"
    );

    // Who only receives parcels has one kind of record, and nothing to jump to.
    assert!(!world.recipient().await.get("/mine").await.body.contains("class=\"jumps"));
}

#[tokio::test]
async fn numbers_stand_in_one_piece_and_are_copied_as_they_are() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let whole = format!("<span class=\"whole\">{number}</span>");
    let page = li.get(&format!("/requests/{number}?filed")).await.body;
    assert_eq!(page.matches(&whole).count(), 2, "{page}");
    assert!(li.get("/requests").await.body.contains(&whole));
    let mut officer = world.staff("officer").await;
    let case = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(between(&case, "<h1", "</h1>").contains(&whole), "{case}");
    assert!(officer.get("/officer").await.body.contains(&format!(">{number}</a>")), "where nothing breaks");
}

#[tokio::test]
async fn a_finished_request_says_its_result_once() {
    let world = World::new().await;
    let email = world.email("customer");
    let number = approved(&world, &email).await;
    let mut li = world.customer(&email).await;
    let page = li.get(&format!("/requests/{number}")).await.body;
    let result = between(&page, "<h2>Result</h2>", "<h2>What happened");
    assert!(result.contains("We looked again afterwards"), "{page}");
    assert_eq!(result.matches("Address book").count(), 1, "{result}");
    assert!(result.contains("Deleted") && result.contains("Locked away") && result.contains("Kept"), "{result}");
    assert!(!page.contains("<table class=\"outcomes\""), "the numbers are for whoever answers for it: {page}");
    let case = world.staff("officer2").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(case.contains("Left when checked"), "{case}");
}

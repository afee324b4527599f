//! A number that two people used one after the other leads to the records of both: each is told before they ask.

use super::{for_others::asked_by_agent, left_out::parcels, looks::shows_each, world::World};

const OTHER: &str = "Different names stand at your mobile number";

#[tokio::test]
async fn whose_number_carries_another_name_is_told_that_records_of_somebody_else_may_be_among_them() {
    let world = World::new().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    parcels(&world).await;
    world.company(&format!("UPDATE waybills SET receiver_name = '王芳' WHERE receiver_mobile = '{mobile}'")).await;
    let mut wang = world.recipient().await;
    assert!(!wang.get("/mine").await.body.contains(OTHER), "one name, however it is spaced");
    let spaced = format!(
        "UPDATE waybills SET receiver_name = ' 王芳' WHERE id = (SELECT min(id) FROM waybills WHERE receiver_mobile = '{mobile}')"
    );
    world.company(&spaced).await;
    assert!(!wang.get("/mine").await.body.contains(OTHER));

    world.company(&spaced.replace(" 王芳", "赵强")).await;
    let page = wang.get("/mine").await.body;
    assert!(page.contains(OTHER) && page.contains("they can be left out one by one"), "{page}");
    assert!(!page.contains("赵强"), "masked as ever: {page}");
    let delete = wang.get("/mine/delete").await;
    assert!(delete.body.contains("what is not yours can be left out"), "{}", delete.body);
}

#[tokio::test]
async fn an_officer_who_compares_people_with_the_evidence_is_told_too() {
    let world = World::new().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    parcels(&world).await;
    let one = format!("(SELECT min(id) FROM waybills WHERE receiver_mobile = '{mobile}')");
    world.company(&format!("UPDATE waybills SET receiver_name = 'Wang Fang' WHERE receiver_mobile = '{mobile}'")).await;
    let mut agent = world.customer(&world.email("spare")).await;
    let asked = asked_by_agent(&mut agent, &[("kind", "copy"), ("mobile", &mobile), ("words", "In her name")]).await;
    let people = format!("/officer{asked}/people");
    let mut officer = world.staff("officer").await;
    let hint = "two people may have had it";
    let page = officer.post(&people, &[]).await.body;
    assert!(!page.contains("Wang Fang") && !page.contains(hint), "{page}");
    world.company(&format!("UPDATE waybills SET receiver_name = 'Zhao Qiang' WHERE id = {one}")).await;
    let page = officer.post(&people, &[]).await.body;
    assert!(!page.contains("Zhao Qiang") && page.contains(hint), "{page}");
    let case = people.trim_end_matches("/people");
    let page = shows_each(&mut officer, case, &page, "tell_apart").await;
    assert!(page.contains("Wang Fang") && page.contains("Zhao Qiang"), "{page}");
}

//! Whoever has asked already is told so before they ask again: a deletion that is under way, an account that is about to
//! close, evidence that has come.

use super::{
    rights::number,
    world::{COMPARED, World, deletion, plan_of},
};

const DELETE: &str = "/mine/delete";
const CANCEL: &str = "/mine/cancel-account";
const SUBMIT: &str = "Ask for deletion</button>";

/// Nothing of theirs is open any more.
async fn settled(world: &World, email: &str) {
    let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
    let mobile = format!("(SELECT mobile FROM customers WHERE email = '{email}')");
    let theirs = format!("sender_id = {id} OR sender_mobile = {mobile}");
    world.company(&format!("UPDATE waybills SET delivered_at = accepted_at WHERE {theirs}")).await;
    world.company(&format!("UPDATE orders SET completed_at = placed_at WHERE customer_id = {id}")).await;
}

#[tokio::test]
async fn whoever_asks_for_a_second_deletion_reads_what_there_is_and_what_it_would_be() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let page = li.get(DELETE).await.body;
    assert!(page.contains(SUBMIT) && !page.contains("under way already"), "{page}");
    let addresses = "/mine/delete?tables=listed&table%3Acompany.addresses=on";
    let listed = [("tables", "listed"), ("table:company.addresses", "on"), ("shown", "company.addresses")];
    let first = li.post(DELETE, &listed).await.location.unwrap();
    let first = number(&first);

    let page = li.get(DELETE).await.body;
    let before_form = page.split("<form method=\"post\" action=\"/mine/delete\"").next().unwrap();
    assert!(before_form.contains("A deletion of yours is under way already"), "{page}");
    assert!(before_form.contains(&format!("/requests/{first}")) && before_form.contains("Address book)"), "{page}");
    assert!(before_form.contains("of other records") && page.contains(SUBMIT), "{page}");
    let same = li.get(addresses).await.body;
    assert!(same.contains("of the same as below") && !same.contains(SUBMIT), "{same}");
    assert!(same.contains("See the request that is under way"), "{same}");

    let second = deletion(&mut li).await;
    assert_ne!(first, second);
    let page = li.get("/mine/delete?tables=listed&table%3Acompany.orders=on").await.body;
    assert!(page.contains("includes what is below already") && page.contains("(everything)"), "{page}");
    assert!(!world.customer(&world.email("spare")).await.get(DELETE).await.body.contains("under way already"));
    li.post(&format!("/requests/{second}/cancel"), &[]).await;
    li.post(&format!("/requests/{first}/cancel"), &[]).await;
    assert!(!li.get(DELETE).await.body.contains("under way already"));
}

#[tokio::test]
async fn an_account_that_is_about_to_close_says_so_wherever_one_looks() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let mut li = world.customer(&email).await;
    let soon = "You can change your mind until the account is closed";
    assert!(!li.get("/mine").await.body.contains(soon));
    let closing = number(&li.post(CANCEL, &[]).await.location.unwrap());
    for path in ["/mine", DELETE, CANCEL] {
        let page = li.get(path).await.body;
        assert!(page.contains(soon) && page.contains(&format!("/requests/{closing}")), "{path}: {page}");
    }
    let page = li.get(CANCEL).await.body;
    assert!(page.contains("You have asked for it already"), "{page}");
    assert!(!page.contains("<form method=\"post\" action=\"/mine/cancel-account\""), "{page}");
    li.post(&format!("/requests/{closing}/cancel"), &[]).await;
    for path in ["/mine", DELETE, CANCEL] {
        assert!(!li.get(path).await.body.contains(&format!("/requests/{closing}")), "{path}");
    }
}

#[tokio::test]
async fn an_account_that_somebody_else_has_closed_is_said_to_its_owner_who_may_ask_themselves() {
    let world = World::new().await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let mut agent = world.customer("agent@example.com").await;
    let asked = agent.asks_for(&email, "agent", "cancel-account").await;
    let case = format!("/officer/requests/{asked}");
    let mut first = world.staff("officer").await;
    first.post(&format!("{case}/people"), &[]).await;
    assert_eq!(first.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
    let mut li = world.customer(&email).await;
    assert!(!li.get("/mine").await.body.contains("Somebody asked this for you, and"), "nothing is agreed to yet");
    let plan = plan_of(&world, &case).await;
    let mut second = world.staff("officer2").await;
    assert_eq!(second.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    for path in ["/mine", CANCEL] {
        let page = li.get(path).await.body;
        assert!(page.contains("Somebody asked this for you, and an officer has agreed"), "{path}: {page}");
    }
    assert!(li.get(CANCEL).await.body.contains("<form method=\"post\" action=\"/mine/cancel-account\""));
}

#[tokio::test]
async fn a_representative_sees_what_they_handed_in_and_nobody_has_it_from_there() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let asked = agent.asks_for(&subject, "agent", "delete").await;
    let path = format!("/requests/{asked}");
    let page = agent.get(&path).await.body;
    assert!(page.contains("The evidence you handed in") && page.contains("mandate.pdf (1 KB)"), "{page}");
    assert!(page.contains("received ") && !page.contains("/files/"), "listed, and no link: {page}");
    let theirs = world.customer(&subject).await.get(&path).await.body;
    assert!(!theirs.contains("mandate.pdf"), "{theirs}");
    let case = world.staff("officer").await.get(&format!("/officer{path}")).await.body;
    let file = super::represent::file(&case);
    assert_eq!(agent.get(&file.replace("/officer", "")).await.status.as_u16(), 404, "not by its address either");
}

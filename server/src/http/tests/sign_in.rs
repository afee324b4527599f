//! What the doors say: why one is there, where the code went, and until when there are no more. The same to everybody,
//! known here or not.

use jiff::SignedDuration;

use super::world::{Person, World};

async fn asked(person: &mut Person<'_>, email: &str) -> super::world::Answer {
    person.post("/sign-in", &[("email", email)]).await
}

#[tokio::test]
async fn where_a_code_went_is_said_masked_and_can_be_corrected() {
    let world = World::new().await;
    for email in [world.email("customer"), "nobody1@example.com".to_owned()] {
        let mut person = world.visitor();
        assert_eq!(
            asked(&mut person, &email).await.location.as_deref(),
            Some("/sign-in/code"),
            "nothing in the address"
        );
        for page in [person.get("/sign-in/code").await, person.post("/sign-in/code", &[("code", "1")]).await] {
            assert!(page.body.contains("on its way to ") && page.body.contains("***"), "{}", page.body);
            assert!(page.body.contains("@example.com") && !page.body.contains(&email), "masked: {}", page.body);
            assert!(page.body.contains("<a href=\"/sign-in\">Not right? Change it"), "{}", page.body);
        }
    }
    let receiver = world.person("receiver");
    let waybill = receiver["waybill_no"].as_str().unwrap();
    for mobile in [receiver["mobile"].as_str().unwrap(), "13812345678"] {
        let mut person = world.visitor();
        person.post("/sign-in/parcel", &[("mobile", mobile), ("waybill", waybill)]).await;
        let page = person.get("/sign-in/code").await.body;
        let masked = format!("{}****{}", &mobile[..3], &mobile[7..]);
        assert!(page.contains(&masked) && !page.contains(mobile) && !page.contains(waybill), "{page}");
        assert!(page.contains("<a href=\"/sign-in/parcel\">Not right?"), "{page}");
    }
    world.work().await;
    // One more code to what they have proven was not typed.
    let mut li = world.customer(&world.email("customer")).await;
    li.post("/confirm", &[]).await;
    let page = li.get("/sign-in/code").await.body;
    assert!(page.contains("on its way to ") && !page.contains("Not right?"), "{page}");
}

#[tokio::test]
async fn whoever_is_sent_to_sign_in_reads_what_for_and_lands_there() {
    let world = World::new().await;
    let email = world.email("customer");
    for (path, why) in [
        ("/requests", "To see your request, sign in first"),
        ("/mine", "To see what we keep about you"),
        ("/mine/lists", "To see your two lists"),
        ("/rights/transfer", "To ask for “"),
        ("/rights/for-another", "To ask for somebody else"),
    ] {
        let mut visitor = world.visitor();
        assert_eq!(visitor.get(path).await.location.as_deref(), Some("/sign-in"), "{path}");
        for door in ["/sign-in", "/sign-in/parcel"] {
            let page = visitor.get(door).await.body;
            assert!(page.contains(why), "{path}: {page}");
        }
        let wrong = visitor.post("/sign-in", &[("email", "nonsense")]).await;
        assert!(wrong.body.contains(why), "and still after an error: {}", wrong.body);
    }
    assert!(!world.visitor().get("/sign-in").await.body.contains("sign in first"), "who came by themselves");
    let mut visitor = world.visitor();
    visitor.get("/mine/lists").await;
    asked(&mut visitor, &email).await;
    let code = world.code_for(&email).await;
    let entered = visitor.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/mine/lists"));
}

#[tokio::test]
async fn whoever_asks_for_too_many_codes_is_told_until_when_and_whom_to_call() {
    let world = World::new().await;
    for email in [world.email("customer"), "nobody2@example.com".to_owned()] {
        let mut person = world.visitor();
        for _ in 0..5 {
            assert_eq!(asked(&mut person, &email).await.status.as_u16(), 303);
        }
        let page = asked(&mut person, &email).await;
        assert_eq!(page.status.as_u16(), 429, "{}", page.body);
        assert!(
            page.body.contains("No more codes for now") && page.body.contains("No code is sent before"),
            "{}",
            page.body
        );
        assert!(
            page.body.contains("0592-0000000") && page.body.contains("Enter a code you have received"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains("<form method=\"post\" action=\"/sign-in\""),
            "no form to ask again: {}",
            page.body
        );
        assert!(!page.body.contains(&email), "{}", page.body);
    }
    // Where it cannot be asked, the one that came still works.
    let mut li = world.visitor();
    world.pass(SignedDuration::from_mins(16));
    let email = world.email("customer");
    for _ in 0..4 {
        asked(&mut li, &email).await;
    }
    world.work().await;
    world.pass(SignedDuration::from_secs(1));
    asked(&mut li, &email).await;
    let code = world.code_for(&email).await;
    assert_eq!(asked(&mut li, &email).await.status.as_u16(), 429);
    assert_eq!(li.post("/sign-in/code", &[("code", &code)]).await.status.as_u16(), 303);
}

use std::fmt::Write;

use axum::http::Method;
use jiff::SignedDuration;

use super::{World, world::deletion};
use crate::http::{Demo, routes};

/// All routes × all roles. A change of permissions is a change of this picture.
#[tokio::test]
async fn every_route_for_every_role() {
    let world = World::new().await;
    let mut owner = world.customer(&world.email("spare")).await;
    let number = deletion(&mut owner).await;
    let mut actors = vec![
        ("visitor", world.visitor()),
        ("customer", world.customer(&world.email("newcomer")).await),
        ("officer", world.staff("officer").await),
        ("auditor", world.staff("auditor").await),
        ("security", world.staff("security").await),
        ("system", world.staff("system").await),
    ];
    let mut routes = routes::routes(&Demo::No);
    // Signing out ends what the others need.
    routes.sort_by_key(|route| route.path.ends_with("sign-out"));
    let mut picture = String::new();
    for route in routes {
        let path = route
            .path
            .replace("{number}", &number)
            .replace("{token}", &"0".repeat(32))
            .replace("{column}", "name")
            .replace("{secret}", "nobody-knows")
            .replace("{provider}", "nobody")
            .replace("{id}", "00000000-0000-0000-0000-000000000000")
            .replace("{kind}", "explain-rules");
        writeln!(picture, "{} {}", route.method, route.path).unwrap();
        for (name, actor) in &mut actors {
            let answer =
                if route.method == Method::GET { actor.get(&path).await } else { actor.post(&path, &[]).await };
            let to = answer.location.map(|to| format!(" → {}", to.replace(&number, "{number}"))).unwrap_or_default();
            let to = if to.contains("/requests/QD-") { " → /requests/{new}".to_owned() } else { to };
            let to = if to.contains("/mine/copy/") { " → /mine/copy/{new}".to_owned() } else { to };
            writeln!(picture, "    {name:<9} {}{to}", answer.status.as_u16()).unwrap();
        }
    }
    insta::assert_snapshot!(picture);
}

#[tokio::test]
async fn a_session_gets_a_new_id_at_sign_in_and_ends_at_sign_out() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut person = world.visitor();
    person.post("/sign-in", &[("email", &email)]).await;
    let before = person.cookie.clone().unwrap();
    let code = world.code_for(&email).await;
    person.post("/sign-in/code", &[("code", &code)]).await;
    let after = person.cookie.clone().unwrap();
    assert_ne!(before, after, "whoever knew the old id knows nothing");
    let mut fixed = world.visitor();
    fixed.cookie = Some(before);
    assert_eq!(fixed.get("/mine").await.location.as_deref(), Some("/sign-in"));
    let mut copy = person.clone();
    person.post("/sign-out", &[]).await;
    assert_eq!(copy.get("/mine").await.location.as_deref(), Some("/sign-in"), "ended on the server");
}

#[tokio::test]
async fn values_in_full_and_deletion_need_a_fresh_code() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    assert_eq!(li.get("/mine/full").await.status.as_u16(), 200);
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(li.get("/mine").await.status.as_u16(), 200);
    assert_eq!(li.post("/mine/delete", &[]).await.location.as_deref(), Some("/confirm"));
    assert_eq!(li.get("/mine/full").await.location.as_deref(), Some("/confirm"));
    li.post("/confirm", &[]).await;
    let code = world.code_for(&email).await;
    let entered = li.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/mine/full"), "back to where they were going");
}

#[tokio::test]
async fn idle_staff_are_signed_out() {
    let world = World::new().await;
    let mut officer = world.staff("officer").await;
    for _ in 0..3 {
        world.pass(SignedDuration::from_mins(10));
        assert_eq!(officer.get("/officer").await.status.as_u16(), 200, "at work");
    }
    world.pass(SignedDuration::from_mins(16));
    assert_eq!(officer.get("/officer").await.location.as_deref(), Some("/officer/sign-in"));
}

#[tokio::test]
async fn the_second_factor_is_enrolled_at_the_first_sign_in_and_works_once() {
    let world = World::new().await;
    let mut new = world.visitor();
    let login = [("login", "newcomer"), ("password", "yuanfan-demo-2026")];
    assert_eq!(new.post("/officer/sign-in", &login).await.location.as_deref(), Some("/officer/enrol"));
    let page = new.get("/officer/enrol").await.body;
    let at = page.find("class=\"secret\">").unwrap() + 15;
    let secret: String = page[at..].chars().take_while(|c| *c != '<').filter(|c| *c != ' ').collect();
    assert_eq!(new.post("/officer/enrol", &[("code", "000000")]).await.status.as_u16(), 422);
    let code = world.totp(&secret);
    assert_eq!(new.post("/officer/enrol", &[("code", &code)]).await.location.as_deref(), Some("/officer"));
    let mut thief = world.visitor();
    assert_eq!(thief.post("/officer/sign-in", &login).await.location.as_deref(), Some("/officer/second-factor"));
    assert_eq!(
        thief.post("/officer/second-factor", &[("code", &code)]).await.status.as_u16(),
        422,
        "seen over a shoulder"
    );
}

#[tokio::test]
async fn five_failures_lock_an_account_without_telling() {
    let world = World::new().await;
    let mut guess = world.visitor();
    let mut bodies = Vec::new();
    for _ in 0..5 {
        bodies.push(guess.post("/officer/sign-in", &[("login", "officer2"), ("password", "wrong")]).await.status);
    }
    let right = guess.post("/officer/sign-in", &[("login", "officer2"), ("password", "yuanfan-demo-2026")]).await;
    assert_eq!(right.status.as_u16(), 422, "locked");
    let unknown = guess.post("/officer/sign-in", &[("login", "nobody"), ("password", "wrong")]).await;
    assert_eq!(unknown.status, right.status);
    world.pass(SignedDuration::from_mins(31));
    let right = guess.post("/officer/sign-in", &[("login", "officer2"), ("password", "yuanfan-demo-2026")]).await;
    assert_eq!(right.location.as_deref(), Some("/officer/second-factor"));
}

#[tokio::test]
async fn every_role_has_a_first_page_and_the_logo_leads_there() {
    let world = World::new().await;
    let firsts = [
        ("officer", "/officer", "Requests"),
        ("auditor", "/officer", "Requests"),
        ("system", "/officer/connections", "Connections"),
        ("security", "/officer", "Accounts of staff"),
    ];
    for (login, first, title) in firsts {
        let (mut person, landed) = world.landed(login).await;
        assert_eq!(landed, first, "{login}");
        let page = person.get(first).await;
        assert!(page.status.as_u16() == 200 && page.body.contains(title), "{login}: {}", page.body);
        assert!(page.body.contains(&format!("<a href=\"{first}\" class=\"brand\"")), "{login}: {}", page.body);
        let desk = person.get("/officer").await;
        assert!(desk.status.as_u16() == 200 || desk.location.as_deref() == Some(first), "{login}");
    }
}

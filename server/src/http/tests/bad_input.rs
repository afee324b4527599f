use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;

use super::{
    World,
    world::{deletion, digest},
};

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_form_must_come_from_this_site_and_say_so() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let post = || Request::post("/mine/delete").header(header::CONTENT_TYPE, FORM);
    for (name, request) in [
        ("no origin", post()),
        ("empty origin", post().header(header::ORIGIN, "null")),
        ("other site", post().header(header::ORIGIN, "https://evil.example")),
        ("cross-site", post().header(header::ORIGIN, "http://127.0.0.1:3000").header("sec-fetch-site", "cross-site")),
    ] {
        let answer = li.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 403, "{name}");
        assert!(answer.body.contains("Nothing was changed"), "{name}");
    }
    assert!(li.get("/requests").await.body.contains("You have made no request yet"));
}

#[tokio::test]
async fn too_much_or_garbled_gets_a_page() {
    let world = World::new().await;
    let mut visitor = world.visitor();
    let answer = visitor.post("/sign-in", &[("email", &"a".repeat(70_000))]).await;
    assert_eq!(answer.status.as_u16(), 413);
    assert!(answer.body.contains("Too much text"));
    let json = Request::post("/sign-in")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"));
    let answer = visitor.send(json.unwrap()).await;
    assert_eq!(answer.status.as_u16(), 400);
    assert!(answer.body.contains("What was sent cannot be read"));
    let answer = visitor.get("/no/such/page").await;
    assert_eq!(answer.status.as_u16(), 404);
    assert!(answer.body.contains("Page not found"));
}

#[tokio::test]
async fn known_and_unknown_people_get_the_same_answer() {
    let world = World::new().await;
    let mut one = world.visitor();
    let mut two = world.visitor();
    let known = one.post("/sign-in", &[("email", &world.email("customer"))]).await;
    let unknown = two.post("/sign-in", &[("email", "nobody@example.com")]).await;
    assert_eq!((known.status, known.location), (unknown.status, unknown.location));
    let page =
        |body: String| body.split("nonce").map(|part| part.chars().skip(40).collect::<String>()).collect::<String>();
    // Each reads their own, masked, as they typed it.
    let page = |body: String| {
        let page = page(body);
        let (before, after) = page.split_once("on its way to ").unwrap();
        let (masked, rest) = after.split_once(". It works").unwrap();
        assert!(masked.contains("***") && masked.ends_with("@example.com"), "{masked}");
        format!("{before}{rest}")
    };
    assert_eq!(page(one.get("/sign-in/code").await.body), page(two.get("/sign-in/code").await.body));
    world.work().await;
    // Someone we know nothing about sees that, and can ask for nothing.
    let mut nobody = world.customer("nobody@example.com").await;
    assert!(nobody.get("/mine").await.body.contains("We keep nothing"));
    assert!(nobody.get("/mine/delete").await.body.contains("There is nothing to delete"));
}

#[tokio::test]
async fn codes_are_few_short_lived_and_used_once() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.visitor();
    li.post("/sign-in", &[("email", &email)]).await;
    let code = world.code_for(&email).await;
    let wrong = if code == "111111" { "222222" } else { "111111" };
    let answer = li.post("/sign-in/code", &[("code", wrong)]).await;
    assert!(answer.status.as_u16() == 422 && answer.body.contains("Tries left: 4"));
    let mut second = li.clone();
    assert_eq!(li.post("/sign-in/code", &[("code", &code)]).await.location.as_deref(), Some("/mine"));
    assert_eq!(second.post("/sign-in/code", &[("code", &code)]).await.status.as_u16(), 303, "the old session is gone");
    let mut late = world.visitor();
    late.post("/sign-in", &[("email", &email)]).await;
    let code = world.code_for(&email).await;
    world.pass(SignedDuration::from_mins(11));
    let answer = late.post("/sign-in/code", &[("code", &code)]).await;
    assert!(answer.body.contains("This code no longer works"), "{}", answer.body);
    let mut often = world.visitor();
    let mut last = 303;
    for _ in 0..6 {
        last = often.post("/sign-in", &[("email", &email)]).await.status.as_u16();
    }
    assert_eq!(last, 429, "six codes to one address within 15 minutes");
}

#[tokio::test]
async fn forged_numbers_and_other_peoples_requests_do_not_exist() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let mut other = world.customer(&world.email("newcomer")).await;
    for number in [number.as_str(), "QD-20261123-22222", "1", "QD-20261123-2222'", "%00", "QD-99999999-AAAAA"] {
        for action in ["", "/stage"] {
            let answer = other.get(&format!("/requests/{number}{action}")).await;
            assert_eq!(answer.status.as_u16(), 404, "{number}{action}");
        }
        assert_eq!(other.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 404, "{number}");
    }
    assert_eq!(other.get("/mine/correct/00000000000000000000000000000000/name").await.status.as_u16(), 404);
    assert_eq!(li.get(&format!("/requests/{number}")).await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_company_database_that_is_down_takes_only_its_part() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let mut officer = world.staff("officer").await;
    let plan = digest(&officer.get(&format!("/officer/requests/{number}")).await.body);
    // Opened on first use: a second portal on the same store has no connection yet.
    let path = world.dir.path().join("demo");
    std::fs::rename(path.join("company.sqlite"), path.join("away.sqlite")).unwrap();
    let config = crate::config::Config::load(&path.join("qingdan.toml")).unwrap();
    let mut portal = crate::boot::portal(&config).await.unwrap();
    portal.clock = world.portal.clock.clone();
    let held = {
        let identifier = domain::Identifier::Email(domain::Email::parse(&world.email("customer")).unwrap());
        let customer = domain::actor::Customer::new(vec![(identifier, domain::actor::Freshness::Fresh)]).unwrap();
        let own = domain::actor::Actor::Customer(customer).own().unwrap();
        portal.mine(&own).await.unwrap()
    };
    assert_eq!(held.missing.len(), 1, "named, not left out");
    // Approved while it is down: the job waits, the person is told, nothing is claimed.
    let approved = officer.post(&format!("/officer/requests/{number}/approve"), &[("plan", &plan)]).await;
    assert_eq!(approved.status.as_u16(), 303);
    assert_eq!(portal.work_once().await.unwrap(), service::worker::Worked::Did);
    let page = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("Carrying out is blocked (unreachable)"), "{page}");
    std::fs::rename(path.join("away.sqlite"), path.join("company.sqlite")).unwrap();
    world.pass(SignedDuration::from_mins(1));
    world.work().await;
    let page = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("Completed"), "goes on by itself");
}

#[tokio::test]
async fn a_configuration_that_cannot_be_right_is_refused_with_what_to_write() {
    let world = World::new().await;
    let path = world.dir.path().join("demo/qingdan.toml");
    let good = std::fs::read_to_string(&path).unwrap();
    for (from, to, says) in [
        ("public_url = \"http://127.0.0.1:3000\"", "public_url = \"http://portal.example.com\"", "must be https"),
        ("folder = \"mail\"", "", "write one of smtp"),
        ("metrics = \"127.0.0.1:3001\"", "metrics = \"127.0.0.1:3000\"", "address of its own"),
        ("schedule = \"0 2 * * *\"", "schedule = \"at night\"", "not a cron expression"),
        ("listen =", "lisen =", "unknown field `lisen`"),
    ] {
        std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
        let error = format!("{:#}", crate::config::Config::load(&path).unwrap_err());
        assert!(error.contains(says), "{error}");
    }
}

#[tokio::test]
async fn pages_carry_their_headers() {
    let world = World::new().await;
    let answer = world.visitor().get("/policy").await;
    let header =
        |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let csp = header("content-security-policy");
    assert!(
        csp.contains("default-src 'none'") && csp.contains("script-src 'nonce-") && !csp.contains("unsafe-inline"),
        "{csp}"
    );
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("strict-transport-security").contains("max-age"));
    assert!(!answer.body.contains(" style="), "attributes a nonce does not cover");
    // A browser leaves out tabs.
    for elsewhere in ["//evil.example", "/%09/evil.example", "/%5Cevil.example", "https://evil.example"] {
        let away = world.visitor().get(&format!("/preferences?lang=en&back={elsewhere}")).await;
        assert_eq!(away.location.as_deref(), Some("/"), "no open redirect: {elsewhere}");
    }
}

#[tokio::test]
async fn the_demo_mailbox_exists_in_the_demo_only() {
    let world = World::new().await;
    assert_eq!(world.visitor().get("/demo/mailbox").await.status.as_u16(), 404);
}

//! Whoever keeps the accounts of staff: opens, closes and renews them, and does nothing else.

use super::world::{Person, World};

const ACCOUNTS: &str = "/officer/accounts";

fn shown(page: &str, class: &str) -> String {
    page.split(&format!("class=\"{class}\">")).nth(1).unwrap().split('<').next().unwrap().to_owned()
}

/// The hidden number beside a button.
pub(super) fn id_of(page: &str, label: &str) -> String {
    let form = page.split(&format!("aria-label=\"{label}\"")).next().unwrap();
    form.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

async fn signs_in(person: &mut Person<'_>, login: &str, password: &str) -> Option<String> {
    person.post("/officer/sign-in", &[("login", login), ("password", password)]).await.location
}

#[tokio::test]
async fn an_account_is_opened_and_its_first_password_is_shown_once() {
    let world = World::new().await;
    let (mut officer, mut security) = (world.staff("officer").await, world.staff("security").await);
    assert_eq!(officer.get(ACCOUNTS).await.status.as_u16(), 404, "officers keep no accounts");
    let page = security.get(ACCOUNTS).await.body;
    assert!(page.contains("Another security administrator looks after your own"), "{page}");
    assert!(page.contains("Has not signed in yet") && page.contains("In use"), "{page}");

    let wrong = security.post(ACCOUNTS, &[("name", "Zhou"), ("login", "Zhou!"), ("role", "king")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.body.contains("Choose a role") && wrong.body.contains("value=\"Zhou!\""), "{}", wrong.body);
    let taken = security.post(ACCOUNTS, &[("name", "Zhou"), ("login", "officer"), ("role", "officer")]).await;
    assert!(taken.status.as_u16() == 422 && taken.body.contains("already an account"), "{}", taken.body);

    let opened = security.post(ACCOUNTS, &[("name", "Zhou Min"), ("login", "zhou.min"), ("role", "officer")]).await;
    assert!(opened.status.as_u16() == 200 && opened.body.contains("The first password of zhou.min"), "{}", opened.body);
    let password = shown(&opened.body, "secret");
    assert!(password.len() >= 24);
    assert!(!security.get(ACCOUNTS).await.body.contains(&password), "this once");
    let mut zhou = world.visitor();
    assert_eq!(signs_in(&mut zhou, "zhou.min", &password).await.as_deref(), Some("/officer/enrol"));
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("staff_added") && !log.contains(&password), "{log}");
}

#[tokio::test]
async fn whoever_leaves_is_signed_out_and_stays_out_until_both_factors_are_renewed() {
    let world = World::new().await;
    let (mut officer, mut security) = (world.staff("officer2").await, world.staff("security").await);
    assert_eq!(officer.get("/officer").await.status.as_u16(), 200);
    let page = security.get(ACCOUNTS).await.body;
    let id = id_of(&page, "Close the account of 复核专员");
    assert_eq!(security.post("/officer/accounts/close", &[("id", &id)]).await.status.as_u16(), 303);
    assert_eq!(officer.get("/officer").await.location.as_deref(), Some("/officer/sign-in"), "signed out at once");
    let known = "yuanfan-demo-2026";
    assert_eq!(signs_in(&mut officer, "officer2", known).await, None, "as if the password were wrong");
    assert_eq!(security.post("/officer/accounts/close", &[("id", &id)]).await.status.as_u16(), 409, "once is enough");
    let page = security.get(ACCOUNTS).await.body;
    assert!(page.contains("Closed on") && page.contains("Open the account of 复核专员 again"), "{page}");
    let mut colleague = world.staff("officer").await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = super::world::deletion(&mut li).await;
    let case = colleague.get(&format!("/officer/requests/{number}")).await.body;
    assert!(!case.contains(">复核专员</option>"), "nothing is passed on to them: {case}");

    let back = security.post("/officer/accounts/renew", &[("id", &id)]).await.body;
    let password = shown(&back, "secret");
    assert_eq!(signs_in(&mut officer, "officer2", known).await, None);
    assert_eq!(signs_in(&mut officer, "officer2", &password).await.as_deref(), Some("/officer/enrol"));

    let own = page.split("Another security").next().unwrap();
    assert!(!own.rsplit("<section").next().unwrap().contains("<form"), "nobody shuts themselves out");
    let nobody = uuid::Uuid::nil().to_string();
    assert_eq!(security.post("/officer/accounts/renew", &[("id", &nobody)]).await.status.as_u16(), 404);
    let mut auditor = world.staff("auditor").await;
    assert_eq!(auditor.post("/officer/accounts/close", &[("id", &id)]).await.status.as_u16(), 404);
    let log = auditor.get("/officer/audit").await.body;
    assert!(log.contains("staff_left") && log.contains("staff_renewed"), "{log}");
}

#[tokio::test]
async fn a_security_administrator_cannot_close_their_own_account() {
    let world = World::new().await;
    let mut security = world.staff("security").await;
    let own = world.portal.store.staff_by_login("security").await.unwrap().unwrap().id.to_string();
    for act in ["close", "renew"] {
        let tried = security.post(&format!("/officer/accounts/{act}"), &[("id", &own)]).await;
        assert_eq!(tried.status.as_u16(), 404, "{act}");
    }
    assert_eq!(security.get(ACCOUNTS).await.status.as_u16(), 200);
}

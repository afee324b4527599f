//! Staff change their own password: with the one they have and a fresh code, and whoever signed in before is out.

use jiff::SignedDuration;

use super::world::{Answer, Person, World};

const OLD: &str = "yuanfan-demo-2026";
const NEW: &str = "four unrelated words";
const PAGE: &str = "/officer/password";

async fn change(person: &mut Person<'_>, current: &str, new: &str, code: &str) -> Answer {
    let fields = [("current", current), ("password", new), ("again", new), ("code", code)];
    person.post(PAGE, &fields).await
}

#[tokio::test]
async fn whoever_changes_their_password_is_signed_out_everywhere_else() {
    let world = World::new().await;
    let mut elsewhere = world.staff("officer").await;
    world.pass(SignedDuration::from_mins(1));
    let mut wu = world.staff("officer").await;
    let mut halfway = world.visitor();
    halfway.post("/officer/sign-in", &[("login", "officer"), ("password", OLD)]).await;
    let mut zhao = world.staff("officer2").await;
    assert!(wu.get("/officer").await.body.contains("href=\"/officer/password\""), "from every page of the staff");
    let wrong = change(&mut wu, "a wrong password", NEW, &world.code_of("officer")).await;
    assert!(wrong.body.contains("This is not your password"), "{}", wrong.body);
    let used = change(&mut wu, OLD, NEW, &world.code_of("officer")).await;
    assert!(used.status.as_u16() == 422 && used.body.contains("Wrong or already used"), "{}", used.body);

    world.pass(SignedDuration::from_mins(1));
    let before = wu.cookie.clone();
    let done = change(&mut wu, OLD, NEW, &world.code_of("officer")).await;
    assert_eq!(done.location.as_deref(), Some("/officer/password?changed"), "{}", done.body);
    assert_ne!(wu.cookie, before, "under another id");
    assert!(wu.get("/officer/password?changed").await.body.contains("Your password is changed"));
    assert_eq!(wu.get("/officer").await.status.as_u16(), 200, "they go on where they are");
    assert_eq!(elsewhere.get("/officer").await.location.as_deref(), Some("/officer/sign-in"));
    assert_eq!(zhao.get("/officer").await.status.as_u16(), 200, "nobody else");
    world.pass(SignedDuration::from_mins(1));
    let code = world.code_of("officer");
    let late = halfway.post("/officer/second-factor", &[("code", &code)]).await;
    assert_eq!(late.location.as_deref(), Some("/officer/sign-in"), "nor with half a sign-in of before");
    let mut again = world.visitor();
    let old = again.post("/officer/sign-in", &[("login", "officer"), ("password", OLD)]).await;
    assert_eq!(old.status.as_u16(), 422);
    let new = again.post("/officer/sign-in", &[("login", "officer"), ("password", NEW)]).await;
    assert_eq!(new.location.as_deref(), Some("/officer/second-factor"));
    let entered = again.post("/officer/second-factor", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/officer"), "{}", entered.body);
    let log = world.staff("auditor").await.get("/officer/audit?group=accounts").await.body;
    assert!(log.contains("staff_password_changed") && log.contains("staff_password_refused"), "{log}");
}

#[tokio::test]
async fn without_the_old_one_a_code_and_the_same_length_nothing_changes() {
    let world = World::new().await;
    let mut system = world.staff("system").await;
    let nothing = system.post(PAGE, &[]).await;
    assert_eq!(nothing.status.as_u16(), 422);
    for words in ["Enter the password you have now", "needs 12 characters or more", "Enter the code"] {
        assert!(nothing.body.contains(words), "{words}: {}", nothing.body);
    }
    world.pass(SignedDuration::from_mins(1));
    let code = world.code_of("system");
    let short = change(&mut system, OLD, "eleven char", &code).await;
    assert!(short.body.contains("needs 12 characters or more") && !short.body.contains("eleven char"));
    let fields = [("current", OLD), ("password", NEW), ("again", "four other words"), ("code", code.as_str())];
    let differ = system.post(PAGE, &fields).await;
    assert!(differ.body.contains("The two new passwords differ") && !differ.body.contains(NEW), "{}", differ.body);
    assert!(change(&mut system, OLD, OLD, &code).await.body.contains("This is the password you have now"));
    assert!(change(&mut system, OLD, NEW, "000000").await.body.contains("Wrong or already used"));
    for _ in 0..4 {
        let wrong = change(&mut system, "a wrong password", NEW, &code).await;
        assert!(wrong.status.as_u16() == 422 && wrong.body.contains("This is not your password"), "{}", wrong.body);
    }
    let locked = change(&mut system, OLD, NEW, &code).await;
    assert!(locked.body.contains("or the account is locked"), "five failures: {}", locked.body);
    for _ in 0..4 {
        change(&mut system, OLD, NEW, &code).await;
    }
    assert!(change(&mut system, OLD, NEW, &code).await.body.contains("Too many tries"));
    world.pass(SignedDuration::from_mins(31));
    let mut again = world.visitor();
    let old = again.post("/officer/sign-in", &[("login", "system"), ("password", OLD)]).await;
    assert_eq!(old.location.as_deref(), Some("/officer/second-factor"), "as it was");
}

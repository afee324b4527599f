//! What somebody wrote is not lost because something came between.

use jiff::SignedDuration;

use super::{rights::file, world::World};
use domain::request::RequestKind;

const WORDS: &str = "We have <looked> into it & written three paragraphs.";
const SHOWN: &str = "We have &lt;looked&gt; into it &amp; written three paragraphs.";

/// To be copied, and not to be sent.
fn to_copy(page: &str) -> bool {
    page.contains("readonly") && page.contains(SHOWN)
}

#[tokio::test]
async fn an_officer_who_came_second_gets_the_words_back_with_the_newest_state() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = file(&mut li, RequestKind::Complaint).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
    let late = wu.post(&format!("{case}/settle"), &[("done", WORDS), ("note", "For colleagues")]).await;
    assert_eq!(late.status.as_u16(), 409);
    assert!(late.body.contains("No longer possible") && late.body.contains("Taken back"), "{}", late.body);
    assert!(to_copy(&late.body), "there is no such form any more: {}", late.body);
    let note = late.body.split("id=\"note\"").nth(1).unwrap();
    let note = note.split("</textarea>").next().unwrap();
    assert!(note.contains("For colleagues"), "it stands in its form: {note}");
    assert_eq!(late.body.matches("For colleagues").count(), 1, "and nowhere else: {}", late.body);
    let handed = wu.hand_in(&format!("{case}/ask"), &[("question", WORDS)], &[]).await;
    assert!(handed.status.as_u16() == 409 && to_copy(&handed.body), "{}", handed.body);
    let refuse = [("reason", "ABUSE_REPEAT"), ("words", WORDS)];
    let refused = wu.post(&format!("{case}/refuse"), &refuse).await;
    assert!(refused.status.as_u16() == 409 && to_copy(&refused.body), "{}", refused.body);
    assert!(!refused.body.contains("ABUSE_REPEAT"), "what was chosen is not copied: {}", refused.body);
    let approved = wu.post(&format!("{case}/approve"), &[("plan", "x")]).await;
    assert!(
        approved.status.as_u16() == 409 && approved.body.contains(&format!("href=\"{case}\"")),
        "{}",
        approved.body
    );
}

#[tokio::test]
async fn a_customer_who_answers_twice_gets_the_words_back() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = file(&mut li, RequestKind::Complaint).await;
    let mut wu = world.staff("officer").await;
    wu.post(&format!("/officer/requests/{number}/ask"), &[("question", "Which parcel?")]).await;
    let answer = format!("/requests/{number}/answer");
    assert_eq!(li.post(&answer, &[("answer", "The blue one")]).await.status.as_u16(), 303);
    let late = li.hand_in(&answer, &[("answer", WORDS)], &[]).await;
    assert_eq!(late.status.as_u16(), 409);
    assert!(to_copy(&late.body) && late.body.contains("Waiting for an officer"), "{}", late.body);
}

#[tokio::test]
async fn whoever_is_signed_out_while_writing_gets_the_words_back() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = file(&mut li, RequestKind::Complaint).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    world.pass(SignedDuration::from_mins(16));
    let note = wu.post(&format!("{case}/note"), &[("note", WORDS)]).await;
    assert_eq!(note.status.as_u16(), 403);
    assert!(note.body.contains("Please sign in again") && to_copy(&note.body), "{}", note.body);
    assert!(note.body.contains("href=\"/officer/sign-in\""), "{}", note.body);
    let pdf = [("files", "a.pdf", super::represent::PDF)];
    let settled = wu.hand_in(&format!("{case}/settle"), &[("done", WORDS)], &pdf).await;
    assert!(settled.status.as_u16() == 403 && to_copy(&settled.body), "{}", settled.body);
    let mut nobody = world.visitor();
    let answer = nobody.hand_in(&format!("/requests/{number}/answer"), &[("answer", WORDS)], &pdf).await;
    assert!(answer.status.as_u16() == 403 && to_copy(&answer.body), "{}", answer.body);
    assert!(!answer.body.contains("blue") && !answer.body.contains("Waiting for an officer"), "nothing of it is shown");
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("blue"), "as it would be");
    let nothing = nobody.post(&format!("{case}/note"), &[("note", " ")]).await;
    assert_eq!(nothing.location.as_deref(), Some("/officer/sign-in"), "nothing was written");
    let code = nobody.post(&format!("{case}/take"), &[("password", "x"), ("code", "123456")]).await;
    assert_eq!(code.location.as_deref(), Some("/officer/sign-in"), "codes and passwords are never given back");
}

#[tokio::test]
async fn whoever_takes_longer_than_their_code_is_fresh_gets_the_words_back_and_comes_to_the_form_again() {
    let world = World::new().await;
    let mut agent = world.customer("agent@example.com").await;
    world.pass(SignedDuration::from_mins(11));
    let fields = [("capacity", "agent"), ("kind", "delete"), ("email", "li@example.com"), ("words", WORDS)];
    let pdf = [("evidence", "mandate.pdf", super::represent::PDF)];
    let late = agent.hand_in("/rights/for-another", &fields, &pdf).await;
    assert!(late.status.as_u16() == 403 && to_copy(&late.body), "{}", late.body);
    assert!(late.body.contains("files have to be chosen again"), "{}", late.body);
    agent.post("/confirm", &[]).await;
    let code = world.code_for("agent@example.com").await;
    let entered = agent.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(entered.location.as_deref(), Some("/rights/for-another"));
}

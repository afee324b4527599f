//! What a decision would do is read before it is made.

use domain::request::RequestKind;

use super::{
    duplicates::by_phone,
    rights::file,
    world::{Answer, World, deletion, digest},
};

const REASON: (&str, &str) = ("reason", "NECESSARY_FOR_CONTRACT");
const WORDS: (&str, &str) = ("words", "Once the <parcel> has come\r\n& been signed for, ask again.");
/// As it stands in a page.
const SHOWN: &str = "Once the &lt;parcel&gt; has come\r\n&amp; been signed for, ask";

/// A form with this action, and what a browser would send from it.
fn form<'a>(page: &'a str, action: &str) -> Vec<(&'a str, String)> {
    let form = page.split("<form").find(|form| form.contains(&format!("action=\"{action}\""))).expect("the form");
    let attribute = |input: &'a str, name: &str| {
        let value = input.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
        Some((value, value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))
    };
    let inputs = form.split("<input type=\"hidden\"").skip(1);
    inputs.filter_map(|input| Some((attribute(input, "name")?.0, attribute(input, "value")?.1))).collect()
}

fn sent<'a>(fields: &'a [(&str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn says(answer: &Answer, status: u16, all: &[&str]) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    for words in all {
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
}

#[tokio::test]
async fn an_approval_says_what_it_will_do_before_it_does_it() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("Check and approve") && !page.contains("Approve and carry out"), "{page}");
    let plan = digest(&page);
    let check = wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    let name = format!("Check before you approve: {number}");
    says(&check, 200, &[&name, "Nothing is decided yet", "Delete", "Lock away", "Keep", "Example Linehaul", "by mail"]);
    says(&check, 200, &["by an officer", "Yours is the final word", "cannot be restored", "The account goes too"]);
    assert!(check.body.contains("autofocus"), "whoever hears the page hears its heading: {}", check.body);
    assert!(check.body.contains(&format!("back={case}")), "another language does not lead nowhere: {}", check.body);
    assert!(wu.get(&case).await.body.contains("Waiting for an officer"), "nothing is decided");
    world.work().await;
    assert!(world.titles(&world.email("spare")).iter().all(|title| !title.contains("pproved")), "nobody was told");

    let fields = form(&check.body, &format!("{case}/approve"));
    let approved = wu.post(&format!("{case}/approve"), &sent(&fields)).await;
    assert_eq!(approved.location.as_deref(), Some(case.as_str()), "{}", approved.body);
    world.work().await;
    assert!(wu.get(&case).await.body.contains("Completed"));
}

#[tokio::test]
async fn a_refusal_shows_the_clause_and_the_words_and_loses_none_on_the_way_back() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let nothing = wu.post(&format!("{case}/refuse/check"), &[WORDS]).await;
    says(&nothing, 422, &[SHOWN, "href=\"#reason\""]);
    let check = wu.post(&format!("{case}/refuse/check"), &[REASON, WORDS]).await;
    says(&check, 200, &["Check before you refuse", "PIPL art. 13 and 16", SHOWN, "Refuse the request"]);
    assert!(wu.get(&case).await.body.contains("Waiting for an officer"), "nothing is decided");
    let fields = form(&check.body, &format!("{case}/refuse"));
    assert_eq!(sent(&fields), [REASON, WORDS], "all of it, as it was typed");

    let back = wu.post(&format!("{case}/change"), &sent(&fields)).await;
    says(&back, 200, &[SHOWN, "<details open"]);
    let chosen = back.body.split("<input").find(|input| input.contains(REASON.1)).unwrap();
    assert!(chosen.split('>').next().unwrap().contains("checked"), "{chosen}");

    assert_eq!(wu.post(&format!("{case}/refuse"), &sent(&fields)).await.status.as_u16(), 303);
    says(&li.get(&format!("/requests/{number}")).await, 200, &[SHOWN, "PIPL art. 13 and 16"]);
}

#[tokio::test]
async fn what_changed_meanwhile_is_not_decided_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let plan = digest(&wu.get(&case).await.body);
    let check = wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    // The person's rows, and with them the plan, change while the page is read.
    let theirs = format!("SELECT id FROM customers WHERE email = '{}'", world.email("spare"));
    world.company(&format!("DELETE FROM marketing_preferences WHERE customer_id = ({theirs})")).await;
    wu.post(&format!("{case}/plan"), &[]).await;
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("The plan was made anew"), "whoever has it made is entered: {log}");
    let fields = form(&check.body, &format!("{case}/approve"));
    says(&wu.post(&format!("{case}/approve"), &sent(&fields)).await, 409, &[]);
    says(&wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await, 409, &[]);
    assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
    for press in ["refuse/check", "refuse", "change"] {
        let late = wu.post(&format!("{case}/{press}"), &[REASON, WORDS]).await;
        says(&late, 409, &["No longer possible", "readonly", SHOWN]);
    }
}

#[tokio::test]
async fn whether_another_officer_is_needed_stands_there_before() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"DELETE\"]\n").await;
    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let (mut wu, mut second) = (world.staff("officer").await, world.staff("officer2").await);
    let plan = digest(&wu.get(&case).await.body);
    let check = wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    says(&check, 200, &["A second officer must approve too", "for a second officer to decide"]);
    assert!(!check.body.contains("Approve and carry out"), "{}", check.body);
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    says(&wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await, 409, &[]);
    let check = second.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    says(&check, 200, &["Another officer has approved, and yours is the final word", "Approve and carry out"]);
}

#[tokio::test]
async fn what_has_to_be_heeded_is_heeded_before_the_check() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    wu.post(&format!("{case}/ask"), &[("question", "Which parcel?")]).await;
    let page = wu.get(&case).await.body;
    let (plan, tick) =
        (digest(&page), page.split("name=\"heeded\" value=\"").nth(1).unwrap().split('"').next().unwrap());
    let unheeded = wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    says(&unheeded, 422, &["href=\"#heeded\""]);
    let check = wu.post(&format!("{case}/approve/check"), &[("plan", &plan), ("heeded", tick)]).await;
    let fields = form(&check.body, &format!("{case}/approve"));
    let back = wu.post(&format!("{case}/change"), &sent(&fields)).await;
    let box_ = back.body.split("<input").find(|input| input.contains("name=\"heeded\"")).unwrap();
    assert!(box_.split('>').next().unwrap().contains("checked"), "{box_}");
    assert_eq!(wu.post(&format!("{case}/approve"), &sent(&fields)).await.status.as_u16(), 303);
}

/// Where the company does not answer, the officer reads that; nobody waits for it.
#[tokio::test]
async fn who_would_be_told_may_be_unknown() {
    let world = World::new().await;
    // Else whoever writes keeps nobody from reading.
    world.company("PRAGMA journal_mode = DELETE").await;
    let mut li = world.customer(&world.email("spare")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let plan = digest(&wu.get(&case).await.body);
    let _shut = world.shut_company().await;
    let check = wu.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    says(&check, 200, &["This cannot be seen now", "Approve and carry out"]);
}

/// Of what no program carries out nothing is approved.
#[tokio::test]
async fn what_is_answered_has_nothing_to_approve() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = file(&mut li, RequestKind::Complaint).await;
    let mut wu = world.staff("officer").await;
    let check = wu.post(&format!("/officer/requests/{number}/approve/check"), &[("plan", "x")]).await;
    assert_eq!(check.status.as_u16(), 409, "{}", check.body);
    let mut auditor = world.staff("auditor").await;
    for press in ["approve/check", "refuse/check", "change"] {
        assert_eq!(auditor.post(&format!("/officer/requests/{number}/{press}"), &[]).await.status.as_u16(), 404);
    }
}

/// A withdrawal may erase something, or only stop it.
#[tokio::test]
async fn what_erases_nothing_is_not_said_to_be_beyond_recall() {
    let world = World::new().await;
    let (email, mut wu) = (world.email("customer"), world.staff("officer").await);
    let mut zhao = world.staff("officer2").await;
    let mut check = async |email: &str| {
        let case = by_phone(&mut wu, "withdraw", email, "marketing").await;
        let plan = digest(&zhao.get(&case).await.body);
        zhao.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await
    };
    says(&check(&email).await, 200, &["What is erased cannot be restored"]);
    world.pass(jiff::SignedDuration::from_mins(1));
    let theirs = format!("SELECT id FROM customers WHERE email = '{email}'");
    world.company(&format!("DELETE FROM marketing_preferences WHERE customer_id = ({theirs})")).await;
    for who in [email.as_str(), "nobody@example.com"] {
        let page = check(who).await;
        says(&page, 200, &["can ask for the opposite later; no information is erased"]);
        assert!(!page.body.contains("cannot be restored"), "{}", page.body);
    }
}

//! Corrections: what other software reads of them, and of what the data map lists nothing else is taken.

use domain::actor::Scope;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    api::who,
    for_others::{field, wrong_by_phone},
    represent::PDF,
    rights::number,
    world::{Person, World, digest},
};

/// The form of the first value of this name that may be corrected.
pub(super) async fn form_of(person: &mut Person<'_>, column: &str) -> String {
    let mine = person.get("/mine").await.body;
    let ends = format!("/{column}");
    let form = mine.split('"').find(|part| part.starts_with("/mine/correct/") && part.ends_with(&ends));
    form.unwrap_or_else(|| panic!("{column}: {mine}")).to_owned()
}

#[tokio::test]
async fn other_software_reads_what_a_correction_changes_masked_unless_it_asks() {
    let world = World::new().await;
    let email = world.email("customer");
    let name = world.company_texts(&format!("SELECT name FROM customers WHERE email = '{email}'")).await.remove(0);
    let mut li = world.customer(&email).await;
    let form = form_of(&mut li, "name").await;
    let filed = li.post(&form, &[("after", "Li Qing"), ("evidence", "Misspelt when I signed up")]).await;
    let path = format!("/requests/{}", number(&filed.location.unwrap()));
    let desk = world.program(&[Scope::ReadRequests, Scope::DecideRequests]).await;
    let case = desk.get(&path).await.json;
    let change = &case["changes"][0];
    assert_eq!((&change["table"], &change["column"]), (&json!("company.customers"), &json!("name")), "{case}");
    let masked = |value: &Value| value.as_str().is_some_and(|value| value.contains('*'));
    assert!(masked(&change["before"]) && masked(&change["after"]), "{change}");
    assert!(!case.to_string().contains(&name) && !case.to_string().contains("Li Qing"), "{case}");
    assert_eq!(case["evidence"], "Misspelt when I signed up");
    let changes = format!("{path}/changes");
    let reveal = json!({ "token": change["token"], "reason": "check_correction" });
    for wrong in
        [json!({}), json!({ "token": change["token"] }), json!({ "token": change["token"], "reason": "another" })]
    {
        assert_eq!(desk.post(&changes, &wrong).await.status, 400, "no reason: {wrong}");
    }
    let whole = desk.post(&changes, &reveal).await;
    assert_eq!((&whole.json["before"], &whole.json["after"]), (&json!(name), &json!("Li Qing")), "{}", whole.json);
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("request_revealed") && log.contains("check_correction"), "the look is entered: {log}");
    let read = li.get(&path).await.body;
    assert!(read.contains("Our program “shop app” saw in full") && read.contains("before and after"), "{read}");
    let reader = world.program(&[Scope::ReadRequests]).await;
    assert_eq!(reader.post(&changes, &reveal).await.status, 403);

    let app = world.program(&[Scope::ActForSubjects]).await;
    let mine = app.post(&format!("/subjects{path}"), &json!({ "subject": who(&world, "customer") })).await.json;
    assert!(masked(&mine["changes"][0]["after"]) && mine.get("evidence").is_none(), "{mine}");
    // Of anything else there is nothing to show.
    let ask = json!({ "subject": who(&world, "customer"), "kind": "COMPLAINT", "words": "Wet" });
    let other = app.post("/subjects/requests", &ask).await.json["number"].as_str().unwrap().to_owned();
    assert_eq!(desk.post(&format!("/requests/{other}/changes"), &reveal).await.status, 404);
    assert_eq!(desk.get(&format!("/requests/{other}")).await.json["changes"], json!([]));
}

#[tokio::test]
async fn where_the_map_lists_what_may_stand_there_nothing_else_is_taken() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let form = form_of(&mut li, "label").await;
    let page = li.get(&form).await.body;
    assert!(page.contains("type=\"radio\"") && page.contains("value=\"公司\"") && page.contains("Work"), "{page}");
    assert!(!page.contains("type=\"text\" inputmode"), "nothing is typed: {page}");
    let wrong = li.post(&form, &[("choice", "Work")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.body.contains("Choose one of the values listed") && wrong.body.contains("href=\"#choice\""));
    let none = li.post(&form, &[]).await;
    assert_eq!(none.status.as_u16(), 422, "{}", none.body);
    let other = if page.contains("<dd>Home</dd>") { "公司" } else { "家" };
    assert_eq!(li.post(&form, &[("choice", other)]).await.status.as_u16(), 303, "the other one");

    let app = world.program(&[Scope::ActForSubjects]).await;
    let subject = who(&world, "customer");
    let records = app.post("/subjects/records", &json!({ "subject": subject, "lang": "en" })).await.json;
    let address =
        records["records"].as_array().unwrap().iter().find(|one| one["table"] == "company.addresses").unwrap();
    let label = address["values"].as_array().unwrap().iter().find(|value| value["column"] == "label").unwrap();
    let choices = label["choices"].as_array().unwrap();
    assert!(choices.contains(&json!({ "value": "家", "means": "Home" })), "{label}");
    let stored = label["value"].as_str().unwrap();
    let other = choices.iter().map(|choice| choice["value"].as_str().unwrap()).find(|value| *value != stored).unwrap();
    let ask =
        |value: &str| json!({ "subject": subject, "record": address["token"], "column": "label", "value": value });
    let refused = app.post("/subjects/corrections", &ask("Office")).await;
    assert_eq!((refused.status, refused.json["code"].as_str()), (422, Some("refused")), "{}", refused.json);
    assert!(refused.json["detail"].as_str().unwrap().contains("choices"), "{}", refused.json);
    assert_eq!(app.post("/subjects/corrections", &ask(other)).await.status, 201);
    world.work().await;

    // Whoever works it out for somebody chooses too.
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("email", &email)]).await;
    let page = wu.get(&format!("{case}/correct")).await.body;
    let to_label = field(&page, "label");
    assert!(page.contains("<option value=\"家\">Home</option>") && page.contains("Leave as it is"), "{page}");
    let wrong = wu.post(&format!("{case}/correct"), &[(&to_label, "Office")]).await;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("Choose one of the values listed"), "{}", wrong.body);
    let now = "SELECT label FROM addresses ORDER BY id LIMIT 1";
    assert!(!world.company_texts(now).await.is_empty());
}

/// A slip of the finger must not move an account to somebody else's number.
#[tokio::test]
async fn a_new_number_is_taken_only_with_the_code_that_went_there() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let form = form_of(&mut li, "mobile").await;
    let new = "15499990001";
    let said = |after: &'static str| [("after", after), ("evidence", "I have a new number")];
    let both = li.post(&form, &[("after", "12"), ("evidence", " ")]).await.body;
    assert!(both.contains("href=\"#after\"") && both.contains("href=\"#evidence\""), "all at once: {both}");
    assert!(!both.contains("name=\"files\""), "the page of the code comes between, and files would be lost on the way");
    let wrong = li.post(&form, &said("12")).await;
    assert!(wrong.status.as_u16() == 422 && !wrong.body.contains("Confirm: Mobile"), "what is no number gets no code");
    let asked = li.post(&form, &said(new)).await;
    assert_eq!(asked.status.as_u16(), 200, "{}", asked.body);
    assert!(asked.body.contains("Confirm: Mobile number") && asked.body.contains(new), "{}", asked.body);
    assert!(asked.body.contains("name=\"files\""), "here they are chosen: {}", asked.body);
    assert!(asked.body.contains("value=\"I have a new number\""), "nothing typed is lost: {}", asked.body);
    let code = world.code_for(new).await;
    let letter = world.letters().into_iter().find(|(to, _)| to == new).unwrap().1;
    assert!(letter.contains("If it was not you, ignore it"), "{letter}");
    assert!(!li.get("/requests").await.body.contains("Correction"), "nothing is filed before");

    // It signs nobody in, here or elsewhere.
    assert_eq!(li.post("/sign-in/code", &[("code", &code)]).await.location.as_deref(), Some("/sign-in"));
    let other = if code == "111111" { "222222" } else { "111111" };
    for (typed, message) in [("", "The code has 6 digits"), (other, "Tries left: 4")] {
        let again = li.post(&form, &[&said(new)[..], &[("code", typed)]].concat()).await;
        assert_eq!(again.status.as_u16(), 422, "{}", again.body);
        assert!(again.body.contains(message) && again.body.contains("href=\"#code\""), "{}", again.body);
    }
    let change = li.post(&form, &[&said(new)[..], &[("step", "change")]].concat()).await;
    assert!(change.status.as_u16() == 200 && change.body.contains(&format!("value=\"{new}\"")), "{}", change.body);
    // What went to one number says nothing of another.
    let moved = li.post(&form, &[&said("15499990002")[..], &[("code", &code)]].concat()).await;
    assert!(moved.status.as_u16() == 422 && moved.body.contains("This code no longer works"), "{}", moved.body);
    let spent = li.post(&form, &[&said(new)[..], &[("code", &code)]].concat()).await;
    assert!(spent.body.contains("This code no longer works"), "once: {}", spent.body);

    world.pass(SignedDuration::from_secs(1));
    let again = li.post(&form, &[&said(new)[..], &[("step", "again"), ("code", "")]].concat()).await;
    assert_eq!(again.status.as_u16(), 200, "{}", again.body);
    let code = world.code_for(new).await;
    let filed = li.post(&form, &[&said(new)[..], &[("code", &code)]].concat()).await;
    let request = filed.location.unwrap_or_else(|| panic!("{}", filed.body));
    let case = format!("/officer/requests/{}", number(&request));
    let mut wu = world.staff("officer").await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("has shown that the new number or address is theirs"), "{page}");
    let desk = world.program(&[Scope::ReadRequests]).await;
    let change = desk.get(&format!("/requests/{}", number(&request))).await.json["changes"][0].clone();
    assert!(change["proven_at"].is_string(), "{change}");
}

#[tokio::test]
async fn nobody_has_codes_sent_to_number_after_number() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let form = form_of(&mut li, "mobile").await;
    for n in 0..6 {
        let after = format!("1549999001{n}");
        let asked = li.post(&form, &[("after", after.as_str()), ("evidence", "new")]).await;
        assert_eq!(asked.status.as_u16(), if n < 5 { 200 } else { 429 }, "{n}: {}", asked.body);
    }
    world.work().await;
    assert!(!world.letters().iter().any(|(to, _)| to == "15499990015"));
}

/// What leads to nobody, and what an officer decides for others, needs no code.
#[tokio::test]
async fn a_number_that_leads_to_nobody_needs_no_code() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let form = form_of(&mut li, "contact_mobile").await;
    assert_eq!(li.post(&form, &[("after", "15499990001")]).await.status.as_u16(), 303);
}

/// What shows that it is wrong goes with a correction that an officer looks at.
#[tokio::test]
async fn a_file_goes_with_a_correction_that_an_officer_looks_at() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let form = form_of(&mut li, "name").await;
    let page = li.get(&form).await.body;
    assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("name=\"files\""), "{page}");
    let said = [("after", "Li Qing"), ("evidence", "Misspelt when I signed up")];
    let other = li.hand_in(&form, &said, &[("files", "card.gif", b"GIF89a")]).await;
    assert_eq!(other.status.as_u16(), 422, "{}", other.body);
    assert!(other.body.contains("card.gif") && other.body.contains("Misspelt when I signed up"), "{}", other.body);
    let filed = li.hand_in(&form, &said, &[("files", "card.pdf", PDF)]).await;
    let number = number(&filed.location.expect("filed"));
    let case = world.staff("officer").await.get(&format!("/officer/requests/{number}")).await.body;
    assert!(case.contains("card.pdf"), "{case}");
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("card.pdf"));
    // What is done at once nobody looks at.
    let at_once = form_of(&mut li, "label").await;
    assert!(!li.get(&at_once).await.body.contains("name=\"files\""));
}

/// The record goes before its correction has its turn: an officer is not left with a plan that can only fail again.
#[tokio::test]
async fn a_correction_of_a_record_that_is_gone_is_refused() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let form = form_of(&mut li, "name").await;
    let filed = li.post(&form, &[("after", "Li Min"), ("evidence", "By deed poll")]).await.location.expect("filed");
    let request = filed.trim_end_matches("?filed").to_owned();
    let case = format!("/officer{request}");
    let mut wu = world.staff("officer").await;
    let plan = digest(&wu.get(&case).await.body);
    world.company(&format!("UPDATE customers SET name = '', email = NULL WHERE email = '{email}'")).await;
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("Stopped: the data is not what was approved") && page.contains("/refuse/check"), "{page}");
    let refuse = [("reason", "NO_DATA"), ("words", "The account was erased meanwhile.")];
    assert_eq!(wu.post(&format!("{case}/refuse"), &refuse).await.status.as_u16(), 303);
    assert!(li.get(&request).await.body.contains("The account was erased meanwhile."));
}

/// Masked both look the same: it is said that they differ, and who has typed it reads it for as long as their code is fresh.
#[tokio::test]
async fn a_change_that_the_mask_hides_is_said_in_words() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let form = form_of(&mut li, "contact_mobile").await;
    let mine = li.get("/mine").await.body;
    let shown = mine.split("****").next().unwrap();
    let (begins, ends) = (&shown[shown.len() - 3..], &mine[shown.len() + 4..shown.len() + 8]);
    let after = format!("{begins}9876{ends}");
    let filed = li.post(&form, &[("after", after.as_str())]).await;
    let path = filed.location.unwrap_or_else(|| panic!("{}", filed.body));
    let page = li.get(&path).await.body;
    assert!(page.contains(&after), "what they have typed: {page}");
    world.pass(SignedDuration::from_mins(11));
    let page = li.get(&path).await.body;
    assert!(!page.contains(&after) && page.contains("what changes is in the masked part"), "{page}");
    let case = format!("/officer{}", path.split('?').next().unwrap());
    let page = world.staff("officer").await.get(&case).await.body;
    assert!(!page.contains(&after) && page.contains("what changes is in the masked part"), "{page}");
}

//! What people have a right to, others may ask for in their name: withdrawal of a consent, correction, and only some of
//! the records.

use jiff::SignedDuration;

use super::{
    looks::shows_each,
    represent::PDF,
    world::{COMPARED, Person, World, digest},
};

const NEW: &str = "/officer/new";

/// Offers are sent to them and rest on their consent, in rows and in a column.
pub(super) async fn offers(world: &World, email: &str) -> (String, String) {
    let prefs = format!(
        "SELECT count(*) FROM marketing_preferences m JOIN customers c ON c.id = m.customer_id WHERE c.email = '{email}'"
    );
    let stopped = format!("SELECT offers_stopped FROM customers WHERE email = '{email}'");
    (world.company_texts(&prefs).await.remove(0), world.company_texts(&stopped).await.remove(0))
}

/// What an agent asks for somebody, with a mandate; its page.
pub(super) async fn asked_by_agent(agent: &mut Person<'_>, fields: &[(&str, &str)]) -> String {
    let fields = [&[("capacity", "agent")], fields].concat();
    let filed = agent.hand_in("/rights/for-another", &fields, &[("evidence", "mandate.pdf", PDF)]).await;
    assert_eq!(filed.status.as_u16(), 303, "{}", filed.body);
    filed.location.unwrap().trim_end_matches("?filed").to_owned()
}

pub(super) async fn vouched(officer: &mut Person<'_>, case: &str) {
    officer.post(&format!("{case}/people"), &[]).await;
    assert_eq!(officer.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
}

#[tokio::test]
async fn a_consent_withdrawn_on_the_telephone_is_withdrawn_once_another_agrees() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut wu = world.staff("officer").await;
    assert!(wu.get(NEW).await.body.contains("value=\"withdraw\""));
    let form = wu.get(&format!("{NEW}?kind=withdraw")).await.body;
    assert!(form.contains("Which consent is withdrawn?") && form.contains("value=\"marketing\""), "{form}");
    assert!(!form.contains("value=\"delivery\""), "only what rests on consent: {form}");
    let said =
        [("channel", "phone"), ("kind", "withdraw"), ("email", &email), ("words", "No more offers; called back")];
    for about in ["", "delivery", "marketing:provision"] {
        let wrong = wu.post(NEW, &[&said[..], &[("about", about)]].concat()).await;
        assert_eq!(wrong.status.as_u16(), 422, "{about}");
        assert!(wrong.body.contains("Choose which consent is withdrawn"), "{}", wrong.body);
    }
    let case = wu.post(NEW, &[&said[..], &[("about", "marketing")]].concat()).await.location.unwrap();
    let page = wu.get(&case).await.body;
    assert!(page.contains("About: Offers") && page.contains("Another officer must decide"), "{page}");
    assert!(!page.contains("Consent withdrawn: Offers"), "not yet: {page}");
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("Withdraw my consent") && !mine.contains("Being withdrawn"), "their own way is open: {mine}");
    assert!(li.get(&case.replace("/officer", "")).await.body.contains("/cancel\""), "and may take it back");

    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("Check and approve") && !page.contains("Answer the person"), "{page}");
    let plan = digest(&page);
    let check = zhao.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await.body;
    assert!(check.contains("Agree to the withdrawal and carry out this plan"), "{check}");
    assert_eq!(zhao.post(&format!("{case}/settle"), &[("done", "Done")]).await.status.as_u16(), 404, "no words do it");
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409);
    assert_ne!(offers(&world, &email).await.0, "0");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(offers(&world, &email).await, ("0".to_owned(), "1".to_owned()), "as by their own word");
    let page = zhao.get(&case).await.body;
    assert!(page.contains("Completed") && page.contains("Consent withdrawn: Offers"), "{page}");
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("You withdrew your consent on") && !mine.contains("Withdraw my consent"), "{mine}");
    assert!(mine.contains("Written down by staff: By telephone"), "the ledger says how: {mine}");
    assert!(mine.contains("withdrawn on"), "and all that goes with it: {mine}");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("consent_answered") && log.contains("phone"), "{log}");
}

#[tokio::test]
async fn what_an_agent_withdraws_counts_from_when_it_was_asked_and_ones_own_word_after_it_stands() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("agent@example.com").await;
    // Nobody needs a reason to withdraw.
    let asked = [("kind", "withdraw"), ("about", "marketing"), ("email", email.as_str())];
    let request = asked_by_agent(&mut agent, &asked).await;
    let case = format!("/officer{request}");
    let mut wu = world.staff("officer").await;
    assert!(!wu.get(&case).await.body.contains("Frozen plan"), "nothing is planned before");
    vouched(&mut wu, &case).await;
    assert!(wu.get(&case).await.body.contains("Frozen plan"));
    let rows = offers(&world, &email).await.0;
    assert_ne!(rows, "0");
    // Before it is decided the person agrees themselves.
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(li.post("/mine/consent/give", &[("purpose", "marketing")]).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_mins(1));
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("You agreed on"), "their own word came later: {mine}");
    assert!(mine.contains("Authorised agent, on your behalf"), "and what was said before it is there: {mine}");
    assert_eq!(offers(&world, &email).await, (rows, "0".to_owned()), "what they agree to goes on, and is there");

    // Without a word of theirs in between it stops.
    world.pass(SignedDuration::from_mins(1));
    let request = asked_by_agent(&mut agent, &asked).await;
    let case = format!("/officer{request}");
    vouched(&mut wu, &case).await;
    world.pass(SignedDuration::from_mins(1));
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    assert_eq!(agent.post(&format!("{request}/cancel"), &[]).await.status.as_u16(), 409, "it is said");
    world.work().await;
    assert_eq!(offers(&world, &email).await, ("0".to_owned(), "1".to_owned()));
    let mine = li.get("/mine/consent").await.body;
    assert!(mine.contains("Your consent was withdrawn for you on") && mine.contains("(Authorised agent)"), "{mine}");
    assert!(agent.get(&request).await.body.contains("Completed"));
}

#[tokio::test]
async fn a_withdrawal_asked_for_by_another_is_taken_back_while_nobody_has_agreed() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let asked = [("kind", "withdraw"), ("about", "marketing"), ("email", email.as_str())];
    let request = asked_by_agent(&mut agent, &asked).await;
    let mut li = world.customer(&email).await;
    let page = li.get(&request).await.body;
    assert!(page.contains("Take it back") && !page.contains("Consent withdrawn"), "{page}");
    assert_eq!(li.post(&format!("{request}/cancel"), &[]).await.status.as_u16(), 303);
    world.work().await;
    assert!(!li.get("/mine/consent").await.body.contains("on your behalf"), "nothing was said");
    assert_ne!(offers(&world, &email).await.0, "0");
}

/// The field of a value on the page where a correction is worked out, the first one of this name.
pub(super) fn field(page: &str, column: &str) -> String {
    let named = |part: &&str| part.starts_with("new:") && part.ends_with(&format!(":{column}"));
    page.split('"').find(named).unwrap_or_else(|| panic!("{column}: {page}")).to_owned()
}

/// What somebody says on the telephone is wrong with what is kept of them: the case.
pub(super) async fn wrong_by_phone(officer: &mut Person<'_>, who: &[(&str, &str)]) -> String {
    let words = "Her name is misspelt and the number is an old one; called back";
    let said = [&[("channel", "phone"), ("kind", "correct"), ("words", words), ("lang", "en")], who].concat();
    let filed = officer.post(NEW, &said).await;
    filed.location.unwrap_or_else(|| panic!("{}", filed.body))
}

pub(super) async fn account(world: &World, id: &str) -> String {
    world.company_texts(&format!("SELECT name || ' ' || mobile FROM customers WHERE id = {id}")).await.remove(0)
}

#[tokio::test]
async fn what_is_wrong_by_telephone_is_worked_out_decided_by_another_and_seen_to_be_right() {
    let world = World::new().await;
    let email = world.email("customer");
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let before = account(&world, &id).await;
    let name = before.split(' ').next().unwrap().to_owned();
    let mut li = world.customer(&email).await;
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("email", &email), ("mobile", &mobile)]).await;
    let correct = format!("{case}/correct");
    let page = wu.get(&case).await.body;
    assert!(page.contains("Work out the correction") && !page.contains("Approve the correction"), "{page}");
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", "")]).await.status.as_u16(), 409);
    let mut zhao = world.staff("officer2").await;
    assert!(zhao.get(&case).await.body.contains("It is best if they work it out and you decide"));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", "")]).await.status.as_u16(), 409, "nothing to approve");

    let form = wu.get(&correct).await.body;
    assert!(
        form.contains("Her name is misspelt") && !form.contains(&name) && !form.contains(&mobile),
        "masked: {form}"
    );
    assert!(!form.contains(":email\""), "what the map does not let correct has no field: {form}");
    let (to_name, to_mobile) = (field(&form, "name"), field(&form, "mobile"));
    let none = wu.post(&correct, &[(&to_name, " ")]).await;
    assert!(none.status.as_u16() == 422 && none.body.contains("Fill in at least one value"), "{}", none.body);
    let wrong = wu.post(&correct, &[(&to_name, "Li Qing"), (&to_mobile, "12")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.body.contains("value=\"Li Qing\"") && wrong.body.contains(&format!("href=\"#{to_mobile}\"")));
    let same = wu.post(&correct, &[(&to_name, &name)]).await;
    assert_eq!(same.status.as_u16(), 422, "it says so already: {}", same.body);
    let others = to_name.replace(":name", ":email");
    assert_eq!(wu.post(&correct, &[(&others, "x@example.com")]).await.status.as_u16(), 404, "not to be corrected");
    assert_eq!(wu.post(&correct, &[(&to_name, "Zhang San")]).await.location.as_deref(), Some(case.as_str()));
    let page = wu.get(&case).await.body;
    assert!(page.contains("Another officer must decide") && !page.contains("Zhang San"), "masked: {page}");
    assert!(page.contains("What is to be corrected was worked out"), "{page}");

    // Worked out again: whoever read the first cannot approve the second by it.
    let first = digest(&zhao.get(&case).await.body);
    let both = [(to_name.as_str(), "Li Qing"), (to_mobile.as_str(), "15499990002")];
    assert_eq!(wu.post(&correct, &both).await.status.as_u16(), 303);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &first)]).await.status.as_u16(), 409);
    let page = zhao.get(&case).await.body;
    assert!(!page.contains("Li Qing"), "masked: {page}");
    let page = shows_each(&mut zhao, &case, &page, "check_correction").await;
    assert!(page.contains("Li Qing") && page.contains("15499990002") && page.contains(&name), "in full: {page}");
    let plan = digest(&page);
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409, "not the same");
    assert_eq!(account(&world, &id).await, before, "nothing is changed before");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    assert_eq!(wu.post(&correct, &both).await.status.as_u16(), 409, "decided");
    world.work().await;
    assert_eq!(account(&world, &id).await, "Li Qing 15499990002");
    assert!(zhao.get(&case).await.body.contains("Completed"));
    let mine = li.get(&case.replace("/officer", "")).await.body;
    assert!(mine.contains("Completed") && mine.contains("154****0002") && !mine.contains("Li Qing"), "{mine}");
    assert!(
        world.letters().iter().any(|(to, body)| *to == email && body.contains("is done and was checked afterwards"))
    );
    // A backup brings one of the two back: it is put right again, and the other is as it was.
    let since = world.portal.clock.now() - SignedDuration::from_hours(1);
    assert!(world.portal.returned(since).await.unwrap().is_empty());
    world.company(&format!("UPDATE customers SET mobile = '{mobile}' WHERE id = {id}")).await;
    for again in world.portal.returned(since).await.unwrap() {
        assert!(world.portal.replay(again).await.unwrap().verified);
    }
    assert_eq!(account(&world, &id).await, "Li Qing 15499990002");
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("correction_worked_out") && !log.contains("15499990002"), "{log}");
}

/// The first value they were found by is the first to change.
#[tokio::test]
async fn several_numbers_are_corrected_where_one_of_them_is_all_that_leads_to_them() {
    let world = World::new().await;
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE mobile = '{mobile}'")).await.remove(0);
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("mobile", &mobile)]).await;
    let form = wu.get(&format!("{case}/correct")).await.body;
    let (own, contact) = (field(&form, "mobile"), field(&form, "contact_mobile"));
    let new = "15499990003";
    let said = [(own.as_str(), new), (contact.as_str(), new)];
    assert_eq!(wu.post(&format!("{case}/correct"), &said).await.status.as_u16(), 303);
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    let unread = zhao.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await;
    assert_eq!(unread.status.as_u16(), 422, "two masks may look the same: {}", unread.body);
    assert!(unread.body.contains("check it first") && !unread.body.contains(new), "{}", unread.body);
    shows_each(&mut zhao, &case, &unread.body, "check_correction").await;
    let check = zhao.post(&format!("{case}/approve/check"), &[("plan", &plan)]).await.body;
    assert!(check.contains(new) && check.contains(&mobile), "whoever approves has read the values: {check}");
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(zhao.get(&case).await.body.contains("Completed"));
    let stored = format!("SELECT count(*) FROM addresses WHERE customer_id = {id} AND contact_mobile = '{new}'");
    assert_eq!(world.company_texts(&stored).await, ["1"]);
    assert!(account(&world, &id).await.ends_with(new));
}

#[tokio::test]
async fn whoever_works_a_correction_out_does_not_decide_it() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("email", &email)]).await;
    let correct = format!("{case}/correct");
    let mut zhao = world.staff("officer2").await;
    let name = field(&zhao.get(&correct).await.body, "name");
    assert_eq!(zhao.post(&correct, &[(&name, "Li Qing")]).await.status.as_u16(), 303);
    let page = zhao.get(&case).await.body;
    assert!(page.contains("You worked out what is corrected. Another officer must decide."), "{page}");
    let plan = super::world::plan_of(&world, &case).await;
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409);
    assert_eq!(wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409, "who wrote it down");
    assert_eq!(wu.post(&correct, &[(&name, "Li Qin")]).await.status.as_u16(), 303);
    // Worked out by the one who wrote it down, the other decides.
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    for of in ["auditor", "security"] {
        assert_eq!(world.staff(of).await.get(&correct).await.status.as_u16(), 404, "{of}");
    }
}

#[tokio::test]
async fn a_representative_has_something_corrected_and_sees_what_was_there_only_once_it_is_agreed_to() {
    let world = World::new().await;
    let email = world.email("customer");
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("agent@example.com").await;
    let asked = [("kind", "correct"), ("email", email.as_str()), ("words", "Her number is an old one")];
    let request = asked_by_agent(&mut agent, &asked).await;
    let case = format!("/officer{request}");
    let correct = format!("{case}/correct");
    let mut wu = world.staff("officer").await;
    assert_eq!(wu.get(&correct).await.status.as_u16(), 409, "nothing is shown before the evidence is checked");
    assert!(!wu.get(&case).await.body.contains("Work out the correction"));
    vouched(&mut wu, &case).await;
    let to_mobile = field(&wu.get(&correct).await.body, "mobile");
    assert_eq!(wu.post(&correct, &[(&to_mobile, "15499990003")]).await.status.as_u16(), 303);
    let masked = format!("{}****{}", &mobile[..3], &mobile[7..]);
    let page = agent.get(&request).await.body;
    assert!(!page.contains(&masked) && page.contains("Waiting for an officer"), "not before: {page}");
    assert!(li.get(&request).await.body.contains(&masked), "it is theirs");

    world.pass(SignedDuration::from_mins(1));
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    // Meanwhile another program of the company's writes something else there.
    world.company(&format!("UPDATE customers SET mobile = '15499990009' WHERE id = {id}")).await;
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("Work it out again"), "back with the officers: {page}");
    assert_eq!(wu.post(&correct, &[(&to_mobile, "15499990003")]).await.status.as_u16(), 303);
    world.pass(SignedDuration::from_mins(1));
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(account(&world, &id).await.ends_with(" 15499990003"));
    let page = agent.get(&request).await.body;
    assert!(page.contains("Completed") && page.contains("154****0003") && !page.contains("15499990003"), "{page}");
}

/// Somebody of whom much is kept: each record is found by what tells it from others, and the form is taken however long.
#[tokio::test]
async fn among_many_records_one_is_found_and_corrected() {
    let world = World::new().await;
    let email = world.email("customer");
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    world
        .company(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 190) \
             INSERT INTO addresses (customer_id, label, contact_name, contact_mobile, address) \
             SELECT {id}, 'label ' || i, '李明', '15499991234', '厦门市' || i FROM n"
        ))
        .await;
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("email", &email)]).await;
    let correct = format!("{case}/correct");
    let form = wu.get(&correct).await.body;
    assert!(form.contains("<details class=\"card\">") && !form.contains("<section role=\"group\""), "folded up");
    let fields: Vec<&str> = form.split('"').filter(|part| part.starts_with("new:")).collect();
    let name = field(&form, "name");
    let mut sent: Vec<(&str, &str)> = fields.iter().map(|one| (*one, "")).collect();
    sent.push((&name, "Li Qing"));
    assert!(sent.iter().map(|(name, _)| name.len()).sum::<usize>() > 64 * 1024, "longer than a form of words may be");
    let worked = wu.post(&correct, &sent).await;
    assert_eq!(worked.location.as_deref(), Some(case.as_str()), "{}", worked.status);
}

#[tokio::test]
async fn where_nothing_of_the_person_can_be_corrected_the_officer_is_told_what_to_do() {
    let world = World::new().await;
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("email", "nobody@example.com")]).await;
    let page = wu.get(&format!("{case}/correct")).await.body;
    assert!(page.contains("There is nothing that can be corrected"), "{page}");
    assert_eq!(wu.post(&format!("{case}/correct"), &[("new:0:name", "Li")]).await.status.as_u16(), 404);
    // A person's own correction is worked out by nobody.
    let mut li = world.customer(&world.email("customer")).await;
    let mine = li.get("/mine").await.body;
    let form = mine.split('"').find(|part| part.starts_with("/mine/correct/") && part.ends_with("/name")).unwrap();
    let own = li.post(form, &[("after", "Li Qing"), ("evidence", "a letter is missing")]).await.location.unwrap();
    let own = format!("/officer{}/correct", own.trim_end_matches("?filed"));
    assert_eq!(wu.get(&own).await.status.as_u16(), 404);
}

/// Who sees a deletion or a copy of only some records asked for them; the box of a table.
const ADDRESSES: &str = "table:company.addresses";

#[tokio::test]
async fn only_some_records_are_deleted_for_somebody_and_nobody_learns_by_it_what_is_held() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("agent@example.com").await;
    let path = "/rights/for-another";
    let form = agent.get(&format!("{path}?kind=delete")).await.body;
    assert!(form.contains("Only some of the records") && form.contains(ADDRESSES), "{form}");
    assert!(!form.contains(" checked"), "{form}");
    assert!(!agent.get(&format!("{path}?kind=complaint")).await.body.contains(ADDRESSES));
    // Of somebody nobody knows the same is shown as of somebody of whom much is kept.
    let asked = |who: &'static str| {
        [
            ("capacity", "agent"),
            ("kind", "delete"),
            ("email", who),
            ("words", "x"),
            ("step", "check"),
            (ADDRESSES, "on"),
        ]
    };
    let known: &'static str = email.clone().leak();
    let shown = agent.post(path, &asked(known)).await.body.replace(known, "");
    let unknown = agent.post(path, &asked("nobody@example.com")).await.body.replace("nobody@example.com", "");
    let facts = |page: &str| page[page.find("<dl").unwrap()..page.find("</dl>").unwrap()].to_owned();
    assert_eq!(facts(&shown), facts(&unknown));
    assert!(
        shown.contains("Address book") && shown.contains("name=\"records\" value=\"company.addresses\""),
        "{shown}"
    );
    let account = [&asked(known)[..5], &[("table:company.customers", "on")]].concat();
    assert!(agent.post(path, &account).await.body.contains("Goes along"), "what is found through it alone");

    let request = asked_by_agent(
        &mut agent,
        &[("kind", "delete"), ("email", known), ("words", "x"), ("records", "company.addresses")],
    )
    .await;
    let case = format!("/officer{request}");
    assert!(agent.get(&request).await.body.contains("Only this goes: Address book"));
    let mut wu = world.staff("officer").await;
    vouched(&mut wu, &case).await;
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("The person asks for only this to go: Address book"), "{page}");
    let plan = digest(&page);
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(zhao.get(&case).await.body.contains("Completed"));
    let left = |table: &str, column: &str| {
        format!("SELECT count(*) FROM {table} WHERE {column} = (SELECT id FROM customers WHERE email = '{email}')")
    };
    assert_eq!(world.company_texts(&left("addresses", "customer_id")).await, ["0"]);
    assert_ne!(world.company_texts(&left("orders", "customer_id")).await, ["0"]);
    assert!(li.get("/mine").await.body.contains("Order number"), "the account is as it was");
}

#[tokio::test]
async fn by_telephone_too_only_some_records_go_and_none_ticked_is_all_of_them() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut wu = world.staff("officer").await;
    let said = [("channel", "phone"), ("kind", "delete"), ("email", email.as_str()), ("words", "called back")];
    let check = wu.post(NEW, &[&said[..], &[("step", "check")]].concat()).await.body;
    assert!(check.contains("All of them"), "{check}");
    let change =
        wu.post(NEW, &[&said[..], &[("step", "change"), ("records", "company.addresses")]].concat()).await.body;
    assert_eq!(change.matches(" checked").count(), 2, "the channel and what was ticked: {change}");
    let case = wu.post(NEW, &[&said[..], &[(ADDRESSES, "on")]].concat()).await.location.unwrap();
    let page = wu.get(&case).await.body;
    assert!(page.contains("only this to go: Address book") && !page.contains("The account goes too"), "{page}");
    let all = wu.post(NEW, &said).await.location.unwrap();
    assert!(wu.get(&all).await.body.contains("The account goes too"));
}

#[tokio::test]
async fn a_copy_for_somebody_is_of_no_more_than_was_asked_for() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let asked = [("kind", "copy"), ("email", email.as_str()), ("words", "x"), (ADDRESSES, "on")];
    let request = asked_by_agent(&mut agent, &asked).await;
    let case = format!("/officer{request}");
    assert!(agent.get(&request).await.body.contains("Only this is asked for: Address book"));
    let mut wu = world.staff("officer").await;
    vouched(&mut wu, &case).await;
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("Only this is asked for: Address book") && page.contains(ADDRESSES), "{page}");
    assert!(!page.contains("table:company.orders"), "nothing else is offered: {page}");
    let settle = format!("{case}/settle");
    let more = [("done", "Here it is"), ("tables", "listed"), ("table:company.orders", "on")];
    assert_eq!(zhao.post(&settle, &more).await.status.as_u16(), 404, "nobody asked for that");
    assert_eq!(zhao.post(&settle, &[("done", "Here it is")]).await.status.as_u16(), 303);
    world.work().await;
    let page = agent.get(&request).await.body;
    assert!(page.contains("The copy is ready") && page.contains("Address book") && !page.contains("Orders"), "{page}");
    let (status, bytes) = agent.download(&format!("{request}/copy")).await;
    assert_eq!(status.as_u16(), 200);
    let archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.iter().any(|name| name.starts_with("data/company-addresses")), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("company-customers")), "{names:?}");
}

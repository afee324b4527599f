//! What others ask for and stopped half-way: what it had begun is not forgotten, and what is not agreed to after all was never
//! said.

use jiff::SignedDuration;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::{
    closing::{accounts, settled},
    for_others::{account, asked_by_agent, field, offers, vouched, wrong_by_phone},
    systems::WORDS,
    world::{Person, World, digest},
};

/// Agreed to once, then stopped because the records differed, and refused at last: it was never their word.
#[tokio::test]
async fn a_withdrawal_of_anothers_that_is_refused_after_all_is_not_what_the_person_said() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let mut agent = world.customer("agent@example.com").await;
    let mut wu = world.staff("officer").await;
    let mut zhao = world.staff("officer2").await;
    let before = li.get("/mine/consent").await.body;
    for end in ["refuse", "cancel"] {
        world.pass(SignedDuration::from_mins(1));
        let asked = [("kind", "withdraw"), ("about", "marketing"), ("email", email.as_str())];
        let request = asked_by_agent(&mut agent, &asked).await;
        let case = format!("/officer{request}");
        vouched(&mut wu, &case).await;
        let plan = digest(&zhao.get(&case).await.body);
        // Meanwhile another program of the company's writes more of what would go.
        let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
        let more = "INSERT INTO marketing_preferences (customer_id, channel, opted_in, updated_at)";
        world.company(&format!("{more} VALUES ({id}, '{end}', '1', '2026-11-01')")).await;
        assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
        assert!(li.get("/mine/consent").await.body.contains("Your consent was withdrawn for you on"), "agreed to");
        world.work().await;
        let page = zhao.get(&case).await.body;
        assert!(page.contains("Stopped: the data is not what was approved"), "{page}");
        zhao.post(&format!("{case}/ask"), &[("question", "Does it still stand?"), ("whom", "asker")]).await;
        let ended = match end {
            "refuse" => {
                let refuse = [("reason", "IDENTITY_NOT_VERIFIED"), ("words", "The mandate was taken back.")];
                zhao.post(&format!("{case}/refuse"), &refuse).await
            }
            _ => li.post(&format!("{request}/cancel"), &[]).await,
        };
        assert_eq!(ended.status.as_u16(), 303, "{}", ended.body);
        world.work().await;
        let mine = li.get("/mine/consent").await.body;
        assert!(!mine.contains("withdrawn for you") && !mine.contains("on your behalf"), "{end}: {mine}");
        assert!(mine.contains("Withdraw my consent") == before.contains("Withdraw my consent"), "{end}: {mine}");
        assert_ne!(offers(&world, &email).await.0, "0", "{end}: it goes on");
    }
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("unsaid"), "both steps stand in the audit log: {log}");
}

/// A letter of yesterday's, written down.
async fn withdrawn_by_letter(world: &World, officer: &mut Person<'_>, email: &str) -> String {
    let day = world.portal.clock.today().yesterday().unwrap();
    let [year, month, date] = [day.year().to_string(), day.month().to_string(), day.day().to_string()];
    let said = [
        ("channel", "letter"),
        ("kind", "withdraw"),
        ("about", "marketing"),
        ("email", email),
        ("words", "No more offers"),
        ("received-year", year.as_str()),
        ("received-month", month.as_str()),
        ("received-day", date.as_str()),
    ];
    let filed = officer.post("/officer/new", &said).await;
    filed.location.unwrap_or_else(|| panic!("{}", filed.body))
}

/// The same letter, written down once more.
async fn withdrawn_twice(world: &World, officer: &mut Person<'_>, email: &str) -> Vec<String> {
    let mut cases = Vec::new();
    for _ in 0..2 {
        cases.push(withdrawn_by_letter(world, officer, email).await);
        world.pass(SignedDuration::from_mins(1));
    }
    cases
}

/// One letter was written down twice: refusing the second takes nothing back that the first one said.
#[tokio::test]
async fn a_letter_that_was_written_down_twice_is_still_the_persons_word() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let cases = withdrawn_twice(&world, &mut wu, &email).await;
    let plan = digest(&zhao.get(&cases[0]).await.body);
    assert_eq!(zhao.post(&format!("{}/approve", cases[0]), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let withdrawn = "You withdrew your consent on";
    assert!(li.get("/mine/consent").await.body.contains(withdrawn));
    let refuse = [("reason", "IDENTITY_NOT_VERIFIED"), ("words", "It is written down already.")];
    let refused = zhao.post(&format!("{}/refuse", cases[1]), &refuse).await;
    assert_eq!(refused.status.as_u16(), 303, "{}", refused.body);
    assert!(li.get("/mine/consent").await.body.contains(withdrawn), "as the first says");
}

/// Each of two that say the same of the same day has its own entry: one that is agreed to and stopped, and refused at last,
/// takes nothing from the other.
#[tokio::test]
async fn two_requests_with_the_same_words_stand_and_fall_each_alone() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let cases = withdrawn_twice(&world, &mut wu, &email).await;
    for case in &cases {
        let plan = digest(&zhao.get(case).await.body);
        let id = format!("(SELECT id FROM customers WHERE email = '{email}')");
        let more = "INSERT INTO marketing_preferences (customer_id, channel, opted_in, updated_at)";
        if *case == cases[1] {
            world.company(&format!("{more} VALUES ({id}, 'more', '1', '2026-11-01')")).await;
        }
        let approved = zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
        assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
        world.work().await;
    }
    assert!(zhao.get(&cases[1]).await.body.contains("Stopped: the data is not what was approved"));
    zhao.post(&format!("{}/ask", cases[1]), &[("question", "Is it the same letter?"), ("whom", "asker")]).await;
    let refuse = [("reason", "IDENTITY_NOT_VERIFIED"), ("words", "It is written down already.")];
    let refused = zhao.post(&format!("{}/refuse", cases[1]), &refuse).await;
    assert_eq!(refused.status.as_u16(), 303, "{}", refused.body);
    assert!(li.get("/mine/consent").await.body.contains("You withdrew your consent on"), "as the first says");
}

/// A database refuses the last of it.
async fn half_stopped(world: &World, agent: &mut Person<'_>, (wu, zhao): (&mut Person<'_>, &mut Person<'_>)) -> String {
    let email = world.email("customer");
    let asked = [("kind", "withdraw"), ("about", "marketing"), ("email", email.as_str())];
    let request = asked_by_agent(agent, &asked).await;
    let case = format!("/officer{request}");
    vouched(wu, &case).await;
    let plan = digest(&zhao.get(&case).await.body);
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("The database refused the change"), "{page}");
    assert!(!page.contains("/refuse/check"), "half of it is done: {page}");
    assert_eq!(zhao.post(&format!("{case}/refuse"), REFUSE).await.status.as_u16(), 409);
    zhao.post(&format!("{case}/ask"), &[("question", "Does it still stand?"), ("whom", "asker")]).await;
    request
}

fn no(update: &str) -> String {
    format!("CREATE TRIGGER no BEFORE UPDATE {update} ON customers BEGIN SELECT RAISE(ABORT, 'no'); END")
}

/// A second database with the same people. It has its turn before that of the company or after it, by its name.
async fn second_database(world: &World, source: &str, table: &str) -> DatabaseConnection {
    let demo = world.dir.path().join("demo");
    std::fs::copy(demo.join("company.sqlite"), demo.join("club.sqlite")).unwrap();
    let map = format!(
        "[source.{source}]\nname = {WORDS}\nengine = \"sqlite\"\nurl = \"sqlite:club.sqlite\"\nstored_in = {WORDS}\n\
         [table.\"{source}.customers\"]\nname = {WORDS}\nkey = [\"id\"]\n{table}\n\
         retention = {{ from = \"closed_at\", starts = {WORDS}, keep = \"15 days\", then = \"delete\" }}\n\
         role.member = {{ name = {WORDS}, identified_by = {{ email = \"email\" }} }}\n\
         field.email = {{ of = \"member\", kind = \"email\" }}\n"
    );
    world.publish_map("90-club.toml", &map).await;
    Database::connect(format!("sqlite:{}", demo.join("club.sqlite").display())).await.unwrap()
}

const REFUSE: &[(&str, &str)] = &[("reason", "IDENTITY_NOT_VERIFIED"), ("words", "The mandate was taken back.")];

#[tokio::test]
async fn what_was_stopped_for_a_withdrawal_that_is_refused_after_all_goes_on() {
    let world = World::new().await;
    let email = world.email("customer");
    let stop = "purposes = [\"account\"]\nrestriction.offers = { purpose = \"marketing\", of = \"member\", \
                column = \"offers_stopped\", restricted = \"1\", open = \"0\" }";
    let club = second_database(&world, "club", stop).await;
    let stopped = async || {
        let asked = format!("SELECT offers_stopped AS it FROM customers WHERE email = '{email}'");
        let row = club.query_one_raw(Statement::from_string(DbBackend::Sqlite, asked)).await.unwrap().unwrap();
        row.try_get::<i64>("", "it").unwrap()
    };
    world.company("DELETE FROM marketing_preferences").await;
    world.company(&no("OF offers_stopped")).await;
    let mut agent = world.customer("agent@example.com").await;
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    let request = half_stopped(&world, &mut agent, (&mut wu, &mut zhao)).await;
    assert_eq!(stopped().await, 1, "half of it is stopped");
    let case = format!("/officer{request}");
    let check = zhao.post(&format!("{case}/refuse/check"), REFUSE).await.body;
    assert!(check.contains("carried out already") && check.contains("goes on again"), "{check}");
    assert!(!check.contains("This is gone"), "{check}");
    assert_eq!(zhao.post(&format!("{case}/refuse"), REFUSE).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(stopped().await, 0, "it goes on");
    let mut li = world.customer(&email).await;
    let list = li.get("/requests").await.body;
    assert!(list.contains("the withdrawal asked for you does not stand"), "{list}");
}

#[tokio::test]
async fn what_is_gone_for_a_withdrawal_is_said_before_it_is_refused_and_nobody_takes_it_back_unseen() {
    let world = World::new().await;
    let later = second_database(&world, "later", "purposes = [\"marketing\"]").await;
    later.execute_unprepared(&no("")).await.unwrap();
    let email = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let (mut wu, mut zhao) = (world.staff("officer").await, world.staff("officer2").await);
    assert_ne!(offers(&world, &email).await.0, "0");
    let request = half_stopped(&world, &mut agent, (&mut wu, &mut zhao)).await;
    assert_eq!(offers(&world, &email).await.0, "0", "half of it is gone");
    let case = format!("/officer{request}");
    let cancel = format!("{request}/cancel");
    assert!(!agent.get(&request).await.body.contains(&cancel), "it cannot be taken back any more");
    assert_eq!(agent.post(&cancel, &[]).await.status.as_u16(), 409);
    let check = zhao.post(&format!("{case}/refuse/check"), REFUSE).await.body;
    assert!(check.contains("This is gone") && !check.contains("goes on again"), "{check}");
    assert_eq!(zhao.post(&format!("{case}/refuse"), REFUSE).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(offers(&world, &email).await.1, "0", "the rest goes on");
}

/// One's own account, in two databases of which the second refuses: nobody reads that it is done, and it goes on from where it
/// stopped.
#[tokio::test]
async fn an_account_that_is_closed_by_half_is_not_said_to_be_closed_and_goes_on() {
    let world = World::new().await;
    let later = second_database(&world, "later", "purposes = [\"account\"]").await;
    let email = world.email("customer");
    settled(&world, &email).await;
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE email = '{email}'")).await.remove(0);
    later.execute_unprepared(&no("")).await.unwrap();
    let there = async || {
        let sql = format!("SELECT count(*) AS it FROM customers WHERE email = '{email}'");
        let row = later.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap().unwrap();
        let saved = format!("SELECT count(*) FROM addresses WHERE customer_id = {id}");
        (world.company_texts(&saved).await.remove(0), row.try_get::<i64>("", "it").unwrap())
    };
    let mut li = world.customer(&email).await;
    let filed = li.post("/mine/cancel-account", &[]).await.location.expect("filed");
    let request = filed.trim_end_matches("?filed").to_owned();
    let (case, number) = (format!("/officer{request}"), request.trim_start_matches("/requests/"));
    world.pass(SignedDuration::from_hours(97));
    world.work().await;
    assert_eq!(there().await, ("0".to_owned(), 1), "half of it is gone");

    assert_eq!(world.visitor().get(&format!("/verify/{number}")).await.status.as_u16(), 404, "no certificate of half");
    let mut wu = world.staff("officer").await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("The database refused the change") && !page.contains("Completed"), "{page}");
    let mut li = world.customer(&email).await;
    let page = li.get(&request).await.body;
    assert!(!page.contains("Completed") && !page.contains("You can change your mind"), "{page}");
    assert_eq!(li.post(&format!("{request}/cancel"), &[]).await.status.as_u16(), 409, "what is gone stays gone");

    later.execute_unprepared("DROP TRIGGER no").await.unwrap();
    assert_eq!(wu.post(&format!("{case}/plan"), &[]).await.status.as_u16(), 303);
    let plan = digest(&wu.get(&case).await.body);
    let approved = wu.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    assert_eq!(approved.status.as_u16(), 303, "{}", approved.body);
    let page = li.get(&request).await.body;
    assert!(!page.contains("can be undone") && !page.contains("Nothing has been erased"), "half is gone: {page}");
    world.work().await;
    assert_eq!(there().await, ("0".to_owned(), 0), "and then the rest");
    assert_eq!(accounts(&world, &email).await, "0");
    assert!(li.get(&request).await.body.contains("Completed"));
    let certificate = world.visitor().get(&format!("/verify/{number}")).await.body;
    assert!(certificate.contains("This certificate is genuine"), "{certificate}");
}

/// The number was all that led to them, and was written before the rest was refused: the rest is found all the same, and
/// nothing of whoever else has the new number.
#[tokio::test]
async fn what_stopped_half_way_is_worked_out_again_from_the_same_records() {
    let world = World::new().await;
    let mobile = world.person("customer")["mobile"].as_str().unwrap().to_owned();
    let id = world.company_texts(&format!("SELECT id FROM customers WHERE mobile = '{mobile}'")).await.remove(0);
    let new = "15499990003";
    let no = "CREATE TRIGGER no BEFORE UPDATE OF contact_mobile ON addresses BEGIN SELECT RAISE(ABORT, 'no'); END";
    world.company(no).await;
    // Somebody else gets parcels at the new number.
    let other = "UPDATE waybills SET receiver_mobile = '15499990003', receiver_name = 'Somebody Else' \
                 WHERE id = (SELECT min(id) FROM waybills WHERE sender_mobile <> '{mobile}')";
    world.company(&other.replace("{mobile}", &mobile)).await;
    let mut wu = world.staff("officer").await;
    let case = wrong_by_phone(&mut wu, &[("mobile", &mobile)]).await;
    let correct = format!("{case}/correct");
    let form = wu.get(&correct).await.body;
    let (own, contact) = (field(&form, "mobile"), field(&form, "contact_mobile"));
    let records = form.matches("name=\"new:").count();
    assert_eq!(wu.post(&correct, &[(&own, new), (&contact, new)]).await.status.as_u16(), 303);
    let mut zhao = world.staff("officer2").await;
    let plan = digest(&zhao.get(&case).await.body);
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(account(&world, &id).await.ends_with(new), "the first is written");
    assert!(zhao.get(&case).await.body.contains("The database refused the change"));

    world.company("DROP TRIGGER no").await;
    let form = wu.get(&correct).await.body;
    assert!(form.contains(&contact), "still found: {form}");
    assert!(form.matches("name=\"new:").count() <= records, "and nothing of others: {form}");
    assert_eq!(wu.post(&correct, &[(&contact, "15499990004")]).await.status.as_u16(), 303);
    let plan = digest(&zhao.get(&case).await.body);
    world.pass(SignedDuration::from_mins(1));
    assert_eq!(zhao.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(zhao.get(&case).await.body.contains("Completed"));
    let stored = format!("SELECT count(*) FROM addresses WHERE customer_id = {id} AND contact_mobile = '15499990004'");
    assert_eq!(world.company_texts(&stored).await, ["1"]);
}

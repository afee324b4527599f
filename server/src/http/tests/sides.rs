//! Of the two sides of a representative's request each reads what was said with it, and the officers both.

use domain::{
    Email, Identifier,
    actor::{Actor, Customer, Freshness},
    ids::RequestNumber,
    request::Standing,
};
use jiff::SignedDuration;

use super::{
    represent::{PDF, file},
    world::{COMPARED, Person, World, digest},
};

const AGENT: &str = "agent@example.com";

/// An officer has compared the people with the evidence.
async fn check(officer: &mut Person<'_>, case: &str) {
    officer.post(&format!("{case}/people"), &[]).await;
    assert_eq!(officer.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
}

#[tokio::test]
async fn what_is_said_with_one_side_the_other_does_not_read() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut li = world.customer(&subject).await;
    let mut agent = world.customer(AGENT).await;
    let number = agent.asks_for(&subject, "agent", "delete").await;
    let (case, request) = (format!("/officer/requests/{number}"), format!("/requests/{number}"));
    let (ask, answer) = (format!("{case}/ask"), format!("{request}/answer"));
    let mut officer = world.staff("officer").await;

    assert!(!officer.get(&case).await.body.contains("Whom do you ask?"), "nobody says yet whose address it is");
    let early = officer.post(&ask, &[("whom", "subject"), ("question", "Is it so?")]).await;
    assert_eq!(early.status.as_u16(), 404, "nor is it sent to somebody else instead");
    let asked = officer.hand_in(&ask, &[("question", "Whose mandate is it?")], &[("files", "list.pdf", PDF)]).await;
    assert_eq!(asked.status.as_u16(), 303);
    let page = agent.get(&request).await.body;
    assert!(page.contains("Whose mandate is it?") && page.contains("list.pdf"), "{page}");
    assert!(!page.contains("(to whoever asks"), "to whom needs no saying to them: {page}");
    let theirs = file(&page);
    let page = li.get(&request).await.body;
    assert!(!page.contains("Whose mandate") && !page.contains("list.pdf"), "{page}");
    assert!(!page.contains("We have a question for you") && !page.contains("asked a question"), "{page}");
    assert_eq!(li.get(&theirs).await.status.as_u16(), 404);
    assert_eq!(li.post(&answer, &[("answer", "Mine")]).await.status.as_u16(), 409, "it is not their question");
    let said = agent.hand_in(&answer, &[("answer", "My sister's")], &[("files", "register.pdf", PDF)]).await;
    assert_eq!(said.status.as_u16(), 303, "{}", said.body);
    let page = li.get(&request).await.body;
    assert!(!page.contains("My sister") && !page.contains("register.pdf"), "{page}");

    check(&mut officer, &case).await;
    let unsaid = officer.post(&ask, &[("question", "Do you agree?")]).await;
    assert_eq!(unsaid.status.as_u16(), 422);
    assert!(unsaid.body.contains("Choose whom you ask") && unsaid.body.contains("Do you agree?"), "{}", unsaid.body);
    let begun = [("whom", "subject"), ("question", "Do you agree?"), ("template", "more-detail")];
    let begun = officer.post(&ask, &begun).await.body;
    assert!(begun.contains("value=\"subject\" checked"), "a sentence to begin with changes nobody's address: {begun}");
    let question = [("whom", "subject"), ("question", "Do you agree?")];
    assert_eq!(officer.hand_in(&ask, &question, &[("files", "what.pdf", PDF)]).await.status.as_u16(), 303);
    world.work().await;
    let told =
        |to: &str| world.letters().iter().any(|(who, body)| who == to && body.contains("需要您本人回答一个问题"));
    assert!(told(&subject) && !told(AGENT), "and not in the language of whoever asks for them");
    let page = agent.get(&request).await.body;
    assert!(!page.contains("Do you agree?") && !page.contains("what.pdf"), "{page}");
    assert!(page.contains("waiting for the person to answer"), "who acts next is said: {page}");
    assert_eq!(agent.post(&answer, &[("answer", "She does")]).await.status.as_u16(), 409);
    let page = li.get(&request).await.body;
    assert!(page.contains("We have a question for you") && page.contains("Do you agree?"), "{page}");
    let said = li.hand_in(&answer, &[("answer", "Not to all of it")], &[("files", "mine.pdf", PDF)]).await;
    assert_eq!(said.status.as_u16(), 303, "{}", said.body);
    let page = li.get(&request).await.body;
    assert!(page.contains("Not to all of it") && page.contains("mine.pdf") && page.contains("what.pdf"), "{page}");
    let mine = file(&page);
    assert_eq!(li.get(&mine).await.status.as_u16(), 200);
    assert_eq!(agent.get(&mine).await.status.as_u16(), 404);
    let page = agent.get(&request).await.body;
    assert!(page.contains("My sister") && !page.contains("Not to all of it") && !page.contains("mine.pdf"), "{page}");

    let page = officer.get(&case).await.body;
    for words in [
        "An officer asked a question (to the person)",
        "An officer asked a question (to whoever asks for them)",
        "The question was answered (by the person)",
        "exchanged with the person",
        "exchanged with whoever asks",
        "Whoever asks reads these words",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    world.pass(SignedDuration::from_mins(1));
    let mut second = world.staff("officer2").await;
    let refusal = [("reason", "IDENTITY_NOT_VERIFIED"), ("words", "The mandate names another.")];
    assert_eq!(second.post(&format!("{case}/refuse"), &refusal).await.status.as_u16(), 303);
    assert!(agent.get(&request).await.body.contains("The mandate names another."));
    let page = li.get(&request).await.body;
    assert!(page.contains("Refused, for the reason above") && !page.contains("The mandate names another."), "{page}");
}

/// What whoever decides ticks, having read it; nothing where nothing is to be read.
pub(super) fn to_heed(page: &str) -> Option<String> {
    let value = page.split("name=\"heeded\" value=\"").nth(1)?;
    value.split('"').next().map(str::to_owned)
}

#[tokio::test]
async fn what_the_person_says_is_read_before_it_is_decided() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut li = world.customer(&subject).await;
    let mut agent = world.customer(AGENT).await;
    for kind in ["delete", "copy"] {
        let number = agent.asks_for(&subject, "agent", kind).await;
        let (case, request) = (format!("/officer/requests/{number}"), format!("/requests/{number}"));
        let mut officer = world.staff("officer").await;
        check(&mut officer, &case).await;
        officer.post(&format!("{case}/ask"), &[("whom", "subject"), ("question", "Do you agree?")]).await;
        world.pass(SignedDuration::from_mins(1));

        let mut second = world.staff("officer2").await;
        let page = second.get(&case).await.body;
        assert!(page.contains("The person has not answered the question of"), "{page}");
        let grant = async |officer: &mut Person<'_>, page: &str, heeded: &str| {
            let (action, field, value) = match kind {
                "delete" => ("approve", "plan", digest(page)),
                _ => ("settle", "done", "Here it is.".to_owned()),
            };
            officer.post(&format!("{case}/{action}"), &[(field, &value), ("heeded", heeded)]).await
        };
        let early = grant(&mut second, &page, "").await;
        assert_eq!(early.status.as_u16(), 422, "{}", early.body);
        assert!(early.body.contains("Read what stands above, and tick"), "{}", early.body);
        assert!(kind == "delete" || early.body.contains("Here it is."), "what was typed stays: {}", early.body);
        let open = to_heed(&page).unwrap();
        assert_eq!(li.post(&format!("{request}/answer"), &[("answer", "I never agreed")]).await.status.as_u16(), 303);
        world.pass(SignedDuration::from_mins(1));
        let late = grant(&mut second, &page, &open).await;
        assert_eq!(late.status.as_u16(), 422, "another word has come since they opened the page");
        assert!(late.body.contains("The person said, on") && late.body.contains("I never agreed"), "{}", late.body);
        // What is asked of the other side afterwards does not hide it.
        assert_eq!(
            officer
                .post(&format!("{case}/ask"), &[("whom", "asker"), ("question", "Which mandate?")])
                .await
                .status
                .as_u16(),
            303
        );
        let late = second.get(&case).await;
        assert!(late.body.contains("I never agreed") && late.body.contains("Which mandate?"), "{}", late.body);
        assert!(late.body.contains("I do not wait for the other answer"), "{}", late.body);
        let said = to_heed(&late.body).unwrap();
        assert_eq!(grant(&mut second, &late.body, &said).await.status.as_u16(), 303);
    }
}

#[tokio::test]
async fn what_the_person_does_not_agree_to_is_refused_for_that_and_for_nothing_else() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut li = world.customer(&subject).await;
    let mut agent = world.customer(AGENT).await;
    let number = agent.asks_for(&subject, "agent", "delete").await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let refusal = [("reason", "SUBJECT_OBJECTS"), ("words", "She says no.")];
    let early = officer.post(&format!("{case}/refuse"), &refusal).await;
    assert_eq!(early.status.as_u16(), 404, "nobody has asked her");
    assert!(!officer.get(&case).await.body.contains("The person does not agree to this request"));
    check(&mut officer, &case).await;
    assert_eq!(officer.post(&format!("{case}/refuse"), &refusal).await.status.as_u16(), 303);
    let page = li.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("The person does not agree to this request (PIPL art. 44)"), "{page}");
    assert!(!page.contains("What you can do") && !page.contains("What is proposed"), "as she said: {page}");
    let page = agent.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("She says no.") && page.contains("/rights/complaint"), "{page}");
    assert!(!page.contains("What is proposed"), "nothing is shown of what was not granted: {page}");
}

#[tokio::test]
async fn an_open_question_is_not_passed_over_in_many_at_once() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let asked = super::rights::file(&mut li, domain::request::RequestKind::Complaint).await;
    let case = format!("/officer/requests/{asked}");
    let mut officer = world.staff("officer").await;
    assert_eq!(to_heed(&officer.get(&case).await.body), None);
    assert!(!officer.get(&case).await.body.contains("<details open"));
    assert!(officer.get(&format!("{case}?ask")).await.body.contains("<details open"), "a link opens its form");
    officer.post(&format!("{case}/ask"), &[("question", "Which parcel?")]).await;
    let many = [("action", "settle"), ("number", asked.as_str())];
    let preview = officer.post("/officer/bulk/preview", &many).await.body;
    assert!(preview.contains("A question is open"), "{preview}");
    let page = officer.get(&case).await.body;
    assert!(page.contains("has not been answered") && page.contains("Which parcel?"), "{page}");
    let heeded = to_heed(&page).unwrap();
    let settle = format!("{case}/settle");
    assert_eq!(officer.post(&settle, &[("done", "Found it.")]).await.status.as_u16(), 422);
    assert_eq!(officer.post(&settle, &[("done", "Found it."), ("heeded", &heeded)]).await.status.as_u16(), 303);
}

#[tokio::test]
async fn whoever_has_proven_to_be_both_reads_both_and_the_dead_are_not_written_to() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut agent = world.customer(AGENT).await;
    let number = agent.asks_for(&subject, "guardian", "copy").await;
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    check(&mut officer, &case).await;
    officer.post(&format!("{case}/ask"), &[("whom", "subject"), ("question", "Do you know?")]).await;
    let who = |emails: &[&str]| {
        let proven = |email: &&str| (Identifier::Email(Email::parse(email).unwrap()), Freshness::Fresh);
        Actor::Customer(Customer::new(emails.iter().map(proven).collect()).unwrap())
    };
    let number = RequestNumber::parse(&number).unwrap();
    for (emails, standing, read) in [
        (vec![AGENT, subject.as_str()], Standing::Both, true),
        (vec![subject.as_str()], Standing::On(domain::request::Side::Subject), true),
        (vec![AGENT], Standing::On(domain::request::Side::Asker), false),
    ] {
        let seen = world.portal.my_request(&who(&emails).own().unwrap(), &number).await.unwrap();
        let words = seen.events.iter().any(|event| event.body.is_some());
        assert_eq!((seen.standing, words), (standing, read), "{emails:?}");
    }

    let relative = agent.asks_for(&subject, "near_relative", "copy").await;
    let case = format!("/officer/requests/{relative}");
    check(&mut officer, &case).await;
    assert!(!officer.get(&case).await.body.contains("Whom do you ask?"));
    let asked = officer.post(&format!("{case}/ask"), &[("whom", "subject"), ("question", "Who are you?")]).await;
    assert_eq!(asked.status.as_u16(), 404);
}

/// An agent asks for the customer's deletion: the agent, the case, and whoever decides it.
async fn deletion_by_agent(world: &World) -> (Person<'_>, String, Person<'_>) {
    let mut agent = world.customer(AGENT).await;
    let number = agent.asks_for(&world.email("customer"), "agent", "delete").await;
    (agent, format!("/officer/requests/{number}"), world.staff("officer").await)
}

#[tokio::test]
async fn it_is_said_to_whom_a_question_goes() {
    let world = World::new().await;
    let (mut agent, case, mut officer) = deletion_by_agent(&world).await;
    let page = officer.get(&case).await.body;
    assert!(!page.contains("Ask the person a question first"), "it does not go to the person: {page}");
    assert!(page.contains("It goes to whoever asks for the person, and the person does not see it"), "{page}");
    check(&mut officer, &case).await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("Whom you choose reads it as it is"), "{page}");
    let number = agent.asks_for(&world.email("newcomer"), "near_relative", "delete").await;
    let page = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("It goes to the relative who asks"), "{page}");
    let mut own = world.customer(&world.email("spare")).await;
    let number = super::rights::file(&mut own, domain::request::RequestKind::Complaint).await;
    let page = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("Ask the person a question first"), "{page}");
}

/// What is still open of the person's stands on the case, and it is said who must not learn of it.
#[tokio::test]
async fn it_is_said_who_reads_what_is_open_and_who_an_answer() {
    let world = World::new().await;
    let (mut agent, case, mut officer) = deletion_by_agent(&world).await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("whoever asks for them does not see it"), "{page}");
    assert!(
        page.contains("do not tell them what stands above") && page.contains("has not been told of it yet"),
        "{page}"
    );
    assert!(!page.contains("You may ask the person first"), "before the check nobody can: {page}");
    check(&mut officer, &case).await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("You may ask the person first, or whoever asks for them"), "{page}");
    let number = agent.asks_for(&world.email("spare"), "near_relative", "delete").await;
    let page = officer.get(&format!("/officer/requests/{number}")).await.body;
    assert!(page.contains("the relative who asks does not see it"), "{page}");
    assert!(page.contains("Only the relative who asks reads these words"), "{page}");
}

/// By mail and by short message: what, by when, and how they say that it is not what they want.
#[tokio::test]
async fn whoever_is_asked_for_reads_what_is_asked_and_how_to_stop_it() {
    let world = World::new().await;
    let (email, mobile) = (world.email("customer"), world.person("receiver")["mobile"].as_str().unwrap().to_owned());
    let mut agent = world.customer(AGENT).await;
    let by_mail = agent.asks_for(&email, "agent", "delete").await;
    let by_message = agent.asks_for(&mobile, "guardian", "delete").await;
    let mut officer = world.staff("officer").await;
    for number in [&by_mail, &by_message] {
        check(&mut officer, &format!("/officer/requests/{number}")).await;
    }
    world.work().await;
    let letter = |to: &str| world.letters().into_iter().find(|(of, _)| of == to).unwrap().1;
    let mail = letter(&email);
    for words in ["申请的内容：删除", "不认识提出的人，或者不同意？", "0592-0000000", "写信到 privacy@example.com"]
    {
        assert!(mail.contains(words), "{words}: {mail}");
    }
    let message = letter(&mobile);
    for words in [by_message.as_str(), "删除", "最迟", "0592-0000000", "/sign-in/parcel"] {
        assert!(message.contains(words), "{words}: {message}");
    }
    assert!(!mail.contains(AGENT) && !message.contains(AGENT), "who asks is read after signing in");
    let page = world.customer(&email).await.get(&format!("/requests/{by_mail}")).await.body;
    assert!(
        page.contains("do not agree? You can also tell us.") && page.contains("mailto:privacy@example.com"),
        "{page}"
    );
}

/// PIPL art. 49: for a lawful interest of their own, unless the person arranged otherwise.
#[tokio::test]
async fn what_the_law_asks_of_near_relatives_is_a_reason_towards_them_and_nobody_else() {
    let world = World::new().await;
    let mut somebody = world.customer(AGENT).await;
    let by_relative = somebody.asks_for(&world.email("spare"), "near_relative", "copy").await;
    let by_agent = somebody.asks_for(&world.email("customer"), "agent", "delete").await;
    let mut officer = world.staff("officer").await;
    let refusal = [("reason", "PRIOR_ARRANGEMENT"), ("words", "She had left her papers to a notary.")];
    let words = "The person left other instructions while alive";
    let agents = format!("/officer/requests/{by_agent}");
    assert!(!officer.get(&agents).await.body.contains(words));
    assert_eq!(officer.post(&format!("{agents}/refuse"), &refusal).await.status.as_u16(), 404);
    let relatives = format!("/officer/requests/{by_relative}");
    let people = officer.post(&format!("{relatives}/people"), &[]).await.body;
    assert!(people.contains("refuse by art. 49"), "{people}");
    assert!(officer.get(&relatives).await.body.contains(words));
    assert_eq!(officer.post(&format!("{relatives}/refuse"), &refusal).await.status.as_u16(), 303);
    let page = somebody.get(&format!("/requests/{by_relative}")).await.body;
    assert!(page.contains(&format!("{words} (PIPL art. 49)")), "{page}");
}

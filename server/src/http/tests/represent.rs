//! Somebody asks for somebody else: nothing is said, planned or granted before the evidence was looked at, and then
//! another officer decides.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;

use super::{
    looks::shows_each,
    world::{Answer, COMPARED, Person, World, digest},
};

pub(super) const PDF: &[u8] = b"%PDF-1.4\nI, Li, authorise you.\n%%EOF\n";

impl Person<'_> {
    /// A form with files, as a browser sends it.
    pub(super) async fn hand_in(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let head = format!(
                "--X\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/pdf\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--X--\r\n");
        let request = Request::post(path)
            .header(header::ORIGIN, "http://127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=X")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub(super) async fn asks_for(&mut self, subject: &str, capacity: &str, kind: &str) -> String {
        let by = if subject.contains('@') { "email" } else { "mobile" };
        let fields = [("capacity", capacity), ("kind", kind), (by, subject), ("words", "Please, for my mother")];
        let filed = self.hand_in("/rights/for-another", &fields, &[("evidence", "mandate.pdf", PDF)]).await;
        assert_eq!(filed.status.as_u16(), 303, "{}", filed.body);
        filed.location.unwrap().trim_start_matches("/requests/").trim_end_matches("?filed").to_owned()
    }
}

/// The address of the first file on a page.
pub(super) fn file(page: &str) -> String {
    let at = page.find("/files/").unwrap();
    let begins = page[..at].rfind('"').unwrap() + 1;
    page[begins..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_agent_has_somebody_erased_once_two_officers_agree() {
    let world = World::new().await;
    let (subject, agent) = (world.email("customer"), "agent@example.com");
    // From their own request it is known which language they read.
    world.customer(&subject).await.post("/rights/complaint", &[("words", "It was wet")]).await;
    let mut agent_person = world.customer(agent).await;
    let number = agent_person.asks_for(&subject, "agent", "delete").await;
    let page = agent_person.get(&format!("/requests/{number}?filed")).await.body;
    assert!(page.contains("We are checking what you handed in"), "{page}");
    assert!(!page.contains("What is proposed") && !page.contains("Waybill"), "nothing is said yet: {page}");
    assert!(page.contains("Evidence to be checked") && page.contains("an officer checks the evidence"), "{page}");
    let theirs = world.customer(&subject).await.get(&format!("/requests/{number}")).await.body;
    assert!(theirs.contains("Somebody asked this for you") && !theirs.contains("what you handed in"), "{theirs}");
    let mine = agent_person.get("/mine").await.body;
    assert!(mine.contains("We keep nothing") && !mine.contains("Order number"), "it is not theirs: {mine}");

    let case = format!("/officer/requests/{number}");
    let mut first = world.staff("officer").await;
    let page = first.get(&case).await.body;
    assert!(page.contains("Authorised agent, on behalf of the person (Civil Code art. 161)"), "{page}");
    assert!(!page.contains("Check and approve") && page.contains("Check who is asking"), "{page}");
    assert_eq!(first.post(&format!("{case}/approve"), &[("plan", "")]).await.status.as_u16(), 409);
    assert_eq!(first.post(&format!("{case}/plan"), &[]).await.status.as_u16(), 409, "nothing is planned before");
    let evidence = first.get(&file(&page)).await;
    assert_eq!(evidence.body.as_bytes(), PDF);
    assert_eq!(evidence.headers[header::CONTENT_TYPE], "application/pdf");
    assert!(evidence.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert_eq!(world.customer(&subject).await.get(&file(&page).replace("/officer", "")).await.status.as_u16(), 404);

    assert_eq!(first.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
    let page = first.get(&case).await.body;
    assert!(page.contains("Check who is asking"), "nobody vouches for whom they have not compared: {page}");
    let people = first.post(&format!("{case}/people"), &[]).await.body;
    assert!(!people.contains(&subject) && !people.contains(agent), "masked: {people}");
    let people = shows_each(&mut first, &case, &people, "compare_evidence").await;
    assert!(people.contains("It is in order: confirm"), "{people}");
    assert!(people.contains(&subject) && people.contains(agent), "to compare with the evidence: {people}");
    let name = world.company_texts(&format!("SELECT name FROM customers WHERE email = '{subject}'")).await.remove(0);
    assert!(people.contains(&format!("{name} (")), "evidence names people: {people}");
    assert!(people.contains("No name stands with this address"), "and the agent is nobody we know: {people}");
    assert!(
        people.contains(&file(&page)) && people.contains("Authorised agent"),
        "beside what was handed in: {people}"
    );
    let two = first.post(&format!("{case}/confirm"), &[("point", "person"), ("point", "scope")]).await;
    assert_eq!(two.status.as_u16(), 422, "each point is said on its own");
    assert!(two.body.contains("Compare and tick each point"), "{}", two.body);
    assert_eq!(two.body.matches(" checked").count(), 2, "what was ticked stays: {}", two.body);
    assert_eq!(world.staff("auditor").await.get(&file(&page)).await.status.as_u16(), 404, "officers only");
    assert_eq!(first.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 303);
    assert_eq!(first.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 409, "once");
    let page = first.get(&case).await.body;
    assert!(page.contains("Another officer must decide") && !page.contains("Check and approve"), "{page}");
    let plan = digest(&world.staff("officer2").await.get(&case).await.body);
    assert_eq!(first.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409, "not the same");
    world.work().await;
    let page = agent_person.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Waiting for an officer") && !page.contains("Evidence to be checked"), "{page}");
    let told = |to: &str, words: &str| world.letters().iter().any(|(who, body)| who == to && body.contains(words));
    assert!(told(&subject, "What is asked: Deletion, the account included"), "what is asked for them");
    assert!(told(&subject, "They act as: Authorised agent") && told(&subject, "Or phone "), "they can stop it");

    world.pass(SignedDuration::from_mins(1));
    let mut second = world.staff("officer2").await;
    assert_eq!(second.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = agent_person.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Completed") && page.contains("The whole record is gone"), "{page}");
    assert!(told(agent, "is done and was checked afterwards"), "whoever asked is answered");
    assert!(told(&subject, "is done and was checked afterwards"), "and whom it was about");
    assert!(told(&subject, "a request for you under the number QD-"), "which, in its place");
    assert!(told(&subject, &format!("Request {number}, filed for you, was approved")), "it is not theirs");
    assert!(told(&subject, &format!("Request (Deletion) {number}, filed for you, is done")));
    assert!(told(agent, &format!("Your request (Deletion) {number} is done")));
    assert!(world.titles(&subject).contains(&format!("Request {number}, filed for you, is completed")));
    let left = world.company_texts(&format!("SELECT count(*) FROM customers WHERE email = '{subject}'")).await;
    assert_eq!(left, ["0"]);
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("requester_confirmed") && log.contains("file_opened"), "{log}");
}

#[tokio::test]
async fn the_person_asked_for_can_stop_it() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let number = agent.asks_for(&subject, "agent", "delete").await;
    let mut li = world.customer(&subject).await;
    let list = li.get("/requests").await.body;
    assert!(list.contains(&number) && list.contains("asked for you by somebody else"), "{list}");
    assert!(agent.get("/requests").await.body.contains("asked for somebody else"));
    let page = agent.get(&format!("/requests/{number}")).await.body;
    assert!(
        page.contains("You ask this for c***@example.com") && page.contains("Authorised agent"),
        "for whom, as what: {page}"
    );
    let page = li.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Somebody asked this for you") && page.contains("We have not checked"), "{page}");
    assert!(page.contains("Take it back") && !page.contains("a***@example.com"), "{page}");
    assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
    let case = format!("/officer/requests/{number}");
    assert_eq!(world.staff("officer").await.post(&format!("{case}/confirm"), COMPARED).await.status.as_u16(), 409);
    let page = agent.get(&format!("/requests/{number}")).await.body;
    assert!(page.contains("Taken back") && page.contains("(by the person)"), "{page}");
    world.work().await;
    assert!(
        world.titles("agent@example.com").contains(&format!("Your request {number} was taken back")),
        "do not wait"
    );
    assert!(
        world.titles(&subject).contains(&format!("Request {number}, filed for you, was taken back")),
        "not their own"
    );
}

#[tokio::test]
async fn what_is_missing_or_no_evidence_is_said_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let mut agent = world.customer("agent@example.com").await;
    let path = "/rights/for-another";
    let nothing = agent.hand_in(path, &[], &[]).await;
    assert_eq!(nothing.status.as_u16(), 422);
    for words in ["Choose what you are", "Choose what is asked for", "Give the person", "Write what you want"] {
        assert!(nothing.body.contains(words), "{words}: {}", nothing.body);
    }
    let fields = [("capacity", "agent"), ("kind", "copy"), ("mobile", "12"), ("words", "Her <b>papers</b>")];
    let wrong = agent.hand_in(path, &[&fields[..], &[("step", "check")]].concat(), &[]).await;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("&lt;b&gt;papers"), "{}", wrong.body);
    assert!(wrong.body.contains("Check the format"), "{}", wrong.body);

    // Everything once more; the evidence is chosen last, so that no mistake elsewhere loses it.
    let fields = [("capacity", "agent"), ("kind", "copy"), ("mobile", "13800138000"), ("words", "Her <b>papers</b>")];
    let check = agent.post(path, &[&fields[..], &[("step", "check")]].concat()).await;
    assert_eq!(check.status.as_u16(), 200);
    for words in ["Check before you send it", "Authorised agent", "13800138000", "&lt;b&gt;papers", "A mandate signed"]
    {
        assert!(check.body.contains(words), "{words}: {}", check.body);
    }
    let change = agent.post(path, &[&fields[..], &[("step", "change")]].concat()).await;
    assert!(change.status.as_u16() == 200 && change.body.contains("papers&lt;/b&gt;</textarea>"), "{}", change.body);
    let none = agent.hand_in(path, &fields, &[]).await;
    assert!(none.status.as_u16() == 422 && none.body.contains("Attach the evidence"), "{}", none.body);
    assert!(none.body.contains("value=\"13800138000\""), "nothing typed is lost: {}", none.body);
    let wrong = agent.hand_in(path, &fields, &[("evidence", "virus.pdf", b"MZ")]).await;
    assert!(wrong.body.contains("virus.pdf") && wrong.body.contains("is not a complete PDF"), "{}", wrong.body);
    let large = [PDF, &vec![b' '; 6 << 20], b"%%EOF"].concat();
    let large = agent.hand_in(path, &fields, &[("evidence", "a.pdf", &large)]).await;
    assert!(large.body.contains("is larger than 5 MB"), "{}", large.body);
    let fields = [("capacity", "agent"), ("kind", "lift"), ("email", "li@example.com"), ("words", "x")];
    assert_eq!(agent.hand_in(path, &fields, &[("evidence", "a.pdf", PDF)]).await.status.as_u16(), 422);
    world.pass(SignedDuration::from_mins(11));
    assert_eq!(
        agent.get(path).await.location.as_deref(),
        Some("/confirm"),
        "who asks has proven who they are just now"
    );
}

#[tokio::test]
async fn what_somebody_said_on_the_telephone_is_written_down_and_another_decides() {
    let world = World::new().await;
    let caller = world.email("customer");
    let mut officer = world.staff("officer").await;
    assert!(officer.get("/officer").await.body.contains("Write down a request"));
    assert_eq!(officer.post("/officer/new", &[]).await.status.as_u16(), 422);
    let words = "Called from the number we have; asks to be deleted";
    let which = officer.get("/officer/new").await.body;
    assert!(which.contains("What does the person ask for?") && which.contains("value=\"delete\""), "{which}");
    assert!(!which.contains("value=\"lift\""), "that is the person's own: {which}");
    let none = officer.get("/officer/new?kind=lift").await;
    assert!(none.status.as_u16() == 422 && none.body.contains("Choose what is asked for"), "{}", none.body);
    let none = officer.get("/officer/new?step=choose").await;
    assert!(none.status.as_u16() == 422 && none.body.contains("error-summary"), "sent with none chosen: {}", none.body);
    let form = officer.get("/officer/new?kind=delete").await.body;
    assert!(form.contains("Asked for: Deletion") && form.contains("Which language does the person read?"), "{form}");
    let zh = form.find("简体中文</option>").unwrap();
    assert!(zh < form.find("English</option>").unwrap(), "Chinese first: {form}");
    let wrong = officer.post("/officer/new", &[("lang", "en")]).await.body;
    assert!(wrong.contains("value=\"en\" selected"), "{wrong}");
    let fields = [("channel", "phone"), ("kind", "delete"), ("email", caller.as_str()), ("words", words)];
    let fields = [fields.as_slice(), &[("lang", "en")]].concat();
    let check = officer.post("/officer/new", &[fields.as_slice(), &[("step", "check")]].concat()).await;
    assert!(check.status.as_u16() == 200 && check.body.contains("Check before you send it"), "{}", check.body);
    assert!(check.body.contains("By telephone") && check.body.contains(words), "{}", check.body);
    let case = officer.post("/officer/new", &fields).await.location.unwrap();
    let page = officer.get(&case).await.body;
    assert!(page.contains("Written down by staff: By telephone") && page.contains(words), "{page}");
    assert!(page.contains("Another officer must decide"), "{page}");
    let plan = digest(&world.staff("officer2").await.get(&case).await.body);
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 409, "another");
    world.work().await;
    assert!(world.letters().iter().any(|(to, body)| *to == caller && body.contains("was received")));
    world.pass(SignedDuration::from_mins(1));
    let mut second = world.staff("officer2").await;
    assert_eq!(second.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert!(second.get(&case).await.body.contains("Completed"));
}

#[tokio::test]
async fn files_travel_with_messages_and_evidence_goes_before_the_rest() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut agent = world.customer("agent@example.com").await;
    let number = agent.asks_for(&subject, "near_relative", "copy").await;
    let (case, request) = (format!("/officer/requests/{number}"), format!("/requests/{number}"));
    let mut officer = world.staff("officer").await;
    let ask = [("question", "Which one of these are you?")];
    let asked = officer.hand_in(&format!("{case}/ask"), &ask, &[("files", "list.pdf", PDF)]).await;
    assert_eq!(asked.status.as_u16(), 303);
    let page = agent.get(&request).await.body;
    assert!(page.contains("list.pdf") && page.matches("/files/").count() == 1, "what was handed in is no link: {page}");
    assert_eq!(agent.get(&file(&page)).await.body.as_bytes(), PDF);
    let answer = [("answer", "The second; see my register")];
    let answered = agent.hand_in(&format!("{request}/answer"), &answer, &[("files", "register.pdf", PDF)]).await;
    assert_eq!(answered.status.as_u16(), 303);
    let page = officer.get(&case).await.body;
    assert!(["list.pdf", "register.pdf", "mandate.pdf"].iter().all(|name| page.contains(name)), "{page}");
    let refuse = [("reason", "IDENTITY_NOT_VERIFIED"), ("words", "The register names somebody else.")];
    assert_eq!(officer.post(&format!("{case}/refuse"), &refuse).await.status.as_u16(), 303);

    world.pass(SignedDuration::from_hours(24 * 32));
    let portal = &world.portal;
    let dry = portal.retain_dry(portal.clock.today()).await.unwrap();
    assert!(
        dry.rules.iter().any(|rule| rule.table.to_string() == "qingdan.files" && rule.selected == 2),
        "said first: {dry:?}"
    );
    let night = portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    assert!(
        night.verified && night.rules.iter().any(|rule| rule.table.to_string() == "qingdan.files" && rule.done == 2),
        "{night:?}"
    );
    let auditor = domain::actor::Actor::Staff(domain::actor::Staff {
        id: domain::ids::StaffId(uuid::Uuid::nil()),
        role: domain::actor::StaffRole::Auditor,
    });
    let number = domain::ids::RequestNumber::parse(&number).unwrap();
    let case = portal.case(&auditor.read_requests().unwrap(), &auditor, &number).await.unwrap();
    let names: Vec<&str> = case.followed.files.iter().map(|file| file.name.reveal()).collect();
    assert_eq!(names, ["list.pdf"], "what was said stays with the request, what showed who they are does not");
}

#[tokio::test]
async fn what_a_stranger_asks_is_never_taken_for_the_persons_own() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut mallory = world.customer("mallory@example.com").await;
    let first = mallory.asks_for(&subject, "agent", "delete").await;
    world.pass(SignedDuration::from_secs(1));
    let second = mallory.asks_for(&subject, "agent", "transfer").await;
    let third = mallory.asks_for(&subject, "agent", "transfer").await;
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{third}");
    assert!(!officer.get(&case).await.body.contains("Put into"), "nothing is merged that nobody has checked");
    assert_eq!(officer.post(&format!("{case}/merge"), &[("into", &second)]).await.status.as_u16(), 404);
    assert_eq!(mallory.post(&format!("/requests/{third}/transfer"), &[]).await.status.as_u16(), 303);

    let mut li = world.customer(&subject).await;
    let own = li.post("/mine/delete", &[]).await.location.unwrap();
    assert!(!own.contains(&first), "the person's own request is filed");
    assert!(li.get(&own).await.body.contains("What is proposed"), "with its plan");
    for _ in 0..2 {
        mallory.asks_for(&subject, "agent", "copy").await;
    }
    let fields = [("capacity", "agent"), ("kind", "copy"), ("email", subject.as_str()), ("words", "once more")];
    let sixth = mallory.hand_in("/rights/for-another", &fields, &[("evidence", "a.pdf", PDF)]).await;
    assert_eq!(sixth.status.as_u16(), 429, "five a day");
}

#[tokio::test]
async fn a_form_of_somebody_who_may_not_send_one_is_not_read() {
    let world = World::new().await;
    let large = vec![b'x'; 30 << 20];
    let answer = world.visitor().hand_in("/rights/for-another", &[], &[("evidence", "a.pdf", &large)]).await;
    assert_eq!(answer.location.as_deref(), Some("/sign-in"), "{}", answer.status);
}

//! The officers' desk: whose work it is, what they tell each other, whom they look for, and who sees that they did.

use jiff::SignedDuration;

use super::world::{World, deletion, digest};

#[tokio::test]
async fn officers_share_the_work_and_the_person_sees_who_looked() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    li.post("/rights/complaint", &[("words", "The parcel was wet.")]).await;
    let request = format!("/requests/{number}");
    assert!(li.get(&request).await.body.contains("Who looked at this request? (0)"));

    let mut wu = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    assert!(wu.get(&case).await.body.contains("Nobody yet"));
    let none = wu.get("/officer?whose=mine").await.body;
    assert!(none.contains("No request matches") && none.contains("Clear filters"), "{none}");
    assert_eq!(wu.post(&format!("{case}/take"), &[]).await.status.as_u16(), 303);
    assert_eq!(wu.post(&format!("{case}/take"), &[]).await.status.as_u16(), 303, "pressed twice");
    let mine = wu.get("/officer?whose=mine").await.body;
    assert!(mine.contains(&number) && !mine.contains("<td>Complaint"), "{mine}");
    let complaints = wu.get("/officer?kind=complaint").await.body;
    assert!(complaints.contains("<td>Complaint") && !complaints.contains(&number), "{complaints}");
    assert!(!wu.get("/officer?whose=nobodys").await.body.contains(&number));

    assert_eq!(wu.post(&format!("{case}/note"), &[("note", " ")]).await.status.as_u16(), 422);
    assert_eq!(
        wu.post(&format!("{case}/note"), &[("note", "Called the depot: it was the rain.")]).await.status.as_u16(),
        303
    );
    let page = wu.get(&case).await.body;
    assert!(page.contains("/give-back\"") && !page.contains("/take\""), "what is theirs is only given back: {page}");
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("it was the rain") && page.contains("Take it over from "), "{page}");
    let stale = zhao.post(&format!("{case}/take"), &[("owner", "")]).await;
    assert!(stale.status.as_u16() == 409 && stale.body.contains("Somebody else was first"), "{}", stale.body);
    assert!(wu.get("/officer?whose=mine").await.body.contains(&number), "not taken unseen");
    let at = page.find("name=\"owner\" value=\"").unwrap() + 20;
    let owner = page[at..at + 36].to_owned();
    assert_eq!(zhao.post(&format!("{case}/take"), &[("owner", &owner)]).await.status.as_u16(), 303);
    assert!(zhao.get("/officer?whose=mine").await.body.contains(&number), "taken over by who saw whose it was");
    assert_eq!(zhao.post(&format!("{case}/give-back"), &[]).await.status.as_u16(), 303);
    assert!(wu.get("/officer?whose=nobodys").await.body.contains(&number));
    let mut auditor = world.staff("auditor").await;
    assert_eq!(auditor.post(&format!("{case}/take"), &[]).await.status.as_u16(), 404, "auditors only read");

    let page = li.get(&request).await.body;
    assert!(
        page.contains("Who looked at this request? (4)") && page.contains("values from the databases were masked"),
        "{page}"
    );
    assert!(!page.contains("it was the rain"), "notes are not for the person");
}

#[tokio::test]
async fn a_person_is_found_by_what_they_proved_and_no_address_says_so() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    let mut wu = world.staff("officer").await;
    assert!(wu.get("/officer/find").await.body.contains("A request number, e-mail address or mobile number"));
    for wanted in [email.to_uppercase(), number.to_lowercase(), format!("  {email} ")] {
        let found = wu.post("/officer/find", &[("wanted", &wanted)]).await;
        assert!(found.status.as_u16() == 200 && found.location.is_none(), "{}", found.body);
        assert!(found.body.contains(&format!("/officer/requests/{number}")), "{wanted}: {}", found.body);
    }
    // Whoever phones gives their number, and had asked by e-mail.
    let number_of_hers = format!("SELECT mobile FROM customers WHERE email = '{email}'");
    let mobile = world.company_texts(&number_of_hers).await.remove(0);
    let found = wu.post("/officer/find", &[("wanted", &mobile)]).await;
    assert!(found.body.contains(&format!("/officer/requests/{number}")), "{}", found.body);
    let other = world.email("newcomer");
    assert!(wu.post("/officer/find", &[("wanted", &other)]).await.body.contains("Nothing found"));
    let wrong = wu.post("/officer/find", &[("wanted", "somebody")]).await;
    assert!(wrong.status.as_u16() == 422 && wrong.body.contains("value=\"somebody\""), "{}", wrong.body);
    let log = world.staff("auditor").await.get("/officer/audit").await.body;
    assert!(log.contains("person_searched") && !log.contains(&email), "{log}");
}

#[tokio::test]
async fn where_the_map_says_so_two_officers_approve() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"DELETE\"]\n").await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let page = wu.get(&case).await.body;
    let plan = digest(&page);
    let approve = format!("{case}/approve");
    assert_eq!(wu.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("You have approved.") && page.contains("Awaiting a second approval"), "{page}");
    assert!(page.contains("another officer must agree") && !page.contains("Check and approve"), "{page}");
    assert_eq!(wu.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 409, "not the same person");
    let still = format!("SELECT count(*) FROM customers WHERE email = '{email}'");
    assert_eq!(world.company_texts(&still).await, ["1"], "nothing has been carried out");
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("another must agree"));

    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("One officer has approved.") && page.contains("Check and approve"), "{page}");
    assert_eq!(zhao.post(&approve, &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(world.company_texts(&still).await, ["0"]);

    // Of the other kinds one is enough.
    world.pass(SignedDuration::from_mins(1));
    let mut other = world.customer(&world.email("newcomer")).await;
    let filed = other.post("/rights/complaint", &[("words", "wet")]).await.location.unwrap();
    let complaint = filed.trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
    let mut wu = world.staff("officer").await;
    assert_eq!(
        wu.post(&format!("/officer/requests/{complaint}/settle"), &[("done", "dried")]).await.status.as_u16(),
        303
    );
}

#[tokio::test]
async fn where_the_map_says_so_two_officers_hand_something_out() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"TRANSFER\"]\n").await;
    let mut li = world.customer(&world.email("customer")).await;
    let asked = [("company", "B"), ("reach", "b@example.com"), ("words", "everything")];
    let filed = li.post("/rights/transfer", &asked).await.location.unwrap();
    let number = filed.trim_start_matches("/requests/").split('?').next().unwrap().to_owned();
    let case = format!("/officer/requests/{number}");
    let (settle, agree) = (format!("{case}/settle"), format!("{case}/agree"));
    let mut wu = world.staff("officer").await;
    let page = wu.get(&case).await.body;
    assert!(page.contains("Agree that it is handed out") && !page.contains("id=\"done\""), "{page}");
    let done = [("done", "Here it is.")];
    assert_eq!(wu.post(&settle, &done).await.status.as_u16(), 409, "nobody has agreed");
    assert_eq!(wu.post(&agree, &[]).await.status.as_u16(), 303);
    assert_eq!(wu.post(&agree, &[]).await.status.as_u16(), 409, "once");
    assert_eq!(wu.post(&settle, &done).await.status.as_u16(), 409, "not the same person");
    assert!(wu.get(&case).await.body.contains("Another one must check and agree"));
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("another must agree"));
    let mut zhao = world.staff("officer2").await;
    let page = zhao.get(&case).await.body;
    assert!(page.contains("id=\"done\"") && !page.contains("Agree that it is handed out"), "{page}");
    assert_eq!(zhao.post(&settle, &done).await.status.as_u16(), 303);
    assert!(li.get(&format!("/requests/{number}")).await.body.contains("Here it is."));
}

#[tokio::test]
async fn a_year_is_told_in_numbers() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut numbers = Vec::new();
    for words in ["wet", "late", "lost"] {
        let filed = li.post("/rights/complaint", &[("words", words)]).await.location.unwrap();
        numbers.push(filed.trim_start_matches("/requests/").split('?').next().unwrap().to_owned());
    }
    let mut wu = world.staff("officer").await;
    wu.post(&format!("/officer/requests/{}/settle", numbers[0]), &[("done", "dried")]).await;
    let refuse = [("reason", "NO_DATA"), ("words", "We know of none.")];
    wu.post(&format!("/officer/requests/{}/refuse", numbers[1]), &refuse).await;
    let page = wu.get("/officer/statistics").await.body;
    assert!(page.contains("2 (100 %)") && page.contains("No information about you was found"), "{page}");
    assert!(wu.get("/officer/statistics?year=2001").await.body.contains("No requests were received"));
    let year = world.portal.clock.today().year();
    let file = wu.get(&format!("/officer/statistics/{year}.csv")).await;
    assert!(file.body.contains("Complaint,3,1,0,2 (100 %),0,1,0,0 working days"), "{}", file.body);
    assert_eq!(wu.get("/officer/statistics/all.csv").await.status.as_u16(), 404);
    let due = world.portal.calendar().due(world.portal.clock.today()).due;
    while world.portal.clock.today() <= due {
        world.pass(SignedDuration::from_hours(24));
    }
    let page = world.staff("officer").await.get(&format!("/officer/statistics?year={year}")).await.body;
    for words in [
        "2 (66 %)",
        "2 answered in time, out of 2 answered plus 1 overdue and not answered yet",
        "3 received in the year, 2 of them answered",
        "Month of receipt",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn many_are_dealt_with_at_once_after_a_look_at_what_would_happen() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let deletion = deletion(&mut li).await;
    let mut complaints = Vec::new();
    for words in ["Too late", "Too wet"] {
        let filed = li.post("/rights/complaint", &[("words", words)]).await.location.unwrap();
        complaints.push(filed.trim_start_matches("/requests/").trim_end_matches("?filed").to_owned());
    }
    let mut wu = world.staff("officer").await;
    let queue = wu.get("/officer").await.body;
    assert!(queue.contains(&format!("value=\"{deletion}\"")) && queue.contains("With the chosen ones"), "{queue}");
    assert!(!world.staff("auditor").await.get("/officer").await.body.contains("With the chosen ones"));
    let none = wu.post("/officer/bulk/preview", &[("action", "settle"), ("whose", "nobody")]).await;
    assert!(none.status.as_u16() == 422 && none.body.contains("Tick the requests first"), "{}", none.body);
    let all: Vec<(&str, &str)> = [&deletion, &complaints[0], &complaints[1]].map(|n| ("number", n.as_str())).to_vec();
    let chosen = |action| [vec![("action", action)], all.clone()].concat();
    assert_eq!(wu.post("/officer/bulk/preview", &chosen("burn")).await.status.as_u16(), 404);

    let preview = wu.post("/officer/bulk/preview", &chosen("approve")).await.body;
    assert!(preview.contains("1 of 3 can be done") && preview.contains("records would change"), "{preview}");
    // As much as the check of one alone says.
    for said in ["The account goes too", "Recipients told: ", "Carried out at once", "cannot be restored"] {
        assert!(preview.contains(said), "{said}: {preview}");
    }
    let case = wu.get(&format!("/officer/requests/{}", complaints[0])).await.body;
    let beside = case.split("Other open requests of the same person").nth(1).expect("the others are named");
    let beside = beside.split("</ul>").next().unwrap();
    assert!(beside.contains(&deletion) && beside.contains("working days left"), "{beside}");
    let at = preview.find(&format!("{deletion} ")).unwrap();
    let one: String = preview[at..].chars().take_while(|c| *c != '"').collect();
    let done = wu.post("/officer/bulk", &[("action", "approve"), ("one", &one)]).await.body;
    assert!(done.contains("1 of 1 were done"), "{done}");
    let again = wu.post("/officer/bulk", &[("action", "approve"), ("one", &one)]).await.body;
    assert!(again.contains("0 of 1 were done") && again.contains("it has moved on"), "{again}");

    let preview = wu.post("/officer/bulk/preview", &chosen("settle")).await.body;
    assert!(preview.contains("2 of 3 can be done"), "{preview}");
    let ones = [("action", "settle"), ("one", &complaints[0]), ("one", &complaints[1])];
    let empty = wu.post("/officer/bulk", &[ones.as_slice(), &[("words", " ")]].concat()).await;
    assert!(empty.status.as_u16() == 422 && empty.body.contains("2 of 2 can be done"), "{}", empty.body);
    let done = wu.post("/officer/bulk", &[ones.as_slice(), &[("words", "We are sorry.")]].concat()).await.body;
    assert!(done.contains("2 of 2 were done"), "{done}");
    for number in &complaints {
        assert!(li.get(&format!("/requests/{number}")).await.body.contains("We are sorry."));
    }
    let mut zhao = world.staff("officer2").await;
    assert_eq!(zhao.post("/officer/bulk/preview", &chosen("take")).await.status.as_u16(), 200);
}

#[tokio::test]
async fn the_same_asked_twice_becomes_one_and_keeps_the_earlier_date() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mut numbers = Vec::new();
    for words in ["Where is it?", "Where is it??"] {
        let filed = li.post("/rights/complaint", &[("words", words)]).await.location.unwrap();
        numbers.push(filed.trim_start_matches("/requests/").trim_end_matches("?filed").to_owned());
        world.pass(SignedDuration::from_mins(1));
    }
    let [first, second] = [0, 1].map(|n| format!("/officer/requests/{}", numbers[n]));
    let mut wu = world.staff("officer").await;
    assert!(!wu.get(&first).await.body.contains("Put into"), "the earlier stays");
    assert!(wu.get(&second).await.body.contains(&format!("Put into {}", numbers[0])));
    assert_eq!(wu.post(&format!("{first}/merge"), &[("into", &numbers[1])]).await.status.as_u16(), 404);
    assert_eq!(wu.post(&format!("{second}/merge"), &[("into", &numbers[0])]).await.status.as_u16(), 303);
    assert_eq!(wu.post(&format!("{second}/merge"), &[("into", &numbers[0])]).await.status.as_u16(), 404, "once");
    let page = li.get(&format!("/requests/{}", numbers[1])).await.body;
    assert!(
        page.contains(&format!("Put into request <span class=\"whole\">{}</span>", numbers[0]))
            && page.contains("Taken back"),
        "{page}"
    );
    world.work().await;
    let told = |body: &str| body.contains("asks the same as your earlier request");
    assert!(world.letters().iter().any(|(_, body)| told(body)));
    assert!(li.get(&format!("/requests/{}", numbers[0])).await.body.contains("Waiting for an officer"));
}

#[tokio::test]
async fn views_have_names_and_ready_sentences_speak_the_persons_language() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let filed = li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap();
    let case = filed.replace("/requests/", "/officer/requests/").replace("?filed", "");
    let mut wu = world.staff("officer").await;
    assert_eq!(wu.post("/officer/views?kind=complaint", &[("name", " ")]).await.status.as_u16(), 422);
    let saved = wu.post("/officer/views?view=open&kind=complaint&whose=nobodys", &[("name", "New ones")]).await;
    assert_eq!(saved.location.as_deref(), Some("/officer?view=open&kind=complaint&whose=nobodys"));
    let page = wu.get("/officer").await.body;
    assert!(page.contains("New ones"), "{page}");
    assert!(!world.staff("officer2").await.get("/officer").await.body.contains("New ones"), "each their own");
    let at = page.find("/officer/views/").unwrap();
    let remove: String = page[at..].chars().take_while(|c| *c != '"').collect();
    assert_eq!(wu.post(&remove, &[]).await.status.as_u16(), 303);
    assert!(!wu.get("/officer").await.body.contains("New ones"));

    let begun = wu.post(&format!("{case}/ask"), &[("question", "Hello."), ("template", "more-detail")]).await;
    assert_eq!(begun.status.as_u16(), 200, "nothing was sent");
    assert!(begun.body.contains("Hello.\nTo get this right, please tell us"), "{}", begun.body);
    assert!(wu.get(&case).await.body.contains("Waiting for an officer"));
}

#[tokio::test]
async fn whoever_decides_what_is_nobodys_yet_works_on_it() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let filed = li.post("/rights/complaint", &[("words", "Wet")]).await.location.unwrap();
    let case = filed.replace("/requests/", "/officer/requests/").replace("?filed", "");
    let mut wu = world.staff("officer").await;
    let empty = wu.post(&format!("{case}/settle"), &[("done", " ")]).await;
    assert!(empty.status.as_u16() == 422 && empty.body.contains("Write the answer to the person"), "{}", empty.body);
    assert_eq!(wu.post(&format!("{case}/ask"), &[("question", "Which parcel?")]).await.status.as_u16(), 303);
    assert!(wu.get("/officer?whose=mine").await.body.contains(&case), "whoever asked waits for the answer");
    let mut zhao = world.staff("officer2").await;
    let refusal = [("reason", "LEGAL_DUTY"), ("words", "It was dry.")];
    let refused = zhao.post(&format!("{case}/refuse"), &refusal).await;
    assert_eq!(refused.status.as_u16(), 303, "{}", refused.body);
    assert!(
        !zhao.get("/officer?whose=mine&view=closed").await.body.contains(&case),
        "nothing is taken from a colleague"
    );
}

#[tokio::test]
async fn the_audit_log_speaks_in_names_and_words_and_shows_what_is_sought() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let (number, other) = (deletion(&mut li).await, li.post("/rights/complaint", &[("words", "Wet")]).await.location);
    let other = other.unwrap().trim_start_matches("/requests/").trim_end_matches("?filed").to_owned();
    let mut wu = world.staff("officer").await;
    for number in [&number, &other] {
        wu.get(&format!("/officer/requests/{number}")).await;
    }
    let mut auditor = world.staff("auditor").await;
    let names = |body: &str, text: &str| body.split("<tbody>").nth(1).unwrap_or_default().contains(text);
    let log = auditor.get("/officer/audit").await.body;
    assert!(names(&log, "<td>A request was looked at") && !names(&log, "<td>request_viewed"), "{log}");
    assert!(names(&log, &format!("href=\"/officer/requests/{number}\"")) && !names(&log, "<td>staff:"), "{log}");
    let looks = auditor.get("/officer/audit?group=looks").await.body;
    assert!(names(&looks, "A request was looked at") && !names(&looks, "Staff signed in"), "{looks}");
    let of = format!("number={}&group=", number.to_lowercase());
    let one = auditor.get(&format!("/officer/audit?{of}")).await.body;
    assert!(names(&one, &number) && !names(&one, &other), "{one}");
    assert!(one.contains(&format!("/officer/audit.csv?number={number}")), "{one}");
    let wrong = auditor.get("/officer/audit?number=somebody").await;
    assert!(wrong.status.as_u16() == 422 && !wrong.body.contains("value=\"somebody\""), "{}", wrong.body);
    let file = auditor.get(&format!("/officer/audit.csv?{of}")).await.body;
    assert!(file.contains("A request was looked at") && file.contains("request_viewed"), "{file}");
    assert!(file.contains(&number) && !file.contains(&other), "{file}");
    assert_eq!(wu.get("/officer/audit.csv").await.status.as_u16(), 404, "only auditors");
}

/// After a mistake in a form the address is that of the form, which nobody can open.
#[tokio::test]
async fn what_only_takes_forms_leads_to_the_page_they_stand_on() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let case = format!("/officer/requests/{number}");
    let mut wu = world.staff("officer").await;
    let again = wu.get(&format!("{case}/settle")).await;
    assert_eq!((again.status.as_u16(), again.location.as_deref()), (303, Some(case.as_str())), "{}", again.body);
    let nowhere = wu.get("/officer/nothing").await;
    assert_eq!(nowhere.status.as_u16(), 404);
    assert!(nowhere.body.contains("look for it under Find") && !nowhere.body.contains("sign in the way you did"));
}

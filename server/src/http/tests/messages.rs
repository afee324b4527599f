//! What people are told by mail and short message, and how they come from it to their request.

use jiff::SignedDuration;

use super::{
    represent::{PDF, file},
    world::{COMPARED, World, deletion, digest},
};

/// The newest message to somebody that says this.
fn told(world: &World, to: &str, words: &str) -> String {
    let mut letters = world.letters().into_iter().filter(|(who, _)| who == to).map(|(_, body)| body);
    letters.find(|body| body.contains(words)).unwrap_or_else(|| panic!("{words}: {:?}", world.letters()))
}

#[tokio::test]
async fn a_short_message_says_how_to_sign_in_so_that_the_request_is_found() {
    let world = World::new().await;
    let wang = world.person("receiver").clone();
    let (mobile, waybill) = (wang["mobile"].as_str().unwrap(), wang["waybill_no"].as_str().unwrap());
    let mut person = world.recipient().await;
    world.pass(SignedDuration::from_secs(1));
    let number = deletion(&mut person).await;
    world.work().await;
    let message = told(&world, mobile, &number);
    assert!(message.contains("sign in with this mobile number and any of your waybill numbers"), "{message}");
    assert!(message.contains("/sign-in/parcel") && !message.contains("/sign-in/parcel."), "{message}");
    assert!(!message.contains(mobile) && !message.contains(waybill), "nothing personal: {message}");
    let otherwise = world.customer(&world.email("customer")).await.get(&format!("/requests/{number}")).await;
    assert!(otherwise.status.as_u16() == 404 && otherwise.body.contains("sign in the way you did"), "not said whose");
    let mut again = world.recipient().await;
    let list = again.get("/requests").await.body;
    assert!(list.contains(&number), "{list}");
    assert!(list.contains("signed in by e-mail are not listed here"), "{list}");

    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer2").await;
    let plan = digest(&officer.get(&case).await.body);
    world.pass(SignedDuration::from_secs(1));
    assert_eq!(officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    // No waybill is theirs any more: the answer must be readable all the same.
    let message = told(&world, mobile, "without signing in");
    let path = &message[message.find("/verify/").unwrap()..];
    let page = world.visitor().get(path).await;
    assert!(page.status.as_u16() == 200 && page.body.contains(&number), "{path}: {}", page.body);
    world.pass(SignedDuration::from_secs(1));
    let mut late = world.visitor();
    let by = [("mobile", mobile), ("waybill", &number.to_lowercase())];
    assert_eq!(late.post("/sign-in/parcel", &by).await.location.as_deref(), Some("/sign-in/code"));
    let code = world.code_for(mobile).await;
    let entered = late.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(entered.location, Some(format!("/requests/{number}")), "they came to read its answer");
    assert!(late.get(&format!("/requests/{number}")).await.body.contains("Completed"), "by the number of the request");
}

#[tokio::test]
async fn the_number_of_a_request_is_no_second_fact_while_there_is_something_to_see() {
    let world = World::new().await;
    let subject = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    let mut agent = world.customer("agent@example.com").await;
    let number = agent.asks_for(&subject, "agent", "delete").await;
    let case = format!("/officer/requests/{number}");
    let asks = async |mobile: &str| {
        world.pass(SignedDuration::from_secs(1));
        let by = [("mobile", mobile), ("waybill", number.as_str())];
        let answer = world.visitor().post("/sign-in/parcel", &by).await;
        assert_eq!(answer.location.as_deref(), Some("/sign-in/code"), "nobody learns whose it is");
        world.work().await;
        world.letters().into_iter().filter(|(to, body)| to == mobile && body.contains("code is")).count()
    };
    assert_eq!(asks(&subject).await, 0, "what somebody says to ask for them brings them no codes");
    let mut officer = world.staff("officer").await;
    officer.post(&format!("{case}/people"), &[]).await;
    officer.post(&format!("{case}/confirm"), COMPARED).await;
    assert_eq!(asks(&subject).await, 0, "it comes to the same telephone as the code");
    let mut second = world.staff("officer2").await;
    let plan = digest(&second.get(&case).await.body);
    assert_eq!(second.post(&format!("{case}/approve"), &[("plan", &plan)]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(asks("13900000000").await, 0);
    assert_eq!(asks(&subject).await, 1, "nothing else is left to say that they were known here");
}

#[tokio::test]
async fn the_dead_are_not_written_to() {
    let world = World::new().await;
    let subject = world.email("customer");
    let mut relative = world.customer("relative@example.com").await;
    let mut officer = world.staff("officer").await;
    let mut second = world.staff("officer2").await;
    for ends in ["taken back", "downloaded"] {
        let number = relative.asks_for(&subject, "near_relative", "copy").await;
        let case = format!("/officer/requests/{number}");
        officer.post(&format!("{case}/people"), &[]).await;
        officer.post(&format!("{case}/confirm"), COMPARED).await;
        if ends == "taken back" {
            assert_eq!(relative.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
        } else {
            second.post(&format!("{case}/settle"), &[("done", "Here it is.")]).await;
            world.work().await;
            assert_eq!(relative.download(&format!("/requests/{number}/copy")).await.0.as_u16(), 200);
        }
        world.work().await;
        assert!(world.letters().iter().all(|(to, _)| *to != subject), "{ends}: {:?}", world.letters());
        world.pass(SignedDuration::from_mins(1));
    }
}

#[tokio::test]
async fn a_mail_says_which_address_finds_the_request() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let none = li.get("/requests").await.body;
    assert!(none.contains("a mobile and a waybill number are not listed here"), "{none}");
    assert!(none.contains("/sign-in/parcel"), "{none}");
    world.pass(SignedDuration::from_secs(1));
    let number = deletion(&mut li).await;
    world.work().await;
    let mail = told(&world, &email, &number);
    assert!(mail.contains("Sign in with the e-mail address this was sent to"), "{mail}");
    assert!(!mail.contains(&email), "{mail}");
    let code = world.letters().into_iter().find(|(_, body)| body.contains("Your code is")).unwrap().1;
    assert!(!code.contains("Sign in with the e-mail"), "all of it is said there: {code}");
}

#[tokio::test]
async fn what_was_done_is_not_said_as_if_it_were_to_come() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let request = format!("/requests/{number}");
    let planned = li.get(&request).await.body;
    assert!(planned.contains("<strong>Delete</strong>") && planned.contains("The whole record goes"), "{planned}");
    let case = format!("/officer/requests/{number}");
    let mut officer = world.staff("officer").await;
    let plan = digest(&officer.get(&case).await.body);
    officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    world.work().await;
    let done = li.get(&request).await.body;
    assert!(done.contains("Completed") && done.contains("<strong>Deleted</strong>"), "{done}");
    assert!(!done.contains("<strong>Delete</strong>") && !done.contains("The whole record goes"), "{done}");
    let certificate = world.visitor().get(&format!("/verify/{number}")).await.body;
    assert!(certificate.contains("Deleted") && !certificate.contains(">Delete<"), "{certificate}");
}

#[tokio::test]
async fn a_short_message_is_called_by_what_it_is() {
    let world = World::new().await;
    let mobile = world.person("receiver")["mobile"].as_str().unwrap().to_owned();
    let mut person = world.recipient().await;
    assert_eq!(world.titles(&mobile), ["Your code"]);
    world.pass(SignedDuration::from_secs(1));
    let number = deletion(&mut person).await;
    world.work().await;
    assert_eq!(world.titles(&mobile), [format!("Your request {number} was received"), "Your code".to_owned()]);
}

/// What somebody shows goes with what they ask, by the same limits as with a message.
#[tokio::test]
async fn files_go_with_what_one_asks_in_ones_own_words() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let form = li.get("/rights/complaint").await.body;
    assert!(form.contains("enctype=\"multipart/form-data\"") && form.contains("name=\"files\""), "{form}");
    let words = [("words", "The parcel came wet")];
    let other = li.hand_in("/rights/complaint", &words, &[("files", "photo.gif", b"GIF89a")]).await;
    assert_eq!(other.status.as_u16(), 422, "{}", other.body);
    assert!(other.body.contains("error-summary") && other.body.contains("photo.gif"), "{}", other.body);
    assert!(other.body.contains("The parcel came wet"), "nothing typed is lost: {}", other.body);
    let silent = li.hand_in("/rights/complaint", &[("words", "")], &[("files", "photo.pdf", PDF)]).await;
    assert_eq!(silent.status.as_u16(), 422, "a file says nothing by itself: {}", silent.body);
    assert!(!li.get("/requests").await.body.contains("Complaint"), "nothing was filed");

    let filed = li.hand_in("/rights/complaint", &words, &[("files", "photo.pdf", PDF)]).await;
    let request = filed.location.expect("filed").trim_end_matches("?filed").to_owned();
    let page = li.get(&request).await.body;
    assert!(page.contains("photo.pdf"), "{page}");
    assert_eq!(li.get(&file(&page)).await.status.as_u16(), 200, "one's own to read");
    let mut officer = world.staff("officer").await;
    let case = officer.get(&format!("/officer{request}")).await.body;
    assert!(case.contains("photo.pdf"), "{case}");
    assert_eq!(officer.get(&file(&case)).await.status.as_u16(), 200);
    let mut another = world.customer(&world.email("newcomer")).await;
    assert_eq!(another.get(&file(&page)).await.status.as_u16(), 404);
}

//! Files handed in by programs, what is asked for somebody else, and what is handed out because an officer agreed.

use base64ct::{Base64, Encoding};
use domain::{actor::Scope, file::LARGEST};
use serde_json::{Value, json};

use super::{
    api::{Program, who},
    represent::PDF,
    world::{COMPARED, World},
};

const DESK: [Scope; 2] = [Scope::ReadRequests, Scope::DecideRequests];

fn file(bytes: &[u8]) -> Value {
    json!({ "name": "photo.exe", "content": Base64::encode_string(bytes) })
}

#[tokio::test]
async fn files_go_with_messages_and_are_known_by_their_content() {
    let world = World::new().await;
    let (app, desk) = (world.program(&[Scope::ActForSubjects]).await, world.program(&DESK).await);
    let li = who(&world, "customer");
    let asked = |files: Value| json!({ "subject": li, "kind": "COMPLAINT", "words": "It was wet", "files": files });
    let filing = async |files: Value| app.post("/subjects/requests", &asked(files)).await;
    assert_eq!(filing(json!([file(b"<script>")])).await.json["code"], "refused", "no such kind");
    assert_eq!(filing(json!([{ "name": "a.pdf", "content": "?" }])).await.json["code"], "malformed");
    assert_eq!(filing(json!([file(PDF), file(PDF), file(PDF), file(PDF), file(PDF), file(PDF)])).await.status, 400);
    let mut large = b"%PDF-1.4\n".to_vec();
    large.resize(LARGEST - 8, b' ');
    large.extend_from_slice(b"%%EOF");
    assert_eq!(filing(json!([file(&[&large[..], &[b' '; 9]].concat())])).await.status, 413);
    assert_eq!(filing(json!([file(&large), file(&large)])).await.status, 413, "8 MiB in all");
    let other = json!({ "subject": li, "kind": "DELETE", "files": [file(PDF)] });
    assert_eq!(app.post("/subjects/requests", &other).await.status, 400, "goes with words");
    let reads = world.program(&[Scope::ReadRetention]).await;
    assert_eq!(reads.post("/subjects/requests", &asked(json!([file(&large)]))).await.status, 413, "not even taken in");
    let filed = app.once("/subjects/requests", &asked(json!([file(&large)])), "k").await;
    assert_eq!(filed.status, 201, "{}", filed.json);
    let again = app.once("/subjects/requests", &asked(json!([file(&large)])), "k").await;
    assert_eq!(again.json, filed.json, "once");
    let number = filed.json["number"].as_str().unwrap();

    let case = desk.get(&format!("/requests/{number}")).await.json;
    let of = &case["files"][0];
    assert_eq!((&of["name"], &of["media"]), (&json!("photo.pdf"), &json!("application/pdf")), "{case}");
    let id = of["id"].as_str().unwrap();
    let opened = desk.get(&format!("/requests/{number}/files/{id}")).await;
    assert_eq!((opened.status, opened.body.len()), (200, large.len()));
    assert_eq!(opened.headers["content-type"], "application/pdf");

    let question = json!({ "words": "Like this?", "files": [file(PDF)] });
    assert_eq!(desk.post(&format!("/requests/{number}/ask"), &question).await.status, 204);
    let answer = json!({ "subject": li, "words": "Yes", "files": [file(PDF)] });
    assert_eq!(app.post(&format!("/subjects/requests/{number}/answer"), &answer).await.status, 204);
    let mine = app.post(&format!("/subjects/requests/{number}"), &json!({ "subject": li })).await.json;
    assert_eq!(mine["files"].as_array().unwrap().len(), 3, "{mine}");
    let small = mine["files"].as_array().unwrap().iter().find(|of| of["size"] == PDF.len()).unwrap();
    let theirs = small["id"].as_str().unwrap();
    let path = format!("/subjects/requests/{number}/files/{theirs}");
    assert!(app.post(&path, &json!({ "subject": li })).await.body == PDF);
    assert_eq!(app.post(&path, &json!({ "subject": who(&world, "spare") })).await.status, 404, "not theirs");
    let settled = json!({ "words": "Dried.", "files": [file(PDF)] });
    assert_eq!(desk.post(&format!("/requests/{number}/settle"), &settled).await.status, 204);

    let scanned = json!({ "subject": { "email": world.email("spare") }, "kind": "COMPLAINT", "channel": "letter",
        "words": "Wrote", "evidence": [file(PDF)] });
    let written = desk.post("/requests", &scanned).await;
    assert_eq!(written.status, 201, "{}", written.json);
    let case = format!("/officer/requests/{}", written.json["number"].as_str().unwrap());
    assert!(world.staff("officer").await.get(&case).await.body.contains("photo.pdf"), "people look at it");
}

async fn stage(app: &Program<'_>, of: &Value, number: &str) -> Value {
    app.post(&format!("/subjects/requests/{number}"), &json!({ "subject": of })).await.json
}

#[tokio::test]
async fn a_guardian_asks_by_a_program_and_is_given_the_copy_once() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"CORRECT\"]\n").await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let guardian = json!({ "email": "guardian@example.com", "proven_at": world.portal.clock.now() });
    let child = json!({ "email": world.email("customer") });
    let asked = |more: Value| {
        let mut all = json!({ "subject": guardian, "of": child, "capacity": "guardian", "kind": "COPY",
            "words": "For my child", "evidence": [file(PDF)] });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let asking = async |more: Value| app.post("/subjects/for-another", &asked(more)).await;
    for wrong in [
        json!({ "capacity": "neighbour" }),
        json!({ "evidence": [] }),
        json!({ "kind": "LIFT" }),
        json!({ "words": null }),
        json!({ "kind": "COMPLAINT", "tables": ["company.customers"] }),
    ] {
        let refused = asking(wrong.clone()).await;
        assert_eq!(refused.json["code"], "malformed", "{wrong}: {}", refused.json);
    }
    assert_eq!(asking(json!({ "subject": { "email": "guardian@example.com" } })).await.json["code"], "not_fresh");
    let filed = asking(json!({})).await;
    assert_eq!((filed.status, &filed.json["waits_for_check"]), (201, &json!(true)), "{}", filed.json);
    let number = filed.json["number"].as_str().unwrap();
    let copy = format!("/subjects/requests/{number}/copy");
    let me = json!({ "subject": guardian });
    assert_eq!(app.post(&copy, &me).await.json["code"], "too_late", "nobody has agreed");

    let case = format!("/officer/requests/{number}");
    let (mut first, mut second) = (world.staff("officer").await, world.staff("officer2").await);
    first.post(&format!("{case}/people"), &[]).await;
    first.post(&format!("{case}/confirm"), COMPARED).await;
    assert_eq!(second.post(&format!("{case}/settle"), &[("done", "Here it is.")]).await.status.as_u16(), 303);
    assert_eq!(stage(&app, &guardian, number).await["handing_out"]["state"], "preparing");
    world.work().await;
    let prepare = format!("/subjects/requests/{number}/prepare");
    assert_eq!(app.post(&prepare, &me).await.status, 204, "it is there");
    let stranger = json!({ "subject": who(&world, "spare") });
    assert_eq!(app.post(&copy, &stranger).await.status, 404, "not theirs");
    assert_eq!(app.post(&copy, &json!({ "subject": { "email": "guardian@example.com" } })).await.status, 403);
    let archive = app.post(&copy, &me).await;
    assert_eq!((archive.status, &archive.headers["content-type"]), (200, &"application/zip".parse().unwrap()));
    assert!(archive.body.starts_with(b"PK"));
    let theirs = world.customer(&world.email("customer")).await.get(&format!("/requests/{number}")).await.body;
    assert!(theirs.contains("A download was begun (by whoever asks for them)"), "{theirs}");
    assert_eq!(app.post(&copy, &me).await.json["code"], "too_late", "once");
}

#[tokio::test]
async fn a_person_makes_the_address_of_their_transfer_by_a_program() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"TRANSFER\"]\n").await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let li = who(&world, "customer");
    let asked = json!({ "subject": li, "kind": "TRANSFER", "words": "To Wuliu, privacy@wuliu.example.com: all of it" });
    let number = app.post("/subjects/requests", &asked).await.json["number"].as_str().unwrap().to_owned();
    let make = format!("/subjects/requests/{number}/transfer");
    assert_eq!(app.post(&make, &json!({ "subject": li })).await.json["code"], "too_late", "nobody has agreed");
    let desk = world.program(&DESK).await;
    let settles = async || desk.post(&format!("/requests/{number}/settle"), &json!({ "words": "Met." })).await.json;
    assert_eq!(settles().await["code"], "second_person", "both of two are people");
    let case = format!("/officer/requests/{number}");
    assert_eq!(world.staff("officer2").await.post(&format!("{case}/agree"), &[]).await.status.as_u16(), 303);
    assert_eq!(settles().await["code"], "second_person", "also the other");
    let done = [("done", "All conditions are met.")];
    let settled = world.staff("officer").await.post(&format!("{case}/settle"), &done).await;
    assert_eq!(settled.status.as_u16(), 303, "{}", settled.body);
    world.work().await;
    let address = app.once(&make, &json!({ "subject": li }), "k").await;
    assert_eq!(address.status, 201, "{}", address.json);
    assert_eq!(app.once(&make, &json!({ "subject": li }), "k").await.json, address.json, "one address");
    assert_eq!(stage(&app, &li, &number).await["address_until"], address.json["until"]);
    let url = address.json["url"].as_str().unwrap();
    let path = &url[url.find("/transfer/").unwrap()..];
    assert_eq!(world.visitor().download(path).await.0.as_u16(), 200, "whoever has it fetches it");
    assert_eq!(app.post(&make, &json!({ "subject": { "email": world.email("customer") } })).await.status, 403);
}

#[tokio::test]
async fn a_program_says_what_closing_an_account_would_mean_and_a_no_to_what_is_asked_again() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let preview = async |subject: Value| app.post("/subjects/closing-preview", &json!({ "subject": subject })).await;
    let blocked = preview(who(&world, "customer")).await.json;
    assert!(!blocked["open"].as_array().unwrap().is_empty(), "a parcel is on its way: {blocked}");
    assert!(blocked["kept_until"].is_string() && blocked["items"].is_array(), "{blocked}");
    assert_eq!(preview(json!({ "email": world.email("customer") })).await.json["code"], "not_fresh");
    let nobody = json!({ "email": "nobody@example.com", "proven_at": world.portal.clock.now() });
    assert_eq!(preview(nobody).await.json["code"], "no_account");
    let refuse = json!({ "subject": who(&world, "customer"), "purpose": "marketing" });
    assert_eq!(app.post("/subjects/consents/refused", &refuse).await.status, 404, "nobody asks again");
}

#[tokio::test]
async fn a_program_says_what_somebody_has_said_and_what_is_stopped() {
    let world = World::new().await;
    let app = world.program(&[Scope::ActForSubjects]).await;
    let li = json!({ "subject": who(&world, "customer") });
    let marketing = async || {
        let uses = app.post("/subjects/uses", &li).await.json;
        let of = |one: &&Value| one["purpose"] == "marketing" && one["cover"] == "purpose";
        uses.as_array().unwrap().iter().find(of).cloned().unwrap_or_else(|| panic!("{uses}"))
    };
    assert_eq!(marketing().await["standing"], "goes_on");
    let agreed = json!({ "subject": li["subject"], "purpose": "marketing" });
    assert_eq!(app.post("/subjects/consents/given", &agreed).await.status, 204);
    let asked = json!({ "subject": li["subject"], "kind": "OBJECT", "about": "marketing" });
    let number = app.post("/subjects/requests", &asked).await.json["number"].clone();
    world.work().await;
    let now = marketing().await;
    assert_eq!((&now["standing"], &now["by"], &now["again"]), (&json!("stopped"), &number, &json!("LIFT")), "{now}");
    let history = app.post("/subjects/consents/history", &li).await.json;
    let yes = |one: &&Value| one["cover"] == "purpose" && one["answer"] == "agreed" && one["how"] == "program";
    assert!(history.as_array().unwrap().iter().any(|one| yes(&one)), "{history}");
}

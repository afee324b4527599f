//! What the company's tables hold in one language, or as a code, is read in the reader's.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Request, header},
};
use domain::actor::Scope;
use serde_json::json;

use super::{api::who, world::World};

#[tokio::test]
async fn a_stored_value_reads_as_what_it_means_in_either_language() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let english = li.get("/mine").await.body;
    let zh = Request::get("/mine").header(header::COOKIE, format!("{}; lang=zh-CN", li.cookie.clone().unwrap()));
    let chinese = world.answer(zh.header(header::HOST, "127.0.0.1:3000").body(Body::empty()).unwrap()).await;
    let chinese = axum::body::to_bytes(chinese.into_body(), 10_000_000).await.unwrap();
    let chinese = String::from_utf8_lossy(&chinese);
    for (zh, en) in [("运输中", "On its way"), ("短信", "Text message"), ("居民身份证", "Resident identity card")]
    {
        assert!(english.contains(en) && !english.contains(zh), "{en}: {english}");
        assert!(chinese.contains(zh) && !chinese.contains(en), "{zh}: {chinese}");
    }
    // One the map does not know is shown as it is stored.
    world.company("UPDATE waybills SET status = '7' WHERE status = '运输中'").await;
    let page = li.get("/mine").await.body;
    let status = page.split("<dt>Status").skip(1).map(|row| row.split("</dd>").next().unwrap());
    assert!(status.clone().any(|row| row.contains("<dd>7")), "{page}");
}

/// To be read by people it says what is meant; by programs, what is stored.
#[tokio::test]
async fn a_copy_has_what_is_stored_and_what_it_means() {
    let world = World::new().await;
    let email = world.email("customer");
    let mut li = world.customer(&email).await;
    let (_, zip) = li.download("/mine/copy.zip").await;
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut file = |folder: &str, ending: &str| {
        let name = format!("{folder}/company-waybills-sender.{ending}");
        std::io::read_to_string(archive.by_name(&name).unwrap_or_else(|_| panic!("{name}"))).unwrap()
    };
    let (page, sheet, data) = (file("pages", "html"), file("data", "csv"), file("data", "json"));
    assert!(page.contains("On its way") && !page.contains("运输中"), "{page}");
    assert!(sheet.contains("运输中") && !sheet.contains("On its way"), "{sheet}");
    let data: serde_json::Value = serde_json::from_str(&data).unwrap();
    let status = data["records"].as_array().unwrap().iter().map(|record| &record["values"]["status"]);
    let status: Vec<_> = status.collect();
    assert!(status.contains(&&json!({ "name": "Status", "value": "运输中", "means": "On its way" })), "{status:?}");

    let app = world.program(&[Scope::ActForSubjects]).await;
    let records = app
        .post("/subjects/records", &json!({ "subject": who(&world, "customer"), "lang": "en" }))
        .await
        .json["records"]
        .clone();
    let values = records.as_array().unwrap().iter().flat_map(|record| record["values"].as_array().unwrap());
    let one = values.clone().find(|value| value["value"] == "运输中").unwrap_or_else(|| panic!("{records}"));
    assert_eq!(one["means"], "On its way");
    let mobile = values.clone().find(|value| value["column"] == "mobile").unwrap();
    assert_eq!(mobile.get("means"), None, "{mobile}");
}

/// A correction is of what is stored; whoever reads it reads what it means.
#[tokio::test]
async fn a_correction_reads_as_what_it_means() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let mine = li.get("/mine").await.body;
    let form = mine.split('"').find(|part| part.starts_with("/mine/correct/") && part.ends_with("/label")).unwrap();
    let page = li.get(form).await.body;
    assert!(page.contains("Home") || page.contains("Work"), "{page}");
    let filed = li.post(form, &[("after", "公司")]).await;
    let location = filed.location.unwrap_or_else(|| panic!("{}", filed.body));
    let page = li.get(&location).await.body;
    assert!(page.contains("Work</dd>"), "{page}");
    assert_ne!(
        world.company_texts("SELECT id FROM addresses WHERE label = '公司'").await,
        [""; 0],
        "it is stored as it was"
    );
}

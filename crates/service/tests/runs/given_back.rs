//! What can never be carried out comes back to an officer: nobody's request is tried again for ever in silence.

use std::sync::atomic::{AtomicBool, Ordering};

use super::world::{World, li, officer};
use domain::{
    Lang, Personal,
    map::{SourceName, TableName},
    report::SentBack,
    request::{Happened, Stage},
};
use service::requests::{Corrected, Correcting, Proof};
use sources::{
    SourceError,
    fault::{Faults, Point},
};

fn failing(error: SourceError) -> Faults {
    let happened = AtomicBool::new(false);
    Faults::new(move |at, _| {
        let fails = at == Point::Plan && !happened.swap(true, Ordering::SeqCst);
        if fails { Err(error.clone()) } else { Ok(()) }
    })
}

#[tokio::test]
async fn a_correction_whose_table_has_left_the_map_goes_back_to_an_officer() {
    let mut world = World::sqlite().await;
    world.redraw(|map| {
        let words = r#"field.words = { of = "holder", kind = "text""#;
        map.replace(words, &format!("{words}, correctable = \"review\""))
    });
    let (portal, li, officer) = (world.portal(Faults::default()).await, li(), officer());
    let own = li.own().unwrap();
    let notes = TableName::parse("db.notes").unwrap();
    let record = portal.mine(&own).await.unwrap().records.into_iter().find(|record| record.table == notes).unwrap();
    let form = portal.correction_form(&own, &record.token, "words").await.unwrap();
    let (after, evidence) = (Personal::new("sent a letter"), Personal::new("I have no telephone"));
    let asked = Correcting { after: &after, evidence: Some(&evidence), files: &[], proof: Proof::None };
    let filed = portal.file_correction(&own, &li, &form, &asked, Lang::Zh).await.unwrap();
    let Corrected::Filed(request) = filed else { panic!("{filed:?}") };
    let plan = portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest();
    portal.approve(&officer.decide().unwrap(), &officer, &request.number, &plan, None).await.unwrap();
    drop(portal);

    world.redraw(|map| map.split("[table.\"db.notes\"]").next().unwrap().to_owned());
    let portal = world.portal(Faults::default()).await;
    portal.work_once().await.unwrap();
    let Stage::Differs { run, .. } = world.stage().await else { panic!("{:?}", world.stage().await) };
    let run = portal.store.run(run).await.unwrap().unwrap();
    assert_eq!(run.sent_back(), Some(&SentBack::Failed { code: "not_mapped".into() }));
    assert_eq!(portal.store.jobs_waiting().await.unwrap(), 0);
    assert_eq!(world.count("SELECT count(*) FROM notes WHERE words = 'sent a letter'").await, 0);
}

#[tokio::test]
async fn what_cannot_be_read_at_its_turn_goes_back_to_an_officer() {
    let world = World::sqlite().await;
    let request = world.begin().await;
    let source_name = SourceName("db".into());
    let busy = SourceError::Busy { source_name: source_name.clone() };
    world.portal(failing(busy)).await.work_once().await.unwrap();
    assert!(matches!(world.stage().await, Stage::Approved { .. }), "what passes is tried again");

    world.now.fetch_add(11 * 60_000, Ordering::Relaxed);
    let changed = SourceError::Schema { source_name, code: "1054".into() };
    let portal = world.portal(failing(changed)).await;
    portal.work_once().await.unwrap();
    assert!(matches!(world.stage().await, Stage::Received { .. }), "{:?}", world.stage().await);
    assert_eq!(portal.store.jobs_waiting().await.unwrap(), 0);
    let followed = portal.my_request(&li().own().unwrap(), &request.number).await.unwrap();
    let last = followed.events.last().unwrap();
    assert_eq!((last.what, &last.data["code"]), (Happened::UnreadAtItsTurn, &"schema".into()));

    // Once the map is right again the same plan can be approved.
    let (officer, plan) = (officer(), portal.store.frozen_plan(request.id, None).await.unwrap().unwrap().digest());
    portal.approve(&officer.decide().unwrap(), &officer, &request.number, &plan, None).await.unwrap();
    portal.work_once().await.unwrap();
    assert!(matches!(world.stage().await, Stage::Completed { .. }));
}

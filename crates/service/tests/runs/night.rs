//! The night's window: nothing is begun after it, and the next night goes on.

use std::{sync::Arc, time::Duration};

use super::world::{SCHEMA, World, company, copy};
use sea_orm::{ConnectionTrait, Database};
use service::Portal;
use sources::fault::Faults;

const DUE: &str = "SELECT count(*) FROM orders WHERE person_id = 3";

#[tokio::test]
async fn what_a_closed_window_leaves_goes_the_next_night() {
    let dir = tempfile::tempdir().unwrap();
    let db = Database::connect(company(dir.path())).await.unwrap();
    for statement in SCHEMA.split(';') {
        db.execute_unprepared(statement).await.unwrap();
    }
    db.close().await.unwrap();
    let world = World::new(copy(dir.path()), None);
    let mut portal: Portal = Arc::into_inner(world.portal(Faults::default()).await).unwrap();
    portal.settings.window = Some(Duration::ZERO);
    let today = portal.clock.today();
    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert_eq!((night.changed, night.verified), (0, false), "nothing is claimed");
    assert_eq!(world.count(DUE).await, 7);
    portal.settings.window = Some(Duration::from_hours(1));
    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.verified);
    assert_eq!(world.count(DUE).await, 0);
}

//! What comes to be due while a night runs: nobody has looked at it, and a breaker that looks only before would let it
//! empty a table.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::world::{SCHEMA, World, company, copy};
use domain::report::LeftBecause;
use sea_orm::{ConnectionTrait, Database};
use service::{Portal, Settings};
use sources::fault::{Faults, Point};

#[tokio::test]
async fn a_night_takes_no_more_than_it_has_counted_and_a_tenth() {
    const ORDERS: u64 = 20_000;
    let dir = tempfile::tempdir().unwrap();
    let db = Database::connect(company(dir.path())).await.unwrap();
    let orders = format!(
        "WITH RECURSIVE n(n) AS (SELECT 101 UNION ALL SELECT n + 1 FROM n WHERE n < 100 + {ORDERS})
         INSERT INTO orders SELECT n, 3, 'pens', CASE WHEN n % 10 = 0 THEN '2020-01-01' ELSE '2026-01-01' END FROM n"
    );
    db.execute_unprepared(&format!("{SCHEMA};{orders}")).await.unwrap();
    db.close().await.unwrap();
    let world = World::new(copy(dir.path()), None);
    let url = company(world.dir().path());
    let wrong = AtomicBool::new(false);
    // A program of the company's writes wrong days, a moment after everything was counted.
    let faults = Faults::new(move |at, _| {
        if at == Point::StepBegun && !wrong.swap(true, Ordering::SeqCst) {
            let url = url.clone();
            let writes = async move {
                let db = Database::connect(url).await.unwrap();
                db.execute_unprepared("UPDATE orders SET done_on = '2020-01-01'").await.unwrap();
                db.close().await.unwrap();
            };
            let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            std::thread::spawn(move || runtime().block_on(writes)).join().unwrap();
        }
        Ok(())
    });
    let mut portal: Portal = Arc::into_inner(world.portal(faults).await).unwrap();
    portal.settings = Settings { first_batch: 200, largest_batch: 400, ..Settings::default() };
    let night = portal.retain(portal.clock.today(), &|_| {}).await.unwrap();
    assert!(!night.verified, "rows that are due are left");
    let orders = night.rules.iter().find(|rule| rule.left > 0).expect("a rule with rows left");
    assert_eq!((orders.table.table.as_str(), orders.why_left), ("orders", Some(LeftBecause::MoreThanCounted)));
    let written = serde_json::to_value(orders).unwrap();
    assert_eq!(written["why_left"], "more_than_counted");
    let left = u64::try_from(world.count("SELECT count(*) FROM orders").await).unwrap();
    assert!(left > ORDERS - ORDERS / 10 - 3_000, "{left} of {ORDERS} are left");
}

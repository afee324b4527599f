use super::{
    World,
    world::{deletion, digest},
};

#[tokio::test]
async fn of_two_officers_deciding_at_once_one_is_first() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let (mut one, mut two) = (world.staff("officer").await, world.staff("officer2").await);
    let case = format!("/officer/requests/{number}");
    let plan = digest(&one.get(&case).await.body);
    let (approve, refuse) = (format!("{case}/approve"), format!("{case}/refuse"));
    let fields = [("plan", plan.as_str())];
    let words = [("reason", "LEGAL_DUTY"), ("words", "because")];
    let (a, b) = tokio::join!(one.post(&approve, &fields), two.post(&refuse, &words));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let late = if a.status.as_u16() == 409 { a } else { b };
    assert!(late.body.contains("Somebody else was first") || late.body.contains("No longer possible"), "{}", late.body);
    let actions: Vec<String> = audit(&world).await;
    let decided = actions.iter().filter(|action| ["request_approved", "request_refused"].contains(&action.as_str()));
    assert_eq!(decided.count(), 1);
}

async fn audit(world: &World) -> Vec<String> {
    let auditor =
        domain::actor::Staff { id: domain::ids::StaffId(uuid::Uuid::nil()), role: domain::actor::StaffRole::Auditor };
    let permit = domain::actor::Actor::Staff(auditor).read_audit().unwrap();
    world.portal.store.audit_page(permit, None, 1000).await.unwrap().into_iter().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn an_approval_is_for_the_plan_that_was_read() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let old = digest(&officer.get(&case).await.body);
    // A new ticket arrives, and a colleague makes the plan anew.
    company(&world, "INSERT INTO support_tickets VALUES (99999, 1, 's', 'b', NULL, '2026-01-01', NULL)").await;
    officer.post(&format!("{case}/plan"), &[]).await;
    let answer = officer.post(&format!("{case}/approve"), &[("plan", &old)]).await;
    assert_eq!(answer.status.as_u16(), 409);
    assert!(answer.body.contains("The plan has changed"));
    let forged = officer.post(&format!("{case}/approve"), &[("plan", &"0".repeat(64))]).await;
    assert_eq!(forged.status.as_u16(), 409);
    let tried = audit(&world).await.into_iter().filter(|action| action == "transition_refused").count();
    assert_eq!(tried, 2, "what was tried is audited");
}

#[tokio::test]
async fn data_that_drifted_stops_the_run_and_goes_back() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&officer.get(&case).await.body);
    officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    company(&world, "INSERT INTO support_tickets VALUES (99999, 1, 's', 'b', NULL, '2026-01-01', NULL)").await;
    world.work().await;
    let page = officer.get(&case).await.body;
    assert!(page.contains("Stopped: the data is not what was approved"), "{page}");
    assert!(page.contains("row approved, ") || page.contains("rows approved, "), "says where");
    let count = company(&world, "SELECT count(*) FROM support_tickets WHERE customer_id = 1").await;
    assert!(count > 1, "nothing was erased");
    let plan = digest(&page);
    officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    world.work().await;
    assert!(officer.get(&case).await.body.contains("Completed"));
    assert_eq!(company(&world, "SELECT count(*) FROM support_tickets WHERE customer_id = 1").await, 0);
}

#[tokio::test]
async fn a_cancelled_request_is_not_carried_out_and_a_second_one_finds_the_first() {
    let world = World::new().await;
    let mut li = world.customer(&world.email("customer")).await;
    let number = deletion(&mut li).await;
    assert_eq!(deletion(&mut li).await, number, "pressing twice asks once");
    let mut officer = world.staff("officer").await;
    let case = format!("/officer/requests/{number}");
    let plan = digest(&officer.get(&case).await.body);
    officer.post(&format!("{case}/approve"), &[("plan", &plan)]).await;
    assert_eq!(li.post(&format!("/requests/{number}/cancel"), &[]).await.status.as_u16(), 303);
    world.work().await;
    assert_eq!(company(&world, "SELECT count(*) FROM customers WHERE email IS NOT NULL AND id = 1").await, 1);
    let again = li.post(&format!("/requests/{number}/cancel"), &[]).await;
    assert_eq!(again.status.as_u16(), 409);
    assert!(audit(&world).await.contains(&"transition_refused".to_owned()), "what was tried is audited");
}

/// Runs SQL in the company's own database, as the company's own programs do.
async fn company(world: &World, sql: &str) -> i64 {
    use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
    let url = format!("sqlite:{}?mode=rwc", world.dir.path().join("demo/company.sqlite").display());
    let db = Database::connect(url).await.unwrap();
    if !sql.starts_with("SELECT") {
        db.execute_unprepared(sql).await.unwrap();
        return 0;
    }
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn staff_whose_session_had_ended_go_on_where_they_were() {
    let world = World::new().await;
    let mut officer = world.visitor();
    assert_eq!(officer.get("/officer/register").await.location.as_deref(), Some("/officer/sign-in"));
    assert_eq!(officer.signs_in_as("officer").await, "/officer/register");
    // Who keeps accounts of staff is not at home there.
    let mut security = world.visitor();
    security.get("/officer/register").await;
    assert_eq!(security.signs_in_as("security").await, "/officer");
}

//! The night, and who watches over it.

use std::time::Duration;

use domain::{
    actor::Actor,
    breaker::Why,
    ids::{RunId, StepId},
    plan::{Item, KeysDigest, Plan},
    report::{LeftBecause, Report, RuleReport, Sum},
};
use jiff::SignedDuration;
use service::Portal;
use store::{
    jobs::JobKind,
    runs::{Run, RunKind, RunStatus, Step},
};

use app::format::count;

use super::{systems::approved, world::World};

/// 1,500 old tickets beside a few: as when a map says weeks where it should say years.
pub(super) const TOO_MANY: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
     INSERT INTO support_tickets SELECT 500000 + i, 1, 's', 'b', NULL, '2010-01-01', '2010-02-01' FROM n";

/// What a browser sends of the form on this page, with the reason that was written.
pub(super) fn release_form<'p>(page: &'p str, why: Option<&'p str>) -> Vec<(&'p str, &'p str)> {
    let form = page.split("action=\"/officer/nights/release\"").nth(1).unwrap_or_else(|| panic!("a form: {page}"));
    let hidden = form.split("</form>").next().unwrap().split("type=\"hidden\" name=\"").skip(1).map(|input| {
        let mut parts = input.split('"');
        (parts.next().unwrap(), parts.nth(1).unwrap())
    });
    hidden.chain(why.map(|why| ("why", why))).collect()
}

#[tokio::test]
async fn a_rule_that_would_take_too_much_waits_for_an_officer() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    let today = world.portal.clock.today();
    let night = world.portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.verified, "what went was verified: {night:?}");
    let stopped = night.stopped.iter().find(|tripped| tripped.table.table == "support_tickets").expect("it waits");
    assert!(stopped.rows >= 1500);

    let table = stopped.table.to_string();
    let said = format!("Support ticket: held up until an officer has looked (rows: {})", count(stopped.rows));
    let Why::Share { of, .. } = stopped.why else { panic!("{stopped:?}") };
    let why = format!(
        "would have taken {} of the table's {} rows (deletion), more than the 20 % it may",
        count(stopped.rows),
        count(of)
    );

    // Nobody is told that it went, or that it goes tonight.
    let mut anyone = world.visitor();
    let page = anyone.get("/policy/rules").await.body;
    assert!(
        page.contains(&format!("0 records; {} more are past their period and wait", count(stopped.rows))),
        "{page}"
    );
    let mut auditor = world.staff("auditor").await;
    let page = auditor.get("/officer/nights").await.body;
    assert!(page.contains(&said) && page.contains(&why), "{page}");
    assert!(page.contains("what was carried out is verified; rules held up: 1"), "{page}");
    assert!(!page.contains("Look at this rule"), "{page}");
    let sums = night.sums();
    let all = |figure: fn(&Sum) -> u64| sums.iter().map(figure).sum::<u64>();
    assert_eq!(all(|sum| sum.due), all(|sum| sum.done + sum.held + sum.by_law + sum.held_up + sum.left), "{sums:?}");
    assert!(all(|sum| sum.held) > 0 && all(|sum| sum.done) == night.changed, "{sums:?}");
    let held_up = format!("held up until an officer has looked: {}", count(all(|sum| sum.held_up)));
    assert!(page.contains(&held_up), "{held_up}: {page}");
    let signed = page.split("/officer/nights/QN-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let report = auditor.get(&format!("/officer/nights/QN-{signed}")).await.body;
    assert!(report.contains("Held up until a person has looked") && report.contains(&count(stopped.rows)), "{report}");
    assert!(!report.contains("nothing is left of what should be gone"), "{report}");
    let register = auditor.get(&format!("/officer/register?month={}", today.strftime("%Y-%m"))).await.body;
    let held_up = format!("data-label=\"Held up\"><span>{}</span>", count(stopped.rows));
    assert!(register.contains(&held_up), "{register}");
    world.work().await;
    assert_eq!(world.titles("privacy@example.com"), ["夜间清理停下了 1 条规则，等待确认"]);
    let theirs = world.company_texts("SELECT email FROM customers WHERE id = 1").await.remove(0);
    let mut customer = world.customer(&theirs).await;
    let page = customer.get("/mine").await.body;
    assert!(page.contains("it waits for a person to look and goes the night after"), "{page}");

    let look = format!("/officer/nights/release?table={table}&outcome={}", stopped.outcome.word());
    let reason = "Tickets moved from the old system: 1,500 of 2010 <checked>";
    let mut officer = world.staff("officer").await;
    let seen = officer.get(&look).await.body;
    let fields = release_form(&seen, Some(reason));
    assert_eq!(auditor.get(&look).await.status.as_u16(), 404, "only officers decide");
    assert_eq!(auditor.post("/officer/nights/release", &fields).await.status.as_u16(), 404, "only officers decide");

    assert!(officer.get("/officer").await.body.contains("Rules of the nightly purge that are held up: 1"));
    assert!(officer.get("/officer/nights").await.body.contains("Look at this rule"));
    let page = officer.get(&look).await.body;
    assert!(page.contains(&why) && page.contains("let it go the next night"), "{page}");
    assert_eq!(officer.get(&look.replace("support_tickets", "orders")).await.status.as_u16(), 404, "it does not wait");
    let silent = officer.post("/officer/nights/release", &release_form(&seen, Some(" "))).await;
    assert_eq!(silent.status.as_u16(), 422, "{}", silent.body);
    assert!(silent.body.contains("error-summary") && silent.body.contains("Say why it may go"), "{}", silent.body);
    let long = "x".repeat(2001);
    let long = officer.post("/officer/nights/release", &release_form(&seen, Some(&long))).await;
    assert!(long.status.as_u16() == 422 && long.body.contains("xxxx"), "nothing typed is lost: {}", long.body);
    assert_eq!(officer.post("/officer/nights/release", &fields).await.status.as_u16(), 303);
    let said = "Tickets moved from the old system: 1,500 of 2010 &lt;checked&gt;";
    let page = officer.get("/officer/nights").await.body;
    assert!(page.contains("it goes the next night") && page.contains(said), "{page}");
    assert!(!officer.get("/officer").await.body.contains("Rules of the nightly purge that are held up"));

    let night = world.portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.stopped.is_empty() && night.verified, "{night:?}");
    let done = night.rules.iter().filter(|rule| rule.table.to_string() == table).map(|rule| rule.done).sum::<u64>();
    assert!(done >= 1500, "{night:?}");
    let page = officer.get("/officer/nights").await.body;
    assert!(!page.contains("held up until an officer has looked (rows"), "{page}");
    assert!(page.contains("was looked at and released, because") && page.contains(said), "and it stays said: {page}");
    let register = auditor.get(&format!("/officer/register?month={}", today.strftime("%Y-%m"))).await.body;
    assert!(!register.contains(&held_up), "it went, and waits for nobody: {register}");
    let audited = auditor.get("/officer/audit").await.body;
    assert!(audited.contains(&format!("/officer/nights/QN-{signed}")), "by the number it has everywhere: {audited}");
    assert!(!audited.contains("Tickets moved from the old system"), "no words of anybody's stay for ever: {audited}");
    assert!(!anyone.get("/policy/rules").await.body.contains("more are past their period"));
}

#[tokio::test]
async fn where_two_decide_on_deletions_two_release_a_rule() {
    let world = World::new().await;
    world.publish_map("95-portal.toml", "[portal]\ntwo_officers = [\"DELETE\"]\n").await;
    world.company(TOO_MANY).await;
    let (portal, today) = (world.current(), world.portal.clock.today());
    let stopped = portal.retain(today, &|_| {}).await.unwrap().stopped;
    let rule = stopped.iter().find(|rule| rule.table.table == "support_tickets").unwrap();
    let look = format!("/officer/nights/release?table={}&outcome={}", rule.table, rule.outcome.word());

    let mut first = world.staff("officer").await;
    let seen = first.get(&look).await.body;
    assert!(seen.contains("Releasing takes two officers"));
    let (rule, why) = (release_form(&seen, None), release_form(&seen, Some("Moved from the old system")));
    assert_eq!(first.post("/officer/nights/release", &rule).await.status.as_u16(), 422, "not without a reason");
    assert_eq!(first.post("/officer/nights/release", &why).await.status.as_u16(), 303);
    let page = first.get("/officer/nights").await.body;
    assert!(page.contains("waits for another officer") && page.contains("Moved from the old system"), "{page}");
    assert!(!page.contains("it goes the next night"), "{page}");
    let again = first.post("/officer/nights/release", &why).await;
    assert_eq!(again.status.as_u16(), 409, "one officer cannot be both: {}", again.body);

    // Asked is not released. A night that counts the same rows keeps what was asked.
    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.stopped.iter().any(|rule| rule.table.table == "support_tickets"), "{night:?}");
    assert!(night.let_go.is_empty());
    let mut second = world.staff("officer2").await;
    let page = second.get(&look).await.body;
    assert!(page.contains("Another officer wants it released") && page.contains("Moved from the old system"), "{page}");
    let late = second.post("/officer/nights/release", &release_form(&page, Some("They are old"))).await;
    assert_eq!(late.status.as_u16(), 409, "who meant to ask has not read what the first wrote: {}", late.body);
    assert!(late.body.contains("Moved from the old system") && late.body.contains("They are old"), "{}", late.body);
    assert_eq!(
        second.post("/officer/nights/release", &release_form(&late.body, None)).await.status.as_u16(),
        303,
        "what is shown now is what is released"
    );
    let night = portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.stopped.is_empty(), "{night:?}");
    assert_eq!(night.let_go.iter().map(|gone| gone.reason.as_str()).collect::<Vec<_>>(), ["Moved from the old system"]);
}

/// Accounts closed long ago, to which the tickets point.
const CLOSED: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) \
     INSERT INTO customers SELECT 900000 + i, 'n', 'old' || i || '@example.com', NULL, '2010-01-01', NULL, '2010-02-01', \
     0, 0 FROM n";

#[tokio::test]
async fn a_release_is_kept_while_another_rule_has_to_go_first() {
    let world = World::new().await;
    world.company(TOO_MANY).await;
    world.company(CLOSED).await;
    let today = world.portal.clock.today();
    let mut officer = world.staff("officer").await;
    let mut left = vec!["customers", "support_tickets"];
    while let Some(table) = left.first().copied() {
        let stopped = world.portal.retain(today, &|_| {}).await.unwrap().stopped;
        let rule = stopped.iter().find(|rule| rule.table.table == table).unwrap();
        assert!(matches!(rule.why, Why::Share { .. }), "{table}: {stopped:?}");
        let look = format!("/officer/nights/release?table={}&outcome={}", rule.table, rule.outcome.word());
        let seen = officer.get(&look).await.body;
        let fields = release_form(&seen, Some("as foreseen"));
        assert_eq!(officer.post("/officer/nights/release", &fields).await.status.as_u16(), 303);
        left.remove(0);
    }
    let night = world.portal.retain(today, &|_| {}).await.unwrap();
    assert!(night.stopped.is_empty(), "both were released: {:?}", night.stopped);
}

#[tokio::test]
async fn another_period_is_counted_before_it_is_published() {
    let world = World::new().await;
    let mut officer = world.staff("officer").await;
    let page = officer.get("/officer/simulate?table=company.support_tickets&keep=1&unit=days").await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    let cells: Vec<String> = page
        .body
        .split("<td")
        .skip(1)
        .map(|cell| cell.split("</td>").next().unwrap().split('>').skip(1).map(|part| part.split('<').next().unwrap()))
        .map(Iterator::collect)
        .collect();
    let numbers: Vec<u64> = cells.iter().filter_map(|cell| cell.replace(',', "").parse().ok()).collect();
    let [rule, other, ..] = numbers.as_slice() else { panic!("{cells:?}") };
    assert!(other > rule, "{cells:?}");
    assert_eq!(
        officer.get("/officer/simulate?table=company.support_tickets&keep=soon&unit=days").await.status.as_u16(),
        422
    );
    assert_eq!(officer.get("/officer/simulate?table=nothing&keep=1&unit=days").await.status.as_u16(), 422);
    // Nothing was changed.
    let before = world.portal.retain_dry(world.portal.clock.today()).await.unwrap();
    let again = world.portal.retain_dry(world.portal.clock.today()).await.unwrap();
    assert_eq!(format!("{:?}", before.rules), format!("{:?}", again.rules));
}

#[tokio::test]
async fn a_night_under_way_shows_how_far_it_is() {
    let world = World::new().await;
    let portal = &world.portal;
    let today = portal.clock.today();
    let planned = portal.retain_dry(today).await.unwrap();
    assert!(planned.rules.len() > 3);
    let now = portal.clock.now();
    // A worker that was stopped after its first step: what the ledger says is what is shown.
    let items = planned.rules.iter().map(|rule| Item {
        table: rule.table.clone(),
        roles: Vec::new(),
        outcome: rule.outcome.clone(),
        rows: rule.selected,
        keys: KeysDigest::not_listed(),
    });
    let plan = Plan { map: portal.map.hash.clone(), as_of: today, items: items.collect(), shared: Vec::new() };
    let of = plan.rows_to_change();
    let source = plan.items[0].table.source.clone();
    let run = begun(portal, plan);
    let step = Step {
        id: StepId(portal.chance.id(now).unwrap()),
        item: 0,
        source,
        rows: None,
        held: Duration::ZERO,
        began_at: now,
        ended_at: None,
    };
    let tx = portal.store.begin().await.unwrap();
    tx.add_run(&Actor::System.work().unwrap(), &run).await.unwrap();
    tx.step_begins(run.id, &step).await.unwrap();
    tx.step_ended(step.id, 3, Duration::ZERO, now).await.unwrap();
    tx.commit().await.unwrap();

    let mut auditor = world.staff("auditor").await;
    let page = auditor.get("/officer/nights").await.body;
    assert!(page.contains(&format!("3 of {of} rows done")) && page.contains("<progress"), "{page}");
    assert_eq!(auditor.get("/officer/nights/progress").await.body, "3");
    portal.retain(today, &|_| {}).await.unwrap();
    assert_eq!(auditor.get("/officer/nights/progress").await.body, "ended");
    assert!(!auditor.get("/officer/nights").await.body.contains("<progress"));
}

/// A night that has begun by this plan.
fn begun(portal: &Portal, plan: Plan) -> Run {
    let now = portal.clock.now();
    Run {
        id: RunId(portal.chance.id(now).unwrap()),
        kind: RunKind::Retention,
        request: None,
        as_of: plan.as_of,
        status: RunStatus::Running,
        plan,
        report: None,
        started_at: now,
        finished_at: None,
        night: None,
        set_aside: None,
    }
}

/// A night that stopped by its own count is not one whose time was over, or that something went wrong with.
#[tokio::test]
async fn why_rows_are_left_is_said_rule_by_rule() {
    let world = World::new().await;
    let portal = &world.portal;
    let (today, now) = (portal.clock.today(), portal.clock.now());
    let mut report = portal.retain_dry(today).await.unwrap();
    let whys = [Some(LeftBecause::MoreThanCounted), Some(LeftBecause::WindowClosed), None];
    assert!(report.rules.len() >= whys.len(), "{report:?}");
    for (rule, why_left) in report.rules.iter_mut().zip(whys) {
        *rule = RuleReport { selected: 4000, done: 4300, left: 1, why_left, ..rule.clone() };
    }
    report.verified = false;
    let plan = Plan { map: portal.map.hash.clone(), as_of: today, items: Vec::new(), shared: Vec::new() };
    let run = begun(portal, plan);
    let tx = portal.store.begin().await.unwrap();
    tx.add_run(&Actor::System.work().unwrap(), &run).await.unwrap();
    tx.finish_run(run.id, RunStatus::NotVerified, &Report::Night(report), now).await.unwrap();
    tx.commit().await.unwrap();
    let page = world.staff("officer").await.get("/officer/nights").await.body;
    let counted = "Stopped: more came due while it ran than was counted. Counted before: 4,000; done: 4,300; left: 1. \
                   The next night counts anew.";
    for (words, times) in
        [(counted, 1), ("Its window closed: 1 row is left for the next night.", 1), ("rows were left", 1)]
    {
        assert_eq!(page.matches(words).count(), times, "{words}: {page}");
    }
}

/// `VACUUM` numbers the rows of an SQLite file anew, and a night walks by these numbers.
#[tokio::test]
async fn no_file_is_written_anew_under_a_night() {
    let world = World::new().await;
    approved(&world, &world.email("newcomer")).await;
    let left = "SELECT step FROM qingdan_receipts";
    assert!(!world.company_texts(left).await.is_empty(), "what an erasure leaves behind is cleared a little later");
    let (store, today) = (&world.portal.store, world.portal.clock.today().to_string());
    let night = store.take(JobKind::Retain, &today, world.portal.clock.now()).await.unwrap().unwrap();
    world.pass(SignedDuration::from_secs(5));
    world.work().await;
    assert!(!world.company_texts(left).await.is_empty(), "a night goes on");
    let tx = store.begin().await.unwrap();
    tx.finish_job(&night).await.unwrap();
    tx.commit().await.unwrap();
    world.pass(SignedDuration::from_secs(5));
    world.work().await;
    assert!(world.company_texts(left).await.is_empty());
}

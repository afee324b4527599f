//! The portal's own database: every requirement on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::time::Duration;

use domain::{
    Email, Identifier, Lang, Personal,
    actor::{Actor, Customer, Freshness, Staff, StaffRole},
    audit::{Action, Broken},
    ids::{ChallengeId, CopyId, RequestId, RequestNumber, RunId, StaffId, StepId},
    look::{Because, Seen, Spot},
    map::{MapHash, SourceName, TableName},
    permit::Agreed,
    plan::Plan,
    report::{Report, RunReport},
    request::{Audience, Event, Happened, RequestKind, Requester, Side, Stage},
};
use jiff::{SignedDuration, Timestamp, civil::date};
use sea_orm::ConnectionTrait;
use serde_json::json;
use store::{
    MasterKey, Store, StoreError, Vault,
    answered::Known,
    audit::Walk,
    challenges::{Checked, Fact, NewChallenge},
    copies::{CopyFor, CopyState, Finished, Going},
    history::Written,
    jobs::{JobKind, Lane},
    looks::Kept,
    outbox::{Fate, Letter, Refused},
    own::Earlier,
    requests::{Authority, NewRequest, Reader},
    runs::{Run, RunKind, RunStatus, Step},
    sealing::CopyKey,
    sessions::Saved,
    staff::{FAILURES, LOCKED_FOR, NewMember},
    throttle::{Limit, Pace},
};
use testkit::Postgres;
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

fn vault() -> Vault {
    Vault::new(&MasterKey::from_bytes([1; 32]))
}

fn li() -> Identifier {
    Identifier::Email(Email::parse("li@example.com").unwrap())
}

async fn the_audit_log_notices_tampering(store: &Store) {
    for n in 0..5 {
        let tx = store.begin().await.unwrap();
        tx.audit(at(n), &Actor::System, Action::RunFinished, format!("run {n}"), json!({ "rows": n })).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Ok(5));
    store::audit::tamper(store, 3, "somebody else").await.unwrap();
    assert_eq!(store.verify_audit(Walk::New).await.unwrap(), Ok(5), "what was found intact is not walked again");
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Err(Broken::Changed { seq: 3 }));
    store::audit::tamper(store, 3, "system").await.unwrap();
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Ok(5));
    store.read().execute_unprepared("DELETE FROM audit WHERE seq = 5").await.unwrap();
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Err(Broken::CutOff { last: 4, expected: 5 }));
    store.read().execute_unprepared("DELETE FROM audit WHERE seq = 2").await.unwrap();
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Err(Broken::Missing { expected: 2, found: 3 }));
    store.read().execute_unprepared("DELETE FROM audit_mark").await.unwrap();
    store.read().execute_unprepared("DELETE FROM audit WHERE seq > 1").await.unwrap();
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Err(Broken::NoMark));
}

async fn side_by_side_entries_make_one_chain(store: &Store) {
    let writes = (0..20).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let tx = store.begin().await.unwrap();
            tx.audit(at(n), &Actor::System, Action::RequestViewed, "x", json!({})).await.unwrap();
            tx.commit().await.unwrap();
        })
    });
    let writes: Vec<_> = writes.collect();
    // Two people walk the log meanwhile, and find no gap.
    let walks = [Walk::New, Walk::Whole].map(|walk| {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                assert!(store.verify_audit(walk).await.unwrap().is_ok());
            }
        })
    });
    for task in writes.into_iter().chain(walks) {
        task.await.unwrap();
    }
    assert_eq!(store.verify_audit(Walk::Whole).await.unwrap(), Ok(20));
}

async fn a_lost_lease_cannot_finish_a_job(store: &Store) {
    let tx = store.begin().await.unwrap();
    tx.enqueue(JobKind::Retain, "day", at(0)).await.unwrap();
    tx.enqueue(JobKind::Retain, "day", at(0)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.jobs_waiting().await.unwrap(), 1, "once per object");
    let first = store.claim(Lane::Long, at(0)).await.unwrap().unwrap();
    assert_eq!(store.claim(Lane::Long, at(10)).await.unwrap(), None, "leased");
    assert!(store.heartbeat(&first, at(10)).await.unwrap());
    assert_eq!(store.claim(Lane::Long, at(20)).await.unwrap(), None, "kept alive");
    let second = store.claim(Lane::Long, at(60)).await.unwrap().unwrap();
    assert!(!store.heartbeat(&first, at(61)).await.unwrap());
    let tx = store.begin().await.unwrap();
    assert!(matches!(tx.finish_job(&first).await, Err(StoreError::Conflict { .. })));
    drop(tx);
    let tx = store.begin().await.unwrap();
    tx.finish_job(&second).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.jobs_waiting().await.unwrap(), 0);
}

async fn a_code_works_once_and_bears_five_tries(store: &Store) {
    let (right, wrong) = (Personal::new("123456"), Personal::new("654321"));
    let send = async |n: u128| {
        let id = ChallengeId(Uuid::from_u128(n));
        let identifier = li();
        let tx = store.begin().await.unwrap();
        let new = NewChallenge { id, identifier: &identifier, fact: Fact::None, code: &right, lang: Lang::Zh };
        tx.add_challenge(&new, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        id
    };
    let check = async |id, code, seconds| {
        let tx = store.begin().await.unwrap();
        let checked = tx.check_challenge(id, code, at(seconds)).await.unwrap();
        tx.commit().await.unwrap();
        checked
    };
    let id = send(1).await;
    assert_eq!(check(id, &wrong, 1).await, Checked::Wrong { tries_left: 4 });
    assert_eq!(check(id, &right, 2).await, Checked::Right(li()));
    assert_eq!(check(id, &right, 3).await, Checked::Spent, "used");
    let id = send(2).await;
    for _ in 0..5 {
        check(id, &wrong, 1).await;
    }
    assert_eq!(check(id, &right, 2).await, Checked::Spent, "tried too often");
    let id = send(3).await;
    assert_eq!(check(id, &right, 601).await, Checked::Spent, "expired");
    assert_eq!(check(ChallengeId(Uuid::from_u128(9)), &right, 1).await, Checked::Spent, "unknown");
}

async fn guessing_slows_down(store: &Store) {
    let limit = Limit { times: 2, within: SignedDuration::from_mins(1) };
    let hit = async |seconds| {
        let tx = store.begin().await.unwrap();
        let pace = tx.pace("bucket", limit, at(seconds)).await.unwrap();
        tx.commit().await.unwrap();
        pace
    };
    assert_eq!(hit(0).await, Pace::Fine);
    assert_eq!(hit(1).await, Pace::Fine);
    assert!(matches!(hit(2).await, Pace::Slower { .. }));
    assert_eq!(hit(61).await, Pace::Fine);
}

async fn of_two_who_move_a_request_one_is_first(store: &Store) {
    let actor = Actor::Customer(Customer::new(vec![(li(), Freshness::Fresh)]).unwrap());
    let own = actor.own().unwrap();
    let number = RequestNumber::parse("QD-20261123-22222").unwrap();
    let new = NewRequest {
        id: RequestId(Uuid::from_u128(1)),
        number: number.clone(),
        kind: RequestKind::Delete,
        stage: Stage::Received { since: at(0) },
        lang: Lang::Zh,
        requester: Requester::Subject,
        asker: None,
        subject: &[li()],
        details: None,
        received_at: at(0),
        due: date(2026, 12, 14),
    };
    let tx = store.begin().await.unwrap();
    tx.file(Authority::Own(&own), &new).await.unwrap();
    tx.commit().await.unwrap();
    let seen = store.own_request(&own, &number).await.unwrap().unwrap();
    let cancelled = seen.stage.clone().next(Event::Cancel, at(1)).unwrap();
    let asked = seen.stage.clone().next(Event::Ask { whom: Side::Asker }, at(1)).unwrap();
    let tx = store.begin().await.unwrap();
    tx.move_request(Authority::Own(&own), &seen, cancelled).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.begin().await.unwrap();
    let second = tx.move_request(Authority::Own(&own), &seen, asked).await;
    assert!(matches!(second, Err(StoreError::Conflict { .. })));
    drop(tx);
    let other = Identifier::Email(Email::parse("other@example.com").unwrap());
    let other = Actor::Customer(Customer::new(vec![(other, Freshness::Fresh)]).unwrap()).own().unwrap();
    assert!(store.own_request(&other, &number).await.unwrap().is_none(), "not theirs");
    assert!(store.own_requests(&other, None, 10).await.unwrap().is_empty());
}

async fn two_presses_at_the_same_instant_are_one_request(store: &Store) {
    let other = Identifier::Email(Email::parse("pressed@example.com").unwrap());
    let own = Actor::Customer(Customer::new(vec![(other.clone(), Freshness::Fresh)]).unwrap()).own().unwrap();
    let press = async |n: u8| {
        let tx = store.begin().await.unwrap();
        if tx.open_already(&own, RequestKind::Withdraw).await.unwrap().is_some() {
            return false;
        }
        let number = RequestNumber::new(date(2026, 11, 24), [n; 5]);
        assert!(tx.is_free(&number).await.unwrap());
        let new = NewRequest {
            id: RequestId(Uuid::from_u128(500 + u128::from(n))),
            number: number.clone(),
            kind: RequestKind::Withdraw,
            stage: Stage::Received { since: at(0) },
            lang: Lang::Zh,
            requester: Requester::Subject,
            asker: None,
            subject: std::slice::from_ref(&other),
            details: None,
            received_at: at(0),
            due: date(2026, 12, 14),
        };
        tx.file(Authority::Own(&own), &new).await.unwrap();
        assert!(!tx.is_free(&number).await.unwrap());
        tx.commit().await.unwrap();
        true
    };
    let filed = futures::future::join_all((0..8).map(press)).await;
    assert_eq!(filed.iter().filter(|filed| **filed).count(), 1, "{filed:?}");

    // What is numbered one after the other is written by one after the other.
    let officer = Actor::Staff(Staff { id: StaffId(Uuid::from_u128(1)), role: StaffRole::Officer });
    let (decide, request) = (officer.decide().unwrap(), store.own_requests(&own, None, 1).await.unwrap().remove(0).id);
    let note = async |n: u32| {
        let tx = store.begin().await.unwrap();
        tx.add_note(&decide, request, &Personal::new(n.to_string()), at(1)).await.unwrap();
        tx.add_event(request, at(1), &officer, Happened::PeopleCompared, json!({}), None).await.unwrap();
        tx.commit().await.unwrap();
    };
    futures::future::join_all((0..8).map(note)).await;
    assert_eq!(store.notes(&officer.read_requests().unwrap(), request).await.unwrap().len(), 8);
}

/// A request closed a second after it was filed.
async fn closed(store: &Store, n: u128) -> RequestId {
    let actor = Actor::Customer(Customer::new(vec![(li(), Freshness::Fresh)]).unwrap());
    let own = actor.own().unwrap();
    let new = NewRequest {
        id: RequestId(Uuid::from_u128(n)),
        number: RequestNumber::new(date(2026, 11, 23), [u8::try_from(n).unwrap(); 5]),
        kind: RequestKind::Delete,
        stage: Stage::Received { since: at(0) },
        lang: Lang::Zh,
        requester: Requester::Subject,
        asker: None,
        subject: &[li()],
        details: None,
        received_at: at(0),
        due: date(2026, 12, 14),
    };
    let tx = store.begin().await.unwrap();
    let request = tx.file(Authority::Own(&own), &new).await.unwrap();
    let cancelled = request.stage.clone().next(Event::Cancel, at(1)).unwrap();
    tx.move_request(Authority::Own(&own), &request, cancelled).await.unwrap();
    let written = Written { words: &Personal::new("why"), audience: Audience::Everyone };
    tx.add_event(new.id, at(1), &actor, Happened::RequestCancelled, json!({}), Some(written)).await.unwrap();
    tx.commit().await.unwrap();
    new.id
}

async fn whose_an_old_request_was_is_forgotten(store: &Store) {
    let work = Actor::System.work().unwrap();
    let (first, second) = (closed(store, 1).await, closed(store, 2).await);
    assert_eq!(store.requests_of(&[li()]).await.unwrap().len(), 2);
    assert_eq!(store.old_requests(&work, at(1)).await.unwrap(), 0, "closed at that very moment");
    assert_eq!(store.old_requests(&work, at(2)).await.unwrap(), 2);
    assert_eq!(store.next_old_requests(&work, at(2), Some(first), 10).await.unwrap(), [second]);
    let tx = store.begin().await.unwrap();
    tx.forget_request(&work, first).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.next_old_requests(&work, at(2), None, 10).await.unwrap(), [second]);
    assert_eq!(store.requests_of(&[li()]).await.unwrap(), [second]);
    assert!(store.subject(Reader::Work(&work), first).await.unwrap().is_empty());
    assert_eq!(store.subject(Reader::Work(&work), second).await.unwrap(), [li()]);
}

async fn who_looked_is_read_by_whose_data_it_is_until_it_is_forgotten(store: &Store) {
    let officer = Actor::Staff(Staff { id: StaffId(Uuid::from_u128(7)), role: StaffRole::Officer });
    let customer = |who| Actor::Customer(Customer::new(vec![(who, Freshness::Stale)]).unwrap()).own().unwrap();
    let other = Identifier::Email(Email::parse("other@example.com").unwrap());
    let request = closed(store, 1).await;
    let number = store.request_by_id(&Actor::System.work().unwrap(), request).await.unwrap().unwrap().number;
    let (words, spot) = (Personal::new("A court asks"), Spot::parse("person:ab").unwrap());
    let tx = store.begin().await.unwrap();
    let searched = Kept { of: &[li(), li()], ..Kept::default() };
    tx.look(at(1), &officer, (Action::PersonSearched, "requests"), json!({}), searched).await.unwrap();
    let shown = Kept { request: Some(request), spot: Some(&spot), words: Some(&words), of: &[] };
    let detail = json!({ "reason": "another" });
    tx.look(at(5), &officer, (Action::RequestRevealed, number.as_str()), detail, shown).await.unwrap();
    tx.commit().await.unwrap();
    let looks = store.looks_at(&customer(li()), None, 10).await.unwrap();
    assert_eq!(looks.iter().map(|look| &look.seen).collect::<Vec<_>>(), [&Seen::InFull(Vec::new()), &Seen::Searched]);
    assert_eq!(looks[0].because, Because::Words(Some(words)));
    assert_eq!(store.looks_at(&customer(li()), Some(looks[0].seq), 10).await.unwrap(), looks[1..]);
    assert!(store.looks_at(&customer(other), None, 10).await.unwrap().is_empty());
    let decide = officer.decide().unwrap();
    assert_eq!(store.spots_seen(&decide, &officer, request, at(5)).await.unwrap(), [spot]);
    assert!(store.spots_seen(&decide, &officer, request, at(6)).await.unwrap().is_empty(), "on this visit");
    assert!(store.spots_seen(&decide, &Actor::System, request, at(5)).await.unwrap().is_empty(), "by nobody else");
    let tx = store.begin().await.unwrap();
    tx.forget_looks(&Actor::System.work().unwrap(), at(9)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.looks_at(&customer(li()), None, 10).await.unwrap().len(), 1, "what is a request's goes with it");
    let tx = store.begin().await.unwrap();
    tx.forget_request(&Actor::System.work().unwrap(), request).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.looks_at(&customer(li()), None, 10).await.unwrap().is_empty());
}

async fn the_ledger_is_summed_and_the_register_read_in_pages(store: &Store) {
    let (work, auditor) = (Actor::System.work().unwrap(), staff(StaffRole::Auditor, 1));
    let request = closed(store, 1).await;
    let report = RunReport { items: Vec::new(), steps: 0, longest_step_ms: 0, verified: true, stopped: false };
    let report = Report::Run(report);
    let tx = store.begin().await.unwrap();
    for n in 1..=3_u8 {
        let plan = Plan { map: MapHash("m".into()), as_of: date(2026, 11, 23), items: Vec::new(), shared: Vec::new() };
        let run = Run {
            id: RunId(Uuid::from_u128(n.into())),
            kind: RunKind::Erasure,
            request: (n == 1).then_some(request),
            as_of: plan.as_of,
            status: RunStatus::Running,
            plan,
            report: None,
            started_at: at(0),
            finished_at: None,
            night: None,
            set_aside: None,
        };
        tx.add_run(&work, &run).await.unwrap();
        // All at the same moment: none is read twice or passed over.
        tx.finish_run(run.id, RunStatus::Verified, &report, at(5)).await.unwrap();
    }
    let run = RunId(Uuid::from_u128(1));
    let step = |n, rows| Step {
        id: StepId(Uuid::from_u128(n)),
        item: 0,
        source: SourceName("db".into()),
        rows,
        held: Duration::ZERO,
        began_at: at(0),
        ended_at: None,
    };
    for n in [1, 2] {
        tx.step_begins(run, &step(n, None)).await.unwrap();
        tx.step_ended(StepId(Uuid::from_u128(n)), 20, Duration::ZERO, at(1)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(store.rows_done(run).await.unwrap(), 40);
    for rows in [2, 3] {
        let tx = store.begin().await.unwrap();
        tx.note_forgotten(run, &TableName::own_files(), rows).await.unwrap();
        tx.commit().await.unwrap();
    }
    let forgotten = store.forgotten_in(run).await.unwrap();
    assert_eq!(forgotten.into_iter().collect::<Vec<_>>(), [(TableName::own_files(), 5)]);
    assert_eq!(store.rows_done(RunId(Uuid::from_u128(9))).await.unwrap(), 0);

    let permit = auditor.read_reports().unwrap();
    let (mut after, mut seen) = ((at(0), None), Vec::new());
    loop {
        let page = store.finished_runs(permit, after, at(6), 2).await.unwrap();
        let Some((last, _)) = page.last() else { break };
        after = (last.finished_at.unwrap(), Some(last.id));
        seen.extend(page.iter().map(|(run, number)| (run.id, number.is_some())));
    }
    let ids = [1_u128, 2, 3].map(|n| (RunId(Uuid::from_u128(n)), n == 1));
    assert_eq!(seen, ids);
    assert!(store.finished_runs(permit, (at(0), None), at(5), 2).await.unwrap().is_empty());
}

async fn opening_what_is_locked_takes_two(store: &Store) {
    let request = closed(store, 1).await;
    let (one, other) = (staff(StaffRole::Officer, 1), staff(StaffRole::Officer, 2));
    let (one, reader, other) = (one.decide().unwrap(), one.read_requests().unwrap(), other.decide().unwrap());
    let tx = store.begin().await.unwrap();
    assert!(!tx.grant_unlock(&other, request, at(0)).await.unwrap(), "nothing is asked");
    tx.ask_unlock(&one, request, &Personal::new("a court"), at(1)).await.unwrap();
    assert!(!tx.grant_unlock(&one, request, at(2)).await.unwrap(), "not by the same person");
    assert!(tx.grant_unlock(&other, request, at(3)).await.unwrap());
    tx.commit().await.unwrap();
    let unlocking = store.unlocking(&reader, request).await.unwrap().unwrap();
    assert_eq!((unlocking.reason.reveal(), unlocking.granted_at), ("a court", Some(at(3))));
    let tx = store.begin().await.unwrap();
    tx.ask_unlock(&other, request, &Personal::new("another"), at(9)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.unlocking(&reader, request).await.unwrap().unwrap().granted_at, None, "asked anew");
}

async fn what_cannot_be_read_keeps_nothing_waiting_and_is_kept(store: &Store) {
    for (seconds, lang) in [(0, Lang::Zh), (1, Lang::En)] {
        let tx = store.begin().await.unwrap();
        tx.send(&li(), lang, &json!({ "notice": "copy_taken" }), None, at(seconds)).await.unwrap();
        tx.commit().await.unwrap();
    }
    store.read().execute_unprepared("UPDATE outbox SET notice = 'no JSON' WHERE lang = 'zh-CN'").await.unwrap();
    let tx = store.begin().await.unwrap();
    let out = tx.take_outgoing(Letter::Notice, at(2)).await.unwrap().unwrap();
    tx.was_sent(out.id, at(2)).await.unwrap();
    assert!(tx.take_outgoing(Letter::Notice, at(3)).await.unwrap().is_none(), "not before its time");
    tx.commit().await.unwrap();
    assert_eq!((out.lang, store.outbox_counts().await.unwrap()), (Lang::En, (1, 0)));
}

async fn of_many_tries_at_once_five_are_compared(store: &Store) {
    let id = StaffId(Uuid::from_u128(77));
    let hash = Personal::new("hash");
    let new = NewMember { id, login: "guessed", name: "Guessed", role: StaffRole::Officer, password_hash: &hash };
    let tx = store.begin().await.unwrap();
    tx.add_staff(&new, at(0)).await.unwrap();
    tx.commit().await.unwrap();
    let tries = (0..30).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let tx = store.begin().await.unwrap();
            let may_try = tx.staff_tries(id, at(0)).await.unwrap();
            tx.commit().await.unwrap();
            may_try
        })
    });
    let mut compared = 0;
    for tried in tries.collect::<Vec<_>>() {
        compared += i64::from(tried.await.unwrap());
    }
    assert_eq!(compared, FAILURES);
    let tx = store.begin().await.unwrap();
    tx.staff_was_wrong(id, at(0)).await.unwrap();
    assert!(!tx.staff_tries(id, at(1)).await.unwrap(), "locked");
    let later = at(0) + LOCKED_FOR;
    assert!(tx.staff_tries(id, later).await.unwrap());
    tx.staff_was_right(id).await.unwrap();
    for _ in 0..FAILURES {
        assert!(tx.staff_tries(id, later).await.unwrap(), "what was right is not held against them");
    }
    assert!(!tx.staff_tries(id, later).await.unwrap());
    tx.commit().await.unwrap();
}

async fn a_session_that_was_ended_stays_ended(store: &Store) {
    store.create_session("one", b"first", at(100)).await.unwrap();
    assert_eq!(store.save_session("one", b"second", at(200)).await.unwrap(), Saved::Written);
    assert_eq!(store.load_session("one", at(150)).await.unwrap().as_deref(), Some(b"second".as_slice()));
    store.delete_session("one").await.unwrap();
    // An answer that was under way when somebody signed out.
    assert_eq!(store.save_session("one", b"third", at(300)).await.unwrap(), Saved::Ended);
    assert_eq!(store.load_session("one", at(150)).await.unwrap(), None);
}

fn staff(role: StaffRole, n: u128) -> Actor {
    Actor::Staff(Staff { id: StaffId(Uuid::from_u128(n)), role })
}

async fn mail_waits_and_is_wiped_once_sent(store: &Store) {
    let tx = store.begin().await.unwrap();
    tx.send(&li(), Lang::En, &json!({ "notice": "code" }), Some(&Personal::new("123456")), at(0)).await.unwrap();
    tx.commit().await.unwrap();
    let take_a = async |letter, seconds| {
        let tx = store.begin().await.unwrap();
        let out = tx.take_outgoing(letter, at(seconds)).await.unwrap();
        tx.commit().await.unwrap();
        out
    };
    let take = async |seconds| take_a(Letter::Code, seconds).await;
    assert!(take_a(Letter::Notice, 0).await.is_none(), "a code goes its own way");
    let out = take(0).await.unwrap();
    assert!(take(1).await.is_none(), "nobody else sends it too");
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.was_not_sent(out.id, out.attempts, Refused::ForNow, at(1)).await.unwrap(), Fate::Waits);
    tx.commit().await.unwrap();
    assert!(take(30).await.is_none());
    let again = take(120).await.unwrap();
    assert_eq!(again.secret.unwrap().reveal(), "123456");
    let tx = store.begin().await.unwrap();
    tx.was_sent(out.id, at(121)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.outbox_counts().await.unwrap(), (0, 0));
}

async fn sessions_do_not_collide(store: &Store) {
    store.create_session("a", b"one", at(60)).await.unwrap();
    assert!(matches!(store.create_session("a", b"two", at(60)).await, Err(StoreError::Conflict { .. })));
    assert_eq!(store.load_session("a", at(0)).await.unwrap().unwrap(), b"one");
    assert_eq!(store.load_session("a", at(61)).await.unwrap(), None);
    assert_eq!(store.delete_expired_sessions(at(61)).await.unwrap(), 1);
}

async fn a_copy_is_whole_or_not_there_and_goes_with_all_its_pieces(store: &Store) {
    let work = Actor::System.work().unwrap();
    let person = Actor::Customer(Customer::new(vec![(li(), Freshness::Fresh)]).unwrap());
    let permit = person.own_fresh().unwrap();
    let copy = |n: u128| CopyId(Uuid::from_u128(n));
    let own = |n: u128| Going { id: copy(n), made_for: CopyFor::Oneself };
    let count = async || {
        let row = store.read().query_one_raw(sea_orm::Statement::from_string(
            store.read().get_database_backend(),
            "SELECT count(*) FROM copy_piece",
        ));
        row.await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
    };
    let put_out = async |id: CopyId, found: &[Identifier]| {
        let tx = store.begin().await.unwrap();
        assert!(tx.own_copies(permit.own(), at(0)).await.unwrap().len() < 9);
        tx.ask_for_copy(&permit, id, Lang::Zh, at(0), at(600)).await.unwrap();
        let key = CopyKey::generate().unwrap();
        let (_, people) = tx.begin_copy(&work, id, &key).await.unwrap().unwrap();
        assert_eq!(people, [li()]);
        let mut sealer = key.sealer("copy").unwrap();
        assert!(tx.add_piece(&work, id, 0, sealer.next(b"left behind").unwrap(), 1).await.unwrap());
        let key = CopyKey::generate().unwrap();
        tx.begin_copy(&work, id, &key).await.unwrap().unwrap();
        let mut sealer = key.sealer("copy").unwrap();
        assert!(tx.add_piece(&work, id, 0, sealer.next(b"one").unwrap(), 1).await.unwrap());
        assert!(tx.try_copy(&permit, id, at(0)).await.unwrap().is_none(), "not whole yet");
        assert!(tx.add_piece(&work, id, 1, sealer.last(b"two").unwrap(), 2).await.unwrap());
        let missing = [SourceName("shop".into())];
        let made = Finished { pieces: 2, size: 6, records: 2, missing: &missing, found, ends_at: at(600) };
        assert!(tx.finish_copy(&work, id, &made).await.unwrap());
        assert!(!tx.finish_copy(&work, id, &made).await.unwrap(), "once");
        assert!(!tx.add_piece(&work, id, 2, vec![1], 3).await.unwrap(), "nothing is added to what is whole");
        tx.commit().await.unwrap();
    };
    put_out(copy(1), &[]).await;
    for left in [2, 1, 0] {
        let tx = store.begin().await.unwrap();
        let (known, key) = tx.try_copy(&permit, copy(1), at(1)).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!((known.tries_left(), known.pieces, known.missing.len()), (left, 2, 1));
        let mut opener = key.opener("copy").unwrap();
        assert_eq!(opener.next(&store.copy_piece(copy(1), 0, known.tries).await.unwrap().unwrap()).unwrap(), b"one");
        assert!(store.copy_piece(copy(1), 1, known.tries + 1).await.unwrap().is_none(), "the last that was begun");
        assert_eq!(opener.last(&store.copy_piece(copy(1), 1, known.tries).await.unwrap().unwrap()).unwrap(), b"two");
    }
    let tx = store.begin().await.unwrap();
    assert!(tx.try_copy(&permit, copy(1), at(1)).await.unwrap().is_none(), "three times");
    assert!(tx.spent_copies(&work, at(2)).await.unwrap().is_empty(), "the third may be under way");
    assert_eq!(tx.spent_copies(&work, at(3700)).await.unwrap(), [own(1)]);
    assert!(tx.end_copy(copy(1), CopyState::Spent).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(count().await, 0);
    assert_eq!(store.own_copy(permit.own(), copy(1), at(2)).await.unwrap().unwrap().state, CopyState::Spent);

    let other = Identifier::Mobile(domain::Mobile::parse("13800138000").unwrap());
    put_out(copy(2), std::slice::from_ref(&other)).await;
    let stranger = Actor::Customer(Customer::new(vec![(other.clone(), Freshness::Fresh)]).unwrap());
    assert!(store.own_copy(&stranger.own().unwrap(), copy(2), at(1)).await.unwrap().is_none(), "found is not proven");
    let tx = store.begin().await.unwrap();
    assert!(tx.withdraw_copies(&work, &[other]).await.unwrap() == [own(2)], "but it withdraws");
    tx.commit().await.unwrap();
    assert_eq!(count().await, 0);

    put_out(copy(3), &[]).await;
    assert!(store.own_copy(permit.own(), copy(3), at(601)).await.unwrap().is_none(), "past its time");
    assert_eq!(store.late_copies(&work, at(601)).await.unwrap(), 2);
    let tx = store.begin().await.unwrap();
    for late in tx.late_copies(&work, at(601), 10).await.unwrap() {
        assert!(tx.remove_copy(late.id).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!((count().await, store.late_copies(&work, at(601)).await.unwrap()), (0, 0));
}

async fn ones_own_requests_are_read_in_pages(store: &Store) {
    let own = Actor::Customer(Customer::new(vec![(li(), Freshness::Fresh)]).unwrap()).own().unwrap();
    for n in 1..=5_u8 {
        closed(store, n.into()).await;
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = store.own_requests(&own, after.as_ref(), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        let place = Earlier::from(last);
        assert_eq!(Earlier::parse(&place.to_string()).as_ref(), Some(&place), "as it stands in an address");
        after = Some(place);
        seen.extend(page.iter().map(|request| request.number.clone()));
    }
    // All of one moment: each is seen, and once.
    assert_eq!(seen.len(), 5);
    assert!(seen.windows(2).all(|two| two[0].as_str() > two[1].as_str()), "{seen:?}");
    assert!(Earlier::parse("x.QD-20261123-22222").is_none() && Earlier::parse("1").is_none());
    assert!(store.open_about(&own).await.unwrap().is_empty() && store.erasures_of(&own).await.unwrap().is_empty());
}

/// How many entries the audit log has.
async fn entries(store: &Store) -> i64 {
    store.verify_audit(Walk::Whole).await.unwrap().unwrap_or_default()
}

async fn a_key_is_taken_over_only_where_nothing_was_done(store: &Store) {
    let program = StaffId(Uuid::from_u128(7));
    let take = async |key, seconds| store.take_key(program, key, "what", at(seconds)).await.unwrap();
    let taken = async |key, seconds| match take(key, seconds).await {
        Known::New(errand) => errand,
        Known::Answered { .. } | Known::Underway | Known::Lost | Known::OtherQuestion => panic!("{key} at {seconds}"),
    };
    let work = async |store: &Store| {
        let tx = store.begin().await.unwrap();
        tx.audit(at(0), &Actor::System, Action::RequestViewed, "x", json!({})).await.unwrap();
        tx.commit().await.unwrap();
    };
    let before = entries(store).await;

    // What was done and the answer: both or neither.
    let first = taken("a", 0).await;
    assert!(matches!(take("a", 59).await, Known::Underway));
    assert!(matches!(store.take_key(program, "a", "else", at(99)).await.unwrap(), Known::OtherQuestion));
    work(&store.on(first.clone())).await;
    drop(first);
    assert_eq!(entries(store).await, before, "it died, and nothing is there");
    let second = taken("a", 61).await;
    work(&store.on(second.clone())).await;
    second.answer(store, 201, b"done").await.unwrap();
    assert_eq!(entries(store).await, before + 1);
    assert!(matches!(take("a", 600).await, Known::Answered { status: 201, body } if body == b"done"));

    // Who is too slow has lost their turn, whatever they have done.
    let slow = taken("b", 0).await;
    let quick = taken("b", 61).await;
    work(&store.on(slow.clone())).await;
    assert!(matches!(slow.answer(store, 204, b"").await, Err(StoreError::Conflict { .. })));
    slow.nothing_done(store).await.unwrap();
    work(&store.on(quick.clone())).await;
    quick.answer(store, 204, b"").await.unwrap();
    assert_eq!(entries(store).await, before + 2);

    // What needs two transactions may stop after one: it is not done again.
    let several = taken("c", 0).await;
    work(&store.on(several.clone())).await;
    work(&store.on(several.clone())).await;
    drop(several);
    assert_eq!(entries(store).await, before + 3);
    assert!(matches!(take("c", 61).await, Known::Lost));

    let nothing = taken("d", 0).await;
    work(&store.on(nothing.clone())).await;
    nothing.nothing_done(store).await.unwrap();
    assert_eq!(entries(store).await, before + 3);
    taken("d", 1).await.answer(store, 204, b"").await.unwrap();
}

/// Two who have it prepared again at the same instant leave one; and it is nobody's own.
async fn what_was_agreed_to_is_there_once(store: &Store) {
    let actor = Actor::Customer(Customer::new(vec![(li(), Freshness::Fresh)]).unwrap());
    let (work, fresh) = (Actor::System.work().unwrap(), actor.own_fresh().unwrap());
    let stage = Stage::Answered { at: at(0), by: StaffId(Uuid::from_u128(1)) };
    let new = NewRequest {
        id: RequestId(Uuid::from_u128(900)),
        number: RequestNumber::parse("QD-20261123-33333").unwrap(),
        kind: RequestKind::Transfer,
        stage: stage.clone(),
        lang: Lang::Zh,
        requester: Requester::Subject,
        asker: None,
        subject: &[li()],
        details: None,
        received_at: at(0),
        due: date(2026, 12, 14),
    };
    let tx = store.begin().await.unwrap();
    let request = tx.file(Authority::Own(fresh.own()), &new).await.unwrap();
    tx.commit().await.unwrap();
    let ask = async |n: u128| {
        let tx = store.begin().await.unwrap();
        let authority = Authority::Own(fresh.own());
        tx.prepare_agreed(authority, &request, CopyId(Uuid::from_u128(n)), &[li()], at(0), at(600)).await.unwrap();
        tx.commit().await.unwrap();
    };
    futures::future::join_all((910..918).map(ask)).await;
    let copy = store.agreed_copy(request.id, at(1)).await.unwrap().unwrap();
    assert_eq!((copy.made_for, copy.state), (CopyFor::Request(request.id), CopyState::Preparing));
    assert!(store.agreed_copy(request.id, at(601)).await.unwrap().is_none(), "past its time");
    assert!(store.own_copies(fresh.own(), at(1)).await.unwrap().is_empty());
    assert!(store.own_copy(fresh.own(), copy.id, at(1)).await.unwrap().is_none());

    let agreed = Agreed::transferred(request.id, &stage, RequestKind::Transfer, vec![li()]).unwrap();
    let tx = store.begin().await.unwrap();
    assert!(tx.try_agreed(&agreed, at(1)).await.unwrap().is_none(), "not whole yet");
    let key = CopyKey::generate().unwrap();
    let (_, people) = tx.begin_copy(&work, copy.id, &key).await.unwrap().unwrap();
    assert_eq!(people, [li()]);
    let sealed = key.sealer("copy").unwrap().last(b"all").unwrap();
    assert!(tx.add_piece(&work, copy.id, 0, sealed, 1).await.unwrap());
    let made = Finished { pieces: 1, size: 3, records: 1, missing: &[], found: &[], ends_at: at(600) };
    assert!(tx.finish_copy(&work, copy.id, &made).await.unwrap());
    assert!(tx.try_copy(&fresh, copy.id, at(1)).await.unwrap().is_none(), "by proving whose it is nobody takes it");
    assert_eq!(tx.try_agreed(&agreed, at(1)).await.unwrap().unwrap().0.tries, 1);
    assert!(tx.try_agreed(&agreed, at(601)).await.unwrap().is_none(), "past its time");
    let going = Going { id: copy.id, made_for: copy.made_for };
    assert_eq!(tx.withdraw_copies(&work, &[li()]).await.unwrap(), [going]);
    assert_eq!(tx.remove_agreed(request.id).await.unwrap(), None);
    tx.commit().await.unwrap();
}

async fn all(store: impl AsyncFn() -> Store) {
    a_copy_is_whole_or_not_there_and_goes_with_all_its_pieces(&store().await).await;
    what_was_agreed_to_is_there_once(&store().await).await;
    the_audit_log_notices_tampering(&store().await).await;
    side_by_side_entries_make_one_chain(&store().await).await;
    a_lost_lease_cannot_finish_a_job(&store().await).await;
    a_code_works_once_and_bears_five_tries(&store().await).await;
    guessing_slows_down(&store().await).await;
    of_two_who_move_a_request_one_is_first(&store().await).await;
    two_presses_at_the_same_instant_are_one_request(&store().await).await;
    mail_waits_and_is_wiped_once_sent(&store().await).await;
    what_cannot_be_read_keeps_nothing_waiting_and_is_kept(&store().await).await;
    of_many_tries_at_once_five_are_compared(&store().await).await;
    a_session_that_was_ended_stays_ended(&store().await).await;
    whose_an_old_request_was_is_forgotten(&store().await).await;
    who_looked_is_read_by_whose_data_it_is_until_it_is_forgotten(&store().await).await;
    the_ledger_is_summed_and_the_register_read_in_pages(&store().await).await;
    opening_what_is_locked_takes_two(&store().await).await;
    sessions_do_not_collide(&store().await).await;
    a_key_is_taken_over_only_where_nothing_was_done(&store().await).await;
    ones_own_requests_are_read_in_pages(&store().await).await;
}

#[tokio::test]
async fn on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let n = std::sync::atomic::AtomicU32::new(0);
    all(async || {
        let n = n.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Store::open(&format!("sqlite:{n}.sqlite"), dir.path(), vault()).await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn on_postgres() {
    let server = Postgres::start();
    all(async || Store::open(&server.database(), std::path::Path::new(""), vault()).await.unwrap()).await;
}

#[tokio::test]
async fn a_full_disk_is_named_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open("sqlite:p.sqlite", dir.path(), vault()).await.unwrap();
    store.create_session("before", b"kept", at(600)).await.unwrap();
    // What a full disk does to SQLite: no further page can be had.
    store.read().execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
    let mut failed = None;
    for n in 0..2000 {
        // Any of the pool's connections may be the one with the limit.
        store.read().execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
        if let Err(error) = store.create_session(&format!("s{n}"), &[0; 4000], at(600)).await {
            failed = Some(error);
            break;
        }
    }
    assert!(matches!(failed, Some(StoreError::Full)), "{failed:?}");
    assert_eq!(store.load_session("before", at(0)).await.unwrap().unwrap(), b"kept");
}

//! What a request did, or would do, and what was left out of it.

use domain::{
    map::DataMap,
    request::{Handling, RequestKind, Stage},
};
use leptos::prelude::*;
use service::{
    requests::{Followed, OfAll, Unlinked},
    store::runs::Run,
};

use crate::{
    components::{Tense, gone_before, in_short, notice, outcome_done, outcome_groups},
    format,
    text::{Text, named},
};

/// What was found not to be the person's: how many of which kind, which they are, and why.
pub(crate) fn left_out(t: Text, map: &DataMap, followed: &Followed) -> Option<AnyView> {
    let left_out = followed.left_out.as_ref()?;
    let kinds = left_out.kinds.iter().map(|(table, rows)| {
        let name = map.table_words(table, t.lang());
        let records = left_out.records.iter().filter(|record| record.table == *table);
        let records = records.map(|record| in_short(t, map, record)).filter(|said| !said.is_empty());
        let records: Vec<_> = records.map(|said| view! { <li>{said}</li> }).collect();
        let records = (!records.is_empty()).then(|| view! { <ul>{records}</ul> });
        view! { <li>{t.decide_rows(named::DecideRows { name, n: format::count(*rows) })} {records}</li> }
    });
    let kinds: Vec<_> = kinds.collect();
    let kinds = (!kinds.is_empty()).then(|| view! { <ul>{kinds}</ul> });
    let why = left_out.why.as_ref().map(|why| view! { <blockquote>{why.reveal().to_owned()}</blockquote> });
    let body = view! { {kinds} <p>{t.leave_out_told_what()}</p> {why} };
    Some(notice(t.leave_out_told(format::count(left_out.rows)), body))
}

/// What nobody can list yet. Whoever asked and whoever decides read the same.
pub(crate) fn plan_owed(t: Text, followed: &Followed) -> Option<AnyView> {
    let closes = followed.request.kind == RequestKind::CancelAccount;
    let what = if closes { t.cancel_owed_what() } else { t.delete_owed_what() };
    followed.owes_plan().then(|| notice(t.delete_owed(), view! { <p>{what}</p> }))
}

/// What was done, seen by a second look; or what would be: nothing of it once it is refused or taken back.
pub(super) fn done(t: Text, map: &DataMap, followed: &Followed) -> Option<AnyView> {
    let given_up = matches!(followed.request.stage, Stage::Refused { .. } | Stage::Cancelled { .. });
    if let Some(owed) = plan_owed(t, followed) {
        return Some(owed);
    }
    let plan = followed.plan.as_ref().filter(|_| !given_up)?;
    let report = followed.run.as_ref().and_then(Run::done);
    let completed = matches!(followed.request.stage, Stage::Completed { .. });
    if let Some(gone) = &followed.gone {
        let tense = if completed { Tense::Done } else { Tense::Planned };
        return Some(gone_before(t, gone, tense));
    }
    if let Some(of_all) = followed.leaves_nothing_but().filter(|_| completed) {
        let words = match of_all {
            OfAll::All => t.leave_out_all(),
            OfAll::Part => t.leave_out_rest_gone(),
        };
        return Some(view! { <h2>{t.request_done()}</h2> <p>{words}</p> }.into_any());
    }
    if let (true, Some(report)) = (completed, report) {
        // Before it was kept how many they were.
        let beside = (followed.beside == Unlinked::Unknown).then(|| t.request_verified_beside());
        return Some(
            view! {
                <h2>{t.request_done()}</h2>
                <p>{t.request_verified()} {beside}</p>
                {outcome_done(t, map, &report.items, followed.left.as_ref())}
            }
            .into_any(),
        );
    }
    if followed.request.kind.handling() == Handling::Correction {
        return None;
    }
    let as_of = followed.kept_until.map(|_| {
        view! { <p class="hint">{t.cancel_plan_as_of(format::day(t.lang(), plan.as_of))}</p> }
    });
    Some(view! { <h2>{t.request_plan()}</h2> {as_of} {outcome_groups(t, map, Tense::Planned, &plan.items)} }.into_any())
}

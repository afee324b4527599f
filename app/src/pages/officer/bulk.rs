//! The same for many requests: what it would do to each, and what became of each.

use domain::{ids::RequestNumber, map::DataMap};
use leptos::prelude::*;
use service::requests::{Approval, BulkAction, Erasing, Foreseen, Previewed, StillOpen, WhyNot, Would};

use super::rows::kind_words;
use crate::{
    components::{Typed, button, empty, error_summary, numbered, text_area, unsettled_line},
    format,
    page::Page,
    pages::customer_status_word,
    paths,
    text::{Text, named},
};

pub(super) fn action_word(t: Text, action: BulkAction) -> &'static str {
    match action {
        BulkAction::Take => t.bulk_take(),
        BulkAction::GiveBack => t.bulk_give_back(),
        BulkAction::Approve => t.bulk_approve(),
        BulkAction::Settle => t.bulk_settle(),
    }
}

fn why_not(t: Text, why: WhyNot) -> &'static str {
    match why {
        WhyNot::MovedOn => t.bulk_moved_on(),
        WhyNot::NotChecked => t.bulk_not_checked(),
        WhyNot::SecondPerson => t.bulk_second_person(),
        WhyNot::NotHeeded => t.bulk_not_heeded(),
        WhyNot::NotClosed => t.bulk_not_closed(),
        WhyNot::OtherKind => t.bulk_other_kind(),
        WhyNot::PlanChanged => t.bulk_plan_changed(),
        WhyNot::NoPlan => t.bulk_no_plan(),
        WhyNot::Taken => t.bulk_taken(),
        WhyNot::Failed => t.bulk_failed(),
    }
}

/// What it would do to each.
pub fn bulk_preview(t: Text, map: &DataMap, action: BulkAction, all: &[Previewed], typed: &Typed) -> Page {
    let can = all.iter().filter(|one| !matches!(one.would, Would::Not(_))).count();
    let rows = all.iter().map(|one| {
        let request = &one.row.request;
        let number = request.number.to_string();
        let (words, hidden) = match &one.would {
            Would::Be => (t.bulk_will().into_any(), Some(String::new())),
            Would::Erase(erasing) => (erases(t, map, erasing), Some(erasing.plan.digest())),
            Would::Not(why) => (why_not(t, *why).into_any(), None),
        };
        // One value for both: the number and the plan that was shown.
        let hidden = hidden.map(|plan| {
            view! { <input type="hidden" name="one" value=format!("{number} {plan}")/> }
        });
        view! {
            <tr>
                <td><a href=paths::case(&request.number)>{number.clone()}</a></td>
                <td>{kind_words(t, request.kind, &one.row.extent)}</td>
                <td>{one.row.who.marked.clone()}</td>
                <td>{customer_status_word(t, one.row.status)}</td>
                <td>{words}{hidden}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let erases = |one: &Previewed| matches!(&one.would, Would::Erase(erasing) if may_be_final(&erasing.foreseen));
    let is_final = all.iter().any(erases).then(|| view! { <p>{t.bulk_final()}</p> });
    let words = (action == BulkAction::Settle).then(|| text_area("words", t.bulk_words(), t.bulk_words_hint(), typed));
    let body = view! {
        {error_summary(t, typed)}
        <h1>{action_word(t, action)}</h1>
        <p class="lead">{t.bulk_lead(named::BulkLead { n: all.len(), can })}</p>
        <form method="post" action=paths::BULK novalidate=true>
            <input type="hidden" name="action" value=action.as_str()/>
            <div class="scroll" tabindex="0" role="region" aria-label=action_word(t, action)>
                <table class="queue">
                    <thead>
                        <tr>
                            <th scope="col">{t.queue_number()}</th>
                            <th scope="col">{t.queue_kind()}</th>
                            <th scope="col">{t.queue_who()}</th>
                            <th scope="col">{t.queue_stage()}</th>
                            <th scope="col">{t.bulk_what()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {is_final}
            {words}
            {if can > 0 { button(&t.bulk_go(can)) } else { empty(t.bulk_nothing(), t.bulk_nothing_what()) }}
        </form>
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(action_word(t, action), body).failed_if(typed.failed())
}

/// What a check of one alone says, in few words.
fn erases(t: Text, map: &DataMap, erasing: &Erasing) -> AnyView {
    let Erasing { plan, open, foreseen } = erasing;
    let sum = t.bulk_erase(named::BulkErase { changes: plan.rows_to_change(), stays: plan.rows_kept() });
    let mut lines: Vec<String> = Vec::new();
    lines.extend((!foreseen.differs.is_empty()).then(|| t.bulk_differs().to_owned()));
    lines.extend(map.takes_account(plan).then(|| t.case_account().to_owned()));
    match open {
        StillOpen::Known(open) => lines.extend(open.iter().map(|of| t.bulk_open(unsettled_line(t, of)))),
        StillOpen::Unknown => lines.push(t.case_open_unknown().to_owned()),
        StillOpen::NotAsked | StillOpen::NoAccount(_) => {}
    }
    match &foreseen.recipients {
        None => lines.push(t.decide_told_unknown().to_owned()),
        Some(told) if told.is_empty() => {}
        Some(told) => lines.push(t.bulk_told(told.len())),
    }
    lines.push(match foreseen.approval {
        Approval::First => t.bulk_first().to_owned(),
        Approval::Only | Approval::Second => match foreseen.kept_until {
            Some(until) => t.cancel_case_until(format::moment(t.lang(), until)),
            None => t.bulk_at_once().to_owned(),
        },
    });
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! { {sum} <ul>{lines}</ul> }.into_any()
}

/// No other officer decides after this one.
const fn may_be_final(foreseen: &Foreseen) -> bool {
    match foreseen.approval {
        Approval::First => false,
        Approval::Only | Approval::Second => true,
    }
}

/// What became of each.
pub fn bulk_done(t: Text, action: BulkAction, done: &[(RequestNumber, Result<(), WhyNot>)]) -> Page {
    let good = done.iter().filter(|(_, result)| result.is_ok()).count();
    let rows = done.iter().map(|(number, result)| {
        let words = match result {
            Ok(()) if action == BulkAction::Approve => t.bulk_was_approved(),
            Ok(()) => t.bulk_was_done(),
            Err(why) => why_not(t, *why),
        };
        view! {
            <tr><th scope="row"><a href=paths::case(number)>{numbered(number.as_str())}</a></th><td>{words}</td></tr>
        }
    });
    let body = view! {
        <h1>{action_word(t, action)}</h1>
        <p class="lead">{t.bulk_result(named::BulkResult { good, n: done.len() })}</p>
        <table>
            <thead><tr><th scope="col">{t.queue_number()}</th><th scope="col">{t.bulk_became()}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(action_word(t, action), body)
}

//! The same for many requests: what it would do to each, and what became of each.

use domain::ids::RequestNumber;
use leptos::prelude::*;
use service::requests::{BulkAction, Previewed, WhyNot, Would};

use crate::{
    components::{Typed, button, empty, error_summary, numbered, text_area},
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
        WhyNot::Taken => t.bulk_taken(),
        WhyNot::Failed => t.bulk_failed(),
    }
}

/// What it would do to each.
pub fn bulk_preview(t: Text, action: BulkAction, all: &[Previewed], typed: &Typed) -> Page {
    let lang = t.lang();
    let can = all.iter().filter(|one| !matches!(one.would, Would::Not(_))).count();
    let rows = all.iter().map(|one| {
        let request = &one.row.request;
        let number = request.number.to_string();
        let (words, hidden) = match &one.would {
            Would::Be => (t.bulk_will().to_owned(), Some(String::new())),
            Would::Erase { changes, stays, plan } => {
                (t.bulk_erase(named::BulkErase { changes, stays }), Some(plan.clone()))
            }
            Would::Not(why) => (why_not(t, *why).to_owned(), None),
        };
        // One value for both: the number and the plan that was shown.
        let hidden = hidden.map(|plan| {
            view! { <input type="hidden" name="one" value=format!("{number} {plan}")/> }
        });
        view! {
            <tr>
                <td><a href=paths::case(&request.number)>{number.clone()}</a></td>
                <td>{request.kind.name(lang)}</td>
                <td>{one.row.who.clone()}</td>
                <td>{customer_status_word(t, one.row.status)}</td>
                <td>{words}{hidden}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
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
            {words}
            {if can > 0 { button(&t.bulk_go(can)) } else { empty(t.bulk_nothing(), t.bulk_nothing_what()) }}
        </form>
        <p><a href=paths::OFFICER>{t.case_back()}</a></p>
    };
    Page::new(action_word(t, action), body).failed_if(typed.failed())
}

/// What became of each.
pub fn bulk_done(t: Text, action: BulkAction, done: &[(RequestNumber, Result<(), WhyNot>)]) -> Page {
    let good = done.iter().filter(|(_, result)| result.is_ok()).count();
    let rows = done.iter().map(|(number, result)| {
        let words = match result {
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

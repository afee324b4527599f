//! What a decision will do, between the press and the deed. What was typed goes along in hidden fields.

use domain::{
    Personal,
    map::DataMap,
    plan::{Item, Outcome, Plan},
    request::{Handling, RefusalCode, RequestKind},
};
use leptos::prelude::*;
use service::{
    Portal,
    requests::{Approval, Case, Change, Foreseen, WouldBeTold},
};

use super::{
    beside::others,
    case::{approve_words, drifts, officers_gone, read_by},
    hand_out::nobody_else,
    rows::kind_words,
};
use crate::{
    components::{Tense, Told, beside_deletion, by_rule, kept_until, notice, numbered, outcome_groups, outcome_sums},
    format,
    page::Page,
    pages::customer::{change_list, refused_because, undecided_deletion},
    paths,
    text::Text,
};

/// Why, and in which words.
pub struct Refusal<'a> {
    pub code: RefusalCode,
    pub words: &'a Personal,
}

/// What carrying out the frozen plan does, who is told, whose word it takes.
pub fn check_approval(
    t: Text,
    portal: &Portal,
    case: &Case,
    foreseen: &Foreseen,
    values: Vec<Change>,
    heeded: &str,
) -> Page {
    let map: &DataMap = &portal.map;
    let request = &case.followed.request;
    let title = t.decide_approve_title(request.number.as_str());
    let happens = if values.is_empty() {
        case.followed.plan.as_ref().map(|plan| outcome_sums(t, map, &plan.items)).into_any()
    } else {
        change_list(t, values, |_| None)
    };
    let word = match (foreseen.approval, foreseen.kept_until) {
        (Approval::Only, None) => t.decide_only(),
        (Approval::Only, Some(_)) => t.decide_only_closed(),
        (Approval::First, _) => t.decide_first(),
        (Approval::Second, None) => t.decide_second(),
        (Approval::Second, Some(_)) => t.decide_second_closed(),
    };
    let undone = match foreseen.kept_until {
        Some(until) => t.decide_final_closed(format::moment(t.lang(), until)),
        None => undone(t, case).to_owned(),
    };
    let confirm = match foreseen.approval {
        Approval::First => t.decide_first_confirm(),
        Approval::Only | Approval::Second => approve_words(t, request.kind),
    };
    let hidden = [("plan", case.plan_digest.clone().unwrap_or_default()), ("heeded", heeded.to_owned())];
    let body = view! {
        {begin(t, case, &title)}
        {(!foreseen.differs.is_empty()).then(|| {
            let body = view! { {drifts(t, map, &foreseen.differs)} <p>{t.decide_differs_what()}</p> };
            notice(t.decide_differs(), body)
        })}
        <h2>{t.decide_what()}</h2>
        {happens}
        {case.followed.gone.as_ref().map(|gone| officers_gone(t, gone, request))}
        {undecided_deletion(request).then(|| {
            beside_deletion(t, map, case.followed.plan.as_ref(), &case.followed.open, Told::Officer(request.requester))
        })}
        {foreseen.kept_until.map(|until| kept_until(t, until))}
        {others(t, &case.beside)}
        <h2>{t.decide_told()}</h2>
        {told(t, map, foreseen)}
        <h2>{t.decide_word()}</h2>
        <p>{word}</p>
        {(foreseen.approval == Approval::First).then(|| nobody_else(t, case))}
        <h2>{t.decide_final()}</h2>
        <p>{undone}</p>
        {confirm_or_change(t, case, ("approve", "decision-title"), &hidden, view! { <button class="primary" type="submit">{confirm}</button> })}
    };
    Page::new(title, body).at(Some(paths::case(&request.number)))
}

/// Whether what an approval does can be undone.
fn undone(t: Text, case: &Case) -> &'static str {
    let request = &case.followed.request;
    match request.kind.handling() {
        Handling::Correction => t.decide_final_corrected(),
        Handling::Erasure | Handling::Withdrawal | Handling::Answer
            if case.followed.plan.as_ref().is_none_or(erases) =>
        {
            t.decide_final_erased()
        }
        // Who agrees again has it used again.
        Handling::Withdrawal | Handling::Restriction => t.decide_final_restricted(),
        Handling::Erasure | Handling::Answer => t.decide_final_nothing(),
    }
}

/// By a program or by hand.
fn erases(plan: &Plan) -> bool {
    plan.items.iter().any(|item| item.outcome.removes() || matches!(item.outcome, Outcome::ByHand { .. }))
}

/// What whoever asked will read.
pub fn check_refusal(t: Text, map: &DataMap, case: &Case, refusal: &Refusal<'_>) -> Page {
    let request = &case.followed.request;
    let title = t.decide_refuse_title(request.number.as_str());
    let hidden = [("reason", refusal.code.as_str().to_owned()), ("words", refusal.words.reveal().to_owned())];
    let body = view! {
        {begin(t, case, &title)}
        <h2>{t.decide_reads()}</h2>
        {refused_because(t, refusal.code, Some(refusal.words))}
        <p class="hint">{t.decide_reads_more()}</p>
        {read_by(t, case)}
        <h2>{t.decide_final()}</h2>
        <p>{t.decide_final_refused()}</p>
        {so_far(t, map, case)}
        {confirm_or_change(t, case, ("refuse", "words"), &hidden, view! { <button class="danger" type="submit">{t.case_refuse()}</button> })}
    };
    Page::new(title, body).at(Some(paths::case(&request.number)))
}

/// What a run had begun, which no refusal brings back; and what of it goes on.
fn so_far(t: Text, map: &DataMap, case: &Case) -> Option<AnyView> {
    let done = &case.followed.so_far;
    let (gone, others): (Vec<_>, Vec<_>) = done.iter().cloned().partition(|item| item.outcome.removes());
    let is_stopped = |item: &Item| matches!(item.outcome, Outcome::Restricted { .. });
    let goes_on = case.followed.request.kind == RequestKind::Withdraw && others.iter().any(is_stopped);
    let gone = (!gone.is_empty()).then(|| {
        let list = outcome_groups(t, map, Tense::Done, &gone);
        view! { <p>{t.decide_gone_what()}</p> {list} }
    });
    (!done.is_empty()).then(|| {
        let body = view! { {gone} {goes_on.then(|| view! { <p>{t.decide_goes_on()}</p> })} };
        notice(t.decide_gone(), body)
    })
}

/// Focus goes to the heading: whoever hears the page hears that nothing is decided yet.
fn begin(t: Text, case: &Case, title: &str) -> AnyView {
    let request = &case.followed.request;
    view! {
        <h1 tabindex="-1" autofocus=true>{numbered(title)}</h1>
        <p class="lead">{t.decide_lead()}</p>
        <dl class="facts">
            <div><dt>{t.decide_kind()}</dt><dd>{kind_words(t, request.kind, &case.followed.asked)}</dd></div>
            <div><dt>{t.case_who()}</dt><dd>{case.who.marked.clone()}</dd></div>
        </dl>
    }
    .into_any()
}

fn told(t: Text, map: &DataMap, foreseen: &Foreseen) -> AnyView {
    let Some(recipients) = &foreseen.recipients else {
        return view! { <p>{t.decide_told_unknown()}" "{t.decide_told_lead()}</p> }.into_any();
    };
    if recipients.is_empty() {
        return view! { <p>{t.decide_told_nobody()}</p> }.into_any();
    }
    let lines = recipients.iter().map(|(id, (how, got))| {
        let name = map.recipient_name(id, t.lang());
        let line = match how {
            WouldBeTold::ByMail => t.decide_told_by_mail(name),
            WouldBeTold::ByHand => t.decide_told_by_hand(name),
        };
        view! { <li>{line}{by_rule(t, *got)}</li> }
    });
    view! { <ul>{lines.collect_view()}</ul> <p class="hint">{t.decide_told_lead()}</p> }.into_any()
}

/// One form, so that what was typed stands in it once: it is decided, or given back to be changed.
fn confirm_or_change(
    t: Text,
    case: &Case,
    (action, form): (&str, &str),
    hidden: &[(&'static str, String)],
    confirm: impl IntoView + 'static,
) -> AnyView {
    let number = &case.followed.request.number;
    let hidden = hidden.iter().map(|(name, value)| {
        view! { <input type="hidden" name=*name value=value.clone()/> }
    });
    view! {
        <form method="post" action=paths::case_action(number, action)>
            {hidden.collect_view()}
            <div class="actions">
                {confirm}
                <button type="submit" formaction=paths::case_action(number, &format!("change#{form}"))>{t.decide_change()}</button>
            </div>
        </form>
    }
    .into_any()
}
